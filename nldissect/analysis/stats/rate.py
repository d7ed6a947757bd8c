"""Rate of messages over time, in buckets of a round width that is found while reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nldissect.columns.blocks.block import NO_TIME
from nldissect.columns.blocks.message_type import DIRECTIONS

from .counts import CountedMessages

MOST = 40
FINE = 4000
SHORTEST = 1000
"""Nanoseconds; most captures can't tell times apart that are closer than a microsecond."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Messages from `start` on, nanoseconds after the first frame of all; `directions` counts as in DIRECTIONS."""

    start: int
    messages: int
    bytes: int
    directions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """Buckets without a gap from the first that holds a message to the last.

    step       width of a bucket in nanoseconds; None where all messages have one time
    timeless   messages in frames without a time, which are in no bucket
    """

    step: int | None
    buckets: list[Bucket]
    timeless: int


class RateCounter:
    """Counts of messages in some thousand narrow buckets, made ten times wider whenever there would be more of them."""

    def __init__(self, origin: Callable[[], int | None]) -> None:
        """`origin` returns the time from which buckets start."""
        self._origin = origin
        self.timeless = 0
        self._fine = SHORTEST
        self._low: int | None = None
        self._high = 0
        self._counts: dict[int, list[int]] = {}

    def add(self, chosen: CountedMessages) -> None:
        """Count messages."""
        timed = (chosen.time != NO_TIME).nonzero()[0]
        self.timeless += len(chosen) - len(timed)
        if not len(timed):
            return
        since = chosen.time[timed] - (self._origin() or 0)
        low, high = int(since.min()), int(since.max())
        self._reach(low, high)
        places, of = np.unique(since // self._fine, return_inverse=True)
        ways = of * len(DIRECTIONS) + chosen.direction[timed]
        size = np.bincount(of, chosen.size[timed])
        counts = np.bincount(ways, minlength=len(places) * len(DIRECTIONS)).reshape(-1, len(DIRECTIONS))
        rows = zip(places.tolist(), size.tolist(), counts.tolist(), strict=True)
        for place, bulk, directions in rows:
            self._put(self._counts, place, [int(bulk), *directions])

    def take(self, other: RateCounter) -> None:
        """Add the counts of another file, whose buckets start from the same time."""
        self.timeless += other.timeless
        if other._low is None:
            return
        while self._fine < other._fine:
            self._widen()
        self._reach(other._low, other._high)
        for place, row in other._counts.items():
            self._put(self._counts, place * other._fine // self._fine, row)

    def _reach(self, low: int, high: int) -> None:
        """Extend the span of times, and widen the buckets as it needs."""
        self._low, self._high = (low, high) if self._low is None else (min(self._low, low), max(self._high, high))
        while self._high // self._fine - self._low // self._fine >= FINE:
            self._widen()

    def _widen(self) -> None:
        self._fine *= 10
        before, self._counts = self._counts, {}
        for place, row in before.items():
            self._put(self._counts, place // 10, row)

    @staticmethod
    def _put(counts: dict[int, list[int]], place: int, row: list[int]) -> None:
        known = counts.get(place)
        counts[place] = row if known is None else [one + other for one, other in zip(known, row, strict=True)]

    def result(self) -> Rate:
        """Return the buckets, wide enough that there are at most MOST."""
        if self._low is None:
            return Rate(None, [], self.timeless)
        step = self._step(self._low, self._high)
        counts: dict[int, list[int]] = {}
        for place, row in self._counts.items():
            self._put(counts, place * self._fine // step, row)
        nothing = [0] * (1 + len(DIRECTIONS))
        buckets = []
        for place in range(self._low // step, self._high // step + 1):
            size, *directions = counts.get(place, nothing)
            buckets.append(Bucket(place * step, sum(directions), size, tuple(directions)))
        return Rate(step if self._low < self._high else None, buckets, self.timeless)

    def _step(self, low: int, high: int) -> int:
        """Return the smallest of 1, 2, 5, 10 ... narrow buckets that makes no more than MOST."""
        step = self._fine
        while True:
            for wide in (step, 2 * step, 5 * step):
                if high // wide - low // wide < MOST:
                    return wide
            step *= 10
