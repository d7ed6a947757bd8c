"""Expert notes counted by severity and kind; every message is decoded."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..notes.message_notes import notes_in
from ..notes.model import SEVERITIES
from .counts import CountedMessages

TEXTS = 3


@dataclass(slots=True)
class NoteRow:
    """Notes of one kind: their number, number of the first frame that has one, the most frequent texts."""

    severity: str
    kind: str
    notes: int = 0
    first_frame: int = 0
    texts: dict[str, int] = field(default_factory=dict)


class NoteCounts:
    """Counts of the notes of messages."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], NoteRow] = {}

    def add(self, chosen: CountedMessages) -> None:
        for situation, note in notes_in(chosen.block, chosen.rows.tolist()):
            key = note.severity, note.kind
            found = self._rows.get(key)
            if found is None:
                found = self._rows[key] = NoteRow(*key, first_frame=situation.number)
            found.notes += 1
            if note.text in found.texts or len(found.texts) < 1024:
                found.texts[note.text] = found.texts.get(note.text, 0) + 1

    def result(self) -> list[NoteRow]:
        """Return the rows, the most severe first, then the most frequent."""
        for row in self._rows.values():
            row.texts = dict(sorted(row.texts.items(), key=lambda one: -one[1])[:TEXTS])
        return sorted(self._rows.values(), key=lambda row: (SEVERITIES.index(row.severity), -row.notes, row.kind))
