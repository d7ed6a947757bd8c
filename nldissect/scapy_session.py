"""NetlinkSession: the session with which Scapy's sniff() and PcapReader decode frames by facts from earlier ones."""

from __future__ import annotations

from typing import Any

from scapy.packet import Packet
from scapy.sessions import DefaultSession

from nldissect.families.answer_rules import RULES
from nldissect.request_tracker import RequestHeader, RequestTracker
from nldissect.wire import NETLINK, Context, nlmon, nlmsghdr
from nldissect.wire.packets.bindings import verb_of


class NetlinkSession(DefaultSession):
    """A session that gives one Context to every frame: `sniff(offline="x.pcap", session=NetlinkSession)`.

    A frame that came without one is dissected again, with the generic family ids, interface names and byte order known
    by then, and the requests before it, from which directions follow that the header alone does not show.
    """

    def __init__(self, context: Context | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.context = Context() if context is None else context
        self.context.requests = self.context.requests or RequestTracker(RULES)
        self._number = 0

    def process(self, pkt: Packet) -> Packet | None:
        if not isinstance(pkt, nlmon):
            return super().process(pkt)
        frame = nlmon(pkt.original, _context=self.context, _room=(pkt.wirelen or len(pkt.original)) - 16)
        for kept in ("time", "wirelen", "sniffed_on", "comments"):
            setattr(frame, kept, getattr(pkt, kept))
        self._number += 1
        for message in frame.messages:
            if isinstance(message, nlmsghdr) and message.header is not None:
                self._observe(message.header, message.inferred_direction)
        return super().process(frame)

    def _observe(self, header: RequestHeader, direction: str | None) -> None:
        """Observe a request, or the answer to one: directions of later messages follow from it."""
        assert self.context.requests is not None
        family = self.context.name("genl", header.type) if header.protocol == NETLINK.GENERIC else None
        verb = verb_of(header.protocol, header.type)
        self.context.requests.observe(self._number, header, direction, None, verb=verb, family=family)
