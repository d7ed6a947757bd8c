"""Nexthop objects, groups of them, buckets of resilient groups: RTM_NEWNEXTHOP and its kin (linux/nexthop.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    U8,
    U16,
    U32,
    U64,
    Addr,
    Attrs,
    AttrSet,
    Enum,
    Flag,
    Flags,
    Message,
    Nest,
    Pad,
    Structs,
    Uint,
    bind_message,
)

from ..common import AF, RT_SCOPE, RTPROT
from .route import RTNH_F
from .route_encap import LWTUNNEL_ENCAP, bind_encap


class NEXTHOP_GRP_TYPE(Enum):
    MPATH = 0
    RES   = 1


class NHA_OP_FLAG(Flags):
    DUMP_STATS       = 0x00000001
    DUMP_HW_STATS    = 0x00000002
    RESP_GRP_RESVD_0 = 0x80000000


class nexthop_grp(Message):
    """The weight is one more than `weight_high` and `weight` together say."""

    fields_desc = [U32.of("id"), U8.of("weight"), U8.of("weight_high"), Pad.of("resvd2", 2)]


class NHA_RES_GROUP(AttrSet):
    PAD              = Pad(0)
    BUCKETS          = U16(1)
    IDLE_TIMER       = U32(2, measure="clock_t")
    UNBALANCED_TIMER = U32(3, measure="clock_t")
    UNBALANCED_TIME  = U64(4, measure="clock_t")


class NHA_RES_BUCKET(AttrSet):
    PAD       = Pad(0)
    INDEX     = U16(1)
    IDLE_TIME = U64(2, measure="clock_t")
    NH_ID     = U32(3)


class NHA_GROUP_STATS_ENTRY(AttrSet):
    ID         = U32(1)
    PACKETS    = Uint(2)
    PACKETS_HW = Uint(3)


class NHA_GROUP_STATS(AttrSet):
    ENTRY = Nest(1, NHA_GROUP_STATS_ENTRY, many=True)


class NHA(AttrSet):
    ID              = U32(1)
    GROUP           = Structs(2, nexthop_grp)
    GROUP_TYPE      = U16(3, NEXTHOP_GRP_TYPE)
    BLACKHOLE       = Flag(4)
    OIF             = U32(5, refers="interface")
    GATEWAY         = Addr(6)
    ENCAP_TYPE      = U16(7, LWTUNNEL_ENCAP)
    ENCAP           = Nest(8)
    GROUPS          = Flag(9)
    MASTER          = U32(10, refers="interface")
    FDB             = Flag(11)
    RES_GROUP       = Nest(12, NHA_RES_GROUP)
    RES_BUCKET      = Nest(13, NHA_RES_BUCKET)
    OP_FLAGS        = U32(14, NHA_OP_FLAG)
    GROUP_STATS     = Nest(15, NHA_GROUP_STATS)
    HW_STATS_ENABLE = U32(16)
    HW_STATS_USED   = U32(17)


bind_encap(NHA.ENCAP)


class nhmsg(Message):
    fields_desc = [
        U8.of("nh_family", AF), U8.of("nh_scope", RT_SCOPE), U8.of("nh_protocol", RTPROT), Pad.of("resvd", 1),
        U32.of("nh_flags", RTNH_F), Attrs("attrs", NHA),
    ]
    summary = (
        "[id {NHA_ID}] [bucket {NHA_RES_BUCKET_INDEX} nhid {NHA_RES_BUCKET_NH_ID}] [group of {NHA_GROUP#}]"
        " [type {NHA_GROUP_TYPE}] [encap {NHA_ENCAP_TYPE}] [via {NHA_GATEWAY}] [dev {NHA_OIF}]"
        " [{?NHA_BLACKHOLE}blackhole] [{?NHA_FDB}fdb] [{?to=user}scope {nh_scope}] [proto {nh_protocol}] [<{nh_flags}>]"
    )


bind_message(
    nhmsg, NETLINK_ROUTE,
    RTM_NEWNEXTHOP=104, RTM_DELNEXTHOP=105, RTM_GETNEXTHOP=106,
    RTM_NEWNEXTHOPBUCKET=116, RTM_DELNEXTHOPBUCKET=117, RTM_GETNEXTHOPBUCKET=118,
)
