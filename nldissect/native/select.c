/* Which items of a scan a filter lets through: tests of their header, their frame, and what their bodies hold.
 *
 * The caller says of each head which tests hold for every message with it, and which have to be looked at. What can't
 * be decided here as the message engine decides it is asked for. */
#include "inside.h"
#include "scan.h"

enum test_state { SOME = 1, GOOD = 2, UNSURE = 4 };
enum { NLMSG_ERROR = 2, NLMSG_DONE = 3 };

/* What a value has to be: one of these checks, or none. */
struct demand {
	const struct selection *s;
	const struct criterion *t;
	uint32_t first, count;
};
struct looking {
	const struct selection *s;
	const struct item *item;
	const struct frame *frame;
	uint8_t states[MOST_TESTS];
};

/* ---- values ---- */

static uint64_t ordered(int64_t value) {
	return (uint64_t)value ^ (uint64_t)1 << 63;
}
/* Numbers are compared as unsigned ones, those that may be negative as if the sign bit were the other way. */
static uint8_t of_number(const struct demand *d, uint64_t value, int is_signed) {
	uint64_t key = is_signed ? ordered((int64_t)value) : value;
	for (uint32_t i = d->first; i < d->first + d->count; i++) {
		const struct check *k = d->s->checks + i;
		if (k->op == CHECK_BITS ? (value & k->low) != 0 : k->low <= key && key <= k->high) return SOME | GOOD;
	}
	return d->count ? SOME : SOME | GOOD;
}
static int order_of(const uint8_t *a, uint32_t n, const uint8_t *b, uint32_t m) {
	int found = memcmp(a, b, n < m ? n : m);
	return found ? found : n < m ? -1 : n > m;
}
static int is_within(const uint8_t *key, const uint8_t *network, uint32_t length) {
	uint32_t whole = length / 8, rest = length % 8;
	if (memcmp(key, network, whole)) return 0;
	return !rest || !((key[whole] ^ network[whole]) >> (8 - rest));
}
static int contains(const uint8_t *key, uint32_t n, const uint8_t *part, uint32_t m) {
	for (uint32_t i = 0; m && i + m <= n; i++)
		if (key[i] == part[0] && !memcmp(key + i, part, m)) return 1;
	return 0;
}
/* Whether characters one after another are each in its set, a bit for each of ASCII; the end may be a line's. */
static int matches(const uint8_t *key, uint32_t n, const uint8_t *sets, uint32_t m, uint64_t anchors) {
	for (uint32_t at = 0; at + m <= n && !(anchors & 1 && at); at++) {
		uint32_t i = 0, end = at + m;
		while (i < m && key[at + i] < 128 && sets[16 * i + key[at + i] / 8] >> key[at + i] % 8 & 1) i++;
		if (i < m || (anchors & 2 && end != n && !(end + 1 == n && key[end] == '\n'))) continue;
		return 1;
	}
	return 0;
}
/* Text has an order whatever its length, bytes only if they are as long. */
static int fits(const struct demand *d, const struct check *k, const uint8_t *key, uint32_t n, int is_text) {
	const uint8_t *text = d->s->texts + k->text, *other = d->s->texts + k->other;
	int alike = is_text || n == k->size, order = order_of(key, n, text, k->size);
	switch (k->op) {
	case CHECK_EQUAL: return n == k->size && !order;
	case CHECK_LESS: return alike && order < 0;
	case CHECK_AT_MOST: return alike && order <= 0;
	case CHECK_MORE: return alike && order > 0;
	case CHECK_AT_LEAST: return alike && order >= 0;
	case CHECK_BETWEEN: return alike && order >= 0 && order_of(key, n, other, k->other_size) <= 0;
	case CHECK_WITHIN: return n == k->size && k->low <= 8 * n && is_within(key, text, (uint32_t)k->low);
	case CHECK_CONTAINS: return contains(key, n, text, k->size);
	case CHECK_MATCHES: return matches(key, n, text, k->size / 16, k->low);
	default: return 0;
	}
}
/* One value that is text or bytes, of which only a part may count. */
static uint8_t of_bytes(const struct demand *d, const uint8_t *key, uint32_t n, int is_text) {
	if (is_text) {
		while (n && !key[n - 1]) n--;
		if (!is_ascii(key, n)) return UNSURE;
		if (memchr(key, 0, n)) return 0;
	}
	if (d->t->sliced) {
		if (n < (uint64_t)d->t->offset + d->t->length) return 0;
		key += d->t->offset;
		n = d->t->length;
	}
	for (uint32_t i = d->first; i < d->first + d->count; i++)
		if (fits(d, d->s->checks + i, key, n, is_text)) return SOME | GOOD;
	return d->count ? SOME : SOME | GOOD;
}
/* What a node's value is to a test; of a damaged message with keys the caller knows what is masked. */
static uint8_t of_node(struct core *c, const struct demand *d, const struct node *n) {
	const struct row *r = c->p->rows + n->row;
	const uint8_t *raw = c->data + n->start;
	uint32_t size = n->end - n->start;
	int is_signed = (r->marks & SIGNED) != 0;
	uint8_t found = 0;
	if (r->op == OP_INT || r->op == OP_VARINT)
		return of_number(d, (uint64_t)value_of(c, r, n->start, n->end), is_signed);
	if (c->keyed && c->skipped_echo && size > 4) return UNSURE;
	switch (r->op) {
	case OP_ARRAY: {
		const struct row *one = c->p->rows + r->target;
		is_signed = (one->marks & SIGNED) != 0;
		for (uint32_t at = n->start; r->unit && n->end - at >= r->unit; at += r->unit)
			found |= of_number(d, (uint64_t)value_of(c, one, at, at + r->unit), is_signed);
		return found;
	}
	case OP_TEXT: return of_bytes(d, raw, text_bytes(c, r, n->start, n->end), 1);
	case OP_ADDRESS: size = address_size(c, r, n); return size ? of_bytes(d, raw, size, 0) : 0;
	case OP_MAC:
	case OP_BYTES: return of_bytes(d, raw, size, 0);
	default: return UNSURE;
	}
}

