/* Damaged frames of the shipped captures, scanned, prepared and rendered; what the core asks for is answered by chance.
 */
#include "fuzz.h"
#include "inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CASES = 64,  /* of a round */
	FRAMES = 24, /* of a case, at most */
	SOURCES = 3,
	WORDS = 40,             /* names of packet types and protocols */
	CORE_MEMORY = 64 << 20, /* what nl_open asks for; what it puts there is moved to places of its own */
	SCANNER_MEMORY = 2 << 20,
	ROUNDS_OF_ANSWERS = 5000
};

static struct {
	const struct material *m;
	const struct tables *t;
	struct core *core;
	struct bytes scanner_memory;
	struct scanner *scanner;
	uint32_t output;
	uint32_t batch;     /* number of the next: a scanner remembers requests by it */
	int secrets, clean; /* `clean`: answers are such that texts can be looked at */
	int cells;          /* lines of cells are made, in the output's stead */
	const struct scan *scan;
	uint64_t messages, done;
} f;

static const char *const JSON[] = {"\"a\"", "17", "{\"undecoded\":\"00ff\"}", "[1,2]", "{}", "null", "true", "-3"};
static const char *const TEXTS[] = {"", "x", "a b", ": v", "[y]", "eth0", "1.2.3.4", "two words, three"};

/* ---- a core and a scanner ---- */

static void new_core(void) {
	static uint8_t *memory;
	static struct node *nodes;
	uint32_t entries = 1u << (4 + below(11)), room = 64 + below(one_in(3) ? 4096 : 1 << 20);
	if (!memory) {
		memory = malloc(CORE_MEMORY);
		nodes = malloc(sizeof *nodes * NODES);
	}
	if (f.core) {
		free(f.core->entries);
		free(f.core->spare_entries);
		free(f.core->leaves);
		free(f.core->spare_leaves);
	}
	f.core = nl_open(memory, CORE_MEMORY);
	if (!f.core) fail("nl_open");
	f.core->nodes = nodes;
	f.core->entries = calloc(entries, sizeof(struct entry));
	f.core->spare_entries = calloc(entries, sizeof(struct entry));
	f.core->entry_mask = entries - 1;
	f.core->leaves = malloc(room);
	f.core->spare_leaves = malloc(room);
	f.core->leaf_room = room;
}
static void new_scanner(void) {
	free(f.scanner_memory.data);
	f.scanner_memory = (struct bytes){calloc(1, SCANNER_MEMORY), SCANNER_MEMORY};
	f.scanner = nl_scanner(f.scanner_memory.data, f.scanner_memory.size);
	if (!f.scanner) fail("nl_scanner");
}
static void enlarge_scanner(void) {
	size_t size = f.scanner_memory.size * 2;
	uint8_t *more = calloc(1, size);
	memcpy(more, f.scanner_memory.data, f.scanner_memory.size);
	free(f.scanner_memory.data);
	f.scanner_memory = (struct bytes){more, size};
	f.scanner = nl_scanner(more, size);
}

/* ---- a window ---- */

/* Frames that follow one another in a capture, or any, as whole records of a pcap; some damaged. */
static struct bytes window(uint32_t *count, int big) {
	static uint8_t all[FRAMES * (LONGEST + 16)];
	size_t size = 0;
	uint32_t wanted = 1 + below(FRAMES), at = f.m->files[below(f.m->file_count)] + below(40), chance = 1 + below(4);
	*count = 0;
	for (uint32_t i = 0; i < wanted; i++) {
		const struct bytes *seed = f.m->seeds + (one_in(6) ? below(f.m->seed_count) : at++ % f.m->seed_count);
		struct bytes frame = copy_of(seed->data, seed->size);
		if (one_in(chance)) damage_frame(f.m, &frame);
		uint32_t words[4] = {(uint32_t)random_bits(), (uint32_t)random_bits(), (uint32_t)frame.size,
		                     (uint32_t)frame.size + (one_in(12) ? below(100) : 0)};
		if (one_in(100))
			words[2] += below(9) - 4; /* what follows is no whole record any more, or none at all */
		for (int k = 0; k < 4; k++) words[k] = big ? __builtin_bswap32(words[k]) : words[k];
		memcpy(all + size, words, 16);
		if (frame.size) memcpy(all + size + 16, frame.data, frame.size);
		size += 16 + frame.size;
		free(frame.data);
		++*count;
	}
	return copy_of(all, size);
}

