/* Text of many netlink messages: an interpreter of the tables in core.h. No libc but mem*; nothing is allocated. */
#include "core.h"
#include <string.h>

enum { NODES = 1 << 16, DEEPEST = 30, SCRATCH = 1 << 16, LONGEST_KEY = 4096, WANTED = 1 << 15 };

/* ---- the core's memory: nodes of one message, names found in it, remembered leaves ---- */

/* Why a message is left to the caller. */
enum why {
    W_NODES = 1,
    W_SET,
    W_UNKNOWN,
    W_PADDING,
    W_REPEATED,
    W_LEFTOVER,
    W_STRUCT,
    W_LONGER,
    W_ECHO,
    W_ROW,
    W_MISFIT,
    W_INDEX,
    W_CONDITION,
    W_TEMPLATE,
    W_LEAF,
    W_ROOM,
    W_SELECTOR,
    W_NAMES,
    W_HEAD
};

struct node {
    uint32_t row, start, end, first, next, count;
    int32_t number;
    uint8_t depth, odd, pad[2];
};
struct found {
    uint32_t stamp, node;
};
struct entry {
    uint64_t hash;
    uint32_t row, key, key_size, text, text_size;
    uint8_t form, state, big, pad;
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

struct buffer {
    uint8_t *p;
    size_t used, room;
    int full;
};

struct core {
    struct node *nodes;
    uint32_t node_count;
    struct found found[WANTED];
    uint32_t stamp;
    struct entry *entries;
    uint32_t entry_mask, entry_count;
    uint8_t *leaves;
    uint32_t leaf_used, leaf_room;
    uint8_t scratch[SCRATCH];
    uint32_t *stamps;
    uint32_t stamp_room, row_stamp;
    /* the message at hand */
    const struct program *p;
    struct job *job;
    const uint8_t *data;
    uint32_t size, missed;
    int odd, big;
    const struct head *head;
    const struct message *message;
};

static size_t aligned(size_t n) {
    return (n + 15) & ~(size_t)15;
}

struct core *nl_open(uint8_t *memory, size_t size) {
    struct core *c = (struct core *)memory;
    size_t at = aligned(sizeof *c), entries = 1 << 17;
    if (size < (64u << 20)) return 0;
    memset(c, 0, sizeof *c);
    c->nodes = (struct node *)(memory + at);
    at += aligned(sizeof(struct node) * NODES);
    c->entries = (struct entry *)(memory + at);
    at += aligned(sizeof(struct entry) * entries);
    memset(c->entries, 0, sizeof(struct entry) * entries);
    c->entry_mask = entries - 1;
    c->stamp_room = 1 << 16;
    c->stamps = (uint32_t *)(memory + at);
    at += aligned(4 * c->stamp_room);
    memset(c->stamps, 0, 4 * c->stamp_room);
    c->leaves = memory + at;
    c->leaf_room = (uint32_t)(size - at);
    c->leaf_used = 0;
    return c;
}

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

static void put_unsigned(struct buffer *b, uint64_t n) {
    uint8_t digits[20];
    int at = 20;
    do {
        digits[--at] = (uint8_t)('0' + n % 10);
        n /= 10;
    } while (n);
    put(b, digits + at, (size_t)(20 - at));
}
static void put_signed(struct buffer *b, int64_t n) {
    if (n < 0) {
        put_byte(b, '-');
        put_unsigned(b, (uint64_t)0 - (uint64_t)n);
    } else
        put_unsigned(b, (uint64_t)n);
}
static const char HEX[] = "0123456789abcdef";
static void put_hex(struct buffer *b, const uint8_t *from, size_t n) {
    if (b->room - b->used < 2 * n) {
        b->full = 1;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        b->p[b->used++] = (uint8_t)HEX[from[i] >> 4];
        b->p[b->used++] = (uint8_t)HEX[from[i] & 15];
    }
}
static void put_hex_number(struct buffer *b, uint64_t n) {
    uint8_t digits[16];
    int at = 16;
    do {
        digits[--at] = (uint8_t)HEX[n & 15];
        n >>= 4;
    } while (n);
    PUT(b, "0x");
    put(b, digits + at, (size_t)(16 - at));
}
static void put_mac(struct buffer *b, const uint8_t *from, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (i) put_byte(b, ':');
        put_hex(b, from + i, 1);
    }
}
static void put_ipv4(struct buffer *b, const uint8_t *from) {
    for (int i = 0; i < 4; i++) {
        if (i) put_byte(b, '.');
        put_unsigned(b, from[i]);
    }
}
static void put_ipv6(struct buffer *b, const uint8_t *from) { /* as glibc's inet_ntop */
    uint32_t words[8];
    int best = -1, best_size = 0;
    for (int i = 0; i < 8; i++) words[i] = (uint32_t)from[2 * i] << 8 | from[2 * i + 1];
    for (int i = 0; i < 8;) {
        int j = i;
        while (j < 8 && !words[j]) j++;
        if (j - i > best_size && j - i > 1) {
            best = i;
            best_size = j - i;
        }
        i = j > i ? j : i + 1;
    }
    for (int i = 0; i < 8; i++) {
        if (i >= best && best >= 0 && i < best + best_size) {
            if (i == best) put_byte(b, ':');
            continue;
        }
        if (i) put_byte(b, ':');
        if (i == 6 && best == 0 && (best_size == 6 || (best_size == 5 && words[5] == 0xffff))) {
            put_ipv4(b, from + 12);
            return;
        }
        uint8_t digits[4];
        int at = 4;
        uint32_t n = words[i];
        do {
            digits[--at] = (uint8_t)HEX[n & 15];
            n >>= 4;
        } while (n);
        put(b, digits + at, (size_t)(4 - at));
    }
    if (best >= 0 && best + best_size == 8) put_byte(b, ':');
}
static void put_escape(struct buffer *b, uint8_t c) {
    PUT(b, "\\u00");
    put_hex(b, &c, 1);
}
static void put_json(struct buffer *b, const uint8_t *text, size_t n) { /* what stands between the quotes */
    size_t done = 0;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = text[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) continue;
        put(b, text + done, i - done);
        done = i + 1;
        switch (c) {
        case '"': PUT(b, "\\\""); break;
        case '\\': PUT(b, "\\\\"); break;
        case '\b': PUT(b, "\\b"); break;
        case '\t': PUT(b, "\\t"); break;
        case '\n': PUT(b, "\\n"); break;
        case '\f': PUT(b, "\\f"); break;
        case '\r': PUT(b, "\\r"); break;
        default: put_escape(b, c);
        }
    }
    put(b, text + done, n - done);
}
static void put_escaped(struct buffer *b, const uint8_t *text, size_t n) {
    for (size_t i = 0; i < n; i++) {
        uint8_t c = text[i];
        if (c == '"' || c == '\\') put_byte(b, '\\');
        if (c >= 0x20 && c != 0x7f)
            put_byte(b, c);
        else if (c == '\n')
            PUT(b, "\\n");
        else if (c == '\t')
            PUT(b, "\\t");
        else if (c == '\r')
            PUT(b, "\\r");
        else {
            PUT(b, "\\x");
            put_hex(b, &c, 1);
        }
    }
}

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
    for (uint32_t i = 0; i < size; i++) n |= (uint64_t)from[i] << 8 * (big ? size - 1 - i : i);
    return n;
}
static int64_t widened(uint64_t n, uint32_t size, int is_signed) {
    if (is_signed && size < 8 && n >> (8 * size - 1)) n |= ~(uint64_t)0 << 8 * size;
    return (int64_t)n;
}
static int is_big(const struct core *c, const struct row *row) {
    return row->marks & HOST ? c->big : (row->marks & BIG) != 0;
}
static int64_t value_of(const struct core *c, const struct row *row, uint32_t start, uint32_t end) {
    return widened(number_at(c->data + start, end - start, is_big(c, row)), end - start, row->marks & SIGNED);
}
static int is_ascii(const uint8_t *text, size_t n) {
    uint8_t all = 0;
    for (size_t i = 0; i < n; i++) all |= text[i];
    return all < 0x80;
}
static int is_zero(const uint8_t *from, size_t n) {
    uint8_t all = 0;
    for (size_t i = 0; i < n; i++) all |= from[i];
    return !all;
}
/* The size of a text without the NULs behind it; -1: it holds one, or is not ASCII. */
static int64_t text_size(const uint8_t *text, uint32_t n) {
    while (n && !text[n - 1]) n--;
    return memchr(text, 0, n) || !is_ascii(text, n) ? -1 : (int64_t)n;
}

