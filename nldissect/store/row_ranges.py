"""Row ranges: any run of frames of a kept capture as a block again, without reading the file before it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from nldissect.capfile import LINUX_SLL2, Interface
from nldissect.capfile.link_types import shorten
from nldissect.capfile.reader import SPARE
from nldissect.columns.blocks.block import Block, FrameColumns, MessageColumns, MessageHeaders
from nldissect.columns.blocks.buffer import Array, Buffer
from nldissect.columns.blocks.message_type import DIRECTIONS
from nldissect.sizes import SIZES
from nldissect.uapi import SLL_HDR_LEN, nlmsg_align
from nldissect.wire.protocol import KNOWN_DIRECTIONS

from .capture import Capture
from .capture_file import CaptureFile
from .kept_index import BIG
from .segmented import SegmentedCapture


class RowRange(NamedTuple):
    """The messages of one row range: from `start` to before `stop`; of a merged capture those of one file."""

    start: int
    stop: int
    file: int | None = None


class RangeReader:
    """Row ranges of a capture: each holds the frames that begin within SIZES.row_range bytes of one file.

    Ranges follow one another; those of a merged capture's files overlap. The last one grows with the file. A block is
    valid until the next one is read; only one thread may read blocks.
    """

    def __init__(self, capture: Capture) -> None:
        self._capture = capture
        self._raw = Buffer(bytearray(SIZES.row_range + (SIZES.row_range >> 2)))
        self._apart: tuple[int, list[tuple[Array, Array]]] = -1, []

    def spans(self) -> list[RowRange]:
        """Return all row ranges, in the order of their first messages."""
        frames, messages = self._capture.frames, self._capture.messages
        count = len(messages["frame"])
        if not count:
            return []
        if self._merged:
            return sorted(span for number in range(self._capture.files) for span in self._of_file(number))
        last = int(messages["frame"][-1])
        starts = [self._starts(frames["at"], begin, end) for begin, end in self._files(last)]
        if not starts:
            return []
        found = np.unique(messages["frame"].searchsorted(np.concatenate(starts).astype(np.uint32)))
        return [RowRange(start, stop) for start, stop in pairwise([*found[found < count].tolist(), count])]

    def available(self, span: RowRange) -> bool:
        """Return whether the file of a range was not released since."""
        capture = self._capture
        if not isinstance(capture, SegmentedCapture) or not capture.gone:
            return True
        return span.stop > int(capture.messages["frame"].searchsorted(np.uint32(capture.begins(capture.gone))))

    def rows(self, span: RowRange) -> Array:
        """Return the indices of a range's messages."""
        if span.file is None:
            return np.arange(span.start, span.stop)
        _, mine = self._file(span.file)
        begin, end = mine.searchsorted([span.start, span.stop])
        return mine[begin:end]

    @property
    def _merged(self) -> bool:
        """True if the messages of several files are interleaved."""
        return "file" in self._capture.frames and not isinstance(self._capture, SegmentedCapture)

    def _file(self, number: int) -> tuple[Array, Array]:
        """Return the indices of the frames and messages of one file of a merged capture."""
        capture = self._capture
        if self._apart[0] != capture.version:
            files = capture.frames["file"]
            of = files[capture.messages["frame"]]
            mine = [((files == one).nonzero()[0], (of == one).nonzero()[0]) for one in range(capture.files)]
            self._apart = capture.version, mine
        return self._apart[1][number]

    def _of_file(self, number: int) -> Iterator[RowRange]:
        """Yield the row ranges of one file of a merged capture."""
        frames, messages = self._capture.frames, self._capture.messages
        mine, rows = self._file(number)
        if not len(rows):
            return
        starts = mine[self._starts(frames["at"][mine], 0, len(mine)).clip(max=len(mine) - 1)]
        begins = np.unique(messages["frame"][rows].searchsorted(starts.astype(np.uint32)))
        for begin, end in pairwise([*begins[begins < len(rows)].tolist(), len(rows)]):
            yield RowRange(int(rows[begin]), int(rows[end - 1]) + 1, number)

    def _files(self, last: int) -> list[tuple[int, int]]:
        """Return the frames, begin and end, of each file that is not released, up to frame `last`."""
        files = self._capture.frames.get("file")
        if files is None:
            return [(0, last + 1)]
        gone = self._capture.gone if isinstance(self._capture, SegmentedCapture) else 0
        begins = [int(files[: last + 1].searchsorted(np.uint16(one))) for one in range(gone, int(files[last]) + 1)]
        return [(begin, end) for begin, end in pairwise([*begins, last + 1]) if begin < end]

    def _starts(self, at: Array, begin: int, end: int) -> Array:
        """Return the frames of a file with which its row ranges begin."""
        places = np.arange(0, int(at[end - 1]) + 1, SIZES.row_range)
        starts: Array = begin + at[begin:end].searchsorted(places)
        starts[0] = begin
        return starts

    def block(self, span: RowRange) -> Block:
        """Return a block of the frames that hold these messages; the range must consist of whole frames."""
        capture = self._capture
        meanings = capture.meanings
        chosen = slice(span.start, span.stop) if span.file is None else self.rows(span)
        messages = {name: column[chosen] for name, column in capture.messages.items()}
        first, last = int(messages["frame"][0]), int(messages["frame"][-1])
        if span.file is None:
            some: slice | Array = slice(first, last + 1)
            frame = messages["frame"].astype(np.int64) - first
        else:
            mine, _ = self._file(span.file)
            begin, end = mine.searchsorted([first, last + 1])
            some = mine[begin:end]
            frame = some.searchsorted(messages["frame"])
        frames = {name: column[some] for name, column in capture.frames.items()}
        part = capture.part(int(frames["file"][0]) if "file" in frames else 0)
        offset = int(frames["at"][0]) - 2 * SPARE
        frame_at = frames["at"] - offset
        frame_end = frame_at + frames["captured"]
        raw = self._room(int(frame_end.max()) + SPARE)
        with memoryview(raw.buffer) as view:
            part.read(view[SPARE : int(frame_end.max())], offset + SPARE)
        numbers = frames["interface"].astype(np.int64)
        _shorten(raw, part.interfaces, frame_at, numbers)
        whole = frames["captured"] >= SLL_HDR_LEN
        protocol, kind = _cooked(raw, frame_at, whole)
        counts = np.bincount(frame, minlength=len(frame_at))
        begins = np.cumsum(counts) - counts
        meaning = messages["meaning"].astype(np.int64)
        bare = np.array([one.skip == 0 for one in meanings], bool)[meaning]
        ways = np.array([_direction(one.direction) for one in meanings], np.uint8)
        types = np.array([one.number for one in meanings], np.int64)
        at = frame_at[frame] + messages["at"]
        length = messages["length"].astype(np.int64)
        end = np.where(bare, frame_end[frame], np.minimum(at + length, frame_end[frame]))
        after = np.where(bare, end, np.minimum(at + nlmsg_align(length), frame_end[frame]))
        rest = np.where(whole, frame_at + SLL_HDR_LEN, frame_at)
        rest[frame] = after  # of several messages of a frame the last one stays
        return Block(
            raw, part.interfaces, _comments(part, frame_at, offset), offset,
            FrameColumns(
                frame_at, frame_end, frames["wire"].astype(np.int64), frames["number"].astype(np.int64), frames["time"],
                numbers, protocol, kind, frames["marks"] & BIG != 0,
            ),
            MessageColumns(
                frame, np.arange(len(frame)) - begins[frame] + 1, at, end, after, bare, rest, begins, counts,
            ),
            MessageHeaders(
                messages["length"], types[meaning], messages["flags"], messages["seq"], messages["pid"],
                ways[meaning], np.isin(kind, list(KNOWN_DIRECTIONS))[frame], meaning,
            ),
            meanings, part.names, whole=part.whole, number_in_file=capture.own_numbers(frames),
        )  # fmt: skip

    def _room(self, size: int) -> Buffer:
        if len(self._raw.buffer) < size:
            self._raw = Buffer(bytearray(size + (size >> 2)))
        return self._raw


def _shorten(raw: Buffer, interfaces: list[Interface], frame_at: Array, numbers: Array) -> None:
    """Shorten the headers of LINUX_SLL2 frames to 16 bytes, in place."""
    longer = np.array([one.linktype == LINUX_SLL2 for one in interfaces])[numbers]
    for at in frame_at[longer].tolist():
        shorten(raw.buffer, at - 4)


def _cooked(raw: Buffer, frame_at: Array, whole: Array) -> tuple[Array, Array]:
    """Return protocol (else -1) and sll_pkttype (else 0) of cooked headers, where they are whole."""
    halves = raw.words(">u2")
    protocol = np.where(whole, halves[np.where(whole, frame_at, 0) + 14].astype(np.int32), np.int32(-1))
    return protocol, np.where(whole, halves[frame_at], 0).astype(np.uint16)


def _comments(part: CaptureFile, frame_at: Array, offset: int) -> dict[int, tuple[str, ...]]:
    """Return the comments of frames by the frame's offset in the buffer."""
    places = frame_at.tolist() if part.comments else ()
    return {place: part.comments[place + offset] for place in places if place + offset in part.comments}


def _direction(name: str | None) -> int:
    return DIRECTIONS.index(name) if name in DIRECTIONS else 0
