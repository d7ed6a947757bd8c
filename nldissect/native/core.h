/* What the core and its caller share: the tables it interprets, the messages it is given, what it gives back.
 *
 * All tables are flattened from the Scapy layer classes (program.py); the core knows no protocol. Offsets of text count
 * in `pool`; indexes name a place in the array of that name. 0 stands for "none" where an index is optional. */
#ifndef NLDISSECT_CORE_H
#define NLDISSECT_CORE_H

#include <stddef.h>
#include <stdint.h>

enum op {
	OP_ODD,     /* not done here: the message is left to the caller */
	OP_INT,     /* a number of 1, 2, 4 or 8 bytes */
	OP_VARINT,  /* the same, as wide as the attribute */
	OP_TEXT,    /* ends at a NUL, or at the byte `target` */
	OP_ADDRESS, /* IPv4 or IPv6; `target` is 4 or 6, or 0 where the length decides */
	OP_MAC,
	OP_BYTES, /* hexadecimal */
	OP_FLAG,
	OP_PAD,
	OP_SECRET,
	OP_LEAF,      /* its text is asked for and remembered */
	OP_ARRAY,     /* numbers; `target` is the row of one */
	OP_NEST,      /* `target` is a set */
	OP_STRUCT,    /* `target` is a struct */
	OP_STRUCTS,   /* structs one after another */
	OP_RECORDS,   /* structs that begin with their own length, of two bytes */
	OP_ECHO,      /* a message inside an acknowledgement */
	OP_UNDECODED, /* bytes no row describes */
	OP_BOUND,     /* what it holds only selectors say */
	OP_PAIRS      /* texts KEY=VALUE, each ended by a NUL */
};

enum mark {
	MANY = 1,
	SIGNED = 2,
	HOST = 4,
	BIG = 8,
	UNKNOWN = 16,
	ROOMY = 32,
	DEPENDENT = 64,
	TO_END = 128,    /* a text that goes to the byte that ends it */
	KEYED = 256,     /* texts with keys, by which templates look into it */
	SURPLUS = 512,   /* a number that bytes may follow */
	ENDED = 1024,    /* nothing follows the end of its text where keys may be */
	AT_MOST = 2048,  /* has no more than `unit` bytes where keys may be */
	GROWS = 4096,    /* a struct that newer kernels may append to */
	OPTIONAL = 8192, /* no note where it has no bytes */
	ELEMENT = 16384, /* of an array; its name ends with its number */
	SIZED = 32768,   /* `size` is the kind's own */
	STEPPED = 65536, /* a text that is asked for, of whole times `unit` bytes */
	UNREAD = 131072, /* no template that may look at it names it, or anything that it holds */
	FILLED = 262144, /* has at least one of its steps */
	QUIET = 524288   /* UNREAD, and of a size that is all that there is to check */
};
enum { SEQUENCE = 2 };
enum payload_form { PAYLOAD_JSON, PAYLOAD_BRIEF, PAYLOAD_TREE };
enum { INTERFACES = 1 }; /* kind of numbers that are called "if3" where the capture does not tell more */
enum naming {
	PLAIN,
	ENUM,
	FLAGS,
	ASKED,
	HEXADECIMAL,
	SECONDS,
	MILLISECONDS,
	MICROSECONDS,
	NANOSECONDS,
	CLOCK_T,
	NAMED_OR_ASKED,
	HANDLE
}; /* how a number is written: digits, a name, names of bits; or it is asked for; in hexadecimal; with a unit of time; a
    * name, or it is asked for; a name, or two halves in hexadecimal. JSON has the first four alone. */

/* Behind each row stands another, for what does not fit it: its bytes, under its name. */
struct row {
	uint32_t key, key_size; /* its name as JSON, quotes and colon included */
	uint32_t target;
	uint32_t names; /* first of its named values; see `naming` */
	uint32_t name_count;
	uint32_t choice;          /* what it holds depends on selectors */
	uint32_t word, word_size; /* what a summary says of a flag that is there, or the name of what has no text */
	int32_t size;             /* -1: any */
	uint32_t unit;         /* bytes for one of what a field of the struct counts; of a secret how many share one */
	int32_t counted;       /* index of that field in the struct, -1: none */
	uint16_t wanted, also; /* the names by which templates look for it */
	uint16_t selector, present;
	uint16_t refers; /* what kind of number it is that the capture gives names to; 1: see INTERFACES */
	uint8_t op, json, brief;
	uint8_t ahead;  /* bytes of the header of the attribute */
	uint8_t points; /* see enum pointing */
	uint8_t tree;   /* this, `json` and `brief`: see `naming` */
	uint32_t marks;
	uint32_t silent, silent_count; /* values of which a summary says nothing */
};

/* What an acknowledgement's attribute says of the request: where the attribute at fault begins, which is missing, and
 * where that is missing. */
