"""Expert notes: what to look at, by severity.

JSON: a list: severity kind notes first_frame texts
"""

from __future__ import annotations

from typing import Any

from nldissect.analysis.notes.model import HABITS
from nldissect.analysis.stats.collector import CounterInputs
from nldissect.analysis.stats.notes import NoteCounts, NoteRow
from nldissect.escapes import escaped
from nldissect.terminal.table import TableColumn

from ..columns import numbers
from ..model import CaptureStats
from ..sheet import StatsText

NOTE_ROLES = {"error": "error", "warning": "warning", "note": "dim"}


def counter(inputs: CounterInputs) -> NoteCounts:
    return NoteCounts()


def as_object(about: CaptureStats, rows: list[NoteRow]) -> list[dict[str, Any]]:
    return [_row(row) for row in rows]


def _row(row: NoteRow) -> dict[str, Any]:
    return {
        "severity": row.severity, "kind": row.kind, "notes": row.notes, "first_frame": row.first_frame,
        "texts": row.texts,
    }  # fmt: skip


def print_text(sheet: StatsText, rows: list[NoteRow]) -> None:
    sheet.title("Notes")
    habits = [] if sheet.pedantic else [row for row in rows if row.kind in HABITS]
    rows = [row for row in rows if row not in habits]
    if not rows:
        sheet.page.line(("good", "nothing to note"))
    else:
        _print_rows(sheet, rows)
    if habits:
        left = ", ".join(f"{row.kind} {row.notes}" for row in habits)
        sheet.page.line(("dim", f"left out, habits of common programs: {left}; --pedantic shows them"))


def _print_rows(sheet: StatsText, rows: list[NoteRow]) -> None:
    sheet.page.table(
        [
            TableColumn("severity", cells=[(NOTE_ROLES.get(row.severity, ""), row.severity) for row in rows]),
            TableColumn("kind", cells=[("", row.kind) for row in rows]),
            numbers("notes", [row.notes for row in rows]),
            numbers("first", [row.first_frame for row in rows]),
            TableColumn("as", cells=[("", escaped(next(iter(row.texts), ""))) for row in rows]),
        ]
    )
