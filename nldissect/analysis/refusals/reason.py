"""Reasons of refusals: the fact, the frame since which it holds, who is the cause, and how certain that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nldissect.escapes import escaped

from ..causes.cause import Cause
from ..causes.event_causes import INFERRED as INFERRED_CAUSE

EXACT, INFERRED, LIKELY = "exact", "inferred", "likely"
"""Confidences: messages of the kernel show the fact, and it refuses such requests for that; the fact or the refusal is
inferred; no message shows it, the request lacks something that the kernel needs."""
SINCE, SINCE_OR_BEFORE, IN, BY, SHOWN = (
    " since frame {}",
    " since frame {} or before",
    " in frame {}",
    " by frame {}",
    ", as frame {} shows",
)
"""Moments of facts."""


@dataclass(frozen=True, slots=True)
class Reason:
    """The reason of one refusal.

    says        the fact: "link d0 exists"
    source      the kernel's function that refuses for it
    confidence  EXACT, INFERRED or LIKELY
    moment      SINCE and the like, empty: none
    frame       number of its frame, as the file counts; 0: none
    known       how the change at that moment is known, see Change; None: there is none
    cause       of that change, None where it is not known
    """

    says: str
    source: str
    confidence: str
    moment: str = ""
    frame: int = 0
    known: str | None = None
    cause: Cause | None = None

    def text(self, number: Callable[[int], int] = int) -> str:
        """Return the reason as text; `number` returns the number of a frame as the reader knows it."""
        who = cause_words(self.cause)
        return self.says + self.moment.format(number(self.frame)) + (f" ({who})" if who else "")


def cause_words(cause: Cause | None) -> str:
    """Return who is a cause, as `ip[14668]`; empty if that is not known."""
    if cause is None:
        return ""
    if cause.kernel is not None:
        return f"by the kernel: {cause.kernel}"
    who = escaped(str(cause.process))
    return f"{who}, inferred" if who and cause.confidence == INFERRED_CAUSE else who
