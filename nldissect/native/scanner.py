"""A scanner: cuts the frames of a window into messages and finds out what each is, as scan.h has it."""

from __future__ import annotations

import ctypes
import mmap
from array import array
from collections.abc import Iterator, MutableSequence, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nldissect.errors import NldissectError

from .abi import abi_of
from .loader import open_library

MEMORY = 16 << 20
"""Bytes of a scanner's memory: requests of up to 64 network namespaces, and what was asked for. Pages come with use."""
(
    ASK_NOTHING, ASK_ROOM, ASK_PROTOCOL, ASK_TYPE, ASK_FAMILY, ASK_CONTENT, ASK_HEAD, TELL_FAMILY, TELL_NAME,
) = range(9)  # fmt: skip
NO_TIME, REMARKED, HIDDEN, HEADING = 1, 2, 4, 8
"""enum frame_mark."""
TOLD, BARE, WHOLE, LAST, NOISY, REST = 1, 2, 4, 8, 16, 32
"""enum item_mark."""
HEADED, DATAGRAM, KEYED_PROTOCOL = 2, 4, 8
"""enum protocol_mark."""
BY_FIRST, BY_SIZE, CAUSED, PORT_ONLY, REPEATED, RETURNED, LISTED, CHANGES, CONTENT = (1 << bit for bit in range(9))
"""enum type_mark."""

Array = NDArray[Any]

SOURCE = np.dtype([("ticks", "<u8"), ("high", "<u8"), ("offset", "<i8"), ("space", "<u4"), ("decimals", "<u4")])
FRAME = np.dtype([
    ("at", "<u8"), ("time", "<i8"), ("captured", "<u4"), ("wire", "<u4"), ("rest", "<u4"), ("first", "<u4"),
    ("count", "<u4"), ("number", "<u4"), ("source", "<u2"), ("kind", "<u2"), ("protocol", "<i4"), ("big", "u1"),
    ("marks", "u1"), ("pad", "u1", 2),
], align=True)  # fmt: skip
ITEM = np.dtype([
    ("at", "<u8"), ("ordinal", "<u8"), ("prior", "<u8"), ("length", "<u4"), ("captured", "<u4"), ("padded", "<u4"),
    ("frame", "<u4"), ("place", "<u4"), ("head", "<u4"), ("seq", "<u4"), ("pid", "<u4"), ("prior_item", "<u4"),
    ("prior_head", "<u4"), ("type", "<u2"), ("flags", "<u2"), ("direction", "u1"), ("marks", "u1"), ("pad", "u1", 2),
], align=True)  # fmt: skip
CAPTION = np.dtype([
    *((name, "<u4") for name in (
        "called", "called_size", "arrow", "arrow_size", "protocol", "protocol_size", "protocol_width", "type",
        "type_size", "type_width", "unknown", "what",
    )),
    ("attributes", "<u2"), ("place", "<u2"), ("number_type", "<u2"), ("name_type", "<u2"), ("size", "u1"),
    ("order", "u1"), ("pad", "u1", 2),
])  # fmt: skip


class Type(ctypes.Structure):
    """struct type."""

    _fields_ = [
        ("about", ctypes.c_uint32), ("rewritten", ctypes.c_uint16), ("marks", ctypes.c_uint16),
        ("verb", ctypes.c_uint8), ("known", ctypes.c_uint8), ("pad", ctypes.c_uint8 * 2),
    ]  # fmt: skip


class Scan(ctypes.Structure):
    """struct scan."""

    _fields_ = [
        ("data", ctypes.c_void_p), ("size", ctypes.c_uint64),
        *((name, ctypes.c_void_p) for name in (
            "starts", "owners", "remarks", "numbers", "sources", "captions", "frames", "items",
        )),
        *((name, ctypes.c_uint32) for name in (
            "frame_count", "item_room", "number", "frame_done", "item_count", "big_words", "fixed_order", "big",
            "ask", "a", "b", "answer", "batch", "inside", "answered",
        )),
        ("cursor", ctypes.c_uint64),
    ]  # fmt: skip


