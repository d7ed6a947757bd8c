"""Link types that hold netlink, and their frames in one form: the 16-byte header of LINKTYPE_NETLINK.

Packet type, ARPHRD_NETLINK, ten unused bytes, protocol, all big-endian (tcpdump.org/linktypes/LINKTYPE_NETLINK.html).
LINKTYPE_LINUX_SLL, a capture on "any", begins alike; LINUX_SLL2 is 20 bytes in another order.
"""

from __future__ import annotations

import struct

from nldissect.errors import FileError
from nldissect.uapi import ARPHRD_NETLINK, STRUCT_SLL_HEADER

from .records import PREFACES, Interface, Record, Window

LINUX_SLL, NETLINK, LINUX_SLL2 = 113, 253, 276
OTHERS = {
    0: "BSD loopback", 1: "Ethernet", 9: "PPP", 101: "raw IP", 105: "IEEE 802.11", 127: "IEEE 802.11 with radiotap",
    187: "Bluetooth HCI", 189: "Linux USB", 195: "IEEE 802.15.4", 201: "Bluetooth HCI", 220: "Linux USB", 227: "CAN",
    228: "raw IPv4", 229: "raw IPv6", 239: "NFLOG", 254: "Bluetooth monitor",
}  # fmt: skip

_SLL2 = struct.Struct(">H6xHBB8s")  # protocol, (reserved, interface index,) hatype, packet type, halen, address


def check_link_type(interface: Interface, name: str) -> None:
    """Raise FileError unless records of this interface can hold netlink."""
    number = interface.linktype
    if number not in (NETLINK, LINUX_SLL, LINUX_SLL2):
        kind = f"{OTHERS[number]} (link type {number})" if number in OTHERS else f"link type {number}"
        raise FileError(f"{name} holds {kind}, not netlink; capture on an nlmon device")


def netlink_frame(record: Record) -> bytes | None:
    """Return a record's frame with the 16-byte header; None if it is not netlink.

    A capture on "any" holds other frames too.
    """
    data = record.data
    if record.interface.linktype == NETLINK:
        return data
    if record.interface.linktype == LINUX_SLL and int.from_bytes(data[2:4], "big") == ARPHRD_NETLINK:
        return data
    if record.interface.linktype == LINUX_SLL2 and len(data) >= _SLL2.size:
        protocol, hatype, kind, length, address = _SLL2.unpack_from(data)
        if hatype == ARPHRD_NETLINK:
            return STRUCT_SLL_HEADER.pack(kind, hatype, length, address, protocol) + data[_SLL2.size :]
    return None


def netlink_window(window: Window) -> Window:
    """Return the netlink frames of a window, each with the 16-byte header; the buffer is changed in place."""
    if window.owners is None and window.interface.linktype == NETLINK:
        return window
    kept = [index for index in range(len(window.starts)) if _keep(window, index)]
    starts = [window.starts[index] for index in kept]
    owners = [window.interface if window.owners is None else window.owners[index] for index in kept]
    moved = [at + 4 if owner.linktype == LINUX_SLL2 else at for at, owner in zip(starts, owners, strict=True)]
    new = dict(zip(starts, moved, strict=True))
    return Window(
        window.buffer,
        moved,
        window.byte_order,
        window.interface,
        None if window.owners is None else owners,
        {new[at]: texts for at, texts in window.comments.items() if at in new},
        {new[at] for at in window.timeless if at in new},
        [window.numbers[index] for index in kept],
        window.offset,
    )


def _keep(window: Window, index: int) -> bool:
    at, buffer = window.starts[index], window.buffer
    linktype = (window.interface if window.owners is None else window.owners[index]).linktype
    words = PREFACES[window.byte_order]
    first, second, captured, wire = words.unpack_from(buffer, at - 16)
    if linktype == LINUX_SLL:
        return captured >= 4 and int.from_bytes(buffer[at + 2 : at + 4], "big") == ARPHRD_NETLINK
    if linktype == LINUX_SLL2 and captured >= _SLL2.size:
        if int.from_bytes(buffer[at + 8 : at + 10], "big") != ARPHRD_NETLINK:
            return False
        shorten(buffer, at)  # before the words, which reach into the longer header
        words.pack_into(buffer, at - 12, first, second, captured - 4, wire - 4)
        return True
    return linktype == NETLINK


def shorten(buffer: bytearray, at: int) -> None:
    """Replace the header of LINUX_SLL2 at offset `at` by the 16-byte header, which ends where it ends."""
    protocol, hatype, kind, length, address = _SLL2.unpack_from(buffer, at)
    STRUCT_SLL_HEADER.pack_into(buffer, at + 4, kind, hatype, length, address, protocol)
