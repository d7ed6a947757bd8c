"""One core: its program, its memory, the texts it makes of a block's messages, and the answers to its questions."""

from __future__ import annotations

import ctypes
import mmap
import sys
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from threading import RLock
from typing import Any

from nldissect.errors import NldissectError

from .cells import CellsStruct
from .loader import (
    CHANGING,
    FORM_COMPOSED,
    FORM_HEAD,
    FORM_NAME,
    MEMORY,
    MISS,
    MISSES,
    RUN,
    SINCE,
    SLOTS,
    HeadStruct,
    JobStruct,
    ProgramPointers,
    SlotStruct,
    address,
    open_library,
    place_of,
    pointer,
)
from .program import Program
from .selector import SelectionStruct
from .tables import Bytes

ROOM = 4 << 20
"""Bytes free for texts before a pass over a block begins."""

Names = Callable[[int, int, int], Sequence[tuple[int, str | None]]]
"""Returns the names of a number of a kind (see REFERRED) in a network namespace during a block: for each, the offset in
the block's bytes from which it holds, and the name or None.
"""
Leaf = Callable[[int, int, str, bytes], str | None]
"""Returns the text of a value by its row, form, byte order and bytes; None if the message is left to the caller."""
Echoed = Callable[[int, str, bytes, int], int | None]
"""Returns the head of a message that an acknowledgement repeats, by protocol, byte order, first bytes and offset."""


