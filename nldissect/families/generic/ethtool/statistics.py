"""Standard statistics: groups of counters and histograms (net/ethtool/stats.c)."""

from nldissect.wire import U32, U64, AttrSet, Enum, Nest, Pad, bind_attrs, bind_genl

from .common import DEV, ETHTOOL_A_BITSET, ETHTOOL_A_HEADER
from .link import ETHTOOL_MAC_STATS_SRC
from .strings import ETH_SS


class ETHTOOL_STATS(Enum):
    ETH_PHY  = 0
    ETH_MAC  = 1
    ETH_CTRL = 2
    RMON     = 3
    PHY      = 4


class ETHTOOL_A_STATS_ETH_PHY(AttrSet):
    _5_SYM_ERR = U64(0)


class ETHTOOL_A_STATS_ETH_MAC(AttrSet):
    _2_TX_PKT        = U64(0)
    _3_SINGLE_COL    = U64(1)
    _4_MULTI_COL     = U64(2)
    _5_RX_PKT        = U64(3)
    _6_FCS_ERR       = U64(4)
    _7_ALIGN_ERR     = U64(5)
    _8_TX_BYTES      = U64(6)
    _9_TX_DEFER      = U64(7)
    _10_LATE_COL     = U64(8)
    _11_XS_COL       = U64(9)
    _12_TX_INT_ERR   = U64(10)
    _13_CS_ERR       = U64(11)
    _14_RX_BYTES     = U64(12)
    _15_RX_INT_ERR   = U64(13)
    _18_TX_MCAST     = U64(14)
    _19_TX_BCAST     = U64(15)
    _20_XS_DEFER     = U64(16)
    _21_RX_MCAST     = U64(17)
    _22_RX_BCAST     = U64(18)
    _23_IR_LEN_ERR   = U64(19)
    _24_OOR_LEN      = U64(20)
    _25_TOO_LONG_ERR = U64(21)


class ETHTOOL_A_STATS_ETH_CTRL(AttrSet):
    _3_TX       = U64(0)
    _4_RX       = U64(1)
    _5_RX_UNSUP = U64(2)


class ETHTOOL_A_STATS_RMON(AttrSet):
    UNDERSIZE = U64(0)
    OVERSIZE  = U64(1)
    FRAG      = U64(2)
    JABBER    = U64(3)


class ETHTOOL_A_STATS_PHY(AttrSet):
    RX_PKTS   = U64(0)
    RX_BYTES  = U64(1)
    RX_ERRORS = U64(2)
    TX_PKTS   = U64(3)
    TX_BYTES  = U64(4)
    TX_ERRORS = U64(5)


class ETHTOOL_A_STATS_GRP(AttrSet):
    PAD          = Pad(1)
    ID           = U32(2, ETHTOOL_STATS)
    SS_ID        = U32(3, ETH_SS)
    STAT         = Nest(4, many=True)                # one counter each, numbered as its group does
    HIST_RX      = Nest(5, "self", many=True)
    HIST_TX      = Nest(6, "self", many=True)
    HIST_BKT_LOW = U32(7)
    HIST_BKT_HI  = U32(8)
    HIST_VAL     = U64(9)


class ETHTOOL_A_STATS(AttrSet):
    PAD    = Pad(1)
    HEADER = Nest(2, ETHTOOL_A_HEADER)
    GROUPS = Nest(3, ETHTOOL_A_BITSET)
    GRP    = Nest(4, ETHTOOL_A_STATS_GRP, many=True)
    SRC    = U32(5, ETHTOOL_MAC_STATS_SRC)

    template = DEV + "[{ETHTOOL_A_STATS_SRC} ][{ETHTOOL_A_STATS_GRP_ID} ...]"


bind_attrs(ETHTOOL_A_STATS_GRP.STAT, ETHTOOL_A_STATS_ETH_PHY, ID=ETHTOOL_STATS.ETH_PHY)
bind_attrs(ETHTOOL_A_STATS_GRP.STAT, ETHTOOL_A_STATS_ETH_MAC, ID=ETHTOOL_STATS.ETH_MAC)
bind_attrs(ETHTOOL_A_STATS_GRP.STAT, ETHTOOL_A_STATS_ETH_CTRL, ID=ETHTOOL_STATS.ETH_CTRL)
bind_attrs(ETHTOOL_A_STATS_GRP.STAT, ETHTOOL_A_STATS_RMON, ID=ETHTOOL_STATS.RMON)
bind_attrs(ETHTOOL_A_STATS_GRP.STAT, ETHTOOL_A_STATS_PHY, ID=ETHTOOL_STATS.PHY)

bind_genl(ETHTOOL_A_STATS, "ethtool", to="kernel", ETHTOOL_MSG_STATS_GET=32)
bind_genl(ETHTOOL_A_STATS, "ethtool", to="user", ETHTOOL_MSG_STATS_GET_REPLY=33)
