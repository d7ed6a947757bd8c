"""Masks over what may be a key because a message did not decode as it should.

A length that is wrong by some bytes moves a key into other attributes, behind the last of them, or into the bytes that
follow the message. So of a message that may carry keys, nothing but short numbers is shown once something is damaged.
"""

from __future__ import annotations

import sys

from .attr_set import AttrSet
from .decode.nodes import DecodedMessage, Node, inner_nodes, nodes_of
from .kind import Kind, Undecoded
from .numbers import Scalar
from .opaque import MaskedValue, MayBeKey
from .text import is_plain_text

SHORT = 4
"""So many bytes are no key, and may be shown."""
COOKIE = "NLMSGERR_ATTR_COOKIE"
LONGEST_COOKIE = 20
"""NETLINK_MAX_COOKIE_LEN (linux/netlink.h in the kernel)."""
NEWER = 64
"""How far beyond the last attribute of a set a newer kernel's may be numbered."""

_masked: dict[int, tuple[Kind, Kind]] = {}


def undecoded_row(kind: Kind, size: int, keyed: bool) -> Kind:
    """Return the kind of bytes that are not what a row says, under its name; `keyed`: they may be a key."""
    masked = keyed and size > SHORT
    row = (MayBeKey() if masked else Undecoded("")).named(kind.name, kind.number)
    row.set, row.many = kind.set, kind.many
    return row


def is_far(rows: type[AttrSet], number: int) -> bool:
    """Return whether no kernel has an attribute of that number in the set, so that it is none but some other bytes."""
    return bool(rows.rows) and number > max(rows.rows) + NEWER


def is_odd(walked: DecodedMessage) -> bool:
    """Return whether attributes that are no numbers repeat, a text goes on behind its end, or a cookie is longer than
    the kernel's: one of them may be, or hold, another."""
    if any(note.kind == "repeated attribute" and note.length > 2 * SHORT for note in walked.notes):
        return True
    return any(is_odd_leaf(node.kind, walked.data[node.start : node.end]) for node, _ in nodes_of(walked))


def is_odd_leaf(kind: Kind, data: bytes) -> bool:
    """Return whether a text goes on behind its end in these bytes, or a cookie is longer than the kernel's."""
    if is_plain_text(kind):
        return b"\0" in data.rstrip(b"\0")
    return kind.name == COOKIE and len(data) > LONGEST_COOKIE


def most_shown(kind: Kind) -> int:
    """Return up to how many bytes a value of a damaged message is shown: secrets are masked already, and the bytes
    behind a short number are masked by themselves (`DecodedMessage.surplus`)."""
    if kind.shape != "leaf" or kind.secret:
        return sys.maxsize
    if isinstance(kind, Scalar):
        return sys.maxsize if kind.size is not None and kind.size <= SHORT else 2 * SHORT
    return SHORT


def masked_kind(kind: Kind) -> Kind:
    """Return what stands for a kind that is masked, under its names; the same each time."""
    known = _masked.get(id(kind))
    if known is None:
        mask = MayBeKey if isinstance(kind, Undecoded) else MaskedValue
        row = mask(also=kind.also).named(kind.name, kind.number)
        row.set, row.many = kind.set, kind.many
        known = _masked[id(kind)] = kind, row
    return known[1]


def sealed(nodes: list[Node], data: bytes) -> list[Node]:
    """Return nodes with masks over all but short numbers."""
    return [_sealed(node, data) for node in nodes]


def _sealed(node: Node, data: bytes) -> Node:
    if inner_nodes(node):
        return node._replace(value=sealed(node.value, data))
    if node.end - node.start <= most_shown(node.kind):
        return node
    return node._replace(kind=masked_kind(node.kind), value=data[node.start : node.end])
