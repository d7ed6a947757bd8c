/* Summaries: templates filled from nodes. */
#include "inside.h"

/* ---- summaries ---- */

/* Whether the capture gives a number a name here. */
int name_given(struct core *c, uint16_t what, uint32_t number, struct span *out) {
	struct job *j = c->job;
	uint32_t space = c->message->space;
	uint32_t at = (uint32_t)mixed((uint64_t)space << 40 | (uint64_t)what << 32 | number) & j->slot_mask;
	for (; j->slots[at].what; at = (at + 1) & j->slot_mask) {
		const struct slot *s = j->slots + at;
		if (s->number != number || s->what != what || s->space != space) continue;
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
	j->slots[at] = (struct slot){number, 0, 0, space, SOUGHT, what};
	j->misses[j->miss_count++] = (struct miss){at, what, FORM_NAME, space, number, 0};
	return 0;
}
/* Lines within lines may ask for one another more often than there are nodes: a summary takes steps by the size of its
 * message, and one that takes more is left to the caller. */
static int has_work(struct core *c) {
	if (c->work) {
		c->work--;
		return 1;
	}
	c->odd = W_WORK;
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
	if (n->masked) {
		PUT(b, "<may be a key, ");
		put_unsigned(b, size);
		PUT(b, " bytes>");
		return;
	}
	switch (r->op) {
	case OP_INT:
	case OP_VARINT:
		value = value_of(c, r, n->start, n->end);
		if (is_silent(c, r, value)) return;
		if (r->refers) {
			struct span s;
			if (value > 0 && value <= UINT32_MAX && name_given(c, r->refers, (uint32_t)value, &s)) {
				put(b, c->job->names + s.text, s.size);
				return;
			}
			if (!value) return;
			const struct named *name = r->brief == ENUM ? named_value(c, r, value) : 0;
			if (name && name->brief_size) {
				put(b, c->p->pool + name->brief, name->brief_size);
				return;
			}
			if (!name && value > 0 && r->refers == INTERFACES) {
				PUT(b, "if");
				put_signed(b, value);
				return;
			}
			put_recalled(c, b, n->row, FORM_BRIEF, raw, size);
			return;
		}
		if (r->brief == FLAGS)
			put_flags(c, b, r, (uint64_t)value, 0);
		else if (r->brief == HEXADECIMAL)
			put_hex_number(b, (uint64_t)value);
		else if (r->brief >= SECONDS && r->brief <= CLOCK_T) {
			if (!put_measured_brief(b, r, value)) put_recalled(c, b, n->row, FORM_BRIEF, raw, size);
		} else {
			const struct named *name =
			        r->brief == PLAIN || r->brief == ASKED ? 0 : named_value(c, r, value);
			if (name)
				put(b, c->p->pool + name->brief, name->brief_size);
			else if (r->brief == ASKED || r->brief == NAMED_OR_ASKED)
				put_recalled(c, b, n->row, FORM_BRIEF, raw, size);
			else if (r->brief == HANDLE)
				put_handle(b, (uint32_t)value);
			else if (r->marks & SIGNED)
				put_signed(b, value);
			else
				put_unsigned(b, (uint64_t)value);
		}
		return;
	case OP_TEXT:
		text = text_size(raw, text_bytes(c, r, n->start, n->end));
		if (text < 0)
			put_recalled(c, b, n->row, FORM_BRIEF, raw, size);
		else
			put_escaped(b, raw, (size_t)text);
		return;
	case OP_PAIRS:
		if (!put_pairs(b, raw, size)) put_recalled(c, b, n->row, FORM_BRIEF, raw, size);
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
		if (!c->echo.head) return;
		if (c->message->asked_size)
			put(b, c->job->texts + c->message->asked, c->message->asked_size);
		else
			put(b, c->p->pool + c->echo.head->called, c->echo.head->called_size);
		return;
	default: put_recalled(c, b, n->row, FORM_BRIEF, raw, size);
	}
}
/* Whether it is what follows the number of an attribute, which JSON alone shows. */
static int is_surplus(const struct node *n) {
	return n->depth == SURPLUS_DEPTH;
}
static int is_list(const struct row *r) {
	return r->op == OP_NEST || r->op == OP_STRUCT || r->op == OP_STRUCTS || r->op == OP_RECORDS;
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
			if (!at || !has_work(c)) break;
			const struct node *node = c->nodes + at;
			if (top == level) {
				more |= node->first;
				if (is_called(c->p->rows + node->row, path[0])) {
					if (n == 1) return at;
					if (c->p->rows[node->row].marks & KEYED) {
						if (n > 2) c->odd = W_TEMPLATE;
						c->part = path[1];
						return at;
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
		if (!more || c->odd) return 0;
	}
	return 0;
}
struct view {
	uint32_t first;
	int whole;
}; /* where a template looks: the message, or what a node holds */

static uint32_t find_named(struct core *c, struct view v, const struct alternative *a, const uint16_t *path,
                           uint32_t n) {
	c->part = 0;
	if (!v.whole) return find_in(c, v.first, path, n, DEEPEST);
	if (n == 1) {
		const struct found *f = c->found + path[0];
		if (f->stamp != c->stamp) return 0;
		return a->own && c->nodes[f->node].depth > 2 ? 0 : f->node;
	}
	const struct found *f = c->found + path[0];
	if (f->stamp != c->stamp) return 0;
	const struct node *outer = c->nodes + f->node;
	if (!(a->own && outer->depth > 2) && !(c->p->rows[outer->row].marks & KEYED)) {
		uint32_t inner = find_in(c, outer->first, path + 1, n - 1, DEEPEST);
		if (inner) return inner;
	}
	return find_in(c, v.first, path, n, a->own ? 3 : DEEPEST);
}
static int holds(struct core *c, const struct alternative *a, uint32_t at, struct view v) {
	const struct row *r = at ? c->p->rows + c->nodes[at].row : 0;
	const uint8_t *wanted = c->p->pool + a->text;
	if (a->test == TEST_TO) return c->head->to_kernel ? a->size == 6 : a->size == 4;
	if (a->test == TEST_TYPE)
		return a->size == c->head->name_size && !memcmp(wanted, c->p->pool + c->head->name, a->size);
	if (!at) return 0;
	if (c->part) c->odd = W_CONDITION;
	if (a->test == TEST_THERE) return 1;
	if (r->op == OP_UNDECODED && a->test != TEST_ALIKE) return 0;
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
	if (r->op == OP_UNDECODED || k->op == OP_UNDECODED) return;
	if (r->op != OP_INT || k->op != OP_INT || r->json != FLAGS) {
		c->odd = W_TEMPLATE;
		return;
	}
	uint64_t value = (uint64_t)value_of(c, r, n->start, n->end),
	         wanted = (uint64_t)value_of(c, k, m->start, m->end);
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
			if (!has_work(c)) return;
			if (at == c->echo.first && c->echo.last > at) at = c->echo.last - 1;
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
/* Whether the function of an alternative asks for nodes of a name: its names are numbers in `text`. */
static int asks_for(struct core *c, const struct alternative *a, uint16_t name) {
	uint16_t one;
	for (uint32_t at = 0; name && at + sizeof one <= a->size && has_work(c); at += sizeof one) {
		memcpy(&one, c->p->pool + a->text + at, sizeof one);
		if (one == name) return 1;
	}
	return 0;
}
/* Nodes as text, see wire/text_nodes.py. */
static void put_text_nodes(struct core *c, struct buffer *b, const struct alternative *a, uint32_t first,
                           uint8_t depth) {
	for (uint32_t at = first; at && !b->full && has_work(c); at = c->nodes[at].next) {
		const struct node *n = c->nodes + at;
		uint16_t name = c->p->rows[n->row].wanted, head[2] = {asks_for(c, a, name) ? name : 0, 0};
		if (is_surplus(n) || (depth && !n->first && !head[0] && at != first))
			continue; /* the first tells of some */
		put_byte(b, depth);
		size_t mark = b->used;
		put(b, head, sizeof head);
		if (!n->first && (head[0] || !depth)) put_brief(c, b, at);
		if (b->full) return;
		head[1] = (uint16_t)(b->used - mark - sizeof head);
		memcpy(b->p + mark, head, sizeof head);
		put_text_nodes(c, b, a, n->first, depth + 1);
	}
}
/* What a function writes of an attribute: by the texts in it, which are the key; the caller finds them where that is
 * about to be kept, which it counts from the beginning of the core. */
static void put_composed(struct core *c, struct buffer *b, const struct alternative *a, uint32_t at) {
	uint8_t room[LONGEST_KEY];
	struct buffer key = {room, 0, sizeof room, 0};
	uint32_t missed = c->missed;
	put_text_nodes(c, &key, a, c->nodes[at].first, 0);
	if (key.full) c->odd = W_ROOM;
	if (c->odd || c->missed > missed) return;
	const struct entry *e =
	        recall_as(c, (uint32_t)(a - c->p->alternatives), FORM_COMPOSED, 0, key.p, (uint32_t)key.used,
		          (uint64_t)(c->leaves + c->leaf_used - (uint8_t *)c), (uint32_t)key.used);
	if (e) put(b, c->leaves + e->text, e->text_size);
}

/* ---- words before values: wire/phrases.py ---- */

enum { BEGINS = 1, DEEP = 2, LISTED = 4, MOST_PHRASES = 32 };
struct phrase {
	const uint8_t *word;
	uint32_t size;
	uint16_t name;
	uint8_t marks;
};
struct phrases {
	struct phrase all[MOST_PHRASES]; /* the first: its word is the opening */
	uint32_t count, levels;
};
static void unpack_phrases(const struct core *c, const struct alternative *a, struct phrases *p) {
	const uint8_t *at = c->p->pool + a->text, *end = at + a->size;
	p->count = p->levels = 0;
	if (a->size < 2 || end - at - 2 < at[1]) return;
	p->levels = at[0];
	p->all[p->count++] = (struct phrase){at + 2, at[1], 0, 0};
	for (at += 2 + at[1]; p->count < MOST_PHRASES && end - at >= 4 && end - at - 4 >= at[1]; at += 4 + at[1]) {
		struct phrase *one = p->all + p->count++;
		*one = (struct phrase){at + 4, at[1], 0, at[0]};
		memcpy(&one->name, at + 2, sizeof one->name);
	}
}
static void put_listed(struct buffer *b, size_t from) {
	for (size_t i = from; i < b->used; i++) {
		if (b->p[i] == ',') b->p[i] = ' ';
		if (b->p[i] >= 'A' && b->p[i] <= 'Z') b->p[i] += 'a' - 'A';
	}
}
/* One thing: of each name the first node, outer before inner. */
static void put_thing(struct core *c, struct buffer *b, const struct phrases *p, uint32_t thing) {
	uint32_t found[MOST_PHRASES] = {0}, depth = c->nodes[thing].depth;
	const struct phrase *before = 0;
	for (uint32_t at = thing + 1; at < c->node_count && c->nodes[at].depth > depth && has_work(c); at++) {
		const struct node *n = c->nodes + at;
		uint16_t name = c->p->rows[n->row].wanted;
		for (uint32_t i = 1; name && i < p->count; i++)
			if (p->all[i].name == name && (p->all[i].marks & DEEP || n->depth - depth <= p->levels) &&
			    (!found[i] || c->nodes[found[i]].depth > n->depth))
				found[i] = at;
	}
	put(b, p->all[0].word, p->all[0].size);
	for (uint32_t i = 1; i < p->count; i++) {
		if (p->all[i].marks & BEGINS) before = p->all + i;
		if (!found[i] || c->nodes[found[i]].count) continue;
		size_t mark = b->used;
		put_byte(b, ' ');
		if (before && before->size) {
			put(b, before->word, before->size);
			put_byte(b, ' ');
		}
		size_t text = b->used;
		put_brief(c, b, found[i]);
		if (b->used == text)
			b->used = mark;
		else
			before = 0;
		if (p->all[i].marks & LISTED) put_listed(b, text);
	}
}
static void put_phrases(struct core *c, struct buffer *b, const struct alternative *a, uint32_t at) {
	struct phrases p;
	int count = 0;
	unpack_phrases(c, a, &p);
	for (uint32_t one = c->nodes[at].first; p.count && one && has_work(c); one = c->nodes[one].next) {
		if (is_surplus(c->nodes + one)) continue;
		if (count) put_byte(b, ' ');
		if (count++ == 8) {
			PUT(b, "...");
			return;
		}
		if (c->nodes[one].count)
			put_thing(c, b, &p, one);
		else
			put_brief(c, b, one);
	}
}

/* Writes what an alternative that is no condition stands for; nothing where it is absent or says nothing. */
static void put_value(struct core *c, struct buffer *b, struct view v, const struct alternative *a) {
	if (!has_work(c)) return;
	if (a->mode == MODE_TEXT) {
		put(b, c->p->pool + a->text, a->size);
		return;
	}
	if (a->mode == MODE_ODD) {
		c->odd = W_TEMPLATE;
		return;
	}
	if (a->mode == MODE_BESIDE) {
		const struct node *body = c->nodes + v.first;
		if (!v.whole) c->odd = W_TEMPLATE;
		if (!v.whole || !v.first) return;
		put_recalled(c, b, (uint32_t)(a - c->p->alternatives), FORM_BESIDE, c->data + body->start,
		             body->end - body->start);
		return;
	}
	if (a->mode == MODE_EVERY) {
		put_every(c, b, v, a->path[0]);
		return;
	}
	if (a->mode == MODE_MASKED) {
		uint32_t flags = find_named(c, v, a, a->path, a->path_size),
		         mask = find_named(c, v, a, a->other, a->other_size);
		if (c->part) c->odd = W_TEMPLATE;
		if (flags && mask) put_masked(c, b, flags, mask);
		return;
	}
	uint32_t at = a->path_size ? find_named(c, v, a, a->path, a->path_size) : 0;
	if (!at && a->points) put_pointed(c, b, a->points);
	if (!at) return;
	const struct node *n = c->nodes + at;
	const struct row *r = c->p->rows + n->row;
	if (c->part && a->mode == MODE_PLAIN && r->op == OP_PAIRS) {
		struct pair found;
		const uint8_t *raw = c->data + n->start;
		int there = find_pair(&found, raw, n->end - n->start, c->p->pool + a->text, a->size);
		if (there > 0) put_escaped(b, found.value, found.value_size);
		if (there >= 0) return;
	}
	if (c->part && (a->mode != MODE_PLAIN || n->row > 0xffff)) {
		c->odd = W_TEMPLATE;
		return;
	}
	if (c->part) {
		uint32_t row = (uint32_t)c->part << 16 | n->row;
		put_recalled(c, b, row, FORM_PART, c->data + n->start, n->end - n->start);
		return;
	}
	switch (a->mode) {
	case MODE_COUNT:
		if (r->op == OP_ARRAY)
			put_unsigned(b, (n->end - n->start) / r->unit);
		else if (r->op == OP_NEST || r->op == OP_STRUCT || r->op == OP_STRUCTS || r->op == OP_RECORDS)
			put_unsigned(b, n->count);
		else if (r->op == OP_PAIRS && count_pairs(c->data + n->start, n->end - n->start) >= 0)
			put_unsigned(b, (uint64_t)count_pairs(c->data + n->start, n->end - n->start));
		else if (r->op == OP_LEAF || r->op == OP_PAIRS)
			put_recalled(c, b, n->row, FORM_COUNT, c->data + n->start, n->end - n->start);
		else if (r->op != OP_UNDECODED && r->op != OP_SECRET)
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
		if (r->op != OP_INT || !r->refers) {
			c->odd = W_TEMPLATE;
			return;
		}
		struct span s;
		int64_t value = value_of(c, r, n->start, n->end);
		if (value > 0 && value <= UINT32_MAX && name_given(c, r->refers, (uint32_t)value, &s))
			put(b, c->job->names + s.text, s.size);
		return;
	}
	case MODE_COMPOSED:
		if (v.whole && is_list(r)) {
			put_composed(c, b, a, at);
			return;
		}
		put_line(c, b, at);
		return;
	case MODE_PHRASES:
		if (v.whole && is_list(r))
			put_phrases(c, b, a, at);
		else
			put_line(c, b, at);
		return;
	case MODE_LINE: put_line(c, b, at); return;
	default: put_brief(c, b, at);
	}
}
/* Returns whether it is a condition that holds, which writes nothing. */
static int put_alternative(struct core *c, struct buffer *b, struct view v, const struct alternative *a) {
	if (a->mode != MODE_IF && a->mode != MODE_UNLESS) {
		put_value(c, b, v, a);
		return 0;
	}
	if (!has_work(c)) return 0;
	uint32_t at = a->path_size ? find_named(c, v, a, a->path, a->path_size) : 0;
	return holds(c, a, at, v) == (a->mode == MODE_IF);
}
static int fill(struct core *c, struct buffer *b, struct view v, uint32_t first, uint32_t count, int group) {
	size_t before = b->used, latest = 0;
	int some = 0; /* where the text before begins */
	int whole = 1;
	const struct part *parts = c->p->parts;
	const uint8_t *pool = c->p->pool;
	for (uint32_t i = first; i < first + count && !c->odd; i++) {
		const struct part *p = parts + i;
		size_t mark = b->used;
		if (p->kind == PART_TEXT) {
			const uint8_t *text = pool + p->a;
			if (p->b && text[0] == ':' && some && memchr(b->p + latest, ':', b->used - latest)) {
				size_t size = b->used - latest;
				PUT(b, "[]");
				if (b->full) return 0;
				memmove(b->p + latest + 1, b->p + latest, size);
				b->p[latest] = '[';
				b->p[b->used - 1] = ']';
				mark = b->used;
			}
			int again = p->b && text[0] == ' ' && b->used && b->p[b->used - 1] == ' ';
			put(b, text + again, p->b - (uint32_t)again);
		} else if (p->kind == PART_FIELD) {
			int holds = 0;
			for (uint32_t k = 0; k < p->b && b->used == mark && !holds && !c->odd; k++)
				holds = put_alternative(c, b, v, c->p->alternatives + p->a + k);
			if (b->used == mark && !holds) {
				if (group) {
					b->used = before;
					return 0;
				}
				whole = 0;
			}
		} else {
			int there =
			        !(p->b && v.whole && c->found[p->b].stamp != c->stamp) && fill(c, b, v, i + 1, p->a, 1);
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
static int has_blanks_twice(const uint8_t *text, size_t n) {
	const uint64_t blanks = 0x2020202020202020, ones = 0x0101010101010101;
	size_t i = 0;
	for (; i + 9 <= n; i += 8) {
		uint64_t one, next;
		memcpy(&one, text + i, 8);
		memcpy(&next, text + i + 1, 8);
		uint64_t both = (one ^ blanks) | (next ^ blanks); /* a byte of it is 0 where there are two */
		if ((both - ones) & ~both & ones << 7) return 1;
	}
	for (; i + 1 < n; i++)
		if (text[i] == ' ' && text[i + 1] == ' ') return 1;
	return 0;
}
/* A template's line: blanks once each, none at the ends. */
static void put_written(struct core *c, struct buffer *b, struct view v, uint32_t tmpl) {
	const struct tmpl *t = c->p->tmpls + tmpl;
	size_t start = b->used;
	fill(c, b, v, t->first, t->count, 0);
	uint8_t *from = b->p + start, *end = b->p + b->used, *to = from, before = ' ';
	if (from < end && *from != ' ' && !has_blanks_twice(from, b->used - start)) {
		b->used -= end[-1] == ' ';
		return;
	}
	for (; from < end; from++) {
		*to = *from;
		to += *from != ' ' || before != ' ';
		before = *from;
	}
	if (before == ' ' && to > b->p + start) to--;
	b->used = (size_t)(to - b->p);
}
static uint32_t own_template(const struct core *c, const struct row *r) {
	if (r->op == OP_STRUCT || r->op == OP_STRUCTS || r->op == OP_RECORDS)
		return r->op == OP_STRUCT ? c->p->structs[r->target].tmpl : 0;
	return r->op == OP_NEST ? c->p->sets[r->target].tmpl : 0;
}
static void put_line(struct core *c, struct buffer *b, uint32_t at) {
	if (!has_work(c)) return;
	const struct node *n = c->nodes + at;
	const struct row *r = c->p->rows + n->row;
	if (!is_list(r)) {
		if (r->op == OP_LEAF || r->op == OP_ARRAY || r->op == OP_PAIRS)
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
	for (uint32_t one = n->first; one && !c->odd; one = c->nodes[one].next) {
		if (is_surplus(c->nodes + one)) continue;
		if (count) PUT(b, ", ");
		if (count == 8) {
			PUT(b, "...");
			return;
		}
		put_line(c, b, one);
		count++;
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
		if (r->op == OP_PAD || is_surplus(n)) continue;
		int list = r->op == OP_NEST || r->op == OP_STRUCT || r->op == OP_STRUCTS || r->op == OP_RECORDS ||
		           r->op == OP_ARRAY;
		if (list && n->start == n->end) continue;
		if (n->number < 0 && (r->op == OP_INT || r->op == OP_TEXT) &&
		    is_zero(c->data + n->start, text_bytes(c, r, n->start, n->end)))
			continue;
		if (r->op == OP_ECHO) {
			c->odd = W_TEMPLATE;
			return;
		}
		if (n->number < 0 && (r->op == OP_LEAF || r->op == OP_PAIRS) && n->start == n->end) continue;
		size_t mark = b->used;
		if (shown) put_byte(b, ' ');
		size_t begin = b->used;
		put_name(c, b, n);
		size_t name = b->used;
		put_byte(b, ' ');
		size_t text = b->used;
		put_brief(c, b, here);
		if (b->used == text ||
		    (b->used - text == name - begin && !memcmp(b->p + text, b->p + begin, name - begin)))
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
/* Returns 0 where it takes what was not read, see skips_row. */
int put_summary(struct core *c, struct buffer *b, uint32_t layer) {
	const struct head *h = c->head;
	c->work = LEAST_WORK + (uint64_t)WORK * c->size;
	size_t start = b->used;
	if (h->dump) PUT(b, "dump");
	size_t body = b->used;
	if (h->dump) put_byte(b, ' ');
	size_t text = b->used;
	if (c->payload < c->size && c->keyed) {
		put_unsigned(b, c->size - c->payload);
		PUT(b, " bytes");
	} else if (c->payload < c->size)
		put_recalled(c, b, PAYLOAD_BRIEF, FORM_PAYLOAD, c->data + c->payload, c->size - c->payload);
	else if (h->unknown)
		put_unknown(c, b, layer);
	else if (h->tmpl)
		put_written(c, b, (struct view){layer, 1}, h->tmpl);
	if (b->used == text && !h->unknown && !(h->tmpl && h->dump) && layer) {
		if (c->skipped) return 0;
		put_plain(c, b, layer);
	}
	if (b->used == text) b->used = body;
	if (h->interrupted) {
		if (b->used > start) put_byte(b, ' ');
		PUT(b, "(dump interrupted)");
	}
	return 1;
}
