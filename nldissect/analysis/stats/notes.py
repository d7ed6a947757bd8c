"""Expert notes counted by severity and kind; every message is decoded."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..notes.message_notes import notes_in
from ..notes.model import SEVERITIES
from .counts import CountedMessages

TEXTS = 3
KEPT_TEXTS = 1024
"""Most different texts of a kind that are counted."""


@dataclass(slots=True)
class NoteRow:
    """Notes of one kind: their number, number of the first frame that has one, the most frequent texts."""

    severity: str
    kind: str
    notes: int = 0
    first_frame: int = 0
    texts: dict[str, int] = field(default_factory=dict)

    def count_text(self, text: str, count: int) -> None:
        """Count a text, unless there are many others."""
        if text in self.texts or len(self.texts) < KEPT_TEXTS:
            self.texts[text] = self.texts.get(text, 0) + count


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
            found.count_text(note.text, 1)

    def take(self, other: NoteCounts) -> None:
        """Add the counts of another file, whose frames are numbered with those of this one."""
        for key, more in other._rows.items():
            row = self._rows.setdefault(key, NoteRow(*key, first_frame=more.first_frame))
            row.first_frame = min(row.first_frame, more.first_frame)
            row.notes += more.notes
            for text, count in more.texts.items():
                row.count_text(text, count)

    def result(self) -> list[NoteRow]:
        """Return the rows, the most severe first, then the most frequent."""
        for row in self._rows.values():
            row.texts = dict(sorted(row.texts.items(), key=lambda one: -one[1])[:TEXTS])
        return sorted(self._rows.values(), key=lambda row: (SEVERITIES.index(row.severity), -row.notes, row.kind))