/* ---- remembered leaves ---- */

static uint64_t mixed(uint64_t h) {
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    return h ^ h >> 32;
}
static uint64_t hash_of(const uint8_t *from, uint32_t n, uint64_t h) {
    for (; n >= 8; from += 8, n -= 8) {
        uint64_t w;
        memcpy(&w, from, 8);
        h = mixed(h ^ w);
    }
    return mixed(h ^ number_at(from, n, 0) ^ (uint64_t)n << 56);
}
static struct entry *recall(struct core *c, uint32_t row, int form, int big, const uint8_t *key, uint32_t size) {
    uint64_t h = hash_of(key, size, (uint64_t)row << 8 | (uint64_t)form << 1 | (uint64_t)big);
    uint32_t at = (uint32_t)h & c->entry_mask;
    struct job *j = c->job;
    for (;; at = (at + 1) & c->entry_mask) {
        struct entry *e = c->entries + at;
        if (e->state == EMPTY) break;
        if (e->hash == h && e->row == row && e->form == form && e->big == big && e->key_size == size &&
            !memcmp(c->leaves + e->key, key, size)) {
            if (e->state == PENDING) c->missed++;
            return e->state == KNOWN ? e : e->state == REFUSED ? (c->odd = W_LEAF, (struct entry *)0) : 0;
        }
    }
    if (j->miss_count >= j->miss_room) {
        c->missed++;
        return 0;
    }
    if (size > LONGEST_KEY || c->entry_count > c->entry_mask / 2 || c->leaf_room - c->leaf_used < size) {
        c->odd = W_ROOM;
        return 0;
    }
    struct entry *e = c->entries + at;
    *e = (struct entry){h, row, c->leaf_used, size, 0, 0, (uint8_t)form, PENDING, (uint8_t)big, 0};
    memcpy(c->leaves + c->leaf_used, key, size);
    c->leaf_used += size;
    c->entry_count++;
    c->missed++;
    j->misses[j->miss_count++] = (struct miss){at, row, (uint32_t)form, (uint32_t)big, size, (uint64_t)(key - j->data)};
    return 0;
}
int nl_learn(struct core *c, uint32_t at, const uint8_t *text, uint32_t size, int odd) {
    struct entry *e = c->entries + (at & c->entry_mask);
    if (odd || c->leaf_room - c->leaf_used < size) {
        e->state = REFUSED;
        return 1;
    }
    memcpy(c->leaves + c->leaf_used, text, size);
    e->text = c->leaf_used;
    e->text_size = size;
    e->state = KNOWN;
    c->leaf_used += size;
    return 0;
}
static void put_recalled(struct core *c, struct buffer *b, uint32_t row, int form, const uint8_t *key, uint32_t size) {
    struct entry *e = recall(c, row, form, c->big, key, size);
    if (e) put(b, c->leaves + e->text, e->text_size);
}

/* ---- scopes ---- */

static const struct value *selected(const struct scope *s, uint16_t name) {
    for (; s; s = s->up) {
        for (uint32_t i = 0; i < s->count; i++)
            if (s->values[i].name == name) return s->values + i;
        for (uint32_t i = 0; i < s->own_count; i++)
            if (s->own[i] == name) return 0;
    }
    return 0;
}
static void select_value(struct core *c, struct scope *s, const struct row *row, uint32_t start, uint32_t end) {
    struct value v = {row->selector, 0, 0, 0, 0, 0};
    if (row->op == OP_INT && end - start == (uint32_t)row->size)
        v.number = value_of(c, row, start, end);
    else if (row->op == OP_VARINT)
        v.number = value_of(c, row, start, end);
    else if (row->op == OP_TEXT) {
        v.is_text = 1;
        v.text = c->data + start;
        v.size = end - start;
        while (v.size && !v.text[v.size - 1]) v.size--;
    } else {
        c->odd = W_SELECTOR;
        return;
    }
    for (uint32_t i = 0; i < s->count; i++)
        if (s->values[i].name == v.name) {
            s->values[i] = v;
            return;
        }
    if (s->count == 8) {
        c->odd = W_SELECTOR;
        return;
    }
    s->values[s->count++] = v;
}
static uint32_t chosen(struct core *c, uint32_t row, const struct scope *s) {
    const struct program *p = c->p;
    for (uint32_t at = p->rows[row].choice; at; at = p->choices[at].next) {
        const struct choice *ch = p->choices + at;
        const struct value *v[4];
        uint32_t n = 0;
        for (; n < ch->name_count; n++) v[n] = selected(s, ch->names[n]);
        for (uint32_t i = 0; i < ch->count; i++) {
            const struct choosing *one = p->choosings + ch->first + i;
            uint32_t k = 0;
            for (; k < n; k++) {
                if (one->kind[k] != (v[k] ? v[k]->is_text : 2)) break;
                if (!v[k]) continue;
                if (v[k]->is_text ? one->size[k] != v[k]->size || memcmp(p->pool + one->text[k], v[k]->text, v[k]->size)
                                  : one->number[k] != v[k]->number)
                    break;
            }
            if (k == n) return p->rows[one->row].choice ? chosen(c, one->row, s) : one->row;
        }
    }
    return row;
}

/* ---- from bytes to nodes ---- */

static uint32_t read_row(struct core *, uint32_t row, uint32_t start, uint32_t end, const struct scope *,
                         uint32_t depth, int32_t number);

static uint32_t new_node(struct core *c, uint32_t row, uint32_t start, uint32_t end, uint32_t depth, int32_t number) {
    if (c->node_count >= NODES) {
        c->odd = W_NODES;
        return 0;
    }
    uint32_t at = c->node_count++;
    c->nodes[at] = (struct node){row, start, end, 0, 0, 0, number, (uint8_t)depth, 0, {0, 0}};
    const struct row *r = c->p->rows + row;
    const uint16_t names[2] = {r->wanted, r->also};
    for (int i = 0; i < 2 && names[i]; i++) {
        struct found *f = c->found + names[i];
        if (f->stamp != c->stamp || c->nodes[f->node].depth > depth) {
            f->stamp = c->stamp;
            f->node = at;
        }
    }
    return at;
}
static void join(struct core *c, uint32_t parent, uint32_t *last, uint32_t child) {
    if (*last)
        c->nodes[*last].next = child;
    else
        c->nodes[parent].first = child;
    *last = child;
    c->nodes[parent].count++;
}

