"""Time stamping: capabilities, configuration, virtual clocks (net/ethtool/tsinfo.c, tsconfig.c, phc_vclocks.c)."""

from nldissect.wire import S32, U32, Array, AttrSet, Enum, Nest, Uint, bind_genl

from .common import DEV, ETHTOOL_A_BITSET, ETHTOOL_A_HEADER


class HWTSTAMP_SOURCE(Enum):
    NETDEV = 1
    PHYLIB = 2


class HWTSTAMP_PROVIDER_QUALIFIER(Enum):
    PRECISE = 0
    APPROX  = 1


class ETHTOOL_A_TS_STAT(AttrSet):
    TX_PKTS                     = Uint(1)
    TX_LOST                     = Uint(2)
    TX_ERR                      = Uint(3)
    TX_ONESTEP_PKTS_UNCONFIRMED = Uint(4)


class ETHTOOL_A_TS_HWTSTAMP_PROVIDER(AttrSet):
    INDEX     = U32(1)
    QUALIFIER = U32(2, HWTSTAMP_PROVIDER_QUALIFIER)


class ETHTOOL_A_TSINFO(AttrSet):
    HEADER            = Nest(1, ETHTOOL_A_HEADER)
    TIMESTAMPING      = Nest(2, ETHTOOL_A_BITSET)
    TX_TYPES          = Nest(3, ETHTOOL_A_BITSET)
    RX_FILTERS        = Nest(4, ETHTOOL_A_BITSET)
    PHC_INDEX         = U32(5)
    STATS             = Nest(6, ETHTOOL_A_TS_STAT)
    HWTSTAMP_PROVIDER = Nest(7, ETHTOOL_A_TS_HWTSTAMP_PROVIDER)
    HWTSTAMP_SOURCE   = U32(8, HWTSTAMP_SOURCE)
    HWTSTAMP_PHYINDEX = U32(9)

    template = (
        DEV + "[phc {ETHTOOL_A_TSINFO_PHC_INDEX} ]"
        "[capabilities {ETHTOOL_A_TSINFO_TIMESTAMPING.ETHTOOL_A_BITSET_BITS#} ][{ETHTOOL_A_TSINFO_HWTSTAMP_SOURCE}]"
    )


class ETHTOOL_A_TSCONFIG(AttrSet):
    HEADER            = Nest(1, ETHTOOL_A_HEADER)
    HWTSTAMP_PROVIDER = Nest(2, ETHTOOL_A_TS_HWTSTAMP_PROVIDER)
    TX_TYPES          = Nest(3, ETHTOOL_A_BITSET)
    RX_FILTERS        = Nest(4, ETHTOOL_A_BITSET)
    HWTSTAMP_FLAGS    = Nest(5, ETHTOOL_A_BITSET)

    template = DEV + "[provider {ETHTOOL_A_TS_HWTSTAMP_PROVIDER_INDEX} {ETHTOOL_A_TS_HWTSTAMP_PROVIDER_QUALIFIER}]"


class ETHTOOL_A_PHC_VCLOCKS(AttrSet):
    HEADER = Nest(1, ETHTOOL_A_HEADER)
    NUM    = U32(2)
    INDEX  = Array(3, S32)

    template = DEV + "[clocks {ETHTOOL_A_PHC_VCLOCKS_NUM} ][{ETHTOOL_A_PHC_VCLOCKS_INDEX}]"


bind_genl(ETHTOOL_A_TSINFO, "ethtool", to="kernel", ETHTOOL_MSG_TSINFO_GET=25)
bind_genl(ETHTOOL_A_TSINFO, "ethtool", to="user", ETHTOOL_MSG_TSINFO_GET_REPLY=26)
bind_genl(ETHTOOL_A_PHC_VCLOCKS, "ethtool", to="kernel", ETHTOOL_MSG_PHC_VCLOCKS_GET=33)
bind_genl(ETHTOOL_A_PHC_VCLOCKS, "ethtool", to="user", ETHTOOL_MSG_PHC_VCLOCKS_GET_REPLY=34)
bind_genl(ETHTOOL_A_TSCONFIG, "ethtool", to="kernel", ETHTOOL_MSG_TSCONFIG_GET=46, ETHTOOL_MSG_TSCONFIG_SET=47)
bind_genl(
    ETHTOOL_A_TSCONFIG, "ethtool", to="user", ETHTOOL_MSG_TSCONFIG_GET_REPLY=47, ETHTOOL_MSG_TSCONFIG_SET_REPLY=48
)
