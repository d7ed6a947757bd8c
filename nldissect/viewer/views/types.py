"""View of message types: number of each name and direction, and their share."""

from __future__ import annotations

from collections.abc import Iterator

from nldissect.analysis.stats.counts import TypeCounts
from nldissect.escapes import escaped
from nldissect.render.list_columns import ARROWS, ROLES, UNKNOWN

from . import Cell, Heading, TableLine, ViewInput
from .counting import counting, of_type, protocol_shown

HEADINGS = [
    Heading(""),
    Heading("Protocol"),
    Heading("Type"),
    Heading("Messages", right=True),
    Heading("Share", bar=True),
    Heading("Bytes", right=True),
]


def rows(scene: ViewInput) -> Iterator[list[TableLine]]:
    """Yield the table of types, the most frequent first."""
    types = TypeCounts()
    for total in counting(scene, types):
        yield _lines(types, total)


def _lines(types: TypeCounts, total: int) -> list[TableLine]:
    lines = []
    for row in types.result():
        way = row.direction or ""
        role = ROLES.get(way, "")
        cells: list[Cell] = [
            (role, ARROWS.get(way, UNKNOWN)[0]),
            escaped(row.family or "") or protocol_shown(row.protocol),
            (role, escaped(row.name) or "-"),
            f"{row.messages:,}",
            str(row.messages / total),
            f"{row.bytes:,}",
        ]
        lines.append(TableLine(cells, None, of_type(row.protocol, row.family, row.name, row.direction)))
    return lines
