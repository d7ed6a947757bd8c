"""Messages and bytes over time.

JSON: origin step timeless; buckets, a list: start messages bytes directions messages_per_second bytes_per_second
"""

from __future__ import annotations

from typing import Any

from nldissect.analysis.stats.collector import CounterInputs
from nldissect.analysis.stats.rate import Rate, RateCounter
from nldissect.capfile import time_text
from nldissect.capfile.records import SECOND
from nldissect.columns.blocks.message_type import DIRECTIONS
from nldissect.render.list_columns import ARROWS, ROLES
from nldissect.terminal.table import TableColumn

from ..columns import numbers
from ..model import CaptureStats
from ..overview import counted
from ..rate_chart import bar, decimals_of, duration, rates
from ..sheet import StatsText
from ..values import given

LEAST_BAR, WIDEST_BAR = 10, 60


def counter(inputs: CounterInputs) -> RateCounter:
    return RateCounter(inputs.origin)


def as_object(about: CaptureStats, rate: Rate) -> dict[str, Any]:
    buckets = []
    for bucket in rate.buckets:
        out = given(
            start=time_text(bucket.start, 9), messages=bucket.messages, bytes=bucket.bytes,
            directions={name: count for name, count in zip(DIRECTIONS, bucket.directions, strict=True) if count},
        )  # fmt: skip
        if rate.step is not None:
            out["messages_per_second"] = round(bucket.messages * SECOND / rate.step, 3)
            out["bytes_per_second"] = round(bucket.bytes * SECOND / rate.step, 3)
        buckets.append(out)
    step = None if rate.step is None else time_text(rate.step, 9)
    origin = about.time(about.gathered.overview.origin)
    return given(origin=origin, step=step, timeless=rate.timeless, buckets=buckets)


def print_text(sheet: StatsText, rate: Rate) -> None:
    more = [] if rate.step is None else [f"a line is {duration(rate.step)}"]
    if rate.timeless:
        more.append(f"{counted(rate.timeless, 'message')} without a time not counted")
    sheet.title("Rate", ", ".join(more))
    if not rate.buckets:
        sheet.page.line(("dim", "no messages with a time"))
        return
    buckets = rate.buckets
    decimals = decimals_of([bucket.start for bucket in buckets])
    columns = [
        TableColumn("time", True, cells=[("dim", time_text(bucket.start, decimals)) for bucket in buckets]),
        numbers("messages", [bucket.messages for bucket in buckets]),
        numbers("bytes", [bucket.bytes for bucket in buckets]),
    ]
    if rate.step is not None:
        columns[1:] = [
            TableColumn("messages/s", True, cells=rates([bucket.messages for bucket in buckets], rate.step)),
            TableColumn("bytes/s", True, cells=rates([bucket.bytes for bucket in buckets], rate.step)),
        ]
    for place, name in enumerate(DIRECTIONS):
        counts = [bucket.directions[place] for bucket in buckets]
        if any(counts):
            cells = [(ROLES.get(name, ""), str(count) if count else "") for count in counts]
            columns.append(TableColumn(ARROWS[name][not sheet.page.unicode].strip(), True, cells=cells))
    room = sheet.page.width - sum(column.width + 2 for column in columns)
    width = min(max(room, LEAST_BAR), WIDEST_BAR)
    most = max(bucket.messages for bucket in buckets)
    bars = [bar(bucket, most, width, sheet.page.unicode) for bucket in buckets]
    sheet.page.table(columns, bars)
