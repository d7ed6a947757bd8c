"""Filters in the plainest way: every node of a message with its full path, and comparisons written out by hand.

The oracle for the filter language. It shares no code with `nldissect.columns`: not the catalogue of names, not the
types, not the evaluation. A filter is a tuple, `text` writes it as a user would:

    ("and", a, b ...)  ("or", a, b ...)  ("not", a)  ("there", name)
    (operator, name, value)                  name is "A.B", or ("A.B", offset, length) for a slice
    ("fields", operator, name, name)

A value is an int, a str (quoted text), an ipaddress address or network, bytes, a Name, or for "in" a list of such and
of (low, high) pairs.
"""

from __future__ import annotations

import ipaddress
import operator
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from nldissect.wire import Addr, Bitfield32, Bits, Blob, DecodedMessage, KeyValues, Mac, Pad, Scalar, Text, Texts
from nldissect.wire.decode.nodes import Node
from nldissect.wire.enums import Flags
from nldissect.wire.errno import ERRNO
from nldissect.wire.protocol import flag_names

HEADER = {"nlmsg_len": "length", "nlmsg_type": "number", "nlmsg_flags": "flags", "nlmsg_seq": "seq", "nlmsg_pid": "pid"}
ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class Name(str):
    """A constant."""


class Thing(NamedTuple):
    """One value somewhere in a message; `names` are what it is called as a constant, None where it has no names.

    length   prefix length, where the header has one for it
    """

    path: tuple[str, ...]
    value: Any
    names: list[str] | None = None
    knows: frozenset[str] = frozenset()
    length: int | None = None
    prefixed: bool = False


def things(walked: DecodedMessage) -> list[Thing]:
    """Everything that has a name in a message."""
    found = []
    if walked.has_header:
        found.append(Thing(("nlmsghdr",), None))
        command = walked.layers[0].value[0] if walked.layers and walked.layers[0].name == "genlmsghdr" else None
        verb = walked.type_name if command is None else command.kind.shown(command.value)
        for name, attribute in HEADER.items():
            names = None
            if name == "nlmsg_type":
                names = [walked.type_name]
            elif name == "nlmsg_flags":
                names = flag_names(verb, walked.flags, walked.number)
            found.append(Thing(("nlmsghdr", name), getattr(walked, attribute), names))
    found += list(_inside(walked.layers, (), []))
    return found


def _inside(nodes: list[Node], path: tuple[str, ...], around: list[Node]) -> Iterator[Thing]:
    for node in nodes:
        if type(node.kind).__name__ == "Undecoded":
            continue
        nameless = node.kind.shape == "attrs" and node.kind.number is None
        here = path if nameless else (*path, node.name)
        if not nameless:
            yield from _of(node, here, [*around, *nodes])
        if isinstance(node.value, list) and node.value and isinstance(node.value[0], Node):
            if _is_array(node):
                for element in node.value:
                    yield from _element(element, here, [*around, *nodes])
            else:
                yield from _inside(node.value, here, [*around, *nodes])


def _is_array(node: Node) -> bool:
    return node.kind.shape == "list" or type(node.kind).__name__ == "Nests"


def _element(node: Node, path: tuple[str, ...], around: list[Node]) -> Iterator[Thing]:
    if type(node.kind).__name__ == "Undecoded":
        return
    if not (isinstance(node.value, list) and node.value and isinstance(node.value[0], Node)):
        yield from _of(node, path, around)
    elif _is_array(node):
        for element in node.value:
            yield from _element(element, path, around)
    else:
        yield from _inside(node.value, path, around)