struct item {
    uint32_t type, start, end, next;
};
/* The attribute that begins at `at`; 0: none is whole there. */
static int item_at(const struct core *c, const struct set *s, uint32_t at, uint32_t end, struct item *out) {
    if (end - at < s->size) return 0;
    int big = s->order ? s->order == 2 : c->big;
    uint32_t w = s->wide ? 2 : 1;
    uint32_t a = (uint32_t)number_at(c->data + at, w, big), b = (uint32_t)number_at(c->data + at + w, w, big);
    uint32_t size = (s->type_first ? b : a) + (s->whole ? 0u : s->size), stop = at + size;
    if (size < s->size || stop > end) return 0;
    uint32_t padded = at + ((size + s->align - 1u) & ~(s->align - 1u));
    *out = (struct item){s->type_first ? a : b, at + s->size, stop, padded < end ? padded : end};
    return 1;
}
static uint32_t row_of(const struct core *c, const struct set *s, uint32_t number) {
    if (s->element) return s->element;
    return number < s->count ? c->p->numbers[s->first + number] : 0;
}
static void read_set(struct core *c, uint32_t parent, uint32_t set, uint32_t start, uint32_t end,
                     const struct scope *up, uint32_t depth) {
    const struct set *s = c->p->sets + set;
    struct scope scope;
    scope.up = up;
    scope.own = c->p->selectors + s->own;
    scope.own_count = s->own_count;
    scope.count = 0;
    struct item it;
    uint32_t at, last = 0;
    if (s->odd || depth > DEEPEST) {
        c->odd = W_SET;
        return;
    }
    if (s->own_count)
        for (at = start; item_at(c, s, at, end, &it); at = it.next) {
            uint32_t row = row_of(c, s, it.type & s->mask);
            const struct row *r = c->p->rows + row;
            if (!row) continue;
            if (r->present) {
                struct value v = {r->present, 0, 0, 0, 1, 0};
                if (scope.count == 8) {
                    c->odd = W_SELECTOR;
                    return;
                }
                scope.values[scope.count++] = v;
            }
            if (r->selector && (r->size < 0 || (uint32_t)r->size == it.end - it.start))
                select_value(c, &scope, r, it.start, it.end);
        }
    const struct scope *inner = s->own_count ? &scope : up;
    uint32_t stamp = ++c->row_stamp;
    for (at = start; item_at(c, s, at, end, &it); at = it.next) {
        uint32_t number = it.type & s->mask, row = row_of(c, s, number);
        if (!row) {
            if (!s->unknown || it.end - it.start > end) {
                c->odd = W_UNKNOWN;
                return;
            }
            for (uint32_t other = c->nodes[parent].first; other; other = c->nodes[other].next)
                if (c->nodes[other].number == (int32_t)number) {
                    c->odd = W_REPEATED;
                    return;
                }
            row = s->unknown == 1 ? c->p->undecoded : c->p->secret;
        }
        if (!is_zero(c->data + it.end, it.next - it.end)) {
            c->odd = W_PADDING;
            return;
        }
        if (!s->element && row != c->p->undecoded && row != c->p->secret) {
            if (c->stamps[row] == stamp && !(c->p->rows[row].marks & MANY) && c->p->rows[row].op != OP_PAD) {
                c->odd = W_REPEATED;
                return;
            }
            c->stamps[row] = stamp;
        }
        uint32_t child = read_row(c, row, it.start, it.end, inner, depth, (int32_t)number);
        if (c->odd) return;
        join(c, parent, &last, child);
    }
    if (at < end) c->odd = W_LEFTOVER;
}
static uint32_t extent(struct core *c, const struct row *r, const uint32_t *values, uint32_t at, uint32_t end) {
    if (r->size >= 0) return (uint32_t)r->size;
    if (r->counted >= 0) {
        uint64_t n = (uint64_t)values[r->counted] * r->unit;
        return n < end - at ? (uint32_t)n : end - at;
    }
    if (r->op == OP_ECHO) {
        int64_t flags = c->head->selectors[3];
        if (end - at < 16 || flags & 0x100) return end - at < 16 ? end - at : 16;
        if (!(flags & 0x200)) return end - at;
        uint32_t length = (uint32_t)number_at(c->data + at, 4, c->big);
        length = length < 16 ? end - at : (length + 3) & ~3u;
        return length < end - at ? length : end - at;
    }
    if (r->marks & TO_NUL) {
        const uint8_t *stop = memchr(c->data + at, 0, end - at);
        return stop ? (uint32_t)(stop - c->data) + 1 - at : end - at;
    }
    return end - at;
}
static void read_struct(struct core *c, uint32_t parent, uint32_t strct, uint32_t start, uint32_t end,
                        const struct scope *up, uint32_t depth) {
    const struct strct *s = c->p->structs + strct;
    struct scope scope;
    scope.up = up;
    scope.own_count = 0;
    scope.count = 0;
    uint32_t values[64], at = start, last = 0, i = 0;
    if (s->odd || s->count > 64 || depth > DEEPEST) {
        c->odd = W_STRUCT;
        return;
    }
    if (s->choosy)
        for (uint32_t k = 0; k < s->count; k++) {
            const struct row *r = c->p->rows + c->p->fields[s->first + k];
            if (r->size < 0 || at + (uint32_t)r->size > end) break;
            if (r->selector) select_value(c, &scope, r, at, at + (uint32_t)r->size);
            at += (uint32_t)r->size;
        }
    if (s->told && start + s->told_at <= end) {
        const struct set *set = c->p->sets + s->told;
        struct item it;
        for (at = start + s->told_at; item_at(c, set, at, end, &it); at = it.next) {
            uint32_t row = row_of(c, set, it.type & set->mask);
            const struct row *r = c->p->rows + row;
            if (row && r->selector && (r->size < 0 || (uint32_t)r->size == it.end - it.start))
                select_value(c, &scope, r, it.start, it.end);
        }
    }
    const struct scope *inner = scope.count ? &scope : up;
    for (at = start; i < s->count; i++) {
        uint32_t row = c->p->fields[s->first + i];
        const struct row *r = c->p->rows + row;
        uint32_t size = extent(c, r, values, at, end);
        if (size > end - at) break;
        uint32_t child = read_row(c, row, at, at + size, inner, depth, -1);
        if (c->odd) return;
        values[i] = r->op == OP_INT ? (uint32_t)value_of(c, r, at, at + size) : 0;
        join(c, parent, &last, child);
        at += size;
    }
    if (at < end) c->odd = W_LONGER;
}
static int fits(const struct row *r, const struct core *c, uint32_t start, uint32_t end) {
    uint32_t n = end - start;
    if (r->op == OP_ADDRESS && r->size < 0) {
        uint32_t wanted = r->target == 4 ? 4 : r->target == 6 ? 16 : n;
        return (n == 4 || n == 16) && (n == wanted || ((r->marks & ROOMY) && n > wanted));
    }
    if (r->size >= 0) return n == (uint32_t)r->size;
    if (r->op == OP_VARINT) return n == 1 || n == 2 || n == 4 || n == 8;
    if (r->op == OP_ARRAY) return n % r->unit == 0;
    if (r->op == OP_STRUCTS) return n % r->unit == 0;
    (void)c;
    return 1;
}
static uint32_t read_row(struct core *c, uint32_t row, uint32_t start, uint32_t end, const struct scope *scope,
                         uint32_t depth, int32_t number) {
    const struct row *r = c->p->rows + row;
    if (r->choice) {
        row = chosen(c, row, scope);
        r = c->p->rows + row;
    }
    if (r->op == OP_ODD) {
        c->odd = W_ROW;
        return 0;
    }
    if (!fits(r, c, start, end)) {
        c->odd = W_MISFIT;
        return 0;
    }
    uint32_t at = new_node(c, row, start, end, depth, number);
    if (c->odd) return 0;
    if (r->op == OP_NEST)
        read_set(c, at, r->target, start, end, scope, depth + 1);
    else if (r->op == OP_STRUCT)
        read_struct(c, at, r->target, start, end, scope, depth + 1);
    else if (r->op == OP_STRUCTS) {
        uint32_t last = 0;
        for (uint32_t one = start; one < end; one += r->unit) {
            uint32_t child = new_node(c, r->names, one, one + r->unit, depth + 1, -1);
            if (c->odd) return 0;
            read_struct(c, child, r->target, one, one + r->unit, scope, depth + 2);
            if (c->odd) return 0;
            join(c, at, &last, child);
        }
    } else if (r->op == OP_RECORDS) {
        uint32_t last = 0, one = start;
        while (end - one >= 2) {
            uint32_t length = (uint32_t)number_at(c->data + one, 2, c->big);
            if (length < 2 || length > end - one) break;
            uint32_t child = new_node(c, r->names, one, one + length, depth + 1, -1);
            if (c->odd) return 0;
            read_struct(c, child, r->target, one, one + length, scope, depth + 2);
            if (c->odd) return 0;
            join(c, at, &last, child);
            length = (length + 3) & ~3u;
            one = length < end - one ? one + length : end;
        }
        if (one < end) c->odd = W_LEFTOVER;
    } else if (r->op == OP_ECHO && end - start != 16)
        c->odd = W_ECHO;
    return at;
}

