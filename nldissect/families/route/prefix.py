"""Prefixes heard in router advertisements: RTM_NEWPREFIX (linux/rtnetlink.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    S32,
    U8,
    U32,
    Addr,
    Attrs,
    AttrSet,
    Flags,
    Message,
    Pad,
    Struct,
    bind_message,
)

from ..common import AF
from .nduseropt import ND_OPT


class IF_PREFIX(Flags):
    """Older kernels set the two low bits (net/if_inet6.h); newer ones pass on the flags of the option itself."""

    ONLINK        = 0x01
    AUTOCONF      = 0x02
    RA_PREFERPD   = 0x10
    RA_ROUTERADDR = 0x20
    RA_AUTOCONF   = 0x40
    RA_ONLINK     = 0x80


class prefix_cacheinfo(Message):
    fields_desc = [U32.of("preferred_time", measure="s"), U32.of("valid_time", measure="s")]


class PREFIX(AttrSet):
    ADDRESS   = Addr(1, prefix="prefix_len")
    CACHEINFO = Struct(2, prefix_cacheinfo)


class prefixmsg(Message):
    fields_desc = [
        U8.of("prefix_family", AF), Pad.of("prefix_pad1", 1), Pad.of("prefix_pad2", 2),
        S32.of("prefix_ifindex", refers="interface"), U8.of("prefix_type", ND_OPT), U8.of("prefix_len"),
        U8.of("prefix_flags", IF_PREFIX), Pad.of("prefix_pad3", 1), Attrs("attrs", PREFIX),
    ]
    summary = (
        "[{PREFIX_ADDRESS}/{prefix_len}] dev {prefix_ifindex} [<{prefix_flags}>] [valid {valid_time}]"
        " [preferred {preferred_time}]"
    )


bind_message(prefixmsg, NETLINK_ROUTE, RTM_NEWPREFIX=52)
