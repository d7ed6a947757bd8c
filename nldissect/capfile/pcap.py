"""Reader of pcap: a file header, then records (draft-ietf-opsawg-pcap; libpcap's sf-pcap.c)."""

from __future__ import annotations

import struct
from collections.abc import Callable, MutableSequence

from nldissect.errors import FileError

from .records import ORDERS, PREFACES, ByteOrder, Interface, Window

MAGICS = {0xA1B2C3D4: (6, 16), 0xA1B23C4D: (9, 16), 0xA1B2CD34: (6, 24)}  # decimals, bytes before each frame
HEADER = 24
LINKTYPE_MASK = 0x03FF_FFFF  # the bits above describe a frame check sequence
LIMIT = 256 << 20


def is_pcap(head: bytes) -> bool:
    return len(head) >= 4 and any(int.from_bytes(head[:4], order) in MAGICS for order in ORDERS)


Chain = Callable[[bytearray, int, int, ByteOrder], tuple[MutableSequence[int], int]]
"""Finds records from `start` on faster than one by one, as many as are certain: returns their starts, and their end."""


class Pcap:
    """The record scanner of a pcap file.

    `problem` is set where no record can begin; `chain` may find the first records. FileError if the version is unknown.
    """

    def __init__(self, name: str, header: bytes) -> None:
        order: ByteOrder = "little" if int.from_bytes(header[:4], "little") in MAGICS else "big"
        sign = ORDERS[order]
        magic, major, minor, snaplen, linktype = struct.unpack(f"{sign}IHH8xII", header)
        if (major, minor) < (2, 4) or major > 2:
            raise FileError(f"{name} is pcap of version {major}.{minor}, only 2.4 is known; rewrite it with editcap")
        decimals, self._head = MAGICS[magic]
        ticks = 10**decimals
        self.interfaces = [Interface(linktype & LINKTYPE_MASK, snaplen, decimals, None, order, ticks, ticks)]
        self.problem: str | None = None
        self._order = order
        self._length = struct.Struct(f"{sign}I").unpack_from
        self.chain: Chain | None = None

    def scan(self, buffer: bytearray, start: int, end: int) -> tuple[Window, int]:
        """Return a window of the whole records from `start` on, and the offset of the first one that is not whole."""
        length, head = self._length, self._head
        starts: MutableSequence[int] = []
        if self.chain is not None and head == 16:
            starts, start = self.chain(buffer, start, end, self._order)
        append = starts.append
        with memoryview(buffer)[:end] as view:
            try:
                while True:
                    (captured,) = length(view, start + 8)
                    start += head
                    append(start)
                    start += captured
            except struct.error:
                pass  # the end of what is there: tested once here, not for each record
            if starts and start > end:
                start = starts.pop() - head
                if captured > LIMIT:
                    self.problem = f"it claims to hold {captured} bytes"
        if head > 16:
            words = PREFACES[self._order]
            for at in starts:
                words.pack_into(buffer, at - 16, *words.unpack_from(buffer, at - head))
        return Window(buffer, starts, self._order, self.interfaces[0]), start

    def expect(self, buffer: bytearray, start: int, end: int) -> tuple[bool, int]:
        """Return whether a record begins at `start` (always true), and the bytes it claims, as far as is known."""
        if end - start < self._head:
            return True, self._head
        return True, self._head + int(self._length(buffer, start + 8)[0])
