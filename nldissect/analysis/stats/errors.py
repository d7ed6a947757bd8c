"""Errors of the kernel, by error number and request, and warnings on success (linux/netlink.h, nlmsgerr)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nldissect.capfile.comments import traced
from nldissect.columns.blocks.block import Block, FrameColumns, MessageColumns
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.message_type import DIRECTIONS, MessageType
from nldissect.columns.blocks.message_types import MessageTypes
from nldissect.uapi import NLA_TYPE_MASK, NLMSG_DONE, NLMSG_ERROR, NLMSG_HDRLEN, NLMSG_MIN_TYPE, NLMSGERR_ATTR_MSG
from nldissect.wire import NETLINK, Context, Echo, Text
from nldissect.wire.attr_set import split_attrs
from nldissect.wire.errno import ERRNO, meaning
from nldissect.wire.packets.frame import ECHO
from nldissect.wire.protocol import NLM_F_ACK, TO_KERNEL

from .counts import CountedMessages

ROOM = 1024
"""Number of earlier requests whose generic command is remembered."""
TEXTS = 16
"""Number of different texts of the kernel that are kept for a row."""
KERNEL = DIRECTIONS.index(TO_KERNEL)
Header = tuple[int, ...]


@dataclass(slots=True)
class ErrorRow:
    """Answers with one error number to one kind of request.

    error        as in errno.h, not negated; 0 for a warning on success
    request      type of the request; None at the end of a dump, which does not repeat its request
    first_frame  number of the first frame that holds one
    extack       the kernel's texts and their number of occurrences; no more than TEXTS different ones
    """

    error: int
    protocol: int
    request: str | None
    messages: int = 0
    first_frame: int = 0
    extack: dict[str, int] = field(default_factory=dict)

    def count_text(self, text: str, count: int) -> None:
        """Count a text of the kernel, unless there are many others."""
        if text in self.extack or len(self.extack) < TEXTS:
            self.extack[text] = self.extack.get(text, 0) + count

    @property
    def name(self) -> str:
        """Name of the error such as EINVAL, or the number as text."""
        return ERRNO.names.get(self.error, str(self.error))

    @property
    def text(self) -> str:
        """Text of the C library for the number, if it has one."""
        return meaning(self.error)


@dataclass(frozen=True, slots=True)
class ErrorCounts:
    """Errors and warnings of a capture; `acks`: answers that confirm success, those with a warning included."""

    acks: int
    errors: list[ErrorRow]
    warnings: list[ErrorRow]


class ErrorCounter:
    """Counts of NLMSG_ERROR, and of NLMSG_DONE that ends a dump early. `context` knows the generic families."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.acks = 0
        self._rows: dict[tuple[int, int, str | None], ErrorRow] = {}
        self._cases = MessageTypes()
        self._commands: dict[Header, MessageType] = {}

    def add(self, chosen: CountedMessages) -> None:
        block, rows = chosen.block, chosen.rows
        number = block.headers.type[rows]
        told = ((number == NLMSG_ERROR) | (number == NLMSG_DONE)) & ~block.messages.headerless[rows]
        told &= np.array([tells_error(one) for one in block.message_types], bool)[block.headers.message_type[rows]]
        rows = rows[told & (block.messages.end[rows] - block.messages.start[rows] >= ECHO)]
        ends = block.headers.type[rows] == NLMSG_DONE
        error = -block.buffer.take("i4", block.messages.start[rows] + NLMSG_HDRLEN, _big(block, rows)).astype(np.int64)
        self.acks += int((~ends & (error == 0)).sum())
        refused = np.where(ends, error > 0, error != 0)
        loud = refused | (block.headers.flags[rows] & NLM_F_ACK.ACK_TLVS != 0)
        answers = rows[loud]
        requests = self._requests(block, answers, ends[loud])
        for row, what, request in zip(answers.tolist(), error[loud].tolist(), requests, strict=True):
            self._count(block, row, what, request)

    def _count(self, block: Block, row: int, error: int, request: str | None) -> None:
        text = extack_of(block, row)
        if not error and text is None:
            return
        frame = int(block.messages.frame[row])
        key = error, int(block.frames.protocol[frame]), request
        found = self._rows.get(key)
        if found is None:
            found = self._rows[key] = ErrorRow(*key, first_frame=int(block.frames.number[frame]))
        found.messages += 1
        if text is not None:
            found.count_text(text, 1)

    def take(self, other: ErrorCounter) -> None:
        """Add the counts of another file, whose frames are numbered with those of this one."""
        self.acks += other.acks
        for key, more in other._rows.items():
            row = self._rows.setdefault(key, ErrorRow(*key, first_frame=more.first_frame))
            row.messages += more.messages
            row.first_frame = min(row.first_frame, more.first_frame)
            for text, count in more.extack.items():
                row.count_text(text, count)

    def _requests(self, block: Block, rows: Array, ends: Array) -> list[str | None]:
        """Return the name of the request that each of these answers repeats, None if it repeats none."""
        names: list[str | None] = [None] * len(rows)
        places = (~ends & (block.messages.end[rows] - block.messages.start[rows] >= ECHO + NLMSG_HDRLEN)).nonzero()[0]
        at, end = block.messages.start[rows[places]] + ECHO, block.messages.end[rows[places]]
        big = _big(block, rows[places])
        length, seq, pid = (block.buffer.take("u4", at + skip, big).astype(np.int64) for skip in (0, 8, 12))
        number, flags = (block.buffer.take("u2", at + skip, big) for skip in (4, 6))
        capped = block.headers.flags[rows[places]] & NLM_F_ACK.CAPPED != 0
        stop = np.where(capped, at + NLMSG_HDRLEN, np.minimum(at + np.maximum(length, NLMSG_HDRLEN), end))
        columns = (length, number, flags, seq, pid)
        named = self._named(block, block.messages.frame[rows[places]], at, stop, columns)
        for place, name in zip(places.tolist(), named, strict=True):
            names[place] = name
        generic = (block.frames.protocol[block.messages.frame[rows[places]]] == NETLINK.GENERIC) & (
            number >= NLMSG_MIN_TYPE
        )
        headers = dict(zip(places.tolist(), zip(*(column.tolist() for column in columns), strict=True), strict=True))
        self._remembered(block, rows, {place: headers[place] for place in places[generic].tolist()}, names)
        return names

    def _named(
        self, block: Block, frame: Array, at: Array, end: Array, header: tuple[Array, Array, Array, Array, Array]
    ) -> list[str]:
        """Return the names that messages with these headers have on their way to the kernel."""
        length, number, flags, _, _ = header
        frames = FrameColumns(
            block.frames.start, block.frames.end, block.frames.wire_length, block.frames.number, block.frames.time,
            block.frames.interface, block.frames.protocol, block.frames.packet_type, block.frames.big_endian,
        )  # fmt: skip
        nothing = np.zeros(len(at), np.int64)
        echoes = MessageColumns(
            frame,
            nothing,
            at,
            end,
            end,
            nothing.astype(bool),
            block.messages.frame_end,
            block.messages.frame_first,
            block.messages.frame_count,
        )
        direction = np.full(len(at), KERNEL, np.uint8)
        cases = self._cases.assign(
            block.buffer,
            frames,
            echoes,
            number,
            flags,
            length,
            direction,
            lambda family, frames: [(self.context.name("genl", family), np.arange(len(frames)))],
            lambda family, _: None,
        )
        return [self._cases.known[case].called for case in cases.tolist()]

    def _remembered(self, block: Block, rows: Array, answered: dict[int, Header], names: list[str | None]) -> None:
        """Take names of generic commands from earlier requests: an answer mostly repeats only their nlmsghdr."""
        asked = block.frames.protocol[block.messages.frame] == NETLINK.GENERIC
        asked &= (block.headers.direction == KERNEL) & (block.headers.type >= NLMSG_MIN_TYPE)
        requests = asked.nonzero()[0]
        columns = (block.headers.length, block.headers.type, block.headers.flags, block.headers.seq, block.headers.pid)
        headers = list(zip(*(column[requests].tolist() for column in columns), strict=True))
        places = requests.tolist()
        done = 0
        for place, header in [*answered.items(), (-1, None)]:
            stop = int(np.searchsorted(requests, rows[place])) if header is not None else len(places)
            for request in range(done, stop):
                self._commands.pop(headers[request], None)
                self._commands[headers[request]] = block.message_types[block.headers.message_type[places[request]]]
                if len(self._commands) > ROOM:
                    del self._commands[next(iter(self._commands))]
            done = stop
            meaning = self._commands.get(header) if header is not None else None
            if meaning is not None:
                names[place] = meaning.called

    def result(self) -> ErrorCounts:
        """Return errors and warnings, the most frequent first."""
        rows = sorted(self._rows.values(), key=lambda row: (-row.messages, row.first_frame))
        return ErrorCounts(self.acks, [row for row in rows if row.error], [row for row in rows if not row.error])


