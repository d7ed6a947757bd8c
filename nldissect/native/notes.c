/* What a reader should know of a message: what did not decode, in the words of wire/decode/readers.py. */
#include "inside.h"

/* Whether all attributes of a body are secrets. */
static int is_sealed(const struct core *c) {
	const struct program *p = c->p;
	const struct strct *s = p->structs + p->rows[c->head->layer].target;
	if (!c->head->layer || s->count != 1) return 0;
	const struct row *attributes = p->rows + p->fields[s->first];
	const struct set *set = p->sets + attributes->target;
	return attributes->op == OP_NEST && !set->count && set->unknown == 2;
}
/* Whether there is nothing to mask in a message that no table describes, alone or repeated at the end of another: a
 * line tells no value of it, or all values are masked already. */
static int tells_no_value(const struct core *c) {
	return c->head->unknown && (c->is_line || is_sealed(c)) && (!c->inside_echo || c->echo.stop == c->size);
}
/* What can't be right in a message that may carry keys: the caller masks all of it. */
void damage(struct core *c) {
	if ((c->keyed || c->outer_keyed) && !c->odd && !tells_no_value(c)) c->odd = W_SEALED;
}
void put_name(struct core *c, struct buffer *b, const struct node *n) {
	const struct row *r = c->p->rows + n->row;
	const uint8_t *key = c->p->pool + r->key + 1;
	if (r->marks & UNKNOWN) {
		put_signed(b, n->number);
		return;
	}
	uint32_t size = r->key_size - 3; /* without quotes and colon */
	if (!(r->marks & ELEMENT)) {
		put(b, key, size);
		return;
	}
	while (size && key[size - 1] != '[') size--;
	if (size > 1 && memchr(key, '[', size - 1))
		c->odd = W_ELEMENT; /* of which outer array, its node does not tell */
	put(b, key, size);
	put_signed(b, n->number);
	put_byte(b, ']');
}
static struct buffer begin(struct core *c) {
	return (struct buffer){c->noted, c->noted_size, NOTED, c->note_count >= NOTES};
}
static void end(struct core *c, const struct buffer *b, int is_warning, uint32_t offset, uint32_t length) {
	if (b->full) {
		c->odd = W_ROOM;
		return;
	}
	c->notes[c->note_count++] =
	        (struct note){c->noted_size, (uint32_t)b->used - c->noted_size, offset, length, is_warning, 0};
	c->noted_size = (uint32_t)b->used;
}
void note_padding(struct core *c, uint32_t start, uint32_t stop) {
	struct buffer b = begin(c);
	PUT(&b, "padding is not zero");
	end(c, &b, 0, start, stop - start);
}
void note_unknown(struct core *c, const struct set *s, const struct node *n) {
	if (!s->prefix_size) return;
	struct buffer b = begin(c);
	put(&b, c->p->pool + s->prefix, s->prefix_size);
	PUT(&b, " has no attribute ");
	put_signed(&b, n->number);
	end(c, &b, 0, n->start, n->end - n->start);
}
void note_repeat(struct core *c, const struct node *n) {
	struct buffer b = begin(c);
	put_name(c, &b, n);
	PUT(&b, " repeats");
	const struct node *next = c->nodes + n->next;
	uint32_t stop = n->next && next->depth == SURPLUS_DEPTH ? next->end : n->end;
	end(c, &b, 0, n->start, stop - n->start);
	if (stop - n->start > 8) damage(c);
}
void note_leftover(struct core *c, uint32_t start, uint32_t stop, const char *after, size_t size) {
	struct buffer b = begin(c);
	put_unsigned(&b, stop - start);
	PUT(&b, " bytes left over after ");
	put(&b, after, size);
	end(c, &b, 1, start, stop - start);
	damage(c);
}
void note_longer(struct core *c, const struct node *n, uint32_t start) {
	struct buffer b = begin(c);
	put_name(c, &b, n);
	PUT(&b, ": longer than known by ");
	put_unsigned(&b, n->end - start);
	PUT(&b, " bytes");
	end(c, &b, 0, start, n->end - start);
}
static void put_sizes(struct core *c, struct buffer *b, const struct row *r, const struct node *n) {
	put_name(c, b, n);
	PUT(b, ": ");
	put_unsigned(b, n->end - n->start);
	PUT(b, " bytes");
	if (!(r->marks & SIZED)) return;
	PUT(b, ", not ");
	put_signed(b, r->size);
}
/* Of a row whose bytes are not its kind. */
void note_length(struct core *c, const struct row *r, const struct node *n) {
	damage(c);
	if (n->start == n->end && r->marks & OPTIONAL) return;
	struct buffer b = begin(c);
	put_sizes(c, &b, r, n);
	end(c, &b, 1, n->start, n->end - n->start);
}
/* Of a row that only selectors explain, which say nothing known here. */
void note_content(struct core *c, uint32_t row, const struct node *n, const struct scope *s) {
	struct buffer b = begin(c);
	int some = 0;
	put_name(c, &b, n);
	PUT(&b, ": not known for ");
	for (uint32_t at = c->p->rows[row].choice; at; at = c->p->choices[at].next)
		for (uint32_t i = 0; i < c->p->choices[at].name_count; i++) {
			uint16_t name = c->p->choices[at].names[i];
			const struct value *v = selected(s, name);
			if (!v) continue;
			if (v->is_text && text_size(v->text, v->size) < 0) {
				c->odd = W_SELECTOR;
				return;
			}
			if (some++) PUT(&b, ", ");
			put(&b, c->p->pool + c->p->selector_names[name].text, c->p->selector_names[name].size);
			PUT(&b, " = ");
			if (v->is_text)
				put(&b, v->text, v->size);
			else
				put_signed(&b, v->number);
		}
	if (!some) PUT(&b, "this message");
	end(c, &b, 1, n->start, n->end - n->start);
}
/* Of an attribute that is longer than its number. */
void note_surplus(struct core *c, const struct row *r, const struct node *n) {
	struct buffer b = begin(c);
	uint32_t size = (uint32_t)r->size;
	put_sizes(c, &b, r, n);
	PUT(&b, "; a kernel that does not refuse it reads the first");
	if (size > 1) {
		put_byte(&b, ' ');
		put_unsigned(&b, size);
	}
	end(c, &b, 1, n->start + size, n->end - n->start - size);
	damage(c);
}
/* All notes as members of a JSON object; that of a command without a table stands first. */
void put_notes(struct core *c, struct buffer *b) {
	const struct head *h = c->head;
	if (!h->note_size && !c->note_count) return;
	if (h->note_size) {
		put(b, c->p->pool + h->note, h->note_size);
		put_unsigned(b, c->size - 16);
		put_byte(b, '}');
	} else
		PUT(b, ",\"notes\":[");
	for (uint32_t i = 0; i < c->note_count; i++) {
		const struct note *n = c->notes + i;
		if (i || h->note_size) put_byte(b, ',');
		PUT(b, "{\"severity\":\"");
		if (n->is_warning)
			PUT(b, "warning");
		else
			PUT(b, "note");
		PUT(b, "\",\"text\":\"");
		put_json(b, c->noted + n->text, n->size);
		PUT(b, "\",\"offset\":");
		put_unsigned(b, n->offset);
		PUT(b, ",\"length\":");
		put_unsigned(b, n->length);
		put_byte(b, '}');
	}
	put_byte(b, ']');
}
/* The first warning, and how many more there are, at the end of a line. */
void put_remark(struct core *c, struct buffer *b, int behind) {
	const struct note *first = 0;
	uint32_t more = 0;
	for (uint32_t i = c->note_count; i--;) {
		if (!c->notes[i].is_warning) continue;
		more += first != 0;
		first = c->notes + i;
	}
	if (!first) return;
	if (behind) put_byte(b, ' ');
	PUT(b, "[warning: ");
	put_escaped(b, c->noted + first->text, first->size);
	if (more) {
		PUT(b, ", ");
		put_unsigned(b, more);
		PUT(b, " more");
	}
	put_byte(b, ']');
}
/* Of a command that no table has, in a repeated message. */
void note_words(struct core *c, const struct head *h, uint32_t start, uint32_t stop) {
	struct buffer b = begin(c);
	put(&b, c->p->pool + h->words, h->words_size);
	end(c, &b, 0, start, stop - start);
}
