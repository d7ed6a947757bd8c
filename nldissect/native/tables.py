"""Tables of the core's program, record by record as declared in core.h."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Mapping
from struct import Struct as Codec
from typing import Any, NamedTuple

(
    ODD, INT, VARINT, TEXT, ADDRESS, MAC, BYTES, FLAG, PAD, SECRET, LEAF, ARRAY, NEST, STRUCT, STRUCTS, RECORDS, ECHO,
    UNDECODED, BOUND, PAIRS,
) = range(20)  # fmt: skip
"""enum op: what a row holds."""
(
    MANY, SIGNED, HOST, BIG, UNKNOWN, ROOMY, DEPENDENT, TO_END, KEYED, SURPLUS, ENDED, AT_MOST, GROWS, OPTIONAL,
    ELEMENT, SIZED, STEPPED, UNREAD, FILLED, QUIET,
) = (1 << bit for bit in range(20))  # fmt: skip
"""enum mark."""
PLAIN, ENUM, FLAGS, ASKED, HEXADECIMAL, SECONDS = range(6)
NAMED_OR_ASKED, HANDLE = 10, 11
"""enum naming: the form in which a number is written."""
MEASURES = {"s": SECONDS, "ms": SECONDS + 1, "us": SECONDS + 2, "ns": SECONDS + 3, "clock_t": SECONDS + 4}
"""Members of enum naming for numbers that measure time, by unit."""
(
    MODE_PLAIN, MODE_COUNT, MODE_NUMBER, MODE_NAME, MODE_EVERY, MODE_LINE, MODE_IF, MODE_UNLESS, MODE_TEXT, MODE_MASKED,
    MODE_ODD, MODE_BESIDE, MODE_COMPOSED, MODE_PHRASES,
) = range(14)  # fmt: skip
"""enum mode: the content of a template's braces."""
THERE, JSON, HAS_FLAG, ALIKE, TYPE, TO = range(6)
"""enum test: what a condition asks."""

ROW = Codec("<8IiIi5H6B3I")
OP_AT = 54
"""Offset of `op` in a row."""
NAMED = Codec("<q6I")
SET = Codec("<6I8B3I")
SELECTOR = Codec("<2I")
STRCT = Codec("<5I2BH")
CHOICE = Codec("<I4H3I")
CHOOSING = Codec("<4q4I4I4BI")
PART = Codec("<3I")
ALTERNATIVE = Codec("<4B2H4H4H2I")
TEMPLATE = Codec("<2I")


Bytes = bytes | memoryview


class RowStruct(NamedTuple):
    """struct row."""

    key: int
    key_size: int
    target: int
    names: int
    name_count: int
    choice: int
    word: int
    word_size: int
    size: int
    unit: int
    counted: int
    wanted: int
    also: int
    selector: int
    present: int
    refers: int
    op: int
    json: int
    brief: int
    ahead: int
    points: int
    tree: int
    marks: int
    silent: int
    silent_count: int


class RecordTable:
    """Records of one size; the first means none. `base`: records that are there before."""

    def __init__(self, codec: Codec, base: Bytes = b"") -> None:
        self.codec, self.base = codec, base
        self._begin = len(base) // codec.size
        self._items: list[tuple[Any, ...] | None] = [] if base else [codec.unpack(bytes(codec.size))]

    def __len__(self) -> int:
        return self._begin + len(self._items)

    def reserve(self, count: int = 1) -> int:
        """Make room for `count` records; return the index of the first."""
        at = len(self)
        self._items += [None] * count
        return at

    def add(self, *values: Any) -> int:
        """Append a record; return its index."""
        self._items.append(values)
        return len(self) - 1

    def __getitem__(self, at: int) -> tuple[Any, ...]:
        """Return a record that was added; zeros if it is not filled."""
        return self._items[at - self._begin] or self.codec.unpack(bytes(self.codec.size))

    def set(self, at: int, values: tuple[Any, ...]) -> None:
        """Fill a record that was reserved."""
        self._items[at - self._begin] = values

    def put(self, at: int, items: Iterable[tuple[Any, ...]]) -> None:
        """Fill reserved records from an index on."""
        for place, values in enumerate(items, at):
            self.set(place, values)

    def packed(self) -> Bytes:
        """Return all records as bytes."""
        if not self._items:
            return self.base
        pack = self.codec.pack
        return bytes(self.base) + b"".join([pack(*item or ()) for item in self._items])


class NumberColumn:
    """Numbers of one struct code; the first means none. `base`: numbers that are there before."""

    def __init__(self, code: str, base: Bytes = b"") -> None:
        self.base = base
        self._items = array(code, [] if base else [0])
        self._begin = len(base) // self._items.itemsize

    def __len__(self) -> int:
        return self._begin + len(self._items)

    def __getitem__(self, place: slice) -> array[int]:
        """Return numbers that were added."""
        return self._items[place.start - self._begin : place.stop - self._begin]

    def extend(self, numbers: Iterable[int]) -> None:
        """Append numbers."""
        self._items.extend(numbers)

    def packed(self) -> Bytes:
        """Return all numbers as bytes."""
        return bytes(self.base) + self._items.tobytes() if self._items else self.base


class TextPool:
    """Texts, each once; `base`: texts that are there before, which may be added again."""

    def __init__(self, base: Bytes = b"") -> None:
        self.data = bytearray(base or 1)
        self._places: dict[bytes, int] = {}

    def text(self, text: str | bytes) -> tuple[int, int]:
        """Return the offset of a text, and its size in bytes."""
        raw = text if isinstance(text, bytes) else text.encode()
        at = self._places.get(raw)
        if at is None:
            at = self._places[raw] = len(self.data)
            self.data += raw
        return at, len(raw)


class StoredProgram(NamedTuple):
    """The parts of a program that a program file holds.

    arrays     those of struct program by name
    constants  rows of bytes, of key material, and of bytes left over after a number
    words      returns the lists by name, None if there is none: names, selected, cases, sets, structs, texts, and of
               templates' alternatives by number "beside 7", "composer 8"
    origins    three numbers for each row, see kind_origins.py
    row_specs  begin and end in `specs` of the state of each row's kind, see kind_specs.py; 0, 0: none
    """

    arrays: Mapping[str, Bytes]
    constants: tuple[int, int, int]
    name_count: int
    words: Callable[[str], Any]
    origins: memoryview
    row_specs: memoryview
    specs: memoryview

    def spec(self, row: int) -> Any:
        """Return the state that makes the kind of a row again; None without one."""
        start, end = self.row_specs[2 * row : 2 * row + 2] if 2 * row < len(self.row_specs) else (0, 0)
        return json.loads(bytes(self.specs[start:end])) if end else None
