"""Messages in Scapy's writers of captures: `wrpcap`, `tcpdump`, `wireshark` and the pcapng writer.

A capture of link type 253 holds frames, but packets at a Scapy prompt are often messages: made by hand, or left by a
filter. Scapy asks a packet for its bytes alone, so its writers are given the frame of a message in place of it.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from scapy.config import conf
from scapy.packet import Packet
from scapy.utils import GenericPcapWriter

from .wire import nlmsghdr
from .wire.packets.frame import framed


def install(link_type: int) -> None:
    """Have messages written as frames of this link type."""
    conf.l2types.register_layer2num(link_type, nlmsghdr)
    write = GenericPcapWriter.write_packet

    @wraps(write)
    def write_packet(self: GenericPcapWriter, packet: bytes | Packet, *arguments: Any, **options: Any) -> None:
        write(self, framed(packet) if isinstance(packet, nlmsghdr) else packet, *arguments, **options)

    GenericPcapWriter.write_packet = write_packet  # type: ignore[method-assign]
