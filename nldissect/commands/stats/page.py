"""`nldissect stats FILE --html OUT`: the report page of one capture, written to a file."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing

from nldissect.analysis.processes.resolver import Processes
from nldissect.analysis.stats.collector import Collector
from nldissect.columns.blocks.message_types import MessageTypes
from nldissect.errors import FileError, NldissectError, print_notice
from nldissect.render.report.page import Report
from nldissect.render.stats import OVERVIEW
from nldissect.render.stats.model import CaptureStats, counters, counting
from nldissect.store.capture_file import CaptureFile
from nldissect.store.kept_index import FRAMES, GrowableTable, empty
from nldissect.terminal.progress import Progress

from ..exit_status import DONE, INCOMPLETE

LOOKED_AT = 2 << 20
"""So many bytes of messages about objects are looked at: each is decoded whole."""


def write_page(options: argparse.Namespace) -> int:
    """Write the page; returns the exit status."""
    if options.filter is not None or options.section or options.more or options.format == "json":
        raise NldissectError("--html tells of one whole capture; leave out -Y, -T and the section")
    with closing(CaptureFile(options.file, dict(options.families), options.order, MessageTypes())) as part:
        processes, kept, frames = Processes(None), GrowableTable(FRAMES), empty(FRAMES)
        sections = counters((*OVERVIEW, "exchanges", "objects", "processes"))
        gathered = Collector(part.context, sections, processes, LOOKED_AT)
        with Progress(part.path, printing=False) as progress:
            for block, new in part.passing():
                frames = kept.add(new)
                processes.take(block)
                gathered.add(block, counting(block, options, None))
                progress.at(block.offset + int(block.frames.end[-1]))
        cut = part.cut
        part.reader.cut = cut and cut.removeprefix(f"{part.name}: ")
        text = Report(CaptureStats(part.path, part.reader, gathered, True, options.own), part, frames, processes).text()
    if options.html == "-":
        sys.stdout.buffer.write(text.encode())
    else:
        _write(options.html, text)
    if cut:
        print_notice(cut)
    return INCOMPLETE if cut else DONE


def _write(path: str, text: str) -> None:
    try:
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
    except OSError as error:
        raise FileError(f"can't write {path}: {error.strerror}; choose another name") from None
