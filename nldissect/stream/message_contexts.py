"""Filters for frames one by one: each message with the facts known around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nldissect.columns.fields.derived import PLACES, MessageContext

from .frames import StreamFrame

if TYPE_CHECKING:
    from nldissect.filters import Filter


class MessageContextBuilder:
    """A builder of filter input for a capture's messages; it has to observe all frames."""

    def __init__(self) -> None:
        self._first: int | None = None

    def meet(self, seen: StreamFrame) -> None:
        """Observe a frame before its messages are evaluated."""
        if self._first is None:
            self._first = seen.record.time

    def of(self, seen: StreamFrame) -> Iterator[MessageContext]:
        """Yield the context of each message to show; for a frame without messages one of its own, at place 0."""
        for place, walked, _ in seen.messages():
            key = (seen.record.number << PLACES) | place
            yield MessageContext(
                seen.number, seen.record, seen.frame, walked, place, self._first, seen.whole, key, seen.caused
            )
        if not seen.frame.messages:
            yield MessageContext(seen.number, seen.record, seen.frame, None, 0, self._first)


def filter_frame(filter: Filter, seen: StreamFrame, situations: MessageContextBuilder) -> StreamFrame | None:
    """Return the frame with those of its messages for which the filter holds; None if there are none."""
    places = tuple(one.place for one in situations.of(seen) if filter.holds(one))
    if not places:
        return None
    return seen if places == (0,) else seen._replace(chosen=places)
