"""Attributes as Scapy packets: one class a row, made on first use."""

from __future__ import annotations

from collections.abc import Iterator
from struct import error as StructError
from typing import Any, ClassVar

from nldissect.errors import FieldError
from nldissect.uapi import NLA_F_NESTED

from ..attr_set import TlvHeader, split_attrs
from ..kind import Kind
from ..numbers import U16
from .fields import LengthField, field_of
from .layer import Layer, expression, name_of_row
from .payload import build


class Attr(Layer):
    """One attribute: length, type, value. Length, type and the padding after it (`pad`) are computed unless set."""

    __slots__ = ["pad"]
    row: ClassVar[Kind]
    header: ClassVar[TlvHeader]

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
        items, _ = split_attrs(s, 0, len(s), self._env.order, header)
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
        """Return the number of the row, with the nested flag where the value is attributes."""
        number = self.row.number or 0
        value = self.getfieldval("value")
        attributes = isinstance(value, list) or hasattr(value, "row")
        nested = self.row.shape == "attrs" and self.header.mask != 0xFF and attributes
        return number | NLA_F_NESTED if nested and self.header.codes == "HH" else number

    def payload_bytes(self) -> bytes:
        """Return the value as bytes."""
        value = self.getfieldval("value")
        odd = self._odd.get("value")
        if odd is not None and odd[0] is value:
            return odd[1]
        kind = self.row.resolve(self._scope)
        return build(kind, value, self)

    def plain_value(self, order: str) -> Any:
        """Return the decoded value, as a selector for other rows; None if its bytes do not fit the row."""
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
        try:
            return header.pack(order, first, second) + body + pad
        except StructError:
            text = f"{self.row.name}: a length of {length} or a type of {kind} does not fit its header"
            raise FieldError(text) from None

    def _computed(self, name: str) -> Any:
        if name == "nla_len":
            return len(self.payload_bytes()) + (self.header.size if self.header.whole else 0)
        return self.computed_type() if name == "nla_type" else None

    def extract_padding(self, s: bytes) -> tuple[bytes, bytes | None]:
        return s, None

    @property
    def shown(self) -> str:
        """The value as text for people."""
        return self.row.resolve(self._scope).shown(self.value)

    def mysummary(self) -> str:
        return f"{self.row.name}={self.shown}"

    def _arguments(self) -> Iterator[str]:
        given = dict(self._given())
        if "value" in given:
            value = given.pop("value")
            yield f"{'value=' if isinstance(value, bytes) else ''}{expression(value)}"
        if self.pad is not None:
            given["pad"] = self.pad
        yield from (f"{name}={item!r}" for name, item in given.items())

    def _must_say(self, name: str) -> bool:
        return name == "value"

    def _expression_name(self) -> str:
        return name_of_row(self.row) or self.row.name


def attr_class(row: Kind) -> type[Attr]:
    """Return a new Scapy class for a row.

    Its name begins with an underscore while it is made: that keeps it out of `conf.layers`.
    """
    header = row.set.header if row.set is not None else TlvHeader()
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
