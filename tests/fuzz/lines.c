/* Lines of cells whose fields are made by chance. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { PROBES = 200, ERRORS = 20, TEXTS = 64 };

static struct words any_words(void) {
	uint32_t size = one_in(3) ? 0 : below(6);
	return (struct words){below(TEXTS - size), size};
}
static struct words *many_words(size_t count) {
	struct words *made = malloc(sizeof *made * (count + 1));
	for (size_t i = 0; i < count; i++) made[i] = any_words();
	return made;
}
static uint8_t *any_bytes(size_t count, uint32_t limit, uint8_t often) {
	uint8_t *made = malloc(count + 1);
	int all = one_in(3);
	for (size_t i = 0; i < count; i++) made[i] = all || one_in(2) ? often : (uint8_t)below(limit);
	return made;
}
const struct cells *any_cells(const struct tables *t, const struct scan *scan, uint32_t first, uint32_t sources) {
	static const char OCCURRENCES[] = "fla", QUOTES[] = {0, 0, '"', '\'', 'e'};
	uint32_t columns = 1 + below(one_in(8) ? MOST_COLUMNS + 2 : 6), probes = 1 + below(one_in(3) ? PROBES - 1 : 20);
	uint32_t heads = one_in(20) ? below(t->head_count) : t->head_count;
	uint32_t rows = one_in(20) ? 1 + below(t->extent.rows) : t->extent.rows;
	uint32_t room = one_in(6) ? 1 + below(8) : 1 << 12;
	struct cell_source *made = calloc(columns, sizeof *made);
	struct probe *probe = calloc(PROBES, sizeof *probe);
	uint16_t *of_row = calloc(rows, sizeof *of_row);
	uint8_t *texts = malloc(TEXTS), *needed = any_bytes(rows, 3, HOLDS_NEEDED);
	struct cells *c = malloc(sizeof *c);
	for (uint32_t i = 0; i < columns; i++)
		made[i] = (struct cell_source){(uint16_t)below(t->program.wanted_count),
		                               one_in(2) ? TEST_OF_NODES : (uint8_t)below(CELL_OF_SEVERITIES + 2), 0};
	for (uint32_t i = 1; i < probes; i++) {
		uint32_t row = below(rows), test = below(columns);
		uint16_t inside = one_in(4) ? (uint16_t)below(t->program.wanted_count) : 0;
		probe[i] = (struct probe){of_row[row], test, 0, 0, inside, 1, 0};
		of_row[row] = (uint16_t)i;
		needed[row] = SHOWN;
	}
	for (size_t i = 0; i < TEXTS; i++) texts[i] = (uint8_t)(one_in(3) ? ',' : 'a' + below(9));
	*c = (struct cells){
	        .items = scan->items + first,
	        .frames = scan->frames,
	        .sources = scan->sources,
	        .columns = made,
	        .probes = probe,
	        .of_row = of_row,
	        .needed = needed,
	        .looks = any_bytes(heads, 4, one_in(3) ? READ_WHOLE : LOOKED_INTO),
	        .fixed = many_words((size_t)heads * columns),
	        .interfaces = many_words(2 * sources),
	        .errors = many_words(ERRORS),
	        .texts = texts,
	        .hits = malloc(sizeof(struct hit) * room),
	        .hit_room = room,
	        .column_count = columns,
	        .row_count = rows,
	        .head_count = heads,
	        .source_count = sources,
	        .error_count = ERRORS,
	        .separator = any_words(),
	        .aggregator = any_words(),
	        .occurrence = (uint8_t)OCCURRENCES[below(3)],
	        .quote = (uint8_t)QUOTES[below(sizeof QUOTES)],
	        .is_csv = one_in(2),
	        .is_timed = !one_in(4),
	        .has_first = one_in(2),
	        .first_time = (int64_t)random_bits(),
	};
	return c;
}
void free_cells(const struct cells *c) {
	const void *all[] = {c->columns, c->probes, c->of_row,     c->needed, c->looks, c->texts,
	                     c->hits,    c->fixed,  c->interfaces, c->errors, c};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) free((void *)(uintptr_t)all[i]);
}
