"""Kinds: what the bytes of one attribute or struct field mean.

A kind holds data only. Rows of an attribute set are kinds with a number; fields of a C struct are kinds with a name
and, where C fixes it, a size. Leaf kinds decode bytes into one plain value and encode it (`numbers.py`, `text.py`,
`addresses.py`, `opaque.py`); `containers.py` has kinds that hold other kinds. Scapy packets and walk each derive their
own readers from this data.

Values: int, str, bytes, lists of these. A value of type bytes in a kind that isn't bytes by nature means "does not
decode": the bytes are kept unchanged.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, ClassVar, Self

from nldissect.errors import TableError

if TYPE_CHECKING:
    from .attr_set import AttrSet
    from .composers import Composer
    from .packets.attribute import Attr

Decode = Callable[[bytes, int, int], Any]
Scope = Mapping[str, Any]

SELECTORS: set[str] = set()
"""Names of header fields and rows on which some payload depends; readers put only these into a scope."""


def c_name(name: str) -> str:
    """Return a field's name in C: Python keywords and names that Scapy reserves have a trailing underscore here."""
    return name[:-1] if name.endswith("_") and not name.startswith("_") else name


class Kind:
    """One row of an attribute set, or one field of a struct.

    name         full name (`IFLA_MTU`), or the field's C name
    number       attribute number, None for a struct field
    set          the set that a row belongs to
    size         exact length in bytes, None for any
    count        name of the field that holds the number of elements, of `unit` bytes each
    many         the attribute may repeat: always a list in JSON
    also         further names of the same number, without prefix
    deprecated   an expert note reports the attribute
    bindings     names of selectors -> their values -> kind of the payload, most selectors first
    composer     the function that prints the attribute in summaries, see composers.py

    Class attributes:

    shape    form of the value: "leaf", "attrs", "fields", "list" or "message"
    secret   key material: masked
    opaque   bytes that are opaque by nature
    hidden   padding
    plural   the value is a list
    exact    a value that was decoded always encodes to the same bytes
    """

    shape: ClassVar[str] = "leaf"
    secret: ClassVar[bool] = False
    opaque: ClassVar[bool] = False
    hidden: ClassVar[bool] = False
    plural: ClassVar[bool] = False
    exact: ClassVar[bool] = False
    code: ClassVar[str] = ""
    composer: Composer | None = None

    def __init__(
        self,
        number: int | None = None,
        *,
        size: int | None = None,
        count: str | None = None,
        many: bool = False,
        also: str | tuple[str, ...] = (),
        deprecated: bool = False,
    ) -> None:
        self.name = ""
        self.number = number
        self.set: type[AttrSet] | None = None
        self.size = size
        self.count = count
        self.many = many
        self.also = (also,) if isinstance(also, str) else also
        self.deprecated = deprecated
        self.selectors: tuple[str, ...] = ()
        self.bindings: dict[tuple[str, ...], dict[tuple[Any, ...], Kind]] = {}
        self._layer: type[Attr] | None = None

    @classmethod
    def of(cls, name: str, *args: Any, **options: Any) -> Any:
        """Return the kind as a KindField of a struct or header; arguments are those of the row without its number.

        TableError if Python can't have `name` as a keyword argument.
        """
        from .packets.fields import field_of

        if not name.isidentifier() or iskeyword(name):
            raise TableError(f'no field can be called "{name}" in Python; write "{name}_", which is shown without _')
        kind = cls(None, *args, **options)
        kind.call(c_name(name))
        return field_of(name, kind)

    def call(self, name: str, owner: type[AttrSet] | None = None) -> None:
        """Set the name and set of the kind, and of the kinds bound to it."""
        self.name, self.set = name, owner
        for target in self.bound():
            target.call(name, owner)

    def bound(self) -> Iterator[Kind]:
        """Yield every kind that bindings give the payload, case by case."""
        for cases in self.bindings.values():
            yield from cases.values()

    def named(self, name: str, number: int | None = None) -> Self:
        """Return a copy under another name and number; it shares the bindings, but not the Scapy class."""
        other = copy.copy(self)
        other.name, other.number, other._layer = name, number, None
        return other

    def has_name(self, name: str) -> bool:
        """Return whether `name` is one of the kind's names."""
        return name == self.name or any(name == other or name.endswith("_" + other) for other in self.also)

    def fits(self, length: int) -> bool:
        """Return whether a payload of `length` bytes can be this kind."""
        return self.size is None or length == self.size

    def extent(self, values: Mapping[str, Any], data: bytes, at: int, end: int, order: str) -> int:
        """Return the number of bytes that this field of a struct takes from offset `at` on.

        values   the fields before it by name, and selector values
        end      end of the struct
        order    byte order of the message as a struct code
        """
        if self.size is not None:
            return self.size
        if self.count is not None:
            return min(int(values.get(self.count) or 0) * self.unit, end - at)
        return end - at

    @property
    def unit(self) -> int:
        """Bytes for one element (see `count`)."""
        return 1

    def resolve(self, scope: Scope) -> Kind:
        """Return the kind of the payload where the selectors have the values in `scope` (see `bind_attrs`)."""
        for names, targets in self.bindings.items():
            target = targets.get(tuple(scope.get(name) for name in names))
            if target is not None:
                return target
        return self

    def decoder(self, order: str) -> Decode:
        """Return a function (data, start, end) -> value for byte order "<" or ">"; called only where `fits` holds.

        TableError if the kind has no plain value.
        """
        raise TableError(f"{type(self).__name__} has no decoder")

    def encode(self, value: Any, order: str) -> bytes:
        """Return the bytes of a value; FieldError if it does not fit, TableError if the kind has no plain value."""
        raise TableError(f"{type(self).__name__} has no encoder")

    def accept(self, value: Any) -> Any:
        """Return the value for one as people write it (a name, an address)."""
        return value

    def shown(self, value: Any) -> str:
        """Return the value as text for people."""
        return value.hex() if isinstance(value, bytes) else str(value)

    def json(self, value: Any) -> Any:
        """Return the value as JSON has it."""
        return {"undecoded": value.hex()} if isinstance(value, bytes) else value

    def __call__(self, given: Any = None, /, **fields: Any) -> Attr:
        """Return an attribute as a Scapy packet with the value `given`; bytes are dissected as a whole attribute."""
        if isinstance(given, (bytes, bytearray)):
            return self.layer(bytes(given), **fields)
        return self.layer(**({} if given is None else {"value": given}), **fields)

    @property
    def layer(self) -> type[Attr]:
        """The Scapy class of this row, made on first use."""
        if self._layer is None:
            from .packets.attribute import attr_class

            self._layer = attr_class(self)
        return self._layer

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}{'' if self.number is None else f' {self.number}'}>"


class Undecoded(Kind):
    """Bytes that no row describes; replaces a row that does not fit, under the row's name."""

    def __init__(self, name: str, number: int | None = None) -> None:
        super().__init__(number)
        self.name = name

    def decoder(self, order: str) -> Decode:
        return lambda data, start, end: data[start:end]

    def encode(self, value: Any, order: str) -> bytes:
        return bytes(value)
