"""Counters of links, beyond those in RTM_NEWLINK: RTM_GETSTATS and its kin (linux/if_link.h, if_bridge.h, mpls.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    U8,
    U16,
    U32,
    U64,
    Array,
    Attrs,
    AttrSet,
    Flags,
    Message,
    Nest,
    Pad,
    Struct,
    bind_attrs,
    bind_message,
)

from ..common import AF
from .link_bridge import BRIDGE_VLAN_INFO
from .link_stats import rtnl_link_stats64


class IFLA_STATS_FILTER_BIT(Flags, prefix="IFLA_STATS"):
    """Bit n - 1 asks for attribute n: the header's IFLA_STATS_FILTER_BIT()."""

    LINK_64             = 1 << 0
    LINK_XSTATS         = 1 << 1
    LINK_XSTATS_SLAVE   = 1 << 2
    LINK_OFFLOAD_XSTATS = 1 << 3
    AF_SPEC             = 1 << 4


class IFLA_OFFLOAD_XSTATS_FILTER_BIT(Flags, prefix="IFLA_OFFLOAD_XSTATS"):
    """Bit n - 1 asks for attribute n of IFLA_STATS_LINK_OFFLOAD_XSTATS."""

    CPU_HIT   = 1 << 0
    HW_S_INFO = 1 << 1
    L3_STATS  = 1 << 2


class bridge_vlan_xstats(Message):
    fields_desc = [
        U64.of("rx_bytes"), U64.of("rx_packets"), U64.of("tx_bytes"), U64.of("tx_packets"),
        U16.of("vid"), U16.of("flags", BRIDGE_VLAN_INFO), Pad.of("pad2", 4),
    ]


class br_mcast_stats(Message):
    """Each pair is received, sent."""

    fields_desc = [
        Array.of("igmp_v1queries", U64, length=2), Array.of("igmp_v2queries", U64, length=2),
        Array.of("igmp_v3queries", U64, length=2), Array.of("igmp_leaves", U64, length=2),
        Array.of("igmp_v1reports", U64, length=2), Array.of("igmp_v2reports", U64, length=2),
        Array.of("igmp_v3reports", U64, length=2), U64.of("igmp_parse_errors"),
        Array.of("mld_v1queries", U64, length=2), Array.of("mld_v2queries", U64, length=2),
        Array.of("mld_leaves", U64, length=2), Array.of("mld_v1reports", U64, length=2),
        Array.of("mld_v2reports", U64, length=2), U64.of("mld_parse_errors"),
        Array.of("mcast_bytes", U64, length=2), Array.of("mcast_packets", U64, length=2),
    ]


class bridge_stp_xstats(Message):
    fields_desc = [
        U64.of("transition_blk"), U64.of("transition_fwd"), U64.of("rx_bpdu"), U64.of("tx_bpdu"), U64.of("rx_tcn"),
        U64.of("tx_tcn"),
    ]


class BRIDGE_XSTATS(AttrSet):
    VLAN  = Struct(1, bridge_vlan_xstats, many=True)
    MCAST = Struct(2, br_mcast_stats)
    PAD   = Pad(3)
    STP   = Struct(4, bridge_stp_xstats)


class BOND_3AD_STAT(AttrSet):
    LACPDU_RX         = U64(0)
    LACPDU_TX         = U64(1)
    LACPDU_UNKNOWN_RX = U64(2)
    LACPDU_ILLEGAL_RX = U64(3)
    MARKER_RX         = U64(4)
    MARKER_TX         = U64(5)
    MARKER_RESP_RX    = U64(6)
    MARKER_RESP_TX    = U64(7)
    MARKER_UNKNOWN_RX = U64(8)
    PAD               = Pad(9)


class BOND_XSTATS(AttrSet):
    _3AD = Nest(1, BOND_3AD_STAT)


class LINK_XSTATS_TYPE(AttrSet):
    BRIDGE = Nest(1, BRIDGE_XSTATS)
    BOND   = Nest(2, BOND_XSTATS)


