/* What the files of the core share. */
#ifndef NLDISSECT_INSIDE_H
#define NLDISSECT_INSIDE_H

#include "core.h"

/* The only functions of libc here. Freestanding, as the build compiles it, they need none of its headers. */
#if __STDC_HOSTED__
#include <string.h>
#else
#define memchr __builtin_memchr
#define memcmp __builtin_memcmp
#define memcpy __builtin_memcpy
#define memmove __builtin_memmove
#define memset __builtin_memset
#endif

enum {
	NODES = 1 << 16,
	ENTRIES = 1 << 17,
	LEAVES = 16 << 20,
	DEEPEST = 30,
	FIELDS = 128, /* of a struct */
	SCRATCH = 1 << 16,
	LONGEST_KEY = 4096,
	LEAST_WORK = 1 << 16, /* steps of a summary, and as many more for each byte */
	WORK = 256,
	LONGEST_LIST = 4096, /* in a program file */
	WANTED = 1 << 15
};
enum { NOTES = 256, NOTED = 1 << 15, REPEATS = 64, NESTS = 20, FAR = 64 };
enum { SURPLUS_DEPTH = 255 }; /* marks what follows a number */

/* Why a message is left to the caller. */
enum why {
	W_NODES = 1,
	W_SET,
	W_PADDING,
	W_REPEATED,
	W_STRUCT,
	W_ECHO,
	W_ROW,
	W_ELEMENT,
	W_MISFIT,
	W_CONDITION,
	W_TEMPLATE,
	W_LEAF,
	W_ROOM,
	W_SELECTOR,
	W_NAMES,
	W_HEAD,
	W_SEALED,
	W_DEEP,
	W_WORK
};

struct node {
	uint32_t row, start, end, first, next, count;
	int32_t number;
	uint8_t depth;
	uint8_t odd;    /* shown with the first of its kind */
	uint8_t again;  /* another of its name stands before it */
	uint8_t masked; /* may be a key */
	uint32_t parent;
	uint8_t ahead; /* bytes of the header before it */
};
struct note {
	uint32_t text, size, offset, length; /* `text`: in `noted` of the core */
	int is_warning, shown;
};
struct found {
	uint32_t stamp, node;
};
struct entry {
	uint64_t hash;
	uint32_t row, key, key_size, text, text_size;
	uint8_t form, state, big, used; /* `used`: since room was made */
};
enum state { EMPTY, PENDING, KNOWN, REFUSED };

struct scope {
	const struct scope *up;
	const uint16_t *own;
	uint32_t own_count; /* selectors of a set: absent here is absent */
	uint32_t count;
	struct value {
		uint16_t name;
		uint8_t is_text, pad;
		uint32_t size;
		int64_t number;
		const uint8_t *text;
	} values[8];
};

struct span {
	uint32_t text, size;
};
struct pair { /* KEY=VALUE */
	const uint8_t *key, *value;
	uint32_t key_size, value_size;
};
struct buffer {
	uint8_t *p;
	size_t used, room;
	int full;
};

/* The message that an acknowledgement repeats. */
struct echo {
	uint32_t node, layer;
	uint32_t payload, payload_end, cut, stop;
	uint32_t first, last; /* its nodes */
	int has_body;
	const struct head *head;
};

struct core {
	struct node *nodes;
	uint32_t node_count;
	uint64_t work; /* steps that are left for a summary, see has_work */
	struct found found[WANTED];
	uint32_t stamp;
	struct entry *entries, *spare_entries;
	uint32_t entry_mask, entry_count;
	uint8_t *leaves, *spare_leaves;
	uint32_t leaf_used, leaf_room;
	uint8_t scratch[SCRATCH];
	/* the message at hand */
	const struct program *p;
	struct job *job;
	const uint8_t *data;
	uint32_t size, missed;
	int odd, big, keyed;
	int inside_echo, outer_keyed;
	int skips_echo, skipped_echo; /* for a filter, which does not look into it */
	int skips_unread, skipped;    /* for a line of a list, which says nothing of such rows; some were */
	int is_line;                  /* for a line of a list */
	struct echo echo;
	uint32_t culprit; /* of a tree: the node that an acknowledgement points at */
	uint32_t nests, repeats, surplus;
	uint16_t part;    /* the key of what was found last, a text with keys; 0: all of it */
	uint32_t payload; /* where bytes begin that no layer describes; at the end: there are none */
	uint32_t cut;     /* where the capture cut the message; 0: it is whole */
	/* Of cells and filters: of each row of the program file whether it is needed, see enum need; 0: all are. What
	 * follows the number of an attribute is no part of a value that is shown alone. */
	const uint8_t *needed;
	uint32_t needed_count;
	int is_bare;
	struct note notes[NOTES];
	uint32_t note_count, noted_size;
	uint8_t noted[NOTED];
	const struct head *head;
	const struct message *message;
};