/* ---- leaves as text ---- */

static const struct named *named_value(const struct core *c, const struct row *r, int64_t value) {
    const struct named *all = c->p->named + r->names;
    uint32_t low = 0, high = r->name_count;
    if (value >= 0 && value < r->name_count && all[value].value == value) return all + value;
    while (low < high) {
        uint32_t mid = (low + high) / 2;
        if (all[mid].value < value)
            low = mid + 1;
        else
            high = mid;
    }
    return low < r->name_count && all[low].value == value ? all + low : 0;
}
static void put_flags(const struct core *c, struct buffer *b, const struct row *r, uint64_t value, int json) {
    const struct named *all = c->p->named + r->names;
    int many = 0;
    if (json) put_byte(b, '[');
    for (uint32_t i = 0; i < r->name_count; i++) { /* single bits, from the low one up */
        if (!(value & (uint64_t)all[i].value)) continue;
        value ^= (uint64_t)all[i].value;
        if (many++) put_byte(b, ',');
        if (json)
            put(b, c->p->pool + all[i].json, all[i].json_size);
        else
            put(b, c->p->pool + all[i].brief, all[i].brief_size);
    }
    if (value) {
        if (many) put_byte(b, ',');
        if (json) put_byte(b, '"');
        put_hex_number(b, value);
        if (json) put_byte(b, '"');
    }
    if (json) put_byte(b, ']');
}
static void put_number_json(struct core *c, struct buffer *b, uint32_t row, uint32_t start, uint32_t end) {
    const struct row *r = c->p->rows + row;
    if (r->json == ASKED) {
        put_recalled(c, b, row, FORM_JSON, c->data + start, end - start);
        return;
    }
    int64_t value = value_of(c, r, start, end);
    if (r->json == FLAGS) {
        put_flags(c, b, r, (uint64_t)value, 1);
        return;
    }
    const struct named *n = r->json == ENUM ? named_value(c, r, value) : 0;
    if (n)
        put(b, c->p->pool + n->json, n->json_size);
    else if (r->marks & SIGNED)
        put_signed(b, value);
    else
        put_unsigned(b, (uint64_t)value);
}
/* Where the address of a node ends: a roomy one may go on with zeros. 0: it is none. */
static uint32_t address_size(const struct core *c, const struct row *r, const struct node *n) {
    const uint8_t *raw = c->data + n->start;
    uint32_t size = n->end - n->start, real = r->target == 4 ? 4 : r->target == 6 ? 16 : 0;
    if (!real) real = size == 4 || ((r->marks & DEPENDENT) && size > 4 && is_zero(raw + 4, size - 4)) ? 4 : 16;
    return size >= real && is_zero(raw + real, size - real) ? real : 0;
}
static void put_address(struct core *c, struct buffer *b, const struct node *n, uint32_t size) {
    if (size == 4)
        put_ipv4(b, c->data + n->start);
    else
        put_ipv6(b, c->data + n->start);
}

static void put_node_json(struct core *, struct buffer *, uint32_t at);

