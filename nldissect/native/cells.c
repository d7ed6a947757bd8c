/* Lines of cells: the values of the fields that were asked for, as render/field_cells.py writes them. */
#include "inside.h"
#include "scan.h"

enum { NLMSG_ERROR = 2, NLMSG_DONE = 3 };

/* The nodes that each column shows, in the order of the bytes. */
struct shown {
	uint32_t first[MOST_COLUMNS], last[MOST_COLUMNS];
};

/* ---- values ---- */

/* Names that are written as JSON, without its quotes. */
static void put_unquoted(struct core *c, struct buffer *b, const struct named *n) {
	put(b, c->p->pool + n->json + 1, n->json_size - 2);
}
static void put_bits(struct core *c, struct buffer *b, const struct row *r, uint64_t value) {
	const struct named *all = c->p->named + r->names;
	int many = 0;
	for (uint32_t i = 0; i < r->name_count; i++) { /* single bits, from the low one up */
		if (!(value & (uint64_t)all[i].value)) continue;
		value ^= (uint64_t)all[i].value;
		if (many++) put_byte(b, '|');
		put_unquoted(c, b, all + i);
	}
	if (many && value) put_byte(b, '|');
	if (value)
		put_hex_number(b, value);
	else if (!many)
		put_byte(b, '0');
}
static void put_number(struct core *c, struct buffer *b, uint32_t row, uint32_t start, uint32_t end) {
	const struct row *r = c->p->rows + row;
	if (r->json == ASKED) {
		put_recalled(c, b, row, FORM_CELL, c->data + start, end - start);
		return;
	}
	int64_t value = value_of(c, r, start, end);
	const struct named *n = r->json == ENUM ? named_value(c, r, value) : 0;
	if (r->json == FLAGS)
		put_bits(c, b, r, (uint64_t)value);
	else if (n)
		put_unquoted(c, b, n);
	else if (r->marks & SIGNED)
		put_signed(b, value);
	else
		put_unsigned(b, (uint64_t)value);
}
/* Names one after another where all elements have one; else a list in JSON. */
static void put_numbers(struct core *c, struct buffer *b, uint32_t at) {
	const struct node *n = c->nodes + at;
	const struct row *r = c->p->rows + n->row, *one = c->p->rows + r->target;
	int all = one->json == ENUM || n->start == n->end;
	for (uint32_t i = n->start; all && i < n->end; i += r->unit)
		all = named_value(c, one, value_of(c, one, i, i + r->unit)) != 0;
	if (!all) {
		put_node_json(c, b, at);
		return;
	}
	if (n->start == n->end) put_byte(b, '0');
	for (uint32_t i = n->start; i < n->end; i += r->unit) {
		if (i != n->start) put_byte(b, '|');
		put_unquoted(c, b, named_value(c, one, value_of(c, one, i, i + r->unit)));
	}
}
static void put_secret(struct core *c, struct buffer *b, const struct node *n) {
	if (c->job->shows_secrets) {
		put_hex(b, c->data + n->start, n->end - n->start);
		return;
	}
	PUT(b, "<secret, ");
	put_unsigned(b, n->end - n->start);
	PUT(b, " bytes>");
}
static void put_value(struct core *c, struct buffer *b, uint32_t at) {
	const struct node *n = c->nodes + at;
	const struct row *r = c->p->rows + n->row;
	const uint8_t *raw = c->data + n->start;
	uint32_t size = n->end - n->start, real;
	int64_t text;
	if (n->masked) {
		c->odd = W_SEALED;
		return;
	}
	switch (r->op) {
	case OP_INT:
	case OP_VARINT: put_number(c, b, n->row, n->start, n->end); break;
	case OP_TEXT:
		text = text_size(raw, text_bytes(c, r, n->start, n->end));
		if (text < 0)
			put_recalled(c, b, n->row, FORM_CELL, raw, size);
		else
			put_escaped(b, raw, (size_t)text);
		break;
	case OP_ADDRESS:
		real = address_size(c, r, n);
		if (real)
			put_address(c, b, n, real);
		else
			put_recalled(c, b, n->row, FORM_CELL, raw, size);
		break;
	case OP_MAC: put_mac(b, raw, size); break;
	case OP_BYTES: put_hex(b, raw, size); break;
	case OP_FLAG: PUT(b, "true"); break;
	case OP_SECRET: put_secret(c, b, n); break;
	case OP_ARRAY: put_numbers(c, b, at); break;
	case OP_LEAF: put_recalled(c, b, n->row, FORM_CELL, raw, size); break;
	default: put_node_json(c, b, at);
	}
}

/* ---- cells ---- */

