"""Messages by protocol and generic netlink family.

JSON: a list: protocol family messages share frames bytes
"""

from __future__ import annotations

from typing import Any

from nldissect.analysis.stats.collector import CounterInputs
from nldissect.analysis.stats.counts import FamilyCounts, FamilyRow

from ..columns import family_columns, numbers
from ..model import CaptureStats
from ..sheet import StatsText
from ..values import given, protocol


def counter(inputs: CounterInputs) -> FamilyCounts:
    return FamilyCounts()


def as_object(about: CaptureStats, rows: list[FamilyRow]) -> list[dict[str, Any]]:
    return [_row(row, about.total) for row in rows]


def _row(row: FamilyRow, total: int) -> dict[str, Any]:
    return given(
        protocol=protocol(row.protocol), family=row.family, messages=row.messages,
        share=round(row.messages / total, 6), frames=row.frames, bytes=row.bytes,
    )  # fmt: skip


def print_text(sheet: StatsText, rows: list[FamilyRow]) -> None:
    sheet.title("Families")
    if not rows:
        sheet.page.line(("dim", "no messages"))
        return
    sheet.page.table(
        [
            *family_columns([(row.protocol, row.family) for row in rows]),
            numbers("messages", [row.messages for row in rows]),
            sheet.shares([row.messages for row in rows]),
            numbers("frames", [row.frames for row in rows]),
            numbers("bytes", [row.bytes for row in rows]),
        ]
    )
