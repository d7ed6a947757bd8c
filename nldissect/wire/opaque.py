"""Kinds without a readable value: opaque bytes, packets inside, secrets, flags, padding."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from nldissect.errors import FieldError, TableError

from .kind import Decode, Kind


def _bytes_of(kind: Kind, value: Any) -> bytes:
    """Return bytes from what people write for them: bytes, hexadecimal digits, or a list of numbers.

    FieldError for anything else.
    """
    try:
        if isinstance(value, str):
            return bytes.fromhex(value)
        if isinstance(value, (bytes, bytearray, list, tuple)):
            return bytes(value)
    except (ValueError, TypeError):
        pass
    raise FieldError(f"{kind.name}: {value!r} is no bytes; write b'...' or hexadecimal digits")


class Blob(Kind):
    """Bytes that are opaque by nature, for a reason that the table gives."""

    opaque = True
    exact = True

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
        return _bytes_of(self, value)

    def json(self, value: Any) -> Any:
        return value.hex()


ETHERNET = "scapy.layers.inet6:Ether"
NETWORK = {4: "scapy.layers.inet:IP", 6: "scapy.layers.inet6:IPv6"}
"""Scapy layers by the IP version at the start of a packet."""
IP_TYPES = {4: 0x0800, 6: 0x86DD}
LAYERS = ("scapy.layers.inet6", "scapy.layers.eap")
"""Modules of layers that any packet may hold.

They are imported with the first packet, so that it is dissected like later ones.
"""
TAGS = (0x8100, 0x88A8, 0x9100)
"""EtherTypes of VLAN tags."""


class Inside(Blob):
    """A packet of another protocol.

    target   "module:class" of the Scapy layer that dissects it
    """

    def __init__(self, number: int | None, target: str, **options: Any) -> None:
        super().__init__(number, "a packet inside, opened by Scapy", **options)
        self.target = target

    def opened(self, value: bytes) -> Any:
        """Return the Scapy packet; import the layer on first use.

        The missing part of a cut packet is Raw, also where conf.debug_dissector is set.
        """
        from importlib import import_module

        from scapy.config import conf

        for other in LAYERS:
            import_module(other)
        module, _, name = self.target.partition(":")
        layer = getattr(import_module(module), name)
        debugged, conf.debug_dissector = conf.debug_dissector, False
        try:
            return layer(value)
        finally:
            conf.debug_dissector = debugged


class Framed(Inside):
    """A packet from its Ethernet header on, or from its network header on if the device has no other (tun, WireGuard).

    The latter holds where it begins as IPv4 or IPv6 does, and neither such a packet nor a VLAN tag follows an Ethernet
    header.

    protocol   its EtherType, where the sender gives it; else the length or checksum of an IP header has to be right
    """

    def __init__(self, number: int | None, protocol: int | None = None, **options: Any) -> None:
        super().__init__(number, ETHERNET, **options)
        self.protocol = protocol

    def opened(self, value: bytes) -> Any:
        network = Inside(None, NETWORK[value[0] >> 4]) if self._is_bare(value) else None
        return super().opened(value) if network is None else network.opened(value)

    def _is_bare(self, value: bytes) -> bool:
        """Return whether the packet begins with the network header."""
        if len(value) < 20 or value[0] >> 4 not in NETWORK:
            return False
        version, ethertype = value[0] >> 4, int.from_bytes(value[12:14], "big")
        if ethertype in TAGS or any(ethertype == number and value[14] >> 4 == one for one, number in IP_TYPES.items()):
            return False
        if self.protocol is not None:
            return self.protocol == IP_TYPES[version]
        if version == 6:
            return int.from_bytes(value[4:6], "big") + 40 == len(value)
        header = value[: 4 * (value[0] & 0xF)]
        return (
            len(header) >= 20
            and sum(int.from_bytes(header[at : at + 2], "big") for at in range(0, len(header), 2)) % 0xFFFF == 0
        )


class Secret(Kind):
    """Key material: masked in every output unless the user asks for it.

    unit   bytes for one element of `count`
    """

    secret = True
    exact = True

    def __init__(self, number: int | None = None, size: int | None = None, *, unit: float = 1, **options: Any) -> None:
        super().__init__(number, size=size, **options)
        self.share = unit

    def extent(self, values: Mapping[str, Any], data: bytes, at: int, end: int, order: str) -> int:
        if self.size is None and self.count is not None:
            return min(math.ceil(int(values.get(self.count) or 0) * self.share), end - at)
        return super().extent(values, data, at, end, order)

    def decoder(self, order: str) -> Decode:
        return lambda data, start, end: data[start:end]

    def encode(self, value: Any, order: str) -> bytes:
        return _bytes_of(self, value)

    def shown(self, value: Any) -> str:
        return f"<secret, {len(value)} bytes>"

    def json(self, value: Any) -> Any:
        return {"secret": len(value)}


class UndecodedKey(Secret):
    """Bytes that do not fit a row of key material, or a row that holds such rows: masked as well."""


class MayBeKey(Secret):
    """Bytes that did not decode, in a message that may carry keys: masked like a key."""

    def shown(self, value: Any) -> str:
        return f"<may be a key, {len(value)} bytes>"


class MaskedValue(MayBeKey):
    """The value of a row in a damaged message that may carry keys: its bytes fit the row, but may be those of a key."""


class Flag(Kind):
    """An attribute without a value; a summary prints its name, or `word`."""

    def __init__(self, number: int | None = None, word: str | None = None, **options: Any) -> None:
        super().__init__(number, **{"size": 0, **options})
        self.word = word

    def decoder(self, order: str) -> Decode:
        return lambda data, start, end: True

    def encode(self, value: Any, order: str) -> bytes:
        return value if isinstance(value, bytes) else b""

    def shown(self, value: Any) -> str:
        return "present"


class Pad(Kind):
    """Padding: an alignment attribute, or bytes in a struct that C leaves unused. Printed only if not zero."""

    hidden = True

    def __init__(self, number: int | None = None, size: int | None = None, **options: Any) -> None:
        super().__init__(number, size=size, **options)

    def decoder(self, order: str) -> Decode:
        return lambda data, start, end: data[start:end]

    def encode(self, value: Any, order: str) -> bytes:
        return _bytes_of(self, value or b"").ljust(self.size or 0, b"\0")


class Rest(Pad):
    """The unused slots of an array: `room` slots of `unit` bytes each, of which the first `count` are used."""

    def __init__(self, number: int | None, room: int, *, unit: int, count: str, **options: Any) -> None:
        super().__init__(number, count=count, **options)
        self.room, self.each = room, unit

    def extent(self, values: Mapping[str, Any], data: bytes, at: int, end: int, order: str) -> int:
        free = self.room - int(values.get(self.count or "") or 0)
        return min(max(free, 0) * self.each, end - at)
