/* Nodes as JSON. */
#include "inside.h"

/* ---- leaves as text ---- */

const struct named *named_value(const struct core *c, const struct row *r, int64_t value) {
	const struct named *all = c->p->named + r->names;
	uint32_t low = 0, high = r->name_count;
	if (value >= 0 && value < r->name_count && all[value].value == value) return all + value;
	while (low < high) {
		uint32_t mid = (low + high) / 2;
		if (all[mid].value < value)
			low = mid + 1;
		else
			high = mid;
	}
	return low < r->name_count && all[low].value == value ? all + low : 0;
}
void put_flags(const struct core *c, struct buffer *b, const struct row *r, uint64_t value, int json) {
	const struct named *all = c->p->named + r->names;
	int many = 0;
	if (json) put_byte(b, '[');
	for (uint32_t i = 0; i < r->name_count; i++) { /* single bits, from the low one up */
		if (!(value & (uint64_t)all[i].value)) continue;
		value ^= (uint64_t)all[i].value;
		if (many++) put_byte(b, ',');
		if (json)
			put(b, c->p->pool + all[i].json, all[i].json_size);
		else
			put(b, c->p->pool + all[i].brief, all[i].brief_size);
	}
	if (value) {
		if (many) put_byte(b, ',');
		if (json) put_byte(b, '"');
		put_hex_number(b, value);
		if (json) put_byte(b, '"');
	}
	if (json) put_byte(b, ']');
}
static void put_number_json(struct core *c, struct buffer *b, uint32_t row, uint32_t start, uint32_t end) {
	const struct row *r = c->p->rows + row;
	if (r->json == ASKED) {
		put_recalled(c, b, row, FORM_JSON, c->data + start, end - start);
		return;
	}
	int64_t value = value_of(c, r, start, end);
	if (r->json == FLAGS) {
		put_flags(c, b, r, (uint64_t)value, 1);
		return;
	}
	const struct named *n = r->json == ENUM ? named_value(c, r, value) : 0;
	if (n)
		put(b, c->p->pool + n->json, n->json_size);
	else if (r->marks & SIGNED)
		put_signed(b, value);
	else
		put_unsigned(b, (uint64_t)value);
}
/* Where the address of a node ends: a roomy one may go on with zeros. 0: it is none. */
uint32_t address_size(const struct core *c, const struct row *r, const struct node *n) {
	const uint8_t *raw = c->data + n->start;
	uint32_t size = n->end - n->start, real = r->target == 4 ? 4 : r->target == 6 ? 16 : 0;
	if (!real) real = size == 4 || ((r->marks & DEPENDENT) && size > 4 && is_zero(raw + 4, size - 4)) ? 4 : 16;
	return size >= real && is_zero(raw + real, size - real) ? real : 0;
}
void put_address(struct core *c, struct buffer *b, const struct node *n, uint32_t size) {
	if (size == 4)
		put_ipv4(b, c->data + n->start);
	else
		put_ipv6(b, c->data + n->start);
}

void put_node_json(struct core *, struct buffer *, uint32_t at);

