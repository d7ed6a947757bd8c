"""Marked messages, by their index in the capture: toggled, gone through in order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator


class Marks:
    """A set of indexes in order."""

    def __init__(self) -> None:
        self._rows: list[int] = []

    def toggle(self, row: int) -> bool:
        """Mark a message, or take its mark away; whether it is marked now."""
        if row in self:
            self._rows.remove(row)
            return False
        insort(self._rows, row)
        return True

    def add(self, rows: Iterable[int]) -> None:
        """Mark several."""
        self._rows = sorted({*self._rows, *rows})

    def clear(self) -> None:
        self._rows.clear()

    def next(self, row: int) -> int | None:
        """The first mark behind a message; the first of all where there is none."""
        place = bisect_right(self._rows, row)
        return self._rows[place % len(self._rows)] if self._rows else None

    def previous(self, row: int) -> int | None:
        """The last mark before a message; the last of all where there is none."""
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
