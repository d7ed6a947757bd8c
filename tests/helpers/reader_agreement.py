"""What the readers say about the same bytes, in one form, so that it can be compared."""

from typing import Any

from scapy.packet import Packet, Padding, Raw

from nldissect.wire import DecodedMessage, Node
from nldissect.wire.decode.walk import FAMILY
from nldissect.wire.packets.attribute import Attr

Tree = list[tuple[str, Any]]

NOTHING: list[Any] = []
"""A struct of no bytes: no fields to one reader, no bytes to the other."""


def tree_of_nodes(nodes: list[Node]) -> Tree:
    """Names and values as walk found them."""
    return [(node.name, value_of_node(node)) for node in nodes if node.kind is not FAMILY]


def value_of_node(node: Node) -> Any:
    value = node.value
    if isinstance(value, DecodedMessage):
        return tree_of_walked(value)
    if isinstance(value, list) and value and isinstance(value[0], Node):
        return tree_of_nodes(value)
    return NOTHING if value == b"" else value


def tree_of_walked(walked: DecodedMessage) -> Tree:
    layers = [(node.name, tree_of_nodes(node.value)) for node in walked.layers]
    undecoded = walked.data[walked.undecoded_span[0] : walked.undecoded_span[1]]
    return layers + ([("payload", undecoded)] if undecoded else [])


def tree_of_packet(message: Packet) -> Tree:
    """The same from a dissected nlmsghdr: its payload layers."""
    layers: Tree = []
    loose = b""
    for layer in list(message.iterpayloads())[1:]:
        if isinstance(layer, Padding):
            loose += layer.load if len(layer.load) > 3 or any(layer.load) else b""
        elif not isinstance(layer, Raw):
            layers.append((type(layer).__name__, fields_of(layer)))
        elif layers:
            layers[-1][1].append(("leftover", layer.load))
        else:
            loose = layer.load
    return layers + ([("payload", loose)] if loose else [])


def fields_of(layer: Packet) -> Tree:
    return [
        (field.kind.name, value_of(layer, field, layer.getfieldval(field.name)))
        for field in layer.fields_desc
        if field.name in layer.fields and field.name not in layer._missing
    ]


def value_of(layer: Packet, field: Any, value: Any) -> Any:
    if isinstance(value, Packet):
        if type(value).__name__ == "nlmsghdr":
            return tree_of_packet(value)
        return struct_of(value)
    if isinstance(value, list) and value and isinstance(value[0], Packet):
        return [item_of(field.kind.name, item) for item in value]
    return NOTHING if value == b"" else value


def struct_of(value: Packet) -> Tree:
    rest = value.payload.load if isinstance(value.payload, Raw) else b""
    return fields_of(value) + ([("leftover", rest)] if rest else [])


def item_of(name: str, item: Packet) -> tuple[str, Any]:
    if isinstance(item, Raw):
        return "leftover", item.load
    if isinstance(item, Attr):
        return item.row.name, value_of(item, item.fieldtype["value"], item.fields["value"])
    padded = item.copy()
    padded.remove_payload()
    return name, fields_of(item)
