"""Marked messages, by their row in the capture."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator


class Marks:
    """A sorted set of rows."""

    def __init__(self) -> None:
        self._rows: list[int] = []

    def toggle(self, row: int) -> bool:
        """Mark a row, or remove its mark; return whether it is marked now."""
        if row in self:
            self._rows.remove(row)
            return False
        insort(self._rows, row)
        return True

    def add(self, rows: Iterable[int]) -> None:
        """Mark several rows."""
        self._rows = sorted({*self._rows, *rows})

    def clear(self) -> None:
        self._rows.clear()

    def next(self, row: int) -> int | None:
        """Return the first mark after a row, else the first of all; None if there is no mark."""
        place = bisect_right(self._rows, row)
        return self._rows[place % len(self._rows)] if self._rows else None

    def previous(self, row: int) -> int | None:
        """Return the last mark before a row, else the last of all; None if there is no mark."""
        return self._rows[bisect_left(self._rows, row) - 1] if self._rows else None

    def __contains__(self, row: object) -> bool:
        if not isinstance(row, int):
            return False
        place = bisect_left(self._rows, row)
        return place < len(self._rows) and self._rows[place] == row

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