class rtnl_hw_stats64(Message):
    fields_desc = [
        U64.of("rx_packets"), U64.of("tx_packets"), U64.of("rx_bytes"), U64.of("tx_bytes"), U64.of("rx_errors"),
        U64.of("tx_errors"), U64.of("rx_dropped"), U64.of("tx_dropped"), U64.of("multicast"),
    ]


class IFLA_OFFLOAD_XSTATS_HW_S_INFO(AttrSet):
    REQUEST = U8(1)
    USED    = U8(2)


class IFLA_OFFLOAD_XSTATS_HW_S_INFOS(AttrSet, prefix="IFLA_OFFLOAD_XSTATS"):
    """One for each kind of counters that hardware can keep, under the number of those counters."""

    L3_STATS = Nest(3, IFLA_OFFLOAD_XSTATS_HW_S_INFO)


class IFLA_OFFLOAD_XSTATS(AttrSet):
    CPU_HIT   = Struct(1, rtnl_link_stats64)
    HW_S_INFO = Nest(2, IFLA_OFFLOAD_XSTATS_HW_S_INFOS)
    L3_STATS  = Struct(3, rtnl_hw_stats64)


class mpls_link_stats(Message):
    fields_desc = [
        U64.of("rx_packets"), U64.of("tx_packets"), U64.of("rx_bytes"), U64.of("tx_bytes"), U64.of("rx_errors"),
        U64.of("tx_errors"), U64.of("rx_dropped"), U64.of("tx_dropped"), U64.of("rx_noroute"),
    ]


class MPLS_STATS(AttrSet):
    UNSPEC = Pad(0)
    LINK   = Struct(1, mpls_link_stats)


class IFLA_STATS_AF_SPEC(AttrSet, prefix="AF"):
    MPLS = Nest(28, MPLS_STATS)


class IFLA_STATS(AttrSet):
    UNSPEC              = Pad(0)
    LINK_64             = Struct(1, rtnl_link_stats64)
    LINK_XSTATS         = Nest(2, LINK_XSTATS_TYPE)
    LINK_XSTATS_SLAVE   = Nest(3, LINK_XSTATS_TYPE)
    LINK_OFFLOAD_XSTATS = Nest(4, IFLA_OFFLOAD_XSTATS)
    AF_SPEC             = Nest(5, IFLA_STATS_AF_SPEC)


class IFLA_STATS_FILTERS(AttrSet, prefix="IFLA_STATS"):
    """What of a group of counters is wanted, under the number of that group."""

    LINK_64             = U32(1)
    LINK_XSTATS         = U32(2)
    LINK_XSTATS_SLAVE   = U32(3)
    LINK_OFFLOAD_XSTATS = U32(4, IFLA_OFFLOAD_XSTATS_FILTER_BIT)
    AF_SPEC             = U32(5)


class IFLA_STATS_GETSET(AttrSet, prefix="IFLA_STATS"):
    GET_FILTERS                 = Nest(1, IFLA_STATS_FILTERS)
    SET_OFFLOAD_XSTATS_L3_STATS = U8(2)


class if_stats_msg(Message):
    fields_desc = [
        U8.of("family", AF), Pad.of("pad1", 1), Pad.of("pad2", 2), U32.of("ifindex", refers="interface"),
        U32.of("filter_mask", IFLA_STATS_FILTER_BIT), Attrs("attrs", IFLA_STATS),
    ]
    summary = (
        "[dev {ifindex}] [<{filter_mask}>] [rx {IFLA_STATS_LINK_64.rx_packets}] [tx {IFLA_STATS_LINK_64.tx_packets}]"
        " [l3_stats {IFLA_STATS_SET_OFFLOAD_XSTATS_L3_STATS}]"
    )


bind_attrs(if_stats_msg.attrs, IFLA_STATS_GETSET, to="kernel")

bind_message(if_stats_msg, NETLINK_ROUTE, RTM_NEWSTATS=92, RTM_GETSTATS=94, RTM_SETSTATS=95)
