"""Named parts of one value: bit-fields of a byte, value and selector of a Bitfield32, keys of `KEY=value` texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nldissect.wire.bits import Bits
from nldissect.wire.kind import Kind
from nldissect.wire.numbers import U32, Bitfield32
from nldissect.wire.text import KeyValues, Text

KEYED = Text(None).named("value")
"""The kind of every value in `KEY=value` texts, whatever its key."""


class BitfieldWord(U32):
    """The value or the selector of a Bitfield32."""


class BitPart(U32):
    """One bit-field; `width` in bits."""

    def __init__(self, width: int) -> None:
        super().__init__(None)
        self.width = width


def is_part(kind: Kind) -> bool:
    """Return whether a kind is a part of another's value, without bytes of its own."""
    return kind is KEYED or isinstance(kind, (BitPart, BitfieldWord))


_parts: dict[int, tuple[Kind, dict[str, Kind]]] = {}


def part_kinds(kind: Kind) -> dict[str, Kind]:
    """Return the parts of a kind by name; none of `KeyValues`, which have any key."""
    if not isinstance(kind, (Bits, Bitfield32)):
        return {}
    if id(kind) not in _parts:
        if isinstance(kind, Bits):
            made: dict[str, Kind] = {name: BitPart(width).named(name) for name, width in kind.widths.items()}
        else:
            made = {name: BitfieldWord(None, kind.names).named(name) for name in ("value", "selector")}
        _parts[id(kind)] = kind, made
    return _parts[id(kind)][1]


def parts(kind: Kind, value: Any) -> Iterator[tuple[str, Kind, Any]]:
    """Yield name, kind and value of each part; nothing of a value that did not decode."""
    if isinstance(value, bytes):
        return
    if isinstance(kind, KeyValues):
        yield from ((key, KEYED, text) for key, text in value)
    elif isinstance(kind, Bits):
        kinds = part_kinds(kind)
        yield from ((name, kinds[name], part) for name, part in kind.parts(value).items())
    elif isinstance(kind, Bitfield32):
        yield from zip(part_kinds(kind), part_kinds(kind).values(), value, strict=True)