/* ---- what a scan asks ---- */

/* One of some heads, that of messages of a protocol and type; sometimes any. */
static uint32_t any_head(const uint32_t *heads, uint32_t count, int64_t protocol, int64_t type, int big) {
	uint32_t start = below(count);
	for (uint32_t n = 0; n < count && !one_in(500); n++) {
		uint32_t at = (start + n) % count, head = heads ? heads[at] : at;
		const struct head *h = f.t->heads + head;
		if (h->selectors[0] == type && h->selectors[2] == protocol && h->big == big) return head;
	}
	return heads ? heads[start] : start;
}
static void answer_scan(struct scan *s) {
	static const struct type NO_TYPE;
	if (s->ask == ASK_PROTOCOL) {
		uint32_t marks = below(16);
		for (uint32_t i = 0; i < f.m->protocol_count && !one_in(50); i++)
			if (f.m->protocols[i].protocol == s->a) marks = f.m->protocols[i].marks;
		nl_protocol(f.scanner, s->a, marks);
	} else if (s->ask == ASK_TYPE) {
		struct type type = NO_TYPE;
		type.marks = (uint16_t)below(256);
		for (uint32_t i = 0; i < f.m->type_count && !one_in(50); i++)
			if (f.m->types[i].protocol == s->a && f.m->types[i].number == s->b) type = f.m->types[i].type;
		nl_type(f.scanner, s->a, s->b, &type);
	} else if (s->ask == ASK_FAMILY)
		nl_family(f.scanner, s->a, 1 + below(40), below(2));
	else if (s->ask == ASK_CONTENT)
		s->answer = below(4);
	else if (s->ask == ASK_SPACES)
		enlarge_scanner();
	else if (s->ask == ASK_HEAD) {
		const struct item *item = s->items + s->item_count + s->inside;
		const struct frame *frame = s->frames + s->frame_done;
		s->answer = any_head(f.t->captioned, f.t->captioned_count, frame->protocol, item->type, frame->big);
		if (!(item->marks & BARE)) nl_head(f.scanner, s->answer);
	} else if (s->ask == TELL_FAMILY)
		nl_forget(f.scanner);
	else if (s->ask != TELL_NAMES || !s->told_count)
		fail("what is asked?");
	if (s->told_count > s->told_room) fail("more names than there is room for");
	if (s->ask == TELL_NAMES) s->told_count = 0;
}

/* ---- what a core asks ---- */

struct naming_of {
	struct slot *slots;
	uint32_t slot_mask;
	struct since *sinces;
	uint32_t since_count, since_room;
	struct bytes names;
};
static struct span any_name(const struct naming_of *n) {
	uint32_t size = below(12), at = below((uint32_t)n->names.size - size);
	return (struct span){at, size};
}
static void give_name(struct naming_of *n, const struct miss *asked, const struct job *job) {
	struct slot *slot = n->slots + asked->entry;
	struct span name = any_name(n);
	if (asked->entry > n->slot_mask || slot->number != asked->size || slot->state != SOUGHT)
		fail("a name of no slot is asked for");
	uint32_t history = one_in(3) ? 2 + below(3) : 1;
	if (history == 1 || n->since_count + history > n->since_room) {
		slot->text = name.text;
		slot->size = name.size;
		slot->state = one_in(3) ? NAMELESS : NAMED;
		return;
	}
	slot->text = n->since_count;
	slot->size = history;
	slot->state = CHANGING;
	for (uint32_t i = 0; i < history; i++) {
		uint64_t at = i ? below((uint32_t)job->data_size) : 0;
		name = any_name(n);
		n->sinces[n->since_count++] = (struct since){at, name.text, name.size, below(2), 0};
	}
}
static void give_text(const struct miss *asked, const struct job *job) {
	const char *text = TEXTS[below(sizeof TEXTS / sizeof *TEXTS)];
	struct bytes given;
	int odd = one_in(12);
	if (asked->form == FORM_JSON || (asked->form == FORM_PAYLOAD && asked->row == PAYLOAD_JSON))
		text = JSON[below(sizeof JSON / sizeof *JSON)];
	if (asked->form == FORM_HEAD) {
		int big = asked->big != 0;
		int64_t type = (int64_t)number_at(job->data + asked->at + 4, 2, big);
		uint32_t head = any_head(0, f.t->head_count, asked->row, type, big);
		given = copy_of(&head, sizeof head);
	} else if (f.clean)
		given = copy_of(text, strlen(text));
	else {
		size_t size = one_in(10) ? below(1 << 17) : below(300);
		given = (struct bytes){malloc(size + 1), size};
		memset(given.data, (int)below(256), size);
	}
	nl_learn(f.core, asked->entry, given.data, (uint32_t)given.size, odd);
	free(given.data);
}

