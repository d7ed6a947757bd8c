"""A scanner: it cuts the frames of a window into messages and finds the type of each, as declared in scan.h."""

from __future__ import annotations

import ctypes
import mmap
from array import array
from collections.abc import Iterable, Iterator, MutableSequence, Sequence
from struct import Struct as Codec
from typing import Any, NamedTuple, Protocol

from nldissect.errors import NldissectError

from .abi import abi_of
from .cells import SIZES as CELL_SIZES
from .loader import address, fields, open_library
from .selector import SIZES

ITEMS, RECORDS, FRAMES = 1 << 14, 1 << 14, 1 << 8
"""Messages of a batch, unless one frame has more; records found at a time; frames of a window at first."""
MEMORY = 16 << 20
"""Bytes of a scanner's memory at first: its answers, and requests of some hundred network namespaces. Pages are
allocated on use.
"""
(
    ASK_NOTHING, ASK_ROOM, ASK_PROTOCOL, ASK_TYPE, ASK_FAMILY, ASK_CONTENT, ASK_HEAD, TELL_FAMILY, TELL_NAMES,
    ASK_SPACES,
) = range(10)  # fmt: skip
NO_TIME, REMARKED, HIDDEN, HEADING = 1, 2, 4, 8
"""enum frame_mark."""
TOLD, BARE, WHOLE, LAST, NOISY, REST, UNWANTED = 1, 2, 4, 8, 16, 32, 64
"""enum item_mark."""
HEADED, DATAGRAM, KEYED_PROTOCOL = 2, 4, 8
"""enum protocol_mark."""
BY_FIRST, BY_SIZE, PORT_ONLY, REPEATED, RETURNED, LISTED, CHANGES, CONTENT = (1 << bit for bit in range(8))
"""enum type_mark."""
IN_ATTRIBUTE, LONGER, NEGATIVE, ASKS = 1, 2, 4, 8
"""enum plan_mark."""
NAME_GIVEN, ELSEWHERE = 1, 2
"""enum told_mark."""
TOLD_ROOM = 1 << 10
"""Names that are handed over at a time."""


class SourceStruct(ctypes.Structure):
    """struct source."""

    _fields_ = [
        ("ticks", ctypes.c_uint64), ("high", ctypes.c_uint64), ("offset", ctypes.c_int64),
        *fields("space decimals", "I"),
    ]  # fmt: skip


class FrameStruct(ctypes.Structure):
    """struct frame."""

    _fields_ = [
        ("at", ctypes.c_uint64), ("time", ctypes.c_int64), *fields("captured wire rest first count number", "I"),
        *fields("source kind", "H"), ("protocol", ctypes.c_int32), *fields("big marks pad", "B"),
    ]  # fmt: skip


class ItemStruct(ctypes.Structure):
    """struct item."""

    _fields_ = [
        *fields("at ordinal prior", "Q"),
        *fields("length captured padded frame place head seq pid prior_item prior_head prior_frame", "I"),
        *fields("type flags", "H"), *fields("direction marks", "B"),
    ]  # fmt: skip


class CaptionStruct(ctypes.Structure):
    """struct caption, the plan in it included."""

    _fields_ = [
        *fields("called called_size arrow arrow_size protocol protocol_size protocol_width type type_size", "I"),
        *fields("type_width unknown what", "I"),
        *fields("attributes place number_type name_type elsewhere_type", "H"), *fields("size order plan_marks", "B"),
    ]  # fmt: skip


Told = tuple[int, int, int, int, int, int, int, int, int, int]
"""A name that a message gives to a number, as struct told: offsets of its frame and of the message, the number, offset
and size of the name, head, source, flags, marks, byte order.
"""
TOLD_CODEC = Codec("=QQqQ2I2H2B2x")
"""Layout of struct told."""


class TypeStruct(ctypes.Structure):
    """struct type."""

    _fields_ = [
        ("about", ctypes.c_uint32), ("rewritten", ctypes.c_uint16), ("marks", ctypes.c_uint16),
        ("verb", ctypes.c_uint8), ("pad", ctypes.c_uint8 * 3),
    ]  # fmt: skip


class ScanStruct(ctypes.Structure):
    """struct scan."""

    _fields_ = [
        ("data", ctypes.c_void_p), ("size", ctypes.c_uint64),
        *((name, ctypes.c_void_p) for name in (
            "starts", "owners", "remarks", "numbers", "sources", "captions", "frames", "items", "told",
        )),
        *((name, ctypes.c_uint32) for name in (
            "told_count", "told_room", "asks", "frame_count", "item_room",
            "number", "frame_done", "item_count", "big_words", "fixed_order", "big",
            "ask", "a", "b", "answer", "batch", "inside", "answered",
        )),
        ("cursor", ctypes.c_uint64),
    ]  # fmt: skip