/* ---- nodes ---- */

/* Whether what encloses a node, elements of arrays and attributes behind a header left out, has a name. */
int is_inside(const struct core *c, uint32_t node, uint16_t name) {
	for (uint32_t up = c->nodes[node].parent; up; up = c->nodes[up].parent) {
		const struct node *o = c->nodes + up;
		const struct row *r = c->p->rows + o->row;
		if (r->marks & ELEMENT || (r->op == OP_NEST && o->number < 0)) continue;
		return r->wanted == name || (r->also && r->also == name);
	}
	return 0;
}
static int look_at_node(struct core *c, struct looking *l, uint32_t node) {
	const struct selection *s = l->s;
	const struct node *n = c->nodes + node;
	if (n->row >= s->row_count) return 0;
	for (uint32_t at = s->of_row[n->row]; at; at = s->probes[at].next) {
		const struct probe *p = s->probes + at;
		uint8_t *state = l->states + p->test;
		const struct row *r = c->p->rows + n->row;
		if (p->inside && !is_inside(c, node, p->inside)) continue;
		if (p->present) /* whether bytes fit, of some kinds their function alone knows */
			*state |= r->op == OP_LEAF && r->size < 0 ? UNSURE : SOME | GOOD;
		else
			*state |= of_node(c, &(struct demand){s, s->tests + p->test, p->first, p->count}, n);
		if (*state & UNSURE) return 0;
	}
	return 1;
}
static uint32_t child_called(const struct core *c, uint32_t at, uint16_t name) {
	for (at = c->nodes[at].first; at; at = c->nodes[at].next)
		if (c->p->rows[c->nodes[at].row].wanted == name) return at;
	return 0;
}
/* A field of an acknowledgement, or an attribute behind its header. */
uint32_t answer(const struct core *c, uint32_t layer, uint16_t name) {
	uint32_t found = child_called(c, layer, name);
	for (uint32_t at = c->nodes[layer].first; at && !found; at = c->nodes[at].next)
		if (c->p->rows[c->nodes[at].row].op == OP_NEST && c->nodes[at].number < 0)
			found = child_called(c, at, name);
	return found;
}
static void look_at_answer(struct core *c, struct looking *l, uint32_t layer, uint32_t test) {
	const struct criterion *t = l->s->tests + test;
	const struct demand d = {l->s, t, t->first, t->count};
	uint32_t at = answer(c, layer, t->name);
	if (!at) return;
	const struct node *n = c->nodes + at;
	const struct row *r = c->p->rows + n->row;
	if (t->what == TEST_OF_TEXT && r->op == OP_TEXT) l->states[test] = of_node(c, &d, n);
	if (t->what != TEST_OF_ERROR || r->op != OP_INT) return;
	int64_t value = value_of(c, r, n->start, n->end);
	if (value) l->states[test] = of_number(&d, (uint64_t)-value, 1);
}
static int is_answer(const struct item *i) {
	return i->type == NLMSG_ERROR || i->type == NLMSG_DONE;
}
/* Reads a body, and looks at what the filter asks of; 0: the caller is to be asked. */
static int look_inside(struct core *c, struct looking *l) {
	const struct selection *s = l->s;
	const struct item *i = l->item;
	const struct head *h = s->heads + i->head;
	struct scope scope;
	uint32_t size = size_of(i);
	if (!(i->marks & WHOLE) || h->odd || size < h->skip) return 0;
	if (i->at > s->size || size > s->size - i->at) return 0;
	c->p = s->program;
	c->data = s->data + i->at;
	c->size = size;
	c->head = h;
	c->odd = 0;
	c->missed = c->part = 0;
	c->is_bare = 0;
	begin_message(c);
	c->needed = h->keyed || is_answer(i) ? 0 : s->needed; /* of keys all that is odd counts */
	c->needed_count = s->row_count;
	if (size == h->skip || !h->layer) return 1;
	scope_of(h, &scope);
	uint32_t layer = new_node(c, h->layer, h->skip, size, 0, -1);
	c->skips_echo = 1;
	read_struct(c, layer, c->p->rows[h->layer].target, h->skip, size, &scope, 1);
	c->skips_echo = 0;
	if (c->odd) return 0;
	for (uint32_t at = 1; at < c->node_count; at++)
		if (!look_at_node(c, l, at)) return 0;
	for (uint32_t t = 0; t < s->test_count && is_answer(i); t++)
		if (s->tests[t].what == TEST_OF_ERROR || s->tests[t].what == TEST_OF_TEXT) {
			look_at_answer(c, l, layer, t);
			if (l->states[t] & UNSURE) return 0;
		}
	return 1;
}

