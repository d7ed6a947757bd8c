/* What stands before a message's own text: its number and time, and in a list which way it went and what it is. */
#include "inside.h"
#include "scan.h"

enum { SECOND = 1000000000, NLMSG_ERROR = 2 };
enum column { NUMBER, TIME, PROTOCOL, TYPE };

static void put_time(struct buffer *b, int64_t time, uint32_t decimals) {
	if (time < 0) put_byte(b, '-');
	uint64_t t = time < 0 ? (uint64_t)0 - (uint64_t)time : (uint64_t)time;
	put_unsigned(b, t / SECOND);
	if (!decimals) return;
	uint8_t digits[9];
	uint32_t rest = (uint32_t)(t % SECOND);
	for (int i = 8; i >= 0; i--, rest /= 10) digits[i] = (uint8_t)('0' + rest % 10);
	put_byte(b, '.');
	put(b, digits, decimals < 9 ? decimals : 9);
}
static void put_blanks(struct buffer *b, uint32_t n) {
	while (n--) put_byte(b, ' ');
}
/* Makes a column as wide as a text, up to a limit; returns how many blanks the text needs. */
static uint32_t widen(struct setting *s, enum column column, uint32_t width) {
	uint32_t wanted = width < s->widest ? width : s->widest;
	if (s->widths[column] < wanted) s->widths[column] = wanted;
	return s->widths[column] > width ? s->widths[column] - width : 0;
}
static void put_right(struct setting *s, struct buffer *b, enum column column, const struct buffer *text) {
	put_blanks(b, widen(s, column, (uint32_t)text->used));
	put(b, text->p, text->used);
	put_byte(b, ' ');
}
static void put_frame_time(struct setting *s, struct buffer *b, uint32_t frame) {
	const struct frame *f = s->scan->frames + frame;
	int64_t base = 0;
	if (s->time_mode == GIVEN) {
		put(b, s->given + s->times[frame].text, s->times[frame].size);
		return;
	}
	if (f->marks & NO_TIME) {
		put_byte(b, '-');
		return;
	}
	if (s->time_mode == SINCE_FIRST) base = s->first;
	if (s->time_mode == SINCE_BEFORE) base = s->before;
	put_time(b, f->time - base, s->scan->sources[f->source].decimals);
}
/* Takes note of the next frame's time. */
static void meet(struct setting *s, const struct frame *f) {
	if (f->marks & NO_TIME) return;
	if (!s->has_first) s->first = s->present = f->time;
	s->has_first = 1;
	s->before = s->present;
	s->present = f->time;
}
static void put_columns(struct setting *s, struct buffer *b, const struct item *i) {
	const struct caption *c = s->scan->captions + i->head;
	uint8_t digits[24], moment[64];
	struct buffer number = {digits, 0, sizeof digits, 0}, time = {moment, 0, sizeof moment, 0};
	put_unsigned(&number, s->scan->frames[i->frame].number);
	put_right(s, b, NUMBER, &number);
	put_frame_time(s, &time, i->frame);
	put_right(s, b, TIME, &time);
	put(b, s->pool + c->arrow, c->arrow_size);
	put_byte(b, ' ');
	put(b, s->pool + c->protocol, c->protocol_size);
	put_blanks(b, widen(s, PROTOCOL, c->protocol_width) + 1);
	put(b, s->pool + c->type, c->type_size);
	put_blanks(b, widen(s, TYPE, c->type_width) + 1);
}
static void put_place(struct setting *s, struct buffer *b, const struct item *i) {
	const struct frame *f = s->scan->frames + i->frame;
	if (s->output == OUTPUT_ARRAY) PUT(b, ",\n");
	PUT(b, "{\"frame\":");
	put_unsigned(b, f->number);
	PUT(b, ",\"message\":");
	put_unsigned(b, i->place);
	PUT(b, ",\"time\":\"");
	put_time(b, f->time, s->scan->sources[f->source].decimals);
	put_byte(b, '"');
	put(b, s->sources + s->interfaces[f->source].text, s->interfaces[f->source].size);
}
static void put_trailing(const struct setting *s, struct buffer *b, const struct frame *f) {
	if (s->output == OUTPUT_TREE)
		PUT(b, "  trailing bytes: ");
	else
		PUT(b, ",\"trailing\":{\"zeros\":");
	put_unsigned(b, f->captured - f->rest);
	if (s->output == OUTPUT_TREE)
		PUT(b, " zero bytes\n");
	else
		put_byte(b, '}');
}
/* Tells messages to a core: `count` items from `from` on. Returns how many had room. */
int nl_prepare(struct setting *s, uint32_t from, uint32_t count) {
	struct buffer b = {s->texts, 0, s->texts_size, 0};
	s->texts_used = 0;
	for (uint32_t n = 0; n < count; n++) {
		const struct item *i = s->scan->items + from + n;
		const struct frame *f = s->scan->frames + i->frame;
		struct message *m = s->messages + n;
		int odd = !(i->marks & WHOLE) || (s->output != OUTPUT_LIST && i->marks & NOISY);
		memset(m, 0, sizeof *m);
		m->at = i->at;
		m->size = i->length;
		m->head = odd ? NO_HEAD : i->head;
		m->seq = i->seq;
		m->pid = i->pid;
		m->place = i->place;
		m->count = f->count;
		m->request = i->prior_frame;
		if (from + n == f->first) meet(s, f);
		if (f->marks & HIDDEN || (f->marks & HEADING && i->place > 1)) {
			m->head = SKIPPED;
			continue;
		}
		m->before = (uint32_t)b.used;
		if (s->output == OUTPUT_LIST)
			put_columns(s, &b, i);
		else if (s->output == OUTPUT_TREE) {
			const struct words *lines = s->times + i->frame;
			if (from + n == f->first) put(&b, s->given + lines->text, lines->size);
		} else if (!odd)
			put_place(s, &b, i);
		m->before_size = (uint32_t)b.used - m->before;
		if (i->type == NLMSG_ERROR && i->prior_head && !odd) {
			const struct caption *c = s->scan->captions + i->prior_head - 1;
			m->asked = (uint32_t)b.used;
			put(&b, s->pool + c->called, c->called_size);
			m->asked_size = (uint32_t)b.used - m->asked;
		}
		if (s->output != OUTPUT_LIST && i->marks & LAST && f->rest < f->captured && !odd) {
			m->behind = (uint32_t)b.used;
			put_trailing(s, &b, f);
			m->behind_size = (uint32_t)b.used - m->behind;
		}
		if (b.full) return (int)n;
		s->texts_used = b.used;
	}
	return (int)count;
}