class SettingStruct(ctypes.Structure):
    """struct setting."""

    _fields_ = [
        *((name, ctypes.c_void_p) for name in (
            "scan", "pool", "given", "sources", "times", "processes", "interfaces", "texts",
        )),
        ("texts_size", ctypes.c_uint64), ("texts_used", ctypes.c_uint64), ("messages", ctypes.c_void_p),
        ("output", ctypes.c_uint32), ("time_mode", ctypes.c_uint32), ("widths", ctypes.c_uint32 * 4),
        ("widest", ctypes.c_uint32), ("has_first", ctypes.c_uint32),
        *fields("first before present", "q"), ("named", ctypes.c_void_p), ("names", ctypes.c_void_p),
        *fields("zone zone_from zone_to asked", "q"), *fields("asks met", "I"),
    ]  # fmt: skip


KEPT = Codec("=2Q3Ii2HB3x")
"""struct kept."""
STRUCTURES = (
    *map(ctypes.sizeof, (SourceStruct, FrameStruct, ItemStruct, TypeStruct, CaptionStruct, ScanStruct, SettingStruct)),
    TOLD_CODEC.size, KEPT.size, *SIZES,
    *CELL_SIZES,
)  # fmt: skip
"""Sizes of scan.h's structures as Python knows them, in the order of struct abi."""


class WindowFrames(NamedTuple):
    """The frames of a window, as input of a scanner.

    starts    offset of each in `buffer`; the four words before it are in byte order `order`, see capfile.records.Window
    numbers   of the frames in the file
    sources   an array of SourceStruct; `owners` the number of each frame's, "H", None for the first alone
    remarks   marks of each frame, "B"; None if there are none
    """

    buffer: bytearray
    starts: Sequence[int]
    order: str
    numbers: Sequence[int]
    sources: Any
    owners: array[int] | None
    remarks: array[int] | None


class ScanAnswers(Protocol):
    """The answers to a scanner's questions. `item` and `frame` are the current ones.

    `learn_family` returns whether a new fact is known.
    """

    @property
    def captions(self) -> Any: ...

    def protocol(self, protocol: int) -> int: ...

    def type(self, protocol: int, number: int) -> TypeStruct: ...

    def family(self, number: int, frame: Any) -> tuple[int, bool]: ...

    def content(self, item: Any, frame: Any) -> int: ...

    def head(self, item: Any, frame: Any, family: int) -> int: ...

    def learn_family(self, item: Any, frame: Any) -> bool: ...

    def learn_names(self, told: Iterable[Told]) -> None: ...


