"""Multicast routing: reports to a routing daemon, and the state of its tables (linux/mroute.h, mroute6.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    S32,
    U8,
    U16,
    U32,
    U64,
    Addr,
    Attrs,
    AttrSet,
    Blob,
    Enum,
    Flags,
    Inside,
    Message,
    Nest,
    Pad,
    bind_attrs,
    bind_message,
)

from ..common import RT_TABLE
from .link import IFLA
from .route import RTM_FAMILY


class IGMPMSG(Enum):
    NOCACHE    = 1
    WRONGVIF   = 2
    WHOLEPKT   = 3
    WRVIFWHOLE = 4


class MRT6MSG(Enum):
    NOCACHE    = 1
    WRONGMIF   = 2
    WHOLEPKT   = 3
    WRMIFWHOLE = 4


class VIFF(Flags):
    TUNNEL      = 0x1
    SRCRT       = 0x2
    REGISTER    = 0x4
    USE_IFINDEX = 0x8


class IPMRA_CREPORT(AttrSet):
    MSGTYPE  = U8(1, IGMPMSG)
    VIF_ID   = U32(2)
    SRC_ADDR = Addr(3)
    DST_ADDR = Addr(4)
    PKT      = Blob(5, "struct igmphdr made up for the daemon")
    TABLE    = U32(6, RT_TABLE)


bind_attrs(IPMRA_CREPORT.PKT, Inside(None, "scapy.layers.inet:IP"), MSGTYPE=(IGMPMSG.WHOLEPKT, IGMPMSG.WRVIFWHOLE))


class IP6MRA_CREPORT(AttrSet):
    MSGTYPE  = U8(1, MRT6MSG)
    MIF_ID   = U32(2)
    SRC_ADDR = Addr(3)
    DST_ADDR = Addr(4)
    PKT      = Inside(5, "scapy.layers.inet6:IPv6")     # empty unless the type is WHOLEPKT or WRMIFWHOLE


class IPMRA_VIFA(AttrSet):
    IFINDEX     = U32(1, refers="interface")
    VIF_ID      = U32(2)
    FLAGS       = U16(3, VIFF)
    BYTES_IN    = U64(4)
    BYTES_OUT   = U64(5)
    PACKETS_IN  = U64(6)
    PACKETS_OUT = U64(7)
    LOCAL_ADDR  = Addr(8)
    REMOTE_ADDR = Addr(9)
    PAD         = Pad(10)


bind_attrs(IPMRA_VIFA.LOCAL_ADDR, U32(None, refers="interface"), FLAGS=VIFF.USE_IFINDEX)


class IPMRA(AttrSet):
    VIF = Nest(1, IPMRA_VIFA, many=True)


class IPMRA_TABLE(AttrSet):
    ID                   = U32(1, RT_TABLE)
    CACHE_RES_QUEUE_LEN  = U32(2)
    MROUTE_REG_VIF_NUM   = S32(3)
    MROUTE_DO_ASSERT     = U8(4)
    MROUTE_DO_PIM        = U8(5)
    VIFS                 = Nest(6, IPMRA)
    MROUTE_DO_WRVIFWHOLE = U8(7)


bind_attrs(IFLA.AF_SPEC, IPMRA_TABLE, ifi_family=RTM_FAMILY.IPMR)


class rtgenmsg_ipmr(Message):
    """struct rtgenmsg before an IPv4 report."""

    fields_desc = [U8.of("rtgen_family", RTM_FAMILY), Pad.of("__pad", 3), Attrs("attrs", IPMRA_CREPORT)]
    summary = (
        "{rtgen_family} [{IPMRA_CREPORT_MSGTYPE}] [vif {IPMRA_CREPORT_VIF_ID}] [src {IPMRA_CREPORT_SRC_ADDR}]"
        " [dst {IPMRA_CREPORT_DST_ADDR}] [table {IPMRA_CREPORT_TABLE}]"
    )


class rtgenmsg_ip6mr(Message):
    """struct rtgenmsg before an IPv6 report."""

    fields_desc = [U8.of("rtgen_family", RTM_FAMILY), Pad.of("__pad", 3), Attrs("attrs", IP6MRA_CREPORT)]
    summary = (
        "{rtgen_family} [{IP6MRA_CREPORT_MSGTYPE}] [mif {IP6MRA_CREPORT_MIF_ID}] [src {IP6MRA_CREPORT_SRC_ADDR}]"
        " [dst {IP6MRA_CREPORT_DST_ADDR}]"
    )


bind_message(rtgenmsg_ip6mr, NETLINK_ROUTE, first=RTM_FAMILY.IP6MR, RTM_NEWCACHEREPORT=96)
bind_message(rtgenmsg_ipmr, NETLINK_ROUTE, RTM_NEWCACHEREPORT=96)