/* ---- items ---- */

/* A number of the header or of the frame; 0: there is none. */
int number_of(const struct item *i, const struct frame *f, enum test_of what, uint64_t *out) {
	int has_header = i->place && !(i->marks & BARE);
	switch (what) {
	case TEST_OF_LENGTH: *out = i->length; return has_header;
	case TEST_OF_SEQ: *out = i->seq; return has_header;
	case TEST_OF_PID: *out = i->pid; return has_header;
	case TEST_OF_PLACE: *out = i->place; return i->place != 0;
	case TEST_OF_NUMBER: *out = f->number; return 1;
	case TEST_OF_WIRE: *out = f->wire; return 1;
	case TEST_OF_TIME:
	case TEST_OF_RELATIVE: *out = (uint64_t)f->time; return !(f->marks & NO_TIME);
	default: *out = f->captured; return 1;
	}
}
static int is_of_nodes(const struct criterion *t) {
	return t->what == TEST_OF_NODES || t->what == TEST_OF_ERROR || t->what == TEST_OF_TEXT;
}
/* Goes through the filter: 1 or 0 where it is known whether it holds, else -1. */
static int outcome(const struct looking *l) {
	const struct selection *s = l->s;
	int8_t stack[DEEPEST_FILTER + 1];
	uint32_t top = 0;
	for (uint32_t i = 0; i < s->code_count; i++) {
		uint32_t step = s->code[i];
		if (step < STEP_NOT) {
			uint8_t state = l->states[step];
			int good = (state & GOOD) != 0;
			if (top == DEEPEST_FILTER) return -1;
			stack[top++] = state & UNSURE ? -1 : s->tests[step].negated ? state & SOME && !good : good;
		} else if (step == STEP_NOT) {
			if (!top) return -1;
			int8_t one = stack[top - 1];
			stack[top - 1] = one < 0 ? -1 : !one;
		} else {
			if (top < 2) return -1;
			int8_t a = stack[top - 2], b = stack[top - 1];
			int8_t settles = step == STEP_OR;
			top--;
			stack[top - 1] = a == settles || b == settles ? settles : a < 0 || b < 0 ? -1 : !settles;
		}
	}
	return top == 1 ? stack[0] : -1;
}
static int decided(struct core *c, struct looking *l) {
	const struct selection *s = l->s;
	uint32_t head = l->item->head;
	if (head >= s->head_count) return ASKED_FOR;
	if (s->verdicts[head] != LOOKED_AT) return s->verdicts[head];
	memcpy(l->states, s->known + (size_t)head * s->test_count, s->test_count);
	for (uint32_t t = 0; t < s->test_count; t++) {
		const struct criterion *one = s->tests + t;
		uint64_t value = 0;
		if (!(l->states[t] & UNSURE) || one->what == TEST_OF_HEAD || is_of_nodes(one)) continue;
		int is_time = one->what == TEST_OF_TIME || one->what == TEST_OF_RELATIVE;
		if (is_time && !s->is_timed) return ASKED_FOR;
		int there = number_of(l->item, l->frame, one->what, &value);
		if (one->what == TEST_OF_RELATIVE) {
			there = there && s->has_first;
			value -= (uint64_t)s->first_time;
		}
		l->states[t] = there ? of_number(&(struct demand){s, one, one->first, one->count}, value, is_time) : 0;
	}
	int found = outcome(l);
	if (found >= 0) return found;
	for (uint32_t t = 0; t < s->test_count; t++) {
		if (!(l->states[t] & UNSURE)) continue;
		if (!is_of_nodes(s->tests + t)) return ASKED_FOR;
		l->states[t] = 0;
	}
	if (!look_inside(c, l)) return ASKED_FOR;
	found = outcome(l);
	return found < 0 ? ASKED_FOR : found;
}
/* Says of each item whether it is chosen; returns how many the caller is asked about. */
uint32_t nl_select(struct core *c, struct selection *s) {
	uint32_t asked = 0;
	if (s->test_count > MOST_TESTS) {
		memset(s->chosen, ASKED_FOR, s->item_count);
		return s->item_count;
	}
	for (uint32_t n = 0; n < s->item_count; n++) {
		struct looking l;
		l.s = s;
		l.item = s->items + n;
		l.frame = s->frames + l.item->frame;
		s->chosen[n] = (uint8_t)decided(c, &l);
		asked += s->chosen[n] == ASKED_FOR;
	}
	return asked;
}
/* Marks what is not shown, once all is known of a batch whose frames begin at `first`; counts its frames. Returns how
 * many items are before the first frame beyond the limit. */
