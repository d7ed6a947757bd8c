"""The regulatory domain: who set it, and its rules (linux/nl80211.h, net/wireless/reg.c)."""

from nldissect.wire import S8, U32, AttrSet, Enum, Flags


class NL80211_REGDOM_SET_BY(Enum):
    CORE       = 0
    USER       = 1
    DRIVER     = 2
    COUNTRY_IE = 3


class NL80211_REGDOM_TYPE(Enum):
    COUNTRY      = 0
    WORLD        = 1
    CUSTOM_WORLD = 2
    INTERSECTION = 3


class NL80211_USER_REG_HINT(Enum):
    USER      = 0
    CELL_BASE = 1
    INDOOR    = 2


class NL80211_RRF(Flags):
    NO_OFDM              = 0x1
    NO_CCK               = 0x2
    NO_INDOOR            = 0x4
    NO_OUTDOOR           = 0x8
    DFS                  = 0x10
    PTP_ONLY             = 0x20
    PTMP_ONLY            = 0x40
    NO_IR                = 0x80
    AUTO_BW              = 0x800
    IR_CONCURRENT        = 0x1000
    NO_HT40MINUS         = 0x2000
    NO_HT40PLUS          = 0x4000
    NO_80MHZ             = 0x8000
    NO_160MHZ            = 0x10000
    NO_HE                = 0x20000
    NO_320MHZ            = 0x40000
    NO_EHT               = 0x80000
    PSD                  = 0x100000
    DFS_CONCURRENT       = 0x200000
    NO_6GHZ_VLP_CLIENT   = 0x400000
    NO_6GHZ_AFC_CLIENT   = 0x800000
    ALLOW_6GHZ_VLP_AP    = 0x1000000
    ALLOW_20MHZ_ACTIVITY = 0x2000000
    _NO_IBSS             = 0x100                                 # __NL80211_RRF_NO_IBSS


class NL80211_REG_RULE_ATTR(AttrSet, prefix="NL80211_ATTR"):
    """Frequencies in kHz, the antenna's gain in mBi, power in mBm, CAC_TIME in ms."""

    REG_RULE_FLAGS          = U32(1, NL80211_RRF)
    FREQ_RANGE_START        = U32(2, measure="kHz")
    FREQ_RANGE_END          = U32(3, measure="kHz")
    FREQ_RANGE_MAX_BW       = U32(4, measure="kHz")
    POWER_RULE_MAX_ANT_GAIN = U32(5, measure="mBi")
    POWER_RULE_MAX_EIRP     = U32(6, measure="mBm")
    DFS_CAC_TIME            = U32(7, measure="ms")
    POWER_RULE_PSD          = S8(8, measure="dBm")
