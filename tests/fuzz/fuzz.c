/* Material, random numbers, damaged frames, looks at texts. */
#include "fuzz.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct {
	unsigned long long seed, round;
} running;

/* An abort of a sanitizer is told with what it takes to see it again. */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);
const char *__asan_default_options(void) {
	return "abort_on_error=1:detect_leaks=0:quarantine_size_mb=16";
}
const char *__ubsan_default_options(void) {
	return "print_stacktrace=1:abort_on_error=1";
}
static void tell(int number) {
	char text[120];
	int size = snprintf(text, sizeof text, "\nseed %llu, round %llu: signal %d\n", running.seed, running.round,
	                    number);
	if (write(2, text, (size_t)size) < 0) _exit(3);
	_exit(1);
}
void fail(const char *words) {
	fprintf(stderr, "%s\n", words);
	abort();
}

/* ---- material ---- */

/* Of exactly that size, so that a look behind it is seen. */
struct bytes copy_of(const void *data, size_t size) {
	uint8_t *made = malloc(size ? size : 1);
	if (!made) fail("no memory");
	if (size) memcpy(made, data, size);
	return (struct bytes){made, size};
}
static struct bytes whole_file(const char *path) {
	FILE *file = fopen(path, "rb");
	struct bytes found = {0, 0};
	if (!file || fseek(file, 0, SEEK_END)) fail("the material can't be read");
	long size = ftell(file);
	rewind(file);
	found.data = malloc((size_t)size + 1);
	found.size = (size_t)size;
	if (size < 0 || !found.data || fread(found.data, 1, found.size, file) != found.size)
		fail("the material can't be read");
	fclose(file);
	return found;
}
static struct bytes part(const struct bytes *file, const char *prefix, const char *name) {
	char wanted[32] = "";
	snprintf(wanted, sizeof wanted, "%s%s", prefix, name);
	for (size_t at = 0; at + 32 <= file->size;) {
		uint64_t size;
		memcpy(&size, file->data + at + 24, 8);
		if (size > file->size - at - 32) break;
		if (!strncmp((const char *)file->data + at, wanted, 24)) return copy_of(file->data + at + 32, size);
		at += 32 + (size + 7) / 8 * 8;
	}
	fail(wanted);
	return (struct bytes){0, 0};
}
#define ARRAY(name, of, thing) {#name, offsetof(struct program, of), offsetof(struct extent, name), sizeof(thing)}
const struct array ARRAYS_OF[ARRAYS] = {
        ARRAY(pool, pool, uint8_t),
        ARRAY(rows, rows, struct row),
        ARRAY(sets, sets, struct set),
        ARRAY(numbers, numbers, uint32_t),
        ARRAY(selectors, selectors, uint16_t),
        ARRAY(structs, structs, struct strct),
        ARRAY(fields, fields, uint32_t),
        ARRAY(choices, choices, struct choice),
        ARRAY(choosings, choosings, struct choosing),
        ARRAY(named, named, struct named),
        ARRAY(templates, tmpls, struct tmpl),
        ARRAY(parts, parts, struct part),
        ARRAY(alternatives, alternatives, struct alternative),
        ARRAY(silents, silents, int64_t),
        ARRAY(selector_names, selector_names, struct called),
};
static void load_program(struct tables *t, const struct bytes *file, const char *prefix) {
	struct bytes numbers = part(file, prefix, "constants");
	uint32_t n[5];
	if (numbers.size != sizeof n) fail("constants");
	memcpy(n, numbers.data, sizeof n);
	free(numbers.data);
	for (int i = 0; i < ARRAYS; i++) {
		const struct array *a = ARRAYS_OF + i;
		struct bytes found = part(file, prefix, a->name);
		uint32_t count = (uint32_t)(found.size / a->size);
		memcpy((uint8_t *)&t->program + a->pointer, &found.data, sizeof found.data);
		memcpy((uint8_t *)&t->extent + a->count, &count, sizeof count);
	}
	t->program.row_count = n[0];
	t->program.wanted_count = n[1];
	t->program.undecoded = n[2];
	t->program.secret = n[3];
	t->program.leftover = n[4];
	if (!nl_check(&t->program, &t->extent)) fail("the tables are not sound");
}
void load_material(struct material *m, const char *path) {
	struct bytes file = whole_file(path);
	for (int i = 0; i < OUTPUTS; i++) {
		char prefix[] = {(char)('0' + i), '.', 0};
		struct tables *t = m->tables + i;
		load_program(t, &file, prefix);
		struct bytes heads = part(&file, prefix, "heads"), captions = part(&file, prefix, "captions");
		t->heads = (const struct head *)heads.data;
		t->head_count = (uint32_t)(heads.size / sizeof *t->heads);
		t->captions = (const struct caption *)captions.data;
		struct bytes captioned = part(&file, prefix, "captioned");
		t->captioned = (const uint32_t *)captioned.data;
		t->captioned_count = (uint32_t)(captioned.size / 4);
	}
	struct bytes protocols = part(&file, "", "protocols"), types = part(&file, "", "types");
	m->protocols = (const struct told_protocol *)protocols.data;
	m->protocol_count = (uint32_t)(protocols.size / sizeof *m->protocols);
	m->types = (const struct told_type *)types.data;
	m->type_count = (uint32_t)(types.size / sizeof *m->types);
	struct bytes files = part(&file, "", "files"), seeds = part(&file, "", "seeds");
	m->files = (const uint32_t *)files.data;
	m->file_count = (uint32_t)(files.size / 4);
	m->seeds = calloc(seeds.size / 4, sizeof *m->seeds);
	for (size_t at = 0; at + 4 <= seeds.size;) {
		uint32_t size;
		memcpy(&size, seeds.data + at, 4);
		m->seeds[m->seed_count++] = copy_of(seeds.data + at + 4, size);
		at += 4 + size;
	}
	free(seeds.data);
	free(file.data);
}