class HeadNumbers:
    """Heads of messages by number: struct head, which holds the text around their bodies."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._table = bytearray()
        self._copy = b""

    def number(self, key: Hashable, make: Callable[[], HeadStruct]) -> int:
        """Return the number of a head, which all messages with the same key share; it is made if it is new."""
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self._numbers)
            self._table += bytes(make())
        return found

    def packed(self) -> bytes:
        """Return all heads as an array of struct head; its bytes stay in place if more are added."""
        if len(self._copy) != len(self._table):
            self._copy = bytes(self._table)
        return self._copy


class Core:
    """A core, which makes the texts of messages.

    output   form of the texts: LIST, LINES, ARRAY, TREE or CELLS
    program  the program that it interprets
    secrets  key material is shown
    beside   another core of the capture, which may render at the same time: it has the same heads and program
    cells    returns the structure for lines of cells of the messages to render; called before each pass, as a search
             for names ahead may add heads
    asked    number of texts of values that it asked for when it last rendered
    """

    cells: Callable[[], CellsStruct] | None = None

    def __init__(
        self, path: str, output: int, program: Program, secrets: bool = False, beside: Core | None = None
    ) -> None:
        self._library = open_library(path)
        self._memory = mmap.mmap(-1, MEMORY)
        self._held = (ctypes.c_uint8 * MEMORY).from_buffer(self._memory)
        self._core = self._library.nl_open(ctypes.addressof(self._held), MEMORY)
        self.output, self.secrets = output, secrets
        self.program = program
        self._packed: dict[str, Bytes] = {}
        self._size = (0, 0)
        self._pointers = ProgramPointers()
        self.heads: HeadNumbers = HeadNumbers() if beside is None else beside.heads
        self._lock: Any = RLock() if beside is None else beside._lock
        self.asked = 0
        self._misses = bytearray(MISSES * MISS.size)
        self._epoch, self._unsteady = 0, False
        self._slots, self._slot_used = (SlotStruct * SLOTS)(), 0
        self._names = bytearray()
        self._sinces: list[tuple[int, int, int, int, int]] = []
        self.out = mmap.mmap(-1, 2 * ROOM)  # whose pages come with use

    def head(self, key: Hashable, make: Callable[[], HeadStruct]) -> int:
        """Return the number of a head, which all messages with the same key share; it is made if it is new."""
        return self.heads.number(key, make)

    def forget_names(self) -> None:
        """Drop the remembered names of numbers."""
        ctypes.memset(self._slots, 0, ctypes.sizeof(self._slots))
        self._slot_used = 0
        self._names.clear()
        self._sinces.clear()

    def turn_to(self, changing: bool) -> None:
        """Begin the next messages. `changing`: names that the capture gives to types change among them."""
        self._epoch += changing or self._unsteady
        self._unsteady = changing

    def render(
        self, data: bytearray, messages: Any, count: int, texts: bytes, names: Names, leaf: Leaf, echoed: Echoed
    ) -> None:
        """Write texts into `out`; set offset and size of each message's text, or the reason why it has none.

        messages   a buffer of `count` MessageStruct
        texts      the texts they refer to

        Raises NldissectError if the core and its tables do not fit.
        """
        if self._slot_used > SLOTS // 4:
            self.forget_names()
        job = JobStruct(
            program=ctypes.pointer(self._pointers), data=address(data), data_size=len(data),
            texts=pointer(texts), epoch=self._epoch, unsteady=self._unsteady, shows_secrets=self.secrets,
            messages=address(messages), message_count=count, output=self.output,
            slots=ctypes.addressof(self._slots), slot_mask=SLOTS - 1, slot_used=self._slot_used,
            misses=address(self._misses), miss_room=MISSES,
        )  # fmt: skip
        passes, left, self.asked = 0, count, 0
        while left:
            if len(self.out) - job.out_used < ROOM:
                before, self.out = self.out, mmap.mmap(-1, 2 * len(self.out))
                self.out[: job.out_used] = before[: job.out_used]
            given, sinces = bytes(self._names), b"".join(SINCE.pack(*since) for since in self._sinces)
            job.names, job.sinces = pointer(given), pointer(sinces)
            with self._lock:
                heads = self._refresh()
            cells = None if self.cells is None else self.cells()
            job.heads, job.cells = pointer(heads), None if cells is None else ctypes.addressof(cells)
            job.out, job.out_size, job.miss_count = address(self.out), len(self.out), 0
            before = job.out_used
            left = self._library.nl_render(self._core, ctypes.byref(job), passes)
            if left < 0:
                raise NldissectError("the core and its tables do not fit; build it anew")
            passes += 1
            if not job.miss_count and job.out_used == before:
                break
            with self._lock:
                self._answer(data, job.miss_count, names, leaf, echoed)
        self._slot_used = job.slot_used

    def select(self, job: SelectionStruct) -> int:
        """Choose items of a scan; return the number of items that are to be asked about. See struct selection."""
        heads = self._refresh()
        job.program, job.heads = ctypes.addressof(self._pointers), pointer(heads)
        return int(self._library.nl_select(self._core, ctypes.byref(job)))

    def mark(self, job: SelectionStruct) -> int:
        """Mark items that were not chosen; return the number of items before the first frame beyond the limit."""
        return int(self._library.nl_mark(ctypes.byref(job)))

    def reach(self, rows: Iterable[int]) -> bytearray:
        """Return a byte for each row of the program: 1 if it is one of these, or can hold one, else 0."""
        self._refresh()
        found = bytearray(len(self.program.rows))
        for row in rows:
            found[row] = 1
        self._library.nl_reach(ctypes.addressof(self._pointers), address(found), len(found))
        return found

    def runs(self, messages: Any, count: int) -> Iterator[tuple[int, int, int]]:
        """Yield offset in `out` and size of the texts of messages in order, and 0.

        For a message that is left to the caller it yields 0, 0 and its number from 1.
        """
        room = bytearray(count * RUN.size)
        made = self._library.nl_runs(address(messages), count, address(room))
        for at, size, odd, _ in RUN.iter_unpack(room[: made * RUN.size]):
            yield at, size, odd

    def _refresh(self) -> bytes:
        """Hand over additions to the tables; return the heads."""
        program = self.program
        if self._size == program.size:
            return self.heads.packed()
        self._size = program.size
        self._packed = program.packed()
        for name, packed in self._packed.items():
            setattr(self._pointers, name, place_of(packed))
        self._pointers.row_count, self._pointers.wanted_count = len(program.rows), program.name_count
        self._pointers.undecoded, self._pointers.secret = program.undecoded, program.secret
        self._pointers.leftover = program.leftover
        return self.heads.packed()

    def _answer(self, data: bytearray, count: int, names: Names, leaf: Leaf, echoed: Echoed) -> None:
        """Answer the questions of the core."""
        for entry, row, form, big, size, _, at in MISS.iter_unpack(self._misses[: count * MISS.size]):
            if form == FORM_NAME:
                self._name(entry, row, size, big, names(row, size, big))
                continue
            self.asked += 1
            order, given = ">" if big else "<", bytes((self._memory if form == FORM_COMPOSED else data)[at : at + size])
            raw: bytes | None
            if form == FORM_HEAD:
                head = echoed(row, order, given, at)
                raw = None if head is None else head.to_bytes(4, sys.byteorder)
            else:
                text = leaf(row, form, order, given)
                raw = None if text is None else text.encode()
            self._library.nl_learn(self._core, entry, raw or b"", len(raw or b""), raw is None)

    def _name(self, slot: int, what: int, number: int, space: int, history: Sequence[tuple[int, str | None]]) -> None:
        begin = len(self._sinces)
        for at, name in history:
            raw = (name or "").encode()
            self._sinces.append((at, len(self._names), len(raw), int(name is None), 0))
            self._names += raw
        if len(history) > 1:
            self._slots[slot] = SlotStruct(number, begin, len(history), space, CHANGING, what)
        else:
            _, text, size, state, _ = self._sinces.pop()
            self._slots[slot] = SlotStruct(number, text, size, space, state, what)
