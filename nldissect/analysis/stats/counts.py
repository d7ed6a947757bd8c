"""Counts of a capture, block by block: its time span, messages by type, by family. Memory does not grow with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nldissect.columns.blocks.block import NO_TIME, Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.message_type import MessageType
from nldissect.uapi import NLMSG_MIN_TYPE
from nldissect.wire import NETLINK

LAST = np.iinfo(np.int64).max


class CountedMessages:
    """The messages of a block that count, as columns.

    mask    bool, one per message of the block: it counts; None for all
    rows    their indices in the block
    size    bytes as they were sent: nlmsg_len, or what the frame has room for if that is less
    time    of their frames, or NO_TIME
    """

    def __init__(self, block: Block, mask: Array | None = None) -> None:
        self.block = block
        self.rows = np.arange(len(block)) if mask is None else mask.nonzero()[0]
        self.all_frames = mask is None
        self.frame = block.messages.frame[self.rows]
        self.meaning = block.headers.message_type[self.rows]
        self.direction = block.headers.direction[self.rows]
        self.time = block.frames.time[self.frame]
        sent = block.frames.start + np.maximum(block.frames.wire_length, block.frames.end - block.frames.start)
        room = sent[self.frame] - block.messages.start[self.rows]
        length = block.headers.length[self.rows].astype(np.int64)
        self.size = np.where(block.messages.headerless[self.rows], room, np.minimum(length, room))

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def frames(self) -> Array:
        """Frames that hold one of the messages; where all messages count, frames without any do too."""
        return np.arange(len(self.block.frames.start)) if self.all_frames else np.unique(self.frame)


def family_name(meaning: MessageType) -> str | None:
    """Return the generic family of a message type, or its id in hex where the capture does not name it; else None."""
    if meaning.family is not None or meaning.protocol != NETLINK.GENERIC or meaning.number < NLMSG_MIN_TYPE:
        return meaning.family
    return hex(meaning.number)


@dataclass(slots=True)
class Overview:
    """The capture as a whole; times in nanoseconds since 1970.

    seen         netlink frames, also those without a message that counts
    origin       time of the first frame that has one: relative times count from there
    first, last  the earliest and the latest time; not those of the first and last frame where times go back
    backwards    frames earlier than the one before
    timeless     frames without a time
    empty        frames that hold no message
    cut          frames of which a snap length kept only a part
    big          frames whose messages are big-endian
    """

    frames: int = 0
    messages: int = 0
    bytes: int = 0
    origin: int | None = None
    first: int | None = None
    last: int | None = None
    backwards: int = 0
    timeless: int = 0
    empty: int = 0
    cut: int = 0
    big: int = 0
    seen: int = 0
    _before: int | None = None

    def add(self, chosen: CountedMessages) -> None:
        """Count the messages, and the frames that hold them."""
        block, frames = chosen.block, chosen.frames
        captured = block.frames.end[frames] - block.frames.start[frames]
        self.seen += len(block.frames.start)
        self.frames += len(frames)
        self.messages += len(chosen)
        self.bytes += int(np.maximum(block.frames.wire_length[frames], captured).sum())
        self.empty += int((block.messages.frame_count[frames] == 0).sum())
        self.cut += int((captured < block.frames.wire_length[frames]).sum())
        self.big += int(block.frames.big_endian[frames].sum())
        every = block.frames.time[block.frames.time != NO_TIME]
        if self.origin is None and len(every):
            self.origin = int(every[0])
        time = block.frames.time[frames]
        time = time[time != NO_TIME]
        self.timeless += len(frames) - len(time)
        if not len(time):
            return
        self.first, self.last = least(self.first, int(time.min())), most(self.last, int(time.max()))
        back = int((time[1:] < time[:-1]).sum())
        self.backwards += back + (self._before is not None and int(time[0]) < self._before)
        self._before = int(time[-1])

    def take(self, other: Overview) -> None:
        """Add another file; `backwards` stays the number in each file by itself."""
        self.origin, self.first = least(self.origin, other.origin), least(self.first, other.first)
        self.last = most(self.last, other.last)
        for name in ("frames", "messages", "bytes", "backwards", "timeless", "empty", "cut", "big", "seen"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def least(one: int | None, other: int | None) -> int | None:
    """Return the earlier of two times, either of which may be none."""
    return min((time for time in (one, other) if time is not None), default=None)


def most(one: int | None, other: int | None) -> int | None:
    """Return the later of two times, either of which may be none."""
    return max((time for time in (one, other) if time is not None), default=None)


TypeKey = tuple[int, str | None, str, str | None]
"""Protocol, generic family, name and direction."""
Counts = tuple[int, int, int, int]
"""Messages, bytes, earliest and latest time."""


@dataclass(frozen=True, slots=True)
class TypeRow:
    """Messages of one name and direction; `first` and `last` are the earliest and the latest time, None without any."""

    protocol: int
    family: str | None
    name: str
    direction: str | None
    messages: int
    bytes: int
    first: int | None
    last: int | None


class TypeCounts:
    """Counts of messages by protocol, name and direction."""

    def __init__(self) -> None:
        self._meanings: Sequence[MessageType] = ()
        self._counts: dict[int, Counts] = {}
        self._others: list[dict[TypeKey, Counts]] = []

    def add(self, chosen: CountedMessages) -> None:
        if not len(chosen):
            return
        self._meanings = chosen.block.message_types
        order = chosen.meaning.argsort(kind="stable")
        meaning = chosen.meaning[order]
        starts = np.concatenate(([0], (meaning[1:] != meaning[:-1]).nonzero()[0] + 1))
        time = chosen.time[order]
        columns = (
            np.diff(np.append(starts, len(meaning))),
            np.add.reduceat(chosen.size[order], starts),
            np.minimum.reduceat(np.where(time == NO_TIME, LAST, time), starts),
            np.maximum.reduceat(time, starts),
        )
        rows = zip(*(column.tolist() for column in columns), strict=True)
        for case, row in zip(meaning[starts].tolist(), rows, strict=True):
            self._counts[case] = _together(self._counts.get(case), row)

    def take(self, other: TypeCounts) -> None:
        """Add the counts of another file."""
        self._others.append(other._by_name())

    def _by_name(self) -> dict[TypeKey, Counts]:
        found: dict[TypeKey, Counts] = {}
        for case, row in self._counts.items():
            meaning = self._meanings[case]
            key = meaning.protocol, family_name(meaning), meaning.called, meaning.direction
            found[key] = _together(found.get(key), row)
        for key, row in (one for other in self._others for one in other.items()):
            found[key] = _together(found.get(key), row)
        return found

    def result(self) -> list[TypeRow]:
        """Return the rows, the most frequent first."""
        rows = [
            TypeRow(*key, messages, size, *((None, None) if last == NO_TIME else (first, last)))
            for key, (messages, size, first, last) in self._by_name().items()
        ]
        return sorted(rows, key=lambda row: (-row.messages, row.protocol, row.name, str(row.direction)))


def _together(one: Counts | None, other: Counts) -> Counts:
    if one is None:
        return other
    return one[0] + other[0], one[1] + other[1], min(one[2], other[2]), max(one[3], other[3])


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """Messages of one protocol and, in generic netlink, one family; `frames` is the number of frames that hold such."""

    protocol: int
    family: str | None
    messages: int
    bytes: int
    frames: int


class FamilyCounts:
    """Counts of messages and frames by protocol and generic family."""

    def __init__(self) -> None:
        self._keys: dict[tuple[int, str | None], int] = {}
        self._counts: list[list[int]] = []
        self._of: list[int] = []

    def add(self, chosen: CountedMessages) -> None:
        for meaning in chosen.block.message_types[len(self._of) :]:
            self._of.append(self._place((meaning.protocol, family_name(meaning))))
        if not len(chosen):
            return
        count = len(self._counts)
        family = np.array(self._of)[chosen.meaning]
        pairs = np.unique(chosen.frame.astype(np.int64) * count + family)
        columns = (
            np.bincount(family, minlength=count),
            np.bincount(family, chosen.size, minlength=count),
            np.bincount(pairs % count, minlength=count),
        )
        for place, column in enumerate(columns):
            for row, number in zip(self._counts, column.tolist(), strict=True):
                row[place] += int(number)

    def _place(self, key: tuple[int, str | None]) -> int:
        if key not in self._keys:
            self._keys[key] = len(self._counts)
            self._counts.append([0, 0, 0])
        return self._keys[key]

    def take(self, other: FamilyCounts) -> None:
        """Add the counts of another file."""
        for key, place in other._keys.items():
            row = self._counts[self._place(key)]
            row[:] = [one + more for one, more in zip(row, other._counts[place], strict=True)]

    def result(self) -> list[FamilyRow]:
        """Return the rows that have messages, the most frequent first."""
        rows = [FamilyRow(*key, *self._counts[place]) for key, place in self._keys.items()]
        shown = [row for row in rows if row.messages]
        return sorted(shown, key=lambda row: (-row.messages, row.protocol, row.family or ""))
