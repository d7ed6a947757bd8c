"""Routes: RTM_NEWROUTE and its kin, of IPv4, IPv6, MPLS, multicast routing and smaller families (linux/rtnetlink.h)."""

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
    Be16,
    Be32,
    Blob,
    Enum,
    Flags,
    Mac,
    Message,
    Nest,
    Pad,
    Records,
    Struct,
    Text,
    Uint,
    bind_attrs,
    bind_composer,
    bind_message,
)

from ..common import AF, IPPROTO, RT_SCOPE, RT_TABLE, RTN, RTPROT
from .hop_text import NEXT_HOPS
from .ip_values import Dsfield, Flow
from .route_encap import LWTUNNEL_ENCAP, bind_encap


class RTM_FAMILY(AF, prefix="RTNL_FAMILY"):
    """rtnetlink's families: the address families, and above 127 its own."""

    IPMR  = 128
    IP6MR = 129


class RTM_F(Flags, prefix=""):
    """The upper bits are the route's, the lower ones those of its only next hop."""

    RTNH_F_DEAD          = 0x01
    RTNH_F_PERVASIVE     = 0x02
    RTNH_F_ONLINK        = 0x04
    RTNH_F_OFFLOAD       = 0x08
    RTNH_F_LINKDOWN      = 0x10
    RTNH_F_UNRESOLVED    = 0x20
    RTNH_F_TRAP          = 0x40
    RTM_F_NOTIFY         = 0x100
    RTM_F_CLONED         = 0x200
    RTM_F_EQUALIZE       = 0x400
    RTM_F_PREFIX         = 0x800
    RTM_F_LOOKUP_TABLE   = 0x1000
    RTM_F_FIB_MATCH      = 0x2000
    RTM_F_OFFLOAD        = 0x4000
    RTM_F_TRAP           = 0x8000
    RTM_F_OFFLOAD_FAILED = 0x20000000


class RTNH_F(Flags):
    DEAD       = 0x01
    PERVASIVE  = 0x02
    ONLINK     = 0x04
    OFFLOAD    = 0x08
    LINKDOWN   = 0x10
    UNRESOLVED = 0x20
    TRAP       = 0x40


class RTAX_FEATURE(Flags):
    ECN         = 0x01
    SACK        = 0x02
    TIMESTAMP   = 0x04
    ALLFRAG     = 0x08
    TCP_USEC_TS = 0x10


class RTAX_LOCKED(Flags, prefix="RTAX"):
    """Bit n locks the metric whose attribute number is n."""

    MTU        = 1 << 2
    WINDOW     = 1 << 3
    RTT        = 1 << 4
    RTTVAR     = 1 << 5
    SSTHRESH   = 1 << 6
    CWND       = 1 << 7
    ADVMSS     = 1 << 8
    REORDERING = 1 << 9
    HOPLIMIT   = 1 << 10
    INITCWND   = 1 << 11
    FEATURES   = 1 << 12
    RTO_MIN    = 1 << 13
    INITRWND   = 1 << 14
    QUICKACK   = 1 << 15


class ICMPV6_ROUTER_PREF(Enum):
    MEDIUM  = 0
    HIGH    = 1
    INVALID = 2
    LOW     = 3


class RTAX(AttrSet):
    LOCK               = U32(1, RTAX_LOCKED)
    MTU                = U32(2)
    WINDOW             = U32(3)
    RTT                = U32(4)
    RTTVAR             = U32(5)
    SSTHRESH           = U32(6)
    CWND               = U32(7)
    ADVMSS             = U32(8)
    REORDERING         = U32(9)
    HOPLIMIT           = U32(10)
    INITCWND           = U32(11)
    FEATURES           = U32(12, RTAX_FEATURE)
    RTO_MIN            = U32(13)
    INITRWND           = U32(14)
    QUICKACK           = U32(15)
    CC_ALGO            = Text(16)
    FASTOPEN_NO_COOKIE = U32(17)


class rta_cacheinfo(Message):
    fields_desc = [
        U32.of("rta_clntref"), U32.of("rta_lastuse", measure="clock_t"), S32.of("rta_expires", measure="clock_t"),
        U32.of("rta_error"),
        U32.of("rta_used"), U32.of("rta_id"), U32.of("rta_ts"), U32.of("rta_tsage"),
    ]


class rta_session(Message):
    fields_desc = [
        U8.of("proto", IPPROTO), U8.of("pad1"), U16.of("pad2"), Blob.of("u", 4, "a union no kernel has ever filled"),
    ]


class rta_mfc_stats(Message):
    fields_desc = [U64.of("mfcs_packets"), U64.of("mfcs_bytes"), U64.of("mfcs_wrong_if")]


class rtvia(Message):
    fields_desc = [U16.of("rtvia_family", AF), Addr.of("rtvia_addr")]


bind_attrs(rtvia.rtvia_addr, Mac(None), rtvia_family=AF.PACKET)


