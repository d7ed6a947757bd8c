"""nftables: expressions that load a register from the packet and its surroundings (linux/netfilter/nf_tables.h)."""

from nldissect.wire import U8, AttrSet, Be32, Enum, Flags, Nest, Text, bind_attrs

from .nftables_data import NFT, NFTA_EXPR


class NFT_PAYLOAD(Enum):
    LL_HEADER        = 0
    NETWORK_HEADER   = 1
    TRANSPORT_HEADER = 2
    INNER_HEADER     = 3
    TUN_HEADER       = 4


class NFT_PAYLOAD_CSUM(Enum):
    NONE = 0
    INET = 1
    SCTP = 2


class NFT_PAYLOAD_L4CSUM(Flags):
    PSEUDOHDR = 0x1


class NFTA_PAYLOAD(AttrSet):
    DREG        = Be32(1, NFT)
    BASE        = Be32(2, NFT_PAYLOAD)
    OFFSET      = Be32(3)
    LEN         = Be32(4)
    SREG        = Be32(5, NFT)
    CSUM_TYPE   = Be32(6, NFT_PAYLOAD_CSUM)
    CSUM_OFFSET = Be32(7)
    CSUM_FLAGS  = Be32(8, NFT_PAYLOAD_L4CSUM)


class NFT_INNER_TYPE(Enum, prefix="NFT_INNER"):
    UNSPEC = 0
    VXLAN  = 1
    GENEVE = 2


class NFT_INNER(Flags):
    HDRSIZE = 0x1
    LL      = 0x2
    NH      = 0x4
    TH      = 0x8


class NFTA_INNER(AttrSet):
    NUM     = Be32(1)
    TYPE    = Be32(2, NFT_INNER_TYPE)
    FLAGS   = Be32(3, NFT_INNER)
    HDRSIZE = Be32(4)
    EXPR    = Nest(5, NFTA_EXPR)


class NFT_EXTHDR_F(Flags):
    PRESENT = 0x1


class NFT_EXTHDR_OP(Enum):
    IPV6   = 0
    TCPOPT = 1
    IPV4   = 2
    SCTP   = 3
    DCCP   = 4


class NFTA_EXTHDR(AttrSet):
    DREG   = Be32(1, NFT)
    TYPE   = U8(2)
    OFFSET = Be32(3)
    LEN    = Be32(4)
    FLAGS  = Be32(5, NFT_EXTHDR_F)
    OP     = Be32(6, NFT_EXTHDR_OP)
    SREG   = Be32(7, NFT)


class NFT_META(Enum):
    LEN           = 0
    PROTOCOL      = 1
    PRIORITY      = 2
    MARK          = 3
    IIF           = 4
    OIF           = 5
    IIFNAME       = 6
    OIFNAME       = 7
    IFTYPE        = 8
    OIFTYPE       = 9
    SKUID         = 10
    SKGID         = 11
    NFTRACE       = 12
    RTCLASSID     = 13
    SECMARK       = 14
    NFPROTO       = 15
    L4PROTO       = 16
    BRI_IIFNAME   = 17
    BRI_OIFNAME   = 18
    PKTTYPE       = 19
    CPU           = 20
    IIFGROUP      = 21
    OIFGROUP      = 22
    CGROUP        = 23
    PRANDOM       = 24
    SECPATH       = 25
    IIFKIND       = 26
    OIFKIND       = 27
    BRI_IIFPVID   = 28
    BRI_IIFVPROTO = 29
    TIME_NS       = 30
    TIME_DAY      = 31
    TIME_HOUR     = 32
    SDIF          = 33
    SDIFNAME      = 34
    BRI_BROUTE    = 35


class NFTA_META(AttrSet):
    DREG = Be32(1, NFT)
    KEY  = Be32(2, NFT_META)
    SREG = Be32(3, NFT)


class NFT_RT(Enum):
    CLASSID  = 0
    NEXTHOP4 = 1
    NEXTHOP6 = 2
    TCPMSS   = 3
    XFRM     = 4


class NFTA_RT(AttrSet):
    DREG = Be32(1, NFT)
    KEY  = Be32(2, NFT_RT)


class NFT_SOCKET(Enum):
    TRANSPARENT = 0
    MARK        = 1
    WILDCARD    = 2
    CGROUPV2    = 3


class NFTA_SOCKET(AttrSet):
    KEY   = Be32(1, NFT_SOCKET)
    DREG  = Be32(2, NFT)
    LEVEL = Be32(3)


