"""Kinds: what the bytes of one attribute or struct field mean.

A kind holds data only. Rows of an attribute set are kinds with a number; fields of a C struct are kinds with a name
and, where C fixes it, a size. Leaf kinds, in this file, turn bytes into one plain value and back; `shapes.py` has those
that hold other kinds. Each reader (Scapy packets, walk) makes its own code from this data.

Values: int, str, bytes, list of those. A value of type bytes in a kind that isn't bytes by nature means "does not
decode": the bytes are kept as they came.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping
from struct import Struct as Codec
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scapy.pton_ntop import inet_ntop, inet_pton

from nldissect.errors import FieldError, TableError

from .names import Enum, Flags, flag_list

if TYPE_CHECKING:
    from .attrs import AttrSet
    from .layer import Attr, KindField

Decode = Callable[[bytes, int, int], Any]
Scope = Mapping[str, Any]

AF_INET, AF_INET6, AF_MPLS = 2, 10, 28

SELECTORS: set[str] = set()
"""Names of header fields and rows on which some payload depends; readers put only these into a scope."""


def c_name(name: str) -> str:
    """The name as C writes it: Python keywords and names Scapy keeps for itself carry a trailing underscore here."""
    return name[:-1] if name.endswith("_") and not name.startswith("_") else name


class Kind:
    """One row of an attribute set, or one field of a struct.

    name     full name (`IFLA_MTU`), or the field's C name
    number   attribute number, None for a struct field
    size     exact length in bytes, None for any
    many     the attribute may repeat: always a list in JSON
    also     further names of the same number, without prefix
    """

    shape: ClassVar[str] = "leaf"
    secret: ClassVar[bool] = False
    opaque: ClassVar[bool] = False
    hidden: ClassVar[bool] = False
    code: ClassVar[str] = ""

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
    def of(cls, name: str, *args: Any, **options: Any) -> KindField:
        """The kind as a field of a struct or header; the arguments are those of the row without its number."""
        from .layer import field_of

        kind = cls(None, *args, **options)
        kind.name = c_name(name)
        return field_of(name, kind)

    def named(self, name: str, number: int | None = None) -> Self:
        """A copy under another name and number, bindings left behind."""
        other = copy.copy(self)
        other.name, other.number, other._layer = name, number, None
        return other

    def fits(self, length: int) -> bool:
        """Whether so many bytes can be this kind."""
        return self.size is None or length == self.size

    def extent(self, values: Mapping[str, Any], data: bytes, at: int, end: int) -> int:
        """How many bytes this field of a struct takes, from `at` on; `values` holds the fields before it and the scope."""
        if self.size is not None:
            return self.size
        if self.count is not None:
            return min(int(values.get(self.count) or 0) * self.unit, end - at)
        return end - at

    @property
    def unit(self) -> int:
        """Bytes for one counted thing (see `count`)."""
        return 1

    def resolve(self, scope: Scope) -> Kind:
        """What this row holds where the selectors in scope have these values (see `bind_attrs`)."""
        for names, targets in self.bindings.items():
            target = targets.get(tuple(scope.get(name) for name in names))
            if target is not None:
                return target
        return self

    def decoder(self, order: str) -> Decode:
        """A function (data, start, end) -> value for byte order "<" or ">"; called only where `fits` holds."""
        raise TableError(f"{type(self).__name__} has no decoder")

    def encode(self, value: Any, order: str) -> bytes:
        """The bytes of a value; FieldError if it does not fit."""
        raise TableError(f"{type(self).__name__} has no encoder")

    def accept(self, value: Any) -> Any:
        """A value as people write it (a name, an address) as the value kept."""
        return value

    def shown(self, value: Any) -> str:
        """The value for people."""
        return value.hex() if isinstance(value, bytes) else str(value)

    def json(self, value: Any) -> Any:
        """The value for programs, as DESIGN's NDJSON section has it."""
        return {"undecoded": value.hex()} if isinstance(value, bytes) else value

    def __call__(self, value: Any = None, **fields: Any) -> Attr:
        """An attribute as a Scapy packet; bytes given alone are dissected."""
        if isinstance(value, (bytes, bytearray)):
            return self.layer(bytes(value), **fields)
        return self.layer(**({} if value is None else {"value": value}), **fields)

    @property
    def layer(self) -> type[Attr]:
        """The Scapy class of this row, made on first use."""
        if self._layer is None:
            from .layer import attr_class

            self._layer = attr_class(self)
        return self._layer

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}{'' if self.number is None else f' {self.number}'}>"


