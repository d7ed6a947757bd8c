/* Numbers that measure time, in words: as wire/units.py has them. */
#include "inside.h"

static const struct unit {
	uint64_t a_second;
	const char *name;
	uint32_t size;
} UNITS[] = {{1, " s", 2}, {1000, " ms", 3}, {1000000, " us", 3}, {1000000000, " ns", 3}, {100, "", 0}};

/* A quotient with at most three decimals; 0: which way it is rounded, floating-point numbers decide. */
static int put_rounded(struct buffer *b, uint64_t value, uint64_t size) {
	uint64_t thousandths = value * 1000 / size, rest = value * 1000 % size;
	if (rest && rest * 2 == size) return 0;
	thousandths += rest * 2 > size;
	put_unsigned(b, thousandths / 1000);
	if (!(thousandths % 1000)) return 1;
	uint8_t digits[4] = {'.', (uint8_t)('0' + thousandths / 100 % 10), (uint8_t)('0' + thousandths / 10 % 10),
	                     (uint8_t)('0' + thousandths % 10)};
	size_t count = 4;
	while (digits[count - 1] == '0') count--;
	put(b, digits, count);
	return 1;
}
static int put_duration(struct buffer *b, uint64_t value, uint64_t a_second) {
	static const uint32_t SIZES[] = {86400, 3600, 60, 1};
	static const char NAMES[][4] = {"d", "h", "min", "s"};
	uint64_t seconds = value / a_second, billionth = 1000000000 / a_second;
	if (seconds < 120) {
		uint32_t unit = 0;
		while (unit < 3 && value * billionth < 1000000000 / UNITS[unit].a_second) unit++;
		if (!put_rounded(b, value * billionth, 1000000000 / UNITS[unit].a_second)) return 0;
		put(b, UNITS[unit].name, UNITS[unit].size);
		return 1;
	}
	if (seconds == 0xffffffff && !(value % a_second)) {
		PUT(b, "forever");
		return 1;
	}
	for (int i = 0, some = 0; i < 4 && some < 2; i++) {
		if (seconds < SIZES[i]) continue;
		if (some++) put_byte(b, ' ');
		put_unsigned(b, seconds / SIZES[i]);
		put(b, NAMES[i], i == 2 ? 3 : 1);
		seconds %= SIZES[i];
	}
	return 1;
}
/* The number with its unit, and what it comes to where that reads better; 0: it is left to the caller. */
int put_measured(struct buffer *b, enum naming measure, uint64_t value) {
	const struct unit *unit = UNITS + (measure - SECONDS);
	size_t start = b->used;
	put_unsigned(b, value);
	put(b, unit->name, unit->size);
	size_t size = b->used - start;
	if (!value) return 1;
	PUT(b, " (");
	size_t easy = b->used;
	if (!put_duration(b, value, unit->a_second)) {
		b->used = start;
		return 0;
	}
	if (b->full) return 1;
	if (b->used - easy == size && !memcmp(b->p + start, b->p + easy, size))
		b->used = start + size;
	else
		put_byte(b, ')');
	return 1;
}
/* The same in a summary: a short duration as it is. */
int put_measured_brief(struct buffer *b, const struct row *r, int64_t value) {
	const struct unit *unit = UNITS + (r->brief - SECONDS);
	size_t start = b->used;
	if (value < 0 && r->marks & SIGNED) return 0;
	uint64_t number = (uint64_t)value;
	if (r->brief == CLOCK_T && !number) {
		PUT(b, "0 s");
		return 1;
	}
	if (r->brief == CLOCK_T || (unit->a_second == 1000000000 && number >= 1000000)) {
		if (put_duration(b, number, unit->a_second)) return 1;
		b->used = start;
		return 0;
	}
	if (unit->a_second == 1 && number == 0xffffffff) {
		PUT(b, "forever");
		return 1;
	}
	put_unsigned(b, number);
	put(b, unit->name, unit->size);
	return 1;
}
