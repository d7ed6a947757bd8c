/* Filters made by chance on the items of damaged frames. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { CHECKS = 12, PROBES = 200, TEXTS = 64 };

/* Numbers of tests and what joins them, for a stack that is never empty; sometimes anything. */
static uint32_t any_code(uint16_t *code, uint32_t room, uint32_t tests) {
	uint32_t count = 0, depth = 0;
	if (one_in(20)) {
		for (; count < room; count++)
			code[count] = one_in(2) ? (uint16_t)below(tests) : (uint16_t)(STEP_NOT + below(3));
		return count;
	}
	while (count + 1 < room && !(depth == 1 && one_in(4))) {
		if (depth > 1 && one_in(2)) {
			code[count++] = (uint16_t)(STEP_AND + below(2));
			depth--;
		} else if (depth && one_in(5))
			code[count++] = STEP_NOT;
		else {
			code[count++] = (uint16_t)below(tests);
			depth++;
		}
	}
	return count;
}
static void any_checks(struct check *checks) {
	for (uint32_t i = 0; i < CHECKS; i++) {
		uint32_t size = one_in(3) ? 16 * below(4) : below(20), other = below(20);
		uint64_t low = one_in(2) ? below(300) : random_bits();
		checks[i] = (struct check){low,
		                           one_in(2) ? low + below(9) : random_bits(),
		                           below(TEXTS - size),
		                           size,
		                           below(TEXTS - other),
		                           other,
		                           below(CHECK_MATCHES + 2),
		                           0};
		if (checks[i].op == CHECK_WITHIN && low > 8u * size && !one_in(3)) checks[i].low = below(8 * size + 1);
	}
}
/* Which rows are asked for: few, or many. */
static void any_probes(const struct tables *t, struct selection *s, struct probe *probes, uint16_t *of_row) {
	uint32_t count = 1 + below(one_in(3) ? PROBES - 1 : 20);
	for (uint32_t i = 1; i < count; i++) {
		uint32_t row = below(s->row_count), first = below(CHECKS);
		probes[i] = (struct probe){of_row[row],
		                           below(s->test_count),
		                           first,
		                           below(CHECKS - first + 1),
		                           one_in(4) ? (uint16_t)below(t->program.wanted_count) : 0,
		                           one_in(3),
		                           0};
		of_row[row] = (uint16_t)i;
	}
}
void choose(struct core *core, const struct tables *t, const struct bytes *data, struct scan *scan, uint32_t first) {
	static const uint8_t STATES[] = {0, 1, 3, 4, 4, 4};
	uint32_t count = scan->item_count, tests = 1 + below(one_in(8) ? MOST_TESTS + 3 : 5), heads = t->head_count;
	struct criterion *criteria = calloc(tests, sizeof *criteria);
	struct probe *probes = calloc(PROBES, sizeof *probes);
	struct check *checks = calloc(CHECKS, sizeof *checks);
	uint16_t code[100];
	struct bytes texts = {malloc(TEXTS), TEXTS}, verdicts = {malloc(heads), heads},
	             known = {malloc((size_t)heads * tests), (size_t)heads * tests}, chosen = {malloc(count), count};
	struct selection s = {
	        .program = &t->program,
	        .data = data->data,
	        .size = data->size,
	        .heads = t->heads,
	        .frames = scan->frames,
	        .items = scan->items,
	        .verdicts = verdicts.data,
	        .known = known.data,
	        .tests = criteria,
	        .probes = probes,
	        .checks = checks,
	        .texts = texts.data,
	        .code = code,
	        .chosen = chosen.data,
	        .head_count = one_in(20) ? below(heads) : heads,
	        .test_count = tests,
	        .row_count = one_in(20) ? 1 + below(t->extent.rows) : t->extent.rows,
	        .code_count = any_code(code, sizeof code / sizeof *code, tests),
	        .item_count = count,
	        .first = first,
	        .stop = scan->frame_done,
	        .limit = one_in(2) ? UINT32_MAX : below(5),
	        .explains = below(2),
	        .is_timed = !one_in(4),
	        .has_first = below(2),
	        .first_time = (int64_t)random_bits(),
	};
	uint16_t *of_row = calloc(s.row_count, sizeof *of_row);
	s.of_row = of_row;
	uint8_t *needed = malloc(s.row_count);
	for (uint32_t i = 0; i < s.row_count; i++) needed[i] = (uint8_t)below(3);
	s.needed = one_in(4) ? 0 : needed;
	for (size_t i = 0; i < TEXTS; i++) texts.data[i] = (uint8_t)(one_in(3) ? random_bits() : 0);
	for (size_t i = 0; i < heads; i++) verdicts.data[i] = one_in(6) ? (uint8_t)below(3) : LOOKED_AT;
	for (size_t i = 0; i < known.size; i++) known.data[i] = STATES[below(sizeof STATES)];
	for (uint32_t i = 0; i < tests; i++) {
		uint32_t at = below(CHECKS);
		criteria[i] = (struct criterion){at,
		                                 below(CHECKS - at + 1),
		                                 below(4),
		                                 1 + below(4),
		                                 (uint16_t)below(t->program.wanted_count),
		                                 one_in(2) ? TEST_OF_NODES : (uint8_t)below(TEST_OF_RELATIVE + 2),
		                                 one_in(3),
		                                 one_in(5),
		                                 {0, 0, 0}};
	}
	any_checks(checks);
	any_probes(t, &s, probes, of_row);
	uint32_t asked = nl_select(core, &s), found = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (chosen.data[i] > ASKED_FOR) fail("no verdict");
		found += chosen.data[i] == ASKED_FOR;
		if (chosen.data[i] == ASKED_FOR) chosen.data[i] = one_in(2);
	}
	if (found != asked) fail("so many are not asked about");
	if (nl_mark(&s) > count || s.met > s.limit) fail("more than the limit");
	if (one_in(30)) {
		struct bytes reached = {calloc(t->extent.rows, 1), t->extent.rows};
		reached.data[below(t->extent.rows)] = 1;
		nl_reach(&t->program, reached.data, t->extent.rows);
		free(reached.data);
	}
	free(criteria);
	free(probes);
	free(checks);
	free(of_row);
	free(needed);
	free(texts.data);
	free(verdicts.data);
	free(known.data);
	free(chosen.data);
}