static void put_members(struct core *c, struct buffer *b, uint32_t first) {
    int some = 0;
    for (uint32_t at = first; at; at = c->nodes[at].next) {
        const struct node *n = c->nodes + at;
        const struct row *r = c->p->rows + n->row;
        if (r->op == OP_PAD && is_zero(c->data + n->start, n->end - n->start)) continue;
        if (n->odd) continue; /* shown with the first of its kind */
        if (some++) put_byte(b, ',');
        if (r->marks & UNKNOWN) {
            put_byte(b, '"');
            put_signed(b, n->number);
            PUT(b, "\":");
        } else
            put(b, c->p->pool + r->key, r->key_size);
        if (!(r->marks & MANY)) {
            put_node_json(c, b, at);
            continue;
        }
        put_byte(b, '[');
        put_node_json(c, b, at);
        for (uint32_t other = n->next; other; other = c->nodes[other].next) {
            const struct row *o = c->p->rows + c->nodes[other].row;
            if (o->key != r->key) continue;
            c->nodes[other].odd = 1;
            put_byte(b, ',');
            put_node_json(c, b, other);
        }
        put_byte(b, ']');
    }
}
static void put_elements(struct core *c, struct buffer *b, uint32_t first) {
    int plain = 1;
    int32_t place = 1;
    for (uint32_t at = first; at; at = c->nodes[at].next, place++) plain &= c->nodes[at].number == place;
    put_byte(b, '[');
    for (uint32_t at = first; at; at = c->nodes[at].next) {
        const struct row *r = c->p->rows + c->nodes[at].row;
        if (at != first) put_byte(b, ',');
        if (plain) {
            put_node_json(c, b, at);
            continue;
        }
        PUT(b, "{\"index\":");
        put_signed(b, c->nodes[at].number);
        if (r->op == OP_NEST && c->p->sets[r->target].element == 0) {
            size_t mark = b->used;
            put_byte(b, ',');
            put_members(c, b, c->nodes[at].first);
            if (b->used == mark + 1) b->used = mark;
        } else if (r->op == OP_STRUCT) {
            c->odd = W_INDEX;
            return;
        } else if (r->json == ASKED || r->op == OP_LEAF) {
            c->odd = W_INDEX;
            return;
        } else {
            PUT(b, ",\"value\":");
            put_node_json(c, b, at);
        }
        put_byte(b, '}');
    }
    put_byte(b, ']');
}
static void put_node_json(struct core *c, struct buffer *b, uint32_t at) {
    const struct node *n = c->nodes + at;
    const struct row *r = c->p->rows + n->row;
    const uint8_t *raw = c->data + n->start;
    uint32_t size = n->end - n->start;
    int64_t text;
    switch (r->op) {
    case OP_INT:
    case OP_VARINT: put_number_json(c, b, n->row, n->start, n->end); break;
    case OP_TEXT:
        text = text_size(raw, size);
        if (text < 0) {
            put_recalled(c, b, n->row, FORM_JSON, raw, size);
            break;
        }
        put_byte(b, '"');
        put_json(b, raw, (size_t)text);
        put_byte(b, '"');
        break;
    case OP_ADDRESS:
        size = address_size(c, r, n);
        if (!size) {
            put_recalled(c, b, n->row, FORM_JSON, raw, n->end - n->start);
            break;
        }
        put_byte(b, '"');
        put_address(c, b, n, size);
        put_byte(b, '"');
        break;
    case OP_MAC:
        put_byte(b, '"');
        put_mac(b, raw, size);
        put_byte(b, '"');
        break;
    case OP_BYTES:
        put_byte(b, '"');
        put_hex(b, raw, size);
        put_byte(b, '"');
        break;
    case OP_FLAG: PUT(b, "true"); break;
    case OP_PAD:
    case OP_UNDECODED:
        PUT(b, "{\"undecoded\":\"");
        put_hex(b, raw, size);
        PUT(b, "\"}");
        break;
    case OP_SECRET:
        PUT(b, "{\"secret\":");
        put_unsigned(b, size);
        put_byte(b, '}');
        break;
    case OP_ARRAY:
        put_byte(b, '[');
        for (uint32_t one = n->start; one < n->end; one += r->unit) {
            if (one != n->start) put_byte(b, ',');
            put_number_json(c, b, r->target, one, one + r->unit);
        }
        put_byte(b, ']');
        break;
    case OP_NEST:
        if (c->p->sets[r->target].element)
            put_elements(c, b, n->first);
        else {
            put_byte(b, '{');
            put_members(c, b, n->first);
            put_byte(b, '}');
        }
        break;
    case OP_STRUCT:
        put_byte(b, '{');
        put_members(c, b, n->first);
        put_byte(b, '}');
        break;
    case OP_STRUCTS:
    case OP_RECORDS:
        put_byte(b, '[');
        for (uint32_t one = n->first; one; one = c->nodes[one].next) {
            if (one != n->first) put_byte(b, ',');
            put_byte(b, '{');
            put_members(c, b, c->nodes[one].first);
            put_byte(b, '}');
        }
        put_byte(b, ']');
        break;
    case OP_ECHO:
        PUT(b, "{\"nlmsg_len\":");
        put_unsigned(b, number_at(raw, 4, c->big));
        put_recalled(c, b, (uint32_t)c->head->selectors[2], FORM_ECHO, raw, 8);
        put_unsigned(b, number_at(raw + 8, 4, c->big));
        PUT(b, ",\"nlmsg_pid\":");
        put_unsigned(b, number_at(raw + 12, 4, c->big));
        put_byte(b, '}');
        break;
    default: put_recalled(c, b, n->row, FORM_JSON, raw, size);
    }
}

/* ---- summaries ---- */

struct span {
    uint32_t text, size;
};

/* Whether the capture gives a number a name here. */
static int name_given(struct core *c, uint32_t number, struct span *out) {
    struct job *j = c->job;
    uint32_t at = (uint32_t)mixed(number) & j->slot_mask;
    for (; j->slots[at].number; at = (at + 1) & j->slot_mask) {
        if (j->slots[at].number != number + 1) continue;
        const struct slot *s = j->slots + at;
        if (s->state == SOUGHT) c->missed++;
        if (s->state != CHANGING) {
            *out = (struct span){s->text, s->size};
            return s->state == NAMED;
        }
        const struct since *one = j->sinces + s->text;
        uint32_t i = s->size - 1;
        while (i && one[i].at > c->message->at) i--;
        *out = (struct span){one[i].text, one[i].size};
        return one[i].state == NAMED;
    }
    if (j->slot_used > j->slot_mask / 2) {
        c->odd = W_ROOM;
        return 0;
    }
    c->missed++;
    if (j->miss_count >= j->miss_room) return 0;
    j->slot_used++;
    j->slots[at] = (struct slot){number + 1, 0, 0, SOUGHT};
    j->misses[j->miss_count++] = (struct miss){at, 0, FORM_NAME, 0, number, 0};
    return 0;
}
static int is_silent(const struct core *c, const struct row *r, int64_t value) {
    for (uint32_t i = 0; i < r->silent_count; i++)
        if (c->p->silents[r->silent + i] == value) return 1;
    return 0;
}
static void put_brief(struct core *c, struct buffer *b, uint32_t at) {
    const struct node *n = c->nodes + at;
    const struct row *r = c->p->rows + n->row;
    const uint8_t *raw = c->data + n->start;
    uint32_t size = n->end - n->start;
    int64_t value, text;
    switch (r->op) {
    case OP_INT:
    case OP_VARINT:
        value = value_of(c, r, n->start, n->end);
        if (is_silent(c, r, value)) return;
        if (r->refers) {
            struct span s;
            if (r->refers != 1) {
                c->odd = W_NAMES;
                return;
            }
            if (value > 0 && name_given(c, (uint32_t)value, &s)) {
                put(b, c->job->names + s.text, s.size);
                return;
            }
            if (!value) return;
            if (r->brief == ENUM && named_value(c, r, value)) {
                put_recalled(c, b, n->row, FORM_BRIEF, raw, size);
                return;
            }
            if (value > 0) {
                PUT(b, "if");
                put_signed(b, value);
                return;
            }
            put_recalled(c, b, n->row, FORM_BRIEF, raw, size);
            return;
        }
        if (r->brief == FLAGS)
            put_flags(c, b, r, (uint64_t)value, 0);
        else if (r->brief == ASKED)
            put_recalled(c, b, n->row, FORM_BRIEF, raw, size);
        else {
            const struct named *name = r->brief == ENUM ? named_value(c, r, value) : 0;
            if (name)
                put(b, c->p->pool + name->brief, name->brief_size);
            else if (r->marks & SIGNED)
                put_signed(b, value);
            else
                put_unsigned(b, (uint64_t)value);
        }
        return;
    case OP_TEXT:
        text = text_size(raw, size);
        if (text < 0)
            put_recalled(c, b, n->row, FORM_BRIEF, raw, size);
        else
            put_escaped(b, raw, (size_t)text);
        return;
    case OP_ADDRESS:
        size = address_size(c, r, n);
        if (size)
            put_address(c, b, n, size);
        else
            put_recalled(c, b, n->row, FORM_BRIEF, raw, n->end - n->start);
        return;
    case OP_MAC: put_mac(b, raw, size); return;
    case OP_BYTES: put_hex(b, raw, size); return;
    case OP_FLAG: put(b, c->p->pool + r->word, r->word_size); return;
    case OP_SECRET:
        PUT(b, "<secret, ");
        put_unsigned(b, size);
        PUT(b, " bytes>");
        return;
    case OP_UNDECODED: put_hex(b, raw, size); return;
    case OP_NEST:
    case OP_STRUCT:
    case OP_STRUCTS:
    case OP_RECORDS: put_unsigned(b, n->count); return;
    case OP_ECHO:
        if (c->message->asked_size)
            put(b, c->job->texts + c->message->asked, c->message->asked_size);
        else
            put_recalled(c, b, (uint32_t)c->head->selectors[2], FORM_ECHO_BRIEF, raw, 8);
        return;
    default: put_recalled(c, b, n->row, FORM_BRIEF, raw, size);
    }
}
static int is_called(const struct row *r, uint16_t name) {
    return r->wanted == name || (r->also && r->also == name);
}
/* The first node of a path among nodes and what they hold, outer before inner. */
static uint32_t find_in(struct core *c, uint32_t first, const uint16_t *path, uint32_t n, uint32_t levels) {
    for (uint32_t level = 0; level < levels; level++) {
        /* depth first, looking at one level only: trees are small */
        uint32_t stack[DEEPEST + 4], top = 0, at = first, more = 0;
        for (;;) {
            while (!at && top) at = c->nodes[stack[--top]].next;
            if (!at) break;
            const struct node *node = c->nodes + at;
            if (top == level) {
                more |= node->first;
                if (is_called(c->p->rows + node->row, path[0])) {
                    if (n == 1) return at;
                    if (c->p->rows[node->row].marks & KEYED) {
                        c->odd = W_TEMPLATE;
                        return 0;
                    }
                    uint32_t inner = find_in(c, node->first, path + 1, n - 1, DEEPEST);
                    if (inner) return inner;
                }
                at = node->next;
            } else if (node->first && top < DEEPEST) {
                stack[top++] = at;
                at = node->first;
            } else
                at = node->next;
        }
        if (!more) return 0;
    }
    return 0;
}
struct view {
    uint32_t first;
    int whole;
}; /* where a template looks: the message, or what a node holds */

