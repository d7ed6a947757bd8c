"""Trees of decoded messages as text."""

from __future__ import annotations

from nldissect.wire import DecodedMessage
from nldissect.wire.decode.acks import PriorRequest

from ..summaries.summary import summary_of
from .tree import MessageTree, title
from .tree_lines import text_of


def tree_text(walked: DecodedMessage, asked: PriorRequest | None, place: str, secrets: bool) -> str:
    """Return the tree of one message; `place` is its number in its frame as text."""
    return text_of([title(walked, place, summary_of(walked, asked)), *MessageTree(walked, asked, secrets).lines()])
