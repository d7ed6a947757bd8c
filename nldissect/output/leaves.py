"""Texts of values that the core does not print itself, by the functions of their kinds; imports the tables of these."""

from __future__ import annotations

from typing import Any

from nldissect.escaping import escaped
from nldissect.native.loader import FORM_BESIDE, FORM_BRIEF, FORM_JSON, FORM_PART, FORM_PAYLOAD
from nldissect.native.program import Program
from nldissect.wire import Context, Kind, Node
from nldissect.wire.message import Message
from nldissect.wire.nodes import find
from nldissect.wire.readers import State, reader
from nldissect.wire.shapes import layer_kind
from nldissect.wire.summary import brief, field_text

from .jsontext import encode_alone
from .objects import value_of
from .summary import payload_brief, printable
from .treelines import bytes_shown
from .values import shown

PAYLOAD_BRIEF, PAYLOAD_TREE = 1, 2
"""enum payload_form: where bytes are shown that no layer describes; 0: as JSON."""


def leaf(program: Program, row: int, form: int, order: str, raw: bytes) -> str | None:
    """Return the text of a value in a form, or of bytes that no layer describes; None: its message is to be walked."""
    if form == FORM_PAYLOAD:
        return _payload(row, raw)
    if form == FORM_BESIDE:
        lists = program.beside(row)
        return None if lists is None else _beside(*lists, order, raw)
    part, row = (row >> 16, row & 0xFFFF) if form == FORM_PART else (0, row)
    kind = program.kind(row)
    if kind is None or not kind.fits(len(raw)):
        return None
    value = kind.decoder(order)(raw, 0, len(raw))
    if part:
        found = find([Node(kind, 0, len(raw), value)], f"{kind.name}.{program.name(part)}")
        return "" if found is None else brief(found.kind, found.value, Context())
    return text_of(kind, value, form, len(raw))


def text_of(kind: Kind, value: Any, form: int, size: int = 0) -> str:
    """Return the text of a value, which has so many bytes, in a form."""
    if form == FORM_BRIEF:
        return brief(kind, value, Context())
    node = Node(kind, 0, size, value, kind.number)
    if form == FORM_JSON:
        return encode_alone(value_of(node, secrets=False))
    text = shown(node, None)[1]
    return f": {text}" if text else ""


def _beside(message: type[Message], name: str, order: str, raw: bytes) -> str | None:
    """Lists side by side in the summary of a message with this body; None where what its fields are depends on more."""
    if any(field.kind.bindings for field in message.fields_desc):
        return None
    body = reader(layer_kind(message), order)(raw, 0, len(raw), {}, State(), 0)

    def named(one: str) -> tuple[Kind, object] | None:
        node = find([body], one)
        return None if node is None else (node.kind, node.value)

    return field_text(name, named, Context()) or ""


def _payload(form: int, raw: bytes) -> str:
    """Bytes that no layer describes, as JSON, in a summary, or in a tree."""
    plain = printable(raw)
    if form == PAYLOAD_BRIEF:
        return payload_brief(raw)
    if form == PAYLOAD_TREE:
        return bytes_shown(raw) if plain is None else f'"{escaped(plain)}"'
    return encode_alone({"undecoded": raw.hex()} if plain is None else {"text": plain})
