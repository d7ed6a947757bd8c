"""Tables of the core's program, record by record as core.h has them."""

from __future__ import annotations

from struct import Struct as Codec
from typing import Any

(
    ODD, INT, VARINT, TEXT, ADDRESS, MAC, BYTES, FLAG, PAD, SECRET, LEAF, ARRAY, NEST, STRUCT, STRUCTS, RECORDS, ECHO,
    UNDECODED, BOUND,
) = range(19)  # fmt: skip
"""enum op: what a row holds."""
(
    MANY, SIGNED, HOST, BIG, UNKNOWN, ROOMY, DEPENDENT, TO_NUL, KEYED, SURPLUS, ENDED, AT_MOST, GROWS, OPTIONAL,
    ELEMENT, SIZED,
) = (1 << bit for bit in range(16))  # fmt: skip
"""enum mark."""
PLAIN, ENUM, FLAGS, ASKED, HEXADECIMAL, SECONDS = range(6)
"""enum naming: how a number is written."""
MEASURES = {"s": SECONDS, "ms": SECONDS + 1, "us": SECONDS + 2, "ns": SECONDS + 3, "clock_t": SECONDS + 4}
"""The same of numbers that measure time."""
(
    MODE_PLAIN, MODE_COUNT, MODE_NUMBER, MODE_NAME, MODE_EVERY, MODE_LINE, MODE_IF, MODE_UNLESS, MODE_TEXT, MODE_MASKED,
    MODE_ODD, MODE_BESIDE,
) = range(12)  # fmt: skip
"""enum mode: what stands in the braces of a template."""
THERE, JSON, HAS_FLAG, ALIKE, TYPE, TO = range(6)
"""enum test: what a condition asks."""

ROW = Codec("<8IiIi5H6B3I")
NAMED = Codec("<q6I")
SET = Codec("<6I8B3I")
SELECTOR = Codec("<2I")
STRCT = Codec("<5I4B")
CHOICE = Codec("<I4H3I")
CHOOSING = Codec("<4q4I4I4BI")
PART = Codec("<3I")
ALTERNATIVE = Codec("<4B2H4H4H2I")
TEMPLATE = Codec("<2I")


class Table:
    """Records of one size; the first stands for none."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self.items: list[tuple[Any, ...] | None] = [codec.unpack(bytes(codec.size))]

    def reserve(self, count: int = 1) -> int:
        """Make room for so many; return where the first stands."""
        at = len(self.items)
        self.items += [None] * count
        return at

    def add(self, *values: Any) -> int:
        """Append a record; return where it stands."""
        self.items.append(values)
        return len(self.items) - 1

    def put(self, at: int, items: list[tuple[Any, ...]]) -> None:
        """Fill what was reserved."""
        self.items[at : at + len(items)] = items

    def packed(self) -> bytes:
        """Return all records as bytes."""
        pack = self.codec.pack
        return b"".join([pack(*item or ()) for item in self.items])


class Pool:
    """Texts, each once."""

    def __init__(self) -> None:
        self.data = bytearray(1)
        self._places: dict[bytes, int] = {}

    def text(self, text: str) -> tuple[int, int]:
        """Return where a text stands, and its size in bytes."""
        raw = text.encode()
        at = self._places.get(raw)
        if at is None:
            at = self._places[raw] = len(self.data)
            self.data += raw
        return at, len(raw)
