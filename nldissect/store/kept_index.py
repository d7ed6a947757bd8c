"""Kept index: columns kept of a capture's frames and messages, without their bytes; at most 64 bytes a message."""

from __future__ import annotations

from mmap import mmap
from typing import Any

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.requests.prior_requests import NO_REQUEST, PriorRequests
from nldissect.wire import Kind
from nldissect.wire.attr_set import TableVersion
from nldissect.wire.packets.message import Message
from nldissect.wire.selectors import fixed_prefix, is_plain_number

FRAMES: dict[str, type] = {
    "at": np.int64, "time": np.int64, "captured": np.uint32, "wire": np.uint32, "number": np.uint32,
    "interface": np.uint16, "marks": np.uint8,
}  # fmt: skip
"""at: offset of the frame in the (unpacked) file; number: as the file counts records."""
MESSAGES: dict[str, type] = {
    "frame": np.uint32, "at": np.uint32, "length": np.uint32, "flags": np.uint16, "seq": np.uint32, "pid": np.uint32,
    "meaning": np.uint16, "ifindex": np.int32, "request": np.uint16,
}  # fmt: skip
"""frame: index of its frame; at: offset from its frame's first byte; request: number of frames from the one with the
request that it acknowledges to its own, as the file counts, 0 for none."""
BIG, TRAILING, OWN, LOSS = 1, 2, 4, 8
"""Marks of a frame: its messages are big-endian; bytes are left after the last message, or it holds none; the capture
itself sent it, or it answers such a frame; something was lost before it."""
WIDE = 1 << 16

Table = dict[str, Array]


def frames_of(block: Block) -> Table:
    """Return the table of a block's frames."""
    trailing = (block.messages.frame_end < block.frames.end) | (block.messages.frame_count == 0)
    return _narrowed(
        FRAMES,
        at=block.frames.start + block.offset,
        time=block.frames.time,
        captured=block.frames.end - block.frames.start,
        wire=block.frames.wire_length,
        number=block.frames.number,
        interface=block.frames.interface,
        marks=block.frames.big_endian * BIG
        | trailing * TRAILING
        | block.own_frames() * OWN
        | block.loss_frames() * LOSS,
    )


def messages_of(block: Block, frames_before: int, priors: PriorRequests) -> Table:
    """Return the table of a block's messages; `priors` has those of the block."""
    made = _narrowed(
        MESSAGES,
        frame=block.messages.frame + frames_before,
        at=block.messages.start - block.frames.start[block.messages.frame],
        length=block.headers.length,
        flags=block.headers.flags,
        seq=block.headers.seq,
        pid=block.headers.pid,
        meaning=block.headers.message_type,
        ifindex=_interfaces(block),
        request=_requests(block, priors),
    )
    if len(block.message_types) > WIDE:
        made["meaning"] = block.headers.message_type.astype(np.uint32)
    return made


def _narrowed(types: dict[str, type], **columns: Array) -> Table:
    return {name: columns[name].astype(kept) for name, kept in types.items()}


def joined(tables: list[Table]) -> Table:
    """Return one table with the rows of all."""
    return {name: np.concatenate([one[name] for one in tables]) for name in tables[0]}


def empty(types: dict[str, type]) -> Table:
    """Return a table without rows."""
    return {name: np.zeros(0, kept) for name, kept in types.items()}


class GrowableTable:
    """A table that grows at its end; tables returned before do not change."""

    def __init__(self, types: dict[str, type]) -> None:
        self._columns = empty(types)
        self._count = 0
        self._gone = 0

    def release(self, count: int) -> None:
        """Release the first rows: they are zeros from the next growth on, and take no memory."""
        self._gone = count

    def add(self, table: Table) -> Table:
        """Append rows; return the whole table."""
        first, self._count = self._count, self._count + len(next(iter(table.values())))
        for name, new in table.items():
            kept = self._columns[name]
            if self._count > len(kept) or new.dtype.itemsize > kept.dtype.itemsize:
                room = self._count + (self._count - self._gone) // 4 if first else self._count
                larger = _zeros(room, np.promote_types(kept.dtype, new.dtype))
                larger[self._gone : first] = kept[self._gone : first]
                kept = self._columns[name] = larger
            kept[first : self._count] = new
        return {name: column[: self._count] for name, column in self._columns.items()}


def _zeros(count: int, kind: np.dtype[Any]) -> Array:
    """Return zeros that take memory only where they are written to; np.zeros may reuse memory written before."""
    return np.frombuffer(mmap(-1, max(count * kind.itemsize, 1)), kind, count)


def taken(table: Table, order: Array) -> Table:
    """Return the rows of a table in another order."""
    return {name: column[order] for name, column in table.items()}


def _requests(block: Block, priors: PriorRequests) -> Array:
    """Return the number of frames back to the request that each message acknowledges; 0 for none, or too far."""
    found = np.zeros(len(block), np.uint16)
    rows = (priors.requests != NO_REQUEST).nonzero()[0]
    back = block.frames.number[block.messages.frame[rows]] - np.array(priors.frames(rows), np.int64)
    found[rows] = np.where(back < WIDE, back, 0)
    return found


def _interfaces(block: Block) -> Array:
    """Return the first interface index of each message's fixed header; 0 where there is none."""
    found = np.zeros(len(block), np.int64)
    big = block.frames.big_endian[block.messages.frame]
    for meaning, mine in block.by_message_type():
        place = _place_of_interface(meaning.message) if meaning.message is not None else None
        if place is None:
            continue
        at = block.messages.start[mine] + meaning.skip + place
        there = at + 4 <= block.messages.end[mine]
        some = mine[there]
        found[some] = block.buffer.take("i4", at[there], big[some])
    return found


def _place_of_interface(message: type[Message]) -> int | None:
    for kind, start, end in fixed_prefix(message, "<", TableVersion.version)[1]:
        if end - start == 4 and _refers(kind):
            return start
    return None


def _refers(kind: Kind) -> bool:
    return is_plain_number(kind) and getattr(kind, "refers", None) == "interface"
