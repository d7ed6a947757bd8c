"""Kinds of addresses: IPv4, IPv6, MPLS label stacks, link layer."""

from __future__ import annotations

import copy
from socket import AddressFamily, inet_ntop, inet_pton
from typing import Any, Self

from nldissect.errors import FieldError

from .kind import SELECTORS, Decode, Kind

AF_INET: Any = 2
AF_INET6: Any = 10
HOST_INET6: Any = AddressFamily.AF_INET6
"""The number that this host's C library has for AF_INET6; on macOS and Windows it is not 10."""
AF_MPLS = 28
_SIZES: dict[int | None, int] = {AF_INET: 4, AF_INET6: 16}


class Addr(Kind):
    """An IPv4 or IPv6 address (an MPLS label stack for AF_MPLS).

    family   AF_INET, AF_INET6 or AF_MPLS, or the name of the header field or row that holds it; without it, or where it
             has another value, the length decides
    size     bytes of the field in a struct, which may be more than the address has (xfrm_address_t)
    roomy    zeros may follow the address in an attribute (union nf_inet_addr)
    prefix   name of the field or row that holds the number of leading bits of the address that count; it is a sibling
             or a field of an enclosing header
    empty    where no bits count, the kernel also accepts an attribute without an address
    """

    def __init__(
        self,
        number: int | None = None,
        size: int | None = None,
        *,
        family: str | int | None = None,
        prefix: str | None = None,
        roomy: bool = False,
        empty: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(number, size=size, **options)
        self.family = family
        self.roomy = roomy
        self.empty = empty
        self.prefix = prefix
        self.known = family if isinstance(family, int) else None
        if isinstance(family, str):
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
            return length > 0 and length % 4 == 0
        wanted = _SIZES.get(self.known, length)
        return length in (4, 16) and (length == wanted or (self.roomy and length > wanted))

    def decoder(self, order: str) -> Decode:
        known = self.known

        def decode(data: bytes, start: int, end: int) -> Any:
            raw = data[start:end]
            if known == AF_MPLS:
                return label_stack(raw)
            size = _SIZES.get(known)
            if size is None:
                size = 4 if len(raw) == 4 or (self.family is not None and not any(raw[4:])) else 16
            if len(raw) < size or any(raw[size:]):
                return raw
            return "%d.%d.%d.%d" % tuple(raw[:4]) if size == 4 else inet_ntop(HOST_INET6, raw[:16])  # noqa: UP031 - the quickest

        return decode

    def encode(self, value: Any, order: str) -> bytes:
        if isinstance(value, bytes):
            return value
        text = str(value)
        try:
            if self.known == AF_MPLS or (":" not in text and "." not in text):
                raw = label_bytes(text)
            else:
                raw = inet_pton(HOST_INET6 if ":" in text else AF_INET, text)
        except (OSError, ValueError, OverflowError):
            raise FieldError(f"{self.name}: {value!r} is no address") from None
        return raw if self.size is None else raw.ljust(self.size, b"\0")

    def accept(self, value: Any) -> Any:
        if isinstance(value, str):
            self.encode(value, "<")
        return value


def label_stack(raw: bytes) -> str:
    """Return MPLS labels as iproute2 prints them, "16/17".

    An entry whose traffic class or TTL is not 0, or whose bottom-of-stack bit is not that of its position, is
    label:class:bottom:ttl (RFC 3032).
    """
    last = len(raw) - 4
    texts = []
    for at in range(0, len(raw), 4):
        entry = int.from_bytes(raw[at : at + 4], "big")
        label, traffic_class, bottom, ttl = entry >> 12, entry >> 9 & 7, entry >> 8 & 1, entry & 0xFF
        plain = traffic_class == 0 and ttl == 0 and bottom == (at == last)
        texts.append(str(label) if plain else f"{label}:{traffic_class}:{bottom}:{ttl}")
    return "/".join(texts)


def label_bytes(text: str) -> bytes:
    """Return the bytes of a text that `label_stack` returns; ValueError if the text is no label stack."""
    entries = text.split("/")
    parts = []
    for position, entry in enumerate(entries, 1):
        full = entry if ":" in entry else f"{entry}:0:{int(position == len(entries))}:0"
        label, traffic_class, bottom, ttl = map(int, full.split(":"))
        parts.append((label << 12 | traffic_class << 9 | bottom << 8 | ttl).to_bytes(4, "big"))
    return b"".join(parts)


class Mac(Kind):
    """A link-layer address of any length, printed as colon-separated bytes."""

    exact = True

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