class Setting(ctypes.Structure):
    """struct setting."""

    _fields_ = [
        *((name, ctypes.c_void_p) for name in (
            "scan", "pool", "given", "sources", "times", "interfaces", "texts",
        )),
        ("texts_size", ctypes.c_uint64), ("texts_used", ctypes.c_uint64), ("messages", ctypes.c_void_p),
        ("output", ctypes.c_uint32), ("time_mode", ctypes.c_uint32), ("widths", ctypes.c_uint32 * 4),
        ("widest", ctypes.c_uint32), ("has_first", ctypes.c_uint32),
        ("first", ctypes.c_int64), ("before", ctypes.c_int64), ("present", ctypes.c_int64),
    ]  # fmt: skip


STRUCTURES = (
    *(dtype.itemsize for dtype in (SOURCE, FRAME, ITEM)), ctypes.sizeof(Type), CAPTION.itemsize, ctypes.sizeof(Scan),
    ctypes.sizeof(Setting),
)  # fmt: skip
"""Sizes of scan.h's structures as Python knows them, in the order of struct abi."""


class Answers(Protocol):
    """Tells a scanner what it asks. `item` and `frame` are the ones at hand."""

    captions: Array

    def protocol(self, protocol: int) -> int: ...

    def type(self, protocol: int, number: int) -> Type: ...

    def family(self, number: int, frame: Any) -> tuple[int, bool]: ...

    def content(self, item: Any, frame: Any) -> int: ...

    def head(self, item: Any, frame: Any, family: int) -> int: ...

    def learn_family(self, item: Any, frame: Any) -> None: ...

    def learn_name(self, item: Any, frame: Any) -> None: ...


