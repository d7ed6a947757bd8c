"""Values of fields in the nodes of one decoded message, found in one pass that skips what can hold none of them.

A node that did not decode under its row (a size that does not fit, an unknown number) has no value and holds none. The
request that an acknowledgement echoes is not searched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from nldissect.wire import Bitfield32, Bits, DecodedMessage, KeyValues, Kind, Nest, Struct, genlmsghdr
from nldissect.wire.attr_set import TableVersion
from nldissect.wire.decode.nodes import Node, inner_nodes
from nldissect.wire.kind import Undecoded
from nldissect.wire.opaque import MayBeKey, UndecodedKey

from ..extract.field_paths import is_nameless, names_of
from .catalog import members, variants
from .field import Field
from .header_fields import COMMAND
from .message_facts import MessageFacts, message_facts
from .subfields import KEYED, parts

UNDECODED = Undecoded, UndecodedKey, MayBeKey
"""Kinds of nodes that did not decode."""

Around = tuple[Sequence[Node], Any]
"""The nodes next to a node, and those around them."""


class NodeValue:
    """One value of a field in a message: that of a node, or of a derived field, which has no node."""

    __slots__ = ("_around", "_walked", "kind", "value")

    def __init__(self, kind: Kind, value: Any, walked: DecodedMessage | None, around: Around | None = None) -> None:
        self.kind, self.value, self._walked, self._around = kind, value, walked, around

    @property
    def facts(self) -> MessageFacts:
        """Facts of the message."""
        assert self._walked is not None
        return message_facts(self._walked)

    @property
    def prefix_length(self) -> int | None:
        """Number of leading bits of an address that count (Addr's option `prefix`); None if the message has none."""
        name, around = getattr(self.kind, "prefix", None), self._around
        while around is not None:
            for node in around[0]:
                if node.kind.name == name and isinstance(node.value, int):
                    return node.value
            around = around[1]
        return None


class KindSearch(NamedTuple):
    """The search at nodes of one kind.

    wanted   fields that end at this name: index and steps before the last
    inside   it can hold others
    """

    names: tuple[str, ...]
    wanted: tuple[tuple[int, tuple[str, ...]], ...]
    inside: bool


class NodeSearch:
    """Search for the nodes of some fields, which are neither derived nor nlmsghdr's own (see message_reader.py)."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self.count = len(fields)
        self._ends: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        for index, one in enumerate(fields):
            self._ends.setdefault(one.path[-1], []).append((index, one.path[:-1]))
        keyed = {one.path[-2] for one in fields if any(place.kind is KEYED for place in one.places)}
        self._names = {*self._ends, *keyed}
        self._kinds: dict[int, tuple[Kind, KindSearch]] = {}
        self._version = TableVersion.version

    def find(self, walked: DecodedMessage) -> list[list[NodeValue]]:
        """Return for each field the nodes that hold it, in wire order."""
        if self._version != TableVersion.version or len(self._kinds) > 1 << 14:
            self._kinds.clear()
            self._version = TableVersion.version
        found: list[list[NodeValue]] = [[] for _ in range(self.count)]
        _Visitor(self, walked, found).visit(walked.layers, (), None)
        return found

    def of_kind(self, kind: Kind) -> KindSearch:
        """Return the search at a kind, computed once."""
        known = self._kinds.get(id(kind))
        if known is None:
            names = () if is_nameless(kind) else names_of(kind)
            wanted = tuple(end for name in names for end in self._ends.get(name, ()))
            inside = not self._names.isdisjoint(names_below(kind))
            known = self._kinds[id(kind)] = kind, KindSearch(names, wanted, inside)
        return known[1]

    def ends(self, name: str) -> Iterable[tuple[int, tuple[str, ...]]]:
        """Return the fields with this name as last step."""
        return self._ends.get(name, ())


class _Visitor:
    """The search of one message."""

    def __init__(self, search: NodeSearch, walked: DecodedMessage, found: list[list[NodeValue]]) -> None:
        self.search, self.walked, self.found = search, walked, found

    def visit(self, nodes: Sequence[Node], steps: tuple[tuple[str, ...], ...], outer: Around | None) -> None:
        """Search the nodes of one level; `steps` are the names of the nodes around them."""
        around = nodes, outer
        for node in nodes:
            kind = node.kind
            if type(kind) in UNDECODED:
                continue
            here = self.search.of_kind(kind)
            if here.wanted:
                self.keep(here.wanted, steps, kind, node.value, around)
            if here.inside or (here.wanted and _is_array(kind)):
                self.inside(node, (*steps, here.names) if here.names else steps, here, around)

    def keep(
        self, wanted: Iterable[tuple[int, tuple[str, ...]]], steps: tuple[tuple[str, ...], ...], kind: Kind, value: Any,
        around: Around | None,
    ) -> None:  # fmt: skip
        for index, before in wanted:
            enclosing = steps[len(steps) - len(before) :]
            if len(before) <= len(steps) and all(map(_among, before, enclosing)):
                self.found[index].append(NodeValue(kind, value, self.walked, around))

    def inside(self, node: Node, steps: tuple[tuple[str, ...], ...], here: KindSearch, around: Around) -> None:
        kind = node.kind
        if isinstance(kind, (Bits, Bitfield32, KeyValues)):
            for name, part, value in parts(kind, node.value):
                self.keep(self.search.ends(name.lower()), steps, part, value, around)
            return
        inner = inner_nodes(node)
        if _is_array(kind):
            for element in inner:
                self.element(element, steps, here, around)
        elif kind.name == genlmsghdr.__name__ and not around[1] and inner:
            self.visit([inner[0]._replace(kind=COMMAND), *inner[1:]], steps, around)
        else:
            self.visit(inner, steps, around)

    def element(self, node: Node, steps: tuple[tuple[str, ...], ...], here: KindSearch, around: Around) -> None:
        """Search an element of an array, which has the array's name."""
        if type(node.kind) in UNDECODED:
            return
        if node.kind.shape == "leaf":
            self.keep(here.wanted, steps[:-1], node.kind, node.value, around)
        self.inside(node, steps, here, around)


def _is_array(kind: Kind) -> bool:
    return kind.shape == "list" or (isinstance(kind, Nest) and kind.known and kind.inner.indexed)


def _among(name: str, names: tuple[str, ...]) -> bool:
    return name in names


_below: dict[int, tuple[Kind, frozenset[str]]] = {}
_version = -1


def names_below(kind: Kind) -> frozenset[str]:
    """Return the names of everything that can be inside a kind, at any depth."""
    global _version
    if _version != TableVersion.version:
        _below.clear()
        _version = TableVersion.version
    if kind.shape == "leaf" and not kind.bindings and not isinstance(kind, (Bits, Bitfield32)):
        return frozenset((kind.name.lower(),)) if isinstance(kind, KeyValues) else frozenset()
    if id(kind) not in _below:
        names: set[str] = set()
        seen: set[object] = {_content(kind)}
        ahead = [kind]
        while ahead:
            for member, _ in members(ahead.pop()):
                names.update(names_of(member))
                for one in variants(member):
                    content = _content(one)
                    if content is not None and content not in seen:
                        seen.add(content)
                        ahead.append(one)
        _below[id(kind)] = kind, frozenset(names)
    return _below[id(kind)][1]


def _content(kind: Kind) -> object:
    """Return the identity of a kind's content: the set, the struct, or the bit-fields."""
    if isinstance(kind, Nest) and kind.known:
        return kind.inner
    if isinstance(kind, Struct):
        return kind.message
    return id(kind) if isinstance(kind, (Bits, Bitfield32)) else None