/* ---- texts ---- */

static int is_right(const uint8_t *text, size_t size) {
	if (f.cells) return is_lines(text, size, 1);
	switch (f.output) {
	case OUTPUT_LIST: return is_lines(text, size, 1);
	case OUTPUT_TREE: return is_lines(text, size, 0);
	case OUTPUT_LINES: return size && text[size - 1] == '\n' && is_json(text, size - 1);
	default: return size > 2 && !memcmp(text, ",\n", 2) && is_json(text + 2, size - 2);
	}
}
/* Whether the bytes of a value are there: in the data, or what a function writes of in the memory of the core. */
static int is_there(const struct miss *asked, const struct job *job) {
	uintptr_t from = (uintptr_t)f.core + asked->at, leaves = (uintptr_t)f.core->leaves;
	if (asked->form == FORM_COMPOSED) return from >= leaves && from + asked->size <= leaves + f.core->leaf_used;
	return asked->at <= job->data_size && asked->size <= job->data_size - asked->at;
}
static void look_at_text(const uint8_t *text, size_t size) {
	if (is_right(text, size)) return;
	fprintf(stderr, "%.*s\n", (int)size, text);
	fail("this is not the output's form");
}
static void look_at_all(const struct job *job) {
	struct run *runs = malloc(sizeof *runs * (job->message_count + 1));
	uint32_t count = nl_runs(job->messages, job->message_count, runs);
	uint64_t texts = 0, pieces = 0;
	if (count > job->message_count) fail("more runs than messages");
	for (uint32_t i = 0; i < count; i++) {
		if (runs[i].odd ? runs[i].odd > job->message_count : runs[i].at + runs[i].size > job->out_used)
			fail("a run of texts lies outside");
		pieces += runs[i].size;
	}
	free(runs);
	for (uint32_t i = 0; i < job->message_count; i++) {
		const struct message *m = job->messages + i;
		f.messages++;
		if (m->status != DONE) continue;
		f.done++;
		texts += m->out_size;
		if (m->head < SKIPPED && f.clean) look_at_text(job->out + m->out, m->out_size);
	}
	if (texts != pieces) fail("runs and messages do not come to the same");
}
static void render(struct message *messages, uint32_t first, uint32_t count, const struct bytes *data,
                   const struct bytes *texts) {
	struct naming_of names = {.slot_mask = one_in(4) ? 15 : 1023, .since_room = 64};
	uint32_t room = one_in(4) ? 1 + below(4) : 4096, turns = 0;
	size_t out_size = one_in(3) ? below(2000) : 1 << 16;
	names.slots = calloc(names.slot_mask + 1, sizeof *names.slots);
	names.sinces = calloc(names.since_room, sizeof *names.sinces);
	names.names = copy_of("eth0veth12lo-br0-and-names-that-are-longer", 42);
	struct job job = {
	        .program = &f.t->program,
	        .data = data->data,
	        .data_size = data->size,
	        .heads = f.t->heads,
	        .texts = texts->data,
	        .names = names.names.data,
	        .messages = messages,
	        .message_count = count,
	        .output = f.cells ? OUTPUT_CELLS : f.output,
	        .cells = f.cells ? any_cells(f.t, f.scan, first, SOURCES) : 0,
	        .slots = names.slots,
	        .slot_mask = names.slot_mask,
	        .sinces = names.sinces,
	        .out = malloc(out_size + 1),
	        .out_size = out_size,
	        .misses = malloc(sizeof(struct miss) * room),
	        .miss_room = room,
	        .shows_secrets = (uint32_t)f.secrets,
	        .epoch = below(3),
	        .unsteady = below(2),
	};
	int again = 0, left = (int)count;
	while (left) {
		uint64_t before = job.out_used;
		job.miss_count = 0;
		left = nl_render(f.core, &job, again);
		if (left < 0) fail("a message lies outside of the data");
		if (job.miss_count > room || job.out_used > job.out_size) fail("more than there is room for");
		again++;
		if (!job.miss_count && job.out_used == before) {
			if (job.out_size >= 4 << 20) break;
			struct bytes more = {malloc(job.out_size * 2 + 4096), job.out_size * 2 + 4095};
			memcpy(more.data, job.out, job.out_used);
			free(job.out);
			job.out = more.data;
			job.out_size = more.size;
		}
		for (uint32_t i = 0; i < job.miss_count; i++) {
			const struct miss *asked = job.misses + i;
			if (asked->form == FORM_NAME)
				give_name(&names, asked, &job);
			else if (!is_there(asked, &job))
				fail("what is asked about lies outside of the data");
			else
				give_text(asked, &job);
		}
		if (++turns > ROUNDS_OF_ANSWERS) fail("it asks and asks");
	}
	look_at_all(&job);
	if (job.cells) free_cells(job.cells);
	free(job.out);
	free(job.misses);
	free(names.slots);
	free(names.sinces);
	free(names.names.data);
}

