"""Kinds of numbers: fixed and variable width, either byte order, named values, bit fields, arrays."""

from __future__ import annotations

from collections.abc import Container, Mapping
from struct import Struct as Codec
from struct import error as StructError
from typing import Any, ClassVar

from nldissect.errors import FieldError, TableError

from .attr_set import NLATTR
from .enums import Enum, Flags, flag_list
from .kind import Decode, Kind
from .units import measured


class Scalar(Kind):
    """An integer of fixed width.

    names     Enum or Flags with the names of its values or bits
    refers    sort of name that a context has for the number: "interface", ...
    base      10 or 16, for printing
    measure   unit or sort of quantity, see units.py
    silent    values that a summary does not print
    unsure    texts for people of values whose meaning depends on the kernel's version; programs get the number
    """

    exact = True
    letter: ClassVar[str] = "I"
    fixed_order: ClassVar[str | None] = None
    silent: Container[int] = ()

    def __init__(
        self,
        number: int | None = None,
        names: type[Enum] | None = None,
        *,
        refers: str | None = None,
        base: int = 10,
        measure: str | None = None,
        silent: Container[int] | None = None,
        unsure: Mapping[int, str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(number, **{"size": Codec("<" + self.letter).size, **options})
        if names is not None and not (isinstance(names, type) and issubclass(names, Enum)):
            raise TableError(f"{type(self).__name__}: names of values are an Enum or Flags class, {names!r} is none")
        self.names = names
        self.refers = refers
        self.base = base
        self.measure = measure
        self.unsure = unsure or {}
        if silent is not None:
            self.silent = silent

    @property
    def may_be_longer(self) -> bool:
        """True if more bytes may follow the number: in a netlink attribute.

        A kernel that does not refuse it logs it and reads the first ones (validate_nla in lib/nlattr.c, nla_get_u32 in
        include/net/netlink.h).
        """
        return self.size is not None and self.set is not None and self.set.header is NLATTR

    def fits(self, length: int) -> bool:
        return length == self.size or (self.may_be_longer and length > (self.size or 0))

    def codec(self, order: str) -> Codec:
        return Codec((self.fixed_order or order) + self.letter)

    def decoder(self, order: str) -> Decode:
        unpack = self.codec(order).unpack_from
        return lambda data, start, end: unpack(data, start)[0]

    def encode(self, value: Any, order: str) -> bytes:
        return _pack(self, self.codec(order), self.accept(value))

    def accept(self, value: Any) -> Any:
        if isinstance(value, str):
            return named_number(self.names, value)
        if isinstance(value, (list, tuple, set)) and self.names is not None:
            return sum({self.accept(item) for item in value})
        return value

    def shown(self, value: Any) -> str:
        if isinstance(value, bytes):
            return value.hex()
        if self.names is not None and issubclass(self.names, Flags):
            return "|".join(flag_list(self.names, value)) or "0"
        name = self.names.names.get(value) if self.names is not None else None
        if name is None and self.measure is not None:
            return measured(value, self.measure)
        if value in self.unsure:
            return self.unsure[value]
        return name or (hex(value) if self.base == 16 else str(value))

    def json(self, value: Any) -> Any:
        if self.names is None or isinstance(value, bytes):
            return super().json(value)
        if issubclass(self.names, Flags):
            return flag_list(self.names, value)
        return self.names.names.get(value, value)


def _pack(kind: Kind, codec: Codec, *values: Any) -> bytes:
    try:
        return codec.pack(*values)
    except (StructError, TypeError) as error:
        raise FieldError(f"{kind.name}: {', '.join(map(repr, values))} does not fit ({error})") from None


def named_number(names: type[Enum] | None, text: str) -> int:
    """Return the number of a name, of names joined by "|", or of digits; FieldError otherwise."""
    try:
        return int(text, 0)
    except ValueError:
        pass
    if names is None:
        raise FieldError(f"{text!r} is no number")
    if issubclass(names, Flags):
        return sum({int(part, 0) if part[:1].isdigit() else names.number(part) for part in text.split("|")})
    return names.number(text)


class U8(Scalar):
    """An unsigned number of 1 byte."""

    letter = "B"


class U16(Scalar):
    """An unsigned number of 2 bytes, host order."""

    letter = "H"


class U32(Scalar):
    """An unsigned number of 4 bytes, host order."""

    letter = "I"


class Handle(U32):
    """A traffic control handle: two halves, written as tc(8) does, major:minor in hexadecimal.

    words   texts of values that have no constant
    """

    words: ClassVar[dict[int, str]] = {}

    def shown(self, value: Any) -> str:
        if value in self.words:
            return self.words[value]
        if isinstance(value, bytes) or (self.names is not None and value in self.names.names):
            return super().shown(value)
        major, minor = divmod(value, 1 << 16)
        return f"{major:x}:{minor:x}" if minor else f"{major:x}:"

    def accept(self, value: Any) -> Any:
        if isinstance(value, str) and ":" in value:
            major, _, minor = value.partition(":")
            return int(major or "0", 16) << 16 | int(minor or "0", 16)
        return super().accept(value)


class BeHandle(Handle):
    """A traffic control handle in network order."""

    fixed_order = ">"


class U64(Scalar):
    """An unsigned number of 8 bytes, host order."""

    letter = "Q"


class S8(Scalar):
    """A signed number of 1 byte."""

    letter = "b"


class S16(Scalar):
    """A signed number of 2 bytes, host order."""

    letter = "h"


class S32(Scalar):
    """A signed number of 4 bytes, host order."""

    letter = "i"


class S64(Scalar):
    """A signed number of 8 bytes, host order."""

    letter = "q"


class Be16(U16):
    """An unsigned number of 2 bytes, network order."""

    fixed_order = ">"


class Be32(U32):
    """An unsigned number of 4 bytes, network order."""

    fixed_order = ">"


class Be64(U64):
    """An unsigned number of 8 bytes, network order."""

    fixed_order = ">"


class BeS32(S32):
    """A signed number of 4 bytes, network order."""

    fixed_order = ">"


class Le16(U16):
    """An unsigned number of 2 bytes, little endian on every host."""

    fixed_order = "<"


class Le32(U32):
    """An unsigned number of 4 bytes, little endian on every host."""

    fixed_order = "<"


class Le64(U64):
    """An unsigned number of 8 bytes, little endian on every host."""

    fixed_order = "<"


class Uint(Scalar):
    """An unsigned number of 1, 2, 4 or 8 bytes, as the sender chose (NLA_UINT); encoded in 4, or in 8 if necessary."""

    exact = False
    letters: ClassVar[dict[int, str]] = {1: "B", 2: "H", 4: "I", 8: "Q"}

    def __init__(self, number: int | None = None, names: type[Enum] | None = None, **options: Any) -> None:
        super().__init__(number, names, **{"size": None, **options})

    def fits(self, length: int) -> bool:
        return length in self.letters

    def decoder(self, order: str) -> Decode:
        codecs = {size: Codec((self.fixed_order or order) + letter) for size, letter in self.letters.items()}
        return lambda data, start, end: codecs[end - start].unpack_from(data, start)[0]

    def encode(self, value: Any, order: str) -> bytes:
        number = self.accept(value)
        wide = isinstance(number, int) and not -(1 << 31) <= number < 1 << 32
        return _pack(self, Codec((self.fixed_order or order) + self.letters[8 if wide else 4]), number)


class BeUint(Uint):
    """An unsigned number of 1, 2, 4 or 8 bytes in network order."""

    fixed_order = ">"


class LeUint(Uint):
    """An unsigned number of 1, 2, 4 or 8 bytes, little endian on every host."""

    fixed_order = "<"


class Sint(Uint):
    """A signed number of 1, 2, 4 or 8 bytes, as the sender chose (NLA_SINT); encoded in 4, or in 8 if necessary."""

    letters: ClassVar[dict[int, str]] = {1: "b", 2: "h", 4: "i", 8: "q"}

    def encode(self, value: Any, order: str) -> bytes:
        number = self.accept(value)
        wide = isinstance(number, int) and not -(1 << 31) <= number < 1 << 31
        return _pack(self, Codec(order + self.letters[8 if wide else 4]), number)


class Bitfield32(Kind):
    """struct nla_bitfield32: the bits' values, and the mask of the bits that count; the value is [value, selector]."""

    plural = True
    codec = {"<": Codec("<II"), ">": Codec(">II")}

    def __init__(self, number: int | None = None, names: type[Flags] | None = None, **options: Any) -> None:
        super().__init__(number, **{"size": 8, **options})
        self.names = names

    def decoder(self, order: str) -> Decode:
        unpack = self.codec[order].unpack_from
        return lambda data, start, end: list(unpack(data, start))

    def encode(self, value: Any, order: str) -> bytes:
        if isinstance(value, bytes):
            return value
        if not isinstance(value, (list, tuple)):
            raise FieldError(f"{self.name}: {value!r} is no list of value and selector")
        return _pack(self, self.codec[order], *value)

    def shown(self, value: Any) -> str:
        if isinstance(value, bytes):
            return value.hex()
        parts = self.json(value)
        return f"value {_bits(parts['value'])} selector {_bits(parts['selector'])}"

    def json(self, value: Any) -> Any:
        if isinstance(value, bytes):
            return super().json(value)
        bits = [flag_list(self.names, part) if self.names else part for part in value]
        return {"value": bits[0], "selector": bits[1]}


def _bits(part: Any) -> str:
    return ("|".join(part) or "0") if isinstance(part, list) else hex(part)


class Array(Kind):
    """Scalars one after another; in a struct, `length` or `count` limits their number, else the end.

    length   number of elements
    count    name of the field that holds the number of elements
    """

    plural = True

    def __init__(
        self, number: int | None, element: type[Scalar] | Scalar, *, length: int | None = None, **options: Any
    ) -> None:
        self.element = element() if isinstance(element, type) else element
        step = self.element.size if isinstance(self.element, Kind) else None
        if step is None:
            raise TableError(
                f"Array: {element!r} is no number of fixed size, like U32; Structs holds structs, Texts texts"
            )
        self.step = step
        super().__init__(number, **{"size": None if length is None else length * step, **options})

    @property
    def unit(self) -> int:
        return self.step

    def fits(self, length: int) -> bool:
        return length == self.size if self.size is not None else length % self.step == 0

    def decoder(self, order: str) -> Decode:
        step = self.step
        decode = self.element.decoder(order)
        return lambda data, start, end: [decode(data, at, at + step) for at in range(start, end, step)]

    def encode(self, value: Any, order: str) -> bytes:
        if isinstance(value, bytes):
            return value
        if not isinstance(value, (list, tuple)):
            raise FieldError(f"{self.name}: {value!r} is no list of values")
        raw = b"".join(self.element.encode(item, order) for item in value)
        return raw if self.size is None else raw.ljust(self.size, b"\0")

    def shown(self, value: Any) -> str:
        return value.hex() if isinstance(value, bytes) else "[" + ", ".join(map(self.element.shown, value)) + "]"

    def json(self, value: Any) -> Any:
        return super().json(value) if isinstance(value, bytes) else [self.element.json(item) for item in value]
