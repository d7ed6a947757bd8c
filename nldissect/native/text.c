/* Numbers, addresses and text, written. */
#include "inside.h"

void put_unsigned(struct buffer *b, uint64_t n) {
	uint8_t digits[20];
	int at = 20;
	do {
		digits[--at] = (uint8_t)('0' + n % 10);
		n /= 10;
	} while (n);
	put(b, digits + at, (size_t)(20 - at));
}
void put_signed(struct buffer *b, int64_t n) {
	if (n < 0) {
		put_byte(b, '-');
		put_unsigned(b, (uint64_t)0 - (uint64_t)n);
	} else
		put_unsigned(b, (uint64_t)n);
}
static const char HEX[] = "0123456789abcdef";
void put_hex(struct buffer *b, const uint8_t *from, size_t n) {
	if (b->room - b->used < 2 * n) {
		b->full = 1;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		b->p[b->used++] = (uint8_t)HEX[from[i] >> 4];
		b->p[b->used++] = (uint8_t)HEX[from[i] & 15];
	}
}
static void put_hex_digits(struct buffer *b, uint64_t n) {
	uint8_t digits[16];
	int at = 16;
	do {
		digits[--at] = (uint8_t)HEX[n & 15];
		n >>= 4;
	} while (n);
	put(b, digits + at, (size_t)(16 - at));
}
void put_hex_number(struct buffer *b, uint64_t n) {
	PUT(b, "0x");
	put_hex_digits(b, n);
}
/* A handle of traffic control: major:minor. */
void put_handle(struct buffer *b, uint32_t n) {
	put_hex_digits(b, n >> 16);
	put_byte(b, ':');
	if (n & 0xffff) put_hex_digits(b, n & 0xffff);
}
void put_mac(struct buffer *b, const uint8_t *from, size_t n) {
	for (size_t i = 0; i < n; i++) {
		if (i) put_byte(b, ':');
		put_hex(b, from + i, 1);
	}
}
void put_ipv4(struct buffer *b, const uint8_t *from) {
	for (int i = 0; i < 4; i++) {
		if (i) put_byte(b, '.');
		put_unsigned(b, from[i]);
	}
}
void put_ipv6(struct buffer *b, const uint8_t *from) { /* as glibc's inet_ntop */
	uint32_t words[8];
	int best = -1, best_size = 0;
	for (int i = 0; i < 8; i++) words[i] = (uint32_t)from[2 * i] << 8 | from[2 * i + 1];
	for (int i = 0; i < 8;) {
		int j = i;
		while (j < 8 && !words[j]) j++;
		if (j - i > best_size && j - i > 1) {
			best = i;
			best_size = j - i;
		}
		i = j > i ? j : i + 1;
	}
	for (int i = 0; i < 8; i++) {
		if (i >= best && best >= 0 && i < best + best_size) {
			if (i == best) put_byte(b, ':');
			continue;
		}
		if (i) put_byte(b, ':');
		if (i == 6 && best == 0 && (best_size == 6 || (best_size == 5 && words[5] == 0xffff))) {
			put_ipv4(b, from + 12);
			return;
		}
		uint8_t digits[4];
		int at = 4;
		uint32_t n = words[i];
		do {
			digits[--at] = (uint8_t)HEX[n & 15];
			n >>= 4;
		} while (n);
		put(b, digits + at, (size_t)(4 - at));
	}
	if (best >= 0 && best + best_size == 8) put_byte(b, ':');
}
void put_escape(struct buffer *b, uint8_t c) {
	PUT(b, "\\u00");
	put_hex(b, &c, 1);
}
void put_json(struct buffer *b, const uint8_t *text, size_t n) { /* what stands between the quotes */
	size_t done = 0;
	for (size_t i = 0; i < n; i++) {
		uint8_t c = text[i];
		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) continue;
		put(b, text + done, i - done);
		done = i + 1;
		switch (c) {
		case '"': PUT(b, "\\\""); break;
		case '\\': PUT(b, "\\\\"); break;
		case '\b': PUT(b, "\\b"); break;
		case '\t': PUT(b, "\\t"); break;
		case '\n': PUT(b, "\\n"); break;
		case '\f': PUT(b, "\\f"); break;
		case '\r': PUT(b, "\\r"); break;
		default: put_escape(b, c);
		}
	}
	put(b, text + done, n - done);
}
void put_escaped(struct buffer *b, const uint8_t *text, size_t n) {
	for (size_t i = 0; i < n; i++) {
		uint8_t c = text[i];
		if (c == '"' || c == '\\') put_byte(b, '\\');
		if (c >= 0x20 && c != 0x7f)
			put_byte(b, c);
		else if (c == '\n')
			PUT(b, "\\n");
		else if (c == '\t')
			PUT(b, "\\t");
		else if (c == '\r')
			PUT(b, "\\r");
		else {
			PUT(b, "\\x");
			put_hex(b, &c, 1);
		}
	}
}

/* The size of a text without the NULs behind it; -1: it holds one, or is not ASCII. */
int64_t text_size(const uint8_t *text, uint32_t n) {
	while (n && !text[n - 1]) n--;
	return memchr(text, 0, n) || !is_ascii(text, n) ? -1 : (int64_t)n;
}
