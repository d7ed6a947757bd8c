"""Statistics as one JSON object.

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

from typing import Any

from nldissect.analysis.stats.collector import Collector
from nldissect.analysis.stats.counts import FamilyRow, TypeRow
from nldissect.analysis.stats.coverage import KINDS, CoverageRow
from nldissect.analysis.stats.errors import ErrorCounts, ErrorRow
from nldissect.analysis.stats.latency import PERCENTILES, Latency, LatencyResult
from nldissect.analysis.stats.notes import NoteRow
from nldissect.analysis.stats.objects import ObjectCounts
from nldissect.analysis.stats.processes import ProcessRow
from nldissect.analysis.stats.rate import Rate
from nldissect.capfile import time_text
from nldissect.capfile.records import SECOND
from nldissect.columns.blocks.message_case import DIRECTIONS
from nldissect.render.names import protocol_name

from .model import CaptureStats


def as_object(about: CaptureStats, brief: bool = False) -> dict[str, Any]:
    """The statistics as plain values, see the head of this module; brief: without exchanges and objects."""
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


def _type(about: CaptureStats, row: TypeRow) -> dict[str, Any]:
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


def _overview(about: CaptureStats, gathered: Collector) -> dict[str, Any]:
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


def _errors(found: ErrorCounts) -> dict[str, Any]:
    return {
        "acks": found.acks,
        "errors": [_error(row) for row in found.errors],
        "warnings": [_error(row) for row in found.warnings],
    }


def _exchanges(found: LatencyResult, decimals: int) -> dict[str, Any]:
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


def _objects(found: ObjectCounts) -> dict[str, Any]:
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


def _rate(about: CaptureStats, rate: Rate) -> dict[str, Any]:
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
