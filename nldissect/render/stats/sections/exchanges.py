"""Latency of exchanges by request, and the slowest exchanges.

JSON: exchanges results latency; requests, a list: protocol family request exchanges refused unanswered latency;
slowest, a list: exchange frame protocol request port latency result file. A latency has count min p50 p90 p99 max, in
seconds
"""

from __future__ import annotations

from typing import Any

from nldissect.analysis.stats.collector import CounterInputs
from nldissect.analysis.stats.latency import PERCENTILES, Latency, LatencyCounter, LatencyResult
from nldissect.capfile import time_text
from nldissect.escapes import escaped
from nldissect.render.durations import latency_text
from nldissect.render.list_columns import protocol_shown
from nldissect.terminal.table import TableColumn

from ..columns import files, numbers
from ..model import CaptureStats
from ..overview import counted
from ..sheet import StatsText
from ..values import given, protocol


def counter(inputs: CounterInputs) -> LatencyCounter:
    return LatencyCounter(inputs.file)


def as_object(about: CaptureStats, found: LatencyResult) -> dict[str, Any]:
    def latency(one: Latency) -> dict[str, Any] | None:
        if not one.count:
            return None
        times = [one.least, *one.percentiles, one.most]
        names = ("min", *(f"p{part}" for part in PERCENTILES), "max")
        return {"count": one.count} | dict(zip(names, [time_text(time, about.decimals) for time in times], strict=True))

    return given(
        exchanges=found.exchanges, results=found.results, latency=latency(found.latency),
        requests=[
            given(
                protocol=protocol(row.protocol), family=row.family, request=row.request, exchanges=row.exchanges,
                refused=row.refused, unanswered=row.unanswered, latency=latency(row.latency),
            )
            for row in found.requests
        ],
        slowest=[
            given(
                exchange=row.exchange, frame=row.frame, protocol=protocol(row.protocol), request=row.request,
                port=row.port or None, latency=time_text(row.latency, about.decimals), result=row.result,
                file=row.file,
            )
            for row in found.slowest
        ],
    )  # fmt: skip


def print_text(sheet: StatsText, found: LatencyResult) -> None:
    sheet.title("Exchanges")
    if not found.exchanges:
        sheet.page.line(("dim", "no message takes part in an exchange"))
        return
    told = ", ".join(f"{count} {name}" for name, count in found.results.items())
    sheet.page.line(("", f"{counted(found.exchanges, 'exchange')}: {told}"))
    sheet.page.line()
    sheet.page.table(
        [
            TableColumn("protocol", cells=[("", protocol_shown(row.protocol)) for row in found.requests]),
            TableColumn("request", cells=[("", escaped(row.request or "(not captured)")) for row in found.requests]),
            numbers("exchanges", [row.exchanges for row in found.requests]),
            numbers("refused", [row.refused for row in found.requests]),
            numbers("unanswered", [row.unanswered for row in found.requests]),
            *(
                TableColumn(
                    f"{part}% within", True, cells=[("", _within(row.latency, place)) for row in found.requests]
                )
                for place, part in enumerate(PERCENTILES)
            ),
            TableColumn("slowest", True, cells=[("", _slowest(row.latency)) for row in found.requests]),
        ]
    )
    if not found.slowest:
        return
    sheet.page.line()
    sheet.page.line(("title", "The slowest"))
    sheet.page.table(
        [
            numbers("exchange", [row.exchange for row in found.slowest]),
            numbers("frame", [row.frame for row in found.slowest]),
            TableColumn("port", True, cells=[("", str(row.port or "-")) for row in found.slowest]),
            TableColumn("request", cells=[("", escaped(row.request)) for row in found.slowest]),
            TableColumn("latency", True, cells=[("", latency_text(row.latency)) for row in found.slowest]),
            TableColumn("result", cells=[("", row.result) for row in found.slowest]),
            *files([row.file for row in found.slowest]),
        ]
    )
    first = found.slowest[0]
    if first.file is None:
        sheet.page.line(("dim", f"One of them in full: `nldissect read FILE -Y 'exchange.id == {first.exchange}'`"))


def _within(latency: Latency, place: int) -> str:
    return latency_text(latency.percentiles[place]) if latency.count else "-"


def _slowest(latency: Latency) -> str:
    return latency_text(latency.most) if latency.count else "-"