class Scalar(Kind):
    """An integer of fixed width; `names` says what its values or bits are called."""

    letter: ClassVar[str] = "I"
    fixed_order: ClassVar[str | None] = None

    def __init__(
        self,
        number: int | None = None,
        names: type[Enum] | None = None,
        *,
        refers: str | None = None,
        base: int = 10,
        **options: Any,
    ) -> None:
        super().__init__(number, **{"size": Codec("<" + self.letter).size, **options})
        self.names = names
        self.refers = refers
        self.base = base

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
        if self.names is None:
            return hex(value) if self.base == 16 else str(value)
        if issubclass(self.names, Flags):
            return "|".join(flag_list(self.names, value)) or "0"
        return self.names.names.get(value, str(value))

    def json(self, value: Any) -> Any:
        if self.names is None or isinstance(value, bytes):
            return super().json(value)
        if issubclass(self.names, Flags):
            return flag_list(self.names, value)
        return self.names.names.get(value, value)


def _pack(kind: Kind, codec: Codec, value: Any) -> bytes:
    try:
        return codec.pack(value)
    except Exception as error:
        raise FieldError(f"{kind.name}: {value!r} does not fit ({error})") from None


def named_number(names: type[Enum] | None, text: str) -> int:
    """A number from a name, from names joined by "|", or from digits; FieldError otherwise."""
    try:
        return int(text, 0)
    except ValueError:
        pass
    if names is None:
        raise FieldError(f"{text!r} is no number")
    if issubclass(names, Flags):
        return sum({named_number(names, part) if part[:1].isdigit() else names.number(part) for part in text.split("|")})
    return names.number(text)



class U8(Scalar):
    """Unsigned, 1 byte."""

    letter = "B"


class U16(Scalar):
    """Unsigned, 2 bytes, host order."""

    letter = "H"


class U32(Scalar):
    """Unsigned, 4 bytes, host order."""

    letter = "I"


class U64(Scalar):
    """Unsigned, 8 bytes, host order."""

    letter = "Q"


class S8(Scalar):
    """Signed, 1 byte."""

    letter = "b"


class S16(Scalar):
    """Signed, 2 bytes, host order."""

    letter = "h"


class S32(Scalar):
    """Signed, 4 bytes, host order."""

    letter = "i"


class S64(Scalar):
    """Signed, 8 bytes, host order."""

    letter = "q"


class Be16(U16):
    """Unsigned, 2 bytes, network order."""

    fixed_order = ">"


class Be32(U32):
    """Unsigned, 4 bytes, network order."""

    fixed_order = ">"


class Be64(U64):
    """Unsigned, 8 bytes, network order."""

    fixed_order = ">"


class Le16(U16):
    """Unsigned, 2 bytes, little endian on every host."""

    fixed_order = "<"


class Le32(U32):
    """Unsigned, 4 bytes, little endian on every host."""

    fixed_order = "<"


class Le64(U64):
    """Unsigned, 8 bytes, little endian on every host."""

    fixed_order = "<"


class Uint(Scalar):
    """Unsigned of 1, 2, 4 or 8 bytes, as the sender chose (NLA_UINT); written in 4, or 8 if it must."""

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
    """Unsigned of 1, 2, 4 or 8 bytes in network order."""

    fixed_order = ">"


class Sint(Uint):
    """Signed of 1, 2, 4 or 8 bytes, as the sender chose (NLA_SINT)."""

    letters: ClassVar[dict[int, str]] = {1: "b", 2: "h", 4: "i", 8: "q"}

    def encode(self, value: Any, order: str) -> bytes:
        number = self.accept(value)
        wide = isinstance(number, int) and not -(1 << 31) <= number < 1 << 31
        return _pack(self, Codec(order + self.letters[8 if wide else 4]), number)


