"""String sets: names of statistics, features, flags, modes (net/ethtool/strset.c)."""

from nldissect.wire import U32, AttrSet, Enum, Flag, Nest, Text, bind_genl

from .common import DEV, ETHTOOL_A_HEADER


class ETH_SS(Enum):
    TEST             = 0
    STATS            = 1
    PRIV_FLAGS       = 2
    NTUPLE_FILTERS   = 3
    FEATURES         = 4
    RSS_HASH_FUNCS   = 5
    TUNABLES         = 6
    PHY_STATS        = 7
    PHY_TUNABLES     = 8
    LINK_MODES       = 9
    MSG_CLASSES      = 10
    WOL_MODES        = 11
    SOF_TIMESTAMPING = 12
    TS_TX_TYPES      = 13
    TS_RX_FILTERS    = 14
    UDP_TUNNEL_TYPES = 15
    STATS_STD        = 16
    STATS_ETH_PHY    = 17
    STATS_ETH_MAC    = 18
    STATS_ETH_CTRL   = 19
    STATS_RMON       = 20
    STATS_PHY        = 21
    TS_FLAGS         = 22


class ETHTOOL_A_STRING(AttrSet):
    INDEX = U32(1)
    VALUE = Text(2)


class ETHTOOL_A_STRINGS(AttrSet):
    STRING = Nest(1, ETHTOOL_A_STRING, many=True)


class ETHTOOL_A_STRINGSET(AttrSet):
    ID      = U32(1, ETH_SS)
    COUNT   = U32(2)
    STRINGS = Nest(3, ETHTOOL_A_STRINGS)


class ETHTOOL_A_STRINGSETS(AttrSet):
    STRINGSET = Nest(1, ETHTOOL_A_STRINGSET, many=True)


class ETHTOOL_A_STRSET(AttrSet):
    HEADER      = Nest(1, ETHTOOL_A_HEADER)
    STRINGSETS  = Nest(2, ETHTOOL_A_STRINGSETS)
    COUNTS_ONLY = Flag(3)

    template = (
        DEV + "[sets {ETHTOOL_A_STRSET_STRINGSETS#} ][first {ETHTOOL_A_STRINGSET_ID} ]"
        "[{ETHTOOL_A_STRINGSET_COUNT} strings]"
    )


bind_genl(ETHTOOL_A_STRSET, "ethtool", to="kernel", ETHTOOL_MSG_STRSET_GET=1)
bind_genl(ETHTOOL_A_STRSET, "ethtool", to="user", ETHTOOL_MSG_STRSET_GET_REPLY=1)
