"""Links for tests: what was asked, what was answered, and messages made of bytes laid out as the kernel lays them."""

from __future__ import annotations

import struct
from typing import Any

from nldissect.wire import NETLINK_ROUTE, Context, walk
from nldissect.wire.decode.nodes import DecodedMessage
from tests.helpers.captures import replies, requests, value


def asked(name: str, link: str) -> dict[str, Any]:
    """IFLA_INFO_DATA of the request that adds a link."""
    found: dict[str, Any] = value(requests(name, "RTM_NEWLINK", IFLA_IFNAME=link)[0], "IFLA_INFO_DATA")
    return found


def answer(name: str, link: str) -> DecodedMessage:
    """The last answer about a link: what `ip -d link show` printed."""
    return replies(name, "RTM_NEWLINK", IFLA_IFNAME=link)[-1]


def shown(name: str, link: str) -> dict[str, Any]:
    """IFLA_INFO_DATA of the last answer about a link."""
    found: dict[str, Any] = value(answer(name, link), "IFLA_INFO_DATA")
    return found


def of_kind(kind: str, data: bytes, what: int = 2) -> DecodedMessage:
    """A link message, as the kernel sends it, with these bytes in IFLA_INFO_DATA (or another row of IFLA_LINKINFO)."""
    info = attribute(1, kind.encode() + b"\0") + attribute(what, data)
    body = struct.pack("=BxHiII", 0, 1, 2, 0, 0) + attribute(18, info)
    return walked(datagram(body, 16, 0))


def attribute(number: int, payload: bytes) -> bytes:
    """One attribute with its padding."""
    return struct.pack("=HH", 4 + len(payload), number) + payload + bytes(-len(payload) % 4)


def datagram(body: bytes, number: int, flags: int = 0x301) -> bytes:
    """A frame of one route message."""
    message = struct.pack("=IHHII", 16 + len(body), number, flags, 1, 0) + body
    return struct.pack(">HHH8xH", 4, 824, 0, NETLINK_ROUTE) + message


def walked(frame: bytes) -> DecodedMessage:
    """The only message of a frame."""
    (message,) = walk(frame, Context()).messages
    return message
