"""`show()` at the prompt: our packets as a tree of the values that they hold, so that incomplete ones show as well."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.text import Text
from rich.tree import Tree
from scapy.packet import Packet

from nldissect.render.bytes_text import bytes_shown
from nldissect.render.values import shown
from nldissect.terminal.colors import STYLES, Piece
from nldissect.uapi import NLA_F_NESTED, NLA_F_NET_BYTEORDER
from nldissect.wire import Node, genlmsghdr, nlmsghdr
from nldissect.wire.attr_set import NLATTR
from nldissect.wire.packets.attribute import Attr
from nldissect.wire.packets.fields import KindField
from nldissect.wire.packets.layer import Layer

GUIDE = STYLES["dim"]
WIDE = 1 << 16
NAMED = ("nlmsg_type", "nlmsg_flags", "cmd")
"""Fields of headers whose values have names that depend on the whole message."""
BITS = ((NLA_F_NESTED, "NLA_F_NESTED"), (NLA_F_NET_BYTEORDER, "NLA_F_NET_BYTEORDER"))


def install() -> None:
    """Make packets of ours show as trees in this process."""
    setattr(Layer, "show", show)  # noqa: B010 - a method that others have to call by its name


def show(packet: Layer, dump: bool = False, indent: int = 3, lvl: str = "", label_lvl: str = "") -> str | None:
    """Print the packet as Scapy's show does, or return the text if `dump` is set; with colours on a terminal only."""
    tree = packet_tree(packet)
    if not dump and sys.stdout.isatty():
        Console(highlight=False).print(tree)
        return None
    text = io.StringIO()
    Console(file=text, width=WIDE, color_system=None).print(tree)
    lines = "".join(f"{lvl}{line.rstrip()}\n" for line in text.getvalue().splitlines())
    if dump:
        return lines
    sys.stdout.write(lines)
    return None


def packet_tree(packet: Packet) -> Tree:
    """Return a packet, and all that is inside it or after it, as a tree."""
    layers = list(packet.iterpayloads())
    if isinstance(packet, nlmsghdr):
        tree = _tree([("title", str(packet.summary()))])
    elif len(layers) > 1:
        tree = Tree("", guide_style=GUIDE, hide_root=True)
    else:
        tree = _tree(_title(packet))
        _fill(tree, packet)
        return tree
    for layer in layers:
        _fill(tree.add(_text(_title(layer))), layer)
    return tree


def _tree(pieces: list[Piece]) -> Tree:
    return Tree(_text(pieces), guide_style=GUIDE)


def _text(pieces: list[Piece]) -> Text:
    return Text.assemble(*((text, STYLES.get(role, "")) for role, text in pieces))


def _title(packet: Packet) -> list[Piece]:
    """Return the line of a packet: of an attribute its name, number and value."""
    if isinstance(packet, Attr):
        kind = packet.getfieldval("nla_type")
        bits = "".join(f", {name}" for bit, name in BITS if kind & bit and packet.header is NLATTR)
        pieces = [("name", packet.row.name), ("dim", f" ({packet.row.number}{bits})")]
        pieces += [("warning", f" {text}") for text in _by_hand(packet, kind)]
        return [*pieces, *_valued(packet, packet.row.resolve(packet._scope), packet.getfieldval("value"))]
    if isinstance(packet, Layer):
        return [("title", type(packet).__name__)]
    return [("title", str(packet.name)), ("", f": {bytes_shown(bytes(packet))}")]


def _by_hand(packet: Attr, kind: int) -> Iterator[str]:
    """Yield type and length of an attribute where they were set by hand."""
    if kind & packet.header.mask != packet.row.number:
        yield f"nla_type={kind}"
    if packet.fields.get("nla_len") is not None:
        yield f"nla_len={packet.fields['nla_len']}"


def _valued(packet: Layer, kind: Any, value: Any) -> list[Piece]:
    """Return a colon and the value, unless the value is other packets."""
    if isinstance(value, Packet) or (isinstance(value, list) and any(isinstance(one, Packet) for one in value)):
        return []
    role, text = shown(Node(kind, 0, 0, value), packet._env.context)
    return [("", ": "), (role, text)] if text else []


def _fill(tree: Tree, packet: Packet) -> None:
    """Add to a tree the fields of a packet, or what is in the value of an attribute."""
    if isinstance(packet, Attr):
        _add(tree, packet.getfieldval("value"))
        return
    if not isinstance(packet, Layer):
        return
    for field in packet.fields_desc:
        value = packet.getfieldval(field.name)
        if isinstance(value, list) and (field.kind.shape != "leaf" or any(isinstance(one, Packet) for one in value)):
            _add(tree, value)
        elif not _is_padding(field, value):
            _add(tree.add(_text(_field(packet, field, value))), value)


def _add(tree: Tree, value: Any) -> None:
    """Add to a tree the packets in a value; the fields of a single struct need no line that names it."""
    if isinstance(value, Layer) and not isinstance(value, nlmsghdr):
        _fill(tree, value)
        return
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, Packet):
            tree.children.append(packet_tree(one))


def _is_padding(field: KindField, value: Any) -> bool:
    return field.kind.hidden and not any(value or b"")


def _field(packet: Layer, field: KindField, value: Any) -> list[Piece]:
    name: Piece = ("name", field.kind.name)
    if value is None:
        return [name, ("dim", ": not set")]
    if isinstance(value, Packet):
        return [name]
    if field.name in NAMED and isinstance(packet, (nlmsghdr, genlmsghdr)):
        text = packet.command_name or "" if isinstance(packet, genlmsghdr) else field.i2repr(packet, value)
        number = hex(value) if field.name == "nlmsg_flags" else str(value)
        return [name, ("", f": {text} ({number})" if text not in ("", "0", number) else f": {value}")]
    return [name, *_valued(packet, field.kind.resolve(packet._scope), value)]
