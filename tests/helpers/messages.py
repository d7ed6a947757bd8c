"""Datagrams made by hand from the layouts in linux/netlink.h, and capture files that hold them."""

from __future__ import annotations

import struct
from pathlib import Path

from tests.helpers.pcap_bytes import SECONDS, pcap

ROUTE, GENERIC, USERSOCK = 0, 16, 2
REQUEST, MULTI, ACK = 1, 2, 4


def attribute(number: int, payload: bytes = b"", order: str = "<") -> bytes:
    return struct.pack(order + "HH", 4 + len(payload), number) + payload + bytes(-len(payload) % 4)


def message(kind: int, body: bytes = b"", flags: int = 0, seq: int = 0, pid: int = 0, order: str = "<") -> bytes:
    """nlmsghdr and body, without padding."""
    return struct.pack(order + "IHHII", 16 + len(body), kind, flags, seq, pid) + body


def link(index: int, *attributes: bytes, kind: int = 16, flags: int = 0, seq: int = 0, pid: int = 0) -> bytes:
    """RTM_NEWLINK, or another message with struct ifinfomsg."""
    return message(kind, struct.pack("<BxHiII", 0, 1, index, 1, 0) + b"".join(attributes), flags, seq, pid)


def family_answer(number: int, name: bytes) -> bytes:
    """CTRL_CMD_NEWFAMILY with CTRL_ATTR_FAMILY_ID 1 and CTRL_ATTR_FAMILY_NAME 2 (linux/genetlink.h)."""
    body = bytes([1, 2, 0, 0]) + attribute(1, struct.pack("<H", number)) + attribute(2, name + b"\0")
    return message(0x10, body, seq=1, pid=7)


def error(number: int, request: bytes, *attributes: bytes, capped: bool = False, seq: int = 0, pid: int = 9) -> bytes:
    """NLMSG_ERROR as netlink_ack() makes it."""
    flags = (0x100 if capped else 0) | (0x200 if attributes else 0)
    echo = request[:16] if capped else request + bytes(-len(request) % 4)
    return message(2, struct.pack("<i", -number) + echo + b"".join(attributes), flags, seq, pid)


def frame(protocol: int, *messages: bytes, packet_type: int = 4) -> bytes:
    padded = b"".join(one + bytes(-len(one) % 4) for one in messages)
    return struct.pack(">HH10xH", packet_type, 824, protocol) + padded


def write(path: Path, *frames: bytes, step: int = 1000, snap: int | None = None, order: str = "<") -> Path:
    """A pcap with these frames, `step` microseconds apart."""
    records = [pcap(order)]
    for place, data in enumerate(frames):
        kept = data[:snap]
        records += [struct.pack(order + "IIII", SECONDS, place * step, len(kept), len(data)), kept]
    path.write_bytes(b"".join(records))
    return path
