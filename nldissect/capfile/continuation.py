"""Continuation of a capture in another file: the blocks that the other file must begin with, byte for byte."""

from __future__ import annotations

import struct
from collections.abc import Callable

from .pcap import HEADER, MAGICS
from .pcapng import INTERFACE, PACKET, SECTION, TIMED_PACKETS, byte_order, is_pcapng
from .records import ORDERS, ByteOrder

Read = Callable[[int, int], bytes]
"""Reads bytes of the file: offset, number of bytes."""
BLOCK = 28
"""Bytes of a packet block before the bytes of the packet."""


def description(read: Read, end: int) -> list[bytes]:
    """Return the file header of a pcap; of a pcapng the section and interface blocks that hold at offset `end`.

    `end` is the end of a block.
    """
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
    """Return the record whose packet's bytes begin at offset `at`; nothing if it can't be copied to another file.

    captured    bytes of the packet in the file
    order       byte order of its section
    interface   number that its interface has in the other file
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
