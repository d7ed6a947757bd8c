"""One core: its program, its memory, the texts it makes of a block's messages, and what it asks for on the way."""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nldissect.errors import NldissectError

from .loader import (
    AGAIN,
    CHANGING,
    DONE,
    FORM_NAME,
    FULL,
    HEAD,
    MEMORY,
    MISS,
    MISSES,
    SINCE,
    SLOT,
    SLOTS,
    Job,
    ProgramPointers,
    open_library,
)
from .program import Program

ROOM = 4 << 20
"""Bytes free for texts before a pass over a block begins."""

Array = NDArray[Any]
Names = Callable[[int], Sequence[tuple[int, str | None]]]
"""Which names an interface has in a block: from which place in the block's bytes on, and the name or None."""
Leaf = Callable[[int, int, str, bytes], str | None]
"""The text of a value: its row, form, byte order and bytes; None if the core is to leave the message to the caller."""


class Core:
    """Makes the texts of messages.

    output   which: LIST, LINES, ARRAY or TREE
    quote    gives a value as JSON
    """

    def __init__(self, path: str, output: int, quote: Callable[[Any], str]) -> None:
        self._library = open_library(path)
        self._memory = mmap.mmap(-1, MEMORY)
        self._held = (ctypes.c_uint8 * MEMORY).from_buffer(self._memory)
        self._core = self._library.nl_open(ctypes.addressof(self._held), MEMORY)
        self.output = output
        self.program = Program(quote)
        self._packed: dict[str, bytes] = {}
        self._size = (0, 0)
        self._pointers = ProgramPointers()
        self._heads: dict[Hashable, int] = {}
        self._head_table = np.zeros(0, HEAD)
        self._new_heads: list[tuple[Any, ...]] = []
        self._misses = np.zeros(MISSES, MISS)
        self._slots, self._slot_used = np.zeros(SLOTS, SLOT), 0
        self._names = bytearray()
        self._sinces: list[tuple[int, int, int, int, int]] = []
        self.out = np.zeros(2 * ROOM, np.uint8)

    def head(self, key: Hashable, make: Callable[[], tuple[Any, ...]]) -> int:
        """Return the number of what stands around the bodies of messages that are alike; made if it is new."""
        found = self._heads.get(key)
        if found is None:
            found = self._heads[key] = len(self._heads)
            self._new_heads.append(make())
        return found

    def forget_names(self) -> None:
        """Forget what interfaces are called."""
        self._slots[:] = 0
        self._slot_used = 0
        self._names.clear()
        self._sinces.clear()

    def render(self, data: memoryview, messages: Array, texts: bytes, names: Names, leaf: Leaf) -> None:
        """Write texts into `out`; fill in of each of `messages` (MESSAGE) where it stands, or why it doesn't.

        texts   what the messages refer to
        """
        self._refresh()
        if self._slot_used > SLOTS // 4:
            self.forget_names()
        buffer = np.frombuffer(data, np.uint8)
        job = Job(
            program=ctypes.pointer(self._pointers), data=buffer.ctypes.data, data_size=len(buffer),
            heads=self._head_table.ctypes.data, texts=_pointer(texts), messages=messages.ctypes.data,
            message_count=len(messages), output=self.output, slots=self._slots.ctypes.data, slot_mask=SLOTS - 1,
            slot_used=self._slot_used, misses=self._misses.ctypes.data, miss_room=MISSES,
        )  # fmt: skip
        again = False
        while not again or np.isin(messages["status"], (AGAIN, FULL)).any():
            if len(self.out) - job.out_used < ROOM:
                self.out = np.concatenate([self.out, np.zeros(len(self.out), np.uint8)])
            given, sinces = bytes(self._names), np.array(self._sinces, SINCE)
            job.names, job.sinces = _pointer(given), sinces.ctypes.data
            job.out, job.out_size, job.miss_count = self.out.ctypes.data, len(self.out), 0
            before = job.out_used
            if self._library.nl_render(self._core, ctypes.byref(job), again):
                raise NldissectError("the core and its tables do not fit; build it anew")
            again = True
            if not job.miss_count and job.out_used == before:
                break
            self._answer(data, job.miss_count, names, leaf)
        self._slot_used = job.slot_used

    def _refresh(self) -> None:
        """Hand over what was added to the tables."""
        if self._new_heads:
            self._head_table = np.concatenate([self._head_table, np.array(self._new_heads, HEAD)])
            self._new_heads.clear()
        program = self.program
        if self._size == program.size:
            return
        self._size = program.size
        self._packed = program.packed()
        for name, packed in self._packed.items():
            setattr(self._pointers, name, _pointer(packed))
        self._pointers.row_count, self._pointers.wanted_count = len(program.rows.items), program.name_count
        self._pointers.undecoded, self._pointers.secret = program.undecoded, program.secret
        self._pointers.leftover = program.leftover

    def _answer(self, data: memoryview, count: int, names: Names, leaf: Leaf) -> None:
        """Give what was asked for."""
        for entry, row, form, big, size, _, at in self._misses[:count].tolist():
            if form == FORM_NAME:
                self._name(entry, size, names(size))
                continue
            text = leaf(row, form, ">" if big else "<", bytes(data[at : at + size]))
            raw = (text or "").encode()
            self._library.nl_learn(self._core, entry, raw, len(raw), text is None)

    def _name(self, slot: int, number: int, history: Sequence[tuple[int, str | None]]) -> None:
        begin = len(self._sinces)
        for at, name in history:
            raw = (name or "").encode()
            self._sinces.append((at, len(self._names), len(raw), int(name is None), 0))
            self._names += raw
        if len(history) > 1:
            self._slots[slot] = (number + 1, begin, len(history), CHANGING)
        else:
            _, text, size, state, _ = self._sinces.pop()
            self._slots[slot] = (number + 1, text, size, state)


def is_done(messages: Array) -> Array:
    """Return which messages have their text: a mask."""
    done: Array = messages["status"] == DONE
    return done


def _pointer(data: bytes) -> int | None:
    return ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value
