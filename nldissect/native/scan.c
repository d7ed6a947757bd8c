/* Frames of a window cut into messages: which way each went, what it is, which request it answers. */
#include "inside.h"
#include "scan.h"

enum {
	COOKED = 16,
	HEADER = 16,
	ECHOED = HEADER + 4,
	REQUESTS = 1024, /* as in nldissect/request_tracker.py */
	BUCKETS = 2048,
	PROTOCOLS = 64,
	TYPES = 4096,
	HEADS = 1 << 15,
	NAMES = 1 << 14,
	SECOND = 1000000000
};
enum { NLMSG_ERROR = 2, NLMSG_DONE = 3, NLMSG_MIN_TYPE = 16, NLCTRL = 16, GENERIC = 16, USERSOCK = 2 };
enum { NLM_F_REQUEST = 1, NLM_F_MULTI = 2, NLM_F_DUMP = 0x300, NLM_F_CREATE = 0x400 };
enum { PACKET_BROADCAST = 1, PACKET_MULTICAST = 2, PACKET_USER = 6, PACKET_KERNEL = 7 };
enum { GET = 1 };
/* What was asked about the item at hand; the direction that its content shows is kept, as `answer` is the latest alone.
 */
enum answered { CONTENT_ASKED = 1, FAMILY_TOLD = 2, WHOLE_ANSWERED = 4, CONTENT_ANSWERED = 8, CONTENT_SHIFT = 8 };

struct request {
	uint64_t ordinal, by_number, by_header; /* of the requests before in the same buckets */
	uint32_t seq, pid, length, frame, scan, item, head, about;
	uint16_t protocol, type, flags;
	uint8_t verb, changes, answered, closed, dumps, pad[3];
};
struct space {
	uint64_t count, numbers[BUCKETS], headers[BUCKETS];
	struct request ring[REQUESTS];
};
struct type_slot {
	uint64_t key; /* one more than protocol and type; 0: empty */
	struct type type;
};
struct head_slot {
	uint64_t a, b;
	uint32_t head, used;
};
struct name_slot {
	uint64_t number, name; /* space and number, one more; hash of the name */
};
struct scanner {
	uint8_t protocols[PROTOCOLS];
	uint16_t families[1 << 16]; /* number of each id, 0: to be asked; the high bit: requests are sent back */
	struct type_slot types[TYPES];
	struct head_slot heads[HEADS];
	struct name_slot names[NAMES];
	uint32_t type_count, head_count, name_count, space_count;
	uint64_t head_a, head_b;
	struct space spaces[];
};

/* The caller's memory is zero, or holds a scanner that had less. */
struct scanner *nl_scanner(uint8_t *memory, size_t size) {
	struct scanner *s = (struct scanner *)memory;
	if (size < sizeof *s) return 0;
	size_t count = (size - sizeof *s) / sizeof(struct space);
	s->space_count = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
	return s;
}

/* ---- records ---- */

uint32_t nl_records(const uint8_t *data, uint64_t *start, uint64_t end, int big, uint64_t *found, uint32_t room) {
	uint32_t count = 0;
	while (count < room && end - *start >= 16) {
		uint64_t captured = number_at(data + *start + 8, 4, big);
		if (captured > end - *start - 16) break;
		found[count++] = *start + 16;
		*start += 16 + captured;
	}
	return count;
}

/* ---- what was asked for ---- */

