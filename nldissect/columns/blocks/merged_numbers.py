"""Numbers of the frames of several captures in their order of time, as `read` counts them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..fields.derived import PLACES
from .block import Block
from .buffer import Array
from .growable import GrowableArray


def merged_numbers(times: Sequence[Array]) -> list[Array]:
    """Return for each capture the numbers of its frames in the merged order, from 1: int64, one per frame.

    times   for each capture the time of every frame in the order of the file: int64 nanoseconds, NO_TIME for none

    The frames of a capture keep their order: one without a time, or with an earlier one, stays after the frame before.
    """
    latest = [np.maximum.accumulate(np.maximum(one, 0)) for one in times]
    capture = np.repeat(np.arange(len(times)), [len(one) for one in times])
    order = np.lexsort((capture, np.concatenate(latest)))
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.arange(1, len(order) + 1)
    return np.split(numbers, np.cumsum([len(one) for one in times])[:-1])


def merged_ranks(keys: Sequence[Array]) -> list[Array]:
    """Return for each of several arrays the ranks of its keys among all of them: int64, from 1, equal ones in order."""
    order = np.concatenate(keys).argsort(kind="stable")
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(1, len(order) + 1)
    return np.split(ranks, np.cumsum([len(one) for one in keys])[:-1])


class MergedFrames:
    """Numbers of one capture's frames among those of several; without `add`, a capture alone keeps its own.

    The numbers are taken from blocks that have both (Block.number_in_file), 16 bytes a frame.
    """

    def __init__(self) -> None:
        self._own = GrowableArray(np.int64)
        self._merged = GrowableArray(np.int64)

    def add(self, block: Block) -> None:
        """Observe the next block of the capture."""
        if block.number_in_file is not None:
            self._own.add(block.number_in_file)
            self._merged.add(block.frames.number)

    def shown(self, frame: int) -> int:
        """Return the number of a frame, given by its number in the file."""
        return int(self._of(np.array([frame]))[0])

    def keys(self, keys: Array) -> Array:
        """Return keys of messages (see Block.keys) with the frames' numbers among all: int64."""
        return self._of(keys >> PLACES) << PLACES | keys & ((1 << PLACES) - 1)

    def _of(self, frames: Array) -> Array:
        if not len(self._own.values):
            return frames.astype(np.int64)
        found: Array = self._merged.values[self._own.values.searchsorted(frames)]
        return found
