"""Dumps of this host's objects, as messages that a capture of them would hold."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from nldissect.capture.raw_netlink import Netlink, attribute
from nldissect.errors import CaptureError
from nldissect.uapi import NETLINK_ROUTE, NLM_F_DUMP, sll_header
from nldissect.wire import Context, DecodedMessage, walk

IFLA_EXT_MASK, RTEXT_FILTER_VF = 29, 1

REQUESTS: dict[str, tuple[int, bytes]] = {
    "links": (18, bytes(16) + attribute(IFLA_EXT_MASK, RTEXT_FILTER_VF.to_bytes(4, sys.byteorder))),
    "addrs": (22, bytes(8)),
    "routes": (26, bytes(12)),
    "neighs": (30, bytes(12)),
    "rules": (34, bytes(12)),
    "nexthops": (106, bytes(8)),
    "qdiscs": (38, bytes(20)),
}
"""What `--live` compares: kinds of objects, with type and body of the request for all of them (linux/rtnetlink.h):
RTM_GETLINK and struct ifinfomsg, ifaddrmsg, rtmsg, ndmsg, fib_rule_hdr, nhmsg, tcmsg; 0 stands for all families."""


def live_messages(kinds: list[str]) -> Iterator[DecodedMessage]:
    """Yield the requests for all objects of some kinds (REQUESTS), each with the kernel's answers.

    CaptureError: the kernel refuses one.
    """
    context = Context()
    for kind in kinds:
        number, body = REQUESTS[kind]
        with Netlink(NETLINK_ROUTE) as kernel:
            try:
                kernel.ask(number, NLM_F_DUMP, body)
            except OSError as error:
                raise CaptureError(f"can't list the {kind} of this host: {error.strerror}") from None
        for way, data in kernel.said:
            yield from walk(sll_header(way, NETLINK_ROUTE) + data, context).messages
