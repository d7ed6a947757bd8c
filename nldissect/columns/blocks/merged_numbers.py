"""Numbers of the frames of several captures in their order of time, as `read` counts them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .buffer import Array


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
