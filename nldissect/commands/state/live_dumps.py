"""Dumps of this host's objects, as messages that a capture of them would hold."""

from __future__ import annotations

from collections.abc import Iterator

from scapy.packet import Packet

from nldissect.capture.raw_netlink import Netlink
from nldissect.errors import CaptureError
from nldissect.families.route.addr import ifaddrmsg
from nldissect.families.route.link import IFLA, ifinfomsg
from nldissect.families.route.neigh import ndmsg
from nldissect.families.route.nexthop import nhmsg
from nldissect.families.route.route import rtmsg
from nldissect.families.route.rule import fib_rule_hdr
from nldissect.families.route.tc import tcmsg
from nldissect.uapi import NETLINK_ROUTE, NLM_F_DUMP, NLMSG_HDRLEN, sll_header
from nldissect.wire import Context, DecodedMessage, nlmsghdr, walk

REQUESTS: dict[str, Packet] = {
    "links": nlmsghdr(nlmsg_type="RTM_GETLINK") / ifinfomsg(attrs=[IFLA.EXT_MASK("VF")]),
    "addrs": nlmsghdr(nlmsg_type="RTM_GETADDR") / ifaddrmsg(),
    "routes": nlmsghdr(nlmsg_type="RTM_GETROUTE") / rtmsg(),
    "neighs": nlmsghdr(nlmsg_type="RTM_GETNEIGH") / ndmsg(),
    "rules": nlmsghdr(nlmsg_type="RTM_GETRULE") / fib_rule_hdr(),
    "nexthops": nlmsghdr(nlmsg_type="RTM_GETNEXTHOP") / nhmsg(),
    "qdiscs": nlmsghdr(nlmsg_type="RTM_GETQDISC") / tcmsg(),
}
"""Requests for all objects of a kind, of every address family."""


def live_messages(kinds: list[str]) -> Iterator[DecodedMessage]:
    """Yield the requests for all objects of some kinds (REQUESTS), each with the kernel's answers.

    CaptureError: the kernel refuses one.
    """
    context = Context()
    for kind in kinds:
        request = REQUESTS[kind]
        with Netlink(NETLINK_ROUTE) as kernel:
            try:
                kernel.ask(request.nlmsg_type, NLM_F_DUMP, bytes(request)[NLMSG_HDRLEN:])
            except OSError as error:
                raise CaptureError(f"can't list the {kind} of this host: {error.strerror}") from None
        for way, data in kernel.said:
            yield from walk(sll_header(way, NETLINK_ROUTE) + data, context).messages