enum pointing { POINTS_NOWHERE, POINTS_AT, POINTS_MISSING, POINTS_NEST };

struct named {
	int64_t value;
	uint32_t json, json_size, brief, brief_size, off, off_size;
}; /* `off`: of a flag that is not set */
struct set {
	uint32_t first, count;   /* rows by number, in `numbers` */
	uint32_t element;        /* the row of every number, where it is an array */
	uint32_t own, own_count; /* selectors that its rows give, in `selectors` */
	uint32_t tmpl;           /* template of its own */
	uint8_t size, whole, align, wide, type_first, order, odd;
	/* `odd`: 1: left to the caller; 2: a sequence, see wire/attr_set.py */
	uint8_t unknown; /* attributes without a row: 0 left to the caller, 1 shown as bytes, 2 as secrets */
	uint32_t mask;
	uint32_t prefix, prefix_size; /* of the names of its rows */
};
struct strct {
	uint32_t first, count, tmpl;
	uint32_t told, told_at; /* the set behind its fields, on whose rows they depend, and where it begins */
	uint8_t odd, choosy;
	uint16_t unread; /* bytes of one of which there is nothing to say in a list, whatever it holds; 0: there may be
	                  */
};
struct choice {
	uint32_t name_count;
	uint16_t names[4];
	uint32_t first, count, next;
};
struct choosing {
	int64_t number[4];
	uint32_t text[4], size[4];
	uint8_t kind[4];
	uint32_t row;
};

enum part_kind { PART_TEXT, PART_FIELD, PART_GROUP };
struct part {
	uint32_t kind, a, b;
}; /* text: place and size; field: first alternative and count; group: parts, and a name that has to be there, 0: any */
enum mode {
	MODE_PLAIN,
	MODE_COUNT,
	MODE_NUMBER,
	MODE_NAME,
	MODE_EVERY,
	MODE_LINE,
	MODE_IF,
	MODE_UNLESS,
	MODE_TEXT,
	MODE_MASKED,
	MODE_ODD,
	MODE_BESIDE,   /* lists side by side: asked for by all of the body */
	MODE_COMPOSED, /* asked for by the texts in it; `text`: names by number, of two bytes each */
	MODE_PHRASES   /* words before values, which are `text`: wire/phrases.py packs it */
};
enum test { TEST_THERE, TEST_JSON, TEST_FLAG, TEST_ALIKE, TEST_TYPE, TEST_TO };
struct alternative {
	uint8_t mode, test, own;
	uint8_t points; /* what it stands for where no node has the name */
	uint16_t path_size, other_size;
	uint16_t path[4], other[4];
	uint32_t text, size; /* of MODE_PLAIN: the key, where it is a text with keys that is looked into */
};
struct tmpl {
	uint32_t first, count;
};

struct program {
	const uint8_t *pool;
	const struct row *rows;
	const struct set *sets;
	const uint32_t *numbers;
	const uint16_t *selectors;
	const struct strct *structs;
	const uint32_t *fields;
	const struct choice *choices;
	const struct choosing *choosings;
	const struct named *named;
	const struct tmpl *tmpls;
	const struct part *parts;
	const struct alternative *alternatives;
	const int64_t *silents;
	const struct called {
		uint32_t text, size;
	} *selector_names;
	uint32_t row_count, wanted_count;
	uint32_t undecoded, secret, leftover; /* rows of what has none */
};

/* How many of each there are, of the pool bytes. */
struct extent {
	uint32_t pool, rows, sets, numbers, selectors, structs, fields, choices, choosings, named, templates, parts,
	        alternatives, silents, selector_names;
};

/* What stands around the bodies of messages that are alike: made by the caller. */
struct head {
	uint32_t ahead,
	        ahead_size;       /* JSON: from protocol to the key of nlmsg_len; list: direction to type, in columns */
	uint32_t type, type_size; /* JSON: type and flags, to the key of nlmsg_seq */
	uint32_t generic, generic_size; /* JSON: the layer genlmsghdr */
	uint32_t layer;                 /* the row of the body; 0: none */
	uint32_t tmpl;                  /* its template */
	uint32_t name, name_size;       /* nlmsg_type as templates see it */
	uint32_t family, family_size;   /* JSON: what follows the version in genlmsghdr */
	uint32_t called, called_size;   /* as an acknowledgement calls it */
	uint32_t words, words_size;     /* the note that no table has the command */
	uint32_t note, note_size;       /* JSON: that note, to its length */
	uint32_t way, way_size;         /* tree: direction, to the summary */
	uint32_t flags, flags_size;     /* tree: nlmsg_flags */
	int64_t selectors[4];           /* values of: nlmsg_type, cmd, protocol, nlmsg_flags */
	uint8_t skip;                   /* bytes of headers before the body; 0: a datagram without nlmsghdr */
	uint8_t to_kernel, dump, interrupted, odd, big, unknown;
	uint8_t keyed;       /* it may carry keys */
	uint8_t peek;        /* so many bytes of a body decide what a message is that it repeats */
	uint8_t names_types; /* the capture says what its types are */
	uint8_t pads[6];
};

