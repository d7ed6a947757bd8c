"""Facts in the comments of a frame about its messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nldissect.capfile.comments import losses, parse_comments, traced

if TYPE_CHECKING:
    from nldissect.wire import DecodedMessage


def apply_comments(walked: DecodedMessage, comments: Iterable[str], place: int) -> None:
    """Add the facts in a frame's comments to message number `place` in it, from 1.

    The first message gets notes on what was lost before the frame.
    """
    from nldissect.wire.decode.nodes import Note

    told = tuple(comments)
    if place == 1:
        walked.notes[:0] = [Note("error", kind, text, walked.start, 0) for kind, text in losses(told)]
    walked.tracepoint_text = traced(told)
    walked.no_ext_ack = next(parse_comments(told, "no-ext-ack"), None) is not None


def concern_messages(comments: Iterable[str]) -> bool:
    """Return whether such comments add to the output of their frame's messages."""
    told = tuple(comments)
    return traced(told) is not None or any(losses(told))
