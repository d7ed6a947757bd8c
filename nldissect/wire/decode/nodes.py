"""What walk gives: nodes with offsets, notes, messages and frames; and how to find a node by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from nldissect.request_tracker import RequestHeader

from ..context import Context
from ..kind import Kind, Undecoded
from ..numbers import Scalar
from ..opaque import MayBeKey
from ..text import KeyValues, Text

if TYPE_CHECKING:
    from ..packets.message import Message

LEFTOVER = Undecoded("leftover")
MASKED = MayBeKey().named("leftover")
"""Leftover bytes of a message that may carry keys."""


class Node(NamedTuple):
    """One decoded thing.

    kind     the row or field (its `name` is what users know)
    start    offset of its payload in the datagram's bytes; an attribute's header stands before it
    end      end of its payload
    value    plain value, or list of nodes for attributes, structs and arrays of them
    number   attribute number, None for a field
    """

    kind: Kind
    start: int
    end: int
    value: Any
    number: int | None = None

    @property
    def name(self) -> str:
        return self.kind.name

    @property
    def value_end(self) -> int:
        """Where the bytes of its value end: before `end` in an attribute that is longer than its number."""
        kind = self.kind
        size = kind.size if isinstance(kind, Scalar) else None
        return self.end if size is None else min(self.start + size, self.end)

    @property
    def whole(self) -> int:
        """Where the node starts with its attribute header."""
        return self.start if self.number is None or self.kind.set is None else self.start - self.kind.set.header.size


class Note(NamedTuple):
    """Something a reader should know: offset and length count in the datagram's bytes.

    severity   "error" (what was lost before it), "warning" or "note"
    kind       what it is about, as README lists them
    """

    severity: str
    kind: str
    text: str
    offset: int
    length: int


@dataclass(slots=True)
class DecodedMessage:
    """One message.

    start, end        offsets in the datagram's bytes; `end` is where the captured part stops
    direction         inferred unless `direction_known`
    length ... pid    of nlmsghdr (`number` is its type); None (and `has_header` false) where a protocol has none
    type_name         the type by name, or its number as text
    title             what lists call the message, where the type's name says nothing of it; else ""
    family            the generic netlink family that the type stands for here, if that is known
    layers            nodes of headers and body, in order
    payload           bytes no layer describes: (start, end), empty if all were decoded
    cut               where decoding stopped because the capture did; None if the message is whole
    traced            the kernel's words for a refusal that carries none itself, as the tracepoint told them
    missing           bytes of the frame that were not captured, of its last message; 0 for others
    unasked           who is refused did not ask for words (NETLINK_EXT_ACK), as its calls told
    keyed             messages of its kind may carry keys
    suspect           it may be the rest of a message before it that was damaged
    damaged           it may carry keys, and did not decode as it should
    """

    data: bytes
    start: int
    end: int
    protocol: int
    order: str
    direction: str | None = None
    direction_known: bool = False
    has_header: bool = False
    length: int = 0
    number: int = 0
    flags: int = 0
    seq: int = 0
    pid: int = 0
    type_name: str = ""
    title: str = ""
    message: type[Message] | None = None
    layers: list[Node] = field(default_factory=list)
    payload: tuple[int, int] = (0, 0)
    cut: int | None = None
    notes: list[Note] = field(default_factory=list)
    context: Context | None = None
    family: str | None = None
    traced: str | None = None
    unasked: bool = False
    missing: int = 0
    keyed: bool = False
    suspect: bool = False
    damaged: bool = False

    @property
    def lacks(self) -> tuple[int, int]:
        """Bytes of the message that were not captured, and those of the frame, where it lacks more than the message and
        its padding; else 0."""
        own = max(self.length - (self.end - self.start), 0) if self.has_header else 0
        padded = own + (-self.length & 3) if own else 0
        return own, self.missing if self.missing > padded else 0

    @property
    def header(self) -> RequestHeader:
        """What the request tracker looks at."""
        return RequestHeader(self.protocol, self.length, self.number, self.flags, self.seq, self.pid)

    def surplus(self, node: Node) -> Node | None:
        """Return the bytes behind the value of an attribute that is longer than its number, None if there are none."""
        start, end = node.value_end, node.end
        return Node(MASKED if self.keyed else LEFTOVER, start, end, self.data[start:end]) if start < end else None

    def secret_spans(self) -> Iterator[tuple[int, int]]:
        """Where key material is, or may be: secret rows, and what did not decode of a message that may have such."""
        if self.suspect:
            yield self.start, self.end
            return
        for node, _ in nodes_of(self):
            if node.kind.secret:
                yield node.start, node.end
            elif isinstance(node.value, DecodedMessage):
                yield from node.value.secret_spans()
            elif (rest := self.surplus(node)) is not None and rest.kind.secret:
                yield rest.start, rest.end
        if self.cut is not None and self.keyed:
            yield self.cut, self.end
        if self.keyed and self.payload[0] < self.payload[1]:
            yield self.payload

    def find(self, name: str) -> Node | None:
        """The first node of that name, outer before inner; `A.B` is a B somewhere inside an A."""
        return find(self.layers, name)


@dataclass(slots=True)
class DecodedFrame:
    """One datagram as walked: cooked header, messages, and bytes after the last of them.

    keyed   what is in no message may be a key
    """

    data: bytes
    packet_type: int
    hardware: int
    protocol: int
    order: str
    messages: list[DecodedMessage]
    trailing: tuple[int, int]
    keyed: bool = False

    def secret_spans(self) -> Iterator[tuple[int, int]]:
        """Where key material is, or may be, in its messages, in the padding behind them, and behind the last."""
        for walked in self.messages:
            yield from walked.secret_spans()
        if self.keyed:
            stops = [*(walked.start for walked in self.messages[1:]), self.trailing[0]]
            gaps = [(walked.end, stop) for walked, stop in zip(self.messages, stops, strict=False)]
            yield from ((start, end) for start, end in [*gaps, self.trailing] if any(self.data[start:end]))


def find(nodes: list[Node], name: str, depth: int | None = None) -> Node | None:
    """The first node of that name, outer before inner; `A.B` is a B somewhere inside an A; aliases count.

    depth   how many levels of nodes to look at, None for all
    """
    first, _, rest = name.partition(".")
    level = nodes
    while level and depth != 0:
        for node in level:
            if node.kind.called(first):
                found = _inside(node, rest) if rest else node
                if found is not None:
                    return found
        level = [inner for node in level for inner in inner_nodes(node)]
        depth = None if depth is None else depth - 1
    return None


def find_all(nodes: list[Node], name: str) -> list[Node]:
    """All nodes of that name at the depth where the first stands."""
    level = nodes
    while level:
        found = [node for node in level if node.kind.called(name)]
        if found:
            return found
        level = [inner for node in level for inner in inner_nodes(node)]
    return []


def inner_nodes(node: Node) -> list[Node]:
    """The nodes a node holds."""
    value = node.value
    return value if isinstance(value, list) and value and isinstance(value[0], Node) else []


def _inside(node: Node, path: str) -> Node | None:
    """What a path names below a node."""
    if isinstance(node.kind, KeyValues) and isinstance(node.value, list):
        texts = (text for key, text in node.value if key == path)
        return next((Node(Text().named(path), node.start, node.end, text) for text in texts), None)
    return find(inner_nodes(node), path)


def nodes_of(walked: DecodedMessage) -> Iterator[tuple[Node, int]]:
    """Every node with its depth, in wire order."""

    def down(nodes: list[Node], depth: int) -> Iterator[tuple[Node, int]]:
        for node in nodes:
            yield node, depth
            if isinstance(node.value, list) and node.value and isinstance(node.value[0], Node):
                yield from down(node.value, depth + 1)

    yield from down(walked.layers, 0)


def path_to(nodes: list[Node], at: int) -> list[Node]:
    """The nodes that hold the byte at this offset, outermost first, down to the attribute that begins there."""
    for node in nodes:
        if not node.whole <= at < max(node.end, node.start):
            continue
        if node.number is not None and node.whole == at:
            return [node]
        return [node, *path_to(inner_nodes(node), at)]
    return []


def path_text(path: list[Node]) -> str:
    """Attribute names joined by dots; a header field stands by its own name."""
    names = [node.name for node in path if node.number is not None]
    if path and path[-1].number is None and path[-1].kind.shape == "leaf":
        names.append(path[-1].name)
    return ".".join(names)