/* A cell, and how many values it has so far. */
struct cell {
	size_t begin;
	uint32_t count;
};
/* Makes room for the next value; 0: it is not shown. */
static int next_value(const struct cells *s, struct buffer *b, struct cell *cell) {
	if (cell->count++) {
		if (s->occurrence == 'f') return 0;
		if (s->occurrence == 'l')
			b->used = cell->begin;
		else
			put(b, s->texts + s->aggregator.text, s->aggregator.size);
	}
	return 1;
}
static int is_leaf(uint8_t op) {
	return (op >= OP_INT && op <= OP_ARRAY) || op == OP_PAIRS;
}
/* The row of an array's elements; 0: it is none. */
static uint32_t element_of(const struct core *c, const struct node *n) {
	const struct row *r = c->p->rows + n->row;
	return r->op == OP_NEST ? c->p->sets[r->target].element : 0;
}
/* The elements of an array that are values, and those of arrays that are its elements. */
static void put_elements(struct core *c, struct buffer *b, const struct cells *s, struct cell *cell, uint32_t at) {
	uint32_t element = element_of(c, c->nodes + at);
	const struct row *one = c->p->rows + element;
	for (uint32_t i = element ? c->nodes[at].first : 0; i; i = c->nodes[i].next) {
		if (one->choice || one->op == OP_ODD) c->odd = W_ELEMENT;
		if (c->nodes[i].row != element) continue;
		if (!is_leaf(one->op))
			put_elements(c, b, s, cell, i);
		else if (next_value(s, b, cell))
			put_value(c, b, i);
	}
}
/* Elements that are values stand for their array. */
static void put_nodes(struct core *c, struct buffer *b, const struct cells *s, struct cell *cell, uint32_t hit) {
	for (; hit; hit = s->hits[hit].next) {
		uint32_t at = s->hits[hit].node, element = element_of(c, c->nodes + at);
		int stand = element && is_leaf(c->p->rows[element].op);
		if (!stand && next_value(s, b, cell)) put_value(c, b, at);
		put_elements(c, b, s, cell, at);
	}
}
/* What an acknowledgement says. */
static void put_answer(struct core *c, struct buffer *b, const struct cells *s, const struct cell_source *column,
                       uint32_t layer, uint16_t type) {
	uint32_t at = layer && (type == NLMSG_ERROR || type == NLMSG_DONE) ? answer(c, layer, column->name) : 0;
	if (!at) return;
	const struct node *n = c->nodes + at;
	const struct row *r = c->p->rows + n->row;
	if (column->what == TEST_OF_TEXT && r->op == OP_TEXT) {
		int64_t text = text_size(c->data + n->start, text_bytes(c, r, n->start, n->end));
		if (text < 0)
			c->odd = W_LEAF;
		else
			put_escaped(b, c->data + n->start, (size_t)text);
	}
	if (column->what != TEST_OF_ERROR || r->op != OP_INT) return;
	uint64_t value = 0 - (uint64_t)value_of(c, r, n->start, n->end);
	if (!value) return;
	if (value < s->error_count && s->errors[value].size)
		put(b, s->texts + s->errors[value].text, s->errors[value].size);
	else
		put_signed(b, (int64_t)value);
}
static void put_frame_time(struct core *c, struct buffer *b, const struct cells *s, const struct item *i,
                           enum test_of what) {
	const struct frame *f = s->frames + i->frame;
	uint64_t time;
	if (!s->is_timed) {
		c->odd = W_ROOM;
		return;
	}
	if (!number_of(i, f, what, &time) || (what == TEST_OF_RELATIVE && !s->has_first)) return;
	if (what == TEST_OF_RELATIVE) time -= (uint64_t)s->first_time;
	put_time(b, (int64_t)time, s->sources[f->source].decimals);
}
static void put_remarks(struct core *c, struct buffer *b, const struct cells *s, struct cell *cell, enum test_of what) {
	const struct head *h = c->head;
	if (h->words_size && next_value(s, b, cell)) {
		if (what == CELL_OF_NOTES)
			put_escaped(b, c->p->pool + h->words, h->words_size);
		else
			PUT(b, "note");
	}
	for (uint32_t i = 0; i < c->note_count; i++) {
		const struct note *n = c->notes + i;
		if (!next_value(s, b, cell)) continue;
		if (what == CELL_OF_NOTES)
			put_escaped(b, c->noted + n->text, n->size);
		else if (n->is_warning)
			PUT(b, "warning");
		else
			PUT(b, "note");
	}
}
static void put_cell(struct core *c, struct buffer *b, uint32_t place, uint32_t hit, uint32_t layer) {
	const struct cells *s = c->job->cells;
	const struct cell_source *column = s->columns + place;
	const struct item *i = s->items + (c->message - c->job->messages);
	const struct words *fixed = s->fixed + (size_t)c->message->head * s->column_count + place;
	uint16_t source = s->frames[i->frame].source;
	struct cell cell = {b->used, 0};
	uint64_t number;
	switch (column->what) {
	case TEST_OF_HEAD: put(b, s->texts + fixed->text, fixed->size); break;
	case TEST_OF_NODES: put_nodes(c, b, s, &cell, hit); break;
	case TEST_OF_ERROR:
	case TEST_OF_TEXT: put_answer(c, b, s, column, layer, i->type); break;
	case TEST_OF_TIME:
	case TEST_OF_RELATIVE: put_frame_time(c, b, s, i, column->what); break;
	case CELL_OF_INTERFACE:
	case CELL_OF_NETNS:
		if (source < s->source_count) {
			const struct words *name = s->interfaces + source;
			if (column->what == CELL_OF_NETNS) name += s->source_count;
			put(b, s->texts + name->text, name->size);
		}
		break;
	case CELL_OF_SUMMARY: put_summary(c, b, layer); break;
	case CELL_OF_NOTES:
	case CELL_OF_SEVERITIES: put_remarks(c, b, s, &cell, column->what); break;
	default:
		if (number_of(i, s->frames + i->frame, column->what, &number)) put_unsigned(b, number);
	}
}
static int has_part(const uint8_t *text, size_t n, const uint8_t *part, size_t m) {
	for (size_t i = 0; m && i + m <= n; i++)
		if (text[i] == part[0] && !memcmp(text + i, part, m)) return 1;
	return 0;
}
/* Puts quotes around the cell that begins at `begin`, if it needs them; those inside are doubled. */
static void quote(const struct cells *s, struct buffer *b, size_t begin) {
	const uint8_t *text = b->p + begin;
	size_t size = b->used - begin, more = 2;
	uint8_t mark = s->quote;
	if (!mark && s->is_csv) {
		int needs = memchr(text, '"', size) || memchr(text, '\n', size) || memchr(text, '\r', size) ||
		            has_part(text, size, s->texts + s->separator.text, s->separator.size);
		mark = needs ? '"' : 0;
	}
	if (!mark || b->full) return;
	for (size_t i = 0; i < size; i++) more += text[i] == mark;
	if (b->room - b->used < more) {
		b->full = 1;
		return;
	}
	uint8_t *to = b->p + b->used + more;
	b->used += more;
	*--to = mark;
	for (const uint8_t *from = text + size; from > text;) {
		*--to = *--from;
		if (*to == mark) *--to = mark;
	}
	*--to = mark;
}

