/* A program out of a file: whether everything in it refers to what is there, before any of it is used. */
#include "inside.h"

struct checked {
	const struct program *p;
	const struct extent *e;
};

static int is_text(const struct checked *c, uint32_t at, uint32_t size) {
	return (uint64_t)at + size <= c->e->pool;
}
/* Lists are gone through for each value of a message: none is longer than any of ours could be. */
static int is_part(uint32_t first, uint32_t count, uint32_t all) {
	return count <= LONGEST_LIST && (uint64_t)first + count <= all;
}
/* Numbers have 8 bytes at most; what an array holds fills it. */
static int is_size(const struct row *r) {
	switch (r->op) {
	case OP_INT: return r->size >= 1 && r->size <= 8;
	case OP_VARINT: return r->size == -1 || (r->size >= 1 && r->size <= 8);
	case OP_ARRAY: return r->unit <= 8 && (r->size == -1 || !((uint32_t)r->size % r->unit));
	default: return r->size >= -1;
	}
}
static int is_target(const struct checked *c, const struct row *r) {
	switch (r->op) {
	case OP_NEST: return r->target < c->e->sets;
	case OP_STRUCT: return r->target < c->e->structs;
	case OP_STRUCTS:
	case OP_RECORDS: return r->target < c->e->structs && r->names < c->e->rows - 1 && r->unit;
	case OP_ARRAY: return r->target < c->e->rows && r->unit && c->p->rows[r->target].op == OP_INT;
	case OP_SECRET:
	case OP_PAD: return r->unit != 0;
	case OP_TEXT: return r->target <= UINT8_MAX;
	default: return r->op <= OP_PAIRS && (r->unit || !(r->marks & STEPPED));
	}
}
static int is_row(const struct checked *c, const struct row *r) {
	int holds = r->op == OP_STRUCTS || r->op == OP_RECORDS;
	int is_key =
	        r->key_size >= 3 || (!r->key_size && (r->op == OP_ODD || r->marks & UNKNOWN)); /* quotes and colon */
	return is_key && is_text(c, r->key, r->key_size) && is_text(c, r->word, r->word_size) && is_target(c, r) &&
	       (holds || is_part(r->names, r->name_count, c->e->named)) && r->choice < c->e->choices && is_size(r) &&
	       r->counted >= -1 && r->wanted < c->p->wanted_count && r->also < c->p->wanted_count &&
	       r->selector < c->e->selector_names && r->present < c->e->selector_names && r->refers <= 2 &&
	       r->json <= ASKED && r->brief <= HANDLE && r->tree <= HANDLE && r->points <= POINTS_NEST &&
	       is_part(r->silent, r->silent_count, c->e->silents);
}
static int is_set(const struct checked *c, const struct set *s) {
	return is_part(s->first, s->count, c->e->numbers) && s->element < c->e->rows - 1 &&
	       is_part(s->own, s->own_count, c->e->selectors) && s->tmpl < c->e->templates &&
	       s->size >= (s->wide ? 4 : 2) && s->align && !(s->align & (s->align - 1)) && s->order <= 2 &&
	       s->odd <= SEQUENCE && s->unknown <= 2 && is_text(c, s->prefix, s->prefix_size);
}
/* What is counted by a field is counted by one before it. */
static int is_strct(const struct checked *c, const struct strct *s) {
	if (!is_part(s->first, s->count, c->e->fields)) return 0;
	for (uint32_t i = 0; i < s->count; i++) {
		uint32_t field = c->p->fields[s->first + i];
		if (field >= c->e->rows || c->p->rows[field].counted >= (int32_t)i) return 0;
	}
	return s->tmpl < c->e->templates && s->told < c->e->sets;
}
/* The next group stands before this one: there is an end to them. */
static int is_choice(const struct checked *c, uint32_t at) {
	const struct choice *one = c->p->choices + at;
	if (one->name_count > 4 || !is_part(one->first, one->count, c->e->choosings)) return 0;
	for (int i = 0; i < 4; i++)
		if (one->names[i] >= c->e->selector_names) return 0;
	return !at || one->next < at;
}
static int is_choosing(const struct checked *c, const struct choosing *one) {
	for (int i = 0; i < 4; i++)
		if (!is_text(c, one->text[i], one->size[i]) || one->kind[i] > 2) return 0;
	return one->row < c->e->rows - 1;
}
/* A name in JSON has quotes. */
static int is_named(const struct checked *c, const struct named *n) {
	return n->json_size >= 2 && is_text(c, n->json, n->json_size) && is_text(c, n->brief, n->brief_size) &&
	       is_text(c, n->off, n->off_size);
}
static int is_template_part(const struct checked *c, uint32_t at) {
	const struct part *one = c->p->parts + at;
	switch (one->kind) {
	case PART_TEXT: return is_text(c, one->a, one->b);
	case PART_FIELD: return is_part(one->a, one->b, c->e->alternatives);
	case PART_GROUP: return one->a < c->e->parts - at && one->b < c->p->wanted_count;
	default: return 0;
	}
}
/* Groups end where those around them do, or before. */
static int are_nested(const struct checked *c) {
	uint32_t ends[DEEPEST], depth = 0;
	for (uint32_t at = 0; at < c->e->parts; at++) {
		const struct part *one = c->p->parts + at;
		while (depth && ends[depth - 1] <= at) depth--;
		if (one->kind != PART_GROUP) continue;
		uint32_t end = at + 1 + one->a;
		if (depth == DEEPEST || (depth && end > ends[depth - 1])) return 0;
		ends[depth++] = end;
	}
	return 1;
}
static int is_alternative(const struct checked *c, const struct alternative *a) {
	if (a->mode > MODE_PHRASES || a->test > TEST_TO || a->path_size > 4 || a->other_size > 4) return 0;
	if (a->mode == MODE_MASKED && !(a->path_size && a->other_size)) return 0;
	if (a->test == TEST_ALIKE && !a->other_size) return 0;
	for (int i = 0; i < 4; i++)
		if (a->path[i] >= c->p->wanted_count || a->other[i] >= c->p->wanted_count) return 0;
	return is_text(c, a->text, a->size);
}

