"""The time column: relative, absolute, since the frame before, or seconds since 1970."""

from __future__ import annotations

import time

from nldissect.record import Record, time_text
from nldissect.record.records import SECOND


class Clock:
    """Turns the times of frames into text, one after another.

    mode   "r" since the first frame, "a" time of day here, "d" since the frame before, "e" seconds since 1970
    """

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self._first: int | None = None
        self._before: int | None = None

    def meet(self, record: Record) -> None:
        """Take note of a frame that is not shown."""
        if record.time is not None:
            self._first = record.time if self._first is None else self._first
            self._before = record.time

    def text(self, record: Record) -> str:
        """The time of the next frame; "-" if it has none."""
        now = record.time
        if now is None:
            return "-"
        if self._first is None:
            self._first = now
        before, self._before = self._before, now
        if self.mode == "a":
            return day_time(record)
        since = {"r": self._first, "d": now if before is None else before, "e": 0}[self.mode]
        return time_text(now - since, record.interface.decimals)


def day_time(record: Record) -> str:
    """The time of day in this host's zone."""
    return _local(record, "%H:%M:%S")


def date_time(record: Record) -> str:
    """Date and time in this host's zone."""
    return _local(record, "%Y-%m-%d %H:%M:%S")


def _local(record: Record, form: str) -> str:
    if record.time is None:
        return "-"
    seconds, rest = divmod(record.time, SECOND)
    fraction = time_text(rest, record.interface.decimals)[1:]
    return time.strftime(form, time.localtime(seconds)) + fraction
