"""Tree of a message: every header field, layer and attribute, with its byte range.

Byte ranges count from the first byte of the message, as `-x` and the kernel's own offsets do; the last byte is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from nldissect.escapes import escaped
from nldissect.stream.frames import StreamFrame
from nldissect.uapi import NLA_F_NESTED, NLA_F_NET_BYTEORDER
from nldissect.wire import DecodedMessage, Kind, Node
from nldissect.wire.attr_set import NLATTR
from nldissect.wire.decode.acks import MISSING, OFFSET, PriorRequest, ack_of
from nldissect.wire.decode.nodes import Note
from nldissect.wire.opaque import MayBeKey
from nldissect.wire.protocol import flag_names

from ..bytes_text import bytes_shown, printable
from ..names import message_name
from ..origins.frame_source import source_words
from ..summaries.summary import summary_of
from ..times import date_time
from ..values import both_bases, raw, shown
from .tree_lines import (
    INDENT,
    Line,
    comment_lines,
    cooked_line,
    fact_lines,
    flags_and_number,
    frame_line,
    place_shown,
    size_shown,
    trailing_line,
    type_and_number,
    way_shown,
)

COLON = ("", ": ")
RANGE = 9
_BITS = ((NLA_F_NESTED >> 8, ", NLA_F_NESTED"), (NLA_F_NET_BYTEORDER >> 8, ", NLA_F_NET_BYTEORDER"))
_HEADER = (("nlmsg_len", 4), ("nlmsg_type", 2), ("nlmsg_flags", 2), ("nlmsg_seq", 4), ("nlmsg_pid", 4))


def frame_tree(seen: StreamFrame, time: str, facts: Iterable[str] = (), *, secrets: bool = False) -> Iterator[Line]:
    """Yield every line of a frame.

    time    the text that the list would show
    facts   what else the capture tells of it, see frame_facts
    """
    record, frame = seen.record, seen.frame
    size = size_shown(len(record.data), record.wire_length)
    yield frame_line(seen.number, date_time(record), time, size, source_words(record.interface))
    yield from fact_lines(facts)
    yield from comment_lines(record.comments)
    if frame.protocol >= 0:
        yield cooked_line(frame.packet_type, frame.hardware, frame.protocol)
    for index, walked, asked in seen.messages():
        yield title(walked, place_shown(index, len(frame.messages)), summary_of(walked, asked))
        yield from MessageTree(walked, asked, secrets).lines()
    start, end = seen.trailing
    if start < end:
        yield trailing_line(frame.data[start:end], frame.keyed and not secrets)


def title(walked: DecodedMessage, place: str, summary: str) -> Line:
    """Return the line above a message's tree."""
    name = escaped(message_name(walked)) or "datagram"
    way = way_shown(walked.direction, walked.direction_known)
    return [("title", name), ("", place), ("dim", way), ("", f": {summary}")]


