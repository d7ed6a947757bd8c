"""Types of messages: how many of each name and direction, and their share."""

from __future__ import annotations

from collections.abc import Iterator

from nldissect.analysis.stats.counts import Types
from nldissect.escapes import escaped
from nldissect.render.list_columns import ARROWS, ROLES, UNKNOWN

from . import Cell, Heading, Line, Scene
from .counting import counting, of_type, protocol_shown

HEADINGS = [
    Heading(""),
    Heading("Protocol"),
    Heading("Type"),
    Heading("Messages", right=True),
    Heading("Share", bar=True),
    Heading("Bytes", right=True),
]


def rows(scene: Scene) -> Iterator[list[Line]]:
    """The most frequent first."""
    types = Types()
    for total in counting(scene, types):
        yield _lines(types, total)


def _lines(types: Types, total: int) -> list[Line]:
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
        lines.append(Line(cells, None, of_type(row.protocol, row.family, row.name, row.direction)))
    return lines
