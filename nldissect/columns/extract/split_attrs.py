"""Attributes and records of nests, split in lock step: the first of all nests, then the second, until all are done.

The rules are those of `wire.attr_set.split` and `Records.pieces`: a length below the header's or beyond the nest ends
it, the last one needs no padding. Where few nests are left, these functions split them, nest by nest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nldissect.sizes import SIZES
from nldissect.uapi import NLA_TYPE_MASK, nla_align
from nldissect.wire.attr_set import NLATTR, TlvHeader, split_attrs
from nldissect.wire.containers import Records, Varying

from ..blocks.buffer import Array, Buffer


class SplitAttrs(NamedTuple):
    """Attributes that have an action, nest by nest only within one round: the first ones, the second ones ..."""

    action: Array
    nest: Array
    start: Array
    end: Array


EMPTY = np.zeros(0, np.int64)


def attributes(raw: Buffer, order: str, start: Array, end: Array, header: TlvHeader, actions: Array) -> SplitAttrs:
    """Split all nests [start, end); return the attributes of which the raw type has an action other than 0."""
    if header is NLATTR:
        return _nlattr(raw, order, start, end, actions)
    return _other(raw, order, start, end, header, actions)


def _nlattr(raw: Buffer, order: str, start: Array, end: Array, actions: Array) -> SplitAttrs:
    """Split nests of struct nlattr, in few steps on many numbers, as this is where the time goes.

    room   bytes from the header's end to the end of the nest; below 0 there is no further attribute
    """
    words, big = raw.words(order + "u4"), order == ">"
    found: list[tuple[Array, Array, Array, Array]] = []
    room = end - start - 4
    nest = (room >= 0).nonzero()[0]
    at, room, few = start[nest], room[nest], SIZES.few_nests
    while len(nest) > few:
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
    found += _one_by_one(raw, order, nest, at, at + room + 4, NLATTR, actions)
    return _joined(found)


_THREE, _FOUR, _ALIGNED = np.uint32(3), np.uint32(4), np.uint32(0xFFFFFFFC)  # a length below 4 becomes a huge one


def _other(raw: Buffer, order: str, start: Array, end: Array, header: TlvHeader, actions: Array) -> SplitAttrs:
    """Split nests of foreign TLVs: any widths, either field first."""
    first, second = (raw.words((header.order or order) + _dtype(letter)) for letter in header.codes)
    skip = 0 if header.whole else header.size
    found: list[tuple[Array, Array, Array, Array]] = []
    nest = (start + header.size <= end).nonzero()[0]
    at, end = start[nest], end[nest]
    gap, few = first.itemsize, SIZES.few_nests
    while len(nest) > few:
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
    found += _one_by_one(raw, order, nest, at, end, header, actions)
    return _joined(found)


def _one_by_one(
    raw: Buffer, order: str, nest: Array, at: Array, end: Array, header: TlvHeader, actions: Array
) -> list[tuple[Array, Array, Array, Array]]:
    action_of = actions.data
    kept = [
        (action, one, first, last)
        for one, start, stop in zip(nest.tolist(), at.tolist(), end.tolist(), strict=True)
        for number, first, last, _ in split_attrs(raw.buffer, start, stop, order, header)[0]  # type: ignore[arg-type]
        if (action := action_of[number])
    ]
    if not kept:
        return []
    columns = np.array(kept, np.int64)
    return [(columns[:, 0].astype(actions.dtype), columns[:, 1], columns[:, 2], columns[:, 3])]


def _joined(found: list[tuple[Array, Array, Array, Array]]) -> SplitAttrs:
    if not found:
        return SplitAttrs(EMPTY, EMPTY, EMPTY, EMPTY)
    return SplitAttrs(*(np.concatenate(column) for column in zip(*found, strict=True)))


def varying(raw: Buffer, order: str, start: Array, end: Array, kind: Varying) -> tuple[Array, Array, Array]:
    """Split arrays of structs that differ in size; return each one's array (an index), start and end."""
    return _pieces(raw, order, np.arange(len(start)), start, end, kind, [])


def records(raw: Buffer, order: str, start: Array, end: Array, kind: Records) -> tuple[Array, Array, Array]:
    """Split arrays of structs that begin with their length; return each one's array (an index), start and end."""
    codec = kind.message.fields_desc[0].kind.codec(order).format
    words = raw.words(codec[0] + _dtype(codec[1]))
    size = words.itemsize
    found: list[tuple[Array, Array, Array]] = []
    owner = (start + size <= end).nonzero()[0]
    at, end, few = start[owner], end[owner], SIZES.few_nests
    while len(owner) > few:
        length = words[at].astype(np.int64)
        good = (length >= size) & (at + length <= end)
        owner, at, end, length = (one[good] for one in (owner, at, end, length))
        found.append((owner, at, at + length))
        at = np.minimum(at + nla_align(length), end)
        more = at + size <= end
        owner, at, end = owner[more], at[more], end[more]
    return _pieces(raw, order, owner, at, end, kind, found)


def _pieces(
    raw: Buffer,
    order: str,
    owner: Array,
    at: Array,
    end: Array,
    kind: Records | Varying,
    found: list[tuple[Array, Array, Array]],
) -> tuple[Array, Array, Array]:
    """Return the structs found so far, and those that are left, split one by one."""
    for one, first, last in zip(owner.tolist(), at.tolist(), end.tolist(), strict=True):
        pieces = np.array(kind.pieces(raw.buffer, first, last, order)[0], np.int64).reshape(-1, 3)  # type: ignore[arg-type]
        found.append((np.full(len(pieces), one), pieces[:, 0], pieces[:, 1]))
    if not found:
        return EMPTY, EMPTY, EMPTY
    owners, starts, ends = (np.concatenate(column) for column in zip(*found, strict=True))
    return owners, starts, ends


def _dtype(letter: str) -> str:
    """Return a struct code as a NumPy one."""
    dtype = np.dtype(letter)
    return f"{dtype.kind}{dtype.itemsize}"


def find_attr(
    raw: Buffer,
    order: str,
    start: Array,
    end: Array,
    number: int,
    fits: Callable[[Array], Array] | None = None,
    *,
    first: bool = False,
) -> tuple[Array, Array]:
    """Return payload start and end of attribute `number` in each nest [start, end); 0 where a nest has none.

    int64, one per nest; the last occurrence counts, or the first if `first`.

    fits   returns a mask of the lengths that count
    """
    words = raw.words(order + "u2")
    at = start.copy()
    begin, stop = np.zeros_like(at), np.zeros_like(at)
    going = np.arange(len(at))
    while going.size:
        going = going[at[going] + 4 <= end[going]]
        here = at[going]
        length = words[here].astype(np.int64)
        whole = (length >= 4) & (here + length <= end[going])
        going, here, length = going[whole], here[whole], length[whole]
        hit = words[here + 2] & NLA_TYPE_MASK == number
        if fits is not None:
            hit &= fits(length - 4)
        begin[going[hit]], stop[going[hit]] = here[hit] + 4, here[hit] + length[hit]
        at[going] = here + nla_align(length)
        if first:
            going = going[~hit]
    return begin, stop
