"""Device settings: message level, wake on LAN, features, private flags, hash of received packets (net/ethtool/)."""

from nldissect.wire import U32, Array, AttrSet, Blob, Enum, Flags, Nest, Secret, Uint, bind_attrs, bind_genl

from .common import DEV, ETHTOOL_A_BITSET, ETHTOOL_A_BITSET_BIT, ETHTOOL_A_HEADER


class NETIF_MSG(Flags):
    DRV       = 0x0001
    PROBE     = 0x0002
    LINK      = 0x0004
    TIMER     = 0x0008
    IFDOWN    = 0x0010
    IFUP      = 0x0020
    RX_ERR    = 0x0040
    TX_ERR    = 0x0080
    TX_QUEUED = 0x0100
    INTR      = 0x0200
    TX_DONE   = 0x0400
    RX_STATUS = 0x0800
    PKTDATA   = 0x1000
    HW        = 0x2000
    WOL       = 0x4000


class WAKE(Flags):
    PHY         = 0x01
    UCAST       = 0x02
    MCAST       = 0x04
    BCAST       = 0x08
    ARP         = 0x10
    MAGIC       = 0x20
    MAGICSECURE = 0x40
    FILTER      = 0x80


class NETIF_MSG_CLASS(Enum, prefix=""):
    """Bits of NETIF_MSG as string set ETH_SS_MSG_CLASSES names them (netif_msg_class_names in net/ethtool/common.c)."""

    drv       = 0
    probe     = 1
    link      = 2
    timer     = 3
    ifdown    = 4
    ifup      = 5
    rx_err    = 6
    tx_err    = 7
    tx_queued = 8
    intr      = 9
    tx_done   = 10
    rx_status = 11
    pktdata   = 12
    hw        = 13
    wol       = 14


class WOL_MODE(Enum, prefix=""):
    """Bits of WAKE as string set ETH_SS_WOL_MODES names them (wol_mode_names in net/ethtool/common.c)."""

    phy         = 0
    ucast       = 1
    mcast       = 2
    bcast       = 3
    arp         = 4
    magic       = 5
    magicsecure = 6
    filter      = 7


class ETHTOOL_A_DEBUG(AttrSet):
    HEADER  = Nest(1, ETHTOOL_A_HEADER)
    MSGMASK = Nest(2, ETHTOOL_A_BITSET)

    template = DEV + "[message types {ETHTOOL_A_DEBUG_MSGMASK+}]"


class ETHTOOL_A_WOL(AttrSet):
    HEADER = Nest(1, ETHTOOL_A_HEADER)
    MODES  = Nest(2, ETHTOOL_A_BITSET)
    SOPASS = Secret(3)

    template = DEV + "[modes {ETHTOOL_A_WOL_MODES+}]"


class ETHTOOL_A_FEATURES(AttrSet):
    HEADER   = Nest(1, ETHTOOL_A_HEADER)
    HW       = Nest(2, ETHTOOL_A_BITSET)
    WANTED   = Nest(3, ETHTOOL_A_BITSET)
    ACTIVE   = Nest(4, ETHTOOL_A_BITSET)
    NOCHANGE = Nest(5, ETHTOOL_A_BITSET)

    template = (
        DEV + "[wanted {ETHTOOL_A_FEATURES_WANTED.ETHTOOL_A_BITSET_BITS#} ]"
        "[active {ETHTOOL_A_FEATURES_ACTIVE.ETHTOOL_A_BITSET_BITS#|ETHTOOL_A_FEATURES_ACTIVE.ETHTOOL_A_BITSET_VALUE}"
        "[/{ETHTOOL_A_FEATURES_ACTIVE.ETHTOOL_A_BITSET_MASK}] ]"  # of what was set only what changed
        "[{ETHTOOL_A_BITSET_BIT_NAME} ...]"
    )


class ETHTOOL_A_PRIVFLAGS(AttrSet):
    HEADER = Nest(1, ETHTOOL_A_HEADER)
    FLAGS  = Nest(2, ETHTOOL_A_BITSET)

    template = DEV + "[flags {ETHTOOL_A_PRIVFLAGS_FLAGS+}]"


class RXH_XFRM(Flags):
    SYM_XOR    = 1
    SYM_OR_XOR = 2


class RXH(Flags):
    L2DA     = 0x00000002
    VLAN     = 0x00000004
    L3_PROTO = 0x00000008
    IP_SRC   = 0x00000010
    IP_DST   = 0x00000020
    L4_B_0_1 = 0x00000040
    L4_B_2_3 = 0x00000080
    GTP_TEID = 0x00000100
    IP6_FL   = 0x00000200
    DISCARD  = 0x80000000