void nl_protocol(struct scanner *s, uint32_t protocol, uint32_t marks) {
	if (protocol < PROTOCOLS) s->protocols[protocol] = (uint8_t)(marks | ANSWERED);
}
static struct type_slot *type_slot(struct scanner *s, uint32_t protocol, uint32_t type) {
	uint64_t key = ((uint64_t)protocol << 16 | type) + 1;
	uint32_t at = (uint32_t)mixed(key) % TYPES;
	while (s->types[at].key && s->types[at].key != key) at = (at + 1) % TYPES;
	return s->types + at;
}
void nl_type(struct scanner *s, uint32_t protocol, uint32_t type, const struct type *given) {
	if (s->type_count > TYPES / 2) {
		memset(s->types, 0, sizeof s->types);
		s->type_count = 0;
	}
	struct type_slot *slot = type_slot(s, protocol, type);
	if (!slot->key) s->type_count++;
	slot->key = ((uint64_t)protocol << 16 | type) + 1;
	slot->type = *given;
}
void nl_family(struct scanner *s, uint32_t id, uint32_t number, uint32_t returned) {
	s->families[id & 0xffff] = (uint16_t)((number & 0x7fff) | (returned ? 0x8000 : 0));
}
void nl_head(struct scanner *s, uint32_t head) {
	if (s->head_count > HEADS / 2) {
		memset(s->heads, 0, sizeof s->heads);
		s->head_count = 0;
	}
	uint32_t at = (uint32_t)mixed(s->head_a ^ mixed(s->head_b)) % HEADS;
	while (s->heads[at].used && (s->heads[at].a != s->head_a || s->heads[at].b != s->head_b)) at = (at + 1) % HEADS;
	s->heads[at] = (struct head_slot){s->head_a, s->head_b, head, 1};
	s->head_count++;
}
void nl_share(struct scanner *s, const struct scanner *other) {
	memcpy(s->protocols, other->protocols, sizeof s->protocols);
	memcpy(s->types, other->types, sizeof s->types);
	memcpy(s->heads, other->heads, sizeof s->heads);
	s->type_count = other->type_count;
	s->head_count = other->head_count;
}
void nl_forget(struct scanner *s) {
	memset(s->families, 0, sizeof s->families);
	memset(s->names, 0, sizeof s->names);
	s->name_count = 0;
}

/* ---- requests ---- */

static struct request *request_at(struct space *p, uint64_t ordinal) {
	return ordinal && ordinal + REQUESTS > p->count ? p->ring + ordinal % REQUESTS : 0;
}
static uint32_t number_bucket(uint32_t protocol, uint32_t seq) {
	return (uint32_t)mixed((uint64_t)protocol << 32 | seq) % BUCKETS;
}
/* The latest request before `ordinal`, or of all if that is 0, of a sequence number. */
static struct request *latest(struct space *p, uint32_t protocol, uint32_t seq) {
	struct request *r = request_at(p, p->numbers[number_bucket(protocol, seq)]);
	while (r && (r->protocol != protocol || r->seq != seq)) r = request_at(p, r->by_number);
	return r;
}
struct header {
	uint32_t protocol, length, type, flags, seq, pid;
};
static uint32_t header_bucket(const struct header *h, uint32_t flags) {
	uint64_t a = (uint64_t)h->length << 32 | h->type << 16 | flags, b = (uint64_t)h->seq << 32 | h->pid;
	return (uint32_t)mixed(a ^ mixed(b ^ h->protocol)) % BUCKETS;
}
/* The request whose header an acknowledgement repeats. */
static struct request *acknowledged(struct space *p, const struct header *h, uint32_t rewritten) {
	uint32_t flags = h->flags & ~rewritten;
	struct request *found = 0, *open = 0, *r = request_at(p, p->headers[header_bucket(h, flags)]);
	for (; r; r = request_at(p, r->by_header)) {
		if (r->protocol != h->protocol || r->length != h->length || r->type != h->type ||
		    (r->flags & ~rewritten) != flags || r->seq != h->seq || r->pid != h->pid)
			continue;
		if (!found || (found->closed && !open && !r->closed)) found = r;
		if (!r->closed) open = r;
		if (r->frame == found->frame && r->closed == found->closed) found = r;
	}
	if (found) found->closed = 1;
	return found;
}
/* The request of the only open dump of a sequence number. */
static struct request *ended(struct space *p, uint32_t protocol, uint32_t seq) {
	struct request *found = 0, *r = request_at(p, p->numbers[number_bucket(protocol, seq)]);
	uint32_t count = 0;
	for (; r; r = request_at(p, r->by_number)) {
		if (r->protocol != protocol || r->seq != seq || !r->dumps) continue;
		r->dumps = 0;
		found = r;
		count++;
	}
	return count == 1 ? found : 0;
}
static int asks_dump(const struct type *t, const struct header *h) {
	uint32_t bits = h->flags & NLM_F_DUMP;
	if (t->marks & LISTED) return 1;
	if (h->protocol == GENERIC || !t->verb) return bits == NLM_F_DUMP;
	return t->verb == GET && bits;
}
static struct request *remember(struct space *p, const struct header *h, const struct type *t) {
	uint64_t ordinal = ++p->count;
	struct request *r = p->ring + ordinal % REQUESTS;
	uint64_t *number = p->numbers + number_bucket(h->protocol, h->seq);
	uint64_t *header = p->headers + header_bucket(h, h->flags & ~(uint32_t)t->rewritten);
	memset(r, 0, sizeof *r);
	r->ordinal = ordinal;
	r->by_number = *number;
	r->by_header = *header;
	*number = *header = ordinal;
	r->protocol = (uint16_t)h->protocol;
	r->length = h->length;
	r->type = (uint16_t)h->type;
	r->flags = (uint16_t)h->flags;
	r->seq = h->seq;
	r->pid = h->pid;
	r->about = t->about;
	r->verb = t->verb;
	r->changes = (t->marks & CHANGES) != 0;
	r->dumps = (uint8_t)asks_dump(t, h);
	return r;
}