class Text(Kind):
    """Text that ends at a NUL; in a struct, a char array of `size` bytes filled up with NULs.

    The value is str where the bytes are UTF-8 without an inner NUL, else the bytes as they came.
    """

    code = "s"

    def __init__(self, number: int | None = None, size: int | None = None, **options: Any) -> None:
        super().__init__(number, size=size, **options)

    def extent(self, values: Mapping[str, Any], data: bytes, at: int, end: int) -> int:
        if self.size is None and self.count is None:
            stop = data.find(b"\0", at, end)
            return end - at if stop < 0 else stop + 1 - at
        return super().extent(values, data, at, end)

    def decoder(self, order: str) -> Decode:
        return _decode_text

    def encode(self, value: Any, order: str) -> bytes:
        if isinstance(value, bytes):
            return value
        raw = str(value).encode()
        if self.size is None:
            return raw + b"\0"
        if len(raw) > self.size:
            raise FieldError(f"{self.name}: {value!r} is longer than {self.size} bytes")
        return raw.ljust(self.size, b"\0")

    def shown(self, value: Any) -> str:
        text = value.decode("utf-8", "replace").rstrip("\0") if isinstance(value, bytes) else str(value)
        return f'"{escaped(text)}"'

    def json(self, value: Any) -> Any:
        if isinstance(value, bytes):
            return {"text": value.rstrip(b"\0").decode("utf-8", "replace"), "bytes": value.hex()}
        return value


def _decode_text(data: bytes, start: int, end: int) -> Any:
    raw = data[start:end]
    text = raw.rstrip(b"\0")
    if 0 in text:
        return raw
    try:
        return text.decode()
    except UnicodeDecodeError:
        return raw


def escaped(text: str) -> str:
    """Text from the wire without control characters, backslash or quote ambiguity: safe on any terminal."""
    if text.isprintable() and "\\" not in text and '"' not in text:
        return text
    return "".join(_escaped_character(character) for character in text)


def _escaped_character(character: str) -> str:
    if character in '\\"':
        return "\\" + character
    if character.isprintable():
        return character
    return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(character) or character.encode("unicode_escape").decode()


class Texts(Kind):
    """Several texts, each ended by a NUL."""

    def decoder(self, order: str) -> Decode:
        def decode(data: bytes, start: int, end: int) -> Any:
            raw = data[start:end]
            try:
                texts = raw.decode().split("\0")
            except UnicodeDecodeError:
                return raw
            return texts[:-1] if texts[-1] == "" else raw

        return decode

    def encode(self, value: Any, order: str) -> bytes:
        return value if isinstance(value, bytes) else b"".join(item.encode() + b"\0" for item in value)

    def shown(self, value: Any) -> str:
        return value.hex() if isinstance(value, bytes) else ", ".join(f'"{escaped(item)}"' for item in value)


class KeyValues(Texts):
    """Texts of the form KEY=value, each ended by a NUL, as in a uevent."""

    def decoder(self, order: str) -> Decode:
        texts = super().decoder(order)

        def decode(data: bytes, start: int, end: int) -> Any:
            items = texts(data, start, end)
            if isinstance(items, bytes) or not all("=" in item for item in items):
                return data[start:end]
            return [tuple(item.split("=", 1)) for item in items]

        return decode

    def encode(self, value: Any, order: str) -> bytes:
        pairs = value.items() if isinstance(value, dict) else value
        return value if isinstance(value, bytes) else b"".join(f"{key}={text}\0".encode() for key, text in pairs)

    def shown(self, value: Any) -> str:
        if isinstance(value, bytes):
            return value.hex()
        return " ".join(f"{escaped(key)}={escaped(text)}" for key, text in value)

    def json(self, value: Any) -> Any:
        if isinstance(value, bytes):
            return super().json(value)
        return dict(value) if len(dict(value)) == len(value) else [list(pair) for pair in value]


