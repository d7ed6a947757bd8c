"""Value types: what the values of a kind compare as, and the keys by which they are compared.

Numbers are compared as integers, text as text, addresses and bytes as bytes, times as nanoseconds. What only encloses
other things, is nothing but present, or is secret has no values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from socket import inet_pton
from typing import Any

from nldissect.columns.fields.derived import TimeSpan
from nldissect.columns.fields.subfields import BitPart
from nldissect.wire.addresses import AF_INET, AF_MPLS, HOST_INET6, Addr, Mac
from nldissect.wire.kind import Kind
from nldissect.wire.numbers import Array, Bitfield32, Scalar, Uint
from nldissect.wire.opaque import Blob, Pad
from nldissect.wire.text import KeyValues, Text, Texts

NUMBER, TEXT, ADDRESS, BYTES, TIME, LABELS, NOTHING = (
    "number", "text", "address", "bytes", "time", "label stack", "nothing",
)  # fmt: skip
Key = int | str | bytes
Keys = Callable[[Any], Iterable[Any]]


def single(kind: Kind) -> Kind:
    """Return the kind of one value: of an array that of its elements."""
    return kind.element if isinstance(kind, Array) else kind


def value_type(kind: Kind) -> str:
    """Return the value type of a kind."""
    kind = single(kind)
    if kind.secret:
        return NOTHING
    if isinstance(kind, TimeSpan):
        return TIME
    if isinstance(kind, (Scalar, Bitfield32)):
        return NUMBER
    if isinstance(kind, (Text, Texts)):
        return TEXT
    if isinstance(kind, Addr):
        return LABELS if kind.known == AF_MPLS else ADDRESS
    return BYTES if isinstance(kind, (Mac, Blob, Pad)) else NOTHING


def keys_of(kind: Kind) -> Keys:
    """Return a function from the value of a node to the keys of all its values; none for bytes that did not decode."""
    type_, convert = value_type(kind), _converter(kind)
    if type_ == NOTHING:
        return lambda value: ()
    if isinstance(kind, Bitfield32):
        return lambda value: () if isinstance(value, bytes) else value[:1]
    if isinstance(kind, KeyValues):
        return lambda value: () if isinstance(value, bytes) else [f"{key}={text}" for key, text in value]
    if isinstance(kind, (Array, Texts)):
        return lambda value: (
            () if isinstance(value, bytes) else [convert(one) for one in value if type(one) is not bytes]
        )
    if type_ == BYTES:
        return lambda value: (convert(value),)
    return lambda value: () if isinstance(value, bytes) else (convert(value),)


def slice_keys(keys: Iterable[Any], slice_: tuple[int, int]) -> list[Any]:
    """Return the part of each key, (offset, length), that counts; keys that are too short, and numbers, have none."""
    offset, length = slice_
    end = offset + length
    return [key[offset:end] for key in keys if type(key) is not int and len(key) >= end]


def _converter(kind: Kind) -> Callable[[Any], Any]:
    if value_type(kind) == ADDRESS:
        return packed
    return mac_bytes if isinstance(kind, Mac) else _same


def _same(value: Any) -> Any:
    return value


def packed(text: str) -> bytes:
    """Return the 4 or 16 bytes of an address written as text; OSError or ValueError if it is none."""
    return bytes(inet_pton(HOST_INET6 if ":" in text else AF_INET, text))


def mac_bytes(value: str | bytes) -> bytes:
    """Return the bytes of a link-layer address written as text."""
    return value if isinstance(value, bytes) else bytes.fromhex(value.replace(":", ""))


def bounds(kind: Kind) -> tuple[int, int]:
    """Return the smallest and the largest number a kind can hold."""
    if isinstance(kind, BitPart):
        return 0, (1 << kind.width) - 1
    if isinstance(kind, Bitfield32) or not isinstance(kind, Scalar):
        return 0, (1 << 32) - 1
    letter = kind.letters[8] if isinstance(kind, Uint) else kind.letter
    bits = 8 * {"b": 1, "h": 2, "i": 4, "q": 8}[letter.lower()]
    return (-(1 << bits - 1), (1 << bits - 1) - 1) if letter.islower() else (0, (1 << bits) - 1)
