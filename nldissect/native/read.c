/* From the bytes of a message to nodes: sets, structs, and the rows that their selectors choose. */
#include "inside.h"

/* ---- scopes ---- */

const struct value *selected(const struct scope *s, uint16_t name) {
	for (; s; s = s->up) {
		for (uint32_t i = 0; i < s->count; i++)
			if (s->values[i].name == name) return s->values + i;
		for (uint32_t i = 0; i < s->own_count; i++)
			if (s->own[i] == name) return 0;
	}
	return 0;
}
void select_value(struct core *c, struct scope *s, const struct row *row, uint32_t start, uint32_t end) {
	struct value v = {row->selector, 0, 0, 0, 0, 0};
	if (row->op == OP_INT && end - start == (uint32_t)row->size)
		v.number = value_of(c, row, start, end);
	else if (row->op == OP_VARINT && end - start <= 8)
		v.number = value_of(c, row, start, end);
	else if (row->op == OP_TEXT) {
		v.is_text = 1;
		v.text = c->data + start;
		v.size = text_bytes(c, row, start, end);
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
static int is_chosen(const struct core *c, const struct choosing *one, const struct value **v, uint32_t count) {
	for (uint32_t k = 0; k < count; k++) {
		if (one->kind[k] != (v[k] ? v[k]->is_text : 2)) return 0;
		if (!v[k]) continue;
		if (v[k]->is_text
		            ? one->size[k] != v[k]->size || memcmp(c->p->pool + one->text[k], v[k]->text, v[k]->size)
			    : one->number[k] != v[k]->number)
			return 0;
	}
	return 1;
}
/* The row that selectors choose where a row depends on them; 0: none. */
static uint32_t choose(const struct core *c, uint32_t row, const struct scope *s) {
	const struct program *p = c->p;
	for (uint32_t at = p->rows[row].choice; at; at = p->choices[at].next) {
		const struct choice *ch = p->choices + at;
		const struct value *v[4];
		for (uint32_t n = 0; n < ch->name_count; n++) v[n] = selected(s, ch->names[n]);
		for (uint32_t i = 0; i < ch->count; i++)
			if (is_chosen(c, p->choosings + ch->first + i, v, ch->name_count))
				return p->choosings[ch->first + i].row;
	}
	return 0;
}
/* The same of what that row depends on in turn. */
uint32_t chosen(struct core *c, uint32_t row, const struct scope *s) {
	for (int steps = 0; steps < DEEPEST; steps++) {
		uint32_t next = choose(c, row, s);
		if (!next) return row;
		row = next;
	}
	c->odd = W_SELECTOR;
	return row;
}

/* ---- from bytes to nodes ---- */

static uint32_t read_row(struct core *, uint32_t row, uint32_t start, uint32_t end, const struct scope *,
                         uint32_t depth, int32_t number);

uint32_t new_node(struct core *c, uint32_t row, uint32_t start, uint32_t end, uint32_t depth, int32_t number) {
	if (c->node_count >= NODES) {
		c->odd = W_NODES;
		return 0;
	}
	uint32_t at = c->node_count++;
	c->nodes[at] =
	        (struct node){row, start, end, 0, 0, 0, number, (uint8_t)depth, 0, 0, 0, 0, c->p->rows[row].ahead};
	const struct row *r = c->p->rows + row;
	if (c->inside_echo) return at; /* templates look into the message alone */
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
void join(struct core *c, uint32_t parent, uint32_t *last, uint32_t child) {
	if (*last)
		c->nodes[*last].next = child;
	else
		c->nodes[parent].first = child;
	*last = child;
	c->nodes[child].parent = parent;
	c->nodes[parent].count++;
}

/* Where a node begins with the header of its attribute. */
uint32_t whole_of(const struct node *n) {
	return n->number < 0 ? n->start : n->start - n->ahead;
}
struct item {
	uint32_t type, start, end, next;
};
/* The attribute that begins at `at`; 0: none is whole there. */
static inline int item_at(const struct core *c, const struct set *s, uint32_t at, uint32_t end, struct item *out) {
	if (end - at < s->size) return 0;
	int big = s->order ? s->order == 2 : c->big;
	const uint8_t *from = c->data + at;
	uint32_t a = s->wide ? (uint32_t)number_at(from, 2, big) : from[0];
	uint32_t b = s->wide ? (uint32_t)number_at(from + 2, 2, big) : from[1];
	uint32_t size = (s->type_first ? b : a) + (s->whole ? 0u : s->size), stop = at + size;
	if (size < s->size || stop > end) return 0;
	uint32_t padded = at + ((size + s->align - 1u) & ~(s->align - 1u));
	*out = (struct item){s->type_first ? a : b, at + s->size, stop, padded < end ? padded : end};
	return 1;
}
uint32_t row_of(const struct core *c, const struct set *s, uint32_t number) {
	if (s->element) return s->element;
	return number < s->count ? c->p->numbers[s->first + number] : 0;
}
static void check_repeat(struct core *c, uint32_t parent, uint32_t here, uint64_t *seen) {
	struct node *n = c->nodes + here;
	uint32_t number = (uint32_t)n->number;
	uint64_t bit = (uint64_t)1 << number % 64;
	if (number < 256) {
		n->again = (seen[number / 64] & bit) != 0;
		seen[number / 64] |= bit;
	} else if (seen[4]++)
		for (uint32_t at = c->nodes[parent].first; at && !n->again; at = c->nodes[at].next)
			n->again = c->nodes[at].number == n->number;
	if (n->again && !(c->p->rows[n->row].marks & MANY)) c->repeats++;
}
/* Bytes behind the last whole thing. */
static void add_leftover(struct core *c, uint32_t parent, uint32_t *last, uint32_t start, uint32_t end,
                         uint32_t depth) {
	uint32_t at = new_node(c, c->p->leftover, start, end, depth, -1);
	if (c->odd) return;
	c->nodes[at].masked = c->keyed && end - start > 4;
	c->nodes[at].again = 1;
	join(c, parent, last, at);
}
/* The value of an attribute that fits its row; of one that is longer than its number, the number. */
static void select_item(struct core *c, struct scope *scope, const struct row *r, const struct item *it) {
	uint32_t size = it->end - it->start;
	int longer = r->marks & SURPLUS && r->size >= 0 && size > (uint32_t)r->size;
	if (longer) size = (uint32_t)r->size;
	if (r->size < 0 || (uint32_t)r->size == size) select_value(c, scope, r, it->start, it->start + size);
}
/* Of a sequence: what the attributes behind this one depend on. */
static void say_next(struct core *c, struct scope *scope, const struct row *r, const struct item *it) {
	if (r->present) c->odd = W_SELECTOR;
	if (r->selector) select_item(c, scope, r, it);
}
/* What rows of a set depend on. */
static void select_items(struct core *c, struct scope *scope, const struct set *s, uint32_t start, uint32_t end) {
	struct item it;
	for (uint32_t at = start; item_at(c, s, at, end, &it); at = it.next) {
		uint32_t row = row_of(c, s, it.type & s->mask);
		const struct row *r = c->p->rows + row;
		if (!row) continue;
		if (r->present) {
			struct value v = {r->present, 0, 0, 0, 1, 0};
			if (scope->count == 8) {
				c->odd = W_SELECTOR;
				return;
			}
			scope->values[scope->count++] = v;
		}
		if (r->selector) select_item(c, scope, r, &it);
	}
}
static int skips_odder(struct core *c, uint32_t row, uint32_t start, uint32_t end, const struct scope *, uint32_t depth,
                       uint32_t nests);
/* Whether a row, none: of an unknown attribute, needs no node for a line of a list: nothing that it holds is named by a
 * template, and there is no warning of it. */
static inline int skips_row(struct core *c, uint32_t row, uint32_t start, uint32_t end, const struct scope *scope,
                            uint32_t depth, uint32_t nests) {
	const struct row *r = c->p->rows + row;
	if (!(r->marks & QUIET) || end - start != (uint32_t)r->size)
		return skips_odder(c, row, start, end, scope, depth, nests);
	c->skipped = 1;
	return !c->inside_echo;
}
/* Whether anything of a row is shown. */
static int is_needed(const struct core *c, uint32_t row) {
	return !c->needed || (row < c->needed_count && c->needed[row]);
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
	if (s->odd == 1 || depth > DEEPEST || c->nests > NESTS) {
		c->odd = s->odd == 1 ? W_SET : W_DEEP;
		return;
	}
	if (s->own_count && s->odd != SEQUENCE) select_items(c, &scope, s, start, end);
	if (c->odd) return;
	const struct scope *inner = s->own_count ? &scope : up;
	uint64_t seen[5] = {0, 0, 0, 0, 0};
	c->nests++;
	for (at = start; item_at(c, s, at, end, &it); at = it.next) {
		uint32_t number = it.type & s->mask, row = row_of(c, s, number), child;
		if (!is_needed(c, row)) {
			if (s->odd == SEQUENCE && row) say_next(c, &scope, c->p->rows + row, &it);
			if (c->odd) return;
			continue;
		}
		if (!is_zero(c->data + it.end, it.next - it.end)) note_padding(c, it.end, it.next);
		if (c->skips_unread && row && skips_row(c, row, it.start, it.end, inner, depth, c->nests)) {
			c->nodes[parent].count++;
			if (s->odd == SEQUENCE && row) say_next(c, &scope, c->p->rows + row, &it);
			if (c->odd) return;
			continue;
		}
		if (!row) {
			child = new_node(c, s->unknown == 2 ? c->p->secret : c->p->undecoded, it.start, it.end, depth,
			                 (int32_t)number);
			if (c->odd) return;
			c->nodes[child].ahead = s->size;
			c->nodes[child].masked = c->keyed && s->unknown != 2 && it.end - it.start > 4;
			if (!s->unknown) note_unknown(c, s, c->nodes + child);
			if (s->count && number >= s->count + FAR) damage(c);
		} else
			child = read_row(c, row, it.start, it.end, inner, depth, (int32_t)number);
		if (c->odd) return;
		if (!s->element && s->odd != SEQUENCE) check_repeat(c, parent, child, seen);
		join(c, parent, &last, child);
		if (c->surplus) {
			uint32_t rest = c->surplus;
			c->surplus = 0;
			c->nodes[parent].count--;
			join(c, parent, &last, rest);
			c->repeats++;
		}
		if (s->odd == SEQUENCE && row) say_next(c, &scope, c->p->rows + row, &it);
		if (c->odd) return;
	}
	c->nests--;
	if (c->repeats > REPEATS) {
		c->odd = W_REPEATED;
		return;
	}
	for (uint32_t one = c->nodes[parent].first; c->repeats && one; one = c->nodes[one].next) {
		const struct row *r = c->p->rows + c->nodes[one].row;
		if (c->nodes[one].again && c->nodes[one].number >= 0 && !(r->marks & MANY) && r->op != OP_PAD)
			note_repeat(c, c->nodes + one);
	}
	if (at >= end) return;
	if (!c->cut) note_leftover(c, at, end, "attributes", 10);
	add_leftover(c, parent, &last, at, end, depth);
}
static uint32_t extent(struct core *c, const struct row *r, const uint32_t *values, uint32_t at, uint32_t end) {
	if (r->size >= 0) return (uint32_t)r->size;
	if (r->counted >= 0) {
		uint64_t n = (uint64_t)values[r->counted] * r->unit;
		if (r->op == OP_SECRET) n = ((uint64_t)values[r->counted] + r->unit - 1) / r->unit;
		if (r->op == OP_PAD && r->target) { /* what is left of so many slots */
			uint32_t used = values[r->counted];
			n = used < r->target ? (uint64_t)(r->target - used) * r->unit : 0;
		}
		return n < end - at ? (uint32_t)n : end - at;
	}
	if (r->op == OP_ECHO) {
		int64_t flags = c->head->selectors[3];
		if (end - at < 16 || flags & 0x100) return end - at < 16 ? end - at : 16;
		if (!(flags & 0x200)) return end - at;
		uint64_t length = number_at(c->data + at, 4, c->big);
		length = length < 16 ? end - at : (length + 3) & ~3ull;
		return length < end - at ? (uint32_t)length : end - at;
	}
	if (r->marks & TO_END) {
		const uint8_t *stop = memchr(c->data + at, (int)r->target, end - at);
		return stop ? (uint32_t)(stop - c->data) + 1 - at : end - at;
	}
	return end - at;
}
/* How many bytes from `at` on the whole attributes of a set take. */
static uint32_t whole_items(struct core *c, uint32_t row, const struct scope *scope, uint32_t start, uint32_t end) {
	const struct row *r = c->p->rows + (c->p->rows[row].choice ? chosen(c, row, scope) : row);
	struct item it;
	uint32_t at = start;
	if (r->op != OP_NEST) {
		c->odd = W_ECHO;
		return 0;
	}
	while (item_at(c, c->p->sets + r->target, at, end, &it)) at = it.next;
	return at - start;
}
void read_struct(struct core *c, uint32_t parent, uint32_t strct, uint32_t start, uint32_t end, const struct scope *up,
                 uint32_t depth) {
	const struct strct *s = c->p->structs + strct;
	struct scope scope;
	scope.up = up;
	scope.own_count = 0;
	scope.count = 0;
	uint32_t values[FIELDS], at = start, last = 0, i = 0;
	if (s->odd || s->count > FIELDS || depth > DEEPEST) {
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
			if (row && r->selector) select_item(c, &scope, r, &it);
		}
	}
	const struct scope *inner = scope.count ? &scope : up;
	int top = depth == 1 && c->cut && end == c->cut;
	if (depth > 1 && !c->nests && c->cut && end == c->cut) {
		c->odd = W_ECHO;
		return;
	}
	for (at = start; i < s->count; i++) {
		uint32_t row = c->p->fields[s->first + i];
		const struct row *r = c->p->rows + row;
		uint32_t size = extent(c, r, values, at, end);
		if (size > end - at) break;
		int cuts = top && (r->op == OP_NEST || r->op == OP_BOUND);
		values[i] = r->op == OP_INT ? (uint32_t)value_of(c, r, at, at + size) : 0;
		if (c->skips_unread && !cuts && skips_row(c, row, at, at + size, inner, depth, c->nests)) {
			c->nodes[parent].count++;
			at += size;
			continue;
		}
		if (cuts) size = whole_items(c, row, inner, at, end);
		if (c->odd) return;
		if (cuts) c->cut = end = at + size;
		if (is_needed(c, row)) {
			uint32_t child = read_row(c, row, at, at + size, inner, depth, -1);
			if (c->odd) return;
			join(c, parent, &last, child);
		}
		at += size;
		if (cuts) return;
	}
	if (at >= end) return;
	if (top) { /* the capture's end, not the sender's */
		if (i == s->count) note_longer(c, c->nodes + parent, at);
		c->cut = at;
		return;
	}
	const struct node *n = c->nodes + parent;
	int grown = i == s->count && c->p->rows[n->row].marks & GROWS;
	if (i == s->count) note_longer(c, n, at);
	if (!grown) damage(c);
	add_leftover(c, parent, &last, at, end, depth);
}
static int fits(const struct row *r, uint32_t start, uint32_t end) {
	uint32_t n = end - start;
	if (r->op == OP_ADDRESS && r->size < 0) {
		uint32_t wanted = r->target == 4 ? 4 : r->target == 6 ? 16 : n;
		return (n == 4 || n == 16) && (n == wanted || ((r->marks & ROOMY) && n > wanted));
	}
	if (r->size >= 0) return n == (uint32_t)r->size;
	if (r->op == OP_VARINT) return n == 1 || n == 2 || n == 4 || n == 8;
	if (r->op == OP_ARRAY || r->marks & STEPPED) return n % r->unit == 0 && (n || !(r->marks & FILLED));
	if (r->op == OP_ECHO) return n >= 16;
	return 1;
}
/* What is not what its row says: a number that bytes follow, else bytes under its name. */
static uint32_t read_oddly(struct core *c, uint32_t row, uint32_t start, uint32_t end, const struct scope *scope,
                           uint32_t depth, int32_t number) {
	const struct row *r = c->p->rows + row;
	int longer = r->marks & SURPLUS && r->size >= 0 && end - start > (uint32_t)r->size;
	if (r->op == OP_INT && longer && c->is_bare && !c->inside_echo) {
		c->odd = W_MISFIT;
		return 0;
	}
	if (r->op == OP_INT && longer) {
		uint32_t stop = start + (uint32_t)r->size;
		uint32_t at = new_node(c, row, start, end, depth, number);
		uint32_t rest = new_node(c, c->p->leftover, stop, end, SURPLUS_DEPTH, -1);
		if (c->odd) return 0;
		note_surplus(c, r, c->nodes + at);
		c->nodes[at].end = stop;
		c->nodes[rest].again = 1;
		c->surplus = rest;
		return at;
	}
	if (longer) {
		c->odd = W_MISFIT;
		return 0;
	}
	uint32_t at = new_node(c, row + 1, start, end, depth, number);
	if (c->odd) return 0;
	if (r->op == OP_BOUND) {
		c->nodes[at].masked = c->keyed && c->p->rows[row + 1].op != OP_SECRET && end - start > 4;
		note_content(c, row, c->nodes + at, scope);
	} else
		note_length(c, r, c->nodes + at);
	return at;
}
/* Whether what may hide a key ends where it should. */
static void check_end(struct core *c, const struct row *r, uint32_t start, uint32_t end) {
	if (r->marks & ENDED) {
		while (end > start && !c->data[end - 1]) end--;
		if (memchr(c->data + start, 0, end - start)) damage(c);
	} else if (r->marks & AT_MOST && end - start > r->unit)
		damage(c);
}
/* Reads structs or records; what none of them takes is left over. */
static void read_list(struct core *c, uint32_t at, const struct row *r, const struct scope *scope, uint32_t depth) {
	uint32_t one = c->nodes[at].start, end = c->nodes[at].end, last = 0;
	int varies = r->op == OP_RECORDS;
	while (end - one >= (varies ? 2 : r->unit) && one < end) {
		uint32_t length = varies ? (uint32_t)number_at(c->data + one, 2, c->big) : r->unit;
		if (length < 2 || length > end - one) {
			if (varies) break;
			c->odd = W_ROW;
			return;
		}
		uint32_t child = new_node(c, r->names, one, one + length, depth + 1, -1);
		if (c->odd) return;
		read_struct(c, child, r->target, one, one + length, scope, depth + 2);
		if (c->odd) return;
		join(c, at, &last, child);
		if (varies) length = (length + 3) & ~3u;
		one = length < end - one ? one + length : end;
	}
	if (one >= end) return;
	if (!c->cut) note_leftover(c, one, end, "records", 7);
	add_leftover(c, at, &last, one, end, depth + 1);
}

/* ---- what no line says anything of ---- */

/* Whether all attributes of a set are as their rows say. */
static int is_plain_set(struct core *c, const struct set *s, uint32_t start, uint32_t end, const struct scope *up,
                        uint32_t depth, uint32_t nests) {
	struct scope scope = {.up = up, .own = c->p->selectors + s->own, .own_count = s->own_count};
	struct item it;
	uint32_t at;
	if (s->odd || depth > DEEPEST || nests > NESTS) return 0;
	if (s->own_count) select_items(c, &scope, s, start, end);
	const struct scope *inner = s->own_count ? &scope : up;
	for (at = start; !c->odd && item_at(c, s, at, end, &it); at = it.next)
		if (!skips_row(c, row_of(c, s, it.type & s->mask), it.start, it.end, inner, depth, nests + 1)) return 0;
	return at >= end;
}
/* The same of the fields of a struct, on none of which another depends. */
static int is_plain_struct(struct core *c, const struct strct *s, uint32_t start, uint32_t end, const struct scope *up,
                           uint32_t depth, uint32_t nests) {
	uint32_t at = start;
	if (s->odd || s->choosy || s->told || depth > DEEPEST) return 0;
	if (s->unread && end - start == s->unread) return 1;
	for (uint32_t i = 0; i < s->count; i++) {
		uint32_t row = c->p->fields[s->first + i];
		const struct row *r = c->p->rows + row;
		uint32_t size = r->size < 0 ? end - at : (uint32_t)r->size;
		if (r->size < 0 && r->op != OP_NEST) return 0;
		if (size > end - at) break;
		if (!skips_row(c, row, at, at + size, up, depth, nests)) return 0;
		at += size;
	}
	return at == end;
}
static int skips_odder(struct core *c, uint32_t row, uint32_t start, uint32_t end, const struct scope *scope,
                       uint32_t depth, uint32_t nests) {
	const struct row *r = c->p->rows + row;
	if (c->inside_echo) return 0;
	if (r->choice) {
		row = chosen(c, row, scope);
		r = c->p->rows + row;
	}
	if (row && (!(r->marks & UNREAD) || !fits(r, start, end))) return 0;
	c->skipped = 1;
	switch (row ? r->op : OP_BYTES) {
	case OP_NEST: return is_plain_set(c, c->p->sets + r->target, start, end, scope, depth + 1, nests);
	case OP_STRUCT: return is_plain_struct(c, c->p->structs + r->target, start, end, scope, depth + 1, nests);
	case OP_STRUCTS:
		for (; end - start >= r->unit; start += r->unit)
			if (!is_plain_struct(c, c->p->structs + r->target, start, start + r->unit, scope, depth + 2,
			                     nests))
				return 0;
		return start == end;
	case OP_ODD:
	case OP_RECORDS:
	case OP_ECHO:
	case OP_BOUND: return 0;
	default: return 1;
	}
}
static void echoed(struct core *c, uint32_t at) {
	if (c->skips_echo || c->needed)
		c->skipped_echo = 1;
	else
		read_echo(c, at);
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
	if (r->op == OP_BOUND || !fits(r, start, end)) return read_oddly(c, row, start, end, scope, depth, number);
	uint32_t at = new_node(c, row, start, end, depth, number);
	if (c->odd) return 0;
	if (c->keyed) check_end(c, r, start, end);
	const uint8_t *needed = c->needed;
	if (needed && row < c->needed_count && needed[row] == SHOWN) c->needed = 0;
	if (r->op == OP_NEST)
		read_set(c, at, r->target, start, end, scope, depth + 1);
	else if (r->op == OP_STRUCT)
		read_struct(c, at, r->target, start, end, scope, depth + 1);
	else if (r->op == OP_STRUCTS || r->op == OP_RECORDS)
		read_list(c, at, r, scope, depth);
	else if (r->op == OP_ECHO)
		echoed(c, at);
	c->needed = needed;
	return c->odd ? 0 : at;
}
