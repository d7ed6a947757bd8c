"""The tree: every header field, layer and attribute of a message, with the bytes it stands in.

Byte ranges count from the first byte of the message, as `-x` and the kernel's own offsets do; the last byte is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct as Codec

from nldissect.wire import PACKET, Node, Walked
from nldissect.wire.attrs import NLA_F_NESTED, NLA_F_NET_BYTEORDER, NLATTR
from nldissect.wire.message import flag_names
from nldissect.wire.texts import escaped
from nldissect.wire.walk import Note

from .acks import Asked, ack_of
from .frames import Seen
from .naming import message_name, protocol_name
from .paint import Piece
from .summary import printable, summary_of
from .times import date_time
from .values import bytes_shown, shown

INDENT = "  "
RANGE = 9
_TYPE = {"<": Codec("<H"), ">": Codec(">H")}
_BITS = ((NLA_F_NESTED, "NLA_F_NESTED"), (NLA_F_NET_BYTEORDER, "NLA_F_NET_BYTEORDER"))
_HEADER = (("nlmsg_len", 4), ("nlmsg_type", 2), ("nlmsg_flags", 2), ("nlmsg_seq", 4), ("nlmsg_pid", 4))

Line = list[Piece]


def frame_tree(seen: Seen, time: str, *, secrets: bool = False) -> Iterator[Line]:
    """Every line of a frame; `time` is what the list would show."""
    record, frame = seen.record, seen.frame
    size = f"{len(record.data)} bytes"
    if record.wire_length > len(record.data):
        size = f"{len(record.data)} of {record.wire_length} bytes"
    where = f", interface {escaped(record.interface.name)}" if record.interface.name else ""
    yield [("frame", f"Frame {seen.number}"), ("", f": {date_time(record)} ({time}), {size}{where}")]
    for comment in record.comments:
        yield [("dim", f"{INDENT}comment: {escaped(comment)}")]
    if frame.protocol >= 0:
        packet_type = PACKET.names.get(frame.packet_type, "unknown")
        protocol = protocol_name(frame.protocol) or "unknown"
        text = f"sll_pkttype {packet_type} ({frame.packet_type}), sll_hatype {frame.hardware}, "
        yield [("dim", f"{INDENT}{text}sll_protocol {protocol} ({frame.protocol})")]
    for index, (walked, asked) in enumerate(zip(frame.messages, seen.asked, strict=True), 1):
        yield _title(walked, asked, index, len(frame.messages))
        yield from MessageTree(walked, asked, secrets).lines()
    start, end = frame.trailing
    if start < end:
        data = frame.data[start:end]
        text = bytes_shown(data) if any(data) else f"{end - start} zero bytes"
        yield [("warning" if any(data) else "dim", f"{INDENT}trailing bytes: {text}")]


def _title(walked: Walked, asked: Asked | None, index: int, count: int) -> Line:
    place = f" ({index} of {count})" if count > 1 else ""
    direction = f", {walked.direction or 'direction unknown'}{'' if walked.direction_known else ', inferred'}"
    name = escaped(message_name(walked)) or "datagram"
    return [("title", name), ("", place), ("dim", direction), ("", f": {summary_of(walked, asked)}")]


class MessageTree:
    """The lines of one message."""

    def __init__(self, walked: Walked, asked: Asked | None, secrets: bool) -> None:
        self.walked = walked
        self.secrets = secrets
        self.base = walked.start
        self.notes: dict[tuple[int, int], list[Note]] = {}
        for note in walked.notes:
            self.notes.setdefault((note.offset, note.length), []).append(note)
        ack = ack_of(walked, asked)
        self.ack = ack
        self.culprit = ack.culprit[-1] if ack and ack.culprit else None

    def lines(self) -> Iterator[Line]:
        yield from self.message(self.walked, 1)
        for notes in self.notes.values():
            for note in notes:
                yield self._note(note, 1)

    def message(self, walked: Walked, depth: int) -> Iterator[Line]:
        """Header, layers, and what is in none of them."""
        if walked.has_header:
            yield from self._header(walked, depth)
        yield from self.nodes(walked.layers, depth, walked)
        start, end = walked.payload
        if start < end:
            data = walked.data[start:end]
            text = printable(data)
            value = bytes_shown(data) if text is None else f'"{escaped(text)}"'
            yield self._line(start, end, depth, [("name", "payload"), ("", f": {value}")])
        elif walked.cut is not None and walked.cut < walked.end:
            value = bytes_shown(walked.data[walked.cut : walked.end])
            yield self._line(walked.cut, walked.end, depth, [("warning", "cut"), ("", f": {value}")])
        if walked is self.walked and walked.has_header and walked.end - walked.start < walked.length:
            missing = walked.start + walked.length - walked.end
            yield self._line(0, 0, depth, [("warning", f"! {missing} bytes were not captured")])

    def _header(self, walked: Walked, depth: int) -> Iterator[Line]:
        names = "|".join(flag_names(message_name(walked), walked.flags, walked.number))
        kind = escaped(walked.type_name) if walked.type_name != str(walked.number) else "unknown"
        values = (
            str(walked.length),
            f"{kind} ({walked.number})",
            f"{names} ({walked.flags:#x})" if names else "0",
            str(walked.seq),
            str(walked.pid),
        )
        yield self._line(walked.start, walked.start + 16, depth, [("title", "nlmsghdr")])
        at = walked.start
        for (name, size), value in zip(_HEADER, values, strict=True):
            yield self._line(at, at + size, depth + 1, [("name", name), ("", f": {value}")])
            at += size

    def nodes(self, nodes: list[Node], depth: int, walked: Walked) -> Iterator[Line]:
        for node in nodes:
            if node.kind.hidden and not any(node.value):
                continue
            if node.number is None and node.kind.shape == "attrs":  # behind a header: no line of its own
                yield from self.nodes(node.value, depth, walked)
                continue
            yield self._line(node.whole, node.end, depth, self._pieces(node, walked))
            for note in self.notes.pop((node.start, node.end - node.start), []):
                yield self._note(note, depth + 1)
            if isinstance(node.value, Walked):
                yield from self.message(node.value, depth + 1)
            elif isinstance(node.value, list) and node.value and isinstance(node.value[0], Node):
                yield from self.nodes(node.value, depth + 1, walked)

    def _pieces(self, node: Node, walked: Walked) -> Line:
        kind = node.kind
        layer = node.number is None and kind.shape in ("fields", "message")
        pieces: Line = [("title" if layer else "name", escaped(node.name))]
        if node.number is not None:
            pieces.append(("dim", f" ({', '.join(self._type(node, walked))})"))
        if isinstance(node.value, Walked):
            echo = node.value
            captured = echo.end - echo.start
            whole = "" if captured >= echo.length else ", header only" if captured == 16 else ", cut"
            name = message_name(self.ack.request) if self.ack and self.ack.request else message_name(echo)
            where = f", captured in frame {self.ack.frame}" if self.ack and self.ack.frame else ""
            pieces += [("", f": {escaped(name)}"), ("dim", f"{whole}{where}")]
        else:
            role, text = shown(node, walked.context, self.secrets)
            if text:
                pieces += [("", ": "), (role, text)]
        if node.name == "NLMSGERR_ATTR_OFFS" and self.ack and self.ack.attribute:
            pieces.append(("dim", f" ({self.ack.attribute})"))
        if node.name == "NLMSGERR_ATTR_MISS_TYPE" and self.ack and self.ack.missing:
            pieces.append(("dim", f" ({self.ack.missing})"))
        if node is self.culprit:
            pieces.append(("error", "  <== NLMSGERR_ATTR_OFFS points here"))
        return pieces

    def _type(self, node: Node, walked: Walked) -> list[str]:
        """The attribute's number, and the flag bits that stand beside it."""
        texts = [str(node.number)]
        if node.kind.set is not None and node.kind.set.header is NLATTR:
            raw = _TYPE[walked.order].unpack_from(walked.data, node.whole + 2)[0]
            texts += [name for bit, name in _BITS if raw & bit]
        return texts

    def _line(self, start: int, end: int, depth: int, pieces: Line) -> Line:
        first, last = start - self.base, end - self.base - 1
        where = "" if start >= end else str(first) if first == last else f"{first}-{last}"
        return [("dim", f"{where:>{RANGE}}"), ("", INDENT * depth), *pieces]

    def _note(self, note: Note, depth: int) -> Line:
        role = "dim" if note.severity == "note" else "warning"
        return self._line(0, 0, depth, [(role, f"! {note.severity}: {escaped(note.text)}")])
