"""Kinds of text: NUL-terminated, base64, hexadecimal, lists of texts, keys with values."""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from typing import Any

from nldissect.errors import FieldError
from nldissect.escapes import escaped

from .kind import Decode, Kind


class Text(Kind):
    """Text that ends at a NUL or at `ends`; in a struct, a char array of `size` bytes filled up with NULs.

    The value is str where the bytes are UTF-8 without an inner NUL, else the bytes unchanged.
    """

    code = "s"

    def __init__(self, number: int | None = None, size: int | None = None, *, ends: str = "\0", **options: Any) -> None:
        super().__init__(number, size=size, **options)
        self.ends = ends.encode()

    def extent(self, values: Mapping[str, Any], data: bytes, at: int, end: int, order: str) -> int:
        if self.size is None and self.count is None:
            stop = data.find(self.ends, at, end)
            return end - at if stop < 0 else stop + 1 - at
        return super().extent(values, data, at, end, order)

    def decoder(self, order: str) -> Decode:
        ends = self.ends
        if ends == b"\0":
            return decode_text
        return lambda data, start, end: decode_text(data, start, end - (data[end - 1 : end] == ends))

    def encode(self, value: Any, order: str) -> bytes:
        if isinstance(value, bytes):
            return value
        raw = str(value).encode()
        if self.size is None:
            return raw + self.ends
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


def decode_text(data: bytes | bytearray, start: int, end: int) -> Any:
    """Return data[start:end] as text without the NULs at its end; as bytes if it has an inner NUL or is no UTF-8."""
    raw = data[start:end]
    text = raw.rstrip(b"\0")
    if 0 in text:
        return raw
    try:
        return text.decode()
    except UnicodeDecodeError:
        return raw


class Base64(Text):
    """Bytes that are usually printed as base64, such as WireGuard's public keys."""

    code = ""
    exact = True

    def decoder(self, order: str) -> Decode:
        return lambda data, start, end: binascii.b2a_base64(data[start:end], newline=False).decode()

    def encode(self, value: Any, order: str) -> bytes:
        if isinstance(value, bytes):
            return value
        try:
            return binascii.a2b_base64(value, strict_mode=True)
        except (ValueError, TypeError):
            raise FieldError(f"{self.name}: {value!r} is no base64") from None

    def shown(self, value: Any) -> str:
        return value.hex() if isinstance(value, bytes) else str(value)


class TextOrHex(Text):
    """Bytes of a fixed size that are text filled up with NULs, or, if they are not printable, hexadecimal digits."""

    code = ""
    exact = True

    def decoder(self, order: str) -> Decode:
        def decode(data: bytes, start: int, end: int) -> str:
            raw = data[start:end]
            text = raw.rstrip(b"\0").decode("ascii", "replace")
            return text if text.isascii() and text.isprintable() else raw.hex()

        return decode

    def encode(self, value: Any, order: str) -> bytes:
        size = self.size or 0
        if not isinstance(value, str) or len(value) <= size:
            return super().encode(value, order)
        try:
            raw = bytes.fromhex(value)
        except ValueError:
            raw = b""
        if len(raw) != size:
            raise FieldError(f"{self.name}: {value!r} is neither {size} characters nor {size} bytes in hexadecimal")
        return raw


def is_plain_text(kind: Kind) -> bool:
    """Return whether the value of a kind is the text of its bytes."""
    return isinstance(kind, Text) and type(kind).decoder is Text.decoder


class Texts(Kind):
    """Several texts, each ended by a NUL."""

    plural = True

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
        if isinstance(value, bytes):
            return value
        if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
            raise FieldError(f"{self.name}: {value!r} is no list of texts")
        return b"".join(item.encode() + b"\0" for item in value)

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
        if isinstance(value, bytes):
            return value
        pairs = value.items() if isinstance(value, dict) else value
        try:
            return b"".join(f"{key}={text}\0".encode() for key, text in pairs)
        except (ValueError, TypeError):
            raise FieldError(f"{self.name}: {value!r} is no list of keys and texts") from None

    def shown(self, value: Any) -> str:
        if isinstance(value, bytes):
            return value.hex()
        return " ".join(f"{escaped(key)}={escaped(text)}" for key, text in value)

    def json(self, value: Any) -> Any:
        if isinstance(value, bytes):
            return super().json(value)
        return dict(value) if len(dict(value)) == len(value) else [list(pair) for pair in value]
