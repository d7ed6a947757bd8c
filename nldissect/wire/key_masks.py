"""Masks over bytes that may be a key because a message did not decode as it should.

A length that is wrong by some bytes moves a key into other attributes, after the last of them, or into the bytes that
follow the message. So of a damaged message that may carry keys, nothing but short numbers is printed.
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
"""Largest number of bytes that can't be a key, and may be printed."""
COOKIE = "NLMSGERR_ATTR_COOKIE"
LONGEST_COOKIE = 20
"""NETLINK_MAX_COOKIE_LEN (linux/netlink.h in the kernel)."""
NEWER = 64
"""Distance from the last attribute of a set up to which a newer kernel's attributes may be numbered."""

_masked: dict[int, tuple[Kind, Kind]] = {}


def undecoded_row(kind: Kind, size: int, keyed: bool) -> Kind:
    """Return the kind of bytes that do not fit a row, under the row's name; `keyed`: they may be a key."""
    masked = keyed and size > SHORT
    row = (MayBeKey() if masked else Undecoded("")).named(kind.name, kind.number)
    row.set, row.many = kind.set, kind.many
    return row


def is_far(rows: type[AttrSet], number: int) -> bool:
    """Return whether a number is beyond any that a newer kernel has in the set, so that the bytes are no attribute."""
    return bool(rows.rows) and number > max(rows.rows) + NEWER


def is_odd(walked: DecodedMessage) -> bool:
    """Return whether a decoded message is suspicious although all of its attributes decode.

    That is where attributes of more than 8 bytes repeat, a text has bytes after its end, or a cookie is longer than the
    kernel's: one of them may be, or hold, another.
    """
    if any(note.kind == "repeated attribute" and note.length > 2 * SHORT for note in walked.notes):
        return True
    return any(is_odd_leaf(node.kind, walked.data[node.start : node.end]) for node, _ in nodes_of(walked))


def is_odd_leaf(kind: Kind, data: bytes) -> bool:
    """Return whether these bytes are a text with more bytes after its end, or a cookie longer than the kernel's."""
    if is_plain_text(kind):
        return b"\0" in data.rstrip(b"\0")
    return kind.name == COOKIE and len(data) > LONGEST_COOKIE


def most_shown(kind: Kind) -> int:
    """Return the largest size in bytes up to which a value of a damaged message is printed.

    Secrets are masked already, and the bytes after a short number are masked by themselves (`DecodedMessage.surplus`).
    """
    if kind.shape != "leaf" or kind.secret:
        return sys.maxsize
    if isinstance(kind, Scalar):
        return sys.maxsize if kind.size is not None and kind.size <= SHORT else 2 * SHORT
    return SHORT


def masked_kind(kind: Kind) -> Kind:
    """Return the kind that replaces a masked kind, under its names; the same object each time."""
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
