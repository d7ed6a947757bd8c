"""Scapy packets over kinds: the base class of messages and attributes.

Scapy's own cache of dissected bytes looks one level down only, so it is not used: a packet always builds itself from
its values. What the values alone can't tell is kept beside them: the bytes of a field whose value does not encode to
what stood on the wire (`odd`), and where a short struct ended (`missing`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from struct import Struct as Codec
from typing import Any, ClassVar

from scapy.fields import Field
from scapy.packet import Packet, Raw
from scapy.volatile import RandNum

from nldissect.errors import FieldError

from .attrs import NLA_F_NESTED, PRESENT, AttrSet, Header, Tables, split
from .context import Env
from .kinds import SELECTORS, Decode, Kind, Undecoded
from .opaque import Blob, Pad
from .scalars import Scalar
from .shapes import Nest, Struct, Structs

MAX_DEPTH = 20
NATIVE = Env("<" if sys.byteorder == "little" else ">")


class Layer(Packet):
    """A Scapy packet whose fields are kinds.

    _env     what holds for the whole message: byte order, protocol, direction, context
    _scope   values of enclosing fields and rows on which payloads depend
    _odd     field name -> (value, bytes): the wire's own bytes, as long as the value is unchanged
    _missing names of fields that lie beyond the end of a short struct
    _depth   how many attributes this packet is inside of
    """

    __slots__ = ["_depth", "_env", "_missing", "_odd", "_scope"]
    fields_desc: ClassVar[list[Any]]
    _env: Env
    _scope: Mapping[str, Any]
    _odd: dict[str, tuple[Any, bytes]]
    _missing: tuple[str, ...]
    _depth: int

    def __init__(self, _pkt: bytes = b"", *args: Any, **fields: Any) -> None:
        near = fields.get("_parent") or fields.get("_underlayer")
        env, scope, depth = (near._env, near._scope, near._depth) if isinstance(near, Layer) else (NATIVE, {}, 0)
        put = object.__setattr__
        put(self, "_env", fields.pop("_env", None) or env)
        put(self, "_scope", fields.pop("_scope", None) or scope)
        put(self, "_depth", depth)
        put(self, "_odd", {})
        put(self, "_missing", ())
        super().__init__(_pkt, *args, **fields)

    def copy(self) -> Any:
        other = super().copy()
        return self._carry(other)

    def clone_with(self, payload: Any = None, **fields: Any) -> Any:
        other = super().clone_with(payload, **fields)
        return self._carry(other)

    def _carry(self, other: Any) -> Any:
        for slot in ("_env", "_scope", "_depth", "_missing"):
            object.__setattr__(other, slot, getattr(self, slot))
        object.__setattr__(other, "_odd", dict(self._odd))
        return other

    def do_dissect(self, s: bytes) -> bytes:
        order = self._env.order
        self._scope = header_scope(type(self), s, 0, len(s), order, self._scope)
        codec, spans = fixed_part(type(self), order, Tables.version)
        first, at, end = 0, 0, len(s)
        if codec.size <= end:
            first, at = len(spans), codec.size
            for field, value in zip(self.fields_desc, codec.unpack_from(s), strict=False):
                self.fields[field.name] = value
        values = {**self._scope, **self.fields}
        for index, field in enumerate(self.fields_desc[first:], first):
            kind = field.kind
            size = kind.extent(values, s, at, end)
            if at + size > end:
                self._missing = tuple(later.name for later in self.fields_desc[index:])
                break
            values[kind.name] = self.fields[field.name] = self._take(field.name, kind, s[at : at + size])
            at += size
        self.explicit = 1
        return s[at:]

    def _take(self, name: str, kind: Kind, raw: bytes) -> Any:
        """The value of a field from exactly its bytes."""
        value = dissect(kind, raw, self)
        kind = kind.resolve(self._scope)
        if kind.shape == "leaf" and not kind.exact and not isinstance(value, bytes):
            if kind.encode(value, self._env.order) != raw:
                self._odd[name] = (value, raw)
        return value

    def self_build(self) -> bytes:
        parts = []
        own = {
            field.kind.name: self.getfieldval(field.name) for field in self.fields_desc if field.kind.name in SELECTORS
        }
        if own:
            self._scope = {**self._scope, **own}
        for field in self.fields_desc:
            if field.name in self._missing and field.name not in self.fields:
                continue
            value = self.getfieldval(field.name)
            odd = self._odd.get(field.name)
            if odd is not None and odd[0] is value:
                parts.append(odd[1])
            else:
                parts.append(field.addfield(self, b"", value))
        return b"".join(parts)

    def _computed(self, name: str) -> Any:
        """What a field that is worked out reads as while it is not set: here, the length a record begins with."""
        first = self.fields_desc[0]
        if name != first.name or not isinstance(first, LengthField):
            return None
        rest = (field.addfield(self, b"", self.getfieldval(field.name)) for field in self.fields_desc[1:])
        return (first.kind.size or 0) + sum(map(len, rest))

    def getfieldval(self, attr: str) -> Any:
        value = super().getfieldval(attr)
        return self._computed(attr) if value is None and attr in self.default_fields else value

    def getfield_and_val(self, attr: str) -> tuple[Any, Any]:
        field, value = super().getfield_and_val(attr)
        return field, self._computed(attr) if value is None else value

    def do_build_payload(self) -> bytes:
        payload = self.payload
        if isinstance(payload, Layer):
            object.__setattr__(payload, "_env", self._env)
            object.__setattr__(payload, "_scope", self._scope)
        return payload.do_build()

    def _children(self) -> Iterator[Packet]:
        """Packets held in fields, in order."""
        for field in self.fields_desc:
            value = self.getfieldval(field.name)
            if isinstance(value, Packet):
                yield value
            elif isinstance(value, list):
                yield from (item for item in value if isinstance(item, Packet))

    def haslayer(self, cls: Any, _subclass: bool | None = None) -> int:
        return self.getlayer(cls, _subclass=_subclass) is not None

    def getlayer(
        self, cls: Any, nb: int = 1, _track: list[int] | None = None, _subclass: bool | None = None, **flt: Any
    ) -> Any:
        """As Scapy's; `cls` may also be a row of an attribute set."""
        if isinstance(cls, Kind):
            cls = cls.layer
        if isinstance(cls, int):
            return super().getlayer(cls, nb, _track, _subclass, **flt)
        wanted, _, field = cls.partition(".") if isinstance(cls, str) else (cls, "", "")
        if self._matches(wanted, _subclass) and all(self.getfieldval(key) == value for key, value in flt.items()):
            if nb == 1:
                return self.getfieldval(field) if field else self
            nb -= 1
        for child in self._children():
            track: list[int] = []
            found = child.getlayer(cls, nb, track, _subclass, **flt)
            if found is not None:
                return found
            nb = track[0] if track else nb
        return self.payload.getlayer(cls, nb, _track, _subclass, **flt)

    def _matches(self, wanted: Any, subclass: bool | None) -> bool:
        if wanted is None:
            return True
        if isinstance(wanted, str):
            return wanted in (type(self).__name__, self._name)
        return isinstance(self, wanted) if subclass else type(self) is wanted

    def __getitem__(self, cls: Any) -> Any:
        return super().__getitem__(cls.layer if isinstance(cls, Kind) else cls)

    def command(self, json: bool = False) -> Any:
        """A Python expression that builds this packet."""
        if json:
            return super().command(json)  # type: ignore[call-arg]
        arguments = ", ".join(f"{name}={expression(value)}" for name, value in self._given())
        text = f"{self._expression_name()}({arguments})"
        return text + "/" + expression(self.payload) if self.payload else text

    def _given(self) -> Iterator[tuple[str, Any]]:
        """Fields that were set or seen, with what a constructor takes for them."""
        for field in self.fields_desc:
            if field.name in self.fields and self.fields[field.name] is not None:
                odd = self._odd.get(field.name)
                value = self.fields[field.name]
                yield field.name, odd[1] if odd is not None and odd[0] is value else value

    def _expression_name(self) -> str:
        return type(self).__name__

    @classmethod
    def wire_size(cls) -> int | None:
        """Bytes of the struct, or None where its length varies."""
        total = 0
        for field in cls.fields_desc:
            kind = field.kind
            size = kind.size
            if size is None and kind.shape == "fields":
                size = kind.message.wire_size()
            elif size is None and isinstance(kind, Structs) and kind.length is not None:
                size = kind.length * kind.unit
            if size is None:
                return None
            total += size
        return total


