/* Messages as trees: a line for each header, field and attribute, with the bytes it stands in. */
#include "inside.h"

enum { PLACE = 9, SHOWN_BYTES = 32, NLA_TYPE_MASK = 0x3fff };

/* How a line begins: the bytes it is about, [start, end), and its indentation. */
static void put_begin(struct buffer *b, uint32_t start, uint32_t end, uint32_t depth) {
	uint8_t text[24];
	uint32_t at = sizeof text, n = end - 1;
	if (start < end) {
		do {
			text[--at] = (uint8_t)('0' + n % 10);
			n /= 10;
		} while (n);
		if (end - start > 1) {
			text[--at] = '-';
			n = start;
			do {
				text[--at] = (uint8_t)('0' + n % 10);
				n /= 10;
			} while (n);
		}
	}
	while (at > sizeof text - PLACE) text[--at] = ' ';
	put(b, text + at, sizeof text - at);
	for (; depth; depth--) PUT(b, "  ");
}
/* How a line ends: without blanks. */
static void put_end(struct buffer *b) {
	while (b->used && b->p[b->used - 1] == ' ') b->used--;
	put_byte(b, '\n');
}
static void put_bytes(struct buffer *b, const uint8_t *raw, uint32_t size) {
	if (!size)
		PUT(b, "(no bytes)");
	else if (size <= SHOWN_BYTES)
		put_hex(b, raw, size);
	else {
		put_hex(b, raw, SHOWN_BYTES);
		PUT(b, "... (");
		put_unsigned(b, size);
		PUT(b, " bytes)");
	}
}

/* ---- values ---- */