class NFT_CT(Enum):
    STATE      = 0
    DIRECTION  = 1
    STATUS     = 2
    MARK       = 3
    SECMARK    = 4
    EXPIRATION = 5
    HELPER     = 6
    L3PROTOCOL = 7
    SRC        = 8
    DST        = 9
    PROTOCOL   = 10
    PROTO_SRC  = 11
    PROTO_DST  = 12
    LABELS     = 13
    PKTS       = 14
    BYTES      = 15
    AVGPKT     = 16
    ZONE       = 17
    EVENTMASK  = 18
    SRC_IP     = 19
    DST_IP     = 20
    SRC_IP6    = 21
    DST_IP6    = 22
    ID         = 23


class IP_CT_DIR(Enum):
    ORIGINAL = 0
    REPLY    = 1


class NFTA_CT(AttrSet):
    DREG      = Be32(1, NFT)
    KEY       = Be32(2, NFT_CT)
    DIRECTION = U8(3, IP_CT_DIR)
    SREG      = Be32(4, NFT)


class NFT_FIB_RESULT(Enum):
    UNSPEC   = 0
    OIF      = 1
    OIFNAME  = 2
    ADDRTYPE = 3


class NFTA_FIB_F(Flags):
    SADDR   = 0x01
    DADDR   = 0x02
    MARK    = 0x04
    IIF     = 0x08
    OIF     = 0x10
    PRESENT = 0x20


class NFTA_FIB(AttrSet):
    DREG   = Be32(1, NFT)
    RESULT = Be32(2, NFT_FIB_RESULT)
    FLAGS  = Be32(3, NFTA_FIB_F)


class NFT_HASH(Enum):
    JENKINS = 0
    SYM     = 1


class NFTA_HASH(AttrSet):
    SREG     = Be32(1, NFT)
    DREG     = Be32(2, NFT)
    LEN      = Be32(3)
    MODULUS  = Be32(4)
    SEED     = Be32(5)
    OFFSET   = Be32(6)
    TYPE     = Be32(7, NFT_HASH)
    SET_NAME = Text(8, deprecated=True)
    SET_ID   = Be32(9, deprecated=True)


class NFT_NG(Enum):
    INCREMENTAL = 0
    RANDOM      = 1


class NFTA_NG(AttrSet):
    DREG     = Be32(1, NFT)
    MODULUS  = Be32(2)
    TYPE     = Be32(3, NFT_NG)
    OFFSET   = Be32(4)
    SET_NAME = Text(5, deprecated=True)
    SET_ID   = Be32(6, deprecated=True)


class NFT_OSF_F(Flags):
    VERSION = 0x1


class NFTA_OSF(AttrSet):
    DREG  = Be32(1, NFT)
    TTL   = U8(2)
    FLAGS = Be32(3, NFT_OSF_F)


class NFT_XFRM_KEY(Enum):
    UNSPEC    = 0
    DADDR_IP4 = 1
    DADDR_IP6 = 2
    SADDR_IP4 = 3
    SADDR_IP6 = 4
    REQID     = 5
    SPI       = 6


class XFRM_POLICY(Enum):
    IN  = 0
    OUT = 1


class NFTA_XFRM(AttrSet):
    DREG  = Be32(1, NFT)
    KEY   = Be32(2, NFT_XFRM_KEY)
    DIR   = U8(3, XFRM_POLICY)
    SPNUM = Be32(4)


class NFT_TUNNEL(Enum):
    PATH = 0
    ID   = 1


class NFT_TUNNEL_MODE(Enum):
    NONE = 0
    RX   = 1
    TX   = 2


class NFTA_TUNNEL(AttrSet):
    KEY  = Be32(1, NFT_TUNNEL)
    DREG = Be32(2, NFT)
    MODE = Be32(3, NFT_TUNNEL_MODE)


bind_attrs(NFTA_EXPR.DATA, NFTA_PAYLOAD, NAME="payload")
bind_attrs(NFTA_EXPR.DATA, NFTA_INNER, NAME="inner")
bind_attrs(NFTA_EXPR.DATA, NFTA_EXTHDR, NAME="exthdr")
bind_attrs(NFTA_EXPR.DATA, NFTA_META, NAME="meta")
bind_attrs(NFTA_EXPR.DATA, NFTA_RT, NAME="rt")
bind_attrs(NFTA_EXPR.DATA, NFTA_SOCKET, NAME="socket")
bind_attrs(NFTA_EXPR.DATA, NFTA_CT, NAME="ct")
bind_attrs(NFTA_EXPR.DATA, NFTA_FIB, NAME="fib")
bind_attrs(NFTA_EXPR.DATA, NFTA_HASH, NAME="hash")
bind_attrs(NFTA_EXPR.DATA, NFTA_NG, NAME="numgen")
bind_attrs(NFTA_EXPR.DATA, NFTA_OSF, NAME="osf")
bind_attrs(NFTA_EXPR.DATA, NFTA_XFRM, NAME="xfrm")
bind_attrs(NFTA_EXPR.DATA, NFTA_TUNNEL, NAME="tunnel")
