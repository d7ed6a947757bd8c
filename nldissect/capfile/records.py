"""Records, the interfaces they came from, and windows full of records: the form in which every capture file is read."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, MutableSequence, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from .comments import format_comment, losses, parse_comments

ByteOrder = Literal["little", "big"]

SECOND = 1_000_000_000
OWN = format_comment("own")
"""The comment of a frame that the capture itself sent, or that answers such a frame."""
NAMED = "/run/netns/"
"""Folder of the names of network namespaces (ip-netns(8))."""
ORDERS: dict[ByteOrder, str] = {"little": "<", "big": ">"}
PREFACES = {order: struct.Struct(f"{sign}IIII") for order, sign in ORDERS.items()}


@dataclass(slots=True)
class DescribedNamespaces:
    """Network namespaces that a file describes before its first frame.

    keys     see Interface.space
    widest   length of the longest of their names
    """

    keys: set[str] = field(default_factory=set)
    widest: int = 0

    def add(self, interface: Interface) -> None:
        """Add the namespace of an interface, if the file tells it."""
        if interface.space:
            self.keys.add(interface.space)
            self.widest = max(self.widest, len(interface.netns or ""))


@dataclass(frozen=True, slots=True)
class Interface:
    """One source of records. A time stamp is `first word * high + second word`, in ticks after `offset` seconds.

    comments   on its block, and on its statistics blocks read so far
    spaces     those of the file that has it
    """

    linktype: int
    snaplen: int
    decimals: int
    name: str | None
    byte_order: ByteOrder
    ticks: int = 1_000_000
    high: int = 1_000_000
    offset: int = 0
    description: str | None = None
    filter: str | None = None
    comments: list[str] = field(default_factory=list, compare=False)
    spaces: DescribedNamespaces = field(default_factory=DescribedNamespaces, compare=False)

    @property
    def space(self) -> str:
        """Key of the network namespace in which it listens: its inode, else its name; "" if the file has neither."""
        if not self.comments:
            return ""
        return next((words[-1] for words in parse_comments(self.comments, "netns") if words), "")

    @property
    def space_or_name(self) -> str | None:
        """Key of the network namespace in which it listens; its own name if the file does not tell."""
        return self.space or self.name

    @property
    def netns(self) -> str | None:
        """Network namespace in which it listens: its name, else its inode number; None if the file tells neither."""
        for name, *numbers in parse_comments(self.comments, "netns"):
            return name.removeprefix(NAMED) if name != "-" else numbers[0] if numbers else None
        return None

    @property
    def shown_netns(self) -> str | None:
        """Its network namespace if the file tells of further ones; else None.

        Of namespaces that a file describes only after its first frame, those interfaces know that are in them.
        """
        own = self.space
        return self.netns if own and len(self.spaces.keys) > (own in self.spaces.keys) else None

    def is_in(self, netns: str) -> bool:
        """Return whether it listens in the network namespace of this name or inode number."""
        return bool(netns) and netns in (self.netns, self.space)

    def time(self, first: int, second: int) -> int:
        """Return the nanoseconds since 1970 of a time stamp's two words; finer fractions are dropped."""
        return (first * self.high + second) * SECOND // self.ticks + self.offset * SECOND


class Record(NamedTuple):
    """One captured frame: `number` counts from 1, `time` is in nanoseconds since 1970."""

    number: int
    time: int | None
    data: bytes
    wire_length: int
    interface: Interface
    comments: tuple[str, ...] = ()

    @property
    def own(self) -> bool:
        """True if the capture itself sent the frame, or the frame answers such a frame."""
        return OWN in self.comments

    @property
    def hidden(self) -> bool:
        """True if the frame is shown on request only."""
        return is_hidden(self.comments)

    @property
    def time_text(self) -> str | None:
        """Time of the record with the file's own decimals: `1763930784.636504`."""
        return None if self.time is None else time_text(self.time, self.interface.decimals)


def is_hidden(comments: Iterable[str]) -> bool:
    """Return whether a frame with such comments is shown on request only: it is own, and nothing was lost before it."""
    told = tuple(comments)
    return OWN in told and not any(losses(told))


def time_text(time: int, decimals: int) -> str:
    """Return nanoseconds as seconds with `decimals` decimals; nothing is rounded up."""
    if time < 0:
        return "-" + time_text(-time, decimals)
    seconds, rest = divmod(time, SECOND)
    return f"{seconds}.{rest:09d}"[: -(9 - decimals) or None] if decimals else str(seconds)


@dataclass(slots=True)
class Window:
    """Whole records in the reader's buffer, for readers that need no object for each record.

    `starts` has the offset in the buffer of each frame's bytes. The 16 bytes before each start are four words in
    `byte_order`, whatever the file's format: two of the time (see Interface), captured length, length on the wire.
    The buffer is the reader's own: it is valid until the next window is read, and has SPARE bytes after the last one.
    """

    buffer: bytearray
    starts: MutableSequence[int]
    byte_order: ByteOrder
    interface: Interface
    owners: list[Interface] | None = None  # the interface of each record, where they are not all one
    comments: dict[int, tuple[str, ...]] = field(default_factory=dict)  # by start
    timeless: set[int] = field(default_factory=set)  # starts of records that carry no time
    numbers: Sequence[int] = ()
    offset: int = 0  # of the buffer's first byte in the (unpacked) file

    def records(self) -> Iterator[Record]:
        """Yield the records as objects of their own."""
        view = memoryview(self.buffer)
        words = PREFACES[self.byte_order].unpack_from
        if self.owners is not None or self.comments or self.timeless:
            for index, (number, at) in enumerate(zip(self.numbers, self.starts, strict=True)):
                interface = self.interface if self.owners is None else self.owners[index]
                first, second, captured, wire = words(view, at - 16)
                time = None if at in self.timeless else interface.time(first, second)
                data = bytes(view[at : at + captured])
                yield Record(number, time, data, wire, interface, self.comments.get(at, ()))
            return
        interface, high, none = self.interface, self.interface.high, ()
        scale, odd = divmod(SECOND, interface.ticks)
        make: Callable[..., Record] = tuple.__new__
        shift = interface.offset * SECOND
        if odd:
            scale = 0
        for number, at in zip(self.numbers, self.starts, strict=True):
            first, second, captured, wire = words(view, at - 16)
            time = (first * high + second) * scale + shift if scale else interface.time(first, second)
            yield make(Record, (number, time, bytes(view[at : at + captured]), wire, interface, none))
