/* The tables of a program file, damaged: refused by nl_check, or frames are rendered with them all the same. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES = 100, WINDOWS = 4 };

static unsigned long long refused, taken;

static void damage_number(uint8_t *at, size_t size, uint32_t count) {
	uint64_t old = 0;
	memcpy(&old, at, size);
	static const uint64_t NUMBERS[] = {0,    1,    2,      3,          4,          8,         16,
	                                   0x7f, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff};
	uint64_t all[] = {old + 1, old - 1,       old ^ (uint64_t)1 << below(8 * (uint32_t)size),  below(count),
	                  count,   random_bits(), NUMBERS[below(sizeof NUMBERS / sizeof *NUMBERS)]};
	memcpy(at, all + below(sizeof all / sizeof *all), size);
}
/* Changes some numbers of one of the arrays. */
static void damage_array(struct tables *t, uint8_t *data, const struct array *a) {
	static const size_t SIZES[] = {1, 2, 4, 4, 4, 8};
	uint32_t count;
	memcpy(&count, (uint8_t *)&t->extent + a->count, sizeof count);
	if (!count) return;
	uint8_t *one = data + a->size * below(count);
	size_t size = SIZES[below(6)];
	if (size > a->size) size = a->size;
	size_t at = below((uint32_t)(a->size / size)) * size;
	if (one_in(10))
		memcpy(one, data + a->size * below(count), a->size);
	else if (!one_in(8)) /* as another has it: it may well be taken */
		memcpy(one + at, data + a->size * below(count) + at, size);
	else
		damage_number(one + at, size, count);
}
static void round_of_programs(const struct material *m) {
	uint32_t output = below(OUTPUTS), changes = 1 + below(one_in(3) ? 4 : 400);
	struct tables damaged = m->tables[output];
	for (int i = 0; i < TRIES; i++) {
		const struct array *a = ARRAYS_OF + (one_in(3) ? 1 + below(4) : below(ARRAYS));
		struct bytes kept;
		uint32_t count;
		memcpy(&count, (uint8_t *)&damaged.extent + a->count, sizeof count);
		uint8_t *data;
		memcpy(&data, (uint8_t *)&damaged.program + a->pointer, sizeof data);
		kept = copy_of(data, count * a->size);
		for (uint32_t k = 0; k < changes; k++) damage_array(&damaged, data, a);
		if (nl_check(&damaged.program, &damaged.extent)) {
			taken++;
			work(m, &damaged, output, WINDOWS, 0);
		} else
			refused++;
		memcpy(data, kept.data, kept.size);
		free(kept.data);
	}
}
int main(int count, char **arguments) {
	int status = run_rounds(count, arguments, round_of_programs);
	printf(", %llu programs refused, %llu taken", refused, taken);
	tell_work();
	return status;
}
