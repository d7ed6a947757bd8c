"""Composers: functions that print one attribute in a summary, where a template can't: `{NAME~}`.

A composer is in a module next to its family's that imports no Scapy, because the native core calls it, too, unless it
is only words before values (phrases.py). Its argument is what the tables decode, as text; the result depends on that
alone.

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
"""A function that returns the text of an attribute from its nodes."""


class Composer(NamedTuple):
    """A function that prints an attribute, with the names that it needs.

    names   rows and fields inside the attribute whose text the function reads
    needs   header fields of the message that are selectors of these rows; a payload bound to other selectors is not
            decoded
    """

    compose: Compose
    names: tuple[str, ...]
    needs: tuple[str, ...]


def bind_composer(row: Kind, compose: Compose, names: tuple[str, ...], needs: tuple[str, ...] = ()) -> None:
    """Bind a composer to a row: it prints the row in summaries that name the row with `~`; see Composer."""
    row.composer = Composer(compose, names, needs)


def composed(row: Kind, raw: bytes, order: str, header: Mapping[str, Any], names: Context) -> str | None:
    """Return the text that a row's composer makes of these bytes; None if it has none, or the bytes do not decode.

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
    """Return the attribute with a composer that `name` ("NAME~") means in templates of a message class, or None.

    Only attributes directly after the header of the message are searched.
    """
    kinds = (field.kind for field in message.fields_desc if field.kind.shape == "attrs")
    rows = (row for kind in kinds for row in kind.inner.rows.values())
    return next((row for row in rows if row.has_name(name.rstrip("~")) and row.composer is not None), None)
