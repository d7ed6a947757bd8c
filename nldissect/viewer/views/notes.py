"""View of expert notes on messages and exchanges, with the number of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nldissect.analysis.notes.message_notes import notes_in
from nldissect.analysis.notes.model import ERROR, SEVERITIES, WARNING, ExpertNote
from nldissect.escapes import escaped
from nldissect.filters.tokenizer import quoted

from ..jobs.second_pass import EXPERT, working
from . import Cell, Heading, TableLine, ViewInput

HEADINGS = [
    Heading("Severity"),
    Heading("About"),
    Heading("Notes", right=True),
    Heading("First", right=True),
    Heading("Note"),
]
ROLES = {ERROR: "error", WARNING: "warning"}
TEXTS = 1024
"""Maximum number of different texts of one kind; notes with further texts are counted together."""


@dataclass
class _Noted:
    """Number of equal notes, with the frame of the first one and the place of its message in the frame."""

    count: int
    frame: int
    place: int


def rows(scene: ViewInput) -> Iterator[Sequence[TableLine]]:
    """Yield the table of notes, one line per text, the most severe first, then the most frequent."""
    for _ in working(scene.store, EXPERT):
        yield []
    found: dict[ExpertNote, _Noted] = {}
    texts: Counter[str] = Counter()
    for block, _, mask in scene.blocks():
        for situation, note in notes_in(block, None if mask is None else mask.nonzero()[0].tolist()):
            if note not in found:
                texts[note.kind] += 1
                if texts[note.kind] > TEXTS:
                    note = note._replace(text="")
            known = found.setdefault(note, _Noted(0, situation.number, situation.place))
            known.count += 1
        yield _lines(found, scene)
    yield _lines(found, scene)


def _lines(found: dict[ExpertNote, _Noted], scene: ViewInput) -> list[TableLine]:
    order = sorted(found, key=lambda note: (SEVERITIES.index(note.severity), -found[note].count, note.kind))
    return [_line(note, found[note], scene) for note in order]


def _line(note: ExpertNote, noted: _Noted, scene: ViewInput) -> TableLine:
    role = ROLES.get(note.severity, "")
    cells: list[Cell] = [
        (role, note.severity),
        note.kind,
        f"{noted.count:,}",
        str(noted.frame),
        (role, escaped(note.text)) if note.text else ("dim", "other notes of this kind"),
    ]
    asks = f"expert == {quoted(note.text)}" if note.text else f"expert.kind == {quoted(note.kind)}"
    first = scene.store.row_of_frame(noted.frame)
    return TableLine(cells, None if first is None else first + noted.place - 1, asks)
