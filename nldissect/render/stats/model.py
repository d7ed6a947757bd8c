"""Counts of one capture or several, as `stats`, its page and the views show them."""

from __future__ import annotations

import argparse
import os
import stat
from collections.abc import Iterable, Mapping

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
    """A capture, or several, and what was counted in them.

    files      names of the files that were read
    cuts       where and why files end early: name, text
    whole      the overview is wanted too
    own        the capture's own frames were counted too
    size       bytes of a regular file, of several together; None if one is none
    decimals   the most that an interface's times have
    records    number of records, netlink or not
    hidden     how many frames of the capture itself were not counted
    dropped    number of packets that the kernel dropped; None where no file tells it
    """

    def __init__(self, path: str, reader: Reader, gathered: Collector, whole: bool, own: bool = False) -> None:
        self.gathered, self.whole = gathered, whole
        self.files = [reader.name]
        self.cuts = [] if reader.cut is None else [(reader.name, reader.cut)]
        self.size = _size(path)
        self.decimals = max((one.decimals for one in reader.interfaces), default=6)
        self.link_types = sorted({LINK_TYPES.get(one.linktype, str(one.linktype)) for one in reader.interfaces})
        self.interfaces = list(dict.fromkeys(one.name for one in reader.interfaces if one.name is not None))
        self.records = reader.count
        self.hidden = 0 if own else reader.hidden
        self.dropped = sum(one.dropped or 0 for one in reader.statistics) if reader.statistics else None
        self.sections, self.comments = [reader.section], list(reader.comments)

    def take(self, other: CaptureStats) -> None:
        """Add another file."""
        self.gathered.take(other.gathered)
        self.files += other.files
        self.cuts += other.cuts
        self.size = None if self.size is None or other.size is None else self.size + other.size
        self.decimals = max(self.decimals, other.decimals)
        self.link_types = sorted({*self.link_types, *other.link_types})
        self.interfaces = list(dict.fromkeys([*self.interfaces, *other.interfaces]))
        self.records += other.records
        self.hidden += other.hidden
        self.dropped = None if self.dropped is other.dropped is None else (self.dropped or 0) + (other.dropped or 0)
        self.sections += other.sections
        self.comments = list(dict.fromkeys([*self.comments, *other.comments]))

    @property
    def total(self) -> int:
        """The number of messages that were counted."""
        return self.gathered.overview.messages

    @property
    def section(self) -> dict[str, str]:
        """The system and the application that wrote it; of several files the different ones, joined."""
        texts: dict[str, dict[str, None]] = {}
        for key, text in (one for section in self.sections for one in section.items()):
            texts.setdefault(key, {})[text] = None
        return {key: "; ".join(some) for key, some in texts.items()}

    @property
    def passed_over(self) -> int:
        """The number of records that are not netlink."""
        return self.records - self.gathered.overview.seen

    @property
    def cut_texts(self) -> list[str]:
        """Places and reasons of early ends, with the file where there are several."""
        return [cut if len(self.files) == 1 else f"{name}: {cut}" for name, cut in self.cuts]

    def time(self, time: int | None) -> str | None:
        return None if time is None else time_text(time, self.decimals)


def _size(path: str) -> int | None:
    try:
        about = os.stat(path)
    except OSError:
        return None
    return about.st_size if stat.S_ISREG(about.st_mode) else None
