"""What a route or nexthop wraps packets in: RTA_ENCAP, NHA_ENCAP by type (linux/lwtunnel.h, mpls_iptunnel.h, ...)."""

from nldissect.wire import (
    S32,
    U8,
    U32,
    U64,
    Addr,
    Array,
    AttrSet,
    Be16,
    Be32,
    Be64,
    Blob,
    Enum,
    Flags,
    Kind,
    Message,
    Nest,
    Pad,
    Struct,
    Text,
    bind_attrs,
)

from ..common import AF, IPPROTO


class LWTUNNEL_ENCAP(Enum):
    NONE       = 0
    MPLS       = 1
    IP         = 2
    ILA        = 3
    IP6        = 4
    SEG6       = 5
    BPF        = 6
    SEG6_LOCAL = 7
    RPL        = 8
    IOAM6      = 9
    XFRM       = 10


class TUNNEL(Flags):
    CSUM          = 0x0001
    ROUTING       = 0x0002
    KEY           = 0x0004
    SEQ           = 0x0008
    STRICT        = 0x0010
    REC           = 0x0020
    VERSION       = 0x0040
    NO_KEY        = 0x0080
    DONT_FRAGMENT = 0x0100
    OAM           = 0x0200
    CRIT_OPT      = 0x0400
    GENEVE_OPT    = 0x0800
    VXLAN_OPT     = 0x1000
    NOCACHE       = 0x2000
    ERSPAN_OPT    = 0x4000
    GTP_OPT       = 0x8000


class MPLS_IPTUNNEL(AttrSet):
    DST = Addr(1, family=AF.MPLS)
    TTL = U8(2)


class LWTUNNEL_IP_OPT_GENEVE(AttrSet):     # the kernel tells all options in one nest, row after row
    CLASS = Be16(1, base=16, many=True)
    TYPE  = U8(2, base=16, many=True)
    DATA  = Blob(3, "the option's own format", many=True)


class LWTUNNEL_IP_OPT_VXLAN(AttrSet):
    GBP = U32(1, base=16)


class LWTUNNEL_IP_OPT_ERSPAN(AttrSet):
    VER   = U8(1)
    INDEX = Be32(2)
    DIR   = U8(3)
    HWID  = U8(4)


class LWTUNNEL_IP_OPTS(AttrSet):
    GENEVE = Nest(1, LWTUNNEL_IP_OPT_GENEVE, many=True)
    VXLAN  = Nest(2, LWTUNNEL_IP_OPT_VXLAN)
    ERSPAN = Nest(3, LWTUNNEL_IP_OPT_ERSPAN)


class LWTUNNEL_IP(AttrSet):
    ID    = Be64(1)
    DST   = Addr(2)
    SRC   = Addr(3)
    TTL   = U8(4)
    TOS   = U8(5, base=16)
    FLAGS = Be16(6, TUNNEL)
    PAD   = Pad(7)
    OPTS  = Nest(8, LWTUNNEL_IP_OPTS)


class LWTUNNEL_IP6(AttrSet):
    ID       = Be64(1)
    DST      = Addr(2)
    SRC      = Addr(3)
    HOPLIMIT = U8(4)
    TC       = U8(5, base=16)
    FLAGS    = Be16(6, TUNNEL)
    PAD      = Pad(7)
    OPTS     = Nest(8, LWTUNNEL_IP_OPTS)


class ILA_CSUM(Enum):
    ADJUST_TRANSPORT = 0
    NEUTRAL_MAP      = 1
    NO_ACTION        = 2
    NEUTRAL_MAP_AUTO = 3


class ILA_ATYPE(Enum):
    IID           = 0
    LUID          = 1
    VIRT_V4       = 2
    VIRT_UNI_V6   = 3
    VIRT_MULTI_V6 = 4
    NONLOCAL_ADDR = 5
    RSVD_1        = 6
    RSVD_2        = 7
    USE_FORMAT    = 32


class ILA_HOOK(Enum):
    ROUTE_OUTPUT = 0
    ROUTE_INPUT  = 1


class ILA_DIR(Flags):
    IN  = 1
    OUT = 2


class ILA_ATTR(AttrSet):
    LOCATOR       = Be64(1, base=16)
    IDENTIFIER    = Be64(2, base=16)
    LOCATOR_MATCH = Be64(3, base=16)
    IFINDEX       = S32(4, refers="interface")
    DIR           = U32(5, ILA_DIR)
    PAD           = Pad(6)
    CSUM_MODE     = U8(7, ILA_CSUM)
    IDENT_TYPE    = U8(8, ILA_ATYPE)
    HOOK_TYPE     = U8(9, ILA_HOOK)


class LWT_BPF_PROG(AttrSet):
    FD   = U32(1)
    NAME = Text(2)


class LWT_BPF(AttrSet):
    IN            = Nest(1, LWT_BPF_PROG)
    OUT           = Nest(2, LWT_BPF_PROG)
    XMIT          = Nest(3, LWT_BPF_PROG)
    XMIT_HEADROOM = U32(4)


class LWT_XFRM(AttrSet):
    IF_ID = U32(1, base=16)
    LINK  = U32(2, refers="interface")


class SR6_FLAG1(Flags):
    HMAC      = 0x08
    ALERT     = 0x10
    OAM       = 0x20
    PROTECTED = 0x40


