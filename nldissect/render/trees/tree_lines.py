"""Lines of trees that need no tables: about frames, directions, trailing bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from nldissect.escapes import escaped
from nldissect.terminal.colors import Piece, plain
from nldissect.wire.opaque import MayBeKey
from nldissect.wire.protocol import NETLINK, PACKET

from ..bytes_text import bytes_shown

INDENT = "  "

Line = list[Piece]


def frame_line(number: object, date: str, time: str, size: str, source: str) -> Line:
    """Return the first line of a frame; `source`: see source_words."""
    return [("frame", f"Frame {number}"), ("", f": {date} ({time}), {size}{source}")]


def size_shown(size: int, wire_length: int) -> str:
    """Return the size of a frame, and how much of it was captured."""
    return f"{size} of {wire_length} bytes" if wire_length > size else f"{size} bytes"


def comment_lines(comments: Iterable[str]) -> Iterator[Line]:
    """Yield a line for each comment of a frame."""
    for comment in comments:
        yield [("dim", f"{INDENT}comment: {escaped(comment)}")]


def fact_lines(facts: Iterable[str]) -> Iterator[Line]:
    """Yield a line for each fact about a frame, see frame_facts."""
    for fact in facts:
        yield [("name", f"{INDENT}{fact}")]


def cooked_line(packet_type: int, hardware: int, protocol: int) -> Line:
    """Return the line of a cooked header."""
    text = f"sll_pkttype {PACKET.names.get(packet_type, 'unknown')} ({packet_type}), sll_hatype {hardware}, "
    return [("dim", f"{INDENT}{text}sll_protocol {NETLINK.names.get(protocol, 'unknown')} ({protocol})")]


def trailing_line(data: bytes, masked: bool) -> Line:
    """Return the line of bytes after the last message, which are not shown if `masked`."""
    text = MayBeKey().shown(data) if masked else bytes_shown(data)
    text = text if any(data) else f"{len(data)} zero bytes"
    return [("warning" if any(data) else "dim", f"{INDENT}trailing bytes: {text}")]


def place_shown(index: int, count: int) -> str:
    """Return the number of a message in its frame, unless it is the only one."""
    return f" ({index} of {count})" if count > 1 else ""


def way_shown(direction: str | None, known: bool) -> str:
    """Return the direction of a message, and whether it was inferred."""
    return f", {direction or 'direction unknown'}{'' if known else ', inferred'}"


def type_and_number(type_name: str, number: int, family: str | None = None) -> str:
    """Return the type's constant and number; the type of a generic family is the number that the family was given."""
    if type_name != str(number):
        return f"{escaped(type_name)} ({number})"
    return f"{number} ({escaped(family)})" if family else f"unknown ({number})"


def flags_and_number(names: list[str], flags: int) -> str:
    """Return the flags of a message by name, and as a number."""
    return f"{'|'.join(names)} ({flags:#x})" if names else "0"


def text_of(lines: Iterable[Line]) -> str:
    """Return lines as text."""
    return "".join([plain(line).rstrip(" ") + "\n" for line in lines])


def commented(head: str, comments: tuple[str, ...], facts: Iterable[str]) -> str:
    """Return the lines about a frame with further facts, and its comments, after the first."""
    line, _, rest = head[1:].partition("\n")
    return f"\n{line}\n{text_of((*fact_lines(facts), *comment_lines(comments)))}{rest}"


def trailing_text(data: bytes, masked: bool) -> str:
    """Return the line about bytes after the last message."""
    return text_of([trailing_line(data, masked)])


def frame_form(source: str) -> str:
    """Return the lines about a frame of an interface as a format; `source`: see source_words.

    Number, date, time, size and cooked header are to be filled in.
    """
    line = frame_line("%s", "%s", "%s", "%s", source.replace("%", "%%"))
    return f"\n{plain(line).rstrip(' ')}\n%s"


@lru_cache(maxsize=1024)
def cooked_text(packet_type: int, hardware: int, protocol: int) -> str:
    """Return the line of a cooked header; empty if the protocol is negative."""
    return text_of([cooked_line(packet_type, hardware, protocol)]) if protocol >= 0 else ""
