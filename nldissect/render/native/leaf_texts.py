"""Texts of values that the core does not print itself, by the functions of their kinds.

Needs no Scapy where the program has the kind as data (native/kind_specs.py); else the tables that hold the kind are
imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nldissect.native.loader import (
    FORM_BESIDE,
    FORM_CELL,
    FORM_COMPOSED,
    FORM_COUNT,
    FORM_JSON,
    FORM_PART,
    FORM_PAYLOAD,
)
from nldissect.native.program import Program
from nldissect.wire.context import Context
from nldissect.wire.decode.nodes import Node, find
from nldissect.wire.kind import Kind, Undecoded
from nldissect.wire.summary_template import brief, field_text
from nldissect.wire.text_nodes import unpacked

from ..leaf_text import payload_text, text_of


def leaf(program: Program, row: int, form: int, order: str, raw: bytes, secrets: bool = False) -> str | None:
    """Return the text of a value in a form, or of bytes that no layer describes; None: the message is to be decoded.

    secrets   key material is shown in cells; the core itself shows it elsewhere
    """
    if form == FORM_PAYLOAD:
        return payload_text(row, raw)
    if form == FORM_BESIDE:
        lists = program.beside(row)
        return None if lists is None else _beside(*lists, order, raw)
    if form == FORM_COMPOSED:
        composer = program.composer(row)
        return None if composer is None else composer[0](unpacked(raw, composer[1]))
    part, row = (row >> 16, row & 0xFFFF) if form == FORM_PART else (0, row)
    kind = program.stored_kind(row) or program.kind(row)
    if kind is None or not kind.fits(len(raw)):
        return None
    value = kind.decoder(order)(raw, 0, len(raw))
    if form == FORM_COUNT:
        return str(len(value)) if isinstance(value, list) else ""
    if part:
        found = find([Node(kind, 0, len(raw), value)], f"{kind.name}.{program.name(part)}")
        return "" if found is None else brief(found.kind, found.value, Context())
    if form == FORM_CELL:
        from ..field_cells import text_of as cell_of

        return cell_of(kind, value, secrets)
    if form == FORM_JSON and kind.shape != "leaf":
        return _object_text(kind, value, len(raw))
    return text_of(kind, value, form, len(raw))


def _object_text(kind: Kind, value: Any, size: int) -> str:
    """Return a value that holds others as JSON."""
    from ..json_objects import value_of
    from ..json_text import encode_alone

    return encode_alone(value_of(Node(kind, 0, size, value, kind.number), secrets=False))


def _beside(kinds: list[Kind], lists: str, order: str, raw: bytes) -> str:
    """Return the text of lists side by side in the summary of a message; `kinds` are those of its body's fields."""
    fields = _fields(kinds, order, raw)
    return field_text(lists, fields.get, Context()) or ""


def _fields(kinds: list[Kind], order: str, raw: bytes) -> Mapping[str, tuple[Kind, Any]]:
    """Return kinds and values of the fields that a body begins with, by name."""
    found: dict[str, tuple[Kind, Any]] = {}
    values: dict[str, Any] = {}
    at = 0
    for kind in kinds:
        end = at + kind.extent(values, raw, at, len(raw), order)
        if end > len(raw):
            break
        fits = kind.fits(end - at)
        values[kind.name] = kind.decoder(order)(raw, at, end) if fits else raw[at:end]
        found[kind.name] = kind if fits else Undecoded(kind.name), values[kind.name]
        at = end
    return found