def expression(value: Any) -> str:
    """Python source of a field's value."""
    if isinstance(value, Layer) and not _has_name(value):
        return f"Raw(load={bytes(value)!r})"
    if isinstance(value, Packet):
        return str(value.command())
    if isinstance(value, list):
        return "[" + ", ".join(map(expression, value)) + "]"
    return repr(value)


def is_plain_number(kind: Kind) -> bool:
    """Whether one struct code reads the kind."""
    return isinstance(kind, Scalar) and kind.size is not None and type(kind).decoder is Scalar.decoder


@cache
def fixed_part(message: type[Layer], order: str, version: int) -> tuple[Codec, list[tuple[Kind, int, int]]]:
    """The numbers and fixed bytes a struct begins with, which one codec reads: kind, start and end of each."""
    codes, spans, at = [], [], 0
    for field in message.fields_desc:
        kind = field.kind
        plain = is_plain_number(kind) or isinstance(kind, (Pad, Blob))
        if not plain or kind.size is None or kind.bindings or getattr(kind, "fixed_order", None) not in (None, order):
            break
        codes.append(kind.letter if isinstance(kind, Scalar) else f"{kind.size}s")
        spans.append((kind, at, at + kind.size))
        at += kind.size
    return Codec(order + "".join(codes)), spans


