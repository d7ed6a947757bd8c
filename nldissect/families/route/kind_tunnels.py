"""IP tunnels: IFLA_INFO_DATA of kinds ipip, sit, ip6tnl, gre and erspan in their forms, vti (linux/if_tunnel.h)."""

from nldissect.wire import U8, U16, U32, Addr, AttrSet, Be16, Be32, Enum, Flag, Flags, bind_attrs

from ..common import IPPROTO
from .link import IFLA_INFO


class TUNNEL_ENCAP(Enum):
    NONE = 0
    FOU  = 1
    GUE  = 2
    MPLS = 3


class TUNNEL_ENCAP_FLAG(Flags):
    CSUM    = 0x1
    CSUM6   = 0x2
    REMCSUM = 0x4


class GRE_FLAG(Flags, prefix="GRE"):
    ACK     = 0x0080
    STRICT  = 0x0800
    SEQ     = 0x1000
    KEY     = 0x2000
    ROUTING = 0x4000
    CSUM    = 0x8000


class SIT(Flags):
    ISATAP = 0x0001


class IP6_TNL_F(Flags):
    """linux/ip6_tunnel.h; the CAP bits, which the kernel adds and shows, are from net/ip6_tunnel.h."""

    IGN_ENCAP_LIMIT    = 0x00001
    USE_ORIG_TCLASS    = 0x00002
    USE_ORIG_FLOWLABEL = 0x00004
    MIP6_DEV           = 0x00008
    RCV_DSCP_COPY      = 0x00010
    USE_ORIG_FWMARK    = 0x00020
    ALLOW_LOCAL_REMOTE = 0x00040
    CAP_XMIT           = 0x10000
    CAP_RCV            = 0x20000
    CAP_PER_PACKET     = 0x40000


class IFLA_IPTUN(AttrSet):
    LINK                 = U32(1, refers="interface")
    LOCAL                = Addr(2)
    REMOTE               = Addr(3)
    TTL                  = U8(4)
    TOS                  = U8(5)
    ENCAP_LIMIT          = U8(6)
    FLOWINFO             = Be32(7, base=16)
    FLAGS                = U32(8, IP6_TNL_F)
    PROTO                = U8(9, IPPROTO)
    PMTUDISC             = U8(10)
    _6RD_PREFIX          = Addr(11, prefix="IFLA_IPTUN_6RD_PREFIXLEN")
    _6RD_RELAY_PREFIX    = Addr(12, prefix="IFLA_IPTUN_6RD_RELAY_PREFIXLEN")
    _6RD_PREFIXLEN       = U16(13)
    _6RD_RELAY_PREFIXLEN = U16(14)
    ENCAP_TYPE           = U16(15, TUNNEL_ENCAP)
    ENCAP_FLAGS          = U16(16, TUNNEL_ENCAP_FLAG)
    ENCAP_SPORT          = Be16(17)
    ENCAP_DPORT          = Be16(18)
    COLLECT_METADATA     = Flag(19)
    FWMARK               = U32(20, base=16)


# Two bytes for sit, four for ip6tnl.
bind_attrs(IFLA_IPTUN.FLAGS, U16(None, SIT), IFLA_INFO_KIND="sit")


class IFLA_GRE(AttrSet):
    LINK             = U32(1, refers="interface")
    IFLAGS           = Be16(2, GRE_FLAG)
    OFLAGS           = Be16(3, GRE_FLAG)
    IKEY             = Be32(4)
    OKEY             = Be32(5)
    LOCAL            = Addr(6)
    REMOTE           = Addr(7)
    TTL              = U8(8)
    TOS              = U8(9)
    PMTUDISC         = U8(10)
    ENCAP_LIMIT      = U8(11)
    FLOWINFO         = Be32(12, base=16)
    FLAGS            = U32(13, IP6_TNL_F)
    ENCAP_TYPE       = U16(14, TUNNEL_ENCAP)
    ENCAP_FLAGS      = U16(15, TUNNEL_ENCAP_FLAG)
    ENCAP_SPORT      = Be16(16)
    ENCAP_DPORT      = Be16(17)
    COLLECT_METADATA = Flag(18)
    IGNORE_DF        = U8(19)
    FWMARK           = U32(20, base=16)
    ERSPAN_INDEX     = U32(21)
    ERSPAN_VER       = U8(22)
    ERSPAN_DIR       = U8(23)
    ERSPAN_HWID      = U16(24)


class IFLA_VTI(AttrSet):
    LINK   = U32(1, refers="interface")
    IKEY   = Be32(2)
    OKEY   = Be32(3)
    LOCAL  = Addr(4)
    REMOTE = Addr(5)
    FWMARK = U32(6, base=16)


bind_attrs(IFLA_INFO.DATA, IFLA_IPTUN, KIND=("ipip", "sit", "ip6tnl"))
bind_attrs(IFLA_INFO.DATA, IFLA_GRE, KIND=("gre", "gretap", "erspan", "ip6gre", "ip6gretap", "ip6erspan"))
bind_attrs(IFLA_INFO.DATA, IFLA_VTI, KIND=("vti", "vti6"))
