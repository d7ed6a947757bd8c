/* What stands before a message's own text: its number and time, and in a list which way it went and what it is. */
#include "inside.h"
#include "scan.h"

enum { SECOND = 1000000000, NLMSG_ERROR = 2, PACKET_TYPES = 8, PROTOCOLS = 32 };
enum column { NUMBER, TIME, PROTOCOL, TYPE };

static void put_fraction(struct buffer *b, uint32_t rest, uint32_t decimals) {
	uint8_t digits[9];
	if (!decimals) return;
	for (int i = 8; i >= 0; i--, rest /= 10) digits[i] = (uint8_t)('0' + rest % 10);
	put_byte(b, '.');
	put(b, digits, decimals < 9 ? decimals : 9);
}
void put_time(struct buffer *b, int64_t time, uint32_t decimals) {
	if (time < 0) put_byte(b, '-');
	uint64_t t = time < 0 ? (uint64_t)0 - (uint64_t)time : (uint64_t)time;
	put_unsigned(b, t / SECOND);
	put_fraction(b, (uint32_t)(t % SECOND), decimals);
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
	if (s->processes && i->place) {
		const struct words *process = s->processes + i->frame;
		put(b, s->given + process->text, process->size);
	}
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

/* ---- the lines about a frame in a tree ---- */

static int64_t second_of(int64_t time) {
	return time / SECOND - (time % SECOND < 0);
}
static void put_two(struct buffer *b, int64_t n, char before) {
	const uint8_t digits[3] = {(uint8_t)before, (uint8_t)('0' + n / 10 % 10), (uint8_t)('0' + n % 10)};
	put(b, before ? digits : digits + 1, before ? 3 : 2);
}
/* A day of the Gregorian calendar, by its number from 1970-01-01 on. */
static void put_date(struct buffer *b, int64_t days) {
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, day = z - era * 146097;
	int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= 365 * year + year / 4 - year / 100;
	int64_t month = (5 * day + 2) / 153; /* from March on */
	put_signed(b, year + era * 400 + (month >= 10));
	put_two(b, month < 10 ? month + 3 : month - 9, '-');
	put_two(b, day - (153 * month + 2) / 5 + 1, '-');
	put_byte(b, ' ');
}
static void put_local(struct setting *s, struct buffer *b, const struct frame *f, int dated) {
	if (f->marks & NO_TIME) {
		put_byte(b, '-');
		return;
	}
	int64_t second = second_of(f->time), local = second + s->zone;
	int64_t days = local / 86400 - (local % 86400 < 0), rest = local - days * 86400;
	if (dated) put_date(b, days);
	put_two(b, rest / 3600, 0);
	put_two(b, rest / 60 % 60, ':');
	put_two(b, rest % 60, ':');
	put_fraction(b, (uint32_t)(f->time - second * SECOND), s->scan->sources[f->source].decimals);
}
static void put_named(struct setting *s, struct buffer *b, uint32_t first, uint32_t count, uint32_t number) {
	static const char UNKNOWN_NAME[] = "unknown";
	const struct words *name = s->names + first + number;
	if (number < count && name->size)
		put(b, s->named + name->text, name->size);
	else
		put(b, UNKNOWN_NAME, sizeof UNKNOWN_NAME - 1);
	PUT(b, " (");
	put_unsigned(b, number);
	put_byte(b, ')');
}
static void put_frame(struct setting *s, struct buffer *b, uint32_t frame) {
	const struct frame *f = s->scan->frames + frame;
	const struct words *interface = s->interfaces + f->source;
	if (s->times) {
		put(b, s->given + s->times[frame].text, s->times[frame].size);
		return;
	}
	PUT(b, "\nFrame ");
	put_unsigned(b, f->number);
	PUT(b, ": ");
	put_local(s, b, f, 1);
	PUT(b, " (");
	if (s->time_mode == GIVEN)
		put_local(s, b, f, 0);
	else
		put_frame_time(s, b, frame);
	PUT(b, "), ");
	put_unsigned(b, f->captured);
	if (f->wire > f->captured) {
		PUT(b, " of ");
		put_unsigned(b, f->wire);
	}
	PUT(b, " bytes");
	put(b, s->sources + interface->text, interface->size);
	while (b->used && b->p[b->used - 1] == ' ') b->used--;
	put_byte(b, '\n');
	if (f->protocol < 0) return;
	PUT(b, "  sll_pkttype ");
	put_named(s, b, 0, PACKET_TYPES, f->kind);
	PUT(b, ", sll_hatype ");
	put_unsigned(b, number_at(s->scan->data + f->at + 2, 2, 1));
	PUT(b, ", sll_protocol ");
	put_named(s, b, PACKET_TYPES, PROTOCOLS, (uint32_t)f->protocol);
	put_byte(b, '\n');
}
/* Whether the zone at the time of a frame is known; else it is asked. */
static int zone_known(struct setting *s, const struct frame *f) {
	int64_t second = second_of(f->time);
	if (s->times || f->marks & NO_TIME || (s->zone_from <= second && second < s->zone_to)) return 1;
	s->asked = second;
	s->asks = 1;
	return 0;
}

/* ---- items ---- */

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
/* Whether all items of a frame before one are not shown. */
static int opens(const struct setting *s, uint32_t item, const struct frame *f) {
	while (item > f->first && s->scan->items[item - 1].marks & UNWANTED) item--;
	return item == f->first;
}
/* Where the request stands that a message acknowledges. */
static void put_asked(struct message *m, const struct item *request) {
	if (!(request->marks & WHOLE)) return;
	m->asked_at = request->at;
	m->asked_length = request->length;
	m->asked_head = request->head;
}
/* Tells messages to a core: `count` items from `from` on. Returns how many had room. */
int nl_prepare(struct setting *s, uint32_t from, uint32_t count) {
	struct buffer b = {s->texts, 0, s->texts_size, 0};
	s->texts_used = s->asks = 0;
	for (uint32_t n = 0; n < count; n++) {
		const struct item *i = s->scan->items + from + n;
		const struct frame *f = s->scan->frames + i->frame;
		struct message *m = s->messages + n;
		int shows_rest = s->output != OUTPUT_LIST && s->output != OUTPUT_CELLS;
		int odd = !(i->marks & WHOLE) || (shows_rest && i->marks & NOISY);
		memset(m, 0, sizeof *m);
		m->at = i->at;
		m->size = size_of(i);
		m->head = odd ? NO_HEAD : i->head;
		m->seq = i->seq;
		m->pid = i->pid;
		m->place = i->place;
		m->count = f->count;
		m->request = i->prior_frame;
		m->space = s->scan->sources[f->source].space;
		if (from + n == f->first) {
			if (s->output == OUTPUT_TREE && !zone_known(s, f)) return (int)n;
			if (s->met != f->number) meet(s, f); /* or there was no room for its text before */
			s->met = f->number;
		}
		if (i->marks & UNWANTED || f->marks & HIDDEN || (f->marks & HEADING && i->place > 1)) {
			m->head = SKIPPED;
			continue;
		}
		m->before = (uint32_t)b.used;
		if (s->output == OUTPUT_LIST)
			put_columns(s, &b, i);
		else if (s->output == OUTPUT_TREE) {
			if (opens(s, from + n, f)) put_frame(s, &b, i->frame);
		} else if (!odd && shows_rest)
			put_place(s, &b, i);
		m->before_size = (uint32_t)b.used - m->before;
		if (i->type == NLMSG_ERROR && i->prior_head && !odd && s->output != OUTPUT_CELLS) {
			const struct caption *c = s->scan->captions + i->prior_head - 1;
			m->asked = (uint32_t)b.used;
			put(&b, s->pool + c->called, c->called_size);
			m->asked_size = (uint32_t)b.used - m->asked;
			if (i->prior_item && i->prior_item <= s->scan->item_count)
				put_asked(m, s->scan->items + i->prior_item - 1);
		}
		if (shows_rest && i->marks & LAST && f->rest < f->captured && !odd) {
			m->behind = (uint32_t)b.used;
			put_trailing(s, &b, f);
			m->behind_size = (uint32_t)b.used - m->behind;
		}
		if (b.full) return (int)n;
		s->texts_used = b.used;
	}
	return (int)count;
}