/* ---- writing ---- */

static inline void put(struct buffer *b, const void *from, size_t n) {
	if (b->room - b->used < n) {
		b->full = 1;
		return;
	}
	memcpy(b->p + b->used, from, n);
	b->used += n;
}
static inline void put_byte(struct buffer *b, uint8_t c) {
	if (b->used >= b->room) {
		b->full = 1;
		return;
	}
	b->p[b->used++] = c;
}
#define PUT(b, text) put(b, text, sizeof text - 1)

/* ---- reading ---- */

static inline uint64_t number_at(const uint8_t *from, uint32_t size, int big) {
	uint64_t n = 0;
	uint16_t h;
	uint32_t w;
	if (size == 4) {
		memcpy(&w, from, 4);
		return big ? __builtin_bswap32(w) : w;
	}
	if (size == 2) {
		memcpy(&h, from, 2);
		return big ? __builtin_bswap16(h) : h;
	}
	if (size == 1) return *from;
	if (size == 8) {
		memcpy(&n, from, 8);
		return big ? __builtin_bswap64(n) : n;
	}
	if (size > 8) size = 8; /* only a damaged program has a wider number */
	for (uint32_t i = 0; i < size; i++) n |= (uint64_t)from[i] << 8 * (big ? size - 1 - i : i);
	return n;
}
static inline int64_t widened(uint64_t n, uint32_t size, int is_signed) {
	if (is_signed && size < 8 && n >> (8 * size - 1)) n |= ~(uint64_t)0 << 8 * size;
	return (int64_t)n;
}
static inline int is_big(const struct core *c, const struct row *row) {
	return row->marks & HOST ? c->big : (row->marks & BIG) != 0;
}
static inline int64_t value_of(const struct core *c, const struct row *row, uint32_t start, uint32_t end) {
	return widened(number_at(c->data + start, end - start, is_big(c, row)), end - start, row->marks & SIGNED);
}
/* Bytes of a node's text, without the one that ends it where that is no NUL. */
static inline uint32_t text_bytes(const struct core *c, const struct row *row, uint32_t start, uint32_t end) {
	uint32_t size = end - start;
	return row->op == OP_TEXT && row->target && size && c->data[end - 1] == row->target ? size - 1 : size;
}
static inline uint64_t mixed(uint64_t h) {
	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93u;
	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93u;
	return h ^ h >> 32;
}
static inline int is_ascii(const uint8_t *text, size_t n) {
	uint8_t all = 0;
	for (size_t i = 0; i < n; i++) all |= text[i];
	return all < 0x80;
}
static inline int is_zero(const uint8_t *from, size_t n) {
	uint8_t all = 0;
	for (size_t i = 0; i < n; i++) all |= from[i];
	return !all;
}

void put_unsigned(struct buffer *b, uint64_t n);
void put_signed(struct buffer *b, int64_t n);
void put_hex(struct buffer *b, const uint8_t *from, size_t n);
void put_hex_number(struct buffer *b, uint64_t n);
void put_handle(struct buffer *b, uint32_t n);
void put_mac(struct buffer *b, const uint8_t *from, size_t n);
void put_ipv4(struct buffer *b, const uint8_t *from);
void put_ipv6(struct buffer *b, const uint8_t *from);
void put_escape(struct buffer *b, uint8_t c);
void put_json(struct buffer *b, const uint8_t *text, size_t n);
void put_escaped(struct buffer *b, const uint8_t *text, size_t n);
int64_t text_size(const uint8_t *text, uint32_t n);
struct entry *recall(struct core *c, uint32_t row, int form, int big, const uint8_t *key, uint32_t size);
struct entry *recall_as(struct core *c, uint32_t row, int form, int big, const uint8_t *key, uint32_t size, uint64_t at,
                        uint32_t at_size);
