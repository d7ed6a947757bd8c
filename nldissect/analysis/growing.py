"""Arrays that grow, as columns of a capture do."""

from __future__ import annotations

import numpy as np

from nldissect.index.raw import Array


class Growing:
    """An array that grows; `values` is what it holds now, and may be written to."""

    def __init__(self, dtype: type) -> None:
        self._room: Array = np.zeros(1024, dtype)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def values(self) -> Array:
        return self._room[: self._count]

    @property
    def last(self) -> int:
        return int(self._room[self._count - 1])

    def add(self, more: Array) -> None:
        need = self._count + len(more)
        if need > len(self._room):
            room = np.zeros(max(need, 2 * len(self._room)), self._room.dtype)
            room[: self._count] = self.values
            self._room = room
        self._room[self._count : need] = more
        self._count = need