/* ---- where a message went ---- */

static int direction_of(const struct header *h, uint32_t kind, int *told) {
	*told = 1;
	if (kind == PACKET_MULTICAST) return NOTIFICATION;
	if (kind == PACKET_USER) return TO_USER;
	if (kind == PACKET_KERNEL) return TO_KERNEL;
	*told = 0;
	if (h->protocol == USERSOCK) return USER_TO_USER;
	if (h->type == NLMSG_ERROR || h->type == NLMSG_DONE) return TO_USER;
	if (kind == PACKET_BROADCAST) return NOTIFICATION;
	if (h->flags & NLM_F_REQUEST) return TO_KERNEL;
	return h->pid || h->seq ? TO_USER : NOTIFICATION;
}
/* The same of what looks like a request, by the latest before it. */
static int request_direction(const struct request *r, const struct header *h, const struct type *t, int returned) {
	if (!r || r->answered) return TO_KERNEL;
	if (returned && r->type == h->type) return TO_USER;
	if (!(t->marks & REPEATED) || !h->pid || (r->pid && r->pid != h->pid)) return TO_KERNEL;
	if (r->flags != h->flags || r->about != t->about) return TO_KERNEL;
	if (r->verb == GET) return TO_USER;
	return r->changes ? NOTIFICATION : TO_KERNEL;
}
static int answer_direction(const struct request *r, const struct header *h, const struct type *t) {
	int akin = r && r->about == t->about;
	if (h->type == NLMSG_ERROR || h->type == NLMSG_DONE || h->flags & NLM_F_MULTI) return TO_USER;
	if (t->marks & PORT_ONLY && !h->seq) return akin && r->verb == GET ? TO_USER : NOTIFICATION;
	return akin && r->changes ? NOTIFICATION : TO_USER;
}

/* ---- one message ---- */

