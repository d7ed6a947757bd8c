"""What comments beside a frame tell of its messages."""

from __future__ import annotations

from collections.abc import Iterable

from nldissect.record.comments import facts, traced
from nldissect.wire import Walked


def tell(walked: Walked, comments: Iterable[str]) -> None:
    """Let a message know what stands beside its frame."""
    told = tuple(comments)
    walked.traced = traced(told)
    walked.unasked = next(facts(told, "no-ext-ack"), None) is not None