/* ---- messages ---- */

/* Turns to a message; returns how its body is looked at: LEFT or NOT_LOOKED_INTO, not at all. */
enum look begin_cells(struct core *c) {
	const struct cells *s = c->job->cells;
	uint32_t head = c->message->head;
	enum look look = head < s->head_count ? s->looks[head] : LEFT;
	begin_message(c);
	if (look == LEFT || s->column_count > MOST_COLUMNS) {
		c->odd = W_HEAD;
		return LEFT;
	}
	const struct head *h = c->head;
	int is_shown = h->layer < s->row_count && s->needed[h->layer] == SHOWN;
	if (look == LOOKED_INTO && !h->keyed && !is_shown) {
		c->needed = s->needed;
		c->needed_count = s->row_count;
	}
	return look;
}
/* Finds the nodes of each column. The request that an acknowledgement repeats is not looked into. */
static void gather(struct core *c, const struct cells *s, struct shown *shown) {
	uint32_t count = 1;
	memset(shown->first, 0, sizeof *shown->first * s->column_count);
	for (uint32_t at = 1; at < c->node_count; at++) {
		if (c->echo.node && at == c->echo.first && c->echo.last > at) {
			at = c->echo.last - 1;
			continue;
		}
		uint32_t row = c->nodes[at].row;
		for (uint32_t p = row < s->row_count ? s->of_row[row] : 0; p; p = s->probes[p].next) {
			const struct probe *probe = s->probes + p;
			if (probe->inside && !is_inside(c, at, probe->inside)) continue;
			if (count >= s->hit_room) {
				c->odd = W_ROOM;
				return;
			}
			s->hits[count] = (struct hit){at, 0};
			if (shown->first[probe->test])
				s->hits[shown->last[probe->test]].next = count;
			else
				shown->first[probe->test] = count;
			shown->last[probe->test] = count++;
		}
	}
}
/* Writes the line of a message, whose nodes were read; `layer` is its body, 0: it was not looked into. */
void put_cells(struct core *c, struct buffer *b, uint32_t layer) {
	const struct cells *s = c->job->cells;
	struct shown shown;
	gather(c, s, &shown);
	for (uint32_t i = 0; i < s->column_count && !c->odd; i++) {
		if (i) put(b, s->texts + s->separator.text, s->separator.size);
		size_t begin = b->used;
		put_cell(c, b, i, shown.first[i], layer);
		quote(s, b, begin);
	}
	put_byte(b, '\n');
}
