"""`nldissect stats`: what captures hold, as tables or as one JSON object (render/stats/json.py)."""

from __future__ import annotations

import argparse
import sys
from functools import partial

from nldissect.analysis.stats.collector import Collector
from nldissect.columns.block_reader import BlockReader
from nldissect.columns.blocks.block import Block
from nldissect.columns.merged_blocks import merged_blocks
from nldissect.errors import FileError, print_notice
from nldissect.filters import compile_filter
from nldissect.filters.vector_evaluator import VectorFilter
from nldissect.render.json_text import encode
from nldissect.render.stats import OVERVIEW
from nldissect.render.stats.json import as_object
from nldissect.render.stats.model import CaptureStats, counters, counting
from nldissect.terminal.progress import Progress

from ..exit_status import DONE, INCOMPLETE


def stats(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    if options.html:
        from .page import write_page

        return write_page(options)
    files = [options.file, *options.more]
    if files.count("-") > 1:
        raise FileError("standard input can be read once only; name it once")
    about, cuts = _counted(files, options)
    if options.format == "json":
        sys.stdout.write(encode(as_object(about)) + "\n")
    else:
        from nldissect.render.stats.text import print_sheet

        print_sheet(about, options.color, options.pedantic)
    sys.stdout.flush()
    for cut in cuts:
        print_notice(cut)
    return INCOMPLETE if cuts else DONE


def _counted(paths: list[str], options: argparse.Namespace) -> tuple[CaptureStats, list[str]]:
    """Count each file by itself, and add the counts; return them, and where and why files end early."""
    readers = [BlockReader(path, dict(options.families), options.order) for path in paths]
    files = [_FileCounts(reader, options, readers) for reader in readers]
    with Progress(*paths, printing=False) as progress:
        for reader in readers:
            reader.whole.progress = progress.at
        for place, block in merged_blocks(readers):
            files[place].add(block)
            progress.at(sum(file.done for file in files))
    cuts = [cut for reader in readers if (cut := reader.finish()) is not None]
    about, *others = [file.stats() for file in files]
    for other in others:
        about.take(other)
    return about, cuts


class _FileCounts:
    """Counts of one file, and how many bytes of it are done."""

    def __init__(self, reader: BlockReader, options: argparse.Namespace, readers: list[BlockReader]) -> None:
        self.reader, self.options, self.done = reader, options, 0
        self.filter = None if options.filter is None else VectorFilter(compile_filter(options.filter).tree)
        self.origin = partial(_origin, readers)
        sections = (options.section,) if options.section else OVERVIEW
        file = reader.reader.name if len(readers) > 1 else None
        copies = not options.section
        self.counts = Collector(reader.context, counters(sections), copies=copies, file=file, origin=self.origin)

    def add(self, block: Block) -> None:
        wanted = None if self.filter is None else self.filter.mask(block, self.origin())
        self.counts.add(block, counting(block, self.options, wanted))
        self.done = block.offset + int(block.frames.end[-1])

    def stats(self) -> CaptureStats:
        whole = not self.options.section
        return CaptureStats(self.reader.path, self.reader.reader, self.counts, whole, self.options.own)


def _origin(readers: list[BlockReader]) -> int | None:
    """Return the time from which relative times count: the earliest of the files' first ones."""
    return min((reader.first for reader in readers if reader.first is not None), default=None)
