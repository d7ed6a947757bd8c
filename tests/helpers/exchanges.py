"""Exchanges of a capture: as the command prints them, and as they are collected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nldissect.analysis.exchanges.table import Exchanges
from nldissect.columns.block_reader import BlockReader
from tests.helpers.cli import lines

DUMP = 0x300


def printed_exchanges(path: Path | str, *options: str) -> list[dict[str, Any]]:
    """What the command says of a capture, as JSON."""
    found: list[dict[str, Any]] = json.loads("\n".join(lines("exchanges", str(path), "-T", "json", *options)))
    return found


def exchanges_of(path: Path, window: int = 1 << 20, asking: bool = False) -> Exchanges:
    """The exchanges of a capture; `asking` for them after each block."""
    source = BlockReader(str(path), window=window)
    found = Exchanges()
    for block in source.blocks():
        found.add(block)
        if asking:
            found.table()
    source.finish()
    return found