static int ask(struct scan *j, uint32_t what, uint32_t a, uint32_t b) {
	j->ask = what;
	j->a = a;
	j->b = b;
	return 1;
}
static struct header header_at(const struct scan *j, const struct item *i, const struct frame *f) {
	const uint8_t *at = j->data + i->at;
	return (struct header){
	        (uint32_t)f->protocol,
	        (uint32_t)number_at(at, 4, f->big),
	        (uint32_t)number_at(at + 4, 2, f->big),
	        (uint32_t)number_at(at + 6, 2, f->big),
	        (uint32_t)number_at(at + 8, 4, f->big),
	        (uint32_t)number_at(at + 12, 4, f->big),
	};
}
/* What the class of a message depends on, as a key. */
static void key_of(struct scanner *s, const struct scan *j, const struct item *i, const struct frame *f,
                   const struct type *t, uint32_t family) {
	const uint8_t *body = j->data + i->at + HEADER;
	uint32_t there = i->captured - HEADER, first = 0, command = 0, absent = 0;
	if (f->protocol == GENERIC && i->type >= NLMSG_MIN_TYPE) {
		if (there >= 4)
			command = body[0];
		else
			absent = 1;
	} else if (t->marks & BY_FIRST) {
		if (there)
			first = body[0];
		else
			absent = 1;
	}
	s->head_a = (uint64_t)(uint16_t)f->protocol | (uint64_t)i->type << 16 | (uint64_t)i->flags << 32 |
	            (uint64_t)i->direction << 48 | (uint64_t)(i->marks & TOLD) << 50 | (uint64_t)f->big << 51 |
	            (uint64_t)absent << 52;
	s->head_b = first | command << 8 | family << 16 | (uint64_t)(t->marks & BY_SIZE ? i->length : 0) << 32;
}
static int find_head(struct scanner *s, struct item *i) {
	uint32_t at = (uint32_t)mixed(s->head_a ^ mixed(s->head_b)) % HEADS;
	for (; s->heads[at].used; at = (at + 1) % HEADS)
		if (s->heads[at].a == s->head_a && s->heads[at].b == s->head_b) {
			i->head = s->heads[at].head;
			return 1;
		}
	return 0;
}
/* The first attributes with three numbers: where their payloads begin, 0: there is none; and their sizes. */
struct attributes {
	const uint8_t *at[3];
	uint32_t sizes[3];
};
static void find_attributes(struct attributes *found, const uint16_t *numbers, const uint8_t *at, const uint8_t *end,
                            int big) {
	memset(found, 0, sizeof *found);
	while (end - at >= 4) {
		uint32_t length = (uint32_t)number_at(at, 2, big),
		         number = (uint32_t)number_at(at + 2, 2, big) & 0x3fff;
		if (length < 4 || length > end - at) return;
		for (int i = 0; i < 3; i++)
			if (numbers[i] == number && !found->at[i]) {
				found->at[i] = at + 4;
				found->sizes[i] = length - 4;
			}
		uint32_t padded = (length + 3) & ~3u;
		at = padded < end - at ? at + padded : end;
	}
}
static uint64_t hash_text(const uint8_t *text, uint32_t size) {
	uint64_t h = size + 1;
	for (; size >= 8; text += 8, size -= 8) {
		uint64_t w;
		memcpy(&w, text, 8);
		h = mixed(h ^ w);
	}
	return mixed(h ^ number_at(text, size, 0)) | 1;
}
/* Whether a number was not told to have this name last. */
static int is_news(struct scanner *s, uint32_t what, uint32_t space, uint64_t number, uint64_t told) {
	uint64_t key = ((uint64_t)what << 56 | (uint64_t)space << 33) + (number & 0xffffffff) + 1;
	uint32_t slot = (uint32_t)mixed(key) % NAMES;
	if (s->name_count > NAMES / 2) {
		memset(s->names, 0, sizeof s->names);
		s->name_count = 0;
	}
	while (s->names[slot].number && s->names[slot].number != key) slot = (slot + 1) % NAMES;
	if (s->names[slot].number == key && s->names[slot].name == told) return 0;
	s->name_count += !s->names[slot].number;
	s->names[slot] = (struct name_slot){key, told};
	return 1;
}
/* Tells what a message says of a number, unless that was told last. */
static void tell(struct scanner *s, struct scan *j, const struct item *i, const struct frame *f, const struct plan *p) {
	const uint8_t *body = j->data + i->at + HEADER, *end = j->data + i->at + i->captured, *at;
	const uint16_t numbers[] = {p->name_type, p->elsewhere_type, p->number_type};
	struct attributes found;
	uint32_t size = p->size, asks = p->marks & ASKS;
	if (f->protocol == GENERIC) body += 4;
	if (body > end || p->attributes > end - body) return;
	find_attributes(&found, numbers, body + p->attributes, end, f->big);
	at = p->marks & IN_ATTRIBUTE ? found.at[2] : (uint32_t)p->place + size > p->attributes ? 0 : body + p->place;
	if (at && p->marks & IN_ATTRIBUTE)
		if (found.sizes[2] < size || (found.sizes[2] > size && !(p->marks & LONGER))) at = 0;
	uint64_t number = at ? number_at(at, size, p->order ? p->order == 2 : f->big) : 0;
	int64_t value = widened(number, size, p->marks & NEGATIVE);
	if (!found.at[0] && !(asks && i->flags & NLM_F_CREATE)) return;
	if (!asks &&
	    (value <= 0 || found.at[1] ||
	     !is_news(s, p->what, j->sources[f->source].space, number, hash_text(found.at[0], found.sizes[0]))))
		return;
	j->told[j->told_count++] = (struct told){
	        f->at,
	        i->at,
	        value,
	        found.at[0] ? (uint64_t)(found.at[0] - j->data) : 0,
	        found.sizes[0],
	        i->head,
	        f->source,
	        i->flags,
	        (uint8_t)((found.at[0] ? NAME_GIVEN : 0) | (found.at[1] ? ELSEWHERE : 0)),
	        f->big,
	        {0},
	};
}
/* Finds out what a message is; something is to be asked if it returns 1. */
static int look_at(struct scanner *s, struct scan *j, struct item *i, const struct frame *f) {
	struct header h = header_at(j, i, f);
	struct space *space = s->spaces + j->sources[f->source].space;
	const struct type_slot *slot = type_slot(s, h.protocol, h.type);
	uint32_t family = 0;
	int told, returned;
	if (!slot->key) return ask(j, ASK_TYPE, h.protocol, h.type);
	const struct type *t = &slot->type;
	if (f->protocol == GENERIC && h.type >= NLMSG_MIN_TYPE) {
		family = s->families[h.type];
		if (!family) return ask(j, ASK_FAMILY, h.type, 0);
	}
	returned = (t->marks & RETURNED) || family & 0x8000;
	i->length = h.length;
	i->type = (uint16_t)h.type;
	i->flags = (uint16_t)h.flags;
	i->seq = h.seq;
	i->pid = h.pid;
	i->direction = (uint8_t)direction_of(&h, f->kind, &told);
	if (told)
		i->marks |= TOLD;
	else if (i->direction == TO_KERNEL) {
		i->direction = (uint8_t)request_direction(latest(space, h.protocol, h.seq), &h, t, returned);
		if (i->direction == TO_KERNEL && t->marks & CONTENT && h.pid) {
			if (!(j->answered & CONTENT_ASKED)) {
				j->answered |= CONTENT_ASKED;
				return ask(j, ASK_CONTENT, 0, 0);
			}
			if (!(j->answered & CONTENT_ANSWERED))
				j->answered |= CONTENT_ANSWERED | (j->answer & 3) << CONTENT_SHIFT;
			i->direction = (uint8_t)(j->answered >> CONTENT_SHIFT & 3);
		}
	} else if (i->direction == TO_USER)
		i->direction = (uint8_t)answer_direction(latest(space, h.protocol, h.seq), &h, t);
	if (f->protocol == GENERIC && h.type == NLCTRL && !(j->answered & FAMILY_TOLD)) {
		j->answered |= FAMILY_TOLD;
		return ask(j, TELL_FAMILY, 0, 0);
	}
	key_of(s, j, i, f, t, family);
	if (!find_head(s, i)) return ask(j, ASK_HEAD, family & 0x7fff, 0);
	const struct caption *c = j->captions + i->head;
	if (c->unknown && i->place > 1 && h.protocol < PROTOCOLS && s->protocols[h.protocol] & KEYED_PROTOCOL &&
	    h.type != NLMSG_ERROR && h.type != NLMSG_DONE && h.type != i[1 - (int)i->place].type)
		i->marks |= REST;
	if (c->plan.what && j->told_room && (j->asks || !(c->plan.marks & ASKS))) {
		if (j->told_count >= j->told_room) return ask(j, TELL_NAMES, 0, 0);
		tell(s, j, i, f, &c->plan);
	}
	return 0;
}
/* Takes note of a message, and finds the request that it belongs to. */
static void observe(struct scanner *s, struct scan *j, struct item *i, const struct frame *f) {
	struct header h = header_at(j, i, f);
	struct space *space = s->spaces + j->sources[f->source].space;
	const struct type *t = &type_slot(s, h.protocol, h.type)->type;
	struct request *r = 0, *before = latest(space, h.protocol, h.seq);
	int returned = (t->marks & RETURNED) ||
	               (h.protocol == GENERIC && h.type >= NLMSG_MIN_TYPE && s->families[h.type] & 0x8000);
	if (i->direction == TO_KERNEL) {
		r = remember(space, &h, t);
		r->frame = f->number;
		r->scan = j->batch;
		r->item = (uint32_t)(i - j->items);
		r->head = i->head;
		i->ordinal = r->ordinal;
		return;
	}
	if (h.type == NLMSG_ERROR) {
		if (before) before->answered = 1;
		if (i->captured < ECHOED + HEADER) return;
		const uint8_t *at = j->data + i->at + ECHOED;
		struct header e = {h.protocol,
		                   (uint32_t)number_at(at, 4, f->big),
		                   (uint32_t)number_at(at + 4, 2, f->big),
		                   (uint32_t)number_at(at + 6, 2, f->big),
		                   (uint32_t)number_at(at + 8, 4, f->big),
		                   (uint32_t)number_at(at + 12, 4, f->big)};
		const struct type_slot *slot = type_slot(s, e.protocol, e.type);
		r = acknowledged(space, &e, slot->key ? slot->type.rewritten : 0);
	} else if (h.type == NLMSG_DONE)
		r = ended(space, h.protocol, h.seq);
	else if (i->direction == TO_USER || (i->direction == NOTIFICATION && h.seq)) {
		if (returned && before) before->answered = 1;
		r = before;
	}
	if (!r) return;
	i->prior = r->ordinal;
	i->prior_head = r->head + 1;
	i->prior_frame = r->frame;
	if (r->scan == j->batch) i->prior_item = r->item + 1;
}

