"""Layouts: messages that differ only in the values of their leaves, found in columns.

How a message is cut into nodes depends on its structure bytes alone: headers of attributes, padding, counts, and the
values on which payloads depend. A layout is learnt from one message by the walk; others of the same case and length
are tested against it byte by byte, all at once, and need no walk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from nldissect.index.raw import Array, Raw
from nldissect.wire import (
    NETLINK,
    NLM_F,
    U32,
    Conditions,
    Context,
    KeyValues,
    Kind,
    Message,
    Node,
    Scalar,
    Struct,
    Text,
    Walked,
)
from nldissect.wire.acks import MISSING, MISSING_IN, OFFSET
from nldissect.wire.binding import NLMSG_MIN_TYPE
from nldissect.wire.decode.walk import walk_place
from nldissect.wire.fields import LengthField
from nldissect.wire.flags import NLMSG_ERROR
from nldissect.wire.frame import HEADER
from nldissect.wire.kinds import SELECTORS
from nldissect.wire.nodes import inner_nodes
from nldissect.wire.scope import is_plain_number

from .lookup import nodes_decisive

OPEN, CLOSE = "@~", "~@"
"""Around the number of a leaf, or the name of something else, where its text will stand."""
SEQ, PID = U32(None).named("nlmsg_seq"), U32(None).named("nlmsg_pid")
POINTERS = (OFFSET, MISSING, MISSING_IN)
DECIDE = (("genlmsghdr", "cmd"), ("nlmsgerr", "error"), ("nlmsgdone", "error"))


class Leaf(NamedTuple):
    """One value of a layout: where it stands in the message; `fixed` if all messages of the layout have the same."""

    node: Node
    start: int
    end: int
    fixed: bool


class Mark(Kind):
    """Stands for the kind of a leaf, which it names by its place in `Layout.leaves`."""

    def __init__(self, kind: Kind, place: int) -> None:
        super().__init__(kind.number, many=kind.many, also=kind.also)
        self.name, self.set = kind.name, kind.set
        self.kind, self.place = kind, place

    def shown(self, value: Any) -> str:
        return mark(self.place)

    json = shown


class Absent(NamedTuple):
    """The value of a marked leaf."""

    place: int


def mark(what: object) -> str:
    """What stands where a text will be."""
    return f"{OPEN}{what}{CLOSE}"


class Layout:
    """What messages that match a sample under a mask have in common.

    size     bytes to compare and to read, in whole words
    echoed   number and name of the generic family of a request that is acknowledged: names depend on it
    uses     how many messages were found to have it
    forms    what `forms.form_of` made of it
    record, starts, ends   of its leaves, once it is open: what they are read as, and where they are
    """

    def __init__(self, walked: Walked, packet_type: int) -> None:
        start, end = walked.start, walked.end
        self.size = padded(end - start)
        echo = echoed(walked)
        generic = walked.protocol == NETLINK.GENERIC and echo is not None and echo.number >= NLMSG_MIN_TYPE
        self.echoed = (echo.number, echo.family) if generic and echo is not None else None
        self.uses = 0
        self.forms: dict[Any, Any] = {}
        self._data = walked.data[start:end]
        self._about = walked.protocol, walked.order, packet_type, walked.direction
        families = [(one.number, one.family) for one in (walked, echo) if one is not None and one.family is not None]
        self._context = Context(fixed={"genl": dict(families)})
        mask = np.zeros(self.size, np.uint8)
        mask[: end - start] = 0xFF
        for leaf in leaves_of(walked):
            if not leaf.fixed:
                mask[leaf.start : leaf.end] = 0
        if echo is not None and echo.end > echo.start + HEADER:
            mask[echo.start + HEADER - start] = 0xFF  # its class may depend on its first byte
        self._mask: Array = mask.view(np.uint64)
        self._pairs = [
            (one.start - start, one.end - start, other.start - start, other.end - start, one.value == other.value)
            for one, other in nodes_decisive(walked)[1]
        ]
        self._sample: Array = np.frombuffer(self._data.ljust(self.size, b"\0"), np.uint64) & self._mask

    def message(self) -> tuple[Walked, list[Leaf]]:
        """Its message with marks for values, and its leaves; made anew each time, for there are many layouts."""
        protocol, order, packet_type, direction = self._about
        place = 0, len(self._data), len(self._data)
        walked = walk_place(self._data, place, protocol, order, self._context, packet_type, direction)
        leaves = list(leaves_of(walked))
        if not hasattr(self, "record"):
            self._open(leaves, order)
        return marked(walked, leaves), leaves

    def _open(self, leaves: list[Leaf], order: str) -> None:
        """Make ready to read columns."""
        names = [str(place) for place in range(len(leaves))]
        codes = [column_code(leaf.node.kind, order, leaf.end - leaf.start) for leaf in leaves]
        offsets = [leaf.start for leaf in leaves]
        self.record = np.dtype({"names": names, "formats": codes, "offsets": offsets, "itemsize": self.size})
        ends = [leaf.end for leaf in leaves]
        self.starts, self.ends = np.array(offsets), np.array(ends)
        self.columns = list(zip(map(np.dtype, codes), offsets, ends, strict=True))

    def matches(self, rows: Array) -> Array:
        """Which rows of bytes (as many as `size` each) have this layout."""
        fits: Array = ((rows.view(np.uint64) & self._mask) == self._sample).all(axis=1)
        for start, end, other, stop, same in self._pairs:
            if end - start == stop - other:
                fits &= (rows[:, start:end] == rows[:, other:stop]).all(axis=1) == same
        return fits


def padded(length: int) -> int:
    """Bytes in whole words."""
    return (length + 7) // 8 * 8


def rows_at(raw: Raw, starts: Array, size: int) -> Array:
    """The bytes from each start on, one row each."""
    count = max(len(raw.bytes) - size + 1, 0)
    return np.ndarray((count, size), np.uint8, raw.bytes, strides=(1, 1))[starts]


def is_regular(walked: Walked) -> bool:
    """Whether a layout can say everything about a message: it is whole, and no bytes are in no node."""
    start, end = walked.payload
    if not walked.has_header or walked.cut is not None or start < end or walked.end - walked.start != walked.length:
        return False
    if walked.suspect:
        return False
    if OPEN.encode() in walked.data[walked.start : walked.end] or OPEN in (walked.family or ""):
        return False
    echo = echoed(walked)
    points = any(node.name in POINTERS for layer in walked.layers for node in _attributes(layer))
    if points and echo is not None and not echo.layers:
        return False  # what it points at is in another message
    return all(_is_regular(node) for node in walked.layers)


def _attributes(layer: Node) -> list[Node]:
    return [inner for node in layer.value if node.name == "attrs" for inner in node.value]


def _is_regular(node: Node) -> bool:
    if isinstance(node.value, Walked):
        echo = node.value
        if echo.cut is not None or echo.payload[0] < echo.payload[1] or not echo.flags & NLM_F.REQUEST:
            return False
        return all(map(_is_regular, echo.layers))
    if node.name == "leftover" or (node.kind.shape != "leaf" and not isinstance(node.value, list)):
        return False  # bytes that are shown apart
    if node.value_end < node.end:
        return False  # bytes that a note tells of
    if isinstance(node.kind, (KeyValues, Conditions)):
        return False  # a summary may name one of its keys; writes lists side by side
    return all(map(_is_regular, inner_nodes(node)))


def column_code(kind: Kind, order: str, size: int) -> np.dtype[Any]:
    """What a column of this kind is read as: numbers as they are, else bytes."""
    if isinstance(kind, Scalar) and is_plain_number(kind):
        return np.dtype((kind.fixed_order or order) + kind.letter)
    return np.dtype(f"V{size}")


def echoed(walked: Walked) -> Walked | None:
    """The request whose header a message repeats."""
    if walked.number != NLMSG_ERROR:
        return None
    found = (node.value for layer in walked.layers for node in layer.value if isinstance(node.value, Walked))
    return next(found, None)


def leaves_of(walked: Walked) -> Iterator[Leaf]:
    """nlmsg_seq, nlmsg_pid and every leaf of the layers, in the order in which `marked` meets them."""
    base = walked.start
    yield from _header_leaves(walked, base)
    decisive = {node.start - base for node in nodes_decisive(walked)[0]}
    for layer in walked.layers:
        for leaf in _below(layer, base, None):
            yield leaf._replace(fixed=True) if leaf.start in decisive else leaf


def _header_leaves(walked: Walked, base: int) -> Iterator[Leaf]:
    for kind, skip, value in ((SEQ, 8, walked.seq), (PID, 12, walked.pid)):
        at = walked.start + skip
        yield Leaf(Node(kind, at, at + 4, value), at - base, at + 4 - base, False)


def _below(node: Node, base: int, parent: Node | None) -> Iterator[Leaf]:
    if isinstance(node.value, Walked):
        yield from _header_leaves(node.value, base)
        for layer in node.value.layers:
            yield from _below(layer, base, None)
    elif node.kind.shape == "leaf":
        yield Leaf(node, node.start - base, node.end - base, _is_fixed(node, parent))
    else:
        for inner in node.value:
            yield from _below(inner, base, node)


def _is_fixed(node: Node, parent: Node | None) -> bool:
    """Whether more than a value depends on these bytes."""
    kind = node.kind
    if node.start == node.end or kind.name in SELECTORS or kind.name in POINTERS or kind.hidden:
        return True
    if parent is None:
        return False
    if (parent.name, kind.name) in DECIDE:
        return True
    if isinstance(parent.kind, Struct):
        fields = parent.kind.message.fields_desc
        if isinstance(kind, Text) and kind.size is None:
            return True  # where it ends, the next field begins
        if isinstance(fields[0], LengthField) and node is parent.value[0]:
            return True
        return kind.name in _counts(parent.kind.message)
    return kind.set is not None and kind.set.indexed  # an object and a number look different beside an index


@cache
def _counts(message: type[Message]) -> frozenset[str | None]:
    """The fields of a struct that say how long others are."""
    return frozenset(field.kind.count for field in message.fields_desc)


def marked(walked: Walked, leaves: list[Leaf]) -> Walked:
    """The same message with marks for values; what is fixed keeps its own, unless a name may stand for it."""
    numbers = iter(range(len(leaves)))

    def copy(node: Node) -> Node:
        if isinstance(node.value, Walked):
            echo: Any = node.value
            echo = replace(echo, seq=mark(next(numbers)), pid=mark(next(numbers)))
            return node._replace(value=replace(echo, layers=[copy(layer) for layer in echo.layers]))
        if node.kind.shape != "leaf":
            return node._replace(value=[copy(inner) for inner in node.value])
        place = next(numbers)
        if leaves[place].fixed and getattr(node.kind, "refers", None) is None:
            return node
        return node._replace(kind=Mark(node.kind, place), value=Absent(place))

    numbers_too: Any = mark  # where numbers are expected
    seq, pid = numbers_too(next(numbers)), numbers_too(next(numbers))
    return replace(walked, seq=seq, pid=pid, layers=[copy(layer) for layer in walked.layers])
