"""Buffer of bytes read as numbers: overlapping words of any width and byte order at any offset."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import Any, TypeAlias

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy would start threads that nothing here uses

import numpy as np

Array: TypeAlias = "np.ndarray[Any, Any]"
ORDERS = ("<", ">")


class Buffer:
    """A buffer; `words("<u4")[offsets]` reads a number at each offset; the buffer's last bytes are spare."""

    def __init__(self, buffer: bytearray) -> None:
        self.buffer = buffer
        self.bytes: Array = np.frombuffer(buffer, np.uint8)
        self._words: dict[str, Array] = {}

    def words(self, code: str) -> Array:
        """Return a view with the number that begins at each byte; `code` is a dtype such as ">u2"."""
        found = self._words.get(code)
        if found is None:
            size = np.dtype(code).itemsize
            shape = (max(len(self.buffer) - size + 1, 0),)
            found = self._words[code] = np.ndarray(shape, code, buffer=self.buffer, strides=(1,))
        return found

    def take(self, code: str, offsets: Array, big: Array | None = None) -> Array:
        """Return numbers at offsets, big-endian where `big` is true, else little-endian; `code` has no order ("u4")."""
        numbers: Array = self.words("<" + code)[offsets]
        if big is not None and big.any():
            numbers = np.where(big, self.words(">" + code)[offsets], numbers)
        return numbers


def group_by(key: Array) -> list[tuple[int, Array]]:
    """Group equal integers: return each value in ascending order, with its places in ascending order."""
    if not len(key):
        return []
    if (key == key[0]).all():
        return [(int(key[0]), np.arange(len(key)))]
    order = stable_argsort(key)
    ordered = key[order]
    starts = [0, *((ordered[1:] != ordered[:-1]).nonzero()[0] + 1).tolist(), len(ordered)]
    return [(int(ordered[start]), order[start:stop]) for start, stop in pairwise(starts)]


def stable_argsort(key: Array) -> Array:
    """Return the places of integers in ascending order, those of equal ones in ascending order: a stable argsort.

    Numbers of 16 bits are what NumPy sorts by radix, ten times as fast: so once for every 16 bits there are, low ones
    first.
    """
    low, high = int(key.min()), int(key.max())
    above = key.astype(np.uint64) - np.uint64(low % (1 << 64))
    places: Array = above.astype(np.uint16).argsort(kind="stable")
    for shift in range(16, (high - low).bit_length(), 16):
        part = (above >> np.uint64(shift)).astype(np.uint16)
        places = places[part[places].argsort(kind="stable")]
    return places