/* ---- random numbers ---- */

static uint64_t state;

void set_random(uint64_t seed, uint64_t round) {
	state = seed * 0x9e3779b97f4a7c15u ^ round * 0xd6e8feb86659fd93u;
	for (int i = 0; i < 4; i++) random_bits();
}
uint64_t random_bits(void) { /* splitmix64 */
	uint64_t n = state += 0x9e3779b97f4a7c15u;
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9u;
	n = (n ^ n >> 27) * 0x94d049bb133111ebu;
	return n ^ n >> 31;
}
uint32_t below(uint32_t limit) {
	return limit ? (uint32_t)(random_bits() % limit) : 0;
}
int one_in(uint32_t times) {
	return !below(times);
}

/* ---- damaged frames ---- */

enum { COOKED = 16, HEADER = 16, WITH_HEADER = COOKED + HEADER };

static uint32_t odd_number(uint32_t size) {
	static const uint32_t NUMBERS[] = {0,      1,      2,      3,          4,          5,          7,         8,
	                                   15,     16,     17,     20,         36,         0x7f,       0x80,      0xff,
	                                   0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
	if (one_in(3)) return size - below(20);
	if (one_in(3)) return (uint32_t)random_bits() & (one_in(2) ? 0xff : 0xffff);
	return NUMBERS[below(sizeof NUMBERS / sizeof *NUMBERS)];
}
static void put_at(struct bytes *f, size_t at, uint32_t n, size_t size) {
	if (at + size <= f->size) memcpy(f->data + at, &n, size);
}
static void resize(struct bytes *f, size_t at, size_t gone, const uint8_t *more, size_t size) {
	if (at > f->size) at = f->size;
	if (gone > f->size - at) gone = f->size - at;
	if (f->size - gone + size > LONGEST) return;
	uint8_t *made = malloc(f->size - gone + size + 1);
	memcpy(made, f->data, at);
	if (size) memcpy(made + at, more, size);
	memcpy(made + at + size, f->data + at + gone, f->size - at - gone);
	free(f->data);
	*f = (struct bytes){made, f->size - gone + size};
}
/* Where an attribute may begin, as far as its length tells. */
static size_t attribute_in(const struct bytes *f) {
	size_t at = WITH_HEADER + 4 * below(8);
	for (uint32_t steps = below(24); steps && at + 4 <= f->size; steps--) {
		uint16_t size;
		memcpy(&size, f->data + at, 2);
		if (size < 4 || at + size > f->size) break;
		at += one_in(3) ? 4u : (size + 3u) & ~3u;
	}
	return at;
}
/* Puts an attribute's header before what is there, again and again. */
static void wrap(struct bytes *f) {
	uint16_t header[2], number;
	size_t at = attribute_in(f);
	if (at + 4 > f->size) return;
	memcpy(header, f->data + at, 4);
	number = one_in(2) ? header[1] : (uint16_t)below(40);
	for (uint32_t times = 1 + below(40); times; times--) {
		header[0] = (uint16_t)(header[0] + 4);
		header[1] = number;
		resize(f, at, 0, (const uint8_t *)header, 4);
	}
	fix_length(f);
}
/* Repeats some bytes many times. */
static void repeat(struct bytes *f) {
	size_t at = attribute_in(f), size = 4 + 4 * below(12);
	if (at + size > f->size) return;
	uint32_t times = one_in(20) ? below(1 << 14) : below(300);
	uint8_t *made = malloc(size * times + 1);
	for (uint32_t i = 0; i < times; i++) memcpy(made + i * size, f->data + at, size);
	resize(f, at, 0, made, size * times);
	free(made);
	fix_length(f);
}
void fix_length(struct bytes *f) {
	if (f->size >= WITH_HEADER) put_at(f, COOKED, (uint32_t)f->size - COOKED, 4);
}
static void damage(const struct material *m, struct bytes *f) {
	uint8_t more[40];
	if (!f->size) return;
	size_t at = below((uint32_t)f->size);
	const struct bytes *other = m->seeds + below(m->seed_count);
	switch (below(16)) {
	case 0:
	case 1:
	case 2: f->data[at] ^= (uint8_t)(1u << below(8)); break;
	case 3: f->data[at] = (uint8_t)odd_number((uint32_t)f->size); break;
	case 4: put_at(f, COOKED + 4 * below(4), odd_number((uint32_t)f->size - COOKED), 4); break;
	case 5: put_at(f, COOKED + 4 + 2 * below(2), odd_number(16), 2); break;
	case 6: put_at(f, at & ~(size_t)1, odd_number((uint32_t)(f->size - at)), 2); break;
	case 7: put_at(f, at & ~(size_t)3, odd_number((uint32_t)(f->size - at)), 4); break;
	case 8: {
		size_t begin = attribute_in(f);
		put_at(f, begin, odd_number((uint32_t)(f->size - (begin < f->size ? begin : f->size))), 2);
		if (one_in(2)) put_at(f, begin + 2, odd_number(40), 2);
		break;
	}
	case 9: resize(f, at, one_in(4) ? f->size : 1 + below(24), 0, 0); break;
	case 10:
		for (size_t i = 0; i < sizeof more; i++) more[i] = (uint8_t)random_bits();
		resize(f, at, 0, more, 1 + below(sizeof more));
		break;
	case 11: {
		size_t from = below((uint32_t)other->size + 1);
		resize(f, at, f->size, other->data + from, other->size - from);
		break;
	}
	case 12: wrap(f); break;
	case 13: put_at(f, WITH_HEADER + 4 * below(8), one_in(2) ? 0xffffffff : odd_number(20), 4); break;
	case 14: /* protocol and type */
		put_at(f, COOKED - 2, one_in(2) ? 0xffff : below(24) << 8, 2);
		if (one_in(2)) put_at(f, COOKED + 4, one_in(2) ? 0xffff : below(40), 2);
		break;
	default: repeat(f); break;
	}
}
/* Some damage; mostly its first message still is as long as the frame, or nobody would look into it. */
void damage_frame(const struct material *m, struct bytes *f) {
	for (uint32_t times = 1 + below(one_in(3) ? 8 : 2); times; times--) damage(m, f);
	if (!one_in(3)) fix_length(f);
}

/* ---- looks at texts ---- */

struct text {
	const uint8_t *at, *end;
	int depth;
};
static int next_is(struct text *t, char c) {
	if (t->at >= t->end || *t->at != (uint8_t)c) return 0;
	t->at++;
	return 1;
}
static int is_string(struct text *t) {
	if (!next_is(t, '"')) return 0;
	while (t->at < t->end && *t->at != '"') {
		if (*t->at < 0x20) return 0;
		t->at += *t->at == '\\' ? 2 : 1;
	}
	return next_is(t, '"');
}
static int is_value(struct text *t);
static int is_list(struct text *t, char end, int keys) {
	if (next_is(t, end)) return 1;
	do {
		if (keys && !(is_string(t) && next_is(t, ':'))) return 0;
		if (!is_value(t)) return 0;
	} while (next_is(t, ','));
	return next_is(t, end);
}
static int is_value(struct text *t) {
	if (++t->depth > 200 || t->at >= t->end) return 0;
	int fits;
	if (*t->at == '"')
		fits = is_string(t);
	else if (next_is(t, '{'))
		fits = is_list(t, '}', 1);
	else if (next_is(t, '['))
		fits = is_list(t, ']', 0);
	else {
		const uint8_t *from = t->at;
		while (t->at < t->end && strchr("-0123456789truefalsn", *t->at) && *t->at) t->at++;
		fits = t->at > from;
	}
	t->depth--;
	return fits;
}
int is_json(const uint8_t *text, size_t size) {
	struct text t = {text, text + size, 0};
	return is_value(&t) && t.at == t.end;
}
/* Whether text ends with a line's end and holds no control characters but these. */
int is_lines(const uint8_t *text, size_t size, int only_one) {
	if (!size || text[size - 1] != '\n') return 0;
	for (size_t i = 0; i < size; i++)
		if ((text[i] < 0x20 && text[i] != '\n') || (only_one && text[i] == '\n' && i + 1 < size)) return 0;
	return 1;
}

/* ---- rounds ---- */

int run_rounds(int count, char **arguments, void (*round)(const struct material *)) {
	static struct material material;
	struct timespec begin, now;
	if (count != 4 && count != 5) fail("MATERIAL SECONDS SEED [ROUND]");
	load_material(&material, arguments[1]);
	running.seed = strtoull(arguments[3], 0, 10);
	running.round = count == 5 ? strtoull(arguments[4], 0, 10) : 0;
	signal(SIGABRT, tell);
	signal(SIGALRM, tell); /* a round without an end */
	clock_gettime(CLOCK_MONOTONIC, &begin);
	do {
		set_random(running.seed, running.round);
		alarm(60);
		round(&material);
		running.round++;
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (count == 4 && now.tv_sec - begin.tv_sec < atol(arguments[2]));
	printf("seed %llu: %llu rounds", running.seed, running.round);
	return 0;
}
