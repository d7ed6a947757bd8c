"""pcap and pcapng by hand: the blocks that the tests of capture files are made of."""

from __future__ import annotations

import io
import struct

from nldissect.capfile import (
    Record,
    open_capture,
)

SECONDS, MICRO = 1763930784, 636504

FRAMES = [b"\x00\x04\x03\x38" + bytes(12) + bytes([n]) * n for n in (20, 0, 33, 7)]


def pcap(order: str = "<", magic: int = 0xA1B2C3D4, linktype: int = 253, snaplen: int = 262144) -> bytes:
    return struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, snaplen, linktype)


def pcap_record(data: bytes, order: str = "<", fraction: int = MICRO, wire: int | None = None) -> bytes:
    return struct.pack(f"{order}IIII", SECONDS, fraction, len(data), len(data) if wire is None else wire) + data


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    body += bytes(-len(body) % 4)
    return struct.pack(f"{order}II", kind, len(body) + 12) + body + struct.pack(f"{order}I", len(body) + 12)


def option(code: int, value: bytes, order: str = "<") -> bytes:
    return struct.pack(f"{order}HH", code, len(value)) + value + bytes(-len(value) % 4)


def section(order: str = "<", options: bytes = b"") -> bytes:
    return block(0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1) + options, order)


def described(order: str = "<", options: bytes = b"", linktype: int = 253, snaplen: int = 262144) -> bytes:
    return block(1, struct.pack(f"{order}HHI", linktype, 0, snaplen) + options, order)


def packet(data: bytes, ticks: int, order: str = "<", interface: int = 0, options: bytes = b"") -> bytes:
    head = struct.pack(f"{order}IIIII", interface, ticks >> 32, ticks & 0xFFFFFFFF, len(data), len(data))
    return block(6, head + data + bytes(-len(data) % 4) + options, order)


def read(data: bytes) -> tuple[list[Record], str | None]:
    reader = open_capture(io.BytesIO(data))
    return list(reader), reader.finish()