static void put_decimal(struct buffer *b, const struct row *r, int64_t value) {
	if (r->marks & SIGNED)
		put_signed(b, value);
	else
		put_unsigned(b, (uint64_t)value);
}
static void put_constant(const struct core *c, struct buffer *b, const struct named *n) {
	put(b, c->p->pool + n->json + 1, n->json_size - 2);
}
/* A number without what follows it in parentheses; whether its digits are all of it. */
static int put_number(const struct core *c, struct buffer *b, const struct row *r, int64_t value) {
	const struct named *all = c->p->named + r->names;
	uint64_t rest = (uint64_t)value;
	int some = 0;
	if (r->tree == HEXADECIMAL) {
		put_hex_number(b, rest);
		return 0;
	}
	if ((r->tree == ENUM || r->tree == HANDLE) && (all = named_value(c, r, value))) {
		put_constant(c, b, all);
		return 0;
	}
	if (r->tree == HANDLE) {
		put_handle(b, (uint32_t)value);
		return 0;
	}
	if (r->tree != FLAGS || !value) {
		put_decimal(b, r, value);
		return 1;
	}
	for (uint32_t i = 0; i < r->name_count; i++) {
		if (!(rest & (uint64_t)all[i].value)) continue;
		rest ^= (uint64_t)all[i].value;
		if (some++) put_byte(b, '|');
		put_constant(c, b, all + i);
	}
	if (rest) {
		if (some) put_byte(b, '|');
		put_hex_number(b, rest);
	}
	return 0;
}
static void put_number_shown(struct core *c, struct buffer *b, const struct node *n) {
	const struct row *r = c->p->rows + n->row;
	int64_t value = value_of(c, r, n->start, n->end);
	struct span name;
	if (r->refers && r->tree == ASKED) {
		c->odd = W_NAMES;
		return;
	}
	size_t start = b->used;
	int is_time = r->tree >= SECONDS && r->tree <= CLOCK_T;
	if (is_time && (value >= 0 || !(r->marks & SIGNED))) {
		PUT(b, ": ");
		if (put_measured(b, r->tree, (uint64_t)value)) return;
		b->used = start;
	}
	if (r->tree == ASKED || is_time) {
		put_recalled(c, b, n->row, FORM_TREE, c->data + n->start, n->end - n->start);
		return;
	}
	PUT(b, ": ");
	int is_plain = put_number(c, b, r, value);
	if (r->refers && value > 0 && value <= UINT32_MAX && name_given(c, r->refers, (uint32_t)value, &name)) {
		PUT(b, " (");
		put(b, c->job->names + name.text, name.size);
	} else if (r->refers == INTERFACES && value > 0 && is_plain) {
		PUT(b, " (if");
		put_signed(b, value);
	} else if (r->tree == FLAGS && value) {
		PUT(b, " (");
		put_hex_number(b, (uint64_t)value);
	} else if (!is_plain && (r->name_count || r->refers)) {
		PUT(b, " (");
		put_decimal(b, r, value);
	} else
		return;
	put_byte(b, ')');
}
static void put_array(struct core *c, struct buffer *b, const struct node *n) {
	const struct row *r = c->p->rows + n->row, *one = c->p->rows + r->target;
	if (one->tree == ASKED || (one->tree >= SECONDS && one->tree <= CLOCK_T)) {
		put_recalled(c, b, n->row, FORM_TREE, c->data + n->start, n->end - n->start);
		return;
	}
	PUT(b, ": [");
	for (uint32_t at = n->start; at < n->end; at += r->unit) {
		if (at != n->start) PUT(b, ", ");
		put_number(c, b, one, value_of(c, one, at, at + r->unit));
	}
	put_byte(b, ']');
}
/* The request that an acknowledgement repeats. */
static void put_echo(struct core *c, struct buffer *b, const struct node *n) {
	const struct message *m = c->message;
	const struct echo *e = &c->echo;
	uint32_t length = (uint32_t)number_at(c->data + n->start, 4, c->big), captured = e->stop - n->start;
	if (!e->head) return;
	PUT(b, ": ");
	if (m->asked_size && !has_layers(c))
		put(b, c->job->texts + m->asked, m->asked_size);
	else
		put(b, c->p->pool + e->head->called, e->head->called_size);
	if (captured < length && captured == 16)
		PUT(b, ", header only");
	else if (captured < length)
		PUT(b, ", cut");
	if (m->request) {
		PUT(b, ", captured in frame ");
		put_unsigned(b, m->request);
	}
}
/* What follows the name of a node. */
static void put_shown(struct core *c, struct buffer *b, const struct node *n) {
	const struct row *r = c->p->rows + n->row;
	const uint8_t *raw = c->data + n->start;
	uint32_t size = n->end - n->start;
	int64_t text;
	if (n->masked) {
		PUT(b, ": <may be a key, ");
		put_unsigned(b, size);
		PUT(b, " bytes>");
		return;
	}
	switch (r->op) {
	case OP_INT:
	case OP_VARINT: put_number_shown(c, b, n); break;
	case OP_TEXT:
		text = text_size(raw, text_bytes(c, r, n->start, n->end));
		if (text < 0) {
			put_recalled(c, b, n->row, FORM_TREE, raw, size);
			break;
		}
		PUT(b, ": \"");
		put_escaped(b, raw, (size_t)text);
		put_byte(b, '"');
		break;
	case OP_ADDRESS:
		size = address_size(c, r, n);
		if (!size) {
			put_recalled(c, b, n->row, FORM_TREE, raw, n->end - n->start);
			break;
		}
		PUT(b, ": ");
		put_address(c, b, n, size);
		break;
	case OP_MAC:
		if (!size) break;
		PUT(b, ": ");
		put_mac(b, raw, size);
		break;
	case OP_BYTES:
	case OP_UNDECODED:
		PUT(b, ": ");
		put_bytes(b, raw, size);
		break;
	case OP_FLAG: PUT(b, ": present"); break;
	case OP_SECRET:
		PUT(b, ": <secret, ");
		put_unsigned(b, size);
		PUT(b, " bytes>");
		break;
	case OP_ARRAY: put_array(c, b, n); break;
	case OP_NEST:
	case OP_STRUCT:
	case OP_STRUCTS:
	case OP_RECORDS:
		if (!n->count) PUT(b, ": (empty)");
		break;
	case OP_ECHO: put_echo(c, b, n); break;
	case OP_PAIRS:
		if (!size) break;
		PUT(b, ": ");
		if (put_pairs(b, raw, size)) break;
		b->used -= 2;
		put_recalled(c, b, n->row, FORM_TREE, raw, size);
		break;
	default: put_recalled(c, b, n->row, FORM_TREE, raw, size);
	}
}

/* ---- lines ---- */

struct piece {
	const uint8_t *text;
	uint32_t size;
};
static void put_number_line(struct core *c, struct buffer *b, uint32_t at, uint32_t depth, const char *name,
                            size_t size) {
	put_begin(b, at, at + 4, depth);
	put(b, name, size);
	put_unsigned(b, number_at(c->data + at, 4, c->big));
	put_byte(b, '\n');
}
#define PUT_NUMBER_LINE(c, b, at, depth, name) put_number_line(c, b, at, depth, name, sizeof name - 1)

