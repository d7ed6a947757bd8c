"""Identity of objects: the parts of a message that distinguish objects, and the message's values by their paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from nldissect.wire import DecodedMessage, Node
from nldissect.wire.decode.nodes import find, inner_nodes
from nldissect.wire.packets.nlmsghdr import genlmsghdr
from nldissect.wire.semantics.objects import ObjectType

Leaves = dict[str, Node]
Key = tuple[object, ...]


def key_of(thing: ObjectType, walked: DecodedMessage, where: str | None) -> Key:
    """Return the identity of the object in a message: namespace, protocol, object type, parts of its key."""
    return where, walked.protocol, thing.name, *(_part(thing, walked, node) for _, node in identity(thing, walked))


def place_of(thing: ObjectType, key: Key) -> Key:
    """Return the part of an identity that siblings have in common; empty if the object type has no siblings."""
    return key[: 3 + len(thing.place)] if thing.place else ()


def identity(thing: ObjectType, walked: DecodedMessage) -> Iterator[tuple[list[str], Node | None]]:
    """Yield, for each part of an object's identity, the names it may have and its node, None if absent."""
    members: dict[str, Node] = {}
    for node in members_of(walked):
        members.setdefault(node.kind.name, node)
    for names in names_of_key(thing.key):
        found = None
        for name in names:
            found = found or (_member(members, name) if "." in name else members.get(name))
        yield names, found


@cache
def names_of_key(key: tuple[str, ...]) -> list[list[str]]:
    """Return for each part of an identity the names it may have."""
    return [name.split("|") for name in key]


def parts_of(thing: ObjectType, walked: DecodedMessage, names: Iterable[str]) -> dict[int, object]:
    """Return some parts of a message's identity by their place in its key; absent parts are left out."""
    wanted, found = set(names), list(identity(thing, walked))
    return {
        3 + place: _part(thing, walked, node)
        for place, (name, (_, node)) in enumerate(zip(thing.key, found, strict=True))
        if name in wanted and node is not None
    }


def _part(thing: ObjectType, walked: DecodedMessage, node: Node | None) -> object:
    """Return a part of an identity: the bytes of a value; of flags and nested values only what does not come and go."""
    if node is None:
        return None
    states = dict(thing.states)
    if node.name in states:
        return node.value & states[node.name] if isinstance(node.value, int) else None
    if not states or not inner_nodes(node):
        return bytes_of(walked, node)
    leaves = leaves_of(inner_nodes(node))
    return tuple((path, _part(thing, walked, one)) for path, one in leaves.items())


def members_of(walked: DecodedMessage) -> Iterator[Node]:
    """Yield the fields of the message's own layer, and the attributes after them."""
    layer = walked.layers[-1] if walked.layers else None
    if layer is None or layer.kind.name == genlmsghdr.__name__ or not isinstance(layer.value, list):
        return
    yield from flat(layer.value)


def flat(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield fields, and the attributes after them."""
    for node in nodes:
        if node.kind.shape == "attrs" and node.number is None:
            yield from node.value
        else:
            yield node


def _member(members: dict[str, Node], path: str) -> Node | None:
    first, _, inner = path.partition(".")
    found = members.get(first)
    if found is None or not inner:
        return found
    return find(found.value, inner) if isinstance(found.value, list) else None


def leaves_of(nodes: Iterable[Node]) -> Leaves:
    """Return every value by its path; hidden nodes are left out."""
    found: Leaves = {}
    _add_leaves(found, nodes, "")
    return found


def _add_leaves(found: Leaves, nodes: Iterable[Node], above: str) -> None:
    count: dict[str, int] = {}
    for node in nodes:
        kind, value = node.kind, node.value
        if kind.hidden:
            continue
        path, seen = above + kind.name, count.get(kind.name, 0) + 1
        count[kind.name] = seen
        if seen > 1:
            path = f"{path}#{seen}"
        if not isinstance(value, list):
            if not isinstance(value, DecodedMessage):
                found[path] = node
        elif inner := inner_nodes(node):
            _add_leaves(found, inner, f"{path}.")
        elif value:
            found[path] = node


def bytes_of(walked: DecodedMessage, node: Node) -> bytes:
    """Return the bytes of a node's value."""
    return walked.data[node.start : node.value_end]
