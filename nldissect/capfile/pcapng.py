"""Reader of pcapng: sections of pcapng blocks (draft-ietf-opsawg-pcapng)."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass

from nldissect.sizes import SIZES

from .records import ORDERS, ByteOrder, DescribedNamespaces, Interface, Window

SECTION, INTERFACE, OLD_PACKET, SIMPLE_PACKET, STATISTICS, PACKET = 0x0A0D0D0A, 1, 2, 3, 5, 6
TIMED_PACKETS = (PACKET, OLD_PACKET)
PACKETS = (*TIMED_PACKETS, SIMPLE_PACKET)
BYTE_ORDER_MAGIC = 0x1A2B3C4D
LIMIT = 256 << 20
COMMENT = 1
SECTION_OPTIONS = {2: "hardware", 3: "os", 4: "application"}
LIBPCAP_TEXT = b"\0"  # the kind of filter that if_filter holds
IF_NAME, IF_DESCRIPTION, IF_TSRESOL, IF_FILTER, IF_TSOFFSET = 2, 3, 9, 11, 14
ISB_START, ISB_END, ISB_RECEIVED, ISB_DROPPED, ISB_DELIVERED = 2, 3, 4, 5, 8


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of the writer of a file on one interface; None where the file does not have the number."""

    interface: Interface
    received: int | None
    dropped: int | None


def is_pcapng(head: bytes) -> bool:
    return head[:4] == b"\x0a\x0d\x0d\x0a"


def byte_order(section: bytes) -> ByteOrder | None:
    """Return the byte order of a section by the magic 8 bytes into it; None if the magic is neither."""
    for order in ORDERS:
        if int.from_bytes(section[8:12], order) == BYTE_ORDER_MAGIC:
            return order
    return None


def resolution(value: int) -> tuple[int, int]:
    """Return if_tsresol as ticks a second, and the decimals that tell ticks apart (at most 9, for nanoseconds)."""
    if value & 0x80:
        ticks: int = 2 ** (value & 0x7F)
        return ticks, min(9, math.ceil((value & 0x7F) * math.log10(2)))
    return 10**value, min(9, value)


