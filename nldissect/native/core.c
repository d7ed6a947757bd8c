/* Text of many netlink messages: an interpreter of the tables in core.h. No libc but mem*; nothing is allocated. */
#include "inside.h"
#include "scan.h"

static size_t aligned(size_t n) {
	return (n + 15) & ~(size_t)15;
}

struct core *nl_open(uint8_t *memory, size_t size) {
	struct core *c = (struct core *)memory;
	size_t at = aligned(sizeof *c), entries = aligned(sizeof(struct entry) * ENTRIES);
	if (size < at + aligned(sizeof(struct node) * NODES) + 2 * entries + 2 * LEAVES) return 0;
	memset(c, 0, sizeof *c);
	c->nodes = (struct node *)(memory + at);
	at += aligned(sizeof(struct node) * NODES);
	c->entries = (struct entry *)(memory + at);
	c->spare_entries = (struct entry *)(memory + at + entries);
	at += 2 * entries;
	memset(c->entries, 0, entries);
	c->entry_mask = ENTRIES - 1;
	c->leaves = memory + at;
	c->spare_leaves = c->leaves + LEAVES;
	c->leaf_room = LEAVES;
	return c;
}

/* ---- messages ---- */

static const uint32_t PATIENCE = 32; /* messages */

/* What an acknowledgement says of the request, as members. */
static void put_pointers(struct core *c, struct buffer *b, int some) {
	size_t mark = b->used;
	if (some) put_byte(b, ',');
	PUT(b, "\"attribute\":\"");
	if (!put_pointed(c, b, POINTS_AT))
		b->used = mark;
	else {
		put_byte(b, '"');
		some = 1;
	}
	mark = b->used;
	if (some) put_byte(b, ',');
	PUT(b, "\"missing\":\"");
	if (!put_pointed(c, b, POINTS_MISSING))
		b->used = mark;
	else
		put_byte(b, '"');
}
void scope_of(const struct head *h, struct scope *scope) {
	scope->up = 0;
	scope->own_count = 0;
	scope->count = 0;
	if (!h->skip) return;
	for (uint16_t i = 0; i < 4; i++)
		if (h->selectors[i] >= 0)
			scope->values[scope->count++] = (struct value){(uint16_t)(i + 1), 0, 0, 0, h->selectors[i], 0};
	scope->values[scope->count++] =
	        (struct value){5, 1, 0, h->to_kernel ? 6u : 4u, 0, (const uint8_t *)(h->to_kernel ? "kernel" : "user")};
}
/* The headers and the body of the message that begins at `start`. */
void put_layers(struct core *c, struct buffer *b, const struct head *h, uint32_t start, uint32_t layer) {
	const struct row *r = c->p->rows + h->layer;
	PUT(b, ",\"layers\":{");
	put(b, c->p->pool + h->generic, h->generic_size);
	if (h->generic_size) {
		put_unsigned(b, c->data[start + 17]);
		put(b, c->p->pool + h->family, h->family_size);
	}
	if (layer) {
		if (h->generic_size) put_byte(b, ',');
		put(b, c->p->pool + r->key, r->key_size);
		put_byte(b, '{');
		size_t members = b->used;
		put_members(c, b, c->nodes[layer].first);
		if (start == 0) put_pointers(c, b, b->used > members);
		put_byte(b, '}');
	}
	put_byte(b, '}');
}
/* Turns to the message at hand, of which nothing is read yet: what is known of the one before is forgotten. */
void begin_message(struct core *c) {
	c->node_count = 1;
	c->stamp++;
	c->big = c->head->big;
	c->keyed = c->head->keyed;
	c->echo = (struct echo){0};
	c->inside_echo = c->outer_keyed = 0;
	c->skipped = c->skipped_echo = 0;
	c->payload = c->size;
	c->surplus = c->cut = c->nests = c->repeats = c->note_count = c->noted_size = 0;
}
/* Reads the message at hand; returns the node of its body, 0: none. */
static uint32_t read_message(struct core *c, int skips_unread) {
	const struct head *h = c->head;
	struct scope scope;
	uint32_t layer = 0, size = c->size;
	scope_of(h, &scope);
	begin_message(c);
	c->skips_unread = skips_unread;
	c->is_line = c->job->output == OUTPUT_LIST;
	if (size > h->skip && h->layer) {
		layer = new_node(c, h->layer, h->skip, size, 0, -1);
		read_struct(c, layer, c->p->rows[h->layer].target, h->skip, size, &scope, 1);
	} else if (size > h->skip && h->names_types)
		c->odd = W_HEAD;
	else if (size > h->skip)
		c->payload = h->skip;
	c->skips_unread = c->is_line = 0;
	return layer;
}
/* A line of a list. Of most messages a template says all; what needs more than it names is read again. */
static void put_list_line(struct core *c, struct buffer *b, const struct message *m, uint32_t layer) {
	const struct head *h = c->head;
	const struct job *j = c->job;
	size_t start = b->used;
	put(b, j->texts + m->before, m->before_size);
	put(b, c->p->pool + h->ahead, h->ahead_size);
	size_t summary = b->used;
	if (!put_summary(c, b, layer)) {
		b->used = summary;
		layer = read_message(c, 0);
		put_summary(c, b, layer);
	}
	put_remark(c, b, b->used > summary);
	while (b->used > start && b->p[b->used - 1] == ' ') b->used--;
	put_byte(b, '\n');
}
static void render(struct core *c, struct buffer *b, const struct message *m) {
	const struct head *h = c->head;
	const struct job *j = c->job;
	c->needed = 0;
	c->is_bare = j->output == OUTPUT_CELLS;
	if (h->odd || m->size < h->skip) {
		c->odd = W_HEAD;
		return;
	}
	if (c->is_bare) {
		enum look look = begin_cells(c);
		if (look == NOT_LOOKED_INTO) put_cells(c, b, 0);
		if (look == LEFT || look == NOT_LOOKED_INTO) return;
	}
	uint32_t layer = read_message(c, j->output == OUTPUT_LIST && h->tmpl && !h->keyed && !h->unknown);
	if (c->odd) return;
	if (h->generic_size && !is_zero(c->data + 18, 2)) {
		c->odd = W_PADDING;
		return;
	}
	if (j->output == OUTPUT_TREE) {
		put_tree(c, b, layer);
		return;
	}
	if (j->output == OUTPUT_CELLS) {
		put_cells(c, b, layer);
		return;
	}
	if (j->output == OUTPUT_LIST) {
		put_list_line(c, b, m, layer);
		return;
	}
	put(b, j->texts + m->before, m->before_size);
	put(b, c->p->pool + h->ahead, h->ahead_size);
	if (h->skip) {
		put_unsigned(b, m->size);
		put(b, c->p->pool + h->type, h->type_size);
		put_unsigned(b, m->seq);
		PUT(b, ",\"nlmsg_pid\":");
		put_unsigned(b, m->pid);
	}
	PUT(b, ",\"summary\":\"");
	struct buffer s = {c->scratch, 0, SCRATCH, 0};
	put_summary(c, &s, layer);
	if (s.full || c->odd) {
		c->odd = c->odd ? c->odd : W_ROOM;
		return;
	}
	put_json(b, s.p, s.used);
	put_byte(b, '"');
	if (layer || h->generic_size) put_layers(c, b, h, 0, layer);
	if (c->payload < c->size) {
		PUT(b, ",\"payload\":");
		if (c->keyed && !j->shows_secrets)
			put_secret_json(c, b, c->payload, c->size);
		else
			put_recalled(c, b, PAYLOAD_JSON, FORM_PAYLOAD, c->data + c->payload, c->size - c->payload);
	}
	put(b, j->texts + m->behind, m->behind_size);
	put_notes(c, b);
	put_byte(b, '}');
	if (j->output == OUTPUT_LINES) put_byte(b, '\n');
}

