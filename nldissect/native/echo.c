/* The request that an acknowledgement repeats, and what of it the acknowledgement points at: as wire/decode/readers.py
 * and acks.py have it. */
#include "inside.h"

enum { HEADER = 16, GENERIC = 4, PEEKED = 8 };

/* What stands around a repeated message's body: asked for by all that its class depends on. */
static const struct head *echoed_head(struct core *c, uint32_t start, uint32_t stop) {
	const uint8_t *raw = c->data + start;
	const struct job *j = c->job;
	uint8_t key[8 + 2 + PEEKED + 4 + 8];
	uint32_t body = stop - start - HEADER, peek = c->head->peek;
	if (peek > PEEKED) peek = PEEKED;
	if (body > peek) body = peek;
	memset(key, 0, sizeof key);
	memcpy(key, raw, 8); /* length, type, flags */
	key[8] = (uint8_t)is_zero(raw + 8, 8);
	key[9] = (uint8_t)body;
	memcpy(key + 10, raw + HEADER, body);
	if (c->head->names_types) { /* what a type is called is the capture's to say */
		memcpy(key + 10 + PEEKED, &j->epoch, 4);
		if (j->unsteady) memcpy(key + 14 + PEEKED, &c->message->at, 8);
	}
	uint64_t at = (uint64_t)(raw - j->data);
	struct entry *e =
	        recall_as(c, (uint32_t)c->head->selectors[2], FORM_HEAD, c->big, key, sizeof key, at, HEADER + body);
	uint32_t head;
	if (!e || e->text_size != sizeof head) return 0;
	memcpy(&head, c->leaves + e->text, sizeof head);
	return j->heads + head;
}
static void read_body(struct core *c, struct echo *e, uint32_t start, uint32_t stop) {
	const struct head *h = e->head;
	struct scope scope;
	uint32_t body = start + h->skip;
	if (h->odd || body > stop) {
		c->odd = W_ECHO;
		return;
	}
	if (h->generic_size && !is_zero(c->data + start + HEADER + 2, 2)) {
		c->odd = W_PADDING;
		return;
	}
	if (h->words_size) note_words(c, h, start + HEADER, stop);
	if (body == stop) return;
	if (!h->layer) {
		e->payload = body;
		e->payload_end = stop;
		return;
	}
	scope_of(h, &scope);
	e->layer = new_node(c, h->layer, body, stop, 0, -1);
	if (!c->odd) read_struct(c, e->layer, c->p->rows[h->layer].target, body, stop, &scope, 1);
}
/* Reads the message that the node at `at` is. */
void read_echo(struct core *c, uint32_t at) {
	struct echo *e = &c->echo;
	uint32_t start = c->nodes[at].start, end = c->nodes[at].end;
	uint32_t length = (uint32_t)number_at(c->data + start, 4, c->big);
	uint32_t size = length < HEADER ? HEADER : length;
	uint32_t stop = size < end - start ? start + size : end;
	if (e->node) {
		c->odd = W_ECHO;
		return;
	}
	*e = (struct echo){.node = at,
	                   .payload = stop,
	                   .payload_end = stop,
	                   .stop = stop,
	                   .first = c->node_count,
	                   .last = c->node_count};
	e->head = echoed_head(c, start, stop);
	e->has_body = stop > start + HEADER;
	if (!e->head) return;
	if (stop > start + HEADER) {
		const struct head *outer = c->head;
		int keyed = c->keyed;
		uint32_t nests = c->nests;
		c->head = e->head;
		c->outer_keyed = keyed;
		c->keyed = e->head->keyed;
		c->inside_echo = 1;
		c->nests = 0;
		c->cut = length > stop - start ? stop : 0;
		read_body(c, e, start, stop);
		e->cut = c->cut;
		c->cut = 0;
		c->inside_echo = 0;
		c->nests = nests;
		c->keyed = keyed;
		c->head = outer;
		c->outer_keyed = 0;
	}
	e->last = c->node_count;
	if (end - stop > 3 || !is_zero(c->data + stop, end - stop)) {
		if (e->payload_end != stop) e->payload = stop;
		e->payload_end = end;
	}
	if (e->payload < e->payload_end && (e->head->keyed || c->keyed)) c->odd = W_SEALED;
}
static void put_bytes(struct core *c, struct buffer *b, uint32_t start, uint32_t end) {
	PUT(b, "{\"undecoded\":\"");
	put_hex(b, c->data + start, end - start);
	PUT(b, "\"}");
}
void put_echo_json(struct core *c, struct buffer *b, uint32_t at) {
	const struct echo *e = &c->echo;
	const struct head *h = e->head;
	const uint8_t *raw = c->data + c->nodes[at].start;
	if (!h || e->node != at) return;
	PUT(b, "{\"nlmsg_len\":");
	put_unsigned(b, number_at(raw, 4, c->big));
	put(b, c->p->pool + h->type, h->type_size);
	put_unsigned(b, number_at(raw + 8, 4, c->big));
	PUT(b, ",\"nlmsg_pid\":");
	put_unsigned(b, number_at(raw + 12, 4, c->big));
	if (has_layers(c)) put_layers(c, b, h, c->nodes[at].start, e->layer);
	if (e->payload < e->payload_end) {
		PUT(b, ",\"payload\":");
		put_recalled(c, b, PAYLOAD_JSON, FORM_PAYLOAD, c->data + e->payload, e->payload_end - e->payload);
	} else if (e->cut && e->cut < e->stop) {
		PUT(b, ",\"cut\":");
		if (h->keyed && !c->job->shows_secrets)
			put_secret_json(c, b, e->cut, e->stop);
		else
			put_bytes(c, b, e->cut, e->stop);
	}
	put_byte(b, '}');
}