static uint32_t find_named(struct core *c, struct view v, const struct alternative *a, const uint16_t *path,
                           uint32_t n) {
    if (!v.whole) return find_in(c, v.first, path, n, DEEPEST);
    if (n == 1) {
        const struct found *f = c->found + path[0];
        if (f->stamp != c->stamp) return 0;
        return a->own && c->nodes[f->node].depth > 2 ? 0 : f->node;
    }
    if (c->found[path[0]].stamp != c->stamp) return 0;
    return find_in(c, v.first, path, n, a->own ? 3 : DEEPEST);
}
static int holds(struct core *c, const struct alternative *a, uint32_t at, struct view v) {
    const struct row *r = at ? c->p->rows + c->nodes[at].row : 0;
    const uint8_t *wanted = c->p->pool + a->text;
    if (a->test == TEST_TO) return c->head->to_kernel ? a->size == 6 : a->size == 4;
    if (a->test == TEST_TYPE)
        return a->size == c->head->name_size && !memcmp(wanted, c->p->pool + c->head->name, a->size);
    if (!at) return 0;
    if (a->test == TEST_THERE) return 1;
    if (r->op != OP_INT && r->op != OP_TEXT && r->op != OP_VARINT && r->op != OP_ADDRESS) {
        c->odd = W_CONDITION;
        return 0;
    }
    if (a->test == TEST_ALIKE) {
        uint32_t other = find_named(c, v, a, a->other, a->other_size);
        if (!other) return 0;
        const struct node *x = c->nodes + at, *y = c->nodes + other;
        const struct row *s = c->p->rows + y->row;
        if (r->op == OP_INT && s->op == OP_INT)
            return value_of(c, r, x->start, x->end) == value_of(c, s, y->start, y->end);
        if (x->end - x->start != y->end - y->start) {
            c->odd = W_CONDITION;
            return 0;
        }
        return !memcmp(c->data + x->start, c->data + y->start, x->end - x->start);
    }
    if (r->op == OP_INT && r->json == FLAGS && a->test == TEST_FLAG) {
        uint64_t value = (uint64_t)value_of(c, r, c->nodes[at].start, c->nodes[at].end);
        const struct named *all = c->p->named + r->names;
        for (uint32_t i = 0; i < r->name_count; i++)
            if ((value & (uint64_t)all[i].value) && all[i].json_size == a->size + 2 &&
                !memcmp(c->p->pool + all[i].json + 1, wanted, a->size))
                return 1;
        return 0;
    }
    uint8_t text[256];
    struct buffer b = {text, 0, sizeof text, 0};
    uint32_t missed = c->missed;
    put_node_json(c, &b, at);
    if (b.full || c->missed != missed || a->test == TEST_FLAG) {
        if (c->missed == missed) c->odd = W_CONDITION;
        return 0;
    }
    if (b.used >= 2 && text[0] == '"') return b.used - 2 == a->size && !memcmp(text + 1, wanted, a->size);
    return b.used == a->size && !memcmp(text, wanted, a->size);
}
/* Flags among those that a mask has: set ones by name, others as what they are called that are not. */
static void put_masked(struct core *c, struct buffer *b, uint32_t flags, uint32_t mask) {
    const struct node *n = c->nodes + flags, *m = c->nodes + mask;
    const struct row *r = c->p->rows + n->row, *k = c->p->rows + m->row;
    if (r->op != OP_INT || k->op != OP_INT || r->json != FLAGS) {
        c->odd = W_TEMPLATE;
        return;
    }
    uint64_t value = (uint64_t)value_of(c, r, n->start, n->end), wanted = (uint64_t)value_of(c, k, m->start, m->end);
    const struct named *all = c->p->named + r->names;
    int some = 0;
    if (!wanted || wanted == 0xffffffff) {
        if (!is_silent(c, r, (int64_t)value)) put_flags(c, b, r, value, 0);
        return;
    }
    for (uint32_t i = 0; i < r->name_count; i++) {
        if (!(wanted & (uint64_t)all[i].value)) continue;
        wanted ^= (uint64_t)all[i].value;
        if (some++) put_byte(b, ',');
        if (value & (uint64_t)all[i].value)
            put(b, c->p->pool + all[i].brief, all[i].brief_size);
        else
            put(b, c->p->pool + all[i].off, all[i].off_size);
    }
    if (!wanted) return;
    if (some) put_byte(b, ',');
    if (!(value & wanted)) put_byte(b, '-');
    put_hex_number(b, wanted);
}
/* Every node of a name at the depth where the first stands, joined by blanks. */
static void put_every(struct core *c, struct buffer *b, struct view v, uint16_t name) {
    uint32_t depth = 255, row = 0, base = v.first ? c->nodes[v.first].depth : 0;
    size_t begin = b->used;
    if (!v.first) return;
    for (int turn = 0; turn < 2; turn++)
        for (uint32_t at = v.first; at < c->node_count && c->nodes[at].depth >= base; at++) {
            const struct node *n = c->nodes + at;
            if (!is_called(c->p->rows + n->row, name) || n->depth > depth) continue;
            if (!turn) {
                depth = n->depth;
                continue;
            }
            if (row && n->row != row) {
                c->odd = W_TEMPLATE;
                return;
            }
            row = n->row;
            size_t mark = b->used;
            if (mark > begin) put_byte(b, ' ');
            size_t text = b->used;
            put_brief(c, b, at);
            if (b->used == text) b->used = mark;
        }
}
static void put_line(struct core *, struct buffer *, uint32_t at);

