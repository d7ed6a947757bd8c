"""Texts of single values: in a summary, as JSON, in a tree. Needs no Scapy."""

from __future__ import annotations

from typing import Any

from nldissect.escapes import escaped
from nldissect.native.loader import FORM_BRIEF, FORM_JSON
from nldissect.wire.context import Context
from nldissect.wire.decode.nodes import Node
from nldissect.wire.kind import Kind
from nldissect.wire.summary_template import brief

from .bytes_text import bytes_shown, payload_brief, printable
from .values import shown

PAYLOAD_BRIEF, PAYLOAD_TREE = 1, 2
"""enum payload_form: output in which bytes are shown that no layer describes; 0: JSON."""


def text_of(kind: Kind, value: Any, form: int, size: int = 0) -> str:
    """Return the text of a value of `size` bytes in a form."""
    if form == FORM_BRIEF:
        return brief(kind, value, Context())
    if form == FORM_JSON:
        from .json_text import encode_alone

        return encode_alone(kind.json(value))
    text = shown(Node(kind, 0, size, value, kind.number), None)[1]
    return f": {text}" if text else ""


def payload_text(form: int, raw: bytes) -> str:
    """Return bytes that no layer describes, as JSON, in a summary, or in a tree."""
    plain = printable(raw)
    if form == PAYLOAD_BRIEF:
        return payload_brief(raw)
    if form == PAYLOAD_TREE:
        return bytes_shown(raw) if plain is None else f'"{escaped(plain)}"'
    from .json_text import encode_alone

    return encode_alone({"undecoded": raw.hex()} if plain is None else {"text": plain})
