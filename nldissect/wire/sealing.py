"""Masks over what may be a key because a message did not decode as it should.

A length that is wrong by some bytes moves a key into other attributes, behind the last of them, or into the bytes that
follow the message. So of a message that may carry keys, nothing but short numbers is shown once something is damaged.
"""

from __future__ import annotations

from .attrs import AttrSet
from .kinds import Kind, Undecoded
from .nodes import Node, Walked, inner_nodes, nodes_of
from .opaque import MayBeKey
from .scalars import Scalar
from .texts import Text

SHORT = 4
"""So many bytes are no key, and may be shown."""
COOKIE = 20
"""NETLINK_MAX_COOKIE_LEN (linux/netlink.h in the kernel)."""
NEWER = 64
"""How far beyond the last attribute of a set a newer kernel's may be numbered."""

_rows: dict[int, tuple[Kind, Kind]] = {}


def undecoded_row(kind: Kind, size: int, keyed: bool) -> Kind:
    """Return the kind of bytes that are not what a row says, under its name; `keyed`: they may be a key."""
    masked = keyed and size > SHORT
    row = (MayBeKey() if masked else Undecoded("")).named(kind.name, kind.number)
    row.set, row.many = kind.set, kind.many
    return row


def is_far(rows: type[AttrSet], number: int) -> bool:
    """Return whether no kernel has an attribute of that number in the set, so that it is none but some other bytes."""
    return bool(rows.rows) and number > max(rows.rows) + NEWER


def is_odd(walked: Walked) -> bool:
    """Return whether attributes that are no numbers repeat, a text goes on behind its end, or a cookie is longer than
    the kernel's: one of them may be, or hold, another."""
    if any(note.kind == "repeated attribute" and note.length > 2 * SHORT for note in walked.notes):
        return True
    for node, _ in nodes_of(walked):
        if isinstance(node.kind, Text) and b"\0" in walked.data[node.start : node.end].rstrip(b"\0"):
            return True
        if node.name == "NLMSGERR_ATTR_COOKIE" and node.end - node.start > COOKIE:
            return True
    return False


def sealed(nodes: list[Node], data: bytes) -> list[Node]:
    """Return nodes with masks over all but short numbers."""
    return [_sealed(node, data) for node in nodes]


def _sealed(node: Node, data: bytes) -> Node:
    kind = node.kind
    if inner_nodes(node):
        return node._replace(value=sealed(node.value, data))
    is_number = isinstance(kind, Scalar) and node.end - node.start <= 2 * SHORT
    if kind.secret or is_number or kind.shape == "message" or node.end - node.start <= SHORT:
        return node
    known = _rows.get(id(kind))
    if known is None:
        known = _rows[id(kind)] = kind, undecoded_row(kind, SHORT + 1, keyed=True)
    return node._replace(kind=known[1], value=data[node.start : node.end])
