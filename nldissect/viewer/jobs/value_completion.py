"""Completion of the filter being typed: fields, constants, and values that occur in the capture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from nldissect.columns.fields.column_reader import ColumnReader
from nldissect.errors import NldissectError
from nldissect.filters import compile_filter
from nldissect.filters.completion import endings, last_word
from nldissect.store.series import NUMBER, TEXT, Series

from ..filter_text.from_cursor import literals
from ..model.capture_model import CaptureModel
from .second_pass import working

_VALUE = re.compile(
    r"([\w.]+)\s*(?:==|!=|<=|>=|<|>|\bcontains\b|\bmatches\b|\bin\s*\{(?:[^{}]*[,\s])?)\s*(\"[^\"]*|[^\s\"{},()]*)\Z",
    re.IGNORECASE,
)
_JOINED = re.compile(r"(?:[^\s=!<>&|(]\s+|\"\s*|[})]\s*)\Z")
JOINS = ("and", "or", "not", "contains", "matches", "in")
PIECES = 6
"""Row ranges of the capture in which values are searched: all of a large file would take too long."""
MOST = 200
"""Maximum number of values kept per field, and of offers."""
SEVERAL = 65536
"""Maximum number of different values counted; in a capture with this many messages a field is looked up once."""


class Offer(NamedTuple):
    """A completion of the text before the cursor.

    word   word shown in the menu
    text   whole text with the completion
    """

    word: str
    text: str


class ValueIndex:
    """The values of fields in the capture, the most frequent first, collected by a job.

    want   is called with a field's name to request its job
    """

    def __init__(self, store: CaptureModel, want: Callable[[str], None]) -> None:
        self._store, self._want = store, want
        self._known: dict[str, tuple[int, list[str]]] = {}

    def of(self, field: str) -> list[str]:
        """Return the values known by now, as literals of a filter; request the job if there may be more."""
        name = field.lower()
        found = self._known.get(name)
        if found is None or (found[0] < self._store.count and found[0] < SEVERAL):
            self._want(name)
        return found[1] if found is not None else []

    def job(self, field: str, told: Callable[[], None]) -> Iterator[bool]:
        """Collect the values of a field; `told` is called at the end."""
        store = self._store
        count = store.count
        counts: Counter[str] = Counter()
        try:
            series = Series(field)
        except NldissectError:
            self._known[field] = count, []
            return
        yield from working(store, field)
        reader = ColumnReader(series.paths)
        pieces = store.pieces.spans()
        step = max(len(pieces) // PIECES, 1)
        for span in pieces[::step][:PIECES]:
            if not store.pieces.available(span):
                continue
            block = store.pieces.block(span)
            _, values = series.of(reader.read(block, store.capture.first), np.ones(len(block), bool))
            if series.sort in (NUMBER, TEXT) and len(counts) < SEVERAL:
                counts.update(map(str, values.tolist()))
            yield True
        found = [written for value, _ in counts.most_common(MOST) if (written := _written(field, value)) is not None]
        self._known[field] = count, found
        told()


def _written(field: str, value: str) -> str | None:
    """Return a value as a literal of a filter, bare or in quotes; None if neither form compiles."""
    for text in literals(value):
        try:
            compile_filter(f"{field} == {text}")
            return text
        except NldissectError:
            continue
    return None


def offers(text: str, values: ValueIndex) -> list[Offer]:
    """Return completions of the text, which ends at the cursor; empty if too many are possible."""
    value = _VALUE.search(text)
    if value is not None:
        begun = value[2]
        before = text[: len(text) - len(begun)]
        bare = begun.lstrip('"').lower()
        seen = [one for one in values.of(value[1]) if one.strip('"').lower().startswith(bare)]
        known = [] if begun.startswith('"') else endings(text)
        found = list(dict.fromkeys([*seen, *known]))
        return [Offer(word, before + word) for word in found[:MOST]] if found != [begun] else []
    begun = last_word(text)
    if not begun or begun[0].isdigit():
        return []
    before = text[: len(text) - len(begun)]
    joined = JOINS if _JOINED.search(before) else ()
    found = [*(word for word in joined if word.startswith(begun)), *endings(text)]
    if found in ([], [begun]):
        return []
    found.sort(key=lambda word: (not word.startswith(begun), len(word)))
    return [Offer(word, before + word) for word in found[:MOST]]