class Addr(Kind):
    """An IPv4 or IPv6 address (an MPLS label stack for AF_MPLS).

    `family` names the header field or row that says which; without it, or where it says something else, the length
    decides. In a struct the slot of `size` bytes may be larger than the address (xfrm_address_t).
    """

    def __init__(
        self, number: int | None = None, size: int | None = None, *, family: str | None = None, **options: Any
    ) -> None:
        super().__init__(number, size=size, **options)
        self.family = family
        self.known: int | None = None
        if family is not None:
            SELECTORS.add(family)
            for value in (AF_INET, AF_INET6, AF_MPLS):
                other = copy.copy(self)
                other.known, other.bindings = value, {}
                self.bindings.setdefault((family,), {})[(value,)] = other

    def named(self, name: str, number: int | None = None) -> Self:
        other = super().named(name, number)
        other.bindings = {
            names: {value: kind.named(name, number) for value, kind in targets.items()}
            for names, targets in self.bindings.items()
        }
        return other

    def fits(self, length: int) -> bool:
        if self.size is not None:
            return length == self.size
        if self.known == AF_MPLS:
            return length % 4 == 0
        return length == {AF_INET: 4, AF_INET6: 16}.get(self.known, length) and length in (4, 16)

    def decoder(self, order: str) -> Decode:
        known = self.known
        sizes = {AF_INET: 4, AF_INET6: 16}

        def decode(data: bytes, start: int, end: int) -> Any:
            raw = data[start:end]
            if known == AF_MPLS:
                return "/".join(str(int.from_bytes(raw[i : i + 4], "big") >> 12) for i in range(0, len(raw), 4))
            size = sizes.get(known) if known is not None else None
            if size is None:
                size = 4 if len(raw) == 4 or (self.family is not None and not any(raw[4:])) else 16
            if len(raw) < size or any(raw[size:]):
                return raw
            return inet_ntop(AF_INET, raw) if size == 4 else inet_ntop(AF_INET6, raw[:16])

        return decode

    def encode(self, value: Any, order: str) -> bytes:
        if isinstance(value, bytes):
            return value
        text = str(value)
        try:
            if self.known == AF_MPLS or (":" not in text and "." not in text):
                labels = text.split("/")
                raw = b"".join(
                    (int(label) << 12 | (0x100 if label is labels[-1] else 0)).to_bytes(4, "big") for label in labels
                )
            else:
                raw = inet_pton(AF_INET6 if ":" in text else AF_INET, text)
        except (OSError, ValueError):
            raise FieldError(f"{self.name}: {value!r} is no address") from None
        return raw if self.size is None else raw.ljust(self.size, b"\0")

    def accept(self, value: Any) -> Any:
        if isinstance(value, str):
            self.encode(value, "<")
        return value


class Mac(Kind):
    """A link-layer address of any length, written as colon-separated bytes."""

    def __init__(self, number: int | None = None, size: int | None = None, **options: Any) -> None:
        super().__init__(number, size=size, **options)

    def decoder(self, order: str) -> Decode:
        return lambda data, start, end: data[start:end].hex(":")

    def encode(self, value: Any, order: str) -> bytes:
        if isinstance(value, bytes):
            return value
        try:
            return bytes.fromhex(value.replace(":", ""))
        except (ValueError, AttributeError):
            raise FieldError(f"{self.name}: {value!r} is no link-layer address") from None

    def accept(self, value: Any) -> Any:
        if isinstance(value, str):
            self.encode(value, "<")
        return value


class Blob(Kind):
    """Bytes that are opaque by nature; the reason stands in the table."""

    opaque = True

    def __init__(self, number: int | None, *args: Any, **options: Any) -> None:
        size = args[0] if args and isinstance(args[0], int) else options.pop("size", None)
        reasons = [item for item in args if isinstance(item, str)]
        if not reasons:
            raise TableError(f"Blob {number} gives no reason for being opaque")
        super().__init__(number, size=size, **options)
        self.reason = reasons[0]

    def decoder(self, order: str) -> Decode:
        return lambda data, start, end: data[start:end]

    def encode(self, value: Any, order: str) -> bytes:
        return bytes.fromhex(value) if isinstance(value, str) else bytes(value)

    def json(self, value: Any) -> Any:
        return value.hex()


