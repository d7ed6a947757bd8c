/* Texts KEY=VALUE, each ended by a NUL (KeyValues of wire/text.py): those of ASCII, others are asked for. */
#include "inside.h"

enum { MOST_PAIRS = 256 }; /* as objects, whose keys are compared */

/* The pair that begins at `*at`, which moves on; 0: there is none. */
static int next_pair(struct pair *p, const uint8_t **at, const uint8_t *end) {
	const uint8_t *stop = *at < end ? memchr(*at, 0, (size_t)(end - *at)) : 0;
	const uint8_t *sign = stop ? memchr(*at, '=', (size_t)(stop - *at)) : 0;
	if (!sign) return 0;
	*p = (struct pair){*at, sign + 1, (uint32_t)(sign - *at), (uint32_t)(stop - sign - 1)};
	*at = stop + 1;
	return 1;
}
/* How many there are; -1: these are none, or not of ASCII. */
int64_t count_pairs(const uint8_t *from, uint32_t size) {
	const uint8_t *at = from, *end = from + size;
	struct pair one;
	int64_t count = 0;
	while (next_pair(&one, &at, end)) count++;
	return at == end && is_ascii(from, size) ? count : -1;
}
static int is_key(const struct pair *p, const uint8_t *key, uint32_t size) {
	return p->key_size == size && !memcmp(p->key, key, size);
}
/* The first with a key: 1; 0: none has it; -1: they are asked for. */
int find_pair(struct pair *found, const uint8_t *from, uint32_t size, const uint8_t *key, uint32_t key_size) {
	const uint8_t *at = from;
	if (count_pairs(from, size) < 0) return -1;
	while (next_pair(found, &at, from + size))
		if (is_key(found, key, key_size)) return 1;
	return 0;
}
/* In summaries and trees; 0: they are asked for. */
int put_pairs(struct buffer *b, const uint8_t *from, uint32_t size) {
	const uint8_t *at = from;
	struct pair one;
	if (count_pairs(from, size) < 0) return 0;
	while (next_pair(&one, &at, from + size)) {
		if (one.key != from) put_byte(b, ' ');
		put_escaped(b, one.key, one.key_size);
		put_byte(b, '=');
		put_escaped(b, one.value, one.value_size);
	}
	return 1;
}
static int are_different(const struct pair *pairs, uint32_t count) {
	for (uint32_t i = 1; i < count; i++)
		for (uint32_t k = 0; k < i; k++)
			if (is_key(pairs + i, pairs[k].key, pairs[k].key_size)) return 0;
	return 1;
}
/* An object, or a list of lists where a key repeats; 0: they are asked for. */
int put_pairs_json(struct buffer *b, const uint8_t *from, uint32_t size) {
	struct pair pairs[MOST_PAIRS];
	const uint8_t *at = from;
	int64_t count = count_pairs(from, size);
	if (count < 0 || count > MOST_PAIRS) return 0;
	for (int64_t i = 0; i < count; i++) next_pair(pairs + i, &at, from + size);
	int is_object = are_different(pairs, (uint32_t)count);
	put_byte(b, is_object ? '{' : '[');
	for (int64_t i = 0; i < count; i++) {
		if (i) put_byte(b, ',');
		if (!is_object) put_byte(b, '[');
		put_byte(b, '"');
		put_json(b, pairs[i].key, pairs[i].key_size);
		put(b, is_object ? "\":\"" : "\",\"", 3);
		put_json(b, pairs[i].value, pairs[i].value_size);
		put_byte(b, '"');
		if (!is_object) put_byte(b, ']');
	}
	put_byte(b, is_object ? '}' : ']');
	return 1;
}
