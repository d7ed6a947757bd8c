"""One value as people read it: names beside numbers, interfaces by name, secrets masked, bytes in part."""

from __future__ import annotations

from nldissect.wire import Context, Inside, Node, Scalar, Text
from nldissect.wire.names import Flags
from nldissect.wire.texts import escaped

from .paint import Piece

SHOWN_BYTES = 32


def bytes_shown(data: bytes) -> str:
    """Hexadecimal, the first bytes only where there are many."""
    if len(data) <= SHOWN_BYTES:
        return data.hex() or "(no bytes)"
    return f"{data[:SHOWN_BYTES].hex()}... ({len(data)} bytes)"


def shown(node: Node, context: Context | None, secrets: bool = False) -> Piece:
    """A node's value and its role; no text where the nodes inside are the value."""
    kind, value = node.kind, node.value
    if isinstance(value, list) and kind.shape != "leaf":
        return "", "" if value else "(empty)"
    if kind.secret:
        return "secret", value.hex() if secrets and isinstance(value, bytes) else kind.shown(value)
    if isinstance(kind, Inside) and isinstance(value, bytes):
        return "", f"{bytes_shown(value)}{_opened(kind, value)}"
    if isinstance(kind, Text):
        return "text", kind.shown(value) + (" (no UTF-8 text)" if isinstance(value, bytes) else "")
    if isinstance(value, bytes):
        return "", bytes_shown(value)
    if isinstance(kind, Scalar):
        return "", _number(kind, value, context)
    return "", kind.shown(value)


def _number(kind: Scalar, value: int, context: Context | None) -> str:
    text = kind.shown(value) or str(value)
    if kind.names is not None and issubclass(kind.names, Flags):
        return f"{text} ({value:#x})" if value else text
    if kind.names is not None:
        return f"{text} ({value})" if text != str(value) else text
    if kind.refers is not None and context is not None and (known := context.name(kind.refers, value)):
        return f"{text} ({escaped(known)})"
    return text


def _opened(kind: Inside, value: bytes) -> str:
    """Scapy's line about a packet inside."""
    if not value:
        return ""
    try:
        return f" ({escaped(str(kind.opened(value).summary()))})"
    except Exception as error:  # noqa: BLE001 - any layer of Scapy's may stumble over odd bytes
        return f" (Scapy can't open it: {escaped(str(error))})"
