"""Going on with a capture in another file: what that has to begin with, byte for byte."""

from __future__ import annotations

import struct
from collections.abc import Callable

from .pcap import HEADER, MAGICS
from .pcapng import INTERFACE, PACKET, SECTION, TIMED_PACKETS, byte_order, is_pcapng
from .records import ORDERS, ByteOrder

Read = Callable[[int, int], bytes]
"""Bytes of the file: from a place on, so many."""
BLOCK = 28
"""Bytes of a packet block before those of the packet."""


def description(read: Read, end: int) -> list[bytes]:
    """The header of a pcap; of a pcapng the section and the interfaces that hold at a place where a block ends."""
    head = read(0, HEADER)
    if not is_pcapng(head):
        return [head]
    said: list[bytes] = []
    at, unpack = 0, struct.Struct("<II").unpack
    while at < end:
        head = read(at, 12)
        if is_pcapng(head):
            unpack = struct.Struct(f"{ORDERS[byte_order(head) or 'little']}II").unpack
            said.clear()
        kind, length = unpack(head[:8])
        if kind in (SECTION, INTERFACE):
            said.append(read(at, length))
        at += length
    return said


def whole_record(read: Read, at: int, captured: int, order: ByteOrder, interface: int) -> bytes:
    """A record by the place of its packet's bytes; nothing if it is none that can stand elsewhere.

    order       of its section
    interface   number that its interface has where it is to stand
    """
    head = read(0, HEADER)
    if not is_pcapng(head):
        before = MAGICS[int.from_bytes(head[:4], order)][1]
        return read(at - before, before + captured)
    sign = ORDERS[order]
    kind, length = struct.unpack(f"{sign}II", read(at - BLOCK, 8))
    if kind not in TIMED_PACKETS:
        return b""
    block = read(at - BLOCK, length)
    number = struct.pack(f"{sign}{'I' if kind == PACKET else 'H'}", interface)
    return block[:8] + number + block[8 + len(number) :]
