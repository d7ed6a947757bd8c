"""Which nodes of a message a summary asks for: one pass over it, past what can't hold any of them.

Whether an attribute can hold a name somewhere inside is read from the tables once, so that the hundreds of counters and
settings of a link message are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from nldissect.wire import Kind, Nest, Nests, Node, Struct, Walked
from nldissect.wire.attrs import Tables
from nldissect.wire.nodes import inner_nodes
from nldissect.wire.summary import parse, plain_name


@cache
def wanted_names(template: str) -> frozenset[str]:
    """The names a template asks for, one of each; of a path its first."""

    def names(parts: list[object]) -> Iterator[str]:
        for part in parts:
            if isinstance(part, list):
                yield from names(part)
            elif isinstance(part, tuple):
                asked = (name for name in part if name[0] != '"' and name[-1] != "*")
                yield from (plain_name(one).partition(".")[0] for name in asked for one in name.split("/"))

    return frozenset(names(list(parse(template))))


def nodes_named(walked: Walked, wanted: frozenset[str]) -> dict[str, Node]:
    """The first node of each wanted name, outer before inner."""
    found: dict[str, Node] = {}
    level = walked.layers
    while level:
        below: list[Node] = []
        for node in level:
            kind = node.kind
            if kind.name in wanted:
                found.setdefault(kind.name, node)
            if kind.also:
                found.update((name, node) for name in wanted if name not in found and kind.called(name))
            if kind.shape != "leaf" and _holds(kind, wanted):
                below += inner_nodes(node)
        level = below
    return found


_below: dict[int, tuple[Kind, frozenset[str]]] = {}
_holding: dict[tuple[int, frozenset[str]], bool] = {}
_version = 0


def _holds(kind: Kind, wanted: frozenset[str]) -> bool:
    """Whether anything inside this kind can be called by one of the names."""
    global _version
    if Tables.version != _version:
        _below.clear()
        _holding.clear()
        _version = Tables.version
    key = id(kind), wanted
    holds = _holding.get(key)
    if holds is None:
        if id(kind) not in _below:
            _below[id(kind)] = kind, frozenset(_names_below(kind, set()))
        names = _below[id(kind)][1]
        holds = _holding[key] = any(name in names for name in wanted)
    return holds


def _names_below(kind: Kind, seen: set[object]) -> Iterator[str]:
    for inner in _kinds_below(kind):
        yield inner.name
        if inner.also:
            yield from inner.also
            yield from (f"{inner.set.prefix}_{other}" for other in inner.also if inner.set is not None)
        for one in (inner, *inner.bound()):
            mark = _content(one)
            if mark is not None and mark not in seen:
                seen.add(mark)
                yield from _names_below(one, seen)


def _content(kind: Kind) -> object:
    """What tells one content from another: the set, or the struct."""
    if isinstance(kind, Nests) or (isinstance(kind, Nest) and kind.known):
        return kind.inner
    return kind.message if isinstance(kind, Struct) else None


def _kinds_below(kind: Kind) -> list[Kind]:
    if isinstance(kind, Nests):
        element = kind.inner.row(0)
        return [element] if element is not None else []
    if isinstance(kind, Nest):
        return list(kind.inner.rows.values()) if kind.known else []
    return [field.kind for field in kind.message.fields_desc] if isinstance(kind, Struct) else []
