"""Scapy packets over kinds: the base class of messages and attributes.

Scapy's own cache of dissected bytes looks one level down only, so it is not used: a packet always builds itself from
its values. Two things that the values don't have are kept with them: the bytes of a field whose value does not encode
to those on the wire (`odd`), and the fields that a short struct lacks (`missing`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from scapy.packet import Packet

from ..attr_set import TableVersion
from ..containers import Structs
from ..context import Env
from ..kind import SELECTORS, Kind
from ..selectors import fixed_prefix, header_scope
from .expression import goes_without_saying, to_source
from .fields import LengthField
from .lazy import LazyAttrList
from .payload import dissect_value

NATIVE = Env("<" if sys.byteorder == "little" else ">")


class Layer(Packet):
    """A Scapy packet whose fields are kinds.

    _env     state of the whole message: byte order, protocol, direction, context
    _scope   selector values of enclosing fields and rows
    _odd     field name -> (value, bytes): the wire's own bytes, as long as the value is unchanged
    _missing names of fields that lie beyond the end of a short struct; a constructor takes their number
    _depth   number of attributes around this packet
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
        given = fields.pop("_scope", None)
        put(self, "_scope", scope if given is None else given)
        put(self, "_depth", depth)
        put(self, "_odd", {})
        short = fields.pop("_missing", 0)
        put(self, "_missing", tuple(field.name for field in type(self).fields_desc[-short:]) if short else ())
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
        codec, spans = fixed_prefix(type(self), order, TableVersion.version)
        first, at, end = 0, 0, len(s)
        if codec.size <= end:
            first, at = len(spans), codec.size
            for field, value in zip(self.fields_desc, codec.unpack_from(s), strict=False):
                self.fields[field.name] = value
        values = {**self._scope, **self.fields}
        for index, field in enumerate(self.fields_desc[first:], first):
            kind = field.kind
            size = kind.extent(values, s, at, end, order)
            if at + size > end:
                self._missing = tuple(later.name for later in self.fields_desc[index:])
                break
            values[kind.name] = self.fields[field.name] = self._take(field.name, kind, s[at : at + size])
            at += size
        self.explicit = 1
        return s[at:]

    def _take(self, name: str, kind: Kind, raw: bytes) -> Any:
        """Return the value of a field from exactly its bytes; keep these if the value does not encode to them."""
        value = dissect_value(kind, raw, self)
        kind = kind.resolve(self._scope)
        longer = kind.size is not None and len(raw) > kind.size
        if kind.shape == "leaf" and (longer or not kind.exact) and not isinstance(value, bytes):
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
        """Return the value of a computed field that is not set; None for other fields.

        Here that is the length with which a record begins.
        """
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

    def _children(self, wanted: Any = None) -> Iterator[Packet]:
        """Yield the packets in fields, in order; of undissected attributes those in which `wanted` may be found."""
        for field in self.fields_desc:
            value = self.fields.get(field.name, self.default_fields.get(field.name))
            if isinstance(value, Packet):
                yield value
            elif isinstance(value, list):
                items = value.candidates(wanted) if isinstance(value, LazyAttrList) else value
                yield from (item for item in items if isinstance(item, Packet))

    def haslayer(self, cls: Any, _subclass: bool | None = None) -> int:
        return self.getlayer(cls, _subclass=_subclass) is not None

    def getlayer(
        self, cls: Any, nb: int = 1, _track: list[int] | None = None, _subclass: bool | None = None, **flt: Any
    ) -> Any:
        """Return a layer as Scapy does; `cls` may also be a row of an attribute set."""
        if isinstance(cls, Kind):
            cls = cls.layer
        if isinstance(cls, int):
            return super().getlayer(cls, nb, _track, _subclass, **flt)
        wanted, _, field = cls.partition(".") if isinstance(cls, str) else (cls, "", "")
        if self._matches(wanted, _subclass) and all(self.getfieldval(key) == value for key, value in flt.items()):
            if nb == 1:
                return self.getfieldval(field) if field else self
            nb -= 1
        for child in self._children(None if _subclass else wanted):
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

    def show2(self, dump: bool = False, indent: int = 3, lvl: str = "", label_lvl: str = "") -> Any:
        """Show the packet after it was built and dissected again, with the same state around it."""
        return self._again().show(dump, indent, lvl, label_lvl)

    def _again(self) -> Layer:
        return type(self)(bytes(self), _env=self._env, _scope=self._scope)

    def command(self, json: bool = False) -> Any:
        """Return a Python expression that builds the same bytes, in names of `nldissect.all`; defaults are left out."""
        if json:
            return super().command(json)  # type: ignore[call-arg]
        return self._source("" if self._env.order == NATIVE.order else f"_env=Env({self._env.order!r})")

    def _source(self, first: str = "") -> str:
        """Return the expression; the argument `first` comes before the fields."""
        arguments = ", ".join([*filter(None, [first]), *self._arguments()])
        text = f"{self._expression_name()}({arguments})"
        return text + "/" + expression(self.payload) if self.payload else text

    def _arguments(self) -> Iterator[str]:
        yield from (f"{name}={expression(value)}" for name, value in self._given())
        if self._missing:
            yield f"_missing={len(self._missing)}"

    def _given(self) -> Iterator[tuple[str, Any]]:
        """Yield the fields whose values are not their defaults, with the value that a constructor takes."""
        for field in self.fields_desc:
            value = self.fields.get(field.name)
            if value is None:
                continue
            odd = self._odd.get(field.name)
            if odd is not None and odd[0] is value:
                yield field.name, odd[1]
            elif self._must_say(field.name) or not goes_without_saying(field, value):
                yield field.name, to_source(field, self, value)

    def _must_say(self, name: str) -> bool:
        """Return whether the expression has a field even if it has its default."""
        return False

    def _expression_name(self) -> str:
        return type(self).__name__

    @classmethod
    def wire_size(cls) -> int | None:
        """Return the bytes of the struct, or None where its length varies."""
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
    """Return the Python source of a field's value."""
    if isinstance(value, Layer) and not _has_name(value):
        return f"Raw(load={bytes(value)!r})"
    if isinstance(value, Layer):
        return value._source()
    if isinstance(value, Packet):
        return str(value.command())
    if isinstance(value, list):
        return "[" + ", ".join(map(expression, value)) + "]"
    return repr(value)


def _has_name(item: Layer) -> bool:
    """Return whether Python has a name for a packet's class: not so for foreign TLVs and unknown numbers."""
    row = getattr(type(item), "row", None)
    if row is None:
        return _importable(type(item)) or item._expression_name() != type(item).__name__
    return name_of_row(row) is not None


def name_of_row(row: Kind) -> str | None:
    """Return the Python name of a row: `IFLA.MTU`, `CTRL_ATTR.OPS[1]`; None if it has none."""
    if row.set is not None and row.set.owner is not None:
        name = name_of_row(row.set.owner)
        return f"{name}[{row.number}]" if name is not None else None
    if row.set is None or not _importable(row.set):
        return None
    key = next((key for key, known in vars(row.set).items() if known is row), None)
    return f"{row.set.__name__}.{key}" if key is not None else None


def _importable(made: type) -> bool:
    """Return whether the class is a name of its module: not so for classes made from a YNL specification."""
    return vars(sys.modules.get(made.__module__, sys)).get(made.__name__) is made
