"""Comments on requests, for the notifications that name these as their cause."""

from __future__ import annotations

from nldissect.capfile.comments import parse_comments
from nldissect.families.answer_rules import RULES
from nldissect.request_tracker import TO_KERNEL, RequestHeader
from nldissect.sizes import SIZES


class RequestComments:
    """The comments on the latest SIZES.kept_requests that have some, for captures that can't be read twice."""

    def __init__(self) -> None:
        self._comments: dict[int, tuple[str, ...]] = {}
        self._capacity = SIZES.kept_requests

    def observe(
        self, frame: int, comments: tuple[str, ...], header: RequestHeader, direction: str | None, cause: int | None
    ) -> tuple[str, ...] | None:
        """Observe the next frame with comments; return the comments on the frame of the request that caused it.

        The result is () if these are not known, None if the frame does not name its cause.

        frame              its number
        header, direction  of its first message
        cause              number of the frame of the request that this message belongs to
        """
        if direction == TO_KERNEL:
            self._comments[frame] = comments
            if len(self._comments) > self._capacity:
                del self._comments[next(iter(self._comments))]
        if not RULES.names_cause(header, direction):
            return None
        caused = self._comments.get(cause, ()) if cause is not None else ()
        _, port = [*next(parse_comments(caused, "process"), ()), "", ""][:2]
        return caused if port == str(header.pid) else ()
