"""Values of hits, many at a time: numbers as arrays, other values decoded once for all hits of equal bytes.

    numbers = column(hits, block.raw)                       integers as one array, or None if some hits are no integers
    compare(numbers, "<=", 1500)                            a mask, exact for integers of any size
    equal(hits, block.raw, b"\\x0a\\0\\0\\1")                   a mask: hits of exactly these bytes
    equal_text(hits, block.raw, b"eth0")                    a mask: NULs after the text do not count
    decoded(hits, block.raw)                                a list of Python values, as walk has them
    shown(hits, block.raw), json(hits, block.raw)           lists of the results of `kind.shown` and `kind.json`
    each(hits, block.raw, make)                             a list: make(kind)(value)
    holding(hits, block.raw, make)                          a mask: make(kind)(value) is true

`each` and `holding` call `make` once for each kind that occurs and its result once for each distinct value, so they
may be slow. Values of type bytes in a kind that isn't bytes by nature did not decode. Kinds that hold others (nests,
structs, arrays of them: `kind.shape` is not "leaf") have the value None here. A mask is an array of bool, one per hit;
`hits.where(mask)` and `hits.message[mask]` follow from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import eq, ge, gt, le, lt, ne
from typing import Any

import numpy as np

from nldissect.wire.addresses import AF_INET, AF_INET6, Addr
from nldissect.wire.kind import Kind
from nldissect.wire.numbers import Scalar, Uint
from nldissect.wire.selectors import is_plain_number
from nldissect.wire.text import Text

from ..blocks.buffer import Array, Buffer, group_by
from ..blocks.distinct import distinct, equal_to
from .plan import Hits

Make = Callable[[Kind], Callable[[Any], Any]]
OPERATORS = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def kinds_in(hits: Hits) -> Iterator[tuple[Kind, str, Array]]:
    """Yield each kind and byte order that occurs, and the indices of its hits."""
    for key, lines in group_by(hits.kind.astype(np.int64) << 1 | hits.big):
        yield hits.kinds[key >> 1], ">" if key & 1 else "<", lines


def column(hits: Hits, raw: Buffer) -> Array | None:
    """Return the values of hits that are all integers: the narrowest type that holds every kind of them, else None.

    Signed values together with unsigned ones of 64 bits are Python integers (dtype object), which compare as exactly.
    """
    parts: list[tuple[Array, Array]] = []
    for kind, order, lines in kinds_in(hits):
        if not isinstance(kind, Scalar):
            return None
        parts += [(lines[some], numbers) for some, numbers in _numbers(kind, order, hits.where(lines), raw)]
    if len(parts) == 1:
        return parts[0][1]
    types = {numbers.dtype for _, numbers in parts}
    common = np.result_type(*types) if types else np.dtype(np.int64)
    found = np.zeros(len(hits), common if common.kind in "iu" else object)
    for lines, numbers in parts:
        found[lines] = numbers.tolist() if found.dtype == object else numbers
    return found


def _numbers(kind: Scalar, order: str, hits: Hits, raw: Buffer) -> Iterator[tuple[Array, Array]]:
    """Yield lines among the hits of one kind, and their values."""
    every = np.arange(len(hits))
    if is_plain_number(kind):
        yield every, _read(raw, kind.codec(order).format, hits.start)
    elif type(kind).decoder is Uint.decoder and isinstance(kind, Uint):
        for size, lines in group_by(hits.end - hits.start):
            yield lines, _read(raw, (kind.fixed_order or order) + kind.letters[size], hits.start[lines])
    else:
        yield every, np.array(decoded(hits, raw), np.int64)


def _read(raw: Buffer, code: str, start: Array) -> Array:
    """Return numbers of a struct code, in the host's byte order."""
    dtype = np.dtype(code[1:])
    numbers = raw.words(f"{code[0]}{dtype.kind}{dtype.itemsize}")[start]
    return numbers.astype(dtype, copy=False)


def compare(numbers: Array, operator: str, number: int) -> Array:
    """Return a mask of numbers that are `==`, `!=`, `<`, `<=`, `>`, `>=` another, which may be beyond their type."""
    found: Array = np.asarray(OPERATORS[operator](numbers, number), bool)
    return found


def equal(hits: Hits, raw: Buffer, value: bytes) -> Array:
    """Return a mask of hits that are exactly these bytes."""
    return _at(hits.end - hits.start == len(value), hits, raw, value)