class Inside(Blob):
    """A packet of another protocol inside; `target` is "module:class" of the Scapy layer that opens it."""

    def __init__(self, number: int | None, target: str, **options: Any) -> None:
        super().__init__(number, "a packet inside, opened by Scapy", **options)
        self.target = target

    def opened(self, value: bytes) -> Any:
        """The Scapy packet; imports the layer on first use."""
        from importlib import import_module

        module, _, name = self.target.partition(":")
        return getattr(import_module(module), name)(value)


class Secret(Kind):
    """Key material: masked in every output unless the user asks for it. `unit` is bytes for one of `count`."""

    secret = True

    def __init__(self, number: int | None = None, size: int | None = None, *, unit: float = 1, **options: Any) -> None:
        super().__init__(number, size=size, **options)
        self.share = unit

    def extent(self, values: Mapping[str, Any], data: bytes, at: int, end: int) -> int:
        if self.size is None and self.count is not None:
            return min(math.ceil(int(values.get(self.count) or 0) * self.share), end - at)
        return super().extent(values, data, at, end)

    def decoder(self, order: str) -> Decode:
        return lambda data, start, end: data[start:end]

    def encode(self, value: Any, order: str) -> bytes:
        return bytes.fromhex(value) if isinstance(value, str) else bytes(value)

    def shown(self, value: Any) -> str:
        return f"<secret, {len(value)} bytes>"

    def json(self, value: Any) -> Any:
        return {"secret": len(value)}


class Flag(Kind):
    """Present without a value."""

    def __init__(self, number: int | None = None, **options: Any) -> None:
        super().__init__(number, **{"size": 0, **options})

    def decoder(self, order: str) -> Decode:
        return lambda data, start, end: True

    def encode(self, value: Any, order: str) -> bytes:
        return value if isinstance(value, bytes) else b""

    def shown(self, value: Any) -> str:
        return "present"


class Pad(Kind):
    """Padding: an alignment attribute, or bytes in a struct that C leaves unused. Shown only if not zero."""

    hidden = True

    def __init__(self, number: int | None = None, size: int | None = None, **options: Any) -> None:
        super().__init__(number, size=size, **options)

    def decoder(self, order: str) -> Decode:
        return lambda data, start, end: data[start:end]

    def encode(self, value: Any, order: str) -> bytes:
        raw = bytes(value or b"")
        return raw.ljust(self.size or 0, b"\0")


class Bitfield32(Kind):
    """struct nla_bitfield32: the bits' values and which of them count; the value is (value, selector)."""

    codec = {"<": Codec("<II"), ">": Codec(">II")}

    def __init__(self, number: int | None = None, names: type[Flags] | None = None, **options: Any) -> None:
        super().__init__(number, **{"size": 8, **options})
        self.names = names

    def decoder(self, order: str) -> Decode:
        unpack = self.codec[order].unpack_from
        return lambda data, start, end: unpack(data, start)

    def encode(self, value: Any, order: str) -> bytes:
        return value if isinstance(value, bytes) else self.codec[order].pack(*value)

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
    """Scalars one after another; in a struct, `length` or `count` says how many, or they go to the end."""

    def __init__(
        self, number: int | None, element: type[Scalar] | Scalar, *, length: int | None = None, **options: Any
    ) -> None:
        self.element = element() if isinstance(element, type) else element
        step = self.element.size
        if step is None:
            raise TableError("the elements of an Array have a fixed size")
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
        raw = b"".join(self.element.encode(item, order) for item in value or ())
        return raw if self.size is None else raw.ljust(self.size, b"\0")

    def shown(self, value: Any) -> str:
        return value.hex() if isinstance(value, bytes) else "[" + ", ".join(map(self.element.shown, value)) + "]"

    def json(self, value: Any) -> Any:
        return super().json(value) if isinstance(value, bytes) else [self.element.json(item) for item in value]


class Undecoded(Kind):
    """Bytes no row describes; stands in for the row that did not fit, under its name."""

    def __init__(self, name: str, number: int | None = None) -> None:
        super().__init__(number)
        self.name = name

    def decoder(self, order: str) -> Decode:
        return lambda data, start, end: data[start:end]

    def encode(self, value: Any, order: str) -> bytes:
        return bytes(value)