def _of(node: Node, path: tuple[str, ...], around: list[Node]) -> Iterator[Thing]:
    """The values of one node, or one without a value where it is only there."""
    kind, value = node.kind, node.value
    if isinstance(kind, Bits) and isinstance(value, int):
        yield from (Thing((*path, part), number) for part, number in kind.parts(value).items())
    if isinstance(kind, Bitfield32) and isinstance(value, list):
        for part, number in zip(("value", "selector"), value, strict=True):
            yield Thing((*path, part), number)
        value = value[:1]
    if isinstance(kind, KeyValues) and isinstance(value, list):
        yield from (Thing((*path, key), text) for key, text in value)
        value = [f"{key}={text}" for key, text in value]
    single = getattr(kind, "element", kind) if type(kind).__name__ == "Array" else kind
    some = value if isinstance(value, list) and not (value and isinstance(value[0], Node)) else [value]
    values = [plain for one in some for plain in _plain(single, one)]
    for one in values:
        names, knows = _names(single, one)
        prefix = getattr(single, "prefix", None)
        known = [inner.value for inner in around if inner.name == prefix] if prefix else []
        yield Thing(path, one, names, knows, known[-1] if known else None, prefix is not None)
    if not values:
        yield Thing(path, None)


def _plain(kind: Any, value: Any) -> Iterator[Any]:
    if kind.secret:
        return
    if isinstance(kind, Mac):
        yield bytes.fromhex(value.replace(":", ""))
    elif isinstance(kind, (Blob, Pad)):
        yield value
    elif isinstance(kind, Addr) and isinstance(value, str):
        yield Labels(value) if kind.known == 28 else ipaddress.ip_address(value)
    elif (isinstance(kind, (Text, Texts)) and isinstance(value, str)) or (
        isinstance(kind, (Scalar, Bitfield32)) and type(value) is int
    ):
        yield value


class Labels(NamedTuple):
    """A stack of MPLS labels, compared with nothing here."""

    text: str


def _names(kind: Any, value: Any) -> tuple[list[str] | None, frozenset[str]]:
    if type(kind).__name__ == "Errno":
        shown = kind.json(value)
        return ([shown] if isinstance(shown, str) else []), frozenset(ERRNO.numbers)
    names = getattr(kind, "names", None)
    if names is None or type(value) is not int:
        return None, frozenset()
    if issubclass(names, Flags):
        return [name for bit, name in names.names.items() if bit & value and not bit & bit - 1], frozenset(
            names.numbers
        )
    return ([names.names[value]] if value in names.names else []), frozenset(names.numbers)


def holds(tree: tuple[Any, ...], found: list[Thing]) -> bool:
    """Whether a filter holds for a message of which these are the things."""
    what = tree[0]
    if what == "and":
        return all(holds(term, found) for term in tree[1:])
    if what == "or":
        return any(holds(term, found) for term in tree[1:])
    if what == "not":
        return not holds(tree[1], found)
    if what == "there":
        return any(_ends(thing.path, tree[1]) for thing in found)
    if what == "fields":
        return _fields(tree[1], *([thing.value for thing in _values(found, name)] for name in tree[2:]))
    operation, name, wanted = tree
    some = [thing for thing in _values(found, name) if _fits(thing, wanted)]
    if operation == "!=":
        return bool(some) and not any(_equals(thing, wanted) for thing in some)
    return any(_compare(operation, thing, wanted) for thing in some)


def _ends(path: tuple[str, ...], name: str) -> bool:
    steps = name.lower().split(".")
    return [step.lower() for step in path[-len(steps) :]] == steps


def _values(found: list[Thing], name: Any) -> list[Thing]:
    if isinstance(name, str):
        return [thing for thing in found if thing.value is not None and _ends(thing.path, name)]
    path, offset, length = name
    whole = [thing for thing in _values(found, path) if isinstance(thing.value, (str, bytes))]
    return [
        thing._replace(value=thing.value[offset:][:length]) for thing in whole if len(thing.value) >= offset + length
    ]