/* Writes what one alternative stands for; nothing where it is absent or says nothing. `\1` stands for a condition that
 * holds. */
static void put_alternative(struct core *c, struct buffer *b, struct view v, const struct alternative *a) {
    if (a->mode == MODE_TEXT) {
        put(b, c->p->pool + a->text, a->size);
        return;
    }
    if (a->mode == MODE_ODD) {
        c->odd = W_TEMPLATE;
        return;
    }
    if (a->mode == MODE_EVERY) {
        put_every(c, b, v, a->path[0]);
        return;
    }
    if (a->mode == MODE_MASKED) {
        uint32_t flags = find_named(c, v, a, a->path, a->path_size),
                 mask = find_named(c, v, a, a->other, a->other_size);
        if (flags && mask) put_masked(c, b, flags, mask);
        return;
    }
    uint32_t at = a->path_size ? find_named(c, v, a, a->path, a->path_size) : 0;
    if (a->mode == MODE_IF || a->mode == MODE_UNLESS) {
        if (holds(c, a, at, v) == (a->mode == MODE_IF)) put_byte(b, 1);
        return;
    }
    if (!at) return;
    const struct node *n = c->nodes + at;
    const struct row *r = c->p->rows + n->row;
    switch (a->mode) {
    case MODE_COUNT:
        if (r->op == OP_ARRAY)
            put_unsigned(b, (n->end - n->start) / r->unit);
        else if (r->op == OP_NEST || r->op == OP_STRUCT || r->op == OP_STRUCTS || r->op == OP_RECORDS)
            put_unsigned(b, n->count);
        else
            c->odd = W_TEMPLATE;
        return;
    case MODE_NUMBER:
        if (r->op != OP_INT) {
            c->odd = W_TEMPLATE;
            return;
        }
        if (value_of(c, r, n->start, n->end)) put_signed(b, value_of(c, r, n->start, n->end));
        return;
    case MODE_NAME: {
        if (r->op != OP_INT || r->refers != 1) {
            c->odd = W_TEMPLATE;
            return;
        }
        struct span s;
        if (name_given(c, (uint32_t)value_of(c, r, n->start, n->end), &s)) put(b, c->job->names + s.text, s.size);
        return;
    }
    case MODE_LINE: put_line(c, b, at); return;
    default: put_brief(c, b, at);
    }
}
static int fill(struct core *c, struct buffer *b, struct view v, uint32_t first, uint32_t count, int group) {
    size_t before = b->used, latest = 0;
    int some = 0; /* where the text before begins */
    int whole = 1;
    for (uint32_t i = first; i < first + count && !c->odd; i++) {
        const struct part *p = c->p->parts + i;
        size_t mark = b->used;
        if (p->kind == PART_TEXT) {
            const uint8_t *text = c->p->pool + p->a;
            if (p->b && text[0] == ':' && some && memchr(b->p + latest, ':', b->used - latest)) {
                size_t size = b->used - latest;
                PUT(b, "[]");
                if (b->full) return 0;
                memmove(b->p + latest + 1, b->p + latest, size);
                b->p[latest] = '[';
                b->p[b->used - 1] = ']';
                mark = b->used;
            }
            put(b, text, p->b);
        } else if (p->kind == PART_FIELD) {
            for (uint32_t k = 0; k < p->b && b->used == mark && !c->odd; k++)
                put_alternative(c, b, v, c->p->alternatives + p->a + k);
            if (b->used == mark) {
                if (group) {
                    b->used = before;
                    return 0;
                }
                whole = 0;
            }
        } else {
            int there = fill(c, b, v, i + 1, p->a, 1);
            i += p->a;
            if (!there) {
                b->used = mark;
                continue;
            }
        }
        latest = mark;
        some = 1;
    }
    return whole;
}
/* A template's line: blanks once each, none at the ends, conditions left out. */
static void put_written(struct core *c, struct buffer *b, struct view v, uint32_t tmpl) {
    const struct tmpl *t = c->p->tmpls + tmpl;
    size_t start = b->used, to = start;
    int blank = 0;
    fill(c, b, v, t->first, t->count, 0);
    for (size_t i = start; i < b->used; i++) {
        uint8_t ch = b->p[i];
        if (ch == 1) continue;
        if (ch == ' ') {
            blank = to > start;
            continue;
        }
        if (blank) {
            b->p[to++] = ' ';
            blank = 0;
        }
        b->p[to++] = ch;
    }
    b->used = to;
}
static uint32_t own_template(const struct core *c, const struct row *r) {
    if (r->op == OP_STRUCT || r->op == OP_STRUCTS || r->op == OP_RECORDS)
        return r->op == OP_STRUCT ? c->p->structs[r->target].tmpl : 0;
    return r->op == OP_NEST ? c->p->sets[r->target].tmpl : 0;
}
static void put_line(struct core *c, struct buffer *b, uint32_t at) {
    const struct node *n = c->nodes + at;
    const struct row *r = c->p->rows + n->row;
    if (r->op != OP_NEST && r->op != OP_STRUCT && r->op != OP_STRUCTS && r->op != OP_RECORDS) {
        if (r->op == OP_LEAF || r->op == OP_ARRAY)
            c->odd = W_TEMPLATE;
        else
            put_brief(c, b, at);
        return;
    }
    uint32_t tmpl = own_template(c, r);
    if (tmpl) {
        put_written(c, b, (struct view){n->first, 0}, tmpl);
        return;
    }
    int count = 0;
    for (uint32_t one = n->first; one && !c->odd; one = c->nodes[one].next, count++) {
        if (count) PUT(b, ", ");
        if (count == 8) {
            PUT(b, "...");
            return;
        }
        put_line(c, b, one);
    }
}
static void put_clipped(struct buffer *b, size_t from, size_t width) {
    if (b->used - from <= width) return;
    b->used = from + width - 3;
    PUT(b, "...");
}
/* The first fields and attributes of a message without a template. */
static void put_plain(struct core *c, struct buffer *b, uint32_t layer) {
    int shown = 0;
    uint32_t stack = 0;
    for (uint32_t at = c->nodes[layer].first; at || stack;) {
        if (!at) {
            at = c->nodes[stack].next;
            stack = 0;
            continue;
        }
        const struct node *n = c->nodes + at;
        const struct row *r = c->p->rows + n->row;
        if (r->op == OP_NEST && n->number < 0 && !stack) {
            stack = at;
            at = n->first;
            continue;
        }
        uint32_t here = at;
        at = n->next;
        if (r->op == OP_PAD) continue;
        int list =
            r->op == OP_NEST || r->op == OP_STRUCT || r->op == OP_STRUCTS || r->op == OP_RECORDS || r->op == OP_ARRAY;
        if (list && n->start == n->end) continue;
        if (n->number < 0 && (r->op == OP_INT || r->op == OP_TEXT) && is_zero(c->data + n->start, n->end - n->start))
            continue;
        if (r->op == OP_ECHO) {
            c->odd = W_TEMPLATE;
            return;
        }
        if (n->number < 0 && r->op == OP_LEAF && n->start == n->end) continue;
        size_t mark = b->used;
        if (shown) put_byte(b, ' ');
        size_t begin = b->used;
        if (r->marks & UNKNOWN)
            put_signed(b, n->number);
        else
            put(b, c->p->pool + r->key + 1, r->key_size - 3);
        size_t name = b->used;
        put_byte(b, ' ');
        size_t text = b->used;
        put_brief(c, b, here);
        if (b->used == text || (b->used - text == name - begin && !memcmp(b->p + text, b->p + begin, name - begin)))
            b->used = name;
        else {
            if (!is_ascii(b->p + text, b->used - text)) {
                c->odd = W_TEMPLATE;
                return;
            }
            put_clipped(b, text, 40);
        }
        if (shown++ == 6) {
            b->used = mark;
            PUT(b, " ...");
            return;
        }
    }
}
/* A generic message whose family or command no table knows. */
static void put_unknown(struct core *c, struct buffer *b, uint32_t layer) {
    const struct head *h = c->head;
    uint32_t count = 0;
    for (uint32_t at = layer ? c->nodes[layer].first : 0; at; at = c->nodes[at].next) count += c->nodes[at].count;
    if (h->unknown == 2) {
        PUT(b, "family ");
        put_hex_number(b, (uint64_t)h->selectors[0]);
        PUT(b, " cmd ");
        put_signed(b, h->selectors[1]);
        PUT(b, ", ");
    } else if (!count)
        return;
    put_unsigned(b, count);
    PUT(b, " attribute");
    if (count != 1) put_byte(b, 's');
}
static void put_summary(struct core *c, struct buffer *b, uint32_t layer) {
    const struct head *h = c->head;
    size_t start = b->used;
    if (h->dump) PUT(b, "dump");
    size_t body = b->used;
    if (h->dump) put_byte(b, ' ');
    size_t text = b->used;
    if (h->unknown)
        put_unknown(c, b, layer);
    else if (h->tmpl)
        put_written(c, b, (struct view){layer, 1}, h->tmpl);
    if (b->used == text && !h->unknown && !(h->tmpl && h->dump) && layer) put_plain(c, b, layer);
    if (b->used == text) b->used = body;
    if (h->interrupted) {
        if (b->used > start) put_byte(b, ' ');
        PUT(b, "(dump interrupted)");
    }
}