uint32_t nl_mark(struct selection *s) {
	uint32_t before = s->item_count, latest = UINT32_MAX;
	for (uint32_t f = s->first; f < s->stop; f++) s->frames[f].marks |= SHELVED;
	for (uint32_t n = 0; n < s->item_count; n++) {
		struct item *i = s->items + n;
		struct frame *f = s->frames + i->frame;
		if (!s->chosen[n] || f->marks & HIDDEN || (f->marks & HEADING && i->place > 1)) {
			i->marks |= UNWANTED;
			continue;
		}
		f->marks &= (uint8_t)~SHELVED;
		if (s->explains && is_answer(i)) i->marks &= (uint8_t)~WHOLE;
		if (i->frame == latest || before < s->item_count) continue;
		latest = i->frame;
		if (s->met == s->limit)
			before = n;
		else
			s->met++;
	}
	for (uint32_t f = s->first; f < s->stop; f++)
		if (s->frames[f].marks & SHELVED) s->frames[f].marks = (s->frames[f].marks & ~SHELVED) | HIDDEN;
	return before;
}

/* ---- which heads can hold anything that is asked for ---- */

static int reaches(const struct program *p, uint32_t row, const uint8_t *reached) {
	const struct row *r = p->rows + row;
	for (uint32_t at = r->choice; at; at = p->choices[at].next)
		for (uint32_t i = 0; i < p->choices[at].count; i++)
			if (reached[p->choosings[p->choices[at].first + i].row]) return 1;
	if (r->op == OP_NEST) {
		const struct set *s = p->sets + r->target;
		if (s->element && reached[s->element]) return 1;
		for (uint32_t i = 0; i < s->count; i++)
			if (reached[p->numbers[s->first + i]]) return 1;
	} else if (r->op == OP_STRUCT || r->op == OP_STRUCTS || r->op == OP_RECORDS) {
		const struct strct *s = p->structs + r->target;
		for (uint32_t i = 0; i < s->count; i++)
			if (reached[p->fields[s->first + i]]) return 1;
	}
	return 0;
}
/* Marks the rows that can hold one that is marked; row 0 never is. */
void nl_reach(const struct program *p, uint8_t *reached, uint32_t count) {
	for (int more = 1; more;) {
		more = 0;
		for (uint32_t row = count; row-- > 1;)
			if (!reached[row] && reaches(p, row, reached)) reached[row] = (uint8_t)(more = 1);
	}
}
