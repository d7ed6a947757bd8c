"""Messages by protocol, name and direction.

JSON: a list: protocol family name direction messages share bytes first last
"""

from __future__ import annotations

from typing import Any

from nldissect.analysis.stats.collector import CounterInputs
from nldissect.analysis.stats.counts import TypeCounts, TypeRow
from nldissect.escapes import escaped
from nldissect.render.list_columns import ARROWS, ROLES, UNKNOWN
from nldissect.terminal.table import TableColumn

from ..columns import numbers, short
from ..model import CaptureStats
from ..sheet import StatsText
from ..values import given, protocol


def counter(inputs: CounterInputs) -> TypeCounts:
    return TypeCounts()


def as_object(about: CaptureStats, rows: list[TypeRow]) -> list[dict[str, Any]]:
    return [_row(about, row) for row in rows]


def _row(about: CaptureStats, row: TypeRow) -> dict[str, Any]:
    return given(
        protocol=protocol(row.protocol), family=row.family, name=row.name, direction=row.direction,
        messages=row.messages, share=round(row.messages / about.total, 6), bytes=row.bytes,
        first=about.time(row.first), last=about.time(row.last),
    )  # fmt: skip


def print_text(sheet: StatsText, rows: list[TypeRow]) -> None:
    sheet.title("Types")
    if not rows:
        sheet.page.line(("dim", "no messages"))
        return
    rows, left = sheet.most(rows)
    roles = [ROLES.get(row.direction or "", "") for row in rows]
    arrows = [ARROWS.get(row.direction or "", UNKNOWN)[not sheet.page.unicode] for row in rows]
    names = [escaped(row.name) or "-" for row in rows]
    sheet.page.table(
        [
            TableColumn("protocol", cells=[("", short(row.protocol)) for row in rows]),
            TableColumn("type", cells=list(zip(roles, names, strict=True))),
            TableColumn("", cells=list(zip(roles, arrows, strict=True))),
            numbers("messages", [row.messages for row in rows]),
            sheet.shares([row.messages for row in rows]),
            numbers("bytes", [row.bytes for row in rows]),
            TableColumn("first", True, True, [("dim", sheet.since(row.first)) for row in rows]),
            TableColumn("last", True, True, [("dim", sheet.since(row.last)) for row in rows]),
        ]
    )
    sheet.left(left, "types")
