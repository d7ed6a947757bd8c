"""Results of walk: nodes with offsets, expert notes, decoded messages and frames; look-up of nodes by name."""

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
"""Kind of leftover bytes in a message that may carry keys."""


class Node(NamedTuple):
    """One decoded value with its span.

    kind     the row or field (its `name` is what users know)
    start    offset of its payload in the datagram's bytes, after an attribute's header
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
        """End of the bytes of its value: before `end` in an attribute that is longer than its number."""
        kind = self.kind
        size = kind.size if isinstance(kind, Scalar) else None
        return self.end if size is None else min(self.start + size, self.end)

    @property
    def whole(self) -> int:
        """Start of the node with its attribute header."""
        return self.start if self.number is None or self.kind.set is None else self.start - self.kind.set.header.size


class Note(NamedTuple):
    """An expert note: offset and length count in the datagram's bytes.

    severity   "error" (frames lost before the message), "warning" or "note"
    kind       its subject, as the page "report" lists them
    """

    severity: str
    kind: str
    text: str
    offset: int
    length: int


@dataclass(slots=True)
class DecodedMessage:
    """One decoded message.

    data              bytes of the whole datagram
    start, end        offsets in them; `end` is where the captured part stops
    protocol          number of the protocol
    order             byte order as a struct code
    direction         inferred unless `direction_known`
    has_header        False where the protocol has no nlmsghdr
    length ... pid    of nlmsghdr (`number` is its type); 0 where there is none
    type_name         name of the type, or its number as text
    title             name of the message in lists, where the type's name is not descriptive; else ""
    message           class of the body, None if unknown
    layers            nodes of headers and body, in order
    undecoded_span    span of the bytes that no layer describes: (start, end), empty if all were decoded
    cut_at            offset where decoding stopped because the capture did; None if the message is whole
    notes             expert notes
    context           names known at the message
    family            name of the generic netlink family of the type, None if it has none or that is unknown
    tracepoint_text   the kernel's words for a refusal that carries none itself, from the tracepoint
    no_ext_ack        the refused socket did not ask for words (NETLINK_EXT_ACK), as its system calls show
    missing           number of bytes of the frame that were not captured, of its last message; 0 for others
    keyed             messages of its type may carry keys
    suspect           it may be the rest of a damaged message before it
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
    undecoded_span: tuple[int, int] = (0, 0)
    cut_at: int | None = None
    notes: list[Note] = field(default_factory=list)
    context: Context | None = None
    family: str | None = None
    tracepoint_text: str | None = None
    no_ext_ack: bool = False
    missing: int = 0
    keyed: bool = False
    suspect: bool = False
    damaged: bool = False

    @property
    def lacks(self) -> tuple[int, int]:
        """Numbers of bytes that were not captured of the message, and of the frame.

        The latter is 0 where the frame lacks no more than the message and its padding.
        """
        own = max(self.length - (self.end - self.start), 0) if self.has_header else 0
        padded = own + (-self.length & 3) if own else 0
        return own, self.missing if self.missing > padded else 0

    @property
    def header(self) -> RequestHeader:
        """The fields of nlmsghdr that the request tracker reads."""
        return RequestHeader(self.protocol, self.length, self.number, self.flags, self.seq, self.pid)

    def surplus(self, node: Node) -> Node | None:
        """Return the bytes after the value of an attribute that is longer than its number, None if there are none."""
        start, end = node.value_end, node.end
        return Node(MASKED if self.keyed else LEFTOVER, start, end, self.data[start:end]) if start < end else None

    def secret_spans(self) -> Iterator[tuple[int, int]]:
        """Yield the spans of key material: secret rows, and undecoded bytes of a message that may carry keys."""
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
        if self.cut_at is not None and self.keyed:
            yield self.cut_at, self.end
        if self.keyed and self.undecoded_span[0] < self.undecoded_span[1]:
            yield self.undecoded_span

    def find(self, name: str) -> Node | None:
        """Return the first node of a name, outer before inner; `A.B` is a B somewhere inside an A."""
        return find(self.layers, name)


@dataclass(slots=True)
class DecodedFrame:
    """One decoded datagram: cooked header, messages, and bytes after the last of them.

    packet_type   sll_pkttype
    hardware      sll_hatype
    protocol      sll_protocol; -1 where the cooked header is not whole
    trailing      span of the bytes after the last message
    keyed         bytes outside messages may be keys
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
        """Yield the spans that are or may be key material: in messages, in the padding after them, after the last."""
        for walked in self.messages:
            yield from walked.secret_spans()
        if self.keyed:
            stops = [*(walked.start for walked in self.messages[1:]), self.trailing[0]]
            gaps = [(walked.end, stop) for walked, stop in zip(self.messages, stops, strict=False)]
            yield from ((start, end) for start, end in [*gaps, self.trailing] if any(self.data[start:end]))


def find(nodes: list[Node], name: str, depth: int | None = None) -> Node | None:
    """Return the first node of a name, outer before inner; `A.B` is a B somewhere inside an A; aliases count.

    depth   number of levels of nodes to search, None for all
    """
    first, _, rest = name.partition(".")
    level = nodes
    while level and depth != 0:
        below: list[Node] = []
        for node in level:
            kind, value = node.kind, node.value
            if kind.name == first or (kind.also and kind.has_name(first)):
                found = _inside(node, rest) if rest else node
                if found is not None:
                    return found
            if isinstance(value, list) and value and isinstance(value[0], Node):
                below += value
        level = below
        depth = None if depth is None else depth - 1
    return None


def find_all(nodes: list[Node], name: str) -> list[Node]:
    """Return all nodes of a name at the depth of the first."""
    level = nodes
    while level:
        found = [node for node in level if node.kind.has_name(name)]
        if found:
            return found
        level = [inner for node in level for inner in inner_nodes(node)]
    return []


def inner_nodes(node: Node) -> list[Node]:
    """Return the nodes inside a node."""
    value = node.value
    return value if isinstance(value, list) and value and isinstance(value[0], Node) else []


def _inside(node: Node, path: str) -> Node | None:
    """Return the node that a path means inside a node; the path may be a key of KeyValues."""
    if isinstance(node.kind, KeyValues) and isinstance(node.value, list):
        texts = (text for key, text in node.value if key == path)
        return next((Node(Text().named(path), node.start, node.end, text) for text in texts), None)
    return find(inner_nodes(node), path)


def nodes_of(walked: DecodedMessage) -> Iterator[tuple[Node, int]]:
    """Yield every node with its depth, in wire order."""

    def down(nodes: list[Node], depth: int) -> Iterator[tuple[Node, int]]:
        for node in nodes:
            yield node, depth
            if isinstance(node.value, list) and node.value and isinstance(node.value[0], Node):
                yield from down(node.value, depth + 1)

    yield from down(walked.layers, 0)


def path_to(nodes: list[Node], at: int) -> list[Node]:
    """Return the nodes around the byte at an offset, outermost first, down to the attribute that begins there."""
    for node in nodes:
        if not node.whole <= at < max(node.end, node.start):
            continue
        if node.number is not None and node.whole == at:
            return [node]
        return [node, *path_to(inner_nodes(node), at)]
    return []


def path_text(path: list[Node]) -> str:
    """Return attribute names joined by dots; a header field has its own name."""
    names = [node.name for node in path if node.number is not None]
    if path and path[-1].number is None and path[-1].kind.shape == "leaf":
        names.append(path[-1].name)
    return ".".join(names)