class rtnexthop(Message):
    fields_desc = [
        U16.of("rtnh_len"), U8.of("rtnh_flags", RTNH_F), U8.of("rtnh_hops", measure="weight"),
        S32.of("rtnh_ifindex", refers="interface"), Attrs("attrs", "RTA"),
    ]
    summary = (
        "nexthop [as to {RTA_NEWDST}] [encap {RTA_ENCAP_TYPE}] [via {RTA_GATEWAY}] [via {rtvia_family} {rtvia_addr}]"
        " [dev {rtnh_ifindex}] [{rtnh_hops}] [<{rtnh_flags}>]"
    )


bind_attrs(rtnexthop.rtnh_hops, U8(None, measure="ttl"), rtm_family=(RTM_FAMILY.IPMR, RTM_FAMILY.IP6MR))
bind_attrs(rtnexthop.rtnh_hops, U8(None, silent=range(256)), rtm_family=AF.MPLS)      # net/mpls knows no weights


class RTA(AttrSet):
    DST           = Addr(1, prefix="rtm_dst_len")
    SRC           = Addr(2, prefix="rtm_src_len")
    IIF           = U32(3, refers="interface")
    OIF           = U32(4, refers="interface")
    GATEWAY       = Addr(5)
    PRIORITY      = U32(6)
    PREFSRC       = Addr(7)
    METRICS       = Nest(8, RTAX)
    MULTIPATH     = Records(9, rtnexthop)
    PROTOINFO     = U32(10, deprecated=True)
    FLOW          = Flow(11)
    CACHEINFO     = Struct(12, rta_cacheinfo)
    SESSION       = Struct(13, rta_session, deprecated=True)
    MP_ALGO       = U32(14, deprecated=True)
    TABLE         = U32(15, RT_TABLE)
    MARK          = U32(16, base=16)
    MFC_STATS     = Struct(17, rta_mfc_stats)
    VIA           = Struct(18, rtvia)
    NEWDST        = Addr(19, family=AF.MPLS)
    PREF          = U8(20, ICMPV6_ROUTER_PREF)
    ENCAP_TYPE    = U16(21, LWTUNNEL_ENCAP)
    ENCAP         = Nest(22)
    EXPIRES       = Uint(23)                 # u32 seconds of an IPv6 route, u64 clock ticks of a multicast one
    PAD           = Pad(24)
    UID           = U32(25)
    TTL_PROPAGATE = U8(26)
    IP_PROTO      = U8(27, IPPROTO)
    SPORT         = Be16(28)
    DPORT         = Be16(29)
    NH_ID         = U32(30)
    FLOWLABEL     = Be32(31, base=16)


bind_attrs(RTA.DST, Addr(None, family=AF.MPLS), rtm_family=AF.MPLS)
bind_attrs(RTA.DST, U8(None, base=16), rtm_family=(AF.PHONET, AF.MCTP))
bind_encap(RTA.ENCAP)
bind_composer(RTA.MULTIPATH, NEXT_HOPS, NEXT_HOPS.names, needs=("rtm_family",))


class rtmsg(Message):
    fields_desc = [
        U8.of("rtm_family", RTM_FAMILY), U8.of("rtm_dst_len"), U8.of("rtm_src_len"), Dsfield.of("rtm_tos"),
        U8.of("rtm_table", RT_TABLE), U8.of("rtm_protocol", RTPROT),
        U8.of("rtm_scope", RT_SCOPE, silent=(RT_SCOPE.NOWHERE,)), U8.of("rtm_type", RTN), U32.of("rtm_flags", RTM_F),
        Attrs("attrs", RTA),
    ]
    summary = (                                 # NOWHERE asks for any scope; RTM_GETROUTE can't ask for one
        "[{?RTA_DST}{rtm_type}] [{?rtm_family=AF_MPLS}{RTA_DST}] [{!rtm_family=AF_MPLS}{RTA_DST}/{rtm_dst_len}]"
        " [{!RTA_DST}{rtm_type}[{!nlmsg_type=RTM_GETROUTE} default] ] [from {RTA_SRC}/{rtm_src_len}] [tos {rtm_tos}]"
        " [nhid {RTA_NH_ID}] [as to {RTA_NEWDST}] [encap {RTA_ENCAP_TYPE}] [via {RTA_GATEWAY}]"
        " [via {RTA_VIA.rtvia_family} {RTA_VIA.rtvia_addr}] [dev {RTA_OIF}] [iif {RTA_IIF}] [mark {RTA_MARK}]"
        " [uid {RTA_UID}] [proto {rtm_protocol}] [{!nlmsg_type=RTM_GETROUTE}scope {rtm_scope}] [src {RTA_PREFSRC}]"
        " [metric {RTA_PRIORITY}] [{RTA_FLOW}] [table {RTA_TABLE|rtm_table}] [<{rtm_flags}>]"
        " [{RTA_MULTIPATH~}]"
    )


bind_message(rtmsg, NETLINK_ROUTE, RTM_NEWROUTE=24, RTM_DELROUTE=25, RTM_GETROUTE=26)