void make_room(struct core *c);
void put_recalled(struct core *c, struct buffer *b, uint32_t row, int form, const uint8_t *key, uint32_t size);
const struct value *selected(const struct scope *s, uint16_t name);
void select_value(struct core *c, struct scope *s, const struct row *row, uint32_t start, uint32_t end);
uint32_t chosen(struct core *c, uint32_t row, const struct scope *s);
uint32_t new_node(struct core *c, uint32_t row, uint32_t start, uint32_t end, uint32_t depth, int32_t number);
void join(struct core *c, uint32_t parent, uint32_t *last, uint32_t child);
void begin_message(struct core *c);
void read_struct(struct core *c, uint32_t parent, uint32_t strct, uint32_t start, uint32_t end, const struct scope *up,
                 uint32_t depth);
void note_padding(struct core *c, uint32_t start, uint32_t end);
void note_unknown(struct core *c, const struct set *s, const struct node *n);
void note_repeat(struct core *c, const struct node *n);
void note_leftover(struct core *c, uint32_t start, uint32_t end, const char *after, size_t size);
void note_longer(struct core *c, const struct node *n, uint32_t start);
void note_length(struct core *c, const struct row *r, const struct node *n);
void note_content(struct core *c, uint32_t row, const struct node *n, const struct scope *s);
void note_surplus(struct core *c, const struct row *r, const struct node *n);
void note_words(struct core *c, const struct head *h, uint32_t start, uint32_t stop);
void damage(struct core *c);
void put_name(struct core *c, struct buffer *b, const struct node *n);
void put_notes(struct core *c, struct buffer *b);
void put_remark(struct core *c, struct buffer *b, int behind);
const struct named *named_value(const struct core *c, const struct row *r, int64_t value);
void put_flags(const struct core *c, struct buffer *b, const struct row *r, uint64_t value, int json);
uint32_t address_size(const struct core *c, const struct row *r, const struct node *n);
void put_address(struct core *c, struct buffer *b, const struct node *n, uint32_t size);
void put_members(struct core *c, struct buffer *b, uint32_t first);
void put_node_json(struct core *c, struct buffer *b, uint32_t at);
uint32_t row_of(const struct core *c, const struct set *s, uint32_t number);
uint32_t whole_of(const struct node *n);
void scope_of(const struct head *h, struct scope *scope);
void read_echo(struct core *c, uint32_t at);
void put_echo_json(struct core *c, struct buffer *b, uint32_t at);
int has_layers(const struct core *c);
uint32_t culprit(struct core *c);
void put_pointer_name(struct core *c, struct buffer *b);
int put_pointed(struct core *c, struct buffer *b, enum pointing what);
void put_layers(struct core *c, struct buffer *b, const struct head *h, uint32_t start, uint32_t layer);
void put_secret_json(struct core *c, struct buffer *b, uint32_t start, uint32_t end);
int put_summary(struct core *c, struct buffer *b, uint32_t layer);
int64_t count_pairs(const uint8_t *from, uint32_t size);
int put_pairs_json(struct buffer *b, const uint8_t *from, uint32_t size);
int put_pairs(struct buffer *b, const uint8_t *from, uint32_t size);
int find_pair(struct pair *found, const uint8_t *from, uint32_t size, const uint8_t *key, uint32_t key_size);
int put_measured(struct buffer *b, enum naming measure, uint64_t value);
int put_measured_brief(struct buffer *b, const struct row *r, int64_t value);
void put_tree(struct core *c, struct buffer *b, uint32_t layer);
int name_given(struct core *c, uint16_t what, uint32_t number, struct span *out);
#endif
