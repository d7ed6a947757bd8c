"""Counts of one capture, as `stats`, its page and the views show them."""

from __future__ import annotations

import argparse
import os
import stat
from collections.abc import Iterable, Mapping
from typing import Any

from nldissect.analysis.stats.collector import Collector, MakeCounter
from nldissect.capfile import Reader, time_text
from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array

from . import section_module

LINK_TYPES = {253: "NETLINK", 113: "LINUX_SLL", 276: "LINUX_SLL2"}


def counters(names: Iterable[str]) -> Mapping[str, MakeCounter]:
    """Return for each of these sections the function that makes its counter."""
    return {name: section_module(name).counter for name in names}


def counting(block: Block, options: argparse.Namespace, wanted: Array | None) -> Array | None:
    """Of the wanted messages those that are not hidden; None for all of the block."""
    if options.own or not (hidden := block.hidden_messages()).any():
        return wanted
    return ~hidden if wanted is None else wanted & ~hidden


class CaptureStats:
    """A capture and what was counted in it; `files` are the names of those that were read.

    whole      the overview is wanted too
    own        the capture's own frames were counted too
    hidden     how many of them were not
    size       bytes of a regular file
    decimals   the most that an interface's times have
    """

    def __init__(self, path: str, reader: Reader, gathered: Collector, whole: bool, own: bool = False) -> None:
        self.reader = reader
        self.gathered, self.whole = gathered, whole
        self.files = [reader.name]
        self.size = _size(path)
        self.decimals = max((one.decimals for one in reader.interfaces), default=6)
        self.link_types = sorted({LINK_TYPES.get(one.linktype, str(one.linktype)) for one in reader.interfaces})
        self.interfaces = list(dict.fromkeys(one.name for one in reader.interfaces if one.name is not None))
        self.hidden = 0 if own else reader.hidden
        self.dropped = sum(one.dropped or 0 for one in reader.statistics)

    def take(self, other: CaptureStats) -> None:
        """Add the coverage of another capture."""
        self.files += other.files
        coverage: Any = self.gathered.sections["coverage"]
        coverage.take(other.gathered.sections["coverage"])

    @property
    def total(self) -> int:
        """The number of messages that were counted."""
        return self.gathered.overview.messages

    def time(self, time: int | None) -> str | None:
        return None if time is None else time_text(time, self.decimals)


def _size(path: str) -> int | None:
    try:
        about = os.stat(path)
    except OSError:
        return None
    return about.st_size if stat.S_ISREG(about.st_mode) else None