/* ---- windows ---- */

static void prepare(struct setting *s, uint32_t count, const struct bytes *data) {
	uint32_t done = 0, turns = 0;
	while (done < count) {
		struct message *messages = malloc(sizeof *messages * (count - done));
		struct bytes texts = {malloc(s->texts_size + 1), s->texts_size};
		s->messages = messages;
		s->texts = texts.data;
		int some = nl_prepare(s, done, count - done);
		if (some < 0 || (uint32_t)some > count - done || s->texts_used > texts.size) fail("nl_prepare");
		if (s->asks) {
			s->zone = (int64_t)below(100000) - 50000;
			s->zone_from = s->asked - below(2000);
			s->zone_to = s->asked + 1 + below(2000);
		} else if (!some)
			s->texts_size = s->texts_size * 2 + 4096;
		struct bytes used = copy_of(texts.data, s->texts_used);
		free(texts.data);
		if (some) render(messages, done, (uint32_t)some, data, &used);
		free(used.data);
		free(messages);
		done += (uint32_t)some;
		if (++turns > ROUNDS_OF_ANSWERS) fail("nothing is prepared");
	}
}
static struct bytes words_of(uint32_t count, const char *text) {
	struct words *made = malloc(sizeof *made * (count + 1));
	for (uint32_t i = 0; i < count; i++) made[i] = (struct words){0, one_in(3) ? 0 : (uint32_t)strlen(text)};
	return (struct bytes){(uint8_t *)made, sizeof *made * count};
}
static void scan_window(void) {
	int big = one_in(4);
	uint32_t count, room = 1 + below(FRAMES * 2);
	struct bytes data = window(&count, big);
	uint64_t start = 0, *starts = malloc(sizeof *starts * room);
	uint32_t found = nl_records(data.data, &start, data.size, big, starts, room);
	if (found > room || start > data.size) fail("nl_records");
	struct frame *frames = malloc(sizeof *frames * (found + 1));
	struct source sources[SOURCES];
	uint16_t *owners = malloc(sizeof *owners * (found + 1));
	uint8_t *remarks = malloc(found + 1);
	for (uint32_t i = 0; i < found; i++) {
		owners[i] = (uint16_t)below(SOURCES);
		remarks[i] = one_in(3) ? (uint8_t)below(16) : 0;
	}
	for (int i = 0; i < SOURCES; i++)
		sources[i] = (struct source){1000000, 1000000, one_in(3) ? (int64_t)random_bits() >> 33 : 0,
		                             one_in(20) ? below(40) : 0, below(12)};
	static const char *const INTERFACES[] = {" x", ",\"interface\":\"n\"", ",\"interface\":\"n\"", ", interface n"};
	struct bytes interfaces = words_of(SOURCES, INTERFACES[f.output]),
	             times = words_of(found, f.output == OUTPUT_TREE ? "\nF\n" : "t"), names = words_of(WORDS, "NAME");
	int given = one_in(4);
	struct bytes said = copy_of(INTERFACES[f.output], strlen(INTERFACES[f.output])),
	             moments = copy_of(f.output == OUTPUT_TREE ? "\nF\n" : "t", f.output == OUTPUT_TREE ? 3 : 1),
	             called = copy_of("NAME", 4);
	uint32_t item_room = 1 + below(8), turns = 0, first = 0, told_room = below(4);
	struct scan s = {
	        .data = data.data,
	        .size = data.size,
	        .starts = starts,
	        .sources = sources,
	        .captions = f.t->captions,
	        .owners = one_in(2) ? owners : 0,
	        .remarks = one_in(2) ? remarks : 0,
	        .frames = frames,
	        .items = malloc(sizeof(struct item) * item_room),
	        .item_room = item_room,
	        .told = malloc(sizeof(struct told) * told_room + 1),
	        .told_room = told_room,
	        .frame_count = found,
	        .number = 1,
	        .big_words = (uint32_t)big,
	        .fixed_order = one_in(8),
	        .batch = f.batch,
	        .big = one_in(6),
	};
	struct setting setting = {
	        .scan = &s,
	        .pool = f.t->program.pool,
	        .given = moments.data,
	        .sources = said.data,
	        .times = given ? (const struct words *)times.data : 0,
	        .processes = one_in(3) ? (const struct words *)times.data : 0,
	        .interfaces = (const struct words *)interfaces.data,
	        .texts_size = one_in(3) ? below(500) : 1 << 13,
	        .output = f.cells ? OUTPUT_CELLS : f.output,
	        .time_mode = given ? (uint32_t)GIVEN : below(3),
	        .widths = {1, 4, 1, 1},
	        .widest = 20,
	        .named = called.data,
	        .names = (const struct words *)names.data,
	};
	f.scan = &s;
	while (s.frame_done < s.frame_count) {
		if (nl_scan(f.scanner, &s)) fail("a record lies outside of its window");
		if (s.item_count > item_room) fail("more items than there is room for");
		if (++turns > 100 * ROUNDS_OF_ANSWERS) fail("a scan has no end");
		if (s.ask != ASK_NOTHING && s.ask != ASK_ROOM) {
			answer_scan(&s);
			continue;
		}
		if (s.ask == ASK_ROOM && !s.item_count) {
			free(s.items);
			s.item_room = item_room *= 2;
			s.items = malloc(sizeof(struct item) * item_room);
			continue;
		}
		if (s.item_count && one_in(3)) choose(f.core, f.t, &data, &s, first);
		if (s.item_count) prepare(&setting, s.item_count, &data);
		first = s.frame_done;
		s.told_count = 0;
		s.item_count = 0;
		s.batch = ++f.batch;
	}
	free(s.items);
	free(s.told);
	free(starts);
	free(frames);
	free(owners);
	free(remarks);
	free(interfaces.data);
	free(times.data);
	free(names.data);
	free(said.data);
	free(moments.data);
	free(called.data);
	free(data.data);
}
/* Windows of damaged frames, rendered with some tables; begins with a new core and a new scanner. */
void work(const struct material *m, const struct tables *tables, uint32_t output, uint32_t windows, int looks) {
	f.m = m;
	f.output = output;
	f.t = tables;
	f.secrets = one_in(3);
	f.clean = looks && !one_in(3);
	f.cells = one_in(4);
	new_core();
	new_scanner();
	for (uint32_t i = 0; i < windows; i++) scan_window();
}
void tell_work(void) {
	printf(", %llu messages, %llu of them written\n", (unsigned long long)f.messages, (unsigned long long)f.done);
}
