"""Expert notes: what to look at, by severity.

JSON: a list: severity kind notes first_frame texts
"""

from __future__ import annotations

from typing import Any

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
    if not rows:
        sheet.page.line(("good", "nothing to note"))
        return
    sheet.page.table(
        [
            TableColumn("severity", cells=[(NOTE_ROLES.get(row.severity, ""), row.severity) for row in rows]),
            TableColumn("kind", cells=[("", row.kind) for row in rows]),
            numbers("notes", [row.notes for row in rows]),
            numbers("first", [row.first_frame for row in rows]),
            TableColumn("as", cells=[("", escaped(next(iter(row.texts), ""))) for row in rows]),
        ]
    )
