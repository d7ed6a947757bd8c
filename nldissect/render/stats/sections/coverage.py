"""Bytes behind nlmsghdr that were decoded, are opaque, secret, or unknown.

JSON: a list: protocol family messages decoded opaque secret undecoded structure cut names
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from nldissect.analysis.stats.collector import CounterInputs
from nldissect.analysis.stats.coverage import CUT, KINDS, STRUCTURE, Coverage, CoverageRow
from nldissect.escapes import escaped
from nldissect.terminal.colors import Piece
from nldissect.terminal.table import TableColumn

from ..columns import family_columns, numbers, short
from ..model import CaptureStats
from ..sheet import StatsText
from ..values import given, protocol

MANY_NAMES = 8


def counter(inputs: CounterInputs) -> Coverage:
    return Coverage(inputs.context)


def as_object(about: CaptureStats, rows: list[CoverageRow]) -> list[dict[str, Any]]:
    return [_row(row) for row in rows]


def _row(row: CoverageRow) -> dict[str, Any]:
    sizes = {name: getattr(row, name) for name in KINDS}
    names = dict(row.names.most_common())
    return given(
        protocol=protocol(row.protocol), family=row.family, messages=row.messages, **sizes, names=names or None
    )


def print_text(sheet: StatsText, rows: list[CoverageRow]) -> None:
    sheet.title("Coverage")
    if not rows:
        sheet.page.line(("dim", "no messages"))
        return
    names: Counter[str] = Counter()
    for row in rows:
        for name, size in row.names.items():
            names[f"{short(row.protocol)} {name}"] += size
    shown = [kind for kind in KINDS if kind != KINDS[CUT] or any(row.cut for row in rows)]
    total = CoverageRow(-1, None)
    for kind in KINDS:
        setattr(total, kind, sum(getattr(row, kind) for row in rows))
    every = [*rows, total] if len(rows) > 1 else rows
    keys = family_columns([(row.protocol, row.family) for row in every])
    known = TableColumn("known", True, cells=[_known(row) for row in every])
    sizes = [numbers(kind, [getattr(row, kind) for row in every]) for kind in shown]
    sizes[STRUCTURE].spare = True
    sheet.page.table([*keys, known, *sizes])
    if names:
        most = ", ".join(f"{escaped(name)} ({size})" for name, size in names.most_common(MANY_NAMES))
        left = len(names) - MANY_NAMES
        sheet.page.line()
        sheet.page.line(
            ("warning", "undecoded  "),
            ("", most + (f", {left} more" if left > 0 else "")),
            indent=len("undecoded  "),
        )


def _known(row: CoverageRow) -> Piece:
    """Share of the bytes that are values and that some table describes."""
    values = sum(getattr(row, kind) for kind in KINDS[:STRUCTURE])
    if not values:
        return "dim", "-"
    text = f"{100 * (values - row.undecoded) / values:.1f}%"
    return ("good" if not row.undecoded else "warning"), "99.9%" if row.undecoded and text == "100.0%" else text