/* Leaves messages from one on to the next pass; returns how many. */
static int put_off(struct job *j, uint32_t from, int again) {
	int left = 0;
	for (uint32_t i = from; i < j->message_count; i++)
		if (!again || j->messages[i].status == MISSES || j->messages[i].status == FULL) {
			j->messages[i].status = FULL;
			left++;
		}
	return left;
}
/* What the first messages ask for, those behind them mostly need, too: a pass ends some messages after its first miss,
 * each next one later. */
int nl_render(struct core *c, struct job *j, int again) {
	c->job = j;
	c->p = j->program;
	if (c->p->wanted_count >= WANTED) { /* more tables than there is room for */
		for (uint32_t i = 0; i < j->message_count; i++) j->messages[i].status = ODD;
		return 0;
	}
	if (!again) make_room(c);
	struct buffer b = {j->out, j->out_used, j->out_size, 0};
	int left = 0;
	uint32_t patience = again < 16 ? PATIENCE << again : UINT32_MAX;
	for (uint32_t i = 0; i < j->message_count; i++) {
		struct message *m = j->messages + i;
		if (again && m->status != MISSES && m->status != FULL) continue;
		if (m->head >= SKIPPED) {
			m->status = m->head == NO_HEAD ? ODD : DONE;
			m->out = b.used;
			continue;
		}
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
		left += m->status == MISSES;
		m->why = (uint16_t)c->odd;
		m->out = start;
		m->out_size = (uint32_t)(b.used - start);
		if (m->status != DONE) {
			b.used = start;
			m->out_size = 0;
		}
		if (b.full || (j->miss_count && !patience--)) {
			left += put_off(j, i + !b.full, again);
			break;
		}
	}
	j->out_used = b.used;
	return left;
}
/* Puts the texts of messages into runs, see struct run; returns how many. */
uint32_t nl_runs(const struct message *messages, uint32_t count, struct run *runs) {
	uint32_t made = 0;
	for (uint32_t i = 0; i < count; i++) {
		const struct message *m = messages + i;
		struct run *last = made ? runs + made - 1 : 0;
		if (m->status != DONE)
			runs[made++] = (struct run){0, 0, i + 1, 0};
		else if (last && !last->odd && last->at + last->size == m->out)
			last->size += m->out_size;
		else if (m->out_size)
			runs[made++] = (struct run){m->out, m->out_size, 0, 0};
	}
	return made;
}