/* A message header; its type and flags are told. */
static void put_header(struct core *c, struct buffer *b, uint32_t at, uint32_t depth, struct piece type,
                       struct piece flags) {
	put_begin(b, at, at + 16, depth++);
	PUT(b, "nlmsghdr\n");
	PUT_NUMBER_LINE(c, b, at, depth, "nlmsg_len: ");
	put_begin(b, at + 4, at + 6, depth);
	PUT(b, "nlmsg_type: ");
	put(b, type.text, type.size);
	put_byte(b, '\n');
	put_begin(b, at + 6, at + 8, depth);
	PUT(b, "nlmsg_flags: ");
	put(b, flags.text, flags.size);
	put_byte(b, '\n');
	PUT_NUMBER_LINE(c, b, at + 8, depth, "nlmsg_seq: ");
	PUT_NUMBER_LINE(c, b, at + 12, depth, "nlmsg_pid: ");
}
/* The notes about these bytes. */
static void put_notes_of(struct core *c, struct buffer *b, uint32_t offset, uint32_t length, uint32_t depth) {
	for (uint32_t i = 0; i < c->note_count; i++) {
		struct note *n = c->notes + i;
		if (n->shown || n->offset != offset || n->length != length) continue;
		n->shown = 1;
		put_begin(b, 0, 0, depth);
		if (n->is_warning)
			PUT(b, "! warning: ");
		else
			PUT(b, "! note: ");
		put_escaped(b, c->noted + n->text, n->size);
		put_end(b);
	}
}
/* Nodes whose lines are written: what holds them, and what holds that; `set` is 0 for fields. */
struct level {
	const struct level *up;
	const struct node *holder;
	const struct set *set;
};
static void put_node_name(struct core *c, struct buffer *b, const struct node *n, const struct level *level) {
	const struct row *r = c->p->rows + n->row;
	const uint8_t *key = c->p->pool + r->key;
	uint32_t size = r->key_size;
	if (r->marks & UNKNOWN && n->number >= 0)
		put_signed(b, n->number);
	else if (level->set && level->set->element && size > 6 && !memcmp(key + size - 5, "[1]\":", 5)) {
		put_node_name(c, b, level->holder, level->up); /* an element is called after its array */
		put_byte(b, '[');
		put_signed(b, n->number);
		put_byte(b, ']');
	} else
		put(b, key + 1, size - 3);
}
/* The name, with the number of an attribute, and netlink's own flags beside that. */
static void put_title(struct core *c, struct buffer *b, const struct node *n, const struct level *level) {
	put_node_name(c, b, n, level);
	if (n->number < 0) return;
	PUT(b, " (");
	put_signed(b, n->number);
	if (level->set && level->set->mask == NLA_TYPE_MASK) {
		uint8_t high = c->data[n->start - (c->big ? 2 : 1)];
		if (high & 0x80) PUT(b, ", NLA_F_NESTED");
		if (high & 0x40) PUT(b, ", NLA_F_NET_BYTEORDER");
	}
	put_byte(b, ')');
}
/* What an acknowledgement's numbers mean, and the attribute that it points at. */
static void put_pointing(struct core *c, struct buffer *b, uint32_t at) {
	const struct row *r = c->p->rows + c->nodes[at].row;
	size_t mark = b->used;
	if (r->points == POINTS_AT || r->points == POINTS_MISSING) {
		PUT(b, " (");
		if (put_pointed(c, b, r->points))
			put_byte(b, ')');
		else
			b->used = mark;
	}
	if (at != c->culprit) return;
	PUT(b, "  <== ");
	put_pointer_name(c, b);
	PUT(b, " points here");
}
static void put_echoed(struct core *c, struct buffer *b, uint32_t start, uint32_t depth);

