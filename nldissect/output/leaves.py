"""Texts of values that the core does not print itself, by the functions of their kinds; imports the tables of these."""

from __future__ import annotations

from nldissect.native.loader import FORM_BESIDE, FORM_JSON, FORM_PART
from nldissect.native.program import Program
from nldissect.wire import Context, Kind, Node
from nldissect.wire.message import Message
from nldissect.wire.nodes import find
from nldissect.wire.readers import State, reader
from nldissect.wire.shapes import layer_kind
from nldissect.wire.summary import brief, field_text

from .jsontext import encode_alone
from .leaftext import text_of
from .objects import value_of


def leaf(program: Program, row: int, form: int, order: str, raw: bytes) -> str | None:
    """Return the text of a value in a form, or of bytes that no layer describes; None: its message is to be walked."""
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
    if form == FORM_JSON and kind.shape != "leaf":
        return encode_alone(value_of(Node(kind, 0, len(raw), value, kind.number), secrets=False))
    return text_of(kind, value, form, len(raw))


def _beside(message: type[Message], name: str, order: str, raw: bytes) -> str | None:
    """Lists side by side in the summary of a message with this body; None where what its fields are depends on more."""
    if any(field.kind.bindings for field in message.fields_desc):
        return None
    body = reader(layer_kind(message), order)(raw, 0, len(raw), {}, State(), 0)

    def named(one: str) -> tuple[Kind, object] | None:
        node = find([body], one)
        return None if node is None else (node.kind, node.value)

    return field_text(name, named, Context()) or ""
