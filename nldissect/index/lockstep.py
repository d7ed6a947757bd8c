"""Attributes and records in lock step: the first of all nests, then the second of all, until the last nest is done.

The same rules as `wire.attrs.split` and `Records.pieces`: a length below the header's or beyond the nest ends it, the
last one needs no padding.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nldissect.wire.attrs import NLATTR, Header
from nldissect.wire.scalars import Scalar

from .raw import Array, Raw


class Items(NamedTuple):
    """Attributes that have an action, nest by nest only within one round: the first ones, the second ones ..."""

    action: Array
    nest: Array
    start: Array
    end: Array


EMPTY = np.zeros(0, np.int64)


def attributes(raw: Raw, order: str, start: Array, end: Array, header: Header, actions: Array) -> Items:
    """Split all nests [start, end) and keep the attributes whose raw type has an action other than 0."""
    if header is NLATTR:
        return _nlattr(raw.words(order + "u4"), order == ">", start, end, actions)
    return _other(raw, order, start, end, header, actions)


def _nlattr(words: Array, big: bool, start: Array, end: Array, actions: Array) -> Items:
    """struct nlattr: few steps on many numbers, for it is what costs time.

    room   bytes behind the header to the end of the nest; below 0 there is no further attribute
    """
    found: list[tuple[Array, Array, Array, Array]] = []
    room = end - start - 4
    nest = (room >= 0).nonzero()[0]
    at, room = start[nest], room[nest]
    while len(nest):
        word = words[at]
        length, number = (word >> 16, word & 0xFFFF) if big else (word & 0xFFFF, word >> 16)
        good = length - _FOUR <= room
        if np.count_nonzero(good) < len(good):
            nest, at, room, length, number = nest[good], at[good], room[good], length[good], number[good]
        action = actions[number]
        kept = action.nonzero()[0]
        if len(kept):
            place = at[kept]
            found.append((action[kept], nest[kept], place + 4, place + length[kept]))
        step = length + _THREE & _ALIGNED
        at += step
        room -= step
        more = room >= 0
        if np.count_nonzero(more) < len(more):
            nest, at, room = nest[more], at[more], room[more]
    return _joined(found)


_THREE, _FOUR, _ALIGNED = np.uint32(3), np.uint32(4), np.uint32(0xFFFFFFFC)  # a length below 4 becomes a huge one


def _other(raw: Raw, order: str, start: Array, end: Array, header: Header, actions: Array) -> Items:
    """Foreign TLVs: any widths, either field first."""
    first, second = (raw.words(order + _dtype(letter)) for letter in header.codes)
    skip = 0 if header.whole else header.size
    found: list[tuple[Array, Array, Array, Array]] = []
    nest = (start + header.size <= end).nonzero()[0]
    at, end = start[nest], end[nest]
    gap = first.itemsize
    while nest.size:
        length, number = first[at].astype(np.int64), second[at + gap].astype(np.int64)
        if header.type_first:
            length, number = number, length
        length += skip
        stop = at + length
        good = (length >= header.size) & (stop <= end)
        nest, at, end, stop, number, length = (one[good] for one in (nest, at, end, stop, number, length))
        action = actions[number]
        kept = action.nonzero()[0]
        found.append((action[kept], nest[kept], at[kept] + header.size, stop[kept]))
        at = np.minimum(at + (length + header.align - 1 & -header.align), end)
        more = at + header.size <= end
        nest, at, end = nest[more], at[more], end[more]
    return _joined(found)


def _joined(found: list[tuple[Array, Array, Array, Array]]) -> Items:
    if not found:
        return Items(EMPTY, EMPTY, EMPTY, EMPTY)
    return Items(*(np.concatenate(column) for column in zip(*found, strict=True)))


def records(raw: Raw, order: str, start: Array, end: Array, first: Scalar) -> tuple[Array, Array, Array]:
    """Structs that begin with their own length: index of the array each is in, its start and end."""
    codec = first.codec(order).format
    words = raw.words(codec[0] + _dtype(codec[1]))
    size = words.itemsize
    found: list[tuple[Array, Array, Array]] = []
    owner = (start + size <= end).nonzero()[0]
    at, end = start[owner], end[owner]
    while owner.size:
        length = words[at].astype(np.int64)
        good = (length >= size) & (at + length <= end)
        owner, at, end, length = (one[good] for one in (owner, at, end, length))
        found.append((owner, at, at + length))
        at = np.minimum(at + (length + 3 & ~3), end)
        more = at + size <= end
        owner, at, end = owner[more], at[more], end[more]
    if not found:
        return EMPTY, EMPTY, EMPTY
    owners, starts, ends = (np.concatenate(column) for column in zip(*found, strict=True))
    return owners, starts, ends


def _dtype(letter: str) -> str:
    """A struct code as a NumPy one."""
    dtype = np.dtype(letter)
    return f"{dtype.kind}{dtype.itemsize}"
