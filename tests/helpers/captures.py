"""Captures as family tests read them: messages decoded with one Context, values as plain Python, packets rebuilt."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from nldissect.wire import Context, DecodedMessage, nlmon, walk
from nldissect.wire.decode.nodes import Node
from tests.helpers.paths import CAPTURES

SUBJECTS = ["vlan_add", "veth_add", "bridge", "addr", "route", "neigh", "rule", "nexthop", "errors", "nlctrl", "xfrm"]
"""Captures that stand for all others."""


def frames(name: str) -> Iterator[bytes]:
    """The bytes of every frame of a capture, cooked header included."""
    data = (CAPTURES / name).read_bytes()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at = 24
    while at < len(data):
        length = struct.unpack_from(order + "8xI", data, at)[0]
        yield data[at + 16 : at + 16 + length]
        at += 16 + length


def messages(
    name: str, type_name: str | None = None, direction: str | None = None, **wanted: Any
) -> list[DecodedMessage]:
    """Messages of a capture, of one type (or generic family) and direction, whose fields have the values wanted."""
    context = Context()
    found = [message for frame in frames(name) for message in walk(frame, context).messages]
    return [
        message
        for message in found
        if type_name in (None, message.type_name, message.family)
        and direction in (None, message.direction)
        and all(value(message, name) == wish for name, wish in wanted.items())
    ]


def shape(nodes: list[Node]) -> tuple[Any, ...]:
    """What is in a message: the names in their order, once each, with numbers below 256, which are words and flags."""
    found = []
    for node in nodes:
        kept: Any = type(node.value)
        if isinstance(node.value, list):
            kept = shape([one for one in node.value if isinstance(one, Node)])
        elif isinstance(node.value, int) and node.value < 256:
            kept = node.value
        found.append((node.name, kept))
    return tuple(dict.fromkeys(found))


def requests(name: str, type_name: str, **wanted: Any) -> list[DecodedMessage]:
    """What programs asked the kernel."""
    return messages(name, type_name, "to kernel", **wanted)


def replies(name: str, type_name: str, **wanted: Any) -> list[DecodedMessage]:
    """What the kernel answered."""
    return messages(name, type_name, "to user", **wanted)


def value(message: DecodedMessage, path: str) -> Any:
    """A field or attribute as NDJSON has it: names for constants, dicts for structs and nests; None if absent."""
    node = message.find(path)
    return None if node is None else plain(node)


def plain(node: Node) -> Any:
    """A node as plain values; what repeats becomes a list."""
    if node.kind.shape == "leaf":
        return node.kind.json(node.value)
    if node.kind.shape == "list":
        return [plain(inner) for inner in node.value]
    found: dict[str, Any] = {}
    for inner in node.value:
        if inner.kind.hidden:
            continue
        if inner.kind.many:
            found.setdefault(inner.name, []).append(plain(inner))
        else:
            found[inner.name] = plain(inner)
    return found


def undecoded(name: str) -> list[tuple[str, str]]:
    """(message type, note) for whatever a capture holds that the tables do not describe."""
    return [(message.family or message.type_name, note.text) for message in messages(name) for note in message.notes]


def rebuilt(name: str) -> list[bytes]:
    """Every frame of a capture, dissected by Scapy and built again from its values."""
    return [bytes(nlmon(frame)) for frame in frames(name)]