static int is_hidden(const struct core *c, const struct node *n) {
	return c->p->rows[n->row].op == OP_PAD && is_zero(c->data + n->start, n->end - n->start);
}
/* The key of a node where others of its name stand before it. */
static void put_again(struct core *c, struct buffer *b, uint32_t first, uint32_t here) {
	const struct node *n = c->nodes + here;
	uint32_t count = 1;
	for (uint32_t at = first; at != here; at = c->nodes[at].next) {
		const struct node *other = c->nodes + at;
		uint32_t key = c->p->rows[other->row].key;
		count += key == c->p->rows[n->row].key && (key || other->number == n->number) && !is_hidden(c, other);
	}
	put_byte(b, '"');
	put_name(c, b, n);
	if (count > 1) {
		put_byte(b, '#');
		put_unsigned(b, count);
	}
	PUT(b, "\":");
}
void put_members(struct core *c, struct buffer *b, uint32_t first) {
	int some = 0;
	for (uint32_t at = first; at; at = c->nodes[at].next) {
		const struct node *n = c->nodes + at;
		const struct row *r = c->p->rows + n->row;
		if (n->odd || is_hidden(c, n)) continue;
		if (some++) put_byte(b, ',');
		if (n->again && !(r->marks & MANY))
			put_again(c, b, first, at);
		else if (r->marks & UNKNOWN) {
			put_byte(b, '"');
			put_signed(b, n->number);
			PUT(b, "\":");
		} else
			put(b, c->p->pool + r->key, r->key_size);
		if (!(r->marks & MANY)) {
			put_node_json(c, b, at);
			continue;
		}
		put_byte(b, '[');
		put_node_json(c, b, at);
		for (uint32_t other = n->next; other; other = c->nodes[other].next) {
			const struct row *o = c->p->rows + c->nodes[other].row;
			if (o->key != r->key) continue;
			c->nodes[other].odd = 1;
			put_byte(b, ',');
			put_node_json(c, b, other);
		}
		put_byte(b, ']');
	}
}
static void put_leftover(struct core *c, struct buffer *b, uint32_t at) {
	PUT(b, "{\"leftover\":");
	put_node_json(c, b, at);
	put_byte(b, '}');
}
static int has_index(const struct core *c, uint32_t at) {
	static const char KEY[] = "\"index\":";
	for (at = c->nodes[at].first; at; at = c->nodes[at].next) {
		const struct row *r = c->p->rows + c->nodes[at].row;
		if (r->key_size == sizeof KEY - 1 && !memcmp(c->p->pool + r->key, KEY, sizeof KEY - 1)) return 1;
	}
	return 0;
}
/* An element by its number: members of an object beside it, else a value. */
static void put_numbered(struct core *c, struct buffer *b, uint32_t at) {
	PUT(b, "{\"index\":");
	put_signed(b, c->nodes[at].number);
	size_t mark = b->used;
	PUT(b, ",\"value\":");
	size_t text = b->used;
	put_node_json(c, b, at);
	if (b->full || b->used <= text || b->p[text] != '{' || has_index(c, at)) {
		put_byte(b, '}');
		return;
	}
	size_t size = b->used - text - 1;
	memmove(b->p + mark + 1, b->p + text + 1, size);
	b->used = mark + 1 + size;
	if (size > 1) return;
	b->p[mark] = '}';
	b->used = mark + 1;
}
static void put_elements(struct core *c, struct buffer *b, uint32_t first) {
	int plain = 1;
	int32_t place = 1;
	for (uint32_t at = first; at; at = c->nodes[at].next)
		if (c->nodes[at].row != c->p->leftover) plain &= c->nodes[at].number == place++;
	put_byte(b, '[');
	for (uint32_t at = first; at; at = c->nodes[at].next) {
		if (at != first) put_byte(b, ',');
		if (c->nodes[at].row == c->p->leftover) {
			put_leftover(c, b, at);
			continue;
		}
		if (plain) {
			put_node_json(c, b, at);
			continue;
		}
		put_numbered(c, b, at);
	}
	put_byte(b, ']');
}
void put_secret_json(struct core *c, struct buffer *b, uint32_t start, uint32_t end) {
	if (c->job->shows_secrets) {
		put_byte(b, '"');
		put_hex(b, c->data + start, end - start);
		put_byte(b, '"');
		return;
	}
	PUT(b, "{\"secret\":");
	put_unsigned(b, end - start);
	put_byte(b, '}');
}
static void put_sequence(struct core *c, struct buffer *b, uint32_t first) {
	int some = 0;
	put_byte(b, '[');
	for (uint32_t at = first; at; at = c->nodes[at].next) {
		if (c->p->rows[c->nodes[at].row].op == OP_PAD) continue;
		if (some++) put_byte(b, ',');
		PUT(b, "{\"");
		put_name(c, b, c->nodes + at);
		PUT(b, "\":");
		put_node_json(c, b, at);
		put_byte(b, '}');
	}
	put_byte(b, ']');
}
void put_node_json(struct core *c, struct buffer *b, uint32_t at) {
	const struct node *n = c->nodes + at;
	const struct row *r = c->p->rows + n->row;
	const uint8_t *raw = c->data + n->start;
	uint32_t size = n->end - n->start;
	int64_t text;
	if (n->masked) {
		put_secret_json(c, b, n->start, n->end);
		return;
	}
	switch (r->op) {
	case OP_INT:
	case OP_VARINT: put_number_json(c, b, n->row, n->start, n->end); break;
	case OP_TEXT:
		text = text_size(raw, text_bytes(c, r, n->start, n->end));
		if (text < 0) {
			put_recalled(c, b, n->row, FORM_JSON, raw, size);
			break;
		}
		put_byte(b, '"');
		put_json(b, raw, (size_t)text);
		put_byte(b, '"');
		break;
	case OP_ADDRESS:
		size = address_size(c, r, n);
		if (!size) {
			put_recalled(c, b, n->row, FORM_JSON, raw, n->end - n->start);
			break;
		}
		put_byte(b, '"');
		put_address(c, b, n, size);
		put_byte(b, '"');
		break;
	case OP_MAC:
		put_byte(b, '"');
		put_mac(b, raw, size);
		put_byte(b, '"');
		break;
	case OP_BYTES:
		put_byte(b, '"');
		put_hex(b, raw, size);
		put_byte(b, '"');
		break;
	case OP_FLAG: PUT(b, "true"); break;
	case OP_PAD:
	case OP_UNDECODED:
		PUT(b, "{\"undecoded\":\"");
		put_hex(b, raw, size);
		PUT(b, "\"}");
		break;
	case OP_SECRET: put_secret_json(c, b, n->start, n->end); break;
	case OP_ARRAY:
		put_byte(b, '[');
		for (uint32_t one = n->start; one < n->end; one += r->unit) {
			if (one != n->start) put_byte(b, ',');
			put_number_json(c, b, r->target, one, one + r->unit);
		}
		put_byte(b, ']');
		break;
	case OP_NEST:
		if (c->p->sets[r->target].odd == SEQUENCE)
			put_sequence(c, b, n->first);
		else if (c->p->sets[r->target].element)
			put_elements(c, b, n->first);
		else {
			put_byte(b, '{');
			put_members(c, b, n->first);
			put_byte(b, '}');
		}
		break;
	case OP_STRUCT:
		put_byte(b, '{');
		put_members(c, b, n->first);
		put_byte(b, '}');
		break;
	case OP_STRUCTS:
	case OP_RECORDS:
		put_byte(b, '[');
		for (uint32_t one = n->first; one; one = c->nodes[one].next) {
			if (one != n->first) put_byte(b, ',');
			if (c->nodes[one].row == c->p->leftover) {
				put_leftover(c, b, one);
				continue;
			}
			put_byte(b, '{');
			put_members(c, b, c->nodes[one].first);
			put_byte(b, '}');
		}
		put_byte(b, ']');
		break;
	case OP_ECHO: put_echo_json(c, b, at); break;
	case OP_PAIRS:
		if (!put_pairs_json(b, raw, size)) put_recalled(c, b, n->row, FORM_JSON, raw, size);
		break;
	default: put_recalled(c, b, n->row, FORM_JSON, raw, size);
	}
}
