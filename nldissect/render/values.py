"""Values as people read them: names with numbers, interfaces by name, secrets masked, bytes in part."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from nldissect.escapes import escaped
from nldissect.terminal.colors import Piece
from nldissect.wire.context import Context
from nldissect.wire.decode.nodes import Node
from nldissect.wire.enums import Flags
from nldissect.wire.kind import Kind
from nldissect.wire.numbers import Scalar
from nldissect.wire.opaque import Inside
from nldissect.wire.summary_template import unnamed
from nldissect.wire.text import Text
from nldissect.wire.worded import Worded

from .bytes_text import bytes_shown

Show = Callable[[Any, Context | None], Piece]


def shown(node: Node, context: Context | None, secrets: bool = False) -> Piece:
    """Return a node's value as styled text; no text where the nodes inside are the value."""
    return _show(node.kind, secrets)(node.value, context)


def raw(node: Node, data: bytes, context: Context | None, secrets: bool = False) -> Piece:
    """Return a node's value as it is in the message: numbers in both bases and no names, of all else the bytes."""
    kind, value = node.kind, node.value
    if kind.shape != "leaf" or kind.secret or node.start == node.end:
        return shown(node, context, secrets)
    if isinstance(value, int):
        return "", both_bases(value, node.value_end - node.start)
    return "", bytes_shown(data[node.start : node.end])


def both_bases(value: int, size: int) -> str:
    """Return a number of `size` bytes in decimal and hexadecimal."""
    return f"{value} ({value & (1 << 8 * size) - 1:#x})"


@lru_cache(maxsize=8192)
def _show(kind: Kind, secrets: bool) -> Show:
    if kind.shape != "leaf":
        return lambda value, context: ("", "" if value else "(empty)")
    if kind.secret and secrets:
        return lambda value, context: ("secret", value.hex() if isinstance(value, bytes) else kind.shown(value))
    if kind.secret:
        return lambda value, context: ("secret", kind.shown(value))
    if isinstance(kind, Text):
        return lambda value, context: _text(kind, value)
    if isinstance(kind, Inside):
        return lambda value, context: ("", f"{bytes_shown(value)}{_opened(kind, value)}")
    if isinstance(kind, Scalar):
        return _number(kind)
    return lambda value, context: ("", bytes_shown(value) if isinstance(value, bytes) else kind.shown(value))


def _text(kind: Text, value: Any) -> Piece:
    return "text", kind.shown(value) + (" (no UTF-8 text)" if isinstance(value, bytes) else "")


def _number(kind: Scalar) -> Show:
    names, refers = kind.names, kind.refers
    if isinstance(kind, Worded):
        return lambda value, context: ("", _with_number(kind.shown(value), value))
    if names is None and refers is None:
        return lambda value, context: ("", kind.shown(value) or str(value))

    def show(value: Any, context: Context | None) -> Piece:
        text = kind.shown(value) or str(value)
        if refers is not None and context is not None and (known := context.name(refers, value)):
            return "", f"{text} ({escaped(known)})"
        if refers is not None and text == str(value) and value and (call := unnamed(kind, value)) != text:
            return "", f"{text} ({call})"
        if names is not None and issubclass(names, Flags):
            return "", f"{text} ({value:#x})" if value else text
        return "", f"{text} ({value})" if text != str(value) else text

    return show


def _with_number(words: str, value: int) -> str:
    """Return the words of a number followed by the number, unless the words are just the number."""
    return words if words == str(value) or words.startswith("0x") else f"{words} ({value:#x})"


def _opened(kind: Inside, value: bytes) -> str:
    """Return Scapy's line about a packet inside."""
    if not value:
        return ""
    try:
        return f" ({escaped(str(kind.opened(value).summary()))})"
    except Exception as error:  # noqa: BLE001 - any layer of Scapy's may stumble over odd bytes
        return f" (Scapy can't open it: {escaped(str(error))})"
