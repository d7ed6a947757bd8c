"""Lookup of the nodes that a template needs: one pass over a message, without kinds that can't hold any of them.

Whether an attribute can hold a name somewhere inside is read from the tables once, so that the hundreds of counters and
settings of a link message are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache, lru_cache

from .attr_set import TableVersion
from .containers import Nest, Nests, Struct
from .decode.nodes import DecodedMessage, Node, find, inner_nodes
from .kind import Kind
from .summary_template import ABOUT, ANYWHERE, OF_ACK, Part, parse, plain_name
from .template_names import names_in, own_names

NAME_ALONE = re.compile(r"\w+[#=@+~]?")
INSIDE = 3
"""Depth of what attributes hold: layers, their fields and the attributes after them come first."""


@cache
def needed_node(name: str) -> str:
    """Return the name of the node without which a template's name has no text; "" if more than a node decides it."""
    plain = plain_name(name)
    alone = NAME_ALONE.fullmatch(name) is not None and plain not in (*ABOUT, *OF_ACK)
    return plain if alone else ""


def parts_with(template: str, nodes: Collection[str]) -> list[Part]:
    """Return the parts of a template without the groups that vanish where there are only nodes of these names."""
    return _parts_with(template, frozenset(nodes))


@lru_cache(maxsize=4096)
def _parts_with(template: str, nodes: frozenset[str]) -> list[Part]:
    return _without_vanished(parse(template), nodes)


def _without_vanished(parts: list[Part], nodes: frozenset[str]) -> list[Part]:
    left: list[Part] = []
    for part in parts:
        if not isinstance(part, list):
            left.append(part)
        elif not any(isinstance(one, tuple) and _vanishes(one, nodes) for one in part):
            held = [one for one in part if not (isinstance(one, tuple) and _holds_already(one, nodes))]
            left.append(_without_vanished(held, nodes))
    return left


def _vanishes(names: tuple[str, ...], nodes: frozenset[str]) -> bool:
    """Return whether the alternatives of a field have no text where there are only these nodes."""
    return all(
        (needed := needed_node(name) or _head(name)) and (needed not in nodes) != name.startswith("!") for name in names
    )


def _holds_already(names: tuple[str, ...], nodes: frozenset[str]) -> bool:
    """Return whether a field is a condition that asks for no more than a node that is there, or one that is not."""
    name = names[0]
    asked = name[1:] if name[0] in "?!" and NAME_ALONE.fullmatch(name[1:]) else ""
    return bool(_head(name)) and asked == _head(name) and (asked in nodes) == (name[0] == "?")


@cache
def _head(name: str) -> str:
    """Return the node that a condition or path of a template is about; "" where it is not about one alone."""
    plain = plain_name(name).partition(".")[0]
    about_value = name.startswith("!") and not NAME_ALONE.fullmatch(name[1:])
    known = name[0] not in '*"' and "==" not in name and not set("/%*") & set(name) and not about_value
    return plain if known and plain not in (*ABOUT, *OF_ACK) else ""


@cache
def wanted_names(template: str) -> frozenset[str]:
    """Return the names a template asks for, each once, of paths the first; no lists (NAME*)."""
    names = (name.partition(".")[0] for name in names_in(template) if not name.startswith(ANYWHERE))
    return frozenset(name for name in names if not name.endswith("*"))


def nodes_named(walked: DecodedMessage, template: str) -> dict[str, Node]:
    """Return the first node of each name that a template asks for, outer before inner.

    Attributes of the message's own set are looked for at its top level only.
    """
    wanted = wanted_names(template)
    found: dict[str, Node] = {}
    level, depth = walked.layers, 0
    while level and wanted:
        below: list[Node] = []
        for node in level:
            kind = node.kind
            if kind.name in wanted:
                found.setdefault(kind.name, node)
            if kind.also:
                found.update((name, node) for name in wanted if name not in found and kind.has_name(name))
            if kind.shape != "leaf" and _holds(kind, wanted):
                below += inner_nodes(node)
        level, depth = below, depth + 1
        if depth == INSIDE:
            wanted -= own_names(walked.message, template)
    return found


def node_named(walked: DecodedMessage, template: str, nodes: dict[str, Node], name: str) -> Node | None:
    """Return the node of a name or path in a template, None if there is none; `nodes`: result of `nodes_named`."""
    if "." not in name:
        return nodes.get(name)
    own = walked.message is not None and name in own_names(walked.message, template)
    return find(walked.layers, name.removeprefix(ANYWHERE), INSIDE if own else None)


_below: dict[int, tuple[Kind, frozenset[str]]] = {}
_holding: dict[tuple[int, frozenset[str]], bool] = {}
_version = 0


def _holds(kind: Kind, wanted: frozenset[str]) -> bool:
    """Return whether anything inside a kind can have one of the names."""
    global _version
    if TableVersion.version != _version:
        _below.clear()
        _holding.clear()
        _version = TableVersion.version
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
    """Return the identity of a kind's content: its set or struct; None if it has none."""
    if isinstance(kind, Nests) or (isinstance(kind, Nest) and kind.loaded):
        return kind.inner
    return kind.message if isinstance(kind, Struct) else None


def _kinds_below(kind: Kind) -> list[Kind]:
    if isinstance(kind, Nests):
        element = kind.inner.row(0)
        return [element] if element is not None else []
    if isinstance(kind, Nest):
        return list(kind.inner.rows.values()) if kind.loaded else []
    return [field.kind for field in kind.message.fields_desc] if isinstance(kind, Struct) else []
