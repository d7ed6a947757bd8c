"""Kinds as Scapy fields."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from scapy.fields import Field
from scapy.packet import Packet
from scapy.volatile import RandNum

from nldissect.errors import FieldError

from ..kind import Kind
from .payload import build


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
            for target in self.kind.bound():
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
        size = self.kind.extent({**pkt._scope, **pkt.fields}, s, 0, len(s), pkt._env.order)
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
    """Return the Scapy field of a kind."""
    field = PacketsField if kind.shape != "leaf" else PluralField if kind.plural else KindField
    return field(name, kind, default)


def default_value(kind: Kind) -> Any:
    """Return the value of a field that was not set."""
    if kind.shape in ("attrs", "list"):
        return []
    if kind.shape == "fields":
        return None
    return 0 if getattr(kind, "letter", "") else None


class LengthField(KindField):
    """A length or type that is computed unless it was set; see `Attr` and `nlmsghdr`."""

    def addfield(self, pkt: Any, s: bytes, val: Any) -> bytes:
        return s + self.kind.encode(val or 0, pkt._env.order)
