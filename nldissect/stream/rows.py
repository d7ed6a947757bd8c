"""Filters for frames as they come: each message with all that is known around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nldissect.columns.fields.derived import PLACES, MessageContext

from .frames import StreamFrame

if TYPE_CHECKING:
    from nldissect.filters import Filter


class MessageContextBuilder:
    """Makes the situations of a capture's messages; has to meet all of its frames."""

    def __init__(self) -> None:
        self._first: int | None = None

    def meet(self, seen: StreamFrame) -> None:
        """Take note of a frame before its situations are asked for."""
        if self._first is None:
            self._first = seen.record.time

    def of(self, seen: StreamFrame) -> Iterator[MessageContext]:
        """One for each message to show; for a frame without messages one for itself, at place 0."""
        for place, walked, _ in seen.messages():
            key = (seen.record.number << PLACES) | place
            yield MessageContext(
                seen.number, seen.record, seen.frame, walked, place, self._first, seen.whole, key, seen.caused
            )
        if not seen.frame.messages:
            yield MessageContext(seen.number, seen.record, seen.frame, None, 0, self._first)


def filter_frame(filter: Filter, seen: StreamFrame, situations: MessageContextBuilder) -> StreamFrame | None:
    """The frame with those of its messages for which the filter holds; None if there is none."""
    places = tuple(one.place for one in situations.of(seen) if filter.holds(one))
    if not places:
        return None
    return seen if places == (0,) else seen._replace(chosen=places)
