"""What may be key material: rows that say so, and bytes around them that did not decode."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from .attrs import Tables
from .bindings import COMMANDS, KEYED, ensure_family
from .kinds import Kind
from .shapes import Nest, Struct, layer_kind

_known: dict[tuple[int, int], tuple[Kind, bool]] = {}


def holds_secrets(kind: Kind) -> bool:
    """Whether key material can be somewhere inside a kind."""
    key = id(kind), Tables.version
    if key not in _known:
        _known[key] = kind, _reaches(kind, set())
    return _known[key][1]


def is_keyed_family(family: str) -> bool:
    """Return whether messages of a generic family can carry keys; loads its tables."""
    ensure_family(family)
    return family in KEYED or _is_keyed_family(family, Tables.version)


@cache
def _is_keyed_family(family: str, version: int) -> bool:
    return any(holds_secrets(layer_kind(one.message)) for table in COMMANDS.get(family, {}).values() for one in table)


def _reaches(kind: Kind, seen: set[object]) -> bool:
    if kind.secret:
        return True
    holder = _holder(kind)
    if holder is not None:
        if holder in seen:
            return any(_reaches(target, seen) for target in kind.bound())
        seen.add(holder)
    return any(_reaches(inner, seen) for inner in (*_parts(kind), *kind.bound()))


def _holder(kind: Kind) -> object:
    if isinstance(kind, Struct):
        return kind.message
    return kind.inner if isinstance(kind, Nest) and kind.known else None


def _parts(kind: Kind) -> Iterator[Kind]:
    """What stands inside a kind, one level down."""
    if isinstance(kind, Struct):
        yield from (field.kind for field in kind.message.fields_desc)
    elif isinstance(kind, Nest) and kind.known:
        if kind.inner.indexed:
            row = kind.inner.row(1)
            yield from () if row is None else (row,)
        else:
            yield from kind.inner.rows.values()