class Pcapng:
    """The block scanner of a pcapng file: it finds packet blocks in a buffer and learns from the others.

    `problem` is set where no block can begin.
    """

    def __init__(self, order: ByteOrder) -> None:
        self.interfaces: list[Interface] = []
        self.comments: list[str] = []  # of sections, interfaces and statistics
        self.section_comments: list[str] = []
        self.section: dict[str, str] = {}
        self.statistics: list[Statistics] = []
        self.problem: str | None = None
        self._first = 0  # where this section's interfaces begin
        self._spaces = DescribedNamespaces()
        self._begun = False  # a frame was read
        self._set_order(order)

    def _set_order(self, order: ByteOrder) -> None:
        self._order: ByteOrder = order
        sign = ORDERS[order]
        self._head = struct.Struct(f"{sign}II").unpack_from
        self._word = struct.Struct(f"{sign}I").unpack_from
        self._packet = struct.Struct(f"{sign}I8xI").unpack_from
        self._old_packet = struct.Struct(f"{sign}H10xI").unpack_from
        self._option = struct.Struct(f"{sign}HH").unpack_from

    def scan(self, buffer: bytearray, start: int, end: int) -> tuple[Window | None, int]:
        """Return a window of the packets in whole blocks from `start` on, and the offset of the first block not whole.

        The window is None if there are no packets.
        """
        head, word, packet = self._head, self._word, self._packet
        starts: list[int] = []
        owners: list[Interface] = []
        comments: dict[int, tuple[str, ...]] = {}
        timeless: set[int] = set()
        interfaces, base = self.interfaces, self._first  # those of this section from `base` on
        while end - start >= 12:
            kind, length = head(buffer, start)
            if kind == SECTION:
                if starts:
                    break  # a window has one byte order
                order = byte_order(bytes(buffer[start : start + 12]))
                if order is None:
                    self.problem = "a section without byte order magic"
                    break
                self._set_order(order)
                head, word, packet = self._head, self._word, self._packet
                length = head(buffer, start)[1]
            if length < 12 or length & 3 or length > LIMIT:
                self.problem = f"a block that claims to be {length} bytes long"
                break
            after = start + length
            if after > end:
                break
            if word(buffer, after - 4)[0] != length:
                self.problem = f"a block that begins as {length} bytes long and ends as {word(buffer, after - 4)[0]}"
                break
            if kind in TIMED_PACKETS:
                at = start + 28
                if length < 32:
                    self.problem = f"a packet block of {length} bytes"
                    break
                owner, captured = packet(buffer, start + 8) if kind == PACKET else self._old_packet(buffer, start + 8)
                if captured > length - 32:
                    self.problem = f"a packet of {captured} bytes in a block of {length}"
                    break
                options = at + (captured + 3 & ~3)
                if options < after - 4:
                    texts = tuple(self._texts(buffer, options, after - 4))
                    if texts:
                        comments[at] = texts
            elif kind == SIMPLE_PACKET:
                at, owner = start + 12, 0
                if length < 16:
                    self.problem = f"a packet block of {length} bytes"
                    break
                if base < len(interfaces):
                    self._simple(buffer, at, length, interfaces[base])
                    timeless.add(at)
            elif kind == INTERFACE and len(self.interfaces) == SIZES.pcapng_interfaces:
                self.problem = f"more than {SIZES.pcapng_interfaces} interfaces"
                break
            else:
                self._begun = self._begun or bool(starts)
                self._learn(kind, buffer, start, after - 4)
                base = self._first
                start = after
                continue
            if base + owner >= len(interfaces):
                self.problem = f"a packet of interface {owner}, which the file does not describe"
                break
            starts.append(at)
            owners.append(interfaces[base + owner])
            start = after
        if not starts:
            return None, start
        self._begun = True
        same = len({id(owner) for owner in owners}) == 1  # alike, but of other namespaces: two
        window = Window(buffer, starts, self._order, owners[0], None if same else owners, comments, timeless)
        return window, start

    def _simple(self, buffer: bytearray, at: int, length: int, interface: Interface) -> None:
        """Write the four words that other packets have before their bytes in front of a simple packet."""
        (wire,) = self._word(buffer, at - 4)
        captured = min(wire, length - 16, interface.snaplen or wire)
        struct.pack_into(f"{ORDERS[self._order]}4I", buffer, at - 16, 0, 0, captured, wire)

    def _learn(self, kind: int, buffer: bytearray, start: int, end: int) -> None:
        """Learn from section, interface and statistics blocks; others are skipped."""
        if kind == SECTION:
            self._first = len(self.interfaces)
            for code, value in self._options(buffer, start + 24, end):
                if code == COMMENT:
                    self.section_comments.append(_text(value))
                    self.comments.append(_text(value))
                elif code in SECTION_OPTIONS:
                    self.section[SECTION_OPTIONS[code]] = _text(value)
        elif kind == INTERFACE and end - start >= 16:
            self.interfaces.append(self._interface(buffer, start, end))
            if not self._begun:
                self._spaces.add(self.interfaces[-1])
        elif kind == STATISTICS and end - start >= 20:
            number = self._first + self._word(buffer, start + 8)[0]
            if number < len(self.interfaces):
                options = self._options(buffer, start + 20, end)
                counts = {code: value for code, value in options if len(value) == 8}
                said = [_text(value) for code, value in options if code == COMMENT]
                self.interfaces[number].comments.extend(said)
                self.comments += said
                received, dropped = (
                    int.from_bytes(counts[code], self._order) if code in counts else None
                    for code in (ISB_RECEIVED, ISB_DROPPED)
                )
                self.statistics.append(Statistics(self.interfaces[number], received, dropped))

    def _interface(self, buffer: bytearray, start: int, end: int) -> Interface:
        linktype, snaplen = struct.unpack_from(f"{ORDERS[self._order]}H2xI", buffer, start + 8)
        name, ticks, decimals, offset = None, 1_000_000, 6, 0
        description, kernel_filter, comments = None, None, []
        for code, value in self._options(buffer, start + 16, end):
            if code == IF_NAME:
                name = _text(value)
            elif code == IF_TSRESOL and len(value) == 1:
                ticks, decimals = resolution(value[0])
            elif code == IF_TSOFFSET and len(value) == 8:
                offset = int.from_bytes(value, self._order, signed=True)
            elif code == IF_DESCRIPTION:
                description = _text(value)
            elif code == IF_FILTER and value[:1] == LIBPCAP_TEXT:
                kernel_filter = _text(value[1:])
            elif code == COMMENT:
                comments.append(_text(value))
        self.comments += comments
        return Interface(
            linktype, snaplen, decimals, name, self._order, ticks, 1 << 32, offset,
            description, kernel_filter, comments, self._spaces,
        )  # fmt: skip

    def _options(self, buffer: bytearray, at: int, end: int) -> list[tuple[int, bytes]]:
        options = []
        while end - at >= 4:
            code, length = self._option(buffer, at)
            at += 4
            if code == 0 or at + length > end:
                break
            options.append((code, bytes(buffer[at : at + length])))
            at += length + 3 & ~3
        return options

    def _texts(self, buffer: bytearray, at: int, end: int) -> list[str]:
        return [_text(value) for code, value in self._options(buffer, at, end) if code == COMMENT]

    def expect(self, buffer: bytearray, start: int, end: int) -> tuple[bool, int]:
        """Return whether a packet block begins at `start`, and the bytes the block claims, as far as is known."""
        if end - start < 12:
            return end - start >= 4 and self._word(buffer, start)[0] in PACKETS, 12
        kind, length = self._head(buffer, start)
        if kind == SECTION and (order := byte_order(bytes(buffer[start : start + 12]))):
            length = int.from_bytes(buffer[start + 4 : start + 8], order)
        return kind in PACKETS, length


def _text(value: bytes) -> str:
    return value.split(b"\0")[0].decode(errors="replace")
