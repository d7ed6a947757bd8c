"""Distinct byte strings among many, so that each is decoded or tested once."""

from __future__ import annotations

import numpy as np

from .buffer import Array, Buffer

_MASKS = np.array([(1 << 8 * size) - 1 for size in range(9)], "<u8")
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


def distinct(raw: Buffer, start: Array, end: Array) -> tuple[Array, Array]:
    """Return for each of the strings [start, end) the number of its value, and for each value its first string."""
    words = raw.words("<u8")
    length = end - start
    key = length.astype("<u8")
    lines = np.arange(len(start))
    at = start
    while (more := (end[lines] > at).nonzero()[0]).size:
        if more.size < lines.size:
            lines, at = lines[more], at[more]
        key[lines] = _mixed(key[lines], _word(words, at, end[lines]))
        at = at + 8
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    which = which.reshape(-1)
    if _same(words, start, end, first[which]):
        return which, first
    return _by_bytes(raw, start, end)


def _word(words: Array, at: Array, end: Array) -> Array:
    """Return the next eight bytes of each string, zeros after its end."""
    found: Array = words[at] & _MASKS[np.minimum(end - at, 8)]
    return found


def _mixed(key: Array, word: Array) -> Array:
    key = (key ^ word) * _FACTOR
    mixed: Array = key ^ (key >> _SHIFT)
    return mixed


def _same(words: Array, start: Array, end: Array, other: Array) -> bool:
    """Return whether each string equals the string at its place in `other`."""
    if not bool((end - start == end[other] - start[other]).all()):
        return False
    lines = (other != np.arange(len(other))).nonzero()[0]
    at, end, twin = start[lines], end[lines], start[other[lines]]
    while (more := (at < end).nonzero()[0]).size:
        at, end, twin = at[more], end[more], twin[more]
        if not bool((_word(words, at, end) == _word(words, twin, twin + (end - at))).all()):
            return False
        at, twin = at + 8, twin + 8
    return True


def _by_bytes(raw: Buffer, start: Array, end: Array) -> tuple[Array, Array]:
    """Return the same as `distinct`, slowly: for strings of which keys collide."""
    numbers: dict[bytes, int] = {}
    which, first = [], []
    for line, (one, other) in enumerate(zip(start.tolist(), end.tolist(), strict=True)):
        value = bytes(raw.buffer[one:other])
        if value not in numbers:
            numbers[value] = len(numbers)
            first.append(line)
        which.append(numbers[value])
    return np.array(which, np.int64), np.array(first, np.int64)


def equal_to(raw: Buffer, start: Array, value: bytes) -> Array:
    """Return the indices of strings that begin with a value; all begin at `start`, and have at least its length."""
    lines = np.arange(len(start))
    place = 0
    for size in (8, 4, 2, 1):
        words = raw.words(f"<u{size}")
        while len(value) - place >= size and lines.size:
            wanted = int.from_bytes(value[place : place + size], "little")
            lines = lines[words[start[lines] + place] == wanted]
            place += size
    return lines
