"""Filter of the block engine on the batches of a scanner: each becomes a block, of which the filter selects items."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from nldissect.capfile import Interface
from nldissect.columns.blocks.block import NO_TIME, Block, FrameColumns, MessageColumns, MessageHeaders
from nldissect.columns.blocks.buffer import Array, Buffer
from nldissect.columns.blocks.message_type import MessageType
from nldissect.columns.blocks.message_types import MessageTypes
from nldissect.columns.blocks.scan import times_of
from nldissect.columns.blocks.whole_capture import WholeCapture
from nldissect.columns.names.timeline import NameTimeline
from nldissect.filters.vector_evaluator import VectorFilter
from nldissect.native import scanner
from nldissect.native.scanner import FrameStruct, ItemStruct, Scanner
from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR

from ..refusal_choice import asks_errors
from .classifier import Classifier
from .scan_windows import ScanWindow

if TYPE_CHECKING:
    from nldissect.filters import Filter

    from . import heads

FRAME, ITEM = np.dtype(FrameStruct), np.dtype(ItemStruct)
NOT_WHOLE = np.uint8(0xFF & ~scanner.WHOLE)


class BlockSelection:
    """The selection of one capture's messages by a filter, batch by batch.

    Items that are not to be shown are marked (UNWANTED), and frames of which nothing is (HIDDEN).

    limit    most frames to select, or None
    explain  refusals are explained where the filter asks for errors: they are left to the message engine
    met      number of frames selected so far
    first    time of the first frame that has one, in nanoseconds since 1970, once that was read
    """

    def __init__(
        self,
        wanted: Filter,
        finder: Scanner,
        classifier: Classifier,
        interfaces: list[Interface],
        whole: WholeCapture,
        limit: int | None,
        explain: bool,
    ) -> None:
        self.explains = explain and asks_errors(one.name for one in wanted.fields)
        self.met = 0
        self.first: int | None = None
        self._columns = VectorFilter(wanted.tree)
        self._finder, self._classifier, self._interfaces = finder, classifier, interfaces
        self._names: NameTimeline = classifier.names
        self._whole, self._limit = whole, limit
        self._meanings = MessageTypes()
        self._meaning_of: Array = np.zeros(0, np.int32)
        self._heads = 0
        self._raw: Buffer | None = None

    def observe(self, head: int, about: heads.DescribedType, flags: int) -> None:
        """Ignore a head; the message type of a head is looked up when a message has it."""

    def choose(self, sight: ScanWindow, first: int, stop: int, count: int) -> int:
        """Mark the items and frames of a batch that are not to be shown; return the number of items to look at.

        first, stop   the frames of the batch, by their places in the window
        count         number of its items
        """
        frames = np.frombuffer(memoryview(self._finder.frames), FRAME)[first:stop]
        items = np.frombuffer(memoryview(self._finder.items), ITEM)[:count]
        rows = (items["place"] > 0).nonzero()[0]
        block = self._block(sight, first, stop, frames, items[rows])
        if self.first is None and (known := block.frames.time[block.frames.time != NO_TIME]).size:
            self.first = int(known[0])
        chosen_mask = np.zeros(count, bool)
        chosen_mask[rows] = self._columns.mask(block, self.first)
        chosen_mask[frames["first"][self._columns.frames(block, self.first)]] = True
        owners = items["frame"] - np.uint32(first)
        if sight.frames.remarks is not None:
            marks = frames["marks"][owners]
            chosen_mask &= marks & scanner.HIDDEN == 0
            chosen_mask &= (marks & scanner.HEADING == 0) | (items["place"] <= 1)
        items["marks"][~chosen_mask] |= np.uint8(scanner.UNWANTED)
        hidden_mask = np.ones(len(frames), bool)
        hidden_mask[owners[chosen_mask]] = False
        frames["marks"][hidden_mask] |= np.uint8(scanner.HIDDEN)
        if self.explains:
            refusal_mask = chosen_mask & ((items["type"] == NLMSG_ERROR) | (items["type"] == NLMSG_DONE))
            items["marks"][refusal_mask] &= NOT_WHOLE
        return self._limited(chosen_mask.nonzero()[0], owners, count)

    def _limited(self, chosen_rows: Array, owners: Array, count: int) -> int:
        """Count the frames of selected items; return the number of items before the first frame beyond the limit."""
        owner = owners[chosen_rows]
        begins = np.ones(len(owner), bool)
        begins[1:] = owner[1:] != owner[:-1]
        starts = chosen_rows[begins]
        room = len(starts) if self._limit is None else self._limit - self.met
        self.met += min(len(starts), room)
        return int(starts[room]) if room < len(starts) else count

    def _block(self, sight: ScanWindow, first: int, stop: int, frames: Array, items: Array) -> Block:
        """Return the frames and messages of a batch as a block."""
        window = sight.window
        if self._raw is None or self._raw.buffer is not window.buffer:
            self._raw = Buffer(window.buffer)
        at, start = items["at"].astype(np.int64), frames["at"].astype(np.int64)
        counts = frames["count"].astype(np.int64)
        return Block(
            buffer=self._raw,
            interfaces=self._interfaces,
            comments=window.comments,
            offset=window.offset,
            frames=FrameColumns(
                start=start,
                end=start + frames["captured"],
                wire_length=frames["wire"].astype(np.int64),
                number=frames["number"].astype(np.int64),
                time=self._times(sight, frames)[first:stop] if not sight.timed else _known_times(frames),
                interface=frames["source"].copy(),
                protocol=frames["protocol"].copy(),
                packet_type=frames["kind"].copy(),
                big_endian=frames["big"] != 0,
            ),
            messages=MessageColumns(
                frame=items["frame"].astype(np.int64) - first,
                number=items["place"].astype(np.int64),
                start=at,
                end=at + items["captured"],
                padded_end=at + items["padded"],
                headerless=items["marks"] & scanner.BARE != 0,
                frame_end=start + frames["rest"],
                frame_first=np.cumsum(counts) - counts,
                frame_count=counts,
            ),
            headers=MessageHeaders(
                length=items["length"].copy(),
                type=items["type"].copy(),
                flags=items["flags"].copy(),
                seq=items["seq"].copy(),
                pid=items["pid"].copy(),
                direction=items["direction"].copy(),
                direction_known=items["marks"] & scanner.TOLD != 0,
                message_type=self._meaning(items["head"]),
            ),
            message_types=self._meanings.known,
            names=self._names,
            whole=self._whole,
        )

    def _times(self, sight: ScanWindow, frames: Array) -> Array:
        """Return the times of all frames of a window (int64, nanoseconds), where a scanner can't make them."""
        window = sight.window
        assert self._raw is not None
        words = self._raw.words("<u4" if window.byte_order == "little" else ">u4")
        at = np.array(window.starts, np.int64)
        owned = sight.frames.owners
        owners = np.zeros(len(at), np.uint16) if owned is None else np.frombuffer(owned, np.uint16)
        return times_of(window, words[at - 16], words[at - 12], owners, self._interfaces)

    def _meaning(self, heads: Array) -> Array:
        """Return the message types of messages with these heads: int32, indexes into the block's `meanings`."""
        known = self._classifier.meanings
        for head, meaning in islice(known.items(), self._heads, None):
            if head >= len(self._meaning_of):
                more = np.zeros(max(2 * head, 1 << 10), np.int32)
                more[: len(self._meaning_of)] = self._meaning_of
                self._meaning_of = more
            self._meaning_of[head] = self._meanings.number(_classed(meaning))
        self._heads = len(known)
        found: Array = self._meaning_of[heads]
        return found


def _classed(about: heads.DescribedType) -> MessageType:
    """Return a message type with the class itself in place of the class's description."""
    return about._replace(message=None if about.message is None else about.message.message)  # type: ignore[arg-type, return-value]


def _known_times(frames: Array) -> Array:
    """Return the times of frames (int64, nanoseconds since 1970), NO_TIME where there is none."""
    found: Array = np.where(frames["marks"] & scanner.NO_TIME != 0, NO_TIME, frames["time"])
    return found