static void put_nodes(struct core *c, struct buffer *b, uint32_t first, uint32_t depth, const struct level *level) {
	for (uint32_t at = first; at && !c->odd; at = c->nodes[at].next) {
		const struct node *n = c->nodes + at;
		const struct row *r = c->p->rows + n->row;
		uint32_t size = n->end - n->start, end = n->end, in = depth;
		struct level inner = {level, n, r->op == OP_NEST ? c->p->sets + r->target : 0};
		if (r->op == OP_PAD) {
			if (is_zero(c->data + n->start, size)) continue;
			put_begin(b, n->start, n->end, depth);
			put(b, c->p->pool + r->key + 1, r->key_size - 3);
			PUT(b, ": ");
			put_bytes(b, c->data + n->start, size);
			put_byte(b, '\n');
			continue;
		}
		if (r->op == OP_NEST && n->number < 0) { /* attributes behind a header have no line of their own */
			put_nodes(c, b, n->first, depth, &inner);
			continue;
		}
		if (n->depth == SURPLUS_DEPTH)
			in++; /* what follows the number of an attribute that is longer */
		else if (n->next && c->nodes[n->next].depth == SURPLUS_DEPTH)
			end = c->nodes[n->next].end;
		put_begin(b, n->number < 0 || !level->set ? n->start : n->start - level->set->size, end, in);
		put_title(c, b, n, level);
		put_shown(c, b, n);
		if (c->echo.node) put_pointing(c, b, at);
		put_end(b);
		if (c->note_count) put_notes_of(c, b, n->start, end - n->start, depth + 1);
		if (r->op == OP_ECHO)
			put_echoed(c, b, n->start, depth + 1);
		else if (n->first)
			put_nodes(c, b, n->first, depth + 1, &inner);
	}
}
/* The note that no table has the command: it is about all behind nlmsghdr. */
static void put_untold(struct core *c, struct buffer *b, uint32_t depth) {
	const struct head *h = c->head;
	if (!h->note_size) return;
	put_begin(b, 0, 0, depth);
	put(b, c->p->pool + h->note, h->note_size);
	put_end(b);
}
static void put_generic(struct core *c, struct buffer *b, const struct head *h, uint32_t start, uint32_t depth) {
	put_begin(b, start + 16, start + 20, depth++);
	PUT(b, "genlmsghdr\n");
	if (!start && c->size == h->skip) put_untold(c, b, depth);
	if (start) put_notes_of(c, b, start + 16, 4, depth);
	put_begin(b, start + 16, start + 17, depth);
	put(b, c->p->pool + h->generic, h->generic_size);
	put_byte(b, '\n');
	put_begin(b, start + 17, start + 18, depth);
	PUT(b, "version: ");
	put_unsigned(b, c->data[start + 17]);
	put_byte(b, '\n');
	if (!h->family_size) return;
	put_begin(b, 0, 0, depth);
	put(b, c->p->pool + h->family, h->family_size);
	put_byte(b, '\n');
}
/* The message that an acknowledgement repeats. */
static void put_echoed(struct core *c, struct buffer *b, uint32_t start, uint32_t depth) {
	const struct echo *e = &c->echo;
	const struct head *h = e->head;
	const uint8_t *pool = c->p->pool;
	if (!h) return;
	put_header(c, b, start, depth, (struct piece){pool + h->type, h->type_size},
	           (struct piece){pool + h->flags, h->flags_size});
	if (h->generic_size && e->has_body) put_generic(c, b, h, start, depth);
	if (e->layer) put_nodes(c, b, e->layer, depth, &(struct level){0, 0, 0});
	if (e->payload < e->payload_end) {
		put_begin(b, e->payload, e->payload_end, depth);
		PUT(b, "payload: ");
		put_recalled(c, b, PAYLOAD_TREE, FORM_PAYLOAD, c->data + e->payload, e->payload_end - e->payload);
		put_end(b);
		return;
	}
	if (!e->cut || e->cut >= e->stop) return;
	put_begin(b, e->cut, e->stop, depth);
	PUT(b, "cut: ");
	if (h->keyed) {
		PUT(b, "<may be a key, ");
		put_unsigned(b, e->stop - e->cut);
		PUT(b, " bytes>");
	} else
		put_bytes(b, c->data + e->cut, e->stop - e->cut);
	put_end(b);
}
void put_tree(struct core *c, struct buffer *b, uint32_t layer) {
	const struct head *h = c->head;
	const struct message *m = c->message;
	const uint8_t *pool = c->p->pool;
	put(b, c->job->texts + m->before, m->before_size);
	put(b, pool + h->ahead, h->ahead_size);
	if (m->count > 1) {
		PUT(b, " (");
		put_unsigned(b, m->place);
		PUT(b, " of ");
		put_unsigned(b, m->count);
		put_byte(b, ')');
	}
	put(b, pool + h->way, h->way_size);
	put_summary(c, b, layer);
	put_end(b);
	if (h->skip)
		put_header(c, b, 0, 1, (struct piece){pool + h->type, h->type_size},
		           (struct piece){pool + h->flags, h->flags_size});
	if (h->generic_size) put_generic(c, b, h, 0, 1);
	c->culprit = culprit(c);
	if (layer) put_nodes(c, b, layer, 1, &(struct level){0, 0, 0});
	if (c->payload < c->size) {
		put_begin(b, c->payload, c->size, 1);
		PUT(b, "payload: ");
		if (c->keyed) {
			PUT(b, "<may be a key, ");
			put_unsigned(b, c->size - c->payload);
			PUT(b, " bytes>");
		} else
			put_recalled(c, b, PAYLOAD_TREE, FORM_PAYLOAD, c->data + c->payload, c->size - c->payload);
		put_end(b);
	} else if (m->size > h->skip)
		put_untold(c, b, 1);
	for (uint32_t i = 0; i < c->note_count; i++) put_notes_of(c, b, c->notes[i].offset, c->notes[i].length, 1);
	put(b, c->job->texts + m->behind, m->behind_size);
}