#define EVERY(count, test)                                                                                             \
	for (uint32_t i = 0; i < (count); i++)                                                                         \
		if (!(test)) return 0

/* 1 if it can be run; 0: it can't. */
int nl_check(const struct program *p, const struct extent *e) {
	const struct checked c[1] = {{p, e}};
	if (!e->rows || !e->sets || !e->structs || !e->choices || !e->templates || !e->selector_names) return 0;
	if (p->undecoded >= e->rows || p->secret >= e->rows || p->leftover >= e->rows || p->row_count != e->rows)
		return 0;
	EVERY(e->rows, is_row(c, p->rows + i));
	EVERY(e->sets, !i || is_set(c, p->sets + i));
	EVERY(e->numbers, p->numbers[i] < e->rows - 1); /* each row has another behind it */
	EVERY(e->fields, p->fields[i] < e->rows - 1);
	EVERY(e->selectors, p->selectors[i] < e->selector_names);
	EVERY(e->structs, is_strct(c, p->structs + i));
	EVERY(e->choices, is_choice(c, i));
	EVERY(e->choosings, is_choosing(c, p->choosings + i));
	EVERY(e->named, !i || is_named(c, p->named + i));
	EVERY(e->templates, is_part(p->tmpls[i].first, p->tmpls[i].count, e->parts));
	EVERY(e->parts, is_template_part(c, i));
	if (!are_nested(c)) return 0;
	EVERY(e->alternatives, is_alternative(c, p->alternatives + i));
	EVERY(e->selector_names, is_text(c, p->selector_names[i].text, p->selector_names[i].size));
	return 1;
}