/* ---- one frame ---- */

static uint32_t first_length(const struct scan *j, const struct frame *f, int big) {
	return (uint32_t)number_at(j->data + f->at + COOKED, 4, big);
}
static int plausible(uint32_t length, uint32_t room) {
	return length >= HEADER && length <= (uint64_t)room + 3;
}
static int64_t time_of(const struct source *o, uint64_t first, uint64_t second) {
	return (int64_t)((first * o->high + second) * (SECOND / o->ticks) + (uint64_t)o->offset * SECOND);
}
/* Reads what stands before and in the cooked header; something is to be asked if it returns 1. */
static int open_frame(struct scanner *s, struct scan *j, struct frame *f) {
	const uint8_t *words = j->data + j->starts[j->frame_done] - 16;
	memset(f, 0, sizeof *f);
	f->at = j->starts[j->frame_done];
	f->captured = (uint32_t)number_at(words + 8, 4, (int)j->big_words);
	f->wire = (uint32_t)number_at(words + 12, 4, (int)j->big_words);
	f->source = j->owners ? j->owners[j->frame_done] : 0;
	f->marks = j->remarks ? j->remarks[j->frame_done] : 0;
	f->number = j->numbers ? j->numbers[j->frame_done] : j->number + j->frame_done;
	f->first = j->item_count;
	f->time = time_of(j->sources + f->source, number_at(words, 4, (int)j->big_words),
	                  number_at(words + 4, 4, (int)j->big_words));
	f->protocol = -1;
	f->big = (uint8_t)j->big;
	f->rest = 0;
	if (j->sources[f->source].space >= s->space_count) return ask(j, ASK_SPACES, j->sources[f->source].space, 0);
	if (f->at + f->captured > j->size) f->captured = f->at > j->size ? 0 : (uint32_t)(j->size - f->at);
	if (f->captured < COOKED) return 0;
	f->kind = (uint16_t)number_at(j->data + f->at, 2, 1);
	f->protocol = (int32_t)number_at(j->data + f->at + 14, 2, 1);
	if ((uint32_t)f->protocol < PROTOCOLS && !s->protocols[f->protocol])
		return ask(j, ASK_PROTOCOL, (uint32_t)f->protocol, 0);
	return 0;
}
/* Finds where the messages of a frame begin, `cursor`, and its byte order; 1: it is one datagram without nlmsghdr. */
static int enter_frame(struct scanner *s, struct scan *j, struct frame *f) {
	uint32_t marks = (uint32_t)f->protocol < PROTOCOLS ? s->protocols[f->protocol] : 0;
	uint32_t size = f->captured - COOKED, room = (f->wire > f->captured ? f->wire : f->captured) - COOKED;
	if (!j->fixed_order && !(marks & DATAGRAM) && size >= 4 && !plausible(first_length(j, f, (int)j->big), room) &&
	    plausible(first_length(j, f, !j->big), room))
		j->big = !j->big;
	f->big = (uint8_t)j->big;
	f->rest = COOKED;
	j->cursor = f->at + COOKED;
	if (!size || (size < HEADER && room >= HEADER && marks & HEADED)) {
		j->cursor = f->at + f->captured; /* a snap length left no more, or less than a header */
		return 0;
	}
	uint32_t length = size >= HEADER ? first_length(j, f, f->big) : 0;
	return marks & DATAGRAM || size < HEADER || (marks & HEADED ? length < HEADER : !plausible(length, room));
}
/* What stands for a frame that has no messages with nlmsghdr; something is to be asked if it returns 1. */
static int look_at_whole(struct scan *j, struct frame *f, int bare) {
	struct item *i = j->items + j->item_count;
	struct header none = {(uint32_t)f->protocol, 0, 0, 0, 0, 0};
	uint32_t head = j->answer;
	int told;
	memset(i, 0, sizeof *i);
	i->frame = j->frame_done;
	i->place = bare ? 1 : 0;
	i->at = bare ? f->at + COOKED : f->at;
	i->captured = i->padded = bare ? f->captured - COOKED : 0;
	i->direction = (uint8_t)direction_of(&none, f->kind, &told);
	i->marks = (uint8_t)(BARE | LAST | (told ? TOLD : 0));
	if (!(j->answered & WHOLE_ANSWERED)) {
		j->answered |= WHOLE_ANSWERED;
		return ask(j, ASK_HEAD, 0, 0);
	}
	i->head = head;
	if (bare && f->wire <= f->captured && !(f->marks & (REMARKED | NO_TIME))) i->marks |= WHOLE;
	j->answered = 0;
	f->count = (uint32_t)bare;
	if (bare) f->rest = f->captured;
	return 0;
}
/* Cuts the next message off; 0: there is none. */
static int next_item(struct scan *j, struct frame *f, struct item *i) {
	uint64_t end = f->at + f->captured;
	if (end - j->cursor < HEADER) return 0;
	uint32_t length = (uint32_t)number_at(j->data + j->cursor, 4, f->big);
	if (length < HEADER) return 0;
	uint64_t there = end - j->cursor, padded = ((uint64_t)length + 3) & ~(uint64_t)3;
	memset(i, 0, sizeof *i);
	i->at = j->cursor;
	i->captured = (uint32_t)(length < there ? length : there);
	i->padded = (uint32_t)(padded < there ? padded : there);
	i->frame = j->frame_done;
	i->place = j->inside + 1;
	return 1;
}
static void close_frame(struct scanner *s, struct scan *j, struct frame *f) {
	int cut = f->wire > f->captured;
	struct item *items = j->items + f->first;
	f->count = j->inside;
	for (uint32_t k = 0; k < f->count; k++) {
		struct item *i = items + k;
		observe(s, j, i, f);
		if (!cut && i->captured == i->length && !(f->marks & (REMARKED | NO_TIME)) && !(i->marks & REST) &&
		    is_zero(j->data + i->at + i->captured, i->padded - i->captured))
			i->marks |= WHOLE;
	}
	items[f->count - 1].marks |= LAST;
	if (f->rest < f->captured && !is_zero(j->data + f->at + f->rest, f->captured - f->rest))
		items[f->count - 1].marks |= NOISY;
	j->item_count += f->count;
}
/* Goes through the messages of a frame; 1: something is to be asked. */
static int scan_frame(struct scanner *s, struct scan *j, struct frame *f) {
	int bare = 0;
	if (!j->inside) {
		if (open_frame(s, j, f)) return 1;
		j->cursor = f->at + f->captured;
		if (f->protocol >= 0) bare = enter_frame(s, j, f);
	}
	while (!bare) {
		if (j->item_count + j->inside >= j->item_room) {
			j->inside = j->answered = 0; /* from its beginning, in another batch or with more room */
			return ask(j, ASK_ROOM, 0, 0);
		}
		struct item *i = j->items + j->item_count + j->inside;
		if (!next_item(j, f, i)) break;
		if (look_at(s, j, i, f)) return 1;
		j->answered = 0;
		j->inside++;
		j->cursor += i->padded;
		f->rest = (uint32_t)(j->cursor - f->at);
	}
	if (j->inside) {
		close_frame(s, j, f);
		return 0;
	}
	if (j->item_count >= j->item_room) return ask(j, ASK_ROOM, 0, 0);
	if (look_at_whole(j, f, bare)) return 1;
	j->item_count++;
	return 0;
}
/* Goes through frames until something is to be asked, or all are done. */
int nl_scan(struct scanner *s, struct scan *j) {
	j->ask = ASK_NOTHING;
	for (; j->frame_done < j->frame_count; j->frame_done++, j->inside = 0) {
		uint64_t at = j->starts[j->frame_done];
		if (at < 16 || at > j->size) return -1;
		if (scan_frame(s, j, j->frames + j->frame_done)) return 0;
	}
	return 0;
}

/* ---- requests that may be acknowledged later ---- */

static uint64_t room_of(const struct item *i) {
	return sizeof(struct kept) + (((uint64_t)i->padded + 7) & ~(uint64_t)7);
}
uint32_t nl_keep(const struct scan *j, uint32_t count, uint32_t most, uint8_t *out, uint64_t *room) {
	uint64_t wanted = 0;
	uint32_t first = count, found = 0;
	while (first && found < most) {
		const struct item *i = j->items + --first;
		if (!i->ordinal) continue;
		wanted += room_of(i);
		found++;
	}
	for (; wanted <= *room && first < count; first++) {
		const struct item *i = j->items + first;
		const struct frame *f = j->frames + i->frame;
		if (!i->ordinal) continue;
		struct kept one = {i->ordinal,  f->at,     f->number, i->captured, i->padded,
		                   f->protocol, f->source, f->kind,   f->big,      {0}};
		memcpy(out, &one, sizeof one);
		memcpy(out + sizeof one, j->data + i->at, i->padded);
		out += room_of(i);
	}
	*room = wanted;
	return found;
}
