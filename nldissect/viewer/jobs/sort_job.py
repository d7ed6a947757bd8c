"""Sorting of messages by a column: from the kept index without reading the file, or from a field, range by range."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.message_type import MessageType
from nldissect.columns.fields.column_reader import ColumnReader
from nldissect.render.list_columns import protocol_shown
from nldissect.sizes import SIZES
from nldissect.store.capture import Capture
from nldissect.store.row_ranges import RangeReader
from nldissect.store.series import Series

from ..model.row_set import places

FRAMES = {"frame.number": "number", "frame.time": "time", "frame.len": "wire", "frame.cap_len": "captured"}
MESSAGES = {"nlmsg_len": "length", "nlmsg_seq": "seq", "nlmsg_pid": "pid"}
MEANINGS: dict[str, Callable[[MessageType], str]] = {
    "nlmsg_type": lambda one: one.called,
    "protocol": lambda one: protocol_shown(one.protocol),
    "direction": lambda one: one.direction or "",
}
LAST = np.iinfo(np.int64).max


def sorted_rows(
    capture: Capture, pieces: RangeReader, rows: Array, field: str, down: bool, done: Callable[[Array], None]
) -> Iterator[bool]:
    """Sort rows by a field, messages without a value last, and pass them to `done`: a job.

    rows     in the order of the capture; equal values stay in that order
    pieces   a reader of its own, as one of its blocks stays in use for several steps
    down     the largest value first
    """
    keys = _kept(capture, rows, field)
    if keys is None:
        keys = np.full(len(rows), None, object)
        series = Series(field)
        reader = ColumnReader(series.paths)
        for span in pieces.spans():
            mine = pieces.rows(span)
            place, asked = places(mine, rows)
            asked &= pieces.available(span)
            for message, values in _values(capture, pieces.block(span), series, reader, asked) if asked.any() else ():
                keys[place[message[::-1]]] = values[::-1].astype(object)  # the first of several stays
                yield True
            yield True
    done(rows[ordered(keys, down)])
    yield True


def ordered(keys: Array, down: bool) -> Array:
    """Return the indexes that sort these keys, int64; None comes last in either direction."""
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
    """Return sort keys from the kept index, one per row; None if the index does not hold the field."""
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


def _values(
    capture: Capture, block: Block, series: Series, reader: ColumnReader, asked: Array
) -> Iterator[tuple[Array, Array]]:
    """Yield indexes and values of the asked messages of a block, in steps if each is decoded by itself."""
    found, size = reader.read(block, capture.first), len(block) if series.paths else SIZES.sort_step
    for start in range(0, len(block), size):
        chosen = np.zeros(len(block), bool)
        chosen[start : start + size] = asked[start : start + size]
        if chosen.any():
            yield series.of(found, chosen)