class MessageTree:
    """The lines of one message.

    raw   values as they are in the message: numbers instead of names, bytes instead of texts and addresses
    """

    def __init__(self, walked: DecodedMessage, asked: PriorRequest | None, secrets: bool, raw: bool = False) -> None:
        self.walked = walked
        self.secrets = secrets
        self.raw = raw
        self.base = walked.start
        self.out: list[Line] = []
        self.notes: dict[tuple[int, int], list[Note]] = {}
        for note in walked.notes:
            self.notes.setdefault((note.offset, note.length), []).append(note)
        self.ack = ack_of(walked, asked)
        self.culprit = self.ack.culprit[-1] if self.ack and self.ack.culprit else None

    def lines(self) -> list[Line]:
        """Return all lines; a note that is about no node comes last."""
        self._message(self.walked, 1)
        for notes in self.notes.values():
            for note in notes:
                self._note(note, 1)
        return self.out

    def _message(self, walked: DecodedMessage, depth: int) -> None:
        """Add the header, the layers, and the bytes that are in none of them."""
        if walked.has_header:
            self._header(walked, depth)
        self._nodes(walked.layers, depth, walked)
        start, end = walked.undecoded_span
        if start < end:
            data = walked.data[start:end]
            text = printable(data)
            value = bytes_shown(data) if text is None else f'"{escaped(text)}"'
            if walked.keyed and not self.secrets:
                value = MayBeKey().shown(data)
            self._line(start, end, depth, [("name", "payload"), ("", f": {value}")])
        elif walked.cut_at is not None and walked.cut_at < walked.end:
            rest = walked.data[walked.cut_at : walked.end]
            masked = walked.keyed and not self.secrets
            value = MayBeKey().shown(rest) if masked else bytes_shown(rest)
            self._line(walked.cut_at, walked.end, depth, [("warning", "cut"), ("", f": {value}")])
        if walked is self.walked and walked.has_header and walked.end - walked.start < walked.length:
            missing = walked.start + walked.length - walked.end
            self._line(0, 0, depth, [("warning", f"! {missing} bytes were not captured")])

    def _header(self, walked: DecodedMessage, depth: int) -> None:
        numbers = (walked.length, walked.number, walked.flags, walked.seq, walked.pid)
        names = flag_names(message_name(walked), walked.flags, walked.number)
        values = [both_bases(number, 4) if self.raw else str(number) for number in numbers]
        if not self.raw:
            type_name = type_and_number(walked.type_name, walked.number, walked.family)
            values[1:3] = type_name, flags_and_number(names, walked.flags)
        self._line(walked.start, walked.start + 16, depth, [("title", "nlmsghdr")])
        at = walked.start
        for (name, size), value in zip(_HEADER, values, strict=True):
            self._line(at, at + size, depth + 1, [("name", name), ("", f": {value}")])
            at += size

    def _nodes(self, nodes: list[Node], depth: int, walked: DecodedMessage) -> None:
        context, secrets = walked.context, self.secrets
        for node in nodes:
            kind, start, end, value, number = node
            title, tells_bits, at = _title_of(kind, number)
            if not title:  # padding; or the attributes after a header, which have no line of their own
                if kind.hidden and any(value):
                    self._line(start, end, depth, [("warning", kind.name), ("", f": {bytes_shown(value)}")])
                elif not kind.hidden:
                    self._nodes(value, depth, walked)
                continue
            pieces = [*title]
            if tells_bits:
                high = walked.data[start - 1 if walked.order == "<" else start - 2]
                pieces += [("dim", text) for bit, text in _BITS if high & bit]
            if number is not None:
                pieces.append(("dim", ")"))
            if isinstance(value, DecodedMessage):
                pieces += self._echo(value)
            else:
                shows = raw(node, walked.data, context, secrets) if self.raw else shown(node, context, secrets)
                if shows[1]:
                    pieces += [COLON, shows]
            if self.ack is not None:
                self._point(node, pieces)
            self._line(start - at, end, depth, pieces, node)
            if self.notes:
                for note in self.notes.pop((start, end - start), []):
                    self._note(note, depth + 1)
            if (rest := walked.surplus(node)) is not None:
                self._surplus(rest, depth + 1)
            if isinstance(value, DecodedMessage):
                self._message(value, depth + 1)
            elif kind.shape != "leaf" and isinstance(value, list):
                self._nodes(value, depth + 1, walked)

    def _surplus(self, rest: Node, depth: int) -> None:
        """Add the bytes after the number of an attribute that is longer, and the notes about them."""
        self._line(rest.start, rest.end, depth, [("warning", rest.name), COLON, shown(rest, None, self.secrets)])
        for note in self.notes.pop((rest.start, rest.end - rest.start), []):
            self._note(note, depth)

    def _echo(self, echo: DecodedMessage) -> Line:
        """Return the text of a request that an acknowledgement repeats."""
        captured = echo.end - echo.start
        whole = "" if captured >= echo.length else ", header only" if captured == 16 else ", cut"
        name = message_name(self.ack.request) if self.ack and self.ack.request else message_name(echo)
        where = f", captured in frame {self.ack.frame}" if self.ack and self.ack.frame else ""
        return [("", f": {escaped(name)}"), ("dim", f"{whole}{where}")]

    def _point(self, node: Node, pieces: Line) -> None:
        """Append the meaning of an acknowledgement's offset or number; mark the attribute at fault."""
        told = {OFFSET: self.ack.attribute, MISSING: self.ack.missing}.get(node.name) if self.ack else None
        if told:
            pieces.append(("dim", f" ({told})"))
        if node is self.culprit:
            pieces.append(("error", f"  <== {OFFSET} points here"))

    def _line(self, start: int, end: int, depth: int, pieces: Line, node: Node | None = None) -> None:
        """Add one line about the bytes [start, end) of the frame, and about a node if it is about one."""
        first, last = start - self.base, end - self.base - 1
        where = "" if start >= end else str(first) if first == last else f"{first}-{last}"
        self.out.append([("dim", f"{where:>{RANGE}}"), ("", INDENT * depth), *pieces])

    def _note(self, note: Note, depth: int) -> None:
        role = "dim" if note.severity == "note" else "warning"
        self._line(0, 0, depth, [(role, f"! {note.severity}: {escaped(note.text)}")])


@lru_cache(maxsize=8192)
def _title_of(kind: Kind, number: int | None) -> tuple[Line, bool, int]:
    """Return how a node's line begins, whether its header has flag bits, and the bytes of that header."""
    if kind.hidden or (number is None and kind.shape == "attrs"):
        return [], False, 0
    if number is None:
        return [("title" if kind.shape in ("fields", "message") else "name", escaped(kind.name))], False, 0
    header = kind.set.header if kind.set is not None else None
    return [("name", escaped(kind.name)), ("dim", f" ({number}")], header is NLATTR, header.size if header else 0
