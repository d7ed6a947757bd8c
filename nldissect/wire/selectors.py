"""Scopes: selector values of enclosing fields and sibling rows; the fixed part of a struct.

A scope maps the names of selectors to their values where a payload is decoded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import repeat
from struct import Struct as Codec
from typing import TYPE_CHECKING, Any

from nldissect.uapi import NLA_TYPE_MASK

from .attr_set import NLATTR, PRESENT, AttrSet, TableVersion, split_attrs
from .kind import SELECTORS, Decode, Kind
from .numbers import Scalar
from .opaque import Blob, Pad

if TYPE_CHECKING:
    from .packets.layer import Layer


def is_plain_number(kind: Kind) -> bool:
    """Return whether one struct code decodes the kind."""
    return isinstance(kind, Scalar) and kind.size is not None and type(kind).decoder is Scalar.decoder


def encodes_alike(kind: Kind, other: Kind) -> bool:
    """Return whether two kinds are numbers that differ only in the names of their values."""
    if not isinstance(kind, Scalar) or not isinstance(other, Scalar) or not is_plain_number(other):
        return False
    return (kind.size, kind.fixed_order, kind.letter) == (other.size, other.fixed_order, other.letter)


@cache
def fixed_prefix(message: type[Layer], order: str, version: int) -> tuple[Codec, list[tuple[Kind, int, int]]]:
    """Return the codec of the numbers and fixed bytes with which a struct begins, and (kind, start, end) of each.

    order     byte order as a struct code
    version   of the tables, for the cache
    """
    codes, spans, at = [], [], 0
    for field in message.fields_desc:
        kind = field.kind
        plain = is_plain_number(kind) or isinstance(kind, (Pad, Blob))
        bound = all(encodes_alike(kind, one) for one in kind.bound())
        if not plain or kind.size is None or not bound or getattr(kind, "fixed_order", None) not in (None, order):
            break
        codes.append(kind.letter if isinstance(kind, Scalar) else f"{kind.size}s")
        spans.append((kind, at, at + kind.size))
        at += kind.size
    return Codec(order + "".join(codes)), spans


def header_scope(
    message: type[Layer], data: bytes, start: int, end: int, order: str, scope: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the scope inside a struct at [start, end) of `data`: `scope`, and selector values of the struct itself.

    These are its own fields, and the attributes after it on which its fields depend.
    """
    own = {
        name: decode(data, start + at, start + stop)
        for name, at, stop, decode in header_selectors(message, order, TableVersion.version)
        if start + stop <= end
    }
    told = trailing_selectors(message, TableVersion.version)
    if told is not None:
        at, rows = told
        own |= _values_of({row.number: row for row in rows.values()}, data, start + at, end, order)
    return {**scope, **own} if own else scope


@cache
def trailing_selectors(message: type[Layer], version: int) -> tuple[int, dict[str, Kind]] | None:
    """Return the offset of the attributes after a header, and by name those on which its fields depend.

    None if there are none.
    """
    if not message.fields_desc:
        return None
    *fields, last = [field.kind for field in message.fields_desc]
    names = {name for kind in fields for group in kind.bindings for name in group}
    sizes = [kind.size for kind in fields]
    rows = getattr(last, "inner", None) if last.shape == "attrs" and getattr(last, "known", False) else None
    found = {row.name: row for row in rows.rows.values() if row.name in names} if rows is not None else {}
    if rows is None or not found or None in sizes or rows.header is not NLATTR:
        return None
    return sum(size or 0 for size in sizes), found


def _values_of(rows: dict[int | None, Kind], data: bytes, start: int, end: int, order: str) -> dict[str, Any]:
    """Return the values of some rows among the attributes in [start, end), by name: of each the last that fits."""
    found = {}
    for raw, at, stop, _ in split_attrs(data, start, end, order)[0]:
        row = rows.get(raw & NLA_TYPE_MASK)
        if row is not None and row.fits(stop - at):
            found[row.name] = row.decoder(order)(data, at, stop)
    return found


@cache
def header_selectors(message: type[Layer], order: str, version: int) -> list[tuple[str, int, int, Decode]]:
    """Return (name, start, end, decoder) of each field at a fixed offset that is a selector."""
    found, at = [], 0
    for field in message.fields_desc:
        kind = field.kind
        size = kind.size
        if size is None and kind.shape == "fields":
            size = kind.message.wire_size()
        if size is None:
            break
        if kind.name in SELECTORS and kind.shape == "leaf":
            found.append((kind.name, at, at + size, kind.decoder(order)))
        at += size
    return found


def set_scope(
    rows: type[AttrSet], items: list[tuple[int, int, int, int]], data: bytes, order: str, scope: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the scope inside a set: the last sibling of a name decides, before or after the row that depends on it.

    items   the attributes of the set, as `split` returns them
    scope   selector values of enclosing sets and headers
    """
    selectors = rows.selectors(TableVersion.version)
    if not selectors:
        return scope
    names = {row.name for row in selectors.values()}
    inner = {name: value for name, value in scope.items() if name.removesuffix(PRESENT) not in names}
    mask = rows.header.mask
    for raw, start, end, _ in items:
        row = selectors.get(raw & mask)
        if row is None:
            continue
        if row.name + PRESENT in SELECTORS:
            inner[row.name + PRESENT] = True
        if row.name in SELECTORS and row.fits(end - start):
            inner[row.name] = row.decoder(order)(data, start, end)
    return inner


def item_scopes(
    rows: type[AttrSet], items: list[tuple[int, int, int, int]], data: bytes, order: str, scope: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """Yield the scope of each attribute of a set: one for all, or in a sequence that of the siblings before it."""
    if not rows.sequence:
        yield from repeat(set_scope(rows, items, data, order, scope), len(items))
        return
    known = set_scope(rows, [], data, order, scope)
    for item in items:
        yield known
        known = {**known, **set_scope(rows, [item], data, order, {})}
