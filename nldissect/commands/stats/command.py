"""`nldissect stats`: what a capture holds, as tables or as one JSON object (render/stats/json.py)."""

from __future__ import annotations

import argparse
import sys

from nldissect.analysis.stats.collector import Collector
from nldissect.columns.block_reader import BlockReader
from nldissect.errors import print_notice
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
    wanted = VectorFilter(compile_filter(options.filter).tree) if options.filter is not None else None
    sections = (options.section,) if options.section else OVERVIEW
    about, cut = _counted(options.file, options, sections, wanted)
    for path in options.more:
        other, cut_too = _counted(path, options, sections, wanted)
        about.take(other)
        cut = cut or cut_too
    if options.format == "json":
        sys.stdout.write(encode(as_object(about)) + "\n")
    else:
        from nldissect.render.stats.text import print_sheet

        print_sheet(about, options.color, options.pedantic)
    sys.stdout.flush()
    if cut:
        print_notice(cut)
    return INCOMPLETE if cut else DONE


def _counted(
    path: str, options: argparse.Namespace, sections: tuple[str, ...], wanted: VectorFilter | None
) -> tuple[CaptureStats, str | None]:
    """One file, and where and why it ends early."""
    source = BlockReader(path, dict(options.families), options.order)
    gathered = Collector(source.context, counters(sections), copies=not options.section)
    with Progress(path, printing=False) as progress:
        for block in source.blocks():
            gathered.add(block, counting(block, options, None if wanted is None else wanted.mask(block, source.first)))
            progress.at(block.offset + int(block.frames.end[-1]))
    cut = source.finish()
    return CaptureStats(path, source.reader, gathered, not options.section, options.own), cut
