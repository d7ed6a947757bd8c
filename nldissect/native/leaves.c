/* Texts of values that were asked for, remembered by the bytes of the value. */
#include "inside.h"

/* ---- remembered leaves ---- */

static uint64_t hash_of(const uint8_t *from, uint32_t n, uint64_t h) {
	for (; n >= 8; from += 8, n -= 8) {
		uint64_t w;
		memcpy(&w, from, 8);
		h = mixed(h ^ w);
	}
	return mixed(h ^ number_at(from, n, 0) ^ (uint64_t)n << 56);
}
struct entry *recall(struct core *c, uint32_t row, int form, int big, const uint8_t *key, uint32_t size) {
	return recall_as(c, row, form, big, key, size, (uint64_t)(key - c->job->data), size);
}
/* The same by a key that stands in no message: `at` is where what it is made of stands. */
struct entry *recall_as(struct core *c, uint32_t row, int form, int big, const uint8_t *key, uint32_t size,
                        uint64_t from, uint32_t from_size) {
	uint64_t h = hash_of(key, size, (uint64_t)row << 8 | (uint64_t)form << 1 | (uint64_t)big);
	uint32_t at = (uint32_t)h & c->entry_mask;
	struct job *j = c->job;
	for (;; at = (at + 1) & c->entry_mask) {
		struct entry *e = c->entries + at;
		if (e->state == EMPTY) break;
		if (e->hash == h && e->row == row && e->form == form && e->big == big && e->key_size == size &&
		    !memcmp(c->leaves + e->key, key, size)) {
			e->used = 1;
			if (e->state == PENDING) c->missed++;
			return e->state == KNOWN ? e : e->state == REFUSED ? (c->odd = W_LEAF, (struct entry *)0) : 0;
		}
	}
	if (j->miss_count >= j->miss_room) {
		c->missed++;
		return 0;
	}
	if (size > LONGEST_KEY || c->entry_count > c->entry_mask / 2 || c->leaf_room - c->leaf_used < size) {
		c->odd = W_ROOM;
		return 0;
	}
	struct entry *e = c->entries + at;
	*e = (struct entry){h, row, c->leaf_used, size, 0, 0, (uint8_t)form, PENDING, (uint8_t)big, 1};
	memcpy(c->leaves + c->leaf_used, key, size);
	c->leaf_used += size;
	c->entry_count++;
	c->missed++;
	j->misses[j->miss_count++] = (struct miss){at, row, (uint32_t)form, (uint32_t)big, from_size, from};
	return 0;
}
/* When a block of messages begins, in whose passes nothing is let go: half of all room is free then, and where
 * room has to be made, a quarter at most is kept, of what was used since it was made last. */
void make_room(struct core *c) {
	uint32_t most = c->entry_mask / 4, room = c->leaf_room / 2;
	if (c->entry_count <= most && c->leaf_used <= room) return;
	struct entry *all = c->entries;
	uint8_t *leaves = c->leaves;
	c->entries = c->spare_entries;
	c->leaves = c->spare_leaves;
	c->spare_entries = all;
	c->spare_leaves = leaves;
	memset(c->entries, 0, sizeof *all * (c->entry_mask + 1));
	c->entry_count = c->leaf_used = 0;
	for (struct entry *e = all; e <= all + c->entry_mask; e++) {
		if (e->state != KNOWN || !e->used) continue;
		if (c->entry_count >= most / 2 || c->leaf_used + e->key_size + e->text_size > room / 2) break;
		uint32_t at = (uint32_t)e->hash & c->entry_mask;
		while (c->entries[at].state != EMPTY) at = (at + 1) & c->entry_mask;
		struct entry *kept = c->entries + at;
		*kept = *e;
		kept->used = 0;
		kept->key = c->leaf_used;
		kept->text = kept->key + e->key_size;
		memcpy(c->leaves + kept->key, leaves + e->key, e->key_size);
		memcpy(c->leaves + kept->text, leaves + e->text, e->text_size);
		c->leaf_used += e->key_size + e->text_size;
		c->entry_count++;
	}
}
int nl_learn(struct core *c, uint32_t at, const uint8_t *text, uint32_t size, int odd) {
	struct entry *e = c->entries + (at & c->entry_mask);
	if (odd || c->leaf_room - c->leaf_used < size) {
		e->state = REFUSED;
		return 1;
	}
	memcpy(c->leaves + c->leaf_used, text, size);
	e->text = c->leaf_used;
	e->text_size = size;
	e->state = KNOWN;
	c->leaf_used += size;
	return 0;
}
void put_recalled(struct core *c, struct buffer *b, uint32_t row, int form, const uint8_t *key, uint32_t size) {
	struct entry *e = recall(c, row, form, c->big, key, size);
	if (e) put(b, c->leaves + e->text, e->text_size);
}