class ETHTOOL_A_FLOW(AttrSet):
    ETHER      = Uint(1, RXH)
    IP4        = Uint(2, RXH)
    IP6        = Uint(3, RXH)
    TCP4       = Uint(4, RXH)
    TCP6       = Uint(5, RXH)
    UDP4       = Uint(6, RXH)
    UDP6       = Uint(7, RXH)
    SCTP4      = Uint(8, RXH)
    SCTP6      = Uint(9, RXH)
    AH4        = Uint(10, RXH)
    AH6        = Uint(11, RXH)
    ESP4       = Uint(12, RXH)
    ESP6       = Uint(13, RXH)
    AH_ESP4    = Uint(14, RXH)
    AH_ESP6    = Uint(15, RXH)
    GTPU4      = Uint(16, RXH)
    GTPU6      = Uint(17, RXH)
    GTPC4      = Uint(18, RXH)
    GTPC6      = Uint(19, RXH)
    GTPC_TEID4 = Uint(20, RXH)
    GTPC_TEID6 = Uint(21, RXH)
    GTPU_EH4   = Uint(22, RXH)
    GTPU_EH6   = Uint(23, RXH)
    GTPU_UL4   = Uint(24, RXH)
    GTPU_UL6   = Uint(25, RXH)
    GTPU_DL4   = Uint(26, RXH)
    GTPU_DL6   = Uint(27, RXH)


class ETHTOOL_A_RSS(AttrSet):
    HEADER        = Nest(1, ETHTOOL_A_HEADER)
    CONTEXT       = U32(2)
    HFUNC         = U32(3, base=16)                  # bits named by string set ETH_SS_RSS_HASH_FUNCS
    INDIR         = Array(4, U32)
    HKEY          = Blob(5, "key of the hash function, as long as the device likes")
    INPUT_XFRM    = U32(6, RXH_XFRM)
    START_CONTEXT = U32(7)
    FLOW_HASH     = Nest(8, ETHTOOL_A_FLOW)

    template = DEV + "[context {ETHTOOL_A_RSS_CONTEXT} ][hash {ETHTOOL_A_RSS_HFUNC} ][table of {ETHTOOL_A_RSS_INDIR#}]"


for commands, bits, words in (((7, 8), NETIF_MSG_CLASS, NETIF_MSG), ((9, 10), WOL_MODE, WAKE)):
    bind_attrs(ETHTOOL_A_BITSET_BIT.INDEX, U32(None, bits), cmd=commands)
    bind_attrs(ETHTOOL_A_BITSET.VALUE, Array(None, U32(None, words)), cmd=commands)
    bind_attrs(ETHTOOL_A_BITSET.MASK, Array(None, U32(None, words)), cmd=commands)

bind_genl(ETHTOOL_A_DEBUG, "ethtool", to="kernel", ETHTOOL_MSG_DEBUG_GET=7, ETHTOOL_MSG_DEBUG_SET=8)
bind_genl(ETHTOOL_A_DEBUG, "ethtool", to="user", ETHTOOL_MSG_DEBUG_GET_REPLY=7, ETHTOOL_MSG_DEBUG_NTF=8)
bind_genl(ETHTOOL_A_WOL, "ethtool", to="kernel", ETHTOOL_MSG_WOL_GET=9, ETHTOOL_MSG_WOL_SET=10)
bind_genl(ETHTOOL_A_WOL, "ethtool", to="user", ETHTOOL_MSG_WOL_GET_REPLY=9, ETHTOOL_MSG_WOL_NTF=10)
bind_genl(ETHTOOL_A_FEATURES, "ethtool", to="kernel", ETHTOOL_MSG_FEATURES_GET=11, ETHTOOL_MSG_FEATURES_SET=12)
bind_genl(
    ETHTOOL_A_FEATURES,
    "ethtool",
    to="user",
    ETHTOOL_MSG_FEATURES_GET_REPLY=11,
    ETHTOOL_MSG_FEATURES_SET_REPLY=12,
    ETHTOOL_MSG_FEATURES_NTF=13,
)
bind_genl(ETHTOOL_A_PRIVFLAGS, "ethtool", to="kernel", ETHTOOL_MSG_PRIVFLAGS_GET=13, ETHTOOL_MSG_PRIVFLAGS_SET=14)
bind_genl(ETHTOOL_A_PRIVFLAGS, "ethtool", to="user", ETHTOOL_MSG_PRIVFLAGS_GET_REPLY=14, ETHTOOL_MSG_PRIVFLAGS_NTF=15)
bind_genl(
    ETHTOOL_A_RSS,
    "ethtool",
    to="kernel",
    ETHTOOL_MSG_RSS_GET=38,
    ETHTOOL_MSG_RSS_SET=48,
    ETHTOOL_MSG_RSS_CREATE_ACT=49,
    ETHTOOL_MSG_RSS_DELETE_ACT=50,
)
bind_genl(
    ETHTOOL_A_RSS,
    "ethtool",
    to="user",
    ETHTOOL_MSG_RSS_GET_REPLY=38,
    ETHTOOL_MSG_RSS_NTF=50,
    ETHTOOL_MSG_RSS_CREATE_ACT_REPLY=51,
    ETHTOOL_MSG_RSS_CREATE_NTF=52,
    ETHTOOL_MSG_RSS_DELETE_NTF=53,
)
