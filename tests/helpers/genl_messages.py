"""Messages of generic families laid out as the kernel's source does it, read by all three readers at once."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

from nldissect.render.summaries.summary import summary_of
from nldissect.wire import Context, DecodedMessage, nlmon, walk
from tests.helpers.captures import plain
from tests.helpers.column_hits import compare
from tests.helpers.messages import GENERIC, REQUEST, attribute, frame, message, write

FAMILY = 0x1C
NESTED = 0x8000


def u8(value: int) -> bytes:
    return struct.pack("<B", value)


def u16(value: int) -> bytes:
    return struct.pack("<H", value)


def u32(value: int) -> bytes:
    return struct.pack("<I", value)


def s32(value: int) -> bytes:
    return struct.pack("<i", value)


def u64(value: int) -> bytes:
    return struct.pack("<Q", value)


def text(value: str) -> bytes:
    return value.encode() + b"\0"


def attrs(given: dict[int, Any]) -> bytes:
    """Attributes by number: bytes, dicts for nests, lists for what repeats."""
    parts = []
    for number, value in given.items():
        for one in value if isinstance(value, list) else [value]:
            nested = isinstance(one, dict)
            parts.append(attribute(number | NESTED * nested, attrs(one) if nested else one))
    return b"".join(parts)


def told(family: str) -> bytes:
    """nlctrl's word that FAMILY is this family."""
    body = bytes([1, 2, 0, 0]) + attribute(1, u16(FAMILY)) + attribute(2, text(family))
    return frame(GENERIC, message(16, body, seq=1, pid=9))


def said(tmp_path: Path, family: str, command: int, given: dict[int, Any], to: str = "user") -> DecodedMessage:
    """The message as walked, without a note; Scapy rebuilds it, columns find the same."""
    flags = REQUEST if to == "kernel" else 0
    seq, pid = (0, 0) if to == "notification" else (7, 99)
    body = bytes([command, 1, 0, 0]) + attrs(given)
    datagram = frame(GENERIC, message(FAMILY, body, flags, seq, pid))
    compare(write(tmp_path / "case.pcap", told(family), datagram))
    context = Context("little")
    context.learn("genl", FAMILY, family)
    assert datagram == bytes(nlmon(datagram, _context=context))
    (walked,) = walk(datagram, context).messages
    assert [] == walked.notes
    return walked


def values(walked: DecodedMessage) -> dict[str, Any]:
    """The attributes behind the generic header, as NDJSON has them; long prefixes as they are."""
    found: dict[str, Any] = plain(walked.layers[-1])["attrs"]
    return found


def line(walked: DecodedMessage) -> str:
    """The summary."""
    return summary_of(walked)
