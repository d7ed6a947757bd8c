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
