"""Growable arrays for the columns of a capture."""

from __future__ import annotations

from copy import copy
from typing import Self

import numpy as np

from .buffer import Array


class GrowableArray:
    """An array that grows; `values` is its present content, and may be written to."""

    def __init__(self, dtype: type) -> None:
        self._room: Array = np.zeros(1024, dtype)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def values(self) -> Array:
        """Present content, a view."""
        return self._room[: self._count]

    @property
    def last(self) -> int:
        """Last entry."""
        return int(self._room[self._count - 1])

    def find(self, wanted: Array) -> tuple[Array, Array]:
        """Return the places of numbers among the entries, which ascend, 0 if missing, and a mask of those present."""
        known = self.values
        rows = known.searchsorted(wanted)
        there = rows < len(known)
        rows = np.where(there, rows, 0)
        if len(known):
            there &= known[rows] == wanted
        return rows, there

    def snapshot(self) -> Self:
        """Return a read-only snapshot of the present length; changes of its entries are seen in both."""
        return copy(self)

    def copy(self) -> Self:
        """Return a copy with values of its own."""
        found = copy(self)
        found._room = self.values.copy()
        return found

    def add(self, more: Array) -> None:
        """Append the entries of an array."""
        need = self._count + len(more)
        if need > len(self._room):
            room = np.zeros(max(need, 2 * len(self._room)), self._room.dtype)
            room[: self._count] = self.values
            self._room = room
        self._room[self._count : need] = more
        self._count = need