/* ---- what the caller compares ---- */

#ifndef NL_SOURCES
#define NL_SOURCES ""
#endif

const struct abi *nl_abi(void) {
	static const struct abi abi = {
	        NL_ABI,
	        sizeof(struct row),
	        sizeof(struct named),
	        sizeof(struct set),
	        sizeof(struct strct),
	        sizeof(struct choice),
	        sizeof(struct choosing),
	        sizeof(struct part),
	        sizeof(struct alternative),
	        sizeof(struct tmpl),
	        sizeof(struct program),
	        sizeof(struct extent),
	        sizeof(struct head),
	        sizeof(struct message),
	        sizeof(struct miss),
	        sizeof(struct slot),
	        sizeof(struct since),
	        sizeof(struct job),
	        sizeof(struct source),
	        sizeof(struct frame),
	        sizeof(struct item),
	        sizeof(struct type),
	        sizeof(struct caption),
	        sizeof(struct scan),
	        sizeof(struct setting),
	        sizeof(struct told),
	        sizeof(struct kept),
	        sizeof(struct check),
	        sizeof(struct criterion),
	        sizeof(struct probe),
	        sizeof(struct selection),
	        sizeof(struct cell_source),
	        sizeof(struct cells),
	        NL_SOURCES,
	};
	return &abi;
}
