"""Attributes that a summary writes by a function beside their family, where a template can't: `{NAME~}`.

The function is given what the tables read in the bytes as text, and is pure in that. It stands in a module that imports
no Scapy, as the native core asks it, too, if it is more than words before values (phrases.py).

    def next_hops(hops): ...
    bind_composer(RTA.MULTIPATH, next_hops, names=("RTA_GATEWAY", "rtnh_ifindex"), needs=("rtm_family",))
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from .context import Context
from .decode.nodes import Node
from .decode.readers import DecodeState, reader
from .kind import Kind
from .summary_template import brief
from .text_nodes import TextNode

if TYPE_CHECKING:
    from .packets.message import Message

Compose = Callable[[Sequence[TextNode]], str]
"""Writes what an attribute holds."""


class Composer(NamedTuple):
    """A function that writes an attribute.

    names   rows and fields in it that the function asks for
    needs   fields in the header of its message on which depends what these hold; what is bound to others does not
            decode
    """

    compose: Compose
    names: tuple[str, ...]
    needs: tuple[str, ...]


def bind_composer(row: Kind, compose: Compose, names: tuple[str, ...], needs: tuple[str, ...] = ()) -> None:
    """Let a function write what a row holds in summaries that name it with `~`; see Composer."""
    row.composer = Composer(compose, names, needs)


def composed(row: Kind, raw: bytes, order: str, header: Mapping[str, Any], names: Context) -> str | None:
    """Return what the function of a row writes of these bytes; None where the row has none, or they do not decode.

    header   values of the header fields of the message, by name
    """
    composer = row.composer
    if composer is None:
        return None
    needed = {name: header[name] for name in composer.needs if name in header}
    node = reader(row, order)(raw, 0, len(raw), needed, DecodeState(), 1)
    if not isinstance(node.value, list):
        return None
    return composer.compose(_text_nodes(node.value, composer.names, names, is_top=True))


def _text_nodes(nodes: list[Node], asked: Container[str], names: Context, is_top: bool = False) -> list[TextNode]:
    found = []
    for node in nodes:
        name = node.name if node.name in asked else ""
        inner: list[Node] = node.value if node.kind.shape != "leaf" and isinstance(node.value, list) else []
        text = brief(node.kind, node.value, names) if (name or is_top) and not inner else ""
        found.append(TextNode(name, text, _text_nodes(inner, asked, names)))
    return found


def composed_row(message: type[Message], name: str) -> Kind | None:
    """Return the row that a template of a message class names with `~`: an attribute behind its header."""
    kinds = (field.kind for field in message.fields_desc if field.kind.shape == "attrs")
    rows = (row for kind in kinds for row in kind.inner.rows.values())
    return next((row for row in rows if row.called(name.rstrip("~")) and row.composer is not None), None)