/* ---- what an acknowledgement points at ---- */

/* Where a node ends, with what follows a number in its attribute. */
static uint32_t end_of(const struct core *c, const struct node *n) {
	const struct node *next = c->nodes + n->next;
	uint32_t end = n->next && next->depth == SURPLUS_DEPTH ? next->end : n->end;
	return end > n->start ? end : n->start;
}
/* The nodes that hold a byte, outermost first, down to the attribute that begins there; returns how many. */
static uint32_t path_to(const struct core *c, uint32_t first, uint32_t at, uint32_t *path) {
	uint32_t count = 0;
	while (first && count < DEEPEST) {
		uint32_t one = first;
		for (; one; one = c->nodes[one].next) {
			const struct node *n = c->nodes + one;
			if (whole_of(n) <= at && at < end_of(c, n)) break;
		}
		if (!one) break;
		path[count++] = one;
		if (c->nodes[one].number >= 0 && whole_of(c->nodes + one) == at) break;
		first = c->nodes[one].first;
	}
	return count;
}
static int put_path(struct core *c, struct buffer *b, const uint32_t *path, uint32_t count) {
	size_t start = b->used;
	for (uint32_t i = 0; i < count; i++) {
		const struct node *n = c->nodes + path[i];
		uint8_t op = c->p->rows[n->row].op;
		int leaf = op != OP_NEST && op != OP_STRUCT && op != OP_STRUCTS && op != OP_RECORDS;
		if (n->number < 0 && !(leaf && i + 1 == count)) continue;
		if (b->used > start) put_byte(b, '.');
		put_name(c, b, n);
	}
	return b->used > start;
}
/* The number that the acknowledgement's attribute of that kind tells, the last of them. */
static uint32_t pointed(const struct core *c, enum pointing what, uint32_t *value) {
	uint32_t there = 0;
	uint32_t ack = c->nodes[c->echo.node].parent;
	for (uint32_t field = c->nodes[ack].first; field; field = c->nodes[field].next) {
		if (c->p->rows[c->nodes[field].row].op != OP_NEST) continue;
		for (uint32_t at = c->nodes[field].first; at; at = c->nodes[at].next) {
			const struct node *n = c->nodes + at;
			const struct row *r = c->p->rows + n->row;
			if (r->points != what) continue;
			there = r->op == OP_INT ? at : 0;
			if (there) *value = (uint32_t)value_of(c, r, n->start, n->end);
		}
	}
	return there;
}
/* The request in which paths are sought: as it is repeated, or as it was captured before. */
struct request {
	const struct head *head;
	uint32_t layer, start; /* where its header begins */
};
static void put_missing(struct core *c, struct buffer *b, const struct request *q, uint32_t number,
                        const uint32_t *path, uint32_t count, int in_nest) {
	uint32_t row = 0;
	int some = 0;
	if (in_nest) {
		const struct row *r = count ? c->p->rows + c->nodes[path[count - 1]].row : 0;
		if (r && r->op == OP_NEST) row = row_of(c, c->p->sets + r->target, number);
		some = put_path(c, b, path, count);
	} else {
		int there = 0;
		for (uint32_t at = q->layer ? c->nodes[q->layer].first : 0; at && !row; at = c->nodes[at].next) {
			const struct row *r = c->p->rows + c->nodes[at].row;
			if (r->op != OP_NEST || c->nodes[at].number >= 0) continue;
			there = 1;
			row = row_of(c, c->p->sets + r->target, number);
		}
		const struct strct *s = c->p->structs + (q->head->layer ? c->p->rows[q->head->layer].target : 0);
		for (uint32_t i = 0; !there && q->head->layer && i < s->count && !row; i++) {
			const struct row *r = c->p->rows + c->p->fields[s->first + i];
			if (r->op == OP_NEST) row = row_of(c, c->p->sets + r->target, number);
		}
	}
	if (some) put_byte(b, '.');
	if (row)
		put_name(c, b, &(struct node){.row = row, .number = (int32_t)number});
	else {
		PUT(b, "attribute ");
		put_unsigned(b, number);
	}
}
/* What an acknowledgement points at: the number that tells it, and of what is missing the nest in which it is. */
struct pointer {
	enum pointing what;
	uint32_t value, nest;
	int in_nest;
};
static void put_pointed_in(struct core *c, struct buffer *b, const struct request *q, const struct pointer *p) {
	uint32_t path[DEEPEST], count = 0;
	if (p->what == POINTS_AT || p->in_nest) {
		if (q->head->skip > HEADER && p->nest >= HEADER && p->nest < HEADER + GENERIC) {
			c->odd = W_ECHO;
			return;
		}
		if (p->nest < c->size) count = path_to(c, q->layer, q->start + p->nest, path);
	}
	if (p->what == POINTS_AT)
		put_path(c, b, path, count);
	else
		put_missing(c, b, q, p->value, path, count, p->in_nest);
}
/* The same in the request as it was captured before, which is read for it. */
static void put_pointed_before(struct core *c, struct buffer *b, const struct pointer *p) {
	const struct message *m = c->message;
	const struct job *j = c->job;
	struct request q = {j->heads + m->asked_head, 0, 0};
	struct scope scope;
	if (!m->asked_length || q.head->odd || m->asked_length < q.head->skip || m->asked_at > j->data_size ||
	    m->asked_length > j->data_size - m->asked_at) {
		c->odd = W_ECHO;
		return;
	}
	const uint8_t *data = c->data;
	uint32_t size = c->size, nodes = c->node_count, nests = c->nests, repeats = c->repeats;
	uint32_t notes = c->note_count, noted = c->noted_size;
	int big = c->big, keyed = c->keyed, skips = c->skips_echo;
	c->data = j->data + m->asked_at;
	c->size = m->asked_length;
	c->big = q.head->big;
	c->keyed = q.head->keyed;
	c->inside_echo = c->skips_echo = 1;
	c->nests = c->cut = c->surplus = 0;
	if (c->size > q.head->skip && q.head->layer) {
		scope_of(q.head, &scope);
		q.layer = new_node(c, q.head->layer, q.head->skip, c->size, 0, -1);
		const struct head *own = c->head;
		c->head = q.head;
		if (!c->odd)
			read_struct(c, q.layer, c->p->rows[q.head->layer].target, q.head->skip, c->size, &scope, 1);
		c->head = own;
	}
	if (!c->odd && (q.layer || q.head->skip > HEADER)) put_pointed_in(c, b, &q, p);
	c->data = data;
	c->size = size;
	c->big = big;
	c->keyed = keyed;
	c->inside_echo = 0;
	c->skips_echo = skips;
	c->nests = nests;
	c->repeats = repeats;
	c->cut = c->surplus = 0;
	c->node_count = nodes;
	c->note_count = notes;
	c->noted_size = noted;
}
/* Whether any of the request behind its header is repeated. */
int has_layers(const struct core *c) {
	const struct echo *e = &c->echo;
	return e->head && (e->layer || (e->head->skip > HEADER && e->has_body));
}
/* The node of the request that the acknowledgement points at; 0: none. */
uint32_t culprit(struct core *c) {
	uint32_t value, path[DEEPEST], count;
	if (!c->echo.node || !c->echo.layer || !pointed(c, POINTS_AT, &value) || value >= c->size) return 0;
	count = path_to(c, c->echo.layer, c->nodes[c->echo.node].start + value, path);
	return count ? path[count - 1] : 0;
}
/* The name of the attribute that points. */
void put_pointer_name(struct core *c, struct buffer *b) {
	uint32_t value, at = pointed(c, POINTS_AT, &value);
	if (at) put_name(c, b, c->nodes + at);
}
/* Writes a path into the request: to the attribute at fault, or to that which is missing. */
int put_pointed(struct core *c, struct buffer *b, enum pointing what) {
	const struct echo *e = &c->echo;
	struct pointer p = {what, 0, 0, 0};
	if (!e->node || !e->head || !pointed(c, what, &p.value)) return 0;
	p.nest = p.value;
	p.in_nest = what == POINTS_MISSING && pointed(c, POINTS_NEST, &p.nest);
	size_t mark = b->used;
	if (has_layers(c))
		put_pointed_in(c, b, &(struct request){e->head, e->layer, c->nodes[e->node].start}, &p);
	else if (c->message->asked_size)
		put_pointed_before(c, b, &p);
	return b->used > mark;
}
