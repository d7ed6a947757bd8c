"""The time column: relative, absolute, since the frame before, or seconds since 1970."""

from __future__ import annotations

import time
from functools import lru_cache

from nldissect.capfile import Record, time_text
from nldissect.capfile.records import SECOND

DAY, DATE = "%H:%M:%S", "%Y-%m-%d %H:%M:%S"


class Clock:
    """A formatter of the times of frames, one after another; times are in nanoseconds since 1970.

    mode    "r" since the first frame, "a" time of day here, "d" since the frame before, "e" seconds since 1970
    first   time of the first frame, where the first that is shown is another
    before  time of the frame before the next one
    """

    def __init__(self, mode: str, first: int | None = None, before: int | None = None) -> None:
        self.mode = mode
        self._first = first
        self._before = before

    def observe(self, record: Record) -> None:
        """Observe a frame that is not shown."""
        if record.time is not None:
            self._first = record.time if self._first is None else self._first
            self._before = record.time

    def text(self, record: Record) -> str:
        """Return the time of the next frame; "-" if it has none."""
        return self.at(record.time, record.interface.decimals)

    def at(self, now: int | None, decimals: int) -> str:
        """Return the time of the next frame with `decimals` digits; "-" if it has none.

        now   nanoseconds since 1970, or None
        """
        if now is None:
            return "-"
        if self._first is None:
            self._first = now
        before, self._before = self._before, now
        if self.mode == "a":
            return _local(now, decimals, DAY)
        since = {"r": self._first, "d": now if before is None else before, "e": 0}[self.mode]
        return time_text(now - since, decimals)


def day_time(record: Record) -> str:
    """Return the time of day in this host's zone."""
    return _local(record.time, record.interface.decimals, DAY)


def date_time(record: Record) -> str:
    """Return date and time in this host's zone."""
    return date_at(record.time, record.interface.decimals)


def date_at(moment: int | None, decimals: int) -> str:
    """Return date and time in this host's zone with `decimals` digits; "-" if there is none.

    moment   nanoseconds since 1970, or None
    """
    return _local(moment, decimals, DATE)


def _local(moment: int | None, decimals: int, form: str) -> str:
    if moment is None:
        return "-"
    seconds, rest = divmod(moment, SECOND)
    return _second(seconds, form) + time_text(rest, decimals)[1:]


@lru_cache(maxsize=64)
def _second(seconds: int, form: str) -> str:
    return time.strftime(form, time.localtime(seconds))