/* ---- messages ---- */

static void render(struct core *c, struct buffer *b, const struct message *m) {
    const struct head *h = c->head;
    const struct job *j = c->job;
    struct scope scope;
    scope.up = 0;
    scope.own_count = 0;
    scope.count = 0;
    uint32_t layer = 0;
    if (h->odd || m->size < h->skip) {
        c->odd = W_HEAD;
        return;
    }
    for (uint16_t i = 0; i < 4; i++)
        if (h->selectors[i] >= 0)
            scope.values[scope.count++] = (struct value){(uint16_t)(i + 1), 0, 0, 0, h->selectors[i], 0};
    scope.values[scope.count++] =
        (struct value){5, 1, 0, h->to_kernel ? 6u : 4u, 0, (const uint8_t *)(h->to_kernel ? "kernel" : "user")};
    c->node_count = 1;
    c->stamp++;
    c->big = h->big;
    if (m->size > h->skip && h->layer) {
        layer = new_node(c, h->layer, h->skip, m->size, 0, -1);
        read_struct(c, layer, c->p->rows[h->layer].target, h->skip, m->size, &scope, 1);
    } else if (m->size > h->skip) {
        c->odd = W_HEAD;
        return;
    }
    if (c->odd) return;
    if (h->generic_size && !is_zero(c->data + 18, 2)) {
        c->odd = W_PADDING;
        return;
    }
    if (j->is_list) {
        put(b, j->texts + m->before, m->before_size);
        put(b, c->p->pool + h->ahead, h->ahead_size);
        put_summary(c, b, layer);
        while (b->used && b->p[b->used - 1] == ' ') b->used--;
        put_byte(b, '\n');
        return;
    }
    put(b, j->texts + m->before, m->before_size);
    put(b, c->p->pool + h->ahead, h->ahead_size);
    put_unsigned(b, m->size);
    put(b, c->p->pool + h->type, h->type_size);
    put_unsigned(b, m->seq);
    PUT(b, ",\"nlmsg_pid\":");
    put_unsigned(b, m->pid);
    PUT(b, ",\"summary\":\"");
    struct buffer s = {c->scratch, 0, SCRATCH, 0};
    put_summary(c, &s, layer);
    if (s.full || c->odd) {
        c->odd = c->odd ? c->odd : W_ROOM;
        return;
    }
    put_json(b, s.p, s.used);
    put_byte(b, '"');
    if (layer || h->generic_size) {
        PUT(b, ",\"layers\":{");
        put(b, c->p->pool + h->generic, h->generic_size);
        if (h->generic_size) {
            put_unsigned(b, c->data[17]);
            put(b, c->p->pool + h->family, h->family_size);
        }
        if (layer) {
            if (h->generic_size) put_byte(b, ',');
            put(b, c->p->pool + c->p->rows[h->layer].key, c->p->rows[h->layer].key_size);
            put_byte(b, '{');
            put_members(c, b, c->nodes[layer].first);
            put_byte(b, '}');
        }
        put_byte(b, '}');
    }
    put(b, j->texts + m->behind, m->behind_size);
    if (h->note_size) {
        put(b, c->p->pool + h->note, h->note_size);
        put_unsigned(b, m->size - 16);
        PUT(b, "}]");
    }
    put_byte(b, '}');
    put_byte(b, '\n');
}

int nl_render(struct core *c, struct job *j, int again) {
    c->job = j;
    c->p = j->program;
    if (c->p->row_count >= c->stamp_room || c->p->wanted_count >= WANTED) { /* more tables than there is room for */
        for (uint32_t i = 0; i < j->message_count; i++) j->messages[i].status = ODD;
        return 0;
    }
    struct buffer b = {j->out, j->out_used, j->out_size, 0};
    for (uint32_t i = 0; i < j->message_count; i++) {
        struct message *m = j->messages + i;
        if (again && m->status != MISSES && m->status != FULL) continue;
        size_t start = b.used;
        if (m->at > j->data_size || m->size > j->data_size - m->at) return -1;
        c->data = j->data + m->at;
        c->size = m->size;
        c->odd = 0;
        c->missed = 0;
        c->head = j->heads + m->head;
        c->message = m;
        b.full = 0;
        render(c, &b, m);
        m->status = c->odd ? ODD : c->missed ? MISSES : b.full ? FULL : DONE;
        m->out = start;
        m->out_size = (uint32_t)(b.used - start);
        if (m->status != DONE) {
            b.used = start;
            m->out_size = 0;
        }
        if (b.full) {
            for (; i < j->message_count; i++)
                if (!again || j->messages[i].status == MISSES || j->messages[i].status == FULL)
                    j->messages[i].status = FULL;
            break;
        }
    }
    j->out_used = b.used;
    return 0;
}
