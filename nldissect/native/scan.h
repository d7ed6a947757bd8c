/* What a scan shares with its caller: frames, the messages in them, and what the caller is asked on the way.
 *
 * A scan goes through the frames of a window in file order. What it needs to know of protocols, types, families and
 * classes it asks for once, by returning; called again it goes on where it stopped. It remembers the latest requests
 * of each network namespace: the rules are those of nldissect/request_tracker.py. */
#ifndef NLDISSECT_SCAN_H
#define NLDISSECT_SCAN_H

#include "core.h"

enum direction { TO_KERNEL, TO_USER, NOTIFICATION, USER_TO_USER };

enum frame_mark {
	NO_TIME = 1,
	REMARKED = 2, /* comments tell something of its messages */
	HIDDEN = 4,   /* nothing of it is shown */
	HEADING = 8,  /* only its first message is */
	SHELVED = 16  /* no message of it was chosen so far */
};
struct source {
	uint64_t ticks, high; /* of the time: `ticks` a second, and how many the first word counts for */
	int64_t offset;       /* seconds */
	uint32_t space;       /* its network namespace */
	uint32_t decimals;
};
struct frame {
	uint64_t at; /* of the cooked header */
	int64_t time;
	uint32_t captured, wire;
	uint32_t rest; /* bytes to where its messages stop */
	uint32_t first, count;
	uint32_t number;
	uint16_t source, kind;
	int32_t protocol; /* -1: the cooked header is not whole */
	uint8_t big, marks, pad[2];
};

enum item_mark {
	TOLD = 1,  /* the source says which way it went */
	BARE = 2,  /* without nlmsghdr: the datagram as a whole */
	WHOLE = 4, /* nothing of it or of its frame is missing or strange, so that a core may write it */
	LAST = 8,
	NOISY = 16,   /* what trails its frame is not all zeros */
	REST = 32,    /* it may be the rest of the message before, whose length was wrong */
	UNWANTED = 64 /* the caller's: it is not shown */
};
struct item {
	uint64_t at;
	uint64_t ordinal, prior; /* of a request, and of the one it answers; 0: none */
	uint32_t length, captured, padded;
	uint32_t frame, place, head;
	uint32_t seq, pid;
	uint32_t prior_item, prior_head; /* the request before, if it is of the same scan; each is one more, 0: none */
	uint32_t prior_frame;            /* number of its frame; 0: none */
	uint16_t type, flags;
	uint8_t direction, marks, pad[2];
};

static inline uint32_t size_of(const struct item *i) {
	return i->marks & BARE ? i->captured : i->length;
}

enum protocol_mark { ANSWERED = 1, HEADED = 2, DATAGRAM = 4, KEYED_PROTOCOL = 8 };
enum type_mark {
	BY_FIRST = 1, /* the class depends on the body's first byte */
	BY_SIZE = 2,
	PORT_ONLY = 4, /* this and the next three as in Rules of nldissect/request_tracker.py */
	REPEATED = 8,
	RETURNED = 16,
	LISTED = 32,
	CHANGES = 64, /* others are told of what it does */
	CONTENT = 128 /* what stands in it can show that the kernel wrote it */
};
struct type {
	uint32_t about;     /* what requests and the events they cause share */
	uint16_t rewritten; /* flags that the kernel changes before it repeats the header */
	uint16_t marks;
	uint8_t verb, pad[3];
};
enum plan_mark {
	IN_ATTRIBUTE = 1, /* the number is; else in the header, at `place` */
	LONGER = 2,       /* that attribute may have more bytes than the number */
	NEGATIVE = 4,     /* the number may be */
	ASKS = 8          /* they are requests that may tell of a name, and do not give one */
};
/* Where messages have what they teach: NamePlan of nldissect/wire/name_plans.py. */
struct plan {
	uint32_t what; /* kind of number that is given a name; 0: none */
	uint16_t attributes, place, number_type, name_type, elsewhere_type;
	uint8_t size, order, marks, pad[3]; /* of the number */
};
enum told_mark { NAME_GIVEN = 1, ELSEWHERE = 2 };
/* What a message says of a number: NameGiven there. */
struct told {
	uint64_t frame_at, at; /* where its frame and its message begin */
	int64_t number;
	uint64_t name; /* where its name stands, not decoded */
	uint32_t name_size, head;
	uint16_t source, flags;
	uint8_t marks, big, pad[2];
};
/* What lists show of the messages with a head, and what they teach; beside struct head. */
struct caption {
	uint32_t called, called_size; /* as acknowledgements call it */
	uint32_t arrow, arrow_size;
	uint32_t protocol, protocol_size, protocol_width;
	uint32_t type, type_size, type_width;
	uint32_t unknown; /* of no known type */
	struct plan plan;
};