def _fits(thing: Thing, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return any(_fits(thing, one[0] if isinstance(one, tuple) else one) for one in wanted)
    if isinstance(wanted, Name):
        header = thing.path in (("nlmsghdr", "nlmsg_type"), ("nlmsghdr", "nlmsg_flags"), ("genlmsghdr", "cmd"))
        return wanted in thing.knows or header
    if isinstance(wanted, (ipaddress.IPv4Network, ipaddress.IPv6Network)):
        return isinstance(thing.value, (ipaddress.IPv4Address, ipaddress.IPv6Address))
    if isinstance(wanted, (ipaddress.IPv4Address, ipaddress.IPv6Address)):
        return isinstance(thing.value, (ipaddress.IPv4Address, ipaddress.IPv6Address))
    return type(thing.value) is type(wanted)


def _equals(thing: Thing, wanted: Any) -> bool:
    if isinstance(wanted, Name):
        return thing.names == [wanted]
    if isinstance(wanted, (ipaddress.IPv4Network, ipaddress.IPv6Network)):
        return bool(thing.value == wanted.network_address and thing.length == wanted.prefixlen)
    return bool(thing.value == wanted)


def _compare(operation: str, thing: Thing, wanted: Any) -> bool:
    value = thing.value
    if operation == "==":
        return _equals(thing, wanted)
    if operation == "in":
        return any(_in(thing, one) for one in (wanted if isinstance(wanted, list) else [wanted]))
    if operation == "&":
        return wanted in (thing.names or ()) if isinstance(wanted, Name) else bool(value & wanted)
    if operation == "contains":
        return wanted in value
    if operation == "matches":
        return re.search(wanted, value, re.IGNORECASE) is not None
    return _comparable(value, wanted) and bool(ORDERS[operation](value, wanted))


def _in(thing: Thing, one: Any) -> bool:
    if isinstance(one, tuple):
        low, high = one
        return type(thing.value) is type(low) and _comparable(thing.value, low) and low <= thing.value <= high
    if isinstance(one, (ipaddress.IPv4Network, ipaddress.IPv6Network)):
        return thing.value in one
    return _fits(thing, one) and _equals(thing, one)


def _comparable(value: Any, other: Any) -> bool:
    """Bytes have an order where they are equally long, addresses where they are of one family."""
    return type(value) is type(other) and (not isinstance(value, bytes) or len(value) == len(other))


def _fields(operation: str, left: list[Any], right: list[Any]) -> bool:
    pairs = [(one, other) for one in left for other in right if _sort(one) == _sort(other)]
    if operation == "!=":
        return bool(pairs) and all(one != other for one, other in pairs)
    if operation == "==":
        return any(one == other for one, other in pairs)
    return any(_comparable(one, other) and ORDERS[operation](one, other) for one, other in pairs)


def _sort(value: Any) -> str:
    return "address" if hasattr(value, "packed") else type(value).__name__


def text(tree: tuple[Any, ...]) -> str:
    """A filter as a user writes it."""
    what = tree[0]
    if what in ("and", "or"):
        return f" {what} ".join(f"({text(term)})" for term in tree[1:])
    if what == "not":
        return f"not ({text(tree[1])})"
    if what == "there":
        return str(tree[1])
    if what == "fields":
        return f"{tree[2]} {tree[1]} {tree[3]}"
    operation, name, wanted = tree
    field = name if isinstance(name, str) else f"{name[0]}[{name[1]}:{name[2]}]"
    raw = operation == "matches"
    return f"{field} {operation} {_raw(wanted) if raw else literal(wanted)}"


def _raw(pattern: str) -> str:
    return '"' + pattern.replace('"', '\\"') + '"'


def literal(value: Any) -> str:
    """A value as a user writes it."""
    if isinstance(value, list):
        return "{" + ", ".join(map(literal, value)) + "}"
    if isinstance(value, tuple):
        return f"{literal(value[0])}..{literal(value[1])}"
    if isinstance(value, bytes):
        return value.hex(":")
    if isinstance(value, str) and not isinstance(value, Name):
        return '"' + "".join(_escaped(character) for character in value) + '"'
    return str(value)


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() else f"\\u{ord(character):04x}"
