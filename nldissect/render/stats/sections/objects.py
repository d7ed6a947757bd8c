"""Links, routes and others that changed most often, and what of them.

JSON: objects left; busiest, a list: object name changes what came_back first_frame last_frame file
"""

from __future__ import annotations

from typing import Any

from nldissect.analysis.stats.collector import CounterInputs
from nldissect.analysis.stats.objects import ObjectCounter, ObjectCounts
from nldissect.escapes import escaped
from nldissect.render.change_text import told_changes
from nldissect.terminal.table import TableColumn

from ..columns import files, numbers
from ..model import CaptureStats
from ..overview import counted
from ..sheet import StatsText
from ..values import given

MANY_OBJECTS = 40


def counter(inputs: CounterInputs) -> ObjectCounter:
    return ObjectCounter(inputs.most, inputs.file)


def as_object(about: CaptureStats, found: ObjectCounts) -> dict[str, Any]:
    return given(
        objects=len(found.rows), left=found.left or None,
        busiest=[
            given(
                object=row.object, name=row.name, changes=row.changes, what=dict(row.what.most_common()),
                came_back=row.came_back or None, first_frame=row.first_frame, last_frame=row.last_frame, file=row.file,
            )
            for row in found.rows
        ],
    )  # fmt: skip


def print_text(sheet: StatsText, found: ObjectCounts) -> None:
    back = any(row.came_back for row in found.rows)
    more = "; back: to a value that it had before" if back else ""
    sheet.title("Objects", f"{counted(len(found.rows), 'object')} changed{more}" if found.rows else "")
    if not found.rows:
        sheet.page.line(("dim", "no message told of a change"))
        return
    rows = found.rows[:MANY_OBJECTS]
    sheet.page.table(
        [
            TableColumn("object", cells=[("name", row.object) for row in rows]),
            TableColumn("name", cells=[("", escaped(row.name)) for row in rows]),
            numbers("changes", [row.changes for row in rows]),
            numbers("first", [row.first_frame for row in rows]),
            numbers("last", [row.last_frame for row in rows]),
            *files([row.file for row in rows]),
            TableColumn("what, how often", cells=[("", told_changes(row)) for row in rows]),
        ]
    )
    if len(found.rows) > len(rows):
        sheet.page.line(("dim", f"and {len(found.rows) - len(rows)} more: -T json has them"))
