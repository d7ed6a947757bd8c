"""Attributes that a function writes in summaries, for the native core: of frames that a scanner went through."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from nldissect.index.timeline import NameTimeline
from nldissect.record import Window
from nldissect.wire.attrs import Tables
from nldissect.wire.composing import composed, composed_row
from nldissect.wire.message import Message
from nldissect.wire.scope import fixed_part

from .classifier import Classifier


def composed_at(
    at: int,
    raw: bytes,
    order: str,
    slot: tuple[type[Message], str],
    window: Window,
    frames: Any,
    items: Any,
    classifier: Classifier,
    names: NameTimeline,
) -> str | None:
    """Return what is written of an attribute, None if the message is to be left to the row engine.

    at             where its bytes, `raw`, stand in the window
    slot           message class, and what its template has in braces
    frames, items  of the window and of the batch at hand
    """
    message, name = slot
    row = composed_row(message, name)
    frame = frames[bisect_right(window.starts, at) - 1]
    item = next(one for one in reversed(items[frame.first : frame.first + frame.count]) if one.at <= at)
    start = item.at + classifier.meanings[item.head].skip
    codec, spans = fixed_part(message, order, Tables.version)
    if row is None or start + codec.size > at:
        return None
    header = {
        kind.name: value for (kind, *_), value in zip(spans, codec.unpack_from(window.buffer, start), strict=True)
    }
    context = names.context(frame.at + window.offset, classifier.spaces[frame.source], order)
    return composed(row, raw, order, header, context)
