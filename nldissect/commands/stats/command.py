"""`nldissect stats`: what a capture holds, as tables or as one JSON object.

Keys of the object; one that does not apply is left out. Times are text with the file's own decimals, shares are of 1.

file, size, cut   its name; its bytes; where and why it ends early
files             the names, where there were several
overview          frames messages copied_events copies bytes first last backwards timeless empty cut_frames
                  big_endian_frames passed_over own dropped link_types interfaces section comments
types             list: protocol family name direction messages share bytes first last
families          list: protocol family messages share frames bytes
errors            acks; errors and warnings, lists: error text protocol request messages first_frame extack
rate              origin step timeless; buckets, a list: start messages bytes directions messages_per_second
                  bytes_per_second
exchanges         exchanges results latency; requests, a list: protocol family request exchanges refused unanswered
                  latency; slowest, a list: exchange frame protocol request port latency result. A latency has count
                  min p50 p90 p99 max, in seconds
objects           objects left; busiest, a list: object name changes what came_back first_frame last_frame
notes             list: severity kind notes first_frame texts
processes         list: pid name confidence messages share bytes requests errors
coverage          list: protocol family messages decoded opaque secret undecoded structure cut names
"""

from __future__ import annotations

import argparse
import os
import stat
import sys
from typing import Any

from nldissect.analysis.stats.collector import Gathered
from nldissect.analysis.stats.counts import FamilyRow, TypeRow
from nldissect.analysis.stats.coverage import KINDS, CoverageRow
from nldissect.analysis.stats.errors import ErrorRow, Refusals
from nldissect.analysis.stats.latency import PERCENTILES, Latency, Waited
from nldissect.analysis.stats.notes import NoteRow
from nldissect.analysis.stats.objects import Busiest
from nldissect.analysis.stats.processes import ProcessRow
from nldissect.analysis.stats.rate import Rate
from nldissect.capfile import Reader, time_text
from nldissect.capfile.records import SECOND
from nldissect.columns.block_reader import Source
from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.message_case import DIRECTIONS
from nldissect.errors import print_notice
from nldissect.filters import compile_filter
from nldissect.filters.vector_evaluator import Columns
from nldissect.render.json_text import encode
from nldissect.render.names import protocol_name
from nldissect.terminal.progress import Progress

DONE, INCOMPLETE = 0, 1
QUICK = ("types", "families", "errors", "rate")
LINK_TYPES = {253: "NETLINK", 113: "LINUX_SLL", 276: "LINUX_SLL2"}