class Scanner:
    """Goes through the windows of a capture in file order.

    frames, items   of the present batch: FRAME of the window, ITEM of the batch alone
    """

    def __init__(self, path: str, answers: Answers, order: str, fixed: bool) -> None:
        self._library = typed(open_library(path))
        self._memory = mmap.mmap(-1, MEMORY)
        self._held = (ctypes.c_uint8 * MEMORY).from_buffer(self._memory)
        self._scanner = self._library.nl_scanner(ctypes.addressof(self._held), MEMORY)
        if not self._scanner:
            raise NldissectError("the core and its caller do not fit; build it anew")
        self.answers = answers
        self.scan = Scan(big=order == ">", fixed_order=fixed)
        self.frames = np.zeros(0, FRAME)
        self.items = np.zeros(1 << 12, ITEM)

    def find_records(self, buffer: bytearray, start: int, end: int, order: str) -> tuple[MutableSequence[int], int]:
        """Return where the frames of whole records of a pcap begin, and where the first other record does."""
        found, room = np.zeros(0, np.uint64), 1 << 14
        data = (ctypes.c_uint8 * len(buffer)).from_buffer(buffer)
        at = ctypes.c_uint64(start)
        while True:
            more = np.zeros(room, np.uint64)
            count = self._library.nl_records(
                ctypes.addressof(data), ctypes.byref(at), end, order == "big", more.ctypes.data, room
            )
            found = np.concatenate([found, more[:count]])
            if count < room:
                return array("Q", found.tobytes()), at.value

    def batches(
        self,
        buffer: bytearray,
        starts: Sequence[int],
        order: str,
        numbers: Sequence[int],
        sources: Array,
        owners: Array | None,
        remarks: Array | None,
    ) -> Iterator[tuple[int, int, int]]:
        """Scan a window; give for each batch the first and the last but one of its frames, and how many items it has.

        order     of the four words before each start, "little" or "big"
        sources   SOURCE; `owners` the one of each frame, None for the first alone
        remarks   marks of each frame: uint8
        """
        scan, answers = self.scan, self.answers
        data = (ctypes.c_uint8 * len(buffer)).from_buffer(buffer)
        begins = np.array(starts, np.uint64)
        self.frames = np.zeros(len(begins), FRAME)
        given = None if isinstance(numbers, range) else np.array(numbers, np.uint32)
        scan.data, scan.size, scan.starts = ctypes.addressof(data), len(buffer), begins.ctypes.data
        scan.owners, scan.remarks, scan.numbers = (
            None if column is None else column.ctypes.data for column in (owners, remarks, given)
        )
        scan.sources, scan.frames, scan.big_words = sources.ctypes.data, self.frames.ctypes.data, order == "big"
        scan.number, scan.frame_count, scan.frame_done = numbers[0], len(begins), 0
        first = 0
        while scan.frame_done < scan.frame_count:
            scan.items, scan.item_room = self.items.ctypes.data, len(self.items)
            scan.captions = answers.captions.ctypes.data
            if self._library.nl_scan(self._scanner, ctypes.byref(scan)):
                raise NldissectError("the capture has more network namespaces than the core knows; NLDISSECT_NATIVE=0")
            if scan.ask not in (ASK_NOTHING, ASK_ROOM):
                self._answer()
                continue
            if scan.ask == ASK_ROOM and not scan.item_count:
                self.items = np.zeros(2 * len(self.items), ITEM)
                continue
            yield first, scan.frame_done, scan.item_count
            first = scan.frame_done
            scan.item_count = 0
            scan.batch += 1

    def _answer(self) -> None:
        scan, answers, library = self.scan, self.answers, self._library
        if scan.ask == ASK_PROTOCOL:
            library.nl_protocol(self._scanner, scan.a, answers.protocol(scan.a))
        elif scan.ask == ASK_TYPE:
            library.nl_type(self._scanner, scan.a, scan.b, ctypes.byref(answers.type(scan.a, scan.b)))
        else:
            self._answer_about(self.items[scan.item_count + scan.inside], self.frames[scan.frame_done])

    def _answer_about(self, item: Any, frame: Any) -> None:
        scan, answers, library = self.scan, self.answers, self._library
        if scan.ask == ASK_FAMILY:
            library.nl_family(self._scanner, scan.a, *answers.family(scan.a, frame))
        elif scan.ask == ASK_CONTENT:
            scan.answer = answers.content(item, frame)
        elif scan.ask == ASK_HEAD:
            scan.answer = answers.head(item, frame, scan.a)
            if not int(item["marks"]) & BARE:
                library.nl_head(self._scanner, scan.answer)
        elif scan.ask == TELL_FAMILY:
            answers.learn_family(item, frame)
            library.nl_forget(self._scanner)
        else:
            answers.learn_name(item, frame)


def typed(library: Any) -> Any:
    """Give the library's functions of scan.h their types; NldissectError if it does not fit."""
    if tuple(abi_of(library).sizes[-len(STRUCTURES) :]) != STRUCTURES:
        raise NldissectError("the native core does not fit this version of nldissect; build it anew")
    pointer, number = ctypes.c_void_p, ctypes.c_uint32
    library.nl_records.restype = number
    library.nl_records.argtypes = [pointer, pointer, ctypes.c_uint64, ctypes.c_int, pointer, number]
    library.nl_scanner.restype, library.nl_scanner.argtypes = pointer, [pointer, ctypes.c_size_t]
    library.nl_scan.argtypes = [pointer, ctypes.POINTER(Scan)]
    library.nl_protocol.argtypes = [pointer, number, number]
    library.nl_type.argtypes = [pointer, number, number, ctypes.POINTER(Type)]
    library.nl_family.argtypes = [pointer, number, number, number]
    library.nl_head.argtypes = [pointer, number]
    library.nl_forget.argtypes = [pointer]
    library.nl_prepare.argtypes = [pointer, number, number]
    return library
