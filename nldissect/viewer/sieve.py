"""Filters a capture piece by piece, those nearest to what is looked at first; what was found so far can be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from nldissect.index.filter import compile_filter
from nldissect.index.filter.columns import Columns
from nldissect.index.raw import Array

from .loading import turn
from .store import Store

NOTHING: Array = np.zeros(0, np.uint32)


class Sieve:
    """One filter; FilterError says at once what is wrong with it.

    text      as it was written
    version   changes when more was looked at
    seen      messages looked at
    """

    def __init__(self, store: Store, text: str) -> None:
        self.text = text
        self.store = store
        with turn():
            self.filter = compile_filter(text)
            self._columns = Columns(self.filter.tree)
        self._found: dict[int, tuple[int, Array]] = {}  # by the piece's first message: where it ended, what was found
        self._rows: tuple[int, Array] = (-1, NOTHING)
        self.version = 0
        self.seen = 0
        self._whole = -1

    @property
    def complete(self) -> bool:
        """Everything that is there now was looked at."""
        return self._whole == self.store.count

    def job(self, anchor: int, told: Callable[[], None]) -> Iterator[bool]:
        """Look at everything, from the pieces around a message on; then at what comes."""
        while True:
            count = self.store.count
            todo = self._todo(anchor)
            if not todo:
                if self._whole != count:
                    self._whole = count
                    told()
                yield False
            for start, stop in todo:
                self._look(start, stop)
                told()
                yield True

    def _todo(self, anchor: int) -> list[tuple[int, int]]:
        """Pieces not yet looked at, the nearest first, those behind before those in front."""
        bounds = self.store.pieces.bounds()
        pieces = [
            (start, stop)
            for start, stop in pairwise(bounds)
            if (start not in self._found or self._found[start][0] < stop) and stop > self.store.skip
        ]

        def distance(piece: tuple[int, int]) -> int:
            start, stop = piece
            return 0 if start <= anchor < stop else start - anchor if start > anchor else 2 * (anchor - stop) + 1

        return sorted(pieces, key=distance)

    def _look(self, start: int, stop: int) -> None:
        begun, rows = self._found.get(start, (start, NOTHING))
        mask = self._columns.mask(self.store.pieces.block(begun, stop), self.store.capture.first)
        more = (begun + mask.nonzero()[0]).astype(np.uint32)
        self._found[start] = stop, np.concatenate([rows, more]) if len(rows) else more
        self.seen += stop - begun
        self.version += 1

    def rows(self) -> Array:
        """The messages found so far, in order."""
        version = self.version
        if self._rows[0] != version:
            found = sorted(dict(self._found).items())
            self._rows = version, np.concatenate([NOTHING, *(rows for _, (_, rows) in found)])
        return self._rows[1]
