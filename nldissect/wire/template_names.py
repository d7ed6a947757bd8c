"""Names in summary templates: the fields and attributes that each may mean in a message, by the tables alone.

The name of an attribute that the message itself may have means that attribute, never one of the same name deeper
inside. The name of a field that is both in the fixed part of the message and elsewhere in it is ambiguous: the template
has to use a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from nldissect.errors import TableError

from .attr_set import TableVersion
from .containers import Nest, Nests, Struct
from .kind import Kind
from .summary_template import other_name, parse, plain_name


@cache
def names_in(template: str) -> tuple[str, ...]:
    """Return every name in a template, without its signs but for the `*`; texts in quotes are left out."""

    def names(parts: list[Any]) -> Iterator[str]:
        for part in parts:
            if isinstance(part, list):
                yield from names(part)
            elif isinstance(part, tuple):
                asked = [one for name in part if name[0] != '"' for one in re.split("[/%]", name)]
                yield from map(plain_name, asked)
                yield from (other_name(one) for one in asked if "==" in one)

    return tuple(dict.fromkeys(names(parse(template))))


def own_names(message: Any, template: str) -> frozenset[str]:
    """Return those names of a template that mean attributes directly after the header of a message class.

    Paths that begin with such a name are included.
    """
    return _own_names(message, template, TableVersion.version)


@cache
def _own_names(message: Any, template: str, version: int) -> frozenset[str]:
    kinds = (field.kind for field in message.fields_desc if field.kind.shape == "attrs")
    rows = [row for kind in kinds for row in _kinds_in(kind)[1]]
    return frozenset(name for name in names_in(template) if any(row.has_name(name.partition(".")[0]) for row in rows))


def check_names(owner: str, template: str, fixed: list[Kind]) -> None:
    """Raise TableError for a name of a field in the fixed part of a message that also is elsewhere in it.

    owner   name of the message class, with which paths begin
    fixed   kinds of the message's fields

    Sets that are not declared yet are not searched.
    """
    names = [name for name in names_in(template) if "." not in name and not name.endswith("*")]
    always = {name: path for kind, path in _fixed_fields(fixed, (owner,)) for name in names if kind.has_name(name)}
    for name, path in _paths(fixed, set(always), (owner,), frozenset()):
        if path != always[name]:
            both = f"{always[name][-1]}.{name} and {path[-1]}.{name}"
            raise TableError(f"{owner}: {name} in its summary may be {both}; say which, {{{path[-1]}.{name}}}")


Path = tuple[str, ...]


def _fixed_fields(kinds: list[Kind], path: Path) -> Iterator[tuple[Kind, Path]]:
    """Yield the fields that every message of a class has, and those of structs among them, with their paths."""
    for kind in kinds:
        yield kind, path
        if kind.shape == "fields":
            yield from _fixed_fields(_kinds_in(kind)[1], (*path, kind.name))


def _paths(kinds: list[Kind], names: set[str], path: Path, seen: frozenset[object]) -> Iterator[tuple[str, Path]]:
    """Yield each field or attribute of these names, with the path to it; a set that holds itself is searched once."""
    for kind in kinds if names else ():
        if kind.name in names or kind.also:
            yield from ((name, path) for name in names if kind.has_name(name))
        for one in (kind, *kind.bound()):
            mark, inner = _kinds_in(one)
            if inner and mark not in seen:
                yield from _paths(inner, names, (*path, kind.name), seen | {mark})


def _kinds_in(kind: Kind) -> tuple[object, list[Kind]]:
    """Return the set or struct that a kind holds, and the kinds in it; none where the set is not declared yet."""
    if isinstance(kind, Struct):
        return kind.message, [field.kind for field in kind.message.fields_desc]
    if not isinstance(kind, Nest) or not kind.loaded:
        return None, []
    try:
        rows = kind.inner
    except TableError:
        return None, []
    element = rows.row(0) if isinstance(kind, Nests) else None
    return rows, [element] if element is not None else list(rows.rows.values())
