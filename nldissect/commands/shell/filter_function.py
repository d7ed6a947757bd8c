"""`filter` at the prompt, for the capture or for packets from anywhere."""

from __future__ import annotations

import builtins
import io
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from scapy.packet import Packet
from scapy.plist import PacketList, SndRcvList

from nldissect.capfile.writer import PcapngWriter
from nldissect.errors import NldissectError
from nldissect.store.capture import open_captures
from nldissect.wire import nlmon, nlmsghdr
from nldissect.wire.packets.frame import framed
from nldissect.wire.packets.layer import Layer

if TYPE_CHECKING:
    from nldissect import Capture

LISTS = (PacketList, SndRcvList)


def chooser(capture: Capture | None) -> Callable[..., Any]:
    """Return the function `filter` of a shell."""

    def filter(text: Any, packets: Any = ...) -> Any:
        """Return the messages for which a filter holds: filter("IFLA_MTU > 1500") of cap, filter("error", packets).

        packets    a capture or what a filter left of one, or a list of frames (nlmon), of messages (nlmsghdr), or of
                   requests with their answers, as sr gives it
        With a function for the text it is Python's own filter.
        """
        if not isinstance(text, str):
            return builtins.filter(text, packets)
        if packets is ...:
            packets = capture
        if packets is None:
            raise NldissectError('no capture is open; filter("...", packets) takes a list of packets')
        own = getattr(packets, "filter", None)
        return chosen(text, packets) if own is None or isinstance(packets, LISTS) else own(text)

    return filter


def chosen(text: str, packets: Iterable[Any]) -> Any:
    """Return the packets, or tuples of them, with a message for which a filter holds, as a list of the same type."""
    given = list(packets)
    places = [(at, one) for at, item in enumerate(given) for one in (item if isinstance(item, tuple) else (item,))]
    flat = [packet for _, packet in places]
    with open_captures(_written(flat), families=_families(flat)) as capture:
        found = dict.fromkeys(places[int(number) - 1][0] for number in capture.filter(text).columns["frame"])
    kept = [given[at] for at in found]
    return type(packets)(kept, name=f"filter {packets.listname}") if isinstance(packets, LISTS) else kept


def _written(packets: list[Packet]) -> io.BytesIO:
    """Return the packets as a capture, a frame each, so that a filter means the same here as in a file."""
    stream = io.BytesIO()
    writer = PcapngWriter(stream)
    for packet in packets:
        frame = _frame(packet)
        writer.write(int(frame.time * 10**9), bytes(frame), frame.wirelen)
    writer.flush()
    stream.seek(0)
    return stream


def _frame(packet: Packet) -> Packet:
    """Return a packet as the frame that nlmon would show.

    A packet of Scapy's other protocols becomes a frame without messages, for which no filter holds.
    """
    if isinstance(packet, nlmon):
        return packet
    return framed(packet) if isinstance(packet, nlmsghdr) else nlmon(messages=[])


def _families(packets: list[Packet]) -> dict[int, str]:
    """Return the names of generic families by id, as the packets' own contexts know them."""
    found: dict[int, str] = {}
    for packet in packets:
        context = packet._env.context if isinstance(packet, Layer) else None
        if context is not None:
            found |= context.names.get("genl", {}) | context.fixed.get("genl", {})
    return found
