"""Texts of a message, or of one node of it, for the clipboard or a file.

The forms of whole messages are those of `nldissect read -T hex|python|c|ndjson`; key material is zeros.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scapy.packet import Packet

from nldissect.render.code import C_WIDTH, CodeFormatter, packet_of
from nldissect.render.json_objects import frame_objects, value_of
from nldissect.render.json_text import encode
from nldissect.render.summaries.summary import summary_of
from nldissect.render.trees.tree import MessageTree, title
from nldissect.render.trees.tree_lines import place_shown
from nldissect.render.values import shown
from nldissect.stream.frames import StreamFrame
from nldissect.stream.redact import without_keys
from nldissect.terminal.colors import plain
from nldissect.wire import DecodedMessage, Node, walk
from nldissect.wire.decode.acks import PriorRequest
from nldissect.wire.decode.nodes import inner_nodes
from nldissect.wire.packets.layer import expression

from ..filter_text.from_cursor import of_item
from ..model.capture_model import MessageEntry
from ..model.tree_lines import TreeItem

FORMS = {
    "text": "text", "hex": "hex bytes", "python": "Python, for Scapy", "c": "C array", "json": "JSON",
    "filter": "filter for it",
}  # fmt: skip
"""The forms, and their names in the menu."""


class CopyForms:
    """The forms of one message, and of the lines of its tree."""

    def __init__(self, entry: MessageEntry) -> None:
        self.entry, self.walked = entry, entry.walked
        frame, record = entry.frame, entry.record
        if len(frame.messages) < entry.of:  # the decoded frame holds this message alone
            frame = walk(record.data, self.walked.context, wire_length=record.wire_length)
        asked: list[PriorRequest | None] = [None] * len(frame.messages)
        asked[entry.place - 1] = entry.asked
        self.seen = StreamFrame(entry.number, record, frame, asked, (entry.place,), prior=asked)

    def message(self, form: str) -> str:
        """Return the whole message in one of FORMS."""
        if form in ("python", "c", "hex"):
            return CodeFormatter(form, secrets=False).text(self.seen)
        if form == "json":
            return encode(frame_objects(self.seen)[0]) + "\n"
        if form == "filter":
            place = f" and message.number == {self.entry.place}" if self.entry.of > 1 else ""
            return f"frame.number == {self.entry.number}{place}"
        return self._tree()

    def _tree(self) -> str:
        place, asked = place_shown(self.entry.place, self.entry.of), self.entry.asked
        lines = [title(self.walked, place, summary_of(self.walked, asked))]
        lines += MessageTree(self.walked, asked, False).lines()
        return "".join(plain(line).rstrip() + "\n" for line in lines)

    def item(self, item: TreeItem, form: str) -> str:
        """Return the value of a line of the tree in one of FORMS."""
        node = item.node
        if item.path in (("message",), ("frame",)):
            return self.message(form)
        if form == "filter":
            return of_item(item, self.entry) or ""
        data = without_keys(self.walked)[item.start if node is None else node.start : item.end]
        if form == "hex":
            return data.hex(" ")
        if form == "c":
            return _array(item.name, data)
        if form == "python":
            return repr(data) if node is None else python_of(self.walked, path_to(self.walked.layers, node))
        if form == "json":
            return encode({item.name: data.hex() if node is None else value_of(node, walked=self.walked)})
        return plain(item.pieces) if node is None else self._text(node)

    def _text(self, node: Node) -> str:
        """Return a node as in the tree, with all lines inside it."""
        lines = []

        def down(node: Node, depth: int) -> None:
            nameless = node.kind.shape == "attrs" and node.number is None
            if not nameless and not node.kind.hidden:
                value = "" if isinstance(node.value, DecodedMessage) else shown(node, self.walked.context)[1]
                lines.append(f"{'  ' * depth}{node.name}{': ' if value else ''}{value}")
            if (rest := self.walked.surplus(node)) is not None:
                down(rest, depth + 1)
            for inner in inner_nodes(node):
                down(inner, depth + (not nameless))

        down(node, 0)
        return "\n".join(lines)


def _array(name: str, data: bytes) -> str:
    rows = [
        "    " + " ".join(f"0x{byte:02x}," for byte in data[at : at + C_WIDTH]) for at in range(0, len(data), C_WIDTH)
    ]
    called = "".join(one if one.isalnum() else "_" for one in name)
    return "\n".join([f"const unsigned char {called}[{len(data)}] = {{", *rows, "};"])


def python_of(walked: DecodedMessage, path: Sequence[Node]) -> str:
    """Return a node as an expression for `from nldissect.all import *`: `IFLA.MTU(1500)`, `ifi_index=2`."""
    if not path:
        return repr(b"")
    node = path[-1]
    data = without_keys(walked)[walked.start : walked.end]
    thing: Any = packet_of(walked, data)
    name = node.name
    nodes: Sequence[Node] = walked.layers
    for depth, step in enumerate(path):
        index = next((place for place, one in enumerate(nodes) if one is step), None)
        if index is None:
            break
        found = _layer(thing, index + walked.has_header) if depth == 0 else _inside(thing, index)
        if found is None:
            break
        name, thing = found
        nodes = inner_nodes(step)
    else:
        text = expression(thing)
        return text if node.number is not None or isinstance(thing, (Packet, list)) else f"{name}={text}"
    return repr(without_keys(walked)[node.start : node.end])


def _layer(packet: Any, index: int) -> tuple[str, Any] | None:
    """Return a copy of a packet's layer without its payload, and no name for it."""
    for _ in range(index):
        packet = packet.payload
    alone = packet.copy()
    alone.remove_payload()
    return "", alone


def _inside(thing: Any, index: int) -> tuple[str, Any] | None:
    """Return name and value at an index of a packet's fields, of an attribute's value or of a list."""
    if hasattr(type(thing), "row"):
        thing = thing.value
    if isinstance(thing, list):
        return ("", thing[index]) if index < len(thing) else None
    if isinstance(thing, Packet) and index < len(thing.fields_desc):
        name = thing.fields_desc[index].name
        return name, thing.getfieldval(name)
    return None


def path_to(nodes: Sequence[Node], wanted: Node) -> tuple[Node, ...]:
    """Return the ancestors of a node, outermost first, and the node itself; empty if it is not among `nodes`."""
    for node in nodes:
        if node is wanted:
            return (node,)
        found = path_to(inner_nodes(node), wanted)
        if found:
            return (node, *found)
    return ()
