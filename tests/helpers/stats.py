"""What `nldissect stats` counts, as the command prints it and from the columns."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

from nldissect.analysis.stats.collector import Collector
from nldissect.analysis.stats.rate import Rate
from nldissect.columns.block_reader import BlockReader
from nldissect.render.stats.model import counters
from tests.helpers.cli import lines
from tests.helpers.messages import ROUTE, frame, link
from tests.helpers.pcap_bytes import SECONDS, pcap

START = SECONDS * 10**9
MS = 10**6


def gathered(path: Path, *sections: str, window: int = 1 << 20) -> Collector:
    source = BlockReader(str(path), window=window)
    found = Collector(source.context, counters(sections))
    for one in source.blocks():
        found.add(one)
    source.finish()
    return found


def rate_of(path: Path, window: int = 1 << 20) -> Rate:
    rate: Rate = gathered(path, "rate", window=window).sections["rate"].result()
    return rate


def stats(path: object, *options: object, status: int = 0, stdin: bytes | None = None) -> Any:
    return json.loads("".join(lines("stats", path, *options, "-T", "json", status=status, stdin=stdin)))


def at_times(path: Path, *times: int) -> Path:
    """A pcap of one message a frame, at these microseconds after SECONDS."""
    data = frame(ROUTE, link(1))
    records = b""
    for time in times:
        seconds, rest = divmod(SECONDS * 10**6 + time, 10**6)
        records += struct.pack("<IIII", seconds, rest, len(data), len(data)) + data
    path.write_bytes(pcap() + records)
    return path


def beginning_at(path: Path, capture: Path, time: int) -> Path:
    """A little-endian pcap of microseconds with its frames moved in time: the first is at `time`, nanoseconds."""
    data = bytearray(capture.read_bytes())
    assert struct.pack("<I", 0xA1B2C3D4) == data[:4]
    at, moved = 24, None
    while at < len(data):
        seconds, rest, length = struct.unpack_from("<III", data, at)
        now = seconds * 10**6 + rest
        moved = time // 1000 - now if moved is None else moved
        struct.pack_into("<II", data, at, *divmod(now + moved, 10**6))
        at += 16 + length
    path.write_bytes(data)
    return path
