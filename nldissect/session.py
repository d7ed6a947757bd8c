"""NetlinkSession: what Scapy's sniff() and PcapReader need so that later frames know what earlier ones taught."""

from __future__ import annotations

from typing import Any

from scapy.packet import Packet
from scapy.sessions import DefaultSession

from nldissect.wire import Context, nlmon


class NetlinkSession(DefaultSession):
    """Gives one Context to every frame: `sniff(offline="x.pcap", session=NetlinkSession)`.

    A frame that came without one is dissected again, now knowing generic family ids, interface names and byte order.
    """

    def __init__(self, context: Context | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.context = Context() if context is None else context

    def process(self, pkt: Packet) -> Packet | None:
        if not isinstance(pkt, nlmon):
            return super().process(pkt)
        frame = nlmon(pkt.original, _context=self.context, _room=(pkt.wirelen or len(pkt.original)) - 16)
        for kept in ("time", "wirelen", "sniffed_on", "comments"):
            setattr(frame, kept, getattr(pkt, kept))
        return super().process(frame)