enum ask {
	ASK_NOTHING,
	ASK_ROOM,     /* for items */
	ASK_PROTOCOL, /* marks of protocol `a` */
	ASK_TYPE,     /* struct type of protocol `a` and type `b` */
	ASK_FAMILY,   /* a number for the generic family with id `a` */
	ASK_CONTENT,  /* the direction that the content of the item shows */
	ASK_HEAD,     /* the head of the item, whose family has number `a` */
	TELL_FAMILY,  /* a message of nlctrl */
	TELL_NAMES,   /* `told` is full, and to be emptied */
	ASK_SPACES    /* more memory, where this scanner's begins: network namespace `a` has no room */
};
struct scan {
	const uint8_t *data;
	uint64_t size;
	const uint64_t *starts;  /* of frames; the 16 bytes before tell time and lengths */
	const uint16_t *owners;  /* their sources; 0: all of the first */
	const uint8_t *remarks;  /* marks of theirs; 0: none */
	const uint32_t *numbers; /* 0: one after the other, from `number` on */
	const struct source *sources;
	const struct caption *captions;
	struct frame *frames;
	struct item *items;
	struct told *told; /* of names that were not told last, in file order; of requests, all that may tell one */
	uint32_t told_count, told_room; /* 0: names are of no interest */
	uint32_t asks;                  /* requests are, that may tell one */
	uint32_t frame_count, item_room;
	uint32_t number; /* of the first frame */
	uint32_t frame_done, item_count;
	uint32_t big_words, fixed_order, big;
	uint32_t ask, a, b, answer;
	uint32_t batch; /* number of the batch of items */
	/* of the scan's own */
	uint32_t inside, answered;
	uint64_t cursor;
};

struct scanner;
/* Finds the frames of whole records of a pcap in [start, end): where they begin, at most `room`; returns how many, and
 * in `start` where the first of the other records begins. */
NL_API uint32_t nl_records(const uint8_t *data, uint64_t *start, uint64_t end, int big, uint64_t *found, uint32_t room);
NL_API struct scanner *nl_scanner(uint8_t *memory, size_t size);
/* Lets a scanner know what another was told of protocols, types and classes. */
NL_API void nl_share(struct scanner *, const struct scanner *);
NL_API int nl_scan(struct scanner *, struct scan *);
NL_API void nl_protocol(struct scanner *, uint32_t protocol, uint32_t marks);
NL_API void nl_type(struct scanner *, uint32_t protocol, uint32_t type, const struct type *);
NL_API void nl_family(struct scanner *, uint32_t id, uint32_t number, uint32_t returned);
NL_API void nl_head(struct scanner *, uint32_t head);
NL_API void nl_forget(struct scanner *); /* families, and which names were told */
/* A request of a batch, and behind it its bytes with padding, up to a multiple of 8. */
struct kept {
	uint64_t ordinal, frame_at;
	uint32_t frame, captured, size;
	int32_t protocol;
	uint16_t source, kind;
	uint8_t big, pad[3];
};
/* Copies the latest requests among `count` items, at most `most`; returns how many. Their size is `room`, which was the
 * room for them: where it is more than that, nothing is copied. */
NL_API uint32_t nl_keep(const struct scan *, uint32_t count, uint32_t most, uint8_t *out, uint64_t *room);

/* A filter, compiled. */
enum test_of {
	TEST_OF_HEAD,  /* what the caller knows of heads */
	TEST_OF_NODES, /* what stands in bodies, see struct probe */
	TEST_OF_ERROR, /* the error number of an acknowledgement, if it is not 0 */
	TEST_OF_TEXT,  /* an acknowledgement's text */
	TEST_OF_LENGTH,
	TEST_OF_SEQ,
	TEST_OF_PID,
	TEST_OF_PLACE,
	TEST_OF_NUMBER,
	TEST_OF_WIRE,
	TEST_OF_CAPTURED,
	TEST_OF_TIME,     /* in nanoseconds since 1970 */
	TEST_OF_RELATIVE, /* since the capture's first frame */
	/* of cells alone: */
	CELL_OF_INTERFACE,
	CELL_OF_NETNS,
	CELL_OF_SUMMARY,
	CELL_OF_NOTES,
	CELL_OF_SEVERITIES
};
enum check_op {
	CHECK_RANGE, /* a number from `low` to `high`; `low` are bits of which any is set; keys: */
	CHECK_BITS,
	CHECK_EQUAL,
	CHECK_LESS,
	CHECK_AT_MOST,
	CHECK_MORE,
	CHECK_AT_LEAST,
	CHECK_BETWEEN,
	CHECK_WITHIN, /* `low` bits are those of `text` */
	CHECK_CONTAINS,
	CHECK_MATCHES /* `text` are sets of characters, 16 bytes each; `low`: 1 at the beginning, 2 at the end */
};
struct check {
	uint64_t low, high;
	uint32_t text, size, other, other_size; /* in `texts` */
	uint32_t op, pad;
};
struct criterion {
	uint32_t first, count;   /* of a number or a text by itself: its checks, see struct probe */
	uint32_t offset, length; /* of the part of each value that counts, if `sliced` */
	uint16_t name;           /* of rows, as templates look for them */
	uint8_t what, negated, sliced, pad[3];
};
/* What a node of a row is to a test: there, or a value of which one check has to hold; without checks any will do. */
struct probe {
	uint32_t next, test, first, count;
	uint16_t inside; /* the name of what encloses it; 0: anything */
	uint8_t present, pad;
};
enum verdict { NOT_CHOSEN, CHOSEN, ASKED_FOR, LOOKED_AT };
enum { STEP_NOT = 0xfffd, STEP_AND, STEP_OR }; /* of a filter, behind what they join; below: the number of a test */
enum { MOST_TESTS = 64, DEEPEST_FILTER = 64 };
struct selection {
	const struct program *program;
	const uint8_t *data;
	uint64_t size;
	const struct head *heads;
	struct frame *frames;
	struct item *items;
	const uint8_t *verdicts, *known; /* of each head: enum verdict, and of each test its state */
	const struct criterion *tests;
	const struct probe *probes;
	const uint16_t *of_row; /* the first probe of each row; 0: none */
	const uint8_t *needed;  /* of each row, whether it has a probe or can hold such a row */
	const struct check *checks;
	const uint8_t *texts;
	const uint16_t *code;
	uint8_t *chosen; /* of each item: enum verdict */
	uint32_t head_count, test_count, row_count, code_count, item_count;
	uint32_t first, stop; /* frames of the batch */
	uint32_t limit, met, explains;
	uint32_t is_timed, has_first; /* times of frames are known, and that of the capture's first one */
	int64_t first_time;
};
NL_API uint32_t nl_select(struct core *, struct selection *);
NL_API uint32_t nl_mark(struct selection *);
NL_API void nl_reach(const struct program *, uint8_t *reached, uint32_t count);