def stats(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    if options.html:
        from nldissect.render.report.page import write_page

        return write_page(options)
    wanted = Columns(compile_filter(options.filter).tree) if options.filter is not None else None
    sections = (options.section,) if options.section else (*QUICK, "copies")
    about, cut = _counted(options.file, options, sections, wanted)
    for path in options.more:
        other, cut_too = _counted(path, options, sections, wanted)
        about.take(other)
        cut = cut or cut_too
    if options.format == "json":
        sys.stdout.write(encode(as_object(about)) + "\n")
    else:
        from nldissect.render.stats.text import print_sheet

        print_sheet(about, options.color)
    sys.stdout.flush()
    if cut:
        print_notice(cut)
    return INCOMPLETE if cut else DONE


def _counted(
    path: str, options: argparse.Namespace, sections: tuple[str, ...], wanted: Columns | None
) -> tuple[About, str | None]:
    """One file, and where and why it ends early."""
    source = Source(path, dict(options.families), options.order)
    gathered = Gathered(sections, source.context)
    with Progress(path, printing=False) as progress:
        for block in source.blocks():
            gathered.add(block, counting(block, options, None if wanted is None else wanted.mask(block, source.first)))
            progress.at(block.offset + int(block.frame_end[-1]))
    cut = source.finish()
    return About(path, source.reader, gathered, not options.section, options.own), cut


def counting(block: Block, options: argparse.Namespace, wanted: Array | None) -> Array | None:
    """Of the wanted messages those that are not hidden; None for all of the block."""
    if options.own or not (hidden := block.hidden()).any():
        return wanted
    return ~hidden if wanted is None else wanted & ~hidden


class About:
    """A capture and what was counted in it; `files` are the names of those that were read.

    whole      the overview is wanted too
    own        the capture's own frames were counted too
    hidden     how many of them were not
    size       bytes of a regular file
    decimals   the most that an interface's times have
    """

    def __init__(self, path: str, reader: Reader, gathered: Gathered, whole: bool, own: bool = False) -> None:
        self.reader = reader
        self.gathered, self.whole = gathered, whole
        self.files = [reader.name]
        self.size = _size(path)
        self.decimals = max((one.decimals for one in reader.interfaces), default=6)
        self.link_types = sorted({LINK_TYPES.get(one.linktype, str(one.linktype)) for one in reader.interfaces})
        self.interfaces = list(dict.fromkeys(one.name for one in reader.interfaces if one.name is not None))
        self.hidden = 0 if own else reader.hidden
        self.dropped = sum(one.dropped or 0 for one in reader.statistics)

    def take(self, other: About) -> None:
        """Add the coverage of another capture."""
        self.files += other.files
        if self.gathered.coverage is not None and other.gathered.coverage is not None:
            self.gathered.coverage.take(other.gathered.coverage)

    def time(self, time: int | None) -> str | None:
        return None if time is None else time_text(time, self.decimals)


def _size(path: str) -> int | None:
    try:
        about = os.stat(path)
    except OSError:
        return None
    return about.st_size if stat.S_ISREG(about.st_mode) else None


def as_object(about: About, brief: bool = False) -> dict[str, Any]:
    """The statistics as plain values, see the head of this file; brief: without exchanges and objects."""
    gathered = about.gathered
    out: dict[str, Any] = {"file": about.reader.name, "size": about.size, "cut": about.reader.cut}
    if len(about.files) > 1:
        out = {"files": about.files}
    total = gathered.overview.messages
    if about.whole:
        out["overview"] = _overview(about, gathered)
    if gathered.types is not None:
        out["types"] = [_type(about, row) for row in gathered.types.result()]
    if gathered.families is not None:
        out["families"] = [_family(row, total) for row in gathered.families.result()]
    if gathered.errors is not None:
        out["errors"] = _errors(gathered.errors.result())
    if gathered.rate is not None:
        out["rate"] = _rate(about, gathered.rate.result())
    if gathered.exchanges is not None and not brief:
        out["exchanges"] = _exchanges(gathered.exchanges.result(), about.decimals)
    if gathered.objects is not None and not brief:
        out["objects"] = _objects(gathered.objects.result())
    if gathered.notes is not None:
        out["notes"] = [_note(row) for row in gathered.notes.result()]
    if gathered.processes is not None:
        out["processes"] = [_process(row, total) for row in gathered.processes.result()]
    if gathered.coverage is not None:
        out["coverage"] = [_coverage(row) for row in gathered.coverage.result()]
    return _given(**out)


def _given(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _protocol(number: int) -> str | int:
    return protocol_name(number) or number


def _type(about: About, row: TypeRow) -> dict[str, Any]:
    return _given(
        protocol=_protocol(row.protocol), family=row.family, name=row.name, direction=row.direction,
        messages=row.messages, share=round(row.messages / about.gathered.overview.messages, 6), bytes=row.bytes,
        first=about.time(row.first), last=about.time(row.last),
    )  # fmt: skip


def _family(row: FamilyRow, total: int) -> dict[str, Any]:
    return _given(
        protocol=_protocol(row.protocol), family=row.family, messages=row.messages,
        share=round(row.messages / total, 6), frames=row.frames, bytes=row.bytes,
    )  # fmt: skip


def _note(row: NoteRow) -> dict[str, Any]:
    return {
        "severity": row.severity, "kind": row.kind, "notes": row.notes, "first_frame": row.first_frame,
        "texts": row.texts,
    }  # fmt: skip


def _process(row: ProcessRow, total: int) -> dict[str, Any]:
    return _given(
        pid=row.pid, name=row.name, confidence=row.confidence, messages=row.messages,
        share=round(row.messages / total, 6), bytes=row.bytes, requests=row.requests, errors=row.errors,
    )  # fmt: skip


def _overview(about: About, gathered: Gathered) -> dict[str, Any]:
    reader, overview, copies = about.reader, gathered.overview, gathered.copies
    return _given(
        frames=overview.frames, messages=overview.messages,
        copied_events=copies.several if copies else None, copies=copies.spare if copies else None, bytes=overview.bytes,
        first=about.time(overview.first), last=about.time(overview.last), backwards=overview.backwards,
        timeless=overview.timeless, empty=overview.empty, cut_frames=overview.cut,
        big_endian_frames=overview.big, passed_over=reader.count - overview.seen, own=about.hidden or None,
        dropped=about.dropped if reader.statistics else None, link_types=about.link_types,
        interfaces=about.interfaces or None, section=reader.section or None, comments=reader.comments or None,
    )  # fmt: skip


def _errors(found: Refusals) -> dict[str, Any]:
    return {
        "acks": found.acks,
        "errors": [_error(row) for row in found.errors],
        "warnings": [_error(row) for row in found.warnings],
    }


def _exchanges(found: Waited, decimals: int) -> dict[str, Any]:
    def latency(one: Latency) -> dict[str, Any] | None:
        if not one.count:
            return None
        times = [one.least, *one.percentiles, one.most]
        names = ("min", *(f"p{part}" for part in PERCENTILES), "max")
        return {"count": one.count} | dict(zip(names, [time_text(time, decimals) for time in times], strict=True))

    return _given(
        exchanges=found.exchanges, results=found.results, latency=latency(found.latency),
        requests=[
            _given(
                protocol=_protocol(row.protocol), family=row.family, request=row.request, exchanges=row.exchanges,
                refused=row.refused, unanswered=row.unanswered, latency=latency(row.latency),
            )
            for row in found.requests
        ],
        slowest=[
            _given(
                exchange=row.exchange, frame=row.frame, protocol=_protocol(row.protocol), request=row.request,
                port=row.port or None, latency=time_text(row.latency, decimals), result=row.result,
            )
            for row in found.slowest
        ],
    )  # fmt: skip


def _objects(found: Busiest) -> dict[str, Any]:
    return _given(
        objects=len(found.rows), left=found.left or None,
        busiest=[
            _given(
                object=row.object, name=row.name, changes=row.changes, what=dict(row.what.most_common()),
                came_back=row.came_back or None, first_frame=row.first_frame, last_frame=row.last_frame,
            )
            for row in found.rows
        ],
    )  # fmt: skip


def _error(row: ErrorRow) -> dict[str, Any]:
    return _given(
        error=row.name if row.error else None, text=row.text or None, protocol=_protocol(row.protocol),
        request=row.request, messages=row.messages, first_frame=row.first_frame, extack=row.extack or None,
    )  # fmt: skip


def _rate(about: About, rate: Rate) -> dict[str, Any]:
    buckets = []
    for bucket in rate.buckets:
        out = _given(
            start=time_text(bucket.start, 9), messages=bucket.messages, bytes=bucket.bytes,
            directions={name: count for name, count in zip(DIRECTIONS, bucket.directions, strict=True) if count},
        )  # fmt: skip
        if rate.step is not None:
            out["messages_per_second"] = round(bucket.messages * SECOND / rate.step, 3)
            out["bytes_per_second"] = round(bucket.bytes * SECOND / rate.step, 3)
        buckets.append(out)
    step = None if rate.step is None else time_text(rate.step, 9)
    origin = about.time(about.gathered.overview.origin)
    return _given(origin=origin, step=step, timeless=rate.timeless, buckets=buckets)


def _coverage(row: CoverageRow) -> dict[str, Any]:
    sizes = {name: getattr(row, name) for name in KINDS}
    names = dict(row.names.most_common())
    return _given(
        protocol=_protocol(row.protocol), family=row.family, messages=row.messages, **sizes, names=names or None
    )
