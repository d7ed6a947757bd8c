"""Kinds that hold other kinds: nests of attributes, C structs, records, foreign TLVs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from struct import Struct as Codec
from typing import TYPE_CHECKING, Any, ClassVar

from nldissect.errors import TableError

from .attr_set import SETS, AttrSet, TlvHeader, set_named
from .kind import Kind

if TYPE_CHECKING:
    from .packets.message import Message


class Nest(Kind):
    """Attributes inside an attribute, or after a header.

    target   the attribute set, its class name (it may be declared later), "self" for the row's own set; None: only
             bindings
    home     generic family whose tables have the set, where it is another family's: loaded when such an attribute is
             read
    """

    shape: ClassVar[str] = "attrs"

    def __init__(
        self,
        number: int | None = None,
        target: type[AttrSet] | str | None = None,
        *,
        home: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(number, **options)
        if not (
            target is None or isinstance(target, str) or (isinstance(target, type) and issubclass(target, AttrSet))
        ):
            raise TableError(f"Nest: {target!r} is no set of attributes; Struct holds a struct")
        self.target = target
        self.home = home

    @property
    def known(self) -> bool:
        """True if the row has a set of its own, False if its content is known through bindings alone."""
        return self.target is not None

    @property
    def loaded(self) -> bool:
        """True if the row's own set needs no other family's tables to be loaded; searches for names skip the others."""
        return self.known and (self.home is None or self.target in SETS)

    @property
    def inner(self) -> type[AttrSet]:
        """The set of the attributes inside; TableError if there is none or it is not declared."""
        if self.target == "self" and self.set is not None:
            return self.set
        if isinstance(self.target, str):
            try:
                return set_named(self.target, self.home)
            except TableError as error:
                raise TableError(f"{self.name}: {error}") from None
        if self.target is None:
            raise TableError(f"{self.name} has no set of its own")
        return self.target

    def shown(self, value: Any) -> str:
        return value.hex() if isinstance(value, bytes) else f"{len(value)} attributes"


def Attrs(name: str, target: type[AttrSet] | str) -> Any:
    """Return the field of the attributes that follow a header, to the end of the message or struct."""
    return Nest.of(name, target)


class Nests(Nest):
    """Attributes whose type is only an index (or any number the sender likes); all have the same kind, `element`."""

    shape: ClassVar[str] = "attrs"

    def __init__(self, number: int | None, element: Any, **options: Any) -> None:
        super().__init__(number, None, **options)
        self.element = element

    @property
    def known(self) -> bool:
        return True

    @cached_property
    def _elements(self) -> type[AttrSet]:
        return _element_set(self, kind_of(self.element, self.set))

    def __getitem__(self, number: int) -> Kind:
        """Return the row of one element: `CTRL_ATTR.OPS[1]`."""
        row = self.inner.row(number)
        assert row is not None
        return row

    __iter__ = None  # every number is an element: iteration would not end

    @property
    def inner(self) -> type[AttrSet]:
        return self._elements

    def named(self, name: str, number: int | None = None) -> Any:
        other = super().named(name, number)
        other.__dict__.pop("_elements", None)
        return other


def _element_set(owner: Kind, element: Kind) -> type[AttrSet]:
    """Return a set in which every number has the same row."""

    rows: dict[int, Kind] = {}
    name = owner.name

    def row(number: int) -> Kind:
        found = rows.get(number)
        if found is None:
            found = rows[number] = element.named(f"{name}[{number}]", number)
            found.set = inner
        return found

    inner: type[AttrSet] = type(f"_{name}_elements", (AttrSet,), {"row": staticmethod(row), "indexed": True})
    inner.owner = owner
    return inner


class Tlv(Nest):
    """A foreign TLV: attributes whose header differs from struct nlattr.

    codes        struct codes of type and length in wire order
    whole        the length counts the header
    align        attributes are padded to a multiple of `align` bytes
    type_first   the type comes before the length
    order        byte order where it is not the host's, "<" or ">"

    The set inside takes over this header: no set is both a TLV and a nest.
    """

    def __init__(
        self,
        number: int | None,
        codes: str,
        target: type[AttrSet] | str,
        *,
        whole: bool = False,
        align: int = 1,
        type_first: bool = True,
        order: str = "",
        **options: Any,
    ) -> None:
        super().__init__(number, target, **options)
        mask = (1 << 8 * Codec("<" + codes[0]).size) - 1
        self.tlv = TlvHeader(codes, whole, align, mask, type_first, Codec("<" + codes).size, order)
        if isinstance(target, type):
            target.header = self.tlv

    @property
    def inner(self) -> type[AttrSet]:
        rows = super().inner
        rows.header = self.tlv
        return rows


class Struct(Kind):
    """A C struct, or a header with attributes after it; on the wire it may be shorter or longer than its fields."""

    shape: ClassVar[str] = "fields"

    def __init__(self, number: int | None, message: type[Message], **options: Any) -> None:
        super().__init__(number, **options)
        if not hasattr(message, "fields_desc"):
            raise TableError(
                f"{type(self).__name__}: {message!r} is no struct, which is a Message class; Nest holds a set"
            )
        self.message = message

    def extent(self, values: Mapping[str, Any], data: bytes, at: int, end: int, order: str) -> int:
        size = self.message.wire_size()
        return end - at if size is None else size

    def shown(self, value: Any) -> str:
        return value.hex() if isinstance(value, bytes) else ""


class Structs(Struct):
    """Structs of one fixed size, one after another; in a struct, `length` or `count` limits their number, else the end.

    length   number of structs
    count    name of the field that holds the number of structs
    """

    shape: ClassVar[str] = "list"

    def __init__(
        self, number: int | None, message: type[Message], *, length: int | None = None, **options: Any
    ) -> None:
        super().__init__(number, message, **options)
        self.length = length

    @property
    def unit(self) -> int:
        size = self.message.wire_size()
        if size is None:
            raise TableError(f"{self.message.__name__} has no fixed size, it can't stand in an array")
        return size

    def extent(self, values: Mapping[str, Any], data: bytes, at: int, end: int, order: str) -> int:
        if self.length is not None:
            return self.length * self.unit
        return Kind.extent(self, values, data, at, end, order)

    def fits(self, length: int) -> bool:
        return length % self.unit == 0

    def pieces(self, data: bytes, start: int, end: int, order: str) -> tuple[list[tuple[int, int, int]], int]:
        """Return (start, end, end with padding) of each whole element, and the offset after the last."""
        step = self.unit
        stop = start + (end - start) // step * step
        return [(at, at + step, at + step) for at in range(start, stop, step)], stop

    def shown(self, value: Any) -> str:
        return value.hex() if isinstance(value, bytes) else f"{len(value)} entries"


class Records(Structs):
    """Structs that begin with their own length, each aligned to 4 (struct rtnexthop)."""

    def __init__(self, number: int | None, message: type[Message], **options: Any) -> None:
        from .packets.fields import LengthField

        super().__init__(number, message, **options)
        first = message.fields_desc[0]
        message.fields_desc[0] = LengthField(first.name, first.kind, None)

    def fits(self, length: int) -> bool:
        return True

    def extent(self, values: Mapping[str, Any], data: bytes, at: int, end: int, order: str) -> int:
        return end - at

    def pieces(self, data: bytes, start: int, end: int, order: str) -> tuple[list[tuple[int, int, int]], int]:
        first = self.message.fields_desc[0].kind
        decode = first.decoder(order)
        size = first.size
        pieces = []
        at = start
        while at + size <= end:
            length = decode(data, at, at + size)
            if length < size or at + length > end:
                break
            following = min(at + (length + 3 & ~3), end)
            pieces.append((at, at + length, following))
            at = following
        return pieces, at


class Varying(Structs):
    """Structs of varying size, one after another: the fields of each determine its size (struct geneve_opt)."""

    def fits(self, length: int) -> bool:
        return True

    def pieces(self, data: bytes, start: int, end: int, order: str) -> tuple[list[tuple[int, int, int]], int]:
        fields = [one.kind for one in self.message.fields_desc]
        pieces: list[tuple[int, int, int]] = []
        at = start
        while at < end:
            values: dict[str, Any] = {}
            stop = at
            for kind in fields:
                size = kind.extent(values, data, stop, end, order)
                if stop + size > end:
                    return pieces, at
                if kind.shape == "leaf" and kind.fits(size):
                    values[kind.name] = kind.decoder(order)(data, stop, stop + size)
                stop += size
            if stop == at:
                break
            pieces.append((at, stop, stop))
            at = stop
        return pieces, at


def kind_of(target: Any, own: type[AttrSet] | None = None) -> Kind:
    """Return the kind that a table means by a set, its name, a message class, a kind or a kind's class.

    own   the set that "self" means

    TableError for anything else.
    """
    if isinstance(target, Kind):
        return target
    if isinstance(target, str):
        return Nest(None, own if target == "self" else target)
    if isinstance(target, type) and issubclass(target, AttrSet):
        return Nest(None, target)
    if isinstance(target, type) and issubclass(target, Kind):
        return target()
    if hasattr(target, "fields_desc"):
        return Struct(None, target)
    raise TableError(f"{target!r} is neither a set, a message nor a kind")


_layer_kinds: dict[type[Message], Struct] = {}


def layer_kind(message: type[Message]) -> Struct:
    """Return the kind of a message's own layer, named after its class; the same object each time."""
    kind = _layer_kinds.get(message)
    if kind is None:
        kind = _layer_kinds[message] = Struct(None, message).named(message.__name__)
    return kind
