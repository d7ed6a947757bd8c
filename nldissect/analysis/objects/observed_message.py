"""Messages as the analysis of objects observes them: with the place where they stand."""

from __future__ import annotations

from typing import Any, NamedTuple

from nldissect.wire import DecodedMessage


class ObservedMessage(NamedTuple):
    """One message.

    where   distinguishes network namespaces
    about   the caller's own value, passed along
    """

    frame: int
    place: int
    time: int | None
    walked: DecodedMessage
    where: str | None = None
    about: Any = None
