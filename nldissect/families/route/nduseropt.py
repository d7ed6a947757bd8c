"""Options of neighbour discovery for user space, as routers advertise them: RTM_NEWNDUSEROPT (linux/rtnetlink.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    S32,
    U8,
    U16,
    Addr,
    Attrs,
    AttrSet,
    Enum,
    Inside,
    Message,
    Pad,
    bind_message,
)

from ..common import AF


class ND_OPT(Enum):
    """Kernel-internal names (net/ndisc.h)."""

    SOURCE_LL_ADDR = 1
    TARGET_LL_ADDR = 2
    PREFIX_INFO    = 3
    REDIRECT_HDR   = 4
    MTU            = 5
    NONCE          = 14
    ROUTE_INFO     = 24
    RDNSS          = 25
    DNSSL          = 31
    _6CO           = 34
    CAPTIVE_PORTAL = 37
    PREF64         = 38


class NDUSEROPT(AttrSet):
    SRCADDR = Addr(1)


class nduseroptmsg(Message):
    fields_desc = [
        U8.of("nduseropt_family", AF), Pad.of("nduseropt_pad1", 1), U16.of("nduseropt_opts_len"),
        S32.of("nduseropt_ifindex", refers="interface"), U8.of("nduseropt_icmp_type"), U8.of("nduseropt_icmp_code"),
        Pad.of("nduseropt_pad2", 2), Pad.of("nduseropt_pad3", 4),
        Inside.of("options", "scapy.layers.inet6:ICMPv6NDOptUnknown", count="nduseropt_opts_len"),
        Attrs("attrs", NDUSEROPT),
    ]
    summary = "dev {nduseropt_ifindex} [from {NDUSEROPT_SRCADDR}]"


bind_message(nduseroptmsg, NETLINK_ROUTE, RTM_NEWNDUSEROPT=68)
