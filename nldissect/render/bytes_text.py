"""Bytes that no table describes, as text."""

from __future__ import annotations

from nldissect.escapes import escaped

SHOWN_BYTES, TREE_BYTES = 16, 32
"""Most bytes shown in a summary, and in a tree."""


def printable(data: bytes) -> str | None:
    """Return bytes as text if they are printable UTF-8 (one NUL may end them), else None."""
    try:
        text = (data[:-1] if data.endswith(b"\0") else data).decode()
    except UnicodeDecodeError:
        return None
    solid = "".join(text.split())
    return text if solid and solid.isprintable() else None


def payload_brief(data: bytes) -> str:
    """Return bytes that no table describes: as quoted text, or their number and the first of them in hexadecimal."""
    text = printable(data)
    if text is not None:
        return f'"{escaped(text)}"'
    more = "..." if len(data) > SHOWN_BYTES else ""
    return f"{len(data)} byte{'s' * (len(data) != 1)} {data[:SHOWN_BYTES].hex()}{more}"


def bytes_shown(data: bytes) -> str:
    """Return bytes in hexadecimal; of many only the first, and their number."""
    if len(data) <= TREE_BYTES:
        return data.hex() or "(no bytes)"
    return f"{data[:TREE_BYTES].hex()}... ({len(data)} bytes)"
