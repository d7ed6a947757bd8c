"""Which messages the list holds, in which order."""

from __future__ import annotations

import numpy as np

from nldissect.columns.blocks.buffer import Array


class RowSet:
    """Messages by their place in the list, which are rows of the store.

    rows      None for all from `first` to `count`
    ordered   they stand in the order of the capture
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
        """Every row."""
        return np.arange(self.first, self.first + self._count) if self.rows is None else self.rows

    def index(self, row: int) -> int:
        """The place of a message, or of the first one after it; of the last one behind that."""
        last = max(self._count - 1, 0)
        if self.rows is None:
            return max(min(row - self.first, last), 0)
        if self.ordered:
            return min(int(self.rows.searchsorted(np.uint32(row))), last)
        places = (self.rows == row).nonzero()[0]
        return int(places[0]) if len(places) else 0

    def holds(self, row: int) -> bool:
        """Whether a message is among them."""
        return self._count > 0 and self[self.index(row)] == row


def places(rows: Array, among: Array) -> tuple[Array, Array]:
    """Where rows stand among others, which ascend, and which of them do."""
    found = among.searchsorted(rows.astype(among.dtype))
    there = found < len(among)
    there[there] = among[found[there]] == rows[there]
    return found, there