class ipv6_sr_hdr(Message):
    fields_desc = [
        U8.of("nexthdr", IPPROTO), U8.of("hdrlen"), U8.of("type"), U8.of("segments_left"),
        U8.of("first_segment"), U8.of("flags", SR6_FLAG1), Be16.of("tag"), Array.of("segments", Addr(None, 16)),
    ]


class SEG6_IPTUN_MODE(Enum):
    INLINE      = 0
    ENCAP       = 1
    L2ENCAP     = 2
    ENCAP_RED   = 3
    L2ENCAP_RED = 4


class seg6_iptunnel_encap(Message):
    fields_desc = [S32.of("mode", SEG6_IPTUN_MODE), Struct.of("srh", ipv6_sr_hdr)]


class SEG6_IPTUNNEL(AttrSet):
    SRH = Struct(1, seg6_iptunnel_encap)
    SRC = Addr(2)


class SEG6_LOCAL_ACTION(Enum):
    UNSPEC       = 0
    END          = 1
    END_X        = 2
    END_T        = 3
    END_DX2      = 4
    END_DX6      = 5
    END_DX4      = 6
    END_DT6      = 7
    END_DT4      = 8
    END_B6       = 9
    END_B6_ENCAP = 10
    END_BM       = 11
    END_S        = 12
    END_AS       = 13
    END_AM       = 14
    END_BPF      = 15
    END_DT46     = 16


class SEG6_LOCAL_FLV_OP(Flags):
    """The attribute is a mask in which bit n stands for the operation the header numbers n."""

    PSP       = 1 << 1
    USP       = 1 << 2
    USD       = 1 << 3
    NEXT_CSID = 1 << 4


class SEG6_LOCAL_BPF(AttrSet):
    PROG      = U32(1)
    PROG_NAME = Text(2)


class SEG6_LOCAL_CNT(AttrSet):
    PAD     = Pad(1)
    PACKETS = U64(2)
    BYTES   = U64(3)
    ERRORS  = U64(4)


class SEG6_LOCAL_FLV(AttrSet):
    OPERATION      = U32(1, SEG6_LOCAL_FLV_OP)
    LCBLOCK_BITS   = U8(2)
    LCNODE_FN_BITS = U8(3)


class SEG6_LOCAL(AttrSet):
    ACTION   = U32(1, SEG6_LOCAL_ACTION)
    SRH      = Struct(2, ipv6_sr_hdr)
    TABLE    = U32(3)
    NH4      = Addr(4)
    NH6      = Addr(5)
    IIF      = U32(6, refers="interface")
    OIF      = U32(7, refers="interface")
    BPF      = Nest(8, SEG6_LOCAL_BPF)
    VRFTABLE = U32(9)
    COUNTERS = Nest(10, SEG6_LOCAL_CNT)
    FLAVORS  = Nest(11, SEG6_LOCAL_FLV)


class ipv6_rpl_sr_hdr(Message):
    """`compression`: the 32 bits of cmpri, cmpre, pad and reserved; the kernel takes uncompressed headers only."""

    fields_desc = [
        U8.of("nexthdr", IPPROTO), U8.of("hdrlen"), U8.of("type"), U8.of("segments_left"),
        Be32.of("compression", base=16), Array.of("segments", Addr(None, 16)),
    ]


class RPL_IPTUNNEL(AttrSet):
    SRH = Struct(1, ipv6_rpl_sr_hdr)


class IOAM6_IPTUNNEL_MODE(Enum):
    INLINE = 1
    ENCAP  = 2
    AUTO   = 3


class ioam6_trace_hdr(Message):
    """`lengths` is 5 bits nodelen, 4 bits flags (the highest is overflow), 7 bits remlen."""

    fields_desc = [Be16.of("namespace_id"), Be16.of("lengths", base=16), Be32.of("type_be32", base=16)]


class IOAM6_IPTUNNEL(AttrSet):
    MODE   = U8(1, IOAM6_IPTUNNEL_MODE)
    DST    = Addr(2)
    TRACE  = Struct(3, ioam6_trace_hdr)
    FREQ_K = U32(4)
    FREQ_N = U32(5)
    SRC    = Addr(6)


ENCAPS = {
    LWTUNNEL_ENCAP.MPLS:       MPLS_IPTUNNEL,
    LWTUNNEL_ENCAP.IP:         LWTUNNEL_IP,
    LWTUNNEL_ENCAP.ILA:        ILA_ATTR,
    LWTUNNEL_ENCAP.IP6:        LWTUNNEL_IP6,
    LWTUNNEL_ENCAP.SEG6:       SEG6_IPTUNNEL,
    LWTUNNEL_ENCAP.BPF:        LWT_BPF,
    LWTUNNEL_ENCAP.SEG6_LOCAL: SEG6_LOCAL,
    LWTUNNEL_ENCAP.RPL:        RPL_IPTUNNEL,
    LWTUNNEL_ENCAP.IOAM6:      IOAM6_IPTUNNEL,
    LWTUNNEL_ENCAP.XFRM:       LWT_XFRM,
}


def bind_encap(row: Kind) -> None:
    """Say what an ENCAP row holds for each value of its sibling ENCAP_TYPE."""
    for kind, rows in ENCAPS.items():
        bind_attrs(row, rows, ENCAP_TYPE=kind)
