"""Filtering of a capture range by range, the nearest to the list's position first; partial results can be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from nldissect.columns.blocks.buffer import Array
from nldissect.filters import compile_filter
from nldissect.filters.vector_evaluator import VectorFilter
from nldissect.sizes import SIZES
from nldissect.store.row_ranges import RowRange

from ..model.capture_model import CaptureModel
from ..model.table_loading import turn
from .second_pass import working

NOTHING: Array = np.zeros(0, np.uint32)


class FilterJob:
    """One filter applied to a capture; the constructor raises FilterError for a mistake in the text.

    text      text of the filter
    version   changes when more messages were filtered
    seen      number of messages filtered so far
    """

    def __init__(self, store: CaptureModel, text: str) -> None:
        self.text = text
        self.store = store
        with turn():
            self.filter = compile_filter(text)
            self._columns = VectorFilter(self.filter.tree)
        self._ends: dict[tuple[int, int | None], int] = {}  # row at which the filtered part of each range ends
        self._found: list[Array] = []
        self._rows: tuple[int, Array] = (-1, NOTHING)
        self.version = 0
        self.seen = 0
        self._whole = -1

    @property
    def complete(self) -> bool:
        """True if every message present was filtered."""
        return self._whole == self.store.count

    def job(self, anchor: Callable[[], int], told: Callable[[], None]) -> Iterator[bool]:
        """Filter all row ranges, the nearest to `anchor()` first, then those that are added to the capture.

        `anchor` returns a row and is called before each step; `told` is called after each range.
        """
        while True:
            count = self.store.count
            todo = self._todo()
            if not todo:
                if self._whole != count:
                    self._whole = count
                    told()
                yield False
            for name in {one.name for one in self.filter.fields}:
                yield from working(self.store, name)
            about = -SIZES.filter_distance
            while todo:
                if abs(anchor() - about) >= SIZES.filter_distance:
                    about = anchor()
                    todo.sort(key=partial(_distance, about), reverse=True)
                self._look(todo.pop())
                told()
                yield True

    def _todo(self) -> list[RowRange]:
        """Return the row ranges with messages not yet filtered."""
        ends, skip = self._ends, self.store.skip
        spans = self.store.pieces.spans()
        return [one for one in spans if ends.get((one.start, one.file), -1) < one.stop and one.stop > skip]

    def _look(self, span: RowRange) -> None:
        pieces, key = self.store.pieces, (span.start, span.file)
        if not pieces.available(span):
            return
        fresh = span._replace(start=self._ends.get(key, span.start))
        mask = self._columns.mask(pieces.block(fresh), self.store.capture.first)
        rows = pieces.rows(fresh)
        self._ends[key] = span.stop
        self._found.append(rows[mask].astype(np.uint32))
        self.seen += len(rows)
        self.version += 1

    def rows(self) -> Array:
        """Return the rows of the messages found so far, in ascending order: uint32."""
        version = self.version
        if self._rows[0] != version:
            some = [rows for rows in [*self._found] if len(rows)]
            found = np.concatenate([NOTHING, *sorted(some, key=lambda rows: int(rows[0]))])
            found.sort(kind="stable")  # row ranges of several files overlap
            self._rows = version, found
        return self._rows[1]


def _distance(anchor: int, span: RowRange) -> int:
    """Return the distance of a row range from a row; ranges before the row count twice."""
    start, stop, _ = span
    return 0 if start <= anchor < stop else start - anchor if start > anchor else 2 * (anchor - stop) + 1
