"""Options of neighbour discovery for user space, as routers advertise them: RTM_NEWNDUSEROPT (linux/rtnetlink.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    S32,
    U8,
    U16,
    Addr,
    Array,
    Attrs,
    AttrSet,
    Be16,
    Be32,
    Blob,
    Enum,
    Flags,
    Message,
    Pad,
    Text,
    bind_attrs,
    bind_message,
)

from ..common import AF
from ..icmp import ICMPV6


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


class ND_OPT_PI_FLAG(Flags):
    """Flags of a prefix information option (RFC 4861, 6275, 9762)."""

    PD_PREFERRED = 0x10
    RADDR        = 0x20
    AUTO         = 0x40
    ONLINK       = 0x80


class nd_opt_prefix_info(Message):
    fields_desc = [
        U8.of("prefix_len"), U8.of("flags", ND_OPT_PI_FLAG), Be32.of("valid"), Be32.of("prefered"),
        Pad.of("reserved2", 4), Addr.of("prefix", 16, prefix="prefix_len"),
    ]


class nd_opt_rdnss(Message):
    fields_desc = [Pad.of("reserved", 2), Be32.of("lifetime"), Array.of("addresses", Addr(None, 16))]


class nd_opt_dnssl(Message):
    fields_desc = [Pad.of("reserved", 2), Be32.of("lifetime"), Blob.of("names", "domain names as DNS packs them")]


class nd_opt_6co(Message):
    fields_desc = [
        U8.of("context_length"), U8.of("flags", base=16), Pad.of("reserved", 2), Be16.of("lifetime"),
        Blob.of("prefix", "an IPv6 prefix, half an address or a whole one"),
    ]


class nd_opt_captive_portal(Message):
    fields_desc = [Text.of("uri")]


class nd_opt_pref64(Message):
    fields_desc = [Be16.of("lifetime_plc", base=16), Blob.of("prefix", 12, "the upper 96 bits of an IPv6 address")]


class nd_opt_hdr(Message):
    """One option: type, length in units of 8 bytes, and what the type says."""

    fields_desc = [U8.of("nd_opt_type", ND_OPT), U8.of("nd_opt_len"), Blob.of("data", "an option not meant for users")]


bind_attrs(nd_opt_hdr.data, nd_opt_prefix_info, nd_opt_type=ND_OPT.PREFIX_INFO)
bind_attrs(nd_opt_hdr.data, nd_opt_rdnss, nd_opt_type=ND_OPT.RDNSS)
bind_attrs(nd_opt_hdr.data, nd_opt_dnssl, nd_opt_type=ND_OPT.DNSSL)
bind_attrs(nd_opt_hdr.data, nd_opt_6co, nd_opt_type=ND_OPT._6CO)
bind_attrs(nd_opt_hdr.data, nd_opt_captive_portal, nd_opt_type=ND_OPT.CAPTIVE_PORTAL)
bind_attrs(nd_opt_hdr.data, nd_opt_pref64, nd_opt_type=ND_OPT.PREF64)


class NDUSEROPT(AttrSet):
    SRCADDR = Addr(1)


class nduseroptmsg(Message):
    fields_desc = [
        U8.of("nduseropt_family", AF), Pad.of("nduseropt_pad1", 1), U16.of("nduseropt_opts_len"),
        S32.of("nduseropt_ifindex", refers="interface"), U8.of("nduseropt_icmp_type", ICMPV6),
        U8.of("nduseropt_icmp_code"), Pad.of("nduseropt_pad2", 2), Pad.of("nduseropt_pad3", 4),
        Blob.of("options", "not in a router advertisement", count="nduseropt_opts_len"), Attrs("attrs", NDUSEROPT),
    ]
    summary = "dev {nduseropt_ifindex} [{nd_opt_type}] [from {NDUSEROPT_SRCADDR}]"


bind_attrs(nduseroptmsg.options, nd_opt_hdr, nduseropt_icmp_type=134)          # ND_ROUTER_ADVERT

bind_message(nduseroptmsg, NETLINK_ROUTE, RTM_NEWNDUSEROPT=68)
