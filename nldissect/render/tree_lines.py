"""Lines of trees that tell nothing of tables: about a frame, where a message went, what trails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from nldissect.escapes import escaped
from nldissect.terminal.colors import Piece, plain
from nldissect.wire.opaque import MayBeKey
from nldissect.wire.protocol import NETLINK, PACKET

from .bytes_text import bytes_shown

INDENT = "  "

Line = list[Piece]


def frame_line(number: object, date: str, time: str, size: str, interface: str | None) -> Line:
    """The first line of a frame."""
    where = f", interface {escaped(interface)}" if interface else ""
    return [("frame", f"Frame {number}"), ("", f": {date} ({time}), {size}{where}")]


def size_shown(size: int, wire_length: int) -> str:
    """How much of a frame is there."""
    return f"{size} of {wire_length} bytes" if wire_length > size else f"{size} bytes"


def comment_lines(comments: Iterable[str]) -> Iterator[Line]:
    """What the file says of a frame."""
    for comment in comments:
        yield [("dim", f"{INDENT}comment: {escaped(comment)}")]


def cooked_line(packet_type: int, hardware: int, protocol: int) -> Line:
    """The cooked header."""
    text = f"sll_pkttype {PACKET.names.get(packet_type, 'unknown')} ({packet_type}), sll_hatype {hardware}, "
    return [("dim", f"{INDENT}{text}sll_protocol {NETLINK.names.get(protocol, 'unknown')} ({protocol})")]


def trailing_line(data: bytes, masked: bool) -> Line:
    """Bytes behind the last message, which are not shown if `masked`."""
    text = MayBeKey().shown(data) if masked else bytes_shown(data)
    text = text if any(data) else f"{len(data)} zero bytes"
    return [("warning" if any(data) else "dim", f"{INDENT}trailing bytes: {text}")]


def place_shown(index: int, count: int) -> str:
    """Which of its frame's messages a message is, unless it is the only one."""
    return f" ({index} of {count})" if count > 1 else ""


def way_shown(direction: str | None, known: bool) -> str:
    """Where a message went, and whether that was inferred."""
    return f", {direction or 'direction unknown'}{'' if known else ', inferred'}"


def type_and_number(type_name: str, number: int, family: str | None = None) -> str:
    """The type's constant and number; what stands for a generic family is a number that the family was given."""
    if type_name != str(number):
        return f"{escaped(type_name)} ({number})"
    return f"{number} ({escaped(family)})" if family else f"unknown ({number})"


def flags_and_number(names: list[str], flags: int) -> str:
    """The flags of a message by name, and as a number."""
    return f"{'|'.join(names)} ({flags:#x})" if names else "0"


def text_of(lines: Iterable[Line]) -> str:
    """Return lines as text."""
    return "".join([plain(line).rstrip(" ") + "\n" for line in lines])


def commented(head: str, comments: tuple[str, ...]) -> str:
    """The lines about a frame with what the file says of it."""
    line, _, rest = head[1:].partition("\n")
    return f"\n{line}\n{text_of(comment_lines(comments))}{rest}"


def trailing_text(data: bytes, masked: bool) -> str:
    """The line about bytes behind the last message."""
    return text_of([trailing_line(data, masked)])


def frame_form(interface: str | None) -> str:
    """Lines about a frame of an interface; number, date, time, size and cooked header are to be put in."""
    line = frame_line("%s", "%s", "%s", "%s", interface and interface.replace("%", "%%"))
    return f"\n{plain(line).rstrip(' ')}\n%s"


@lru_cache(maxsize=1024)
def cooked_text(packet_type: int, hardware: int, protocol: int) -> str:
    """The line of a cooked header."""
    return text_of([cooked_line(packet_type, hardware, protocol)]) if protocol >= 0 else ""
