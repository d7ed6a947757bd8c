"""The messages of the packet list, and their order."""

from __future__ import annotations

import numpy as np

from nldissect.columns.blocks.buffer import Array


class RowSet:
    """Rows of the capture by their position in the list.

    rows      row of each position; None: all rows from `first` to `count`
    ordered   rows ascend, as in the capture
    """

    def __init__(self, count: int, rows: Array | None = None, ordered: bool = True, first: int = 0) -> None:
        self._count = max(count - first, 0) if rows is None else len(rows)
        self.first = first
        self.rows = rows
        self.ordered = ordered

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> int:
        return index + self.first if self.rows is None else int(self.rows[index])

    def all(self) -> Array:
        """Return every row."""
        return np.arange(self.first, self.first + self._count) if self.rows is None else self.rows

    def index(self, row: int) -> int:
        """Return the position of a row, else of the next row, else the last one; 0 for an absent row if unordered."""
        last = max(self._count - 1, 0)
        if self.rows is None:
            return max(min(row - self.first, last), 0)
        if self.ordered:
            return min(int(self.rows.searchsorted(np.uint32(row))), last)
        places = (self.rows == row).nonzero()[0]
        return int(places[0]) if len(places) else 0

    def holds(self, row: int) -> bool:
        """Return whether the list holds a row."""
        return self._count > 0 and self[self.index(row)] == row


def places(rows: Array, among: Array) -> tuple[Array, Array]:
    """Return the positions of rows among other, ascending rows, and a mask of those that are present.

    Both arrays have one entry per row; a position means nothing where the mask is False.
    """
    found = among.searchsorted(rows.astype(among.dtype))
    there = found < len(among)
    there[there] = among[found[there]] == rows[there]
    return found, there
