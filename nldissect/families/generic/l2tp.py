"""L2TP tunnels and sessions (linux/l2tp.h, net/l2tp/l2tp_netlink.c)."""

from nldissect.wire import U8, U16, U32, U64, Addr, AttrSet, Blob, Enum, Flag, Flags, Nest, Pad, Text, bind_genl


class L2TP_PWTYPE(Enum):
    NONE     = 0
    ETH_VLAN = 4
    ETH      = 5
    PPP      = 7
    PPP_AC   = 8
    IP       = 11


class L2TP_ENCAPTYPE(Enum):
    UDP = 0
    IP  = 1


class L2TP_L2SPECTYPE(Enum):
    NONE    = 0
    DEFAULT = 1


class L2TP_SEQ(Enum):
    NONE = 0
    IP   = 1
    ALL  = 2


class L2TP_MSG(Flags):
    DEBUG   = 1
    CONTROL = 2
    SEQ     = 4
    DATA    = 8


class L2TP_ATTR_STATS(AttrSet, prefix="L2TP_ATTR"):
    TX_PACKETS         = U64(1)
    TX_BYTES           = U64(2)
    TX_ERRORS          = U64(3)
    RX_PACKETS         = U64(4)
    RX_BYTES           = U64(5)
    RX_SEQ_DISCARDS    = U64(6)
    RX_OOS_PACKETS     = U64(7)
    RX_ERRORS          = U64(8)
    STATS_PAD          = Pad(9)
    RX_COOKIE_DISCARDS = U64(10)
    RX_INVALID         = U64(11)


class L2TP_ATTR(AttrSet):
    PW_TYPE           = U16(1, L2TP_PWTYPE)
    ENCAP_TYPE        = U16(2, L2TP_ENCAPTYPE)
    OFFSET            = U16(3, deprecated=True)
    DATA_SEQ          = U8(4, L2TP_SEQ, deprecated=True)       # the policy's width; the header says u16
    L2SPEC_TYPE       = U8(5, L2TP_L2SPECTYPE)
    L2SPEC_LEN        = U8(6, deprecated=True)
    PROTO_VERSION     = U8(7)
    IFNAME            = Text(8)
    CONN_ID           = U32(9)
    PEER_CONN_ID      = U32(10)
    SESSION_ID        = U32(11)
    PEER_SESSION_ID   = U32(12)
    UDP_CSUM          = U8(13)
    VLAN_ID           = U16(14, deprecated=True)
    COOKIE            = Blob(15, "4 or 8 bytes chosen by an endpoint")
    PEER_COOKIE       = Blob(16, "4 or 8 bytes chosen by an endpoint")
    DEBUG             = U32(17, L2TP_MSG, deprecated=True)
    RECV_SEQ          = U8(18)
    SEND_SEQ          = U8(19)
    LNS_MODE          = U8(20)
    USING_IPSEC       = U8(21)
    RECV_TIMEOUT      = U64(22, measure="ms")
    FD                = U32(23)
    IP_SADDR          = Addr(24)
    IP_DADDR          = Addr(25)
    UDP_SPORT         = U16(26)
    UDP_DPORT         = U16(27)
    MTU               = U16(28, deprecated=True)
    MRU               = U16(29, deprecated=True)
    STATS             = Nest(30, L2TP_ATTR_STATS)
    IP6_SADDR         = Addr(31)
    IP6_DADDR         = Addr(32)
    UDP_ZERO_CSUM6_TX = Flag(33)
    UDP_ZERO_CSUM6_RX = Flag(34)
    PAD               = Pad(35)

    template = (
        "[tunnel {L2TP_ATTR_CONN_ID}] [peer {L2TP_ATTR_PEER_CONN_ID}] [session {L2TP_ATTR_SESSION_ID}] "
        "[peer {L2TP_ATTR_PEER_SESSION_ID}] [{L2TP_ATTR_PW_TYPE}] [dev {L2TP_ATTR_IFNAME}] "
        "[{L2TP_ATTR_IP_SADDR|L2TP_ATTR_IP6_SADDR}:{L2TP_ATTR_UDP_SPORT} ->] "
        "[{L2TP_ATTR_IP_DADDR|L2TP_ATTR_IP6_DADDR}:{L2TP_ATTR_UDP_DPORT}] "
        "[{!L2TP_ATTR_UDP_SPORT}{L2TP_ATTR_IP_SADDR|L2TP_ATTR_IP6_SADDR} -> {L2TP_ATTR_IP_DADDR|L2TP_ATTR_IP6_DADDR}] "
        "[over {L2TP_ATTR_ENCAP_TYPE}] "
        "[v{L2TP_ATTR_PROTO_VERSION}]"
    )


bind_genl(
    L2TP_ATTR,
    "l2tp",
    L2TP_CMD_NOOP=0,
    L2TP_CMD_TUNNEL_CREATE=1,
    L2TP_CMD_TUNNEL_DELETE=2,
    L2TP_CMD_TUNNEL_MODIFY=3,
    L2TP_CMD_TUNNEL_GET=4,
    L2TP_CMD_SESSION_CREATE=5,
    L2TP_CMD_SESSION_DELETE=6,
    L2TP_CMD_SESSION_MODIFY=7,
    L2TP_CMD_SESSION_GET=8,
)
