"""The capture that is viewed: messages are decoded when they are shown, and the last few hundred are kept decoded."""

from __future__ import annotations

import argparse
import os
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from nldissect.capfile import Record
from nldissect.columns.blocks.block import NO_TIME
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.message_type import MessageType
from nldissect.columns.blocks.whole_capture import WholeCapture
from nldissect.columns.fields.derived import PLACES, MessageContext
from nldissect.columns.fields.frame_comments import apply_comments
from nldissect.errors import FileError
from nldissect.store.capture import Capture
from nldissect.store.capture_file import CaptureFile
from nldissect.store.kept_index import BIG, LOSS, OWN
from nldissect.store.merged import MergedCapture
from nldissect.store.row_ranges import RangeReader
from nldissect.store.segmented import SegmentedCapture
from nldissect.uapi import NLMSG_HDRLEN, STRUCT_NLMSGHDR_BY_ORDER, nlmsg_align
from nldissect.wire import DecodedFrame, DecodedMessage
from nldissect.wire.decode.acks import PriorRequest
from nldissect.wire.decode.walk import walk_bare, walk_place
from nldissect.wire.packets.frame import ECHO
from nldissect.wire.secrets import is_keyed_protocol

from .row_set import RowSet
from .table_loading import turn

ENTRIES = 512
"""Messages kept decoded."""
LOOK_BACK = 1 << 16
"""Messages after a request among which the port of its answers is searched."""


@dataclass(frozen=True)
class MessageEntry:
    """One message, decoded.

    row          its index in the capture
    place, of    its number in the frame, from 1; number of messages in the frame
    frame        its frame, which holds this message alone
    asked        prior request that it acknowledges, if the capture holds it
    first        time of the capture's first frame
    before       time of the frame before; None for the first frame
    part         file that holds it
    own_number   number of its frame in that file
    file         short name of that file
    """

    row: int
    place: int
    of: int
    record: Record
    frame: DecodedFrame
    walked: DecodedMessage
    meaning: MessageType
    asked: PriorRequest | None
    first: int | None
    before: int | None
    part: CaptureFile | None = None
    own_number: int = 0
    file: str = ""

    @property
    def number(self) -> int:
        """Number of its frame."""
        return self.record.number

    @property
    def whole(self) -> WholeCapture | None:
        """State of the whole of its file, with results of second passes, as it is now."""
        return self.part.whole if self.part is not None else None

    @property
    def situation(self) -> MessageContext:
        """Message context: the input of filters and columns."""
        key = (self.own_number << PLACES) | self.place
        return MessageContext(
            self.number, self.record, self.frame, self.walked, self.place, self.first, self.whole, key
        )

    @property
    def stop(self) -> int:
        """Offset in the bytes of the frame at which its padding ends."""
        walked = self.walked
        return min(walked.start + nlmsg_align(walked.length), len(walked.data)) if walked.has_header else walked.end


