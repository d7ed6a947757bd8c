"""Reader of a capture block by block, learning names from its frames on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from nldissect.capfile import Window, open_capture
from nldissect.capfile.link_types import netlink_window
from nldissect.capfile.records import PREFACES
from nldissect.families.answer_rules import RULES
from nldissect.wire import NETLINK
from nldissect.wire.context import POLICY

from .blocks.block import NO_TIME, Block, FrameColumns, MessageColumns, MessageHeaders
from .blocks.buffer import Array, Buffer, group_by
from .blocks.message_types import MessageTypes
from .blocks.record_chain import chain
from .blocks.scan import directions, frames_of, messages_of, told_directions
from .blocks.whole_capture import WholeCapture
from .names.family_ids import learn_families, learn_names
from .names.initial import check_reader, order_of, timeline_of
from .names.lookahead import names_ahead
from .names.timeline import END, GENL, NameTimeline
from .requests.block_tracker import BlockTracker, TrackedHeaders, content_directions

CYCLE = 25
"""Number of blocks of which the second of two parts gets one more than the first, which writes the output of both."""


WIDEST = 4 << 20
"""Most bytes read at a time."""


def part_of(number: int, parts: int) -> int:
    """Return the number of the part, of one or two, that has a block."""
    return (number % CYCLE) % 2 if parts > 1 and number % CYCLE < CYCLE - 1 else parts - 1


class BlockReader:
    """One file read by windows.

    `context` has learned the names in all blocks returned so far; `first` is the time of the first frame that has one,
    in nanoseconds since 1970, once that was read; `limit` is a size of the file at which to stop, so that several
    readers agree on the end of one that grows; `progress`, if set, is called after each block with the offset in the
    file up to which it was read.

    families   ids of generic families the user fixed
    order      the byte order the user fixed, else None
    window     bytes to read at a time; None: SIZES.window
    messages   number of messages per window: the first window shows how many bytes to read from the second one on
    names      a timeline that has the names of this file already, nothing is added to it; None: one is made by reading
    counted    positions in `names` are numbers of frames, else offsets of frames in the file
    """

    def __init__(
        self,
        path: str,
        families: dict[int, str] | None = None,
        order: str | None = None,
        window: int | None = None,
        messages: int | None = None,
        names: NameTimeline | None = None,
        counted: bool = False,
    ) -> None:
        self.path = path
        self.reader = open_capture(path, window=window)
        self.reader.use_record_chain(chain)
        check_reader(self.reader)
        self._learns, self._counted = names is None, counted
        self._before = 0  # offset of the previous block in the file
        ahead = partial(names_ahead, path, families, order)
        self.names = names or timeline_of(self.reader, families, ahead=ahead)
        self.context = self.names.context(END, order=order_of(self.reader, order))
        self.context.fixed_order = order is not None
        self.meanings = MessageTypes()
        self.first: int | None = None
        self.limit: int | None = None
        self.progress: Callable[[int], None] | None = None
        self._trimmed = False
        self._raw: Buffer | None = None
        self.whole = WholeCapture(path, families, order)
        self._count = 0
        self._messages = messages
        self._tracker = BlockTracker(RULES)

    def blocks(self, part: int = 0, parts: int = 1) -> Iterator[Block]:
        """Yield the blocks of the file so far; called again, those that were added since.

        With two parts only the blocks of one are yielded (see `part_of`); names are learned from all.
        """
        for window in self._windows():
            frames = self._frames(window)
            mine = part_of(self._count, parts) == part
            self._count += 1
            block = self._block(window, frames)
            if mine:
                yield block
            if self.progress is not None:
                self.progress(self.reader.position)

    def _windows(self) -> Iterator[Window]:
        """Yield windows with netlink frames, up to the limit."""
        for window in self.reader.windows():
            last = self._ends(window)
            window = netlink_window(window)
            if window.starts:
                yield window
            if last:
                return

    def _ends(self, window: Window) -> bool:
        """Return whether a window reaches beyond the limit; records beyond it are removed from the window."""
        if self.limit is None:
            return False
        unpack = PREFACES[window.byte_order].unpack_from
        room = self.limit - window.offset
        count = len(window.starts)
        while window.starts and window.starts[-1] + unpack(window.buffer, window.starts[-1] - 16)[2] > room:
            window.starts.pop()
        window.numbers = window.numbers[: len(window.starts)]
        if window.owners is not None:
            del window.owners[len(window.starts) :]
        self._trimmed = len(window.starts) < count
        return self._trimmed

    def _frames(self, window: Window) -> FrameColumns:
        if self._raw is None or self._raw.buffer is not window.buffer:
            self._raw = Buffer(window.buffer)
        frames = frames_of(window, self._raw, self.reader.interfaces, self.context)
        if self.first is None and (known := frames.time[frames.time != NO_TIME]).size:
            self.first = int(known[0])
        return frames

    def _block(self, window: Window, frames: FrameColumns) -> Block:
        assert self._raw is not None
        raw = self._raw
        messages = messages_of(frames, raw)
        big = frames.big_endian[messages.frame]
        at = np.where(messages.headerless, 0, messages.start)
        length, seq, pid = (raw.take("u4", at + skip, big) for skip in (0, 8, 12))
        number, flags = (raw.take("u2", at + skip, big) for skip in (4, 6))
        for column in (length, number, flags, seq, pid):
            column[messages.headerless] = 0
        positions = frames.number if self._counted else frames.start + window.offset
        told = told_directions(frames, messages)
        headers = TrackedHeaders(
            frames.protocol[messages.frame], length, number, flags, seq, pid,
            directions(frames, messages, number, flags, seq, pid), told, np.zeros(0, np.uint8), messages.frame,
        )  # fmt: skip
        headers = headers._replace(content=content_directions(raw, frames, messages, headers))
        direction = self._directions(frames, messages, int(positions[0]), headers)
        if self._learns and not self.names.lends:
            self.names.settle(self._before)
        self._before = int(positions[0])
        learnt = (
            learn_families(self.names, raw, frames, messages, number, seq, pid, direction, positions)
            if self._learns
            else []
        )
        families = partial(families_at, self.names, positions)
        meaning = self.meanings.assign(
            raw, frames, messages, number, flags, length, direction, families,
            lambda family, frame: self.names.name(POLICY, family, int(positions[frame])),
        )  # fmt: skip
        block = Block(
            raw, self.reader.interfaces, window.comments, window.offset, frames, messages,
            MessageHeaders(length, number, flags, seq, pid, direction, told, meaning),
            self.meanings.known, self.names, learnt, self.whole,
        )  # fmt: skip
        if self._learns:
            block.name_changes += learn_names(self.names, block, positions)
        if self._messages is not None:
            size = int(block.frames.end[-1] - block.frames.start[0])
            self.reader.widen(min(self._messages * size // max(len(block), 1), WIDEST))
            self._messages = None
        return block

    def _directions(self, frames: FrameColumns, messages: MessageColumns, at: int, headers: TrackedHeaders) -> Array:
        """Return the directions of the next block's messages, by headers and earlier requests: index in DIRECTIONS."""
        spaces = [interface.space for interface in self.reader.interfaces]
        numbers = {space: number for number, space in enumerate(dict.fromkeys(spaces))}
        owners = np.array([numbers[space] for space in spaces], np.int64)
        space = np.where(messages.headerless, -1, owners[frames.interface[messages.frame]])
        generic_mask = headers.protocol == NETLINK.GENERIC
        generic = np.unique(headers.type[generic_mask]).tolist() if generic_mask.any() else []
        families = {number: self.names.name(GENL, number, at) for number in generic}
        returned = {id_: name for id_, name in families.items() if name and (NETLINK.GENERIC, name) in RULES.returned}
        return self._tracker.directions(list(numbers), space, headers, returned)

    def finish(self) -> str | None:
        """Close the file; return a line of text if it ends inside a record, else None."""
        cut = None if self._trimmed else self.reader.finish()
        self.reader.close()
        return f"{self.reader.name}: {cut}" if cut else None


def families_at(names: NameTimeline, positions: Array, number: int, frames: Array) -> list[tuple[str | None, Array]]:
    """Return the names of a generic family's id in some frames of a window, and the indices of each name's frames.

    An id may pass from one family to another, and back.

    positions   positions of the window's frames in the timeline of names
    """
    begins = [at for at, _ in names.history(GENL, number)]
    found: dict[str | None, list[Array]] = {}
    for _, rows in group_by(np.searchsorted(begins, positions[frames], side="right")):
        found.setdefault(names.name(GENL, number, int(positions[frames[rows[0]]])), []).append(rows)
    return [(name, np.concatenate(rows)) for name, rows in found.items()]