/* What stands before the texts of messages, and how they are told to a core. */
struct words {
	uint32_t text, size;
};
enum time_mode { SINCE_FIRST, SINCE_BEFORE, SINCE_EPOCH, GIVEN };
struct setting {
	const struct scan *scan;
	const uint8_t *pool;  /* texts of captions */
	const uint8_t *given; /* texts of times and processes, or the lines of frames in trees: what the caller makes */
	const uint8_t *sources;                             /* JSON of interfaces */
	const struct words *times, *processes, *interfaces; /* each 0: none; `processes`: with the blanks behind */
	uint8_t *texts;
	uint64_t texts_size, texts_used;
	struct message *messages;
	uint32_t output, time_mode; /* enum output */
	uint32_t widths[4];         /* number, time, protocol, type: of lines so far */
	uint32_t widest, has_first;
	int64_t first, before, present; /* times: of the first frame, of the one before, of this one */
	/* Of trees: names of packet types and protocols, in `named`; how many seconds this host's zone is ahead in
	 * [zone_from, zone_to); else the second for which that is asked. */
	const uint8_t *named;
	const struct words *names;
	int64_t zone, zone_from, zone_to, asked;
	uint32_t asks;
	uint32_t met; /* number of the frame whose time was met last */
};
NL_API int nl_prepare(struct setting *, uint32_t from, uint32_t count);

/* Lines of cells: the values of some fields of each message. What a cell is made of: */
struct cell_source {
	uint16_t name; /* of rows, as templates look for them: a field of acknowledgements */
	uint8_t what;  /* enum test_of; TEST_OF_HEAD: text that the caller made */
	uint8_t pad;
};
enum look { LEFT, NOT_LOOKED_INTO, LOOKED_INTO, READ_WHOLE }; /* at bodies; or the message is left to the caller */
enum { MOST_COLUMNS = 256 };
struct cells {
	const struct item *items; /* of the messages of a job */
	const struct frame *frames;
	const struct source *sources;
	const struct cell_source *columns;
	const struct probe *probes; /* `test`: a column; without checks */
	const uint16_t *of_row;     /* the first probe of each row; 0: none */
	const uint8_t *needed;      /* of each row: enum need */
	const uint8_t *looks;       /* of each head: enum look */
	const struct words *fixed;  /* of each head and each column; in `texts`, as the next three and more below */
	const struct words *interfaces, *errors; /* names of sources, then of their namespaces; of error numbers */
	const uint8_t *texts;
	struct hit {
		uint32_t node, next;
	} *hits; /* room for nodes that are shown, the first is not used */
	uint32_t hit_room, column_count, row_count, head_count, source_count, error_count;
	struct words separator, aggregator;
	uint8_t occurrence, quote, is_csv; /* 'f', 'l' or 'a'; 0 or the character */
	uint8_t is_timed, has_first, pad[3];
	int64_t first_time;
};

/* ---- what the files of the core share ---- */

struct buffer;
int number_of(const struct item *, const struct frame *, enum test_of, uint64_t *out);
uint32_t answer(const struct core *, uint32_t layer, uint16_t name);
int is_inside(const struct core *, uint32_t node, uint16_t name);
void put_time(struct buffer *, int64_t time, uint32_t decimals);
enum look begin_cells(struct core *);
void put_cells(struct core *, struct buffer *, uint32_t layer);
#endif