class Scanner:
    """A scanner of the windows of a capture in file order.

    order, fixed    byte order of the first message; it holds for all
    asks            names that requests may give are handed over, too
    frames, items   of the present batch: FrameStruct of the window, ItemStruct of the batch alone
    """

    def __init__(self, path: str, answers: ScanAnswers, order: str, fixed: bool, asks: bool = False) -> None:
        self._library = typed(open_library(path))
        self._memory = _memory(MEMORY)
        self._scanner = self._library.nl_scanner(address(self._memory), MEMORY)
        if not self._scanner:
            raise NldissectError("the native core does not fit this version of nldissect; build it anew")
        self.answers = answers
        self.scan = ScanStruct(big=order == ">", fixed_order=fixed, asks=asks)
        self.frames = (FrameStruct * FRAMES)()
        self.items = _items(ITEMS)
        self._starts, self._kept = array("Q", bytes(8 * RECORDS)), bytearray()
        self._told = bytearray(TOLD_ROOM * TOLD_CODEC.size)
        self.scan.told, self.scan.told_room = address(self._told), TOLD_ROOM

    def share(self, other: Scanner) -> None:
        """Copy another scanner's answers on protocols, types and classes; both have the same numbers of heads."""
        self._library.nl_share(self._scanner, other._scanner)

    def tell_names(self, wanted: bool) -> None:
        """Hand over names, or not, from the next window on."""
        self.scan.told_room = TOLD_ROOM if wanted else 0

    def find_records(self, buffer: bytearray, start: int, end: int, order: str) -> tuple[MutableSequence[int], int]:
        """Return the offsets of the frames of whole records of a pcap, and the offset of the first other record."""
        found, room = array("Q"), self._starts
        at = ctypes.c_uint64(start)
        while True:
            count = self._library.nl_records(
                address(buffer), ctypes.byref(at), end, order == "big", address(room), RECORDS
            )
            found += room[:count]
            if count < RECORDS:
                return found, at.value

    def batches(self, window: WindowFrames) -> Iterator[tuple[int, int, int]]:
        """Scan a window; yield for each batch its first frame, the first after it, and the number of its items.

        Raises NldissectError if a record lies outside of the window.
        """
        scan, answers = self.scan, self.answers
        starts = array("Q", window.starts)
        numbers = None if isinstance(window.numbers, range) else array("I", window.numbers)
        if len(self.frames) < len(starts):
            self.frames = (FrameStruct * (2 * len(starts)))()
        scan.data, scan.size, scan.starts = address(window.buffer), len(window.buffer), address(starts)
        scan.owners, scan.remarks, scan.numbers = (
            None if column is None else address(column) for column in (window.owners, window.remarks, numbers)
        )
        scan.sources, scan.frames = ctypes.addressof(window.sources), ctypes.addressof(self.frames)
        scan.number, scan.frame_count, scan.frame_done = window.numbers[0], len(starts), 0
        scan.big_words = window.order == "big"
        first = 0
        while scan.frame_done < scan.frame_count:
            scan.items, scan.item_room = ctypes.addressof(self.items), len(self.items)
            scan.captions = ctypes.addressof(answers.captions)
            if self._library.nl_scan(self._scanner, ctypes.byref(scan)):
                raise NldissectError("a record lies outside of its window")
            if scan.ask not in (ASK_NOTHING, ASK_ROOM):
                self._answer()
                continue
            if scan.ask == ASK_ROOM and not scan.item_count:
                self.items = _items(2 * len(self.items))
                continue
            self._tell_names()
            yield first, scan.frame_done, scan.item_count
            first = scan.frame_done
            scan.item_count = 0
            scan.batch += 1

    def requests(self, count: int, most: int) -> tuple[int, bytes]:
        """Copy at most `most` latest requests among the first `count` items of the batch; return their number.

        The second result is the copy, an array of struct kept.
        """
        while True:
            room, size = self._kept, ctypes.c_uint64(len(self._kept))
            found = self._library.nl_keep(ctypes.byref(self.scan), count, most, address(room), ctypes.byref(size))
            if size.value <= len(room):
                return found, bytes(memoryview(room)[: size.value])
            self._kept = bytearray(2 * size.value)

    def _answer(self) -> None:
        scan, answers, library = self.scan, self.answers, self._library
        if scan.ask == ASK_PROTOCOL:
            library.nl_protocol(self._scanner, scan.a, answers.protocol(scan.a))
        elif scan.ask == ASK_TYPE:
            library.nl_type(self._scanner, scan.a, scan.b, ctypes.byref(answers.type(scan.a, scan.b)))
        elif scan.ask == ASK_SPACES:
            self._enlarge()
        elif scan.ask == TELL_NAMES:
            self._tell_names()
        else:
            self._answer_about(self.items[scan.item_count + scan.inside], self.frames[scan.frame_done])

    def _enlarge(self) -> None:
        """Move to twice the memory; pages that were never used stay unused."""
        before, self._memory = self._memory, _memory(2 * len(self._memory))
        unused = bytes(mmap.PAGESIZE)
        for at in range(0, len(before), mmap.PAGESIZE):
            page = before[at : at + mmap.PAGESIZE]
            if page != unused:
                self._memory[at : at + mmap.PAGESIZE] = page
        self._scanner = self._library.nl_scanner(address(self._memory), len(self._memory))

    def _answer_about(self, item: Any, frame: Any) -> None:
        scan, answers, library = self.scan, self.answers, self._library
        if scan.ask == ASK_FAMILY:
            library.nl_family(self._scanner, scan.a, *answers.family(scan.a, frame))
        elif scan.ask == ASK_CONTENT:
            scan.answer = answers.content(item, frame)
        elif scan.ask == ASK_HEAD:
            scan.answer = answers.head(item, frame, scan.a)
            if not item.marks & BARE:
                library.nl_head(self._scanner, scan.answer)
        elif answers.learn_family(item, frame):
            library.nl_forget(self._scanner)

    def _tell_names(self) -> None:
        self.answers.learn_names(TOLD_CODEC.iter_unpack(self._told[: self.scan.told_count * TOLD_CODEC.size]))
        self.scan.told_count = 0


def _memory(size: int) -> mmap.mmap:
    return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)


def _items(count: int) -> Any:
    """Return an array of items; its pages are allocated on use."""
    return (ItemStruct * count).from_buffer(mmap.mmap(-1, count * ctypes.sizeof(ItemStruct)))


def typed(library: Any) -> Any:
    """Give the library's functions of scan.h their types; NldissectError if it does not fit."""
    if tuple(abi_of(library).sizes[-len(STRUCTURES) :]) != STRUCTURES:
        raise NldissectError("the native core does not fit this version of nldissect; build it anew")
    pointer, number = ctypes.c_void_p, ctypes.c_uint32
    library.nl_records.restype = number
    library.nl_records.argtypes = [pointer, pointer, ctypes.c_uint64, ctypes.c_int, pointer, number]
    library.nl_scanner.restype, library.nl_scanner.argtypes = pointer, [pointer, ctypes.c_size_t]
    library.nl_share.argtypes = [pointer, pointer]
    library.nl_scan.argtypes = [pointer, ctypes.POINTER(ScanStruct)]
    library.nl_protocol.argtypes = [pointer, number, number]
    library.nl_type.argtypes = [pointer, number, number, ctypes.POINTER(TypeStruct)]
    library.nl_family.argtypes = [pointer, number, number, number]
    library.nl_head.argtypes = [pointer, number]
    library.nl_forget.argtypes = [pointer]
    library.nl_keep.restype, library.nl_keep.argtypes = number, [pointer, number, number, pointer, pointer]
    library.nl_prepare.argtypes = [pointer, number, number]
    return library
