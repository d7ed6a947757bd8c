"""Fields of `-T fields` and `-T csv` compiled for the core, as far as it can write them as the message engine does.

They come from the program file, so that no family is imported. If the core can't write one of them, or one is not
known, all are left to the message engine (render/field_rows.py), which reports mistakes.
"""

from __future__ import annotations

from array import array
from functools import cached_property
from typing import TYPE_CHECKING

from nldissect import LAZY_FIELDS
from nldissect.native.cells import CELL_SOURCE, MOST_FIELDS, OF_INTERFACE, OF_NETNS, OF_NOTES, OF_SEVERITIES, OF_SUMMARY
from nldissect.native.field_table import HIDDEN
from nldissect.native.selector import MOST_PROBES, OF_ERROR, OF_HEAD, OF_NODES, OF_TEXT, PROBE

from .header_fields import ANSWERS, HEADERS, NUMBERED, NUMBERS, OF_HEADS

if TYPE_CHECKING:
    from nldissect.native.field_table import FieldTable
    from nldissect.native.program_file import ProgramFile

    from ..field_cells import CellFormat

OTHERS = {
    "frame.interface": OF_INTERFACE, "netns": OF_NETNS, "summary": OF_SUMMARY,
    "notes": OF_NOTES, "notes.severity": OF_SEVERITIES,
}  # fmt: skip
"""Further fields that the core writes, with their sources; what the tables hold under these names does not matter."""
JOINS = ("and", "or", "not", "in")
"""Words of the filter language, which can't be the name of a field alone: xfrm_userpolicy_default.in is one."""


class FieldNotTaken(Exception):
    """An error that the core can't write a field."""


class CellProgram:
    """The fields compiled for the core.

    names     as the user wrote them
    layout    format of cells and lines
    file      the program file
    sources   of each field: its source (enum test_of), and the number of the name of a row
    probes    of rows, and `of_row` the first of each
    answers   rows of the fields of acknowledgements
    """

    def __init__(self, names: list[str], layout: CellFormat, file: ProgramFile, row_count: int) -> None:
        self.names, self.layout, self.file, self.row_count = names, layout, file, row_count
        self.sources: list[tuple[int, int]] = []
        self.probes: list[tuple[int, ...]] = [(0,) * 7]
        self.of_row: dict[int, int] = {}
        self.answers: set[int] = set()

    @cached_property
    def arrays(self) -> dict[str, bytes]:
        """Arrays that struct cells refers to, by name."""
        of_row = array("H", bytes(2 * self.row_count))
        for row, probe in self.of_row.items():
            of_row[row] = probe
        return {
            "columns": b"".join(CELL_SOURCE.pack(name, what, 0) for what, name in self.sources),
            "probes": b"".join(PROBE.pack(*one) for one in self.probes), "of_row": of_row.tobytes(),
        }  # fmt: skip

    def has(self, *sources: int) -> bool:
        """Return whether some field has one of these sources."""
        return any(what in sources for what, _ in self.sources)


def compile_cells(names: list[str], layout: CellFormat, file: ProgramFile) -> CellProgram | None:
    """Return the fields compiled for the core; None if it can't write them all."""
    table = file.fields
    if table is None:
        return None
    made = CellProgram(names, layout, file, table.row_count)
    try:
        for name in names:
            _add(made, name.lower(), table)
    except FieldNotTaken:
        return None
    is_plain = all(text.isprintable() or text == "\t" for text in (layout.separator, layout.aggregator))
    return made if is_plain and len(names) <= MOST_FIELDS and len(made.probes) <= MOST_PROBES else None


def _add(made: CellProgram, name: str, table: FieldTable) -> None:
    """Append a field; FieldNotTaken if the core can't write it."""
    if name in ANSWERS:
        what, row = ANSWERS[name]
        found = table.field(row)
        if found is None or len(found.numbers) != 1:
            raise FieldNotTaken
        made.answers.update(number for number, _ in found.rows)
        made.sources.append((what, found.numbers[0]))
    elif name in OTHERS:
        made.sources.append((OTHERS[name], 0))
    elif name in NUMBERS:
        made.sources.append((NUMBERS[name], 0))
    elif name in OF_HEADS and name not in HEADERS:
        made.sources.append((OF_HEAD, 0))
    else:
        _add_probes(made, name, table)


def _add_probes(made: CellProgram, name: str, table: FieldTable) -> None:
    """Append a field with values inside bodies; FieldNotTaken if the core can't write it."""
    path = name.split(".")
    if path[0] in LAZY_FIELDS or len(path) > 2 or NUMBERED.intersection(path) or name in JOINS:
        raise FieldNotTaken
    found = table.field(path[-1]) if all(step.isidentifier() for step in path) else None
    if found is None or not found.places or found.use == HIDDEN or (len(path) == 2 and path[0] not in found.holders):
        raise FieldNotTaken
    inside = 0
    if len(path) == 2:
        holder = table.field(path[0])
        if holder is None or not holder.places or len(holder.numbers) != 1:
            raise FieldNotTaken
        inside = holder.numbers[0]
    for row, _ in found.rows:
        if not 0 < row < table.row_count:
            raise FieldNotTaken
        made.probes.append((made.of_row.get(row, 0), len(made.sources), 0, 0, inside, 1, 0))
        made.of_row[row] = len(made.probes) - 1
    made.sources.append((OF_NODES, 0))


ANSWERED = OF_ERROR, OF_TEXT
WHOLE = OF_SUMMARY, OF_NOTES, OF_SEVERITIES
"""Sources that need all of a body."""
