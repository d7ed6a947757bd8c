"""View of messages over time, in steps of a round length."""

from __future__ import annotations

from collections.abc import Iterator

from nldissect.analysis.stats.counts import CountedMessages
from nldissect.analysis.stats.rate import Rate, RateCounter
from nldissect.capfile import time_text
from nldissect.capfile.records import SECOND
from nldissect.columns.blocks.message_type import DIRECTIONS
from nldissect.render.list_columns import ARROWS
from nldissect.wire.protocol import NOTIFICATION, TO_KERNEL, TO_USER

from . import Heading, TableLine, ViewInput

SHOWN = (TO_KERNEL, TO_USER, NOTIFICATION)
HEADINGS = [
    Heading("From", right=True),
    Heading("Messages", right=True),
    Heading("a second", right=True),
    Heading("", bar=True),
    *(Heading(ARROWS[way][0], right=True) for way in SHOWN),
    Heading("Bytes", right=True),
]


def rows(scene: ViewInput) -> Iterator[list[TableLine]]:
    """Yield the table of steps from the first to the last message, empty ones included."""
    first = scene.store.capture.first
    rates = RateCounter(lambda: first)
    for block, _, mask in scene.blocks():
        rates.add(CountedMessages(block, mask))
        yield _lines(rates.result())
    yield _lines(rates.result())


def _lines(rate: Rate) -> list[TableLine]:
    most = max((bucket.messages for bucket in rate.buckets), default=0) or 1
    decimals = 0
    while rate.step is not None and decimals < 9 and rate.step % 10 ** (9 - decimals):
        decimals += 1
    lines = []
    for bucket in rate.buckets:
        a_second = "" if rate.step is None else f"{bucket.messages * SECOND / rate.step:,.6g}"
        ways = [bucket.directions[DIRECTIONS.index(way)] for way in SHOWN]
        cells = [
            time_text(bucket.start, decimals),
            f"{bucket.messages:,}",
            a_second,
            str(bucket.messages / most),
            *(f"{count:,}" if count else "" for count in ways),
            f"{bucket.bytes:,}",
        ]
        lines.append(TableLine(cells, None, _test(bucket.start, rate.step)))
    return lines


def _test(start: int, step: int | None) -> str:
    behind = f"frame.time_relative >= {_seconds(start)}"
    return behind if step is None else f"{behind} and frame.time_relative < {_seconds(start + step)}"


def _seconds(time: int) -> str:
    return time_text(time, 9).rstrip("0").rstrip(".") + "s"
