"""Moments: where in a capture the state is wanted."""

from __future__ import annotations

from typing import NamedTuple

from nldissect.errors import NldissectError
from nldissect.stream.frames import StreamFrame

SECOND = 1_000_000_000


class EndOfState(NamedTuple):
    """Last frame that counts for the state, or last time; both None: all count.

    seconds   nanoseconds after the first frame
    """

    frame: int | None = None
    seconds: int | None = None

    def is_over(self, seen: StreamFrame, first: int | None) -> bool:
        """Return whether a frame is later; `first` is the time of the first frame."""
        if self.frame is not None:
            return seen.number > self.frame
        time = seen.record.time
        return self.seconds is not None and time is not None and first is not None and time - first > self.seconds


def moment(text: str, option: str) -> EndOfState:
    """Return the moment that a user gave to an option; NldissectError if it is none."""
    if text == "end":
        return EndOfState()
    if text.isdecimal():
        return EndOfState(frame=int(text))
    number = text.removesuffix("s")
    try:
        return EndOfState(seconds=round(float(number) * SECOND))
    except ValueError:
        raise NldissectError(f"{option} {text}: give the number of a frame, seconds like 1.5s, or end") from None