def header_scope(
    message: type[Layer], data: bytes, start: int, end: int, order: str, scope: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The scope inside a header: enclosing values, and those of its own fields on which something depends."""
    own = {
        name: decode(data, start + at, start + stop)
        for name, at, stop, decode in header_selectors(message, order, Tables.version)
        if start + stop <= end
    }
    return {**scope, **own} if own else scope


@cache
def header_selectors(message: type[Layer], order: str, version: int) -> list[tuple[str, int, int, Decode]]:
    """Fields at fixed offsets on which something depends: name, start, end, decoder."""
    found, at = [], 0
    for field in message.fields_desc:
        kind = field.kind
        size = kind.size
        if size is None and kind.shape == "fields":
            size = kind.message.wire_size()
        if size is None:
            break
        if kind.name in SELECTORS and kind.shape == "leaf":
            found.append((kind.name, at, at + size, kind.decoder(order)))
        at += size
    return found


def set_scope(
    rows: type[AttrSet], items: list[tuple[int, int, int, int]], data: bytes, order: str, scope: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The scope inside a set: the last sibling of a name decides, before or after the row that depends on it."""
    selectors = rows.selectors(Tables.version)
    if not selectors:
        return scope
    names = {row.name for row in selectors.values()}
    inner = {name: value for name, value in scope.items() if name.removesuffix(PRESENT) not in names}
    mask = rows.header.mask
    for raw, start, end, _ in items:
        row = selectors.get(raw & mask)
        if row is None:
            continue
        if row.name + PRESENT in SELECTORS:
            inner[row.name + PRESENT] = True
        if row.name in SELECTORS and row.fits(end - start):
            inner[row.name] = row.decoder(order)(data, start, end)
    return inner


def dissect(kind: Kind, raw: bytes, parent: Layer) -> Any:
    """The value of a kind from exactly its bytes: plain, a packet, or a list of packets."""
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
            if isinstance(value.fields_desc[0], LengthField) and not value.payload:
                value.fields[value.fields_desc[0].name] = None
            values.append(record_padded(value, raw[end:following]))
        return values + ([Raw(raw[stop:])] if stop < len(raw) else [])
    if isinstance(kind, Struct):
        return kind.message(raw, _parent=parent, _internal=1) if raw and parent._depth <= MAX_DEPTH else raw
    return kind.decoder(parent._env.order)(raw, 0, len(raw)) if kind.fits(len(raw)) else raw


def record_padded(record: Packet, padding: bytes) -> Packet:
    """A record followed by its padding, which is not part of its own length."""
    return record / Raw(padding) if padding else record


def dissect_attrs(rows: type[AttrSet], raw: bytes, parent: Layer) -> list[Packet]:
    """The attributes in `raw`; bytes left over become Raw."""
    items, stop = split(raw, 0, len(raw), parent._env.order, rows.header)
    scope = set_scope(rows, items, raw, parent._env.order, parent._scope)
    packets: list[Packet] = []
    size = rows.header.size
    for kind, start, _end, following in items:
        number = kind & rows.header.mask
        layer = (rows.row(number) or unknown_row(rows, number)).layer
        packets.append(layer(raw[start - size : following], _parent=parent, _scope=scope, _internal=1))
    if stop < len(raw):
        packets.append(Raw(raw[stop:], _internal=1))
    return packets


def unknown_row(rows: type[AttrSet], number: int) -> Kind:
    """A stand-in for a number the set does not know; kernels grow."""
    row = Undecoded(str(number), number)
    row.set = rows
    return row


def build(kind: Kind, value: Any, parent: Layer) -> bytes:
    """The bytes of a field's value."""
    if isinstance(value, Packet):
        adopt(value, parent, parent._scope)
        return bytes(value)
    if isinstance(value, list) and (kind.shape != "leaf" or any(isinstance(item, Packet) for item in value)):
        scope = {**parent._scope}
        for item in value:
            if isinstance(item, Attr) and item.row.name in SELECTORS:
                scope[item.row.name] = item.plain_value(parent._env.order)
            if isinstance(item, Attr) and item.row.name + PRESENT in SELECTORS:
                scope[item.row.name + PRESENT] = True
        for item in value:
            adopt(item, parent, scope)
        return b"".join(bytes(item) for item in value)
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    if value is None:
        return b""
    return kind.encode(value, parent._env.order)


def adopt(child: Any, parent: Layer, scope: Mapping[str, Any]) -> None:
    """A packet put into another one takes over the other one's byte order, and what its own payload depends on."""
    if isinstance(child, Packet):
        child.parent = parent
    if isinstance(child, Layer):
        object.__setattr__(child, "_env", parent._env)
        object.__setattr__(child, "_scope", scope)


class KindField(Field[Any, Any]):
    """A kind as a Scapy field."""

    __slots__ = ["kind"]

    def __init__(self, name: str, kind: Kind, default: Any = ...) -> None:
        self.kind = kind
        super().__init__(name, default_value(kind) if default is ... else default, getattr(kind, "letter", "B"))

    def any2i(self, pkt: Any, x: Any) -> Any:
        if x is None or isinstance(x, RandNum):
            return x
        try:
            return self.kind.accept(x)
        except FieldError:
            for target in (target for cases in self.kind.bindings.values() for target in cases.values()):
                with suppress(FieldError):
                    return target.accept(x)
            raise

    def addfield(self, pkt: Any, s: bytes, val: Any) -> bytes:
        kind = self.kind.resolve(pkt._scope)
        if val is None and kind.size:
            return s + bytes(kind.size)
        if val is None and kind.shape == "fields":
            return s + bytes(kind.message())  # type: ignore[attr-defined]
        return s + build(kind, val, pkt)

    def getfield(self, pkt: Any, s: bytes) -> tuple[bytes, Any]:
        size = self.kind.extent({**pkt._scope, **pkt.fields}, s, 0, len(s))
        return s[size:], pkt._take(self.name, self.kind, s[:size])

    def i2repr(self, pkt: Any, x: Any) -> str:
        if isinstance(x, (list, Packet)) or x is None:
            return repr(x)
        return self.kind.shown(x)


class PluralField(KindField):
    """A field whose value is a list: Scapy must not take it for a set of alternatives."""

    islist = 1


class PacketsField(PluralField):
    """A field whose value is a packet or a list of packets."""

    holds_packets = 1


def field_of(name: str, kind: Kind, default: Any = ...) -> KindField:
    """The Scapy field of a kind."""
    field = PacketsField if kind.shape != "leaf" else PluralField if kind.plural else KindField
    return field(name, kind, default)


def default_value(kind: Kind) -> Any:
    """What a field holds when nothing was said."""
    if kind.shape in ("attrs", "list"):
        return []
    if kind.shape == "fields":
        return None
    return 0 if getattr(kind, "letter", "") else None


class LengthField(KindField):
    """A length or type that is worked out unless it was set; see `Attr` and `nlmsghdr`."""

    def addfield(self, pkt: Any, s: bytes, val: Any) -> bytes:
        return s + self.kind.encode(val or 0, pkt._env.order)


class Attr(Layer):
    """One attribute: length, type, value. Length, type and the padding behind it (`pad`) are worked out unless set."""

    __slots__ = ["pad"]
    row: ClassVar[Kind]
    header: ClassVar[Header]

    def __init__(self, _pkt: bytes = b"", *args: Any, **fields: Any) -> None:
        object.__setattr__(self, "pad", fields.pop("pad", None))
        super().__init__(_pkt, *args, **fields)

    def pre_dissect(self, s: bytes) -> bytes:
        self._depth += 1
        return s

    def _carry(self, other: Any) -> Any:
        object.__setattr__(other, "pad", self.pad)
        return super()._carry(other)

    def do_dissect(self, s: bytes) -> bytes:
        header = self.header
        items, _ = split(s, 0, len(s), self._env.order, header)
        if not items:
            self.fields["value"] = s
            self._odd["value"] = (s, s)
            self._missing = ("nla_len", "nla_type")
            return b""
        kind, start, end, following = items[0]
        self.fields["value"] = self._take("value", self.row, s[start:end])
        if kind != self.computed_type():
            self.fields["nla_type"] = kind
        if s[end:following] != bytes(-end % header.align):
            self.pad = s[end:following]
        self.explicit = 1
        return s[following:]

    def _take(self, name: str, kind: Kind, raw: bytes) -> Any:
        return super()._take(name, kind.resolve(self._scope), raw)

    def computed_type(self) -> int:
        """The number of the row, with the nested flag where the value is attributes."""
        number = self.row.number or 0
        nested = self.row.shape == "attrs" and self.header.mask != 0xFF and isinstance(self.getfieldval("value"), list)
        return number | NLA_F_NESTED if nested and self.header.codes == "HH" else number

    def payload_bytes(self) -> bytes:
        """The value as bytes."""
        value = self.getfieldval("value")
        odd = self._odd.get("value")
        if odd is not None and odd[0] is value:
            return odd[1]
        kind = self.row.resolve(self._scope)
        return build(kind, value, self)

    def plain_value(self, order: str) -> Any:
        """The value as the rows that depend on it see it."""
        raw = self.payload_bytes()
        return self.row.decoder(order)(raw, 0, len(raw)) if self.row.fits(len(raw)) else None

    def self_build(self) -> bytes:
        body = self.payload_bytes()
        if self._missing:
            return body
        header = self.header
        length = self.fields.get("nla_len")
        if length is None:
            length = len(body) + (header.size if header.whole else 0)
        kind = self.fields.get("nla_type")
        if kind is None:
            kind = self.computed_type()
        order = self._env.order
        first, second = (kind, length) if header.type_first else (length, kind)
        pad = bytes(-(header.size + len(body)) % header.align) if self.pad is None else self.pad
        return header.pack(order, first, second) + body + pad

    def _computed(self, name: str) -> Any:
        if name == "nla_len":
            return len(self.payload_bytes()) + (self.header.size if self.header.whole else 0)
        return self.computed_type() if name == "nla_type" else None

    def extract_padding(self, s: bytes) -> tuple[bytes, bytes | None]:
        return s, None

    @property
    def shown(self) -> str:
        """The value for people."""
        return self.row.resolve(self._scope).shown(self.value)

    def mysummary(self) -> str:
        return f"{self.row.name}={self.shown}"

    def command(self, json: bool = False) -> Any:
        given = dict(self._given())
        if json or "value" not in given:
            return super().command(json)
        value = given.pop("value")
        first = "value=" if isinstance(value, bytes) else ""
        if self.pad is not None:
            given["pad"] = self.pad
        rest = "".join(f", {name}={item!r}" for name, item in given.items())
        return f"{self._expression_name()}({first}{expression(value)}{rest})"

    def _expression_name(self) -> str:
        owner = self.row.set
        key = next(key for key, known in vars(owner).items() if known is self.row)
        return f"{owner.__name__ if owner else ''}.{key}"


def _has_name(item: Layer) -> bool:
    """Whether Python has a name for it: not so for array elements, foreign TLVs, unknown numbers and short structs."""
    if not isinstance(item, Attr):
        return not item._missing
    return item.row.set is not None and any(known is item.row for known in vars(item.row.set).values())


def attr_class(row: Kind) -> type[Attr]:
    """The Scapy class of a row. Its name begins with an underscore while it is made: that keeps it out of
    `conf.layers`."""
    from .scalars import U16

    header = row.set.header if row.set is not None else Header()
    made = type(
        f"_{row.name}",
        (Attr,),
        {
            "name": row.name,
            "row": row,
            "header": header,
            "fields_desc": [
                LengthField("nla_len", U16(None).named("nla_len"), None),
                LengthField("nla_type", U16(None).named("nla_type"), None),
                field_of("value", row, None if row.shape == "leaf" and row.size is None else ...),
            ],
        },
    )
    made.__name__ = made.__qualname__ = row.name
    return made