class CaptureModel:
    """The messages of a capture by row, their index in the capture, which may grow in another thread meanwhile.

    heads   for each file, number of frames at its beginning that are not shown: the table of generic families, or,
            of piped input, records repeated from the file before
    own     show frames that a capture itself has sent
    """

    def __init__(self, capture: Capture, hidden: int = 0, own: bool = False) -> None:
        self.capture = capture
        self.heads = [hidden]
        self.own = own
        self.pieces = RangeReader(capture)
        self._entries: OrderedDict[int, MessageEntry] = OrderedDict()
        self._record: tuple[int, Record] | None = None

    @property
    def count(self) -> int:
        """Number of messages so far."""
        return self.capture.count

    @property
    def skip(self) -> int:
        """Row of the first message that is shown."""
        capture = self.capture
        if not isinstance(capture, SegmentedCapture):
            return self._row(self.heads[0])
        return self._row(capture.begins(capture.gone) + self.heads[capture.gone])

    @property
    def let_go(self) -> int:
        """Number of messages in segments that were released."""
        return self._row(self.capture.begins(self.capture.gone)) if isinstance(self.capture, SegmentedCapture) else 0

    def _row(self, frame: int) -> int:
        return int(self.capture.messages["frame"].searchsorted(np.uint32(frame))) if frame else 0

    def every(self) -> RowSet:
        """Return the rows of all messages that can be shown."""
        count, skip = self.count, self.skip
        if len(self.heads) == 1 and not self._own_frames.any():
            return RowSet(count, first=skip)
        return RowSet(0, self.hide(np.arange(skip, count, dtype=np.uint32)))

    @property
    def _own_frames(self) -> Array:
        """Mask of frames the capture itself has sent or received: bool, one per frame; one False if they are shown."""
        if self.own:
            return np.zeros(1, bool)
        own: Array = self.capture.frames["marks"] & OWN != 0
        return own

    def frames(self) -> Array:
        """Return the indexes of all frames present, without the hidden heads of the segments after the first."""
        capture = self.capture
        there = np.ones(len(capture.frames["at"]), bool)
        if isinstance(capture, SegmentedCapture):
            there[: capture.begins(capture.gone)] = False
            for number in range(capture.gone + 1, len(self.heads)):
                first = capture.begins(number)
                there[first : first + self.heads[number]] = False
        return there.nonzero()[0]

    def hide(self, rows: Array) -> Array:
        """Return ascending rows without those of messages that are not shown."""
        rows = rows[int(rows.searchsorted(np.uint32(self.skip))) :]
        capture = self.capture
        if isinstance(capture, SegmentedCapture):
            for number in range(capture.gone + 1, len(self.heads)):
                first = capture.begins(number)
                begin, end = rows.searchsorted([self._row(first), self._row(first + self.heads[number])])
                rows = np.delete(rows, slice(int(begin), int(end))) if begin < end else rows
        own = self._own_frames
        if not own.any():
            return rows
        frame = capture.messages["frame"]
        of = frame[rows]
        hidden = own[of]
        lost = (capture.frames["marks"][of] & LOSS != 0) & hidden
        hidden[lost] = frame[rows[lost]] == frame[rows[lost] - 1]  # the first message of such a frame bears the note
        return rows[~hidden]

    @property
    def files(self) -> list[str]:
        """Names of the files: short ones if they differ, else full ones."""
        full = [self.capture.part(number).name for number in range(self.capture.files)]
        short = [os.path.basename(name) or name for name in full]
        return short if len(set(short)) == len(short) else full

    @property
    def several(self) -> bool:
        """True for a merged capture, in which related messages are in the same file."""
        return isinstance(self.capture, MergedCapture)

    @property
    def name(self) -> str:
        return ", ".join(self.files) if self.several else self.capture.part().name

    @property
    def progress(self) -> float:
        """Share of the files that was read, from 0 to 1."""
        return self.capture.progress

    def entry(self, row: int) -> MessageEntry:
        """Return one message, decoded; FileError if the file has become shorter or its segment was released."""
        found = self._entries.get(row)
        if found is None:
            with turn():
                found = self._entries[row] = self._decoded(row)
            if len(self._entries) > ENTRIES:
                self._entries.popitem(last=False)
        else:
            self._entries.move_to_end(row)
        return found

    def meaning(self, row: int) -> MessageType:
        """Return the message type of a row, without reading the file."""
        return self.capture.meanings[int(self.capture.messages["meaning"][row])]

    def frame_number(self, row: int) -> int:
        capture = self.capture
        return int(capture.frames["number"][capture.messages["frame"][row]])

    def row_of_frame(self, number: int) -> int | None:
        """Return the row of the first message at or after the frame with this number; None if there is none."""
        capture = self.capture
        messages = capture.messages["frame"]
        frame = int(capture.frames["number"].searchsorted(number))
        row = int(messages.searchsorted(frame))
        return row if row < len(messages) else None

    def port_of(self, entry: MessageEntry) -> int | None:
        """Return the port id under which a request is answered; None if no message says it.

        It is that of the first message with its sequence number, in its protocol and file, whose port id is not 0,
        among LOOK_BACK messages from the request on.
        """
        capture, row = self.capture, entry.row
        messages = {name: column[row : row + LOOK_BACK] for name, column in capture.messages.items()}
        same = (messages["seq"] == entry.walked.seq) & (messages["pid"] != 0) & self._of_file(row, messages["frame"])
        for one in (row + same.nonzero()[0]).tolist():
            if self.meaning(one).protocol == entry.walked.protocol:
                return int(capture.messages["pid"][one])
        return None

    def _decoded(self, row: int) -> MessageEntry:
        capture = self.capture
        messages, frames = capture.messages, capture.frames
        frame = int(messages["frame"][row])
        record = self._frame(frame)
        column = messages["frame"]
        begin, end = (int(column.searchsorted(np.uint32(one))) for one in (frame, frame + 1))
        order = ">" if int(frames["marks"][frame]) & BIG else "<"
        part = self._part(frame)
        context = part.known_at({name: int(column[frame]) for name, column in frames.items()})
        meaning = self.meaning(row)
        data, at = record.data, int(messages["at"][row])
        kind, hardware, protocol = (int.from_bytes(data[place : place + 2], "big") for place in (0, 2, 14))
        if meaning.skip == 0:
            walked, stop = walk_bare(data, len(data), protocol, order, kind, context), len(data)
        else:
            length = int(messages["length"][row])
            place = at, min(at + length, len(data)), min(at + nlmsg_align(length), len(data))
            walked, stop = walk_place(data, place, protocol, order, context, kind, meaning.direction), place[2]
        if row == end - 1:
            walked.missing = record.wire_length - len(data)
        if record.comments:
            apply_comments(walked, record.comments, row - begin + 1)
        numbers = capture.own_numbers({name: column[frame : frame + 1] for name, column in frames.items()})
        own = record.number if numbers is None else int(numbers[0])
        trailing = (stop, len(data)) if row == end - 1 else (len(data), len(data))
        seen = DecodedFrame(data, kind, hardware, protocol, order, [walked], trailing, is_keyed_protocol(protocol))
        before = int(frames["time"][frame - 1]) if frame else NO_TIME
        return MessageEntry(
            row, row - begin + 1, end - begin, record, seen, walked, meaning, self._asked(row, walked),
            capture.first, None if before == NO_TIME else before, part, own, self._file(frame),
        )  # fmt: skip

    def _number(self, frame: int) -> int:
        frames = self.capture.frames
        return int(frames["file"][frame]) if "file" in frames else 0

    def _part(self, frame: int) -> CaptureFile:
        number = self._number(frame)
        if isinstance(self.capture, SegmentedCapture) and number < self.capture.gone:
            raise FileError("this message was let go of to make room; -w FILE keeps all of them")
        return self.capture.part(number)

    def _file(self, frame: int) -> str:
        return self.files[self._number(frame)] if self.several else ""

    def _of_file(self, row: int, frames: Array) -> Array | bool:
        """Return whether these frames are in the file of message `row`: bool, one per frame; True if not merged."""
        if not self.several:
            return True
        files = self.capture.frames["file"]
        found: Array = files[frames] == files[self.capture.messages["frame"][row]]
        return found

    def _frame(self, frame: int) -> Record:
        if self._record is None or self._record[0] != frame:
            kept = {name: int(column[frame]) for name, column in self.capture.frames.items()}
            self._record = frame, self._part(frame).record(kept)
        return self._record[1]

    def _asked(self, row: int, walked: DecodedMessage) -> PriorRequest | None:
        """Return the prior request that a message acknowledges, if the capture holds it."""
        back = int(self.capture.messages["request"][row])
        at = walked.start + ECHO
        if not back or walked.end < at + NLMSG_HDRLEN:
            return None
        length, type_, _, seq, pid = STRUCT_NLMSGHDR_BY_ORDER[walked.order].unpack_from(walked.data, at)
        messages = self.capture.messages
        frame = self._frame_before(int(messages["frame"][row]), back)
        begin, end = (int(messages["frame"].searchsorted(np.uint32(one))) for one in (frame, frame + 1))
        kept = {name: column[begin:end] for name, column in messages.items()}
        same = (kept["seq"] == seq) & (kept["pid"] == pid) & (kept["length"] == length)
        for one in (begin + same.nonzero()[0]).tolist():
            if self.meaning(one).number == type_ and one >= self.let_go:
                entry = self.entry(one)
                return PriorRequest(entry.number, entry.walked)
        return None

    def _frame_before(self, frame: int, back: int) -> int:
        """Return the frame whose number, counted in the file of `frame`, is lower by `back`."""
        frames = self.capture.frames
        own = self.capture.own_numbers(frames)
        if own is None:
            return int(frames["number"].searchsorted(frames["number"][frame] - np.uint32(back)))
        mine = (frames["file"] == frames["file"][frame]).nonzero()[0]
        return int(mine[own[mine].searchsorted(own[frame] - np.uint32(back))])

    def close(self) -> None:
        self.capture.close()


def open_store(path: str, options: argparse.Namespace, name: str | None, hidden: int | None = None) -> CaptureModel:
    """Open a file as the options demand; FileError if it can't be read. `name` replaces its path on the screen.

    hidden   for a capture that continues in further files: number of frames at its beginning that are not shown
    """
    families, order = dict(options.families), options.order
    try:
        capture = (
            Capture([path], families, order, read=False) if hidden is None else SegmentedCapture(path, families, order)
        )
    except FileError as error:
        raise FileError(str(error).replace(path, name or path)) from None
    if name is not None:
        capture.part().call(name)
    return CaptureModel(capture, hidden or 0, options.own)


def open_files(paths: list[str], options: argparse.Namespace) -> CaptureModel:
    """Open several files, merged by time; FileError if one can't be read."""
    return CaptureModel(MergedCapture(paths, dict(options.families), options.order), own=options.own)
