/* What the fuzz targets share: the material that material.py wrote, random numbers, damaged frames, looks at texts. */
#ifndef NLDISSECT_FUZZ_H
#define NLDISSECT_FUZZ_H

#include "core.h"
#include "scan.h"

enum { OUTPUTS = 4, LONGEST = 1 << 18 };

struct bytes {
	uint8_t *data;
	size_t size;
};
/* What a core is told of an output. */
struct tables {
	struct program program;
	struct extent extent;
	const struct head *heads;
	const struct caption *captions;
	const uint32_t *captioned; /* heads of messages; the others are of what acknowledgements repeat */
	uint32_t head_count, captioned_count;
};
struct told_protocol {
	uint32_t protocol, marks;
};
struct told_type {
	uint32_t protocol, number;
	struct type type;
};
struct material {
	struct tables tables[OUTPUTS];
	const struct told_protocol *protocols;
	const struct told_type *types;
	struct bytes *seeds;
	const uint32_t *files; /* the first seed of each capture */
	uint32_t protocol_count, type_count, seed_count, file_count;
};

/* Where struct program and struct extent have an array, and the size of one of its things. */
struct array {
	const char *name;
	size_t pointer, count, size;
};
enum { ARRAYS = 15 };
extern const struct array ARRAYS_OF[ARRAYS];

struct bytes copy_of(const void *data, size_t size);
void load_material(struct material *, const char *path);

void set_random(uint64_t seed, uint64_t round);
uint64_t random_bits(void);
uint32_t below(uint32_t limit);
int one_in(uint32_t times);

void damage_frame(const struct material *, struct bytes *frame);
void fix_length(struct bytes *frame);

int is_json(const uint8_t *text, size_t size);
int is_lines(const uint8_t *text, size_t size, int only_one);
void fail(const char *words);
void work(const struct material *, const struct tables *, uint32_t output, uint32_t windows, int looks);
void tell_work(void);
/* Has a filter choose items of a scan, whose frames begin at `first`. */
void choose(struct core *, const struct tables *, const struct bytes *data, struct scan *, uint32_t first);
/* Fields made by chance for the items of a scan from `first` on. */
const struct cells *any_cells(const struct tables *, const struct scan *, uint32_t first, uint32_t sources);
void free_cells(const struct cells *);
/* Calls `round` with numbers from 0 on until the seconds are over. The arguments of main: MATERIAL SECONDS SEED
 * [ROUND]: that round alone. */
int run_rounds(int count, char **arguments, void (*round)(const struct material *));
#endif
