"""pcap files of netlink as the generators read and write them: little-endian, microseconds, link type 253."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FILE_HEADER = struct.Struct("<IHHiIII")
RECORD = struct.Struct("<IIII")
MAGIC, LINK_TYPE, SNAPLEN = 0xA1B2C3D4, 253, 262_144
FIRST = FILE_HEADER.pack(MAGIC, 2, 4, 0, 0, SNAPLEN, LINK_TYPE)
MICROSECONDS = 1_000_000


class Record(NamedTuple):
    """A captured frame; `time` counts microseconds, `wire_length` is its length before a snap length cut it."""

    time: int
    data: bytes
    wire_length: int


def read(path: Path) -> Iterator[Record]:
    """Yield the records of a file; ValueError if it is of another sort."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        magic, _, _, _, _, _, link_type = FILE_HEADER.unpack_from(data)
        if (magic, link_type) != (MAGIC, LINK_TYPE):
            raise ValueError(f"{path} is not a little-endian pcap of link type {LINK_TYPE}")
        at = FILE_HEADER.size
        while at + RECORD.size <= len(data):
            seconds, fraction, captured, wire_length = RECORD.unpack_from(data, at)
            at += RECORD.size
            yield Record(seconds * MICROSECONDS + fraction, data[at : at + captured], wire_length)
            at += captured


def header(time: int, captured: int, wire_length: int) -> bytes:
    """Return the header of a record."""
    return RECORD.pack(*divmod(time, MICROSECONDS), captured, wire_length)
