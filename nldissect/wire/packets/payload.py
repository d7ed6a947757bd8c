"""Conversion between payloads and Scapy packets: dissection and building of values by their kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scapy.packet import Packet, Raw

from nldissect.errors import FieldError

from ..attr_set import PRESENT, AttrSet, split_attrs
from ..containers import Nest, Records, Struct, Structs
from ..kind import SELECTORS, Kind, Undecoded
from ..selectors import item_scopes
from .lazy import LazyAttr, LazyAttrList

if TYPE_CHECKING:
    from .layer import Layer

MAX_DEPTH = 20
HOLDING = ("attrs", "fields", "list")
"""Shapes of kinds whose values are packets."""


def dissect_value(kind: Kind, raw: bytes, parent: Layer) -> Any:
    """Return the value of a kind from exactly its bytes: plain, a packet, or a list of packets.

    Bytes that do not fit the kind are the value themselves.
    """
    kind = kind.resolve(parent._scope)
    if isinstance(kind, Nest):
        if not kind.known or parent._depth > MAX_DEPTH:
            return raw
        return dissect_attrs(kind.inner, raw, parent)
    if isinstance(kind, Structs):
        if not kind.fits(len(raw)):
            return raw
        pieces, stop = kind.pieces(raw, 0, len(raw), parent._env.order)
        values = []
        for start, end, following in pieces:
            value = kind.message(raw[start:end], _parent=parent, _internal=1)
            if isinstance(kind, Records) and not value.payload and not value._missing:
                value.fields[value.fields_desc[0].name] = None
            values.append(record_padded(value, raw[end:following]))
        return values + ([Raw(raw[stop:])] if stop < len(raw) else [])
    if kind.shape == "message" and len(raw) < 16:
        return raw
    if isinstance(kind, Struct):
        return kind.message(raw, _parent=parent, _internal=1) if raw and parent._depth <= MAX_DEPTH else raw
    return kind.decoder(parent._env.order)(raw, 0, len(raw)) if kind.fits(len(raw)) else raw


def record_padded(record: Packet, padding: bytes) -> Packet:
    """Return a record followed by its padding, which is not part of its own length."""
    return record / Raw(padding) if padding else record


def dissect_attrs(rows: type[AttrSet], raw: bytes, parent: Layer) -> list[Packet]:
    """Return the attributes in `raw`, made packets on access; bytes left over are Raw."""
    items, stop = split_attrs(raw, 0, len(raw), parent._env.order, rows.header)
    scopes = item_scopes(rows, items, raw, parent._env.order, parent._scope)
    packets = LazyAttrList()
    size, env, near = rows.header.size, parent._env, parent._scope
    for (kind, start, _end, following), scope in zip(items, scopes, strict=True):
        number = kind & rows.header.mask
        row = rows.row(number) or unknown_row(rows, number)
        packets.append(LazyAttr(row, raw[start - size : following], parent, env, scope or near))
    if stop < len(raw):
        packets.append(Raw(raw[stop:], _internal=1))
    return packets


def unknown_row(rows: type[AttrSet], number: int) -> Kind:
    """Return a stand-in for an attribute number that the set does not have; kernels grow."""
    row = Undecoded(str(number), number)
    row.set = rows
    return row


def build(kind: Kind, value: Any, parent: Layer) -> bytes:
    """Return the bytes of a field's value; FieldError if the kind can't have it."""
    if isinstance(value, Packet):
        inherit_environment(value, parent, parent._scope)
        return bytes(value)
    if isinstance(value, list) and (kind.shape != "leaf" or any(isinstance(item, Packet) for item in value)):
        for item in value:
            if not isinstance(item, (Packet, bytes, bytearray)):
                raise FieldError(f"{kind.name}: {_no_part(kind, item)}")
        scope: dict[str, Any] = {**parent._scope}
        sequence = isinstance(kind, Nest) and kind.known and kind.inner.sequence
        for item in value:
            if sequence:
                inherit_environment(item, parent, {**scope})
            name = item.row.name if hasattr(item, "row") else ""
            if name in SELECTORS:
                scope[name] = item.plain_value(parent._env.order)
            if name + PRESENT in SELECTORS:
                scope[name + PRESENT] = True
        for item in value if not sequence else ():
            inherit_environment(item, parent, scope)
        return b"".join(bytes(item) for item in value)
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    if value is None:
        return b""
    if kind.shape in HOLDING:
        raise FieldError(f"{kind.name}: {_no_part(kind, value)}")
    return kind.encode(value, parent._env.order)


def _no_part(kind: Kind, value: Any) -> str:
    """Return the text of the error for a value that can't be in a kind that holds others."""
    if isinstance(kind, Struct):
        return f"{value!r} is no struct; write {kind.message.__name__}(...)"
    return f"{value!r} is no attribute; write [SET.ROW(value), ...], like [IFLA.MTU(1500)]"


def inherit_environment(child: Any, parent: Layer, scope: Mapping[str, Any]) -> None:
    """Give a packet its parent, the parent's state (byte order, context) and its selector values."""
    if isinstance(child, Packet):
        child.parent = parent
    if hasattr(child, "_env"):
        object.__setattr__(child, "_env", parent._env)
        object.__setattr__(child, "_scope", scope)
