"""Copies of a message, or of one node of it, to paste elsewhere: what the clipboard or a file gets.

The forms of whole messages are those of `nldissect read -T hex|python|c|ndjson`; key material is zeros.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scapy.packet import Packet

from nldissect.index.derived import Situation
from nldissect.output.code import C_WIDTH, Coder, packet_of, without_keys
from nldissect.output.frames import Seen
from nldissect.output.jsontext import encode
from nldissect.output.objects import frame_objects, value_of
from nldissect.output.paint import plain
from nldissect.output.summary import summary_of
from nldissect.output.tree import MessageTree, place_shown, title
from nldissect.output.values import shown
from nldissect.wire import Node, Walked, walk
from nldissect.wire.acks import Asked
from nldissect.wire.layer import expression
from nldissect.wire.nodes import inner_nodes

from .nodefilters import filter_for

FORMS = {
    "text": "text", "hex": "hex bytes", "python": "Python, for Scapy", "c": "C array", "json": "JSON",
    "filter": "filter for it",
}  # fmt: skip
"""The forms and what the menu calls them."""


class Copies:
    """The forms of one message.

    asked   the request it acknowledges, where that was met
    of      how many messages its frame holds; the situation's frame may hold this one alone
    """

    def __init__(self, situation: Situation, asked: Asked | None = None, of: int = 1) -> None:
        assert situation.walked is not None
        self.situation, self.walked, self.asked = situation, situation.walked, asked
        frame, place = situation.frame, situation.place
        if len(frame.messages) < of:
            frame = walk(situation.record.data, self.walked.context, wire_length=situation.record.wire_length)
        every: list[Asked | None] = [None] * len(frame.messages)
        every[place - 1] = asked
        self.seen = Seen(situation.number, situation.record, frame, every, (place,))

    def message(self, form: str) -> str:
        """The whole message in one of FORMS."""
        if form in ("python", "c", "hex"):
            return Coder(form, secrets=False).text(self.seen)
        if form == "json":
            return encode(frame_objects(self.seen)[0]) + "\n"
        if form == "filter":
            several = len(self.seen.frame.messages) > 1
            place = f" and message.number == {self.situation.place}" if several else ""
            return f"frame.number == {self.situation.number}{place}"
        return self._tree()

    def _tree(self) -> str:
        place = place_shown(self.situation.place, len(self.seen.frame.messages))
        lines = [title(self.walked, place, summary_of(self.walked, self.asked))]
        lines += MessageTree(self.walked, self.asked, False).lines()
        return "".join(plain(line).rstrip() + "\n" for line in lines)

    def node(self, path: Sequence[Node], form: str) -> str:
        """The last node of a path from the message's layers down, in one of FORMS; the message's for no path."""
        if not path:
            return self.message(form)
        node = path[-1]
        makers: dict[str, Callable[[], str]] = {
            "hex": lambda: self._bytes(node).hex(" "),
            "python": lambda: python_of(self.walked, path),
            "c": lambda: self._array(node),
            "json": lambda: encode({node.name: value_of(node)}),
            "filter": lambda: filter_for(path, self.situation) or "",
        }
        made = makers[form]() if form in makers else self._text(node)
        return made

    def _bytes(self, node: Node) -> bytes:
        """Payload, without the attribute's header and padding."""
        return without_keys(self.walked)[node.start : node.end]

    def _text(self, node: Node) -> str:
        """As the tree has it; of what holds other things, all lines."""
        lines = []

        def down(node: Node, depth: int) -> None:
            nameless = node.kind.shape == "attrs" and node.number is None
            if not nameless and not node.kind.hidden:
                value = "" if isinstance(node.value, Walked) else shown(node, self.walked.context)[1]
                lines.append(f"{'  ' * depth}{node.name}{': ' if value else ''}{value}")
            for inner in inner_nodes(node):
                down(inner, depth + (not nameless))

        down(node, 0)
        return "\n".join(lines)

    def _array(self, node: Node) -> str:
        data = self._bytes(node)
        rows = [
            "    " + " ".join(f"0x{byte:02x}," for byte in data[at : at + C_WIDTH])
            for at in range(0, len(data), C_WIDTH)
        ]
        name = "".join(one if one.isalnum() else "_" for one in node.name)
        return "\n".join([f"const unsigned char {name}[{len(data)}] = {{", *rows, "};"])


def python_of(walked: Walked, path: Sequence[Node]) -> str:
    """A node as `from nldissect.all import *` understands it: `IFLA.MTU(1500)`, `ifi_index=2`."""
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
    """A layer of a packet, alone."""
    for _ in range(index):
        packet = packet.payload
    alone = packet.copy()
    alone.remove_payload()
    return "", alone


def _inside(thing: Any, index: int) -> tuple[str, Any] | None:
    """What stands at an index of a packet's fields, of an attribute's value or of a list."""
    if hasattr(type(thing), "row"):
        thing = thing.value
    if isinstance(thing, list):
        return ("", thing[index]) if index < len(thing) else None
    if isinstance(thing, Packet) and index < len(thing.fields_desc):
        name = thing.fields_desc[index].name
        return name, thing.getfieldval(name)
    return None


def path_to(nodes: Sequence[Node], wanted: Node) -> tuple[Node, ...]:
    """The nodes that hold a node, outermost first, and itself; none if it is not among them."""
    for node in nodes:
        if node is wanted:
            return (node,)
        found = path_to(inner_nodes(node), wanted)
        if found:
            return (node, *found)
    return ()