def tells_error(about: MessageType) -> bool:
    """Return whether messages of a type begin with an error number; on the connector, all have the type NLMSG_DONE."""
    fields = about.message.fields_desc if about.message is not None else []
    return bool(fields) and fields[0].name == "error"


def _big(block: Block, rows: Array) -> Array:
    big: Array = block.frames.big_endian[block.messages.frame[rows]]
    return big


_ECHO = Echo()
_TEXT = Text()


def extack_of(block: Block, row: int) -> str | None:
    """Return the kernel's text, NLMSGERR_ATTR_MSG: after the repeated request, or after the error of an NLMSG_DONE.

    If the message has none, return the text of the tracepoint, None if there is none either.
    """
    flags = int(block.headers.flags[row])
    if not flags & NLM_F_ACK.ACK_TLVS:
        return (
            traced(block.comments.get(int(block.frames.start[block.messages.frame[row]]), ()))
            if block.comments
            else None
        )
    at, end = int(block.messages.start[row]), int(block.messages.end[row])
    order = ">" if block.frames.big_endian[block.messages.frame[row]] else "<"
    data = bytes(block.buffer.buffer[at:end])
    start = ECHO
    if block.headers.type[row] == NLMSG_ERROR:
        start += _ECHO.extent({"nlmsg_flags": flags}, data, start, len(data), order)
    for kind, begin, stop, _ in split_attrs(data, start, len(data), order)[0]:
        if kind & NLA_TYPE_MASK == NLMSGERR_ATTR_MSG:
            text = _TEXT.decoder(order)(data, begin, stop)
            return text if isinstance(text, str) else text.decode("utf-8", "replace")
    return None