def are_addresses(hits: Hits) -> Array:
    """Return a mask of hits that are IPv4 or IPv6 addresses and nothing else."""
    found = np.zeros(len(hits), bool)
    for kind, _, lines in kinds_in(hits):
        if isinstance(kind, Addr):
            size = (hits.end - hits.start)[lines]
            four = (size == 4) & (kind.known in (None, AF_INET))
            sixteen = (size == 16) & (kind.known == AF_INET6 or (kind.known is None and kind.family is None))
            found[lines] = four | sixteen
    return found


def within(hits: Hits, raw: Buffer, network: bytes, length: int) -> Array:
    """Return a mask of hits that begin with `length` bits of an address, and are as long as the address."""
    whole, bits = divmod(length, 8)
    found = _at(hits.end - hits.start == len(network), hits, raw, network[:whole])
    if bits:
        lines = found.nonzero()[0]
        found[lines] = raw.bytes[hits.start[lines] + whole] >> (8 - bits) == network[whole] >> (8 - bits)
    return found


def equal_text(hits: Hits, raw: Buffer, text: bytes) -> Array:
    """Return a mask of hits that are this text; NULs at the end do not count, one before that makes it another text."""
    end = _text_ends(hits, raw)
    found = _at((end - hits.start >= len(text)) & (0 not in text), hits, raw, text)
    after = hits.start + len(text)
    longer = (found & (after < end)).nonzero()[0]
    found[longer] = raw.bytes[after[longer]] == 0
    more = longer[found[longer] & (after[longer] + 1 < end[longer])]
    for line, start, stop in zip(more.tolist(), after[more].tolist(), end[more].tolist(), strict=True):
        found[line] = not any(raw.buffer[start:stop])
    return found


def _text_ends(hits: Hits, raw: Buffer) -> Array:
    """Return the ends of texts, without the byte other than NUL that may end them."""
    end = hits.end
    for kind, _, lines in kinds_in(hits):
        if isinstance(kind, Text) and kind.ends != b"\0":
            stop, ended = hits.end[lines], raw.bytes[hits.end[lines] - 1] == kind.ends[0]
            end = end.copy()
            end[lines] = stop - (ended & (stop > hits.start[lines]))
    return end


def _at(fits: Array, hits: Hits, raw: Buffer, value: bytes) -> Array:
    found = np.zeros(len(hits), bool)
    lines = fits.nonzero()[0]
    found[lines[equal_to(raw, hits.start[lines], value)]] = True
    return found


def each(hits: Hits, raw: Buffer, make: Make) -> list[Any]:
    """Return the results of `make(kind)` for every value, called once for each distinct value."""
    parts = [(lines, *_made(kind, order, hits.where(lines), raw, make)) for kind, order, lines in kinds_in(hits)]
    if len(parts) == 1:
        _, made, which = parts[0]
        return [made[place] for place in which.tolist()]
    found: list[Any] = [None] * len(hits)
    for lines, made, which in parts:
        for line, place in zip(lines.tolist(), which.tolist(), strict=True):
            found[line] = made[place]
    return found


def holding(hits: Hits, raw: Buffer, make: Make) -> Array:
    """Return a mask of hits for which `make(kind)` is true of the value."""
    found = np.zeros(len(hits), bool)
    for kind, order, lines in kinds_in(hits):
        made, which = _made(kind, order, hits.where(lines), raw, make)
        found[lines] = np.array(list(map(bool, made)), bool)[which]
    return found


def _made(kind: Kind, order: str, hits: Hits, raw: Buffer, make: Make) -> tuple[list[Any], Array]:
    """Return the results for the distinct values of one kind, and for each hit the index of its result."""
    function = make(kind)
    if kind.shape != "leaf":
        return [function(None)], np.zeros(len(hits), np.int64)
    which, first = distinct(raw, hits.start, hits.end)
    decode = kind.decoder(order)
    places = zip(hits.start[first].tolist(), hits.end[first].tolist(), strict=True)
    return [function(decode(bytes(raw.buffer[start:end]), 0, end - start)) for start, end in places], which


def decoded(hits: Hits, raw: Buffer) -> list[Any]:
    """Return the value of every hit."""
    return each(hits, raw, lambda kind: _itself)


def shown(hits: Hits, raw: Buffer) -> list[str]:
    """Return the value of every hit as text for people; "" for kinds that hold others."""
    return each(hits, raw, lambda kind: kind.shown if kind.shape == "leaf" else lambda value: "")


def json(hits: Hits, raw: Buffer) -> list[Any]:
    """Return the value of every hit for programs; None for kinds that hold others."""
    return each(hits, raw, lambda kind: kind.json if kind.shape == "leaf" else _itself)


def _itself(value: Any) -> Any:
    return value
