"""The messages of the list in the order of a column. What the index has costs no reading; a field is read by pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from nldissect.index.attributes import Plan
from nldissect.index.block import Meaning
from nldissect.index.capture import Capture
from nldissect.index.piece import Pieces, Span
from nldissect.index.raw import Array
from nldissect.index.series import Series, View
from nldissect.index.walker import Walker
from nldissect.output.line import protocol_shown

from .shown import places

FRAMES = {"frame.number": "number", "frame.time": "time", "frame.len": "wire", "frame.cap_len": "captured"}
MESSAGES = {"nlmsg_len": "length", "nlmsg_seq": "seq", "nlmsg_pid": "pid"}
MEANINGS: dict[str, Callable[[Meaning], str]] = {
    "nlmsg_type": lambda one: one.called,
    "protocol": lambda one: protocol_shown(one.protocol),
    "direction": lambda one: one.direction or "",
}
LAST = np.iinfo(np.int64).max


def sorted_rows(
    capture: Capture, pieces: Pieces, rows: Array, field: str, down: bool, done: Callable[[Array], None]
) -> Iterator[bool]:
    """A job: gives the rows in the order of a field, messages without a value last, to `done`.

    rows     in the order of the capture; equal values stay in that order
    pieces   of the thread that runs it
    down     the largest first
    """
    keys = _kept(capture, rows, field)
    if keys is None:
        keys = np.full(len(rows), None, object)
        series = Series(field)
        plan = Plan(dict.fromkeys(series.paths)) if series.paths else None
        for span in pieces.spans():
            mine = pieces.rows(span)
            place, asked = places(mine, rows)
            if asked.any() and pieces.there(span):
                keys[place[asked]] = _values(capture, pieces, series, plan, span)[asked]
            yield True
    done(rows[ordered(keys, down)])
    yield True


def ordered(keys: Array, down: bool) -> Array:
    """The order of these keys; None comes last either way."""
    if keys.dtype == object:
        there = np.array([key is not None for key in keys.tolist()], bool)
        values = keys[there].tolist()
        ranks = {value: rank for rank, value in enumerate(sorted(set(values)))}
        numbers = np.full(len(keys), LAST)
        numbers[there] = [ranks[value] for value in values]
    else:
        there, numbers = np.ones(len(keys), bool), keys.astype(np.int64)
    if down:
        numbers = np.where(there, -numbers, LAST)
    order: Array = numbers.argsort(kind="stable")
    return order


def _kept(capture: Capture, rows: Array, field: str) -> Array | None:
    """Keys of what the index has."""
    messages = capture.messages
    if field in FRAMES:
        keys: Array = capture.frames[FRAMES[field]][messages["frame"][rows]]
        return keys
    if field in MESSAGES:
        kept: Array = messages[MESSAGES[field]][rows]
        return kept
    if field in MEANINGS:
        texts = [MEANINGS[field](one) for one in capture.meanings]
        ranks = {text: rank for rank, text in enumerate(sorted(set(texts)))}
        rank: Array = np.array([ranks[text] for text in texts] or [0])[messages["meaning"][rows]]
        return rank
    return None


def _values(capture: Capture, pieces: Pieces, series: Series, plan: Plan | None, span: Span) -> Array:
    """The first value of each message of a piece."""
    block = pieces.block(span)
    hits = plan.run(block) if plan is not None else {}
    look = View(block, np.ones(len(block), bool), hits, Walker(block, capture.first), capture.first)
    message, values = series.of(look)
    out = np.full(len(block), None, object)
    out[message[::-1]] = values[::-1].astype(object)
    return out