struct message {
	uint64_t at;
	uint32_t size, head;
	uint32_t seq, pid;
	uint32_t place, count, request; /* of how many in its frame it is which; frame of the request it acknowledges */
	uint32_t space;                 /* number of its network namespace */
	uint32_t before, before_size;   /* in `texts`: list: number and time; JSON: to the key of protocol */
	uint32_t asked, asked_size;     /* in `texts`: the name of the request it acknowledges */
	uint32_t asked_head, asked_length; /* of that request; length 0: it stands in none of the data */
	uint64_t asked_at;
	uint32_t behind, behind_size; /* in `texts`: what trails the frame */
	uint64_t out;
	uint32_t out_size;
	uint16_t status, why; /* `why`: enum why in inside.h, of what is left to the caller */
};

enum status { DONE, ODD, MISSES, FULL };
enum { NO_HEAD = 0xffffffffu, SKIPPED = 0xfffffffeu }; /* a message that is left to the caller; one that is not shown */
enum form {
	FORM_JSON,
	FORM_BRIEF,
	FORM_HEAD,
	FORM_PAYLOAD,
	FORM_NAME,
	FORM_PART,
	FORM_TREE,
	FORM_BESIDE,
	FORM_COMPOSED,
	FORM_COUNT, /* of things in a value */
	FORM_CELL
};

struct miss {
	uint32_t entry, row, form, big, size;
	uint64_t at;
}; /* `at` counts in the data, of FORM_COMPOSED in the memory of the core. Of a name: kind of number, namespace and
    * number as `row`, `big` and `size` */

struct slot {
	uint32_t number, text, size, space;
	uint16_t state, what; /* kind of number, 0: empty */
}; /* a name that the capture gives in a network namespace; open addressing */
struct since {
	uint64_t at;
	uint32_t text, size, state, pad;
}; /* from which message on a number has which name */
enum slot_state { NAMED, NAMELESS, CHANGING, SOUGHT };

/* What is written of messages: a line of a list; an object on a line, or one of an array, what parts it from the one
 * before being the caller's; the lines of a tree; a line of cells, see struct cells of scan.h. */
enum output { OUTPUT_LIST, OUTPUT_LINES, OUTPUT_ARRAY, OUTPUT_TREE, OUTPUT_CELLS };
/* Of a row where cells are written: whether it is shown itself, or can hold such. */
enum need { NOT_NEEDED, HOLDS_NEEDED, SHOWN };

struct job {
	const struct program *program;
	const uint8_t *data;
	uint64_t data_size;
	const struct head *heads;
	const uint8_t *texts, *names;
	struct message *messages;
	uint32_t message_count, output; /* see enum output */
	struct slot *slots;             /* names of interfaces, in `names` */
	uint32_t slot_mask, slot_used;
	const struct since *sinces;
	uint8_t *out;
	uint64_t out_size, out_used;
	struct miss *misses;
	uint32_t miss_room, miss_count;
	uint32_t shows_secrets, pad;
	uint32_t epoch, unsteady;  /* counts changes of what types are called; some change among these messages */
	const struct cells *cells; /* 0: `output` has none */
};

#define NL_API __attribute__((visibility("default")))

/* Text of messages that follow one another, or a message that is left to the caller: `odd`, its number from 1. */
struct run {
	uint64_t at, size;
	uint32_t odd, pad;
};

struct core;
NL_API struct core *nl_open(uint8_t *memory, size_t size);
/* Returns how many messages are to be rendered again; -1: a message lies outside of the data. `again`: how many times
 * it was done before. */
NL_API int nl_render(struct core *, struct job *, int again);
NL_API uint32_t nl_runs(const struct message *, uint32_t count, struct run *);
/* Whether a program out of a file refers to nothing that is not there. */
NL_API int nl_check(const struct program *, const struct extent *);
NL_API int nl_learn(struct core *, uint32_t entry, const uint8_t *text, uint32_t size, int odd);

/* What both sides have to agree on. */
#define NL_ABI 3 /* counts changes of meaning that no size shows */
struct abi {
	uint32_t version;
	/* sizes of the structures above */
	uint32_t row, named, set, strct, choice, choosing, part, alternative, tmpl;
	uint32_t program, extent, head, message, miss, slot, since, job;
	uint32_t source, frame, item, type, caption, scan, setting, told, kept; /* of scan.h */
	uint32_t check, criterion, probe, selection, cell_source, cells;
	char sources[68]; /* SHA-256 of the C sources in hexadecimal, given by the build; "": compiled by hand */
};
NL_API const struct abi *nl_abi(void);
#endif
