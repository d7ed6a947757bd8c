"""What comments beside a frame tell of its messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nldissect.capfile.comments import facts, losses, traced

if TYPE_CHECKING:
    from nldissect.wire import DecodedMessage


def tell(walked: DecodedMessage, comments: Iterable[str], place: int) -> None:
    """Let a message know what stands beside its frame, in which it is number `place`, from 1: the first bears notes of
    what was lost before the frame."""
    from nldissect.wire.decode.nodes import Note

    told = tuple(comments)
    if place == 1:
        walked.notes[:0] = [Note("error", kind, text, walked.start, 0) for kind, text in losses(told)]
    walked.traced = traced(told)
    walked.unasked = next(facts(told, "no-ext-ack"), None) is not None


def concern_messages(comments: Iterable[str]) -> bool:
    """Whether such comments add to what is said of the messages of their frame."""
    told = tuple(comments)
    return traced(told) is not None or any(losses(told))
