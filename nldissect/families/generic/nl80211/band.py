"""Bands of a radio: channels, bit rates, HT, VHT, HE and EHT capabilities (linux/nl80211.h)."""

from nldissect.wire import (
    S8,
    S32,
    U8,
    U16,
    U32,
    Array,
    AttrSet,
    Enum,
    Flag,
    Le16,
    Nest,
    Nests,
    Struct,
)

from .common import NL80211_IFTYPES
from .elements import Elements
from .ieee80211 import (
    IEEE80211_HT_CAP,
    ieee80211_he_mcs_nss_supp,
    ieee80211_mcs_info,
    ieee80211_vht_mcs_info,
)


class NL80211_DFS_STATE(Enum, prefix="NL80211_DFS"):
    USABLE      = 0
    UNAVAILABLE = 1
    AVAILABLE   = 2


class NL80211_WMMR(AttrSet):
    CW_MIN = U16(1)
    CW_MAX = U16(2)
    AIFSN  = U8(3)
    TXOP   = U16(4)


class NL80211_FREQUENCY_ATTR(AttrSet):
    """FREQ in MHz, OFFSET in kHz, MAX_TX_POWER in mBm, times in ms."""

    FREQ                 = U32(1, measure="MHz")
    DISABLED             = Flag(2)
    NO_IR                = Flag(3, also=("PASSIVE_SCAN", "NO_IBSS"))
    _NO_IBSS             = Flag(4)                               # __NL80211_FREQUENCY_ATTR_NO_IBSS: goes with NO_IR
    RADAR                = Flag(5)
    MAX_TX_POWER         = S32(6, measure="mBm")
    DFS_STATE            = U32(7, NL80211_DFS_STATE)
    DFS_TIME             = U32(8, measure="ms")
    NO_HT40_MINUS        = Flag(9)
    NO_HT40_PLUS         = Flag(10)
    NO_80MHZ             = Flag(11)
    NO_160MHZ            = Flag(12)
    DFS_CAC_TIME         = U32(13, measure="ms")
    INDOOR_ONLY          = Flag(14)
    IR_CONCURRENT        = Flag(15, also="GO_CONCURRENT")
    NO_20MHZ             = Flag(16)
    NO_10MHZ             = Flag(17)
    WMM                  = Nests(18, NL80211_WMMR)                     # numbered by access category
    NO_HE                = Flag(19)
    OFFSET               = U32(20, measure="kHz")
    _1MHZ                = Flag(21)
    _2MHZ                = Flag(22)
    _4MHZ                = Flag(23)
    _8MHZ                = Flag(24)
    _16MHZ               = Flag(25)
    NO_320MHZ            = Flag(26)
    NO_EHT               = Flag(27)
    PSD                  = S8(28, measure="dBm")
    DFS_CONCURRENT       = Flag(29)
    NO_6GHZ_VLP_CLIENT   = Flag(30, also="NO_UHB_VLP_CLIENT")
    NO_6GHZ_AFC_CLIENT   = Flag(31, also="NO_UHB_AFC_CLIENT")
    CAN_MONITOR          = Flag(32)
    ALLOW_6GHZ_VLP_AP    = Flag(33)
    ALLOW_20MHZ_ACTIVITY = Flag(34)


class NL80211_BITRATE_ATTR(AttrSet):
    """RATE counts 100 kbit/s."""

    RATE                = U32(1, measure="100 kbit/s")
    _2GHZ_SHORTPREAMBLE = Flag(2)


class NL80211_BAND_IFTYPE_ATTR(AttrSet):
    """Bytes of the elements that interfaces of these types may send."""

    IFTYPES         = Nest(1, NL80211_IFTYPES)
    HE_CAP_MAC      = Array(2, U8(None, base=16))
    HE_CAP_PHY      = Array(3, U8(None, base=16))
    HE_CAP_MCS_SET  = Struct(4, ieee80211_he_mcs_nss_supp)
    HE_CAP_PPE      = Array(5, U8(None, base=16))
    HE_6GHZ_CAPA    = Le16(6, base=16)
    VENDOR_ELEMS    = Elements(7)
    EHT_CAP_MAC     = Array(8, U8(None, base=16))
    EHT_CAP_PHY     = Array(9, U8(None, base=16))
    EHT_CAP_MCS_SET = Array(10, U8(None, base=16))
    EHT_CAP_PPE     = Array(11, U8(None, base=16))


class NL80211_BAND_ATTR(AttrSet):
    FREQS            = Nests(1, NL80211_FREQUENCY_ATTR)
    RATES            = Nests(2, NL80211_BITRATE_ATTR)
    HT_MCS_SET       = Struct(3, ieee80211_mcs_info)
    HT_CAPA          = U16(4, IEEE80211_HT_CAP)
    HT_AMPDU_FACTOR  = U8(5)
    HT_AMPDU_DENSITY = U8(6)
    VHT_MCS_SET      = Struct(7, ieee80211_vht_mcs_info)
    VHT_CAPA         = U32(8, base=16)
    IFTYPE_DATA      = Nests(9, NL80211_BAND_IFTYPE_ATTR)
    EDMG_CHANNELS    = U8(10, base=16)
    EDMG_BW_CONFIG   = U8(11)
    S1G_MCS_NSS_SET  = Array(12, U8(None, base=16))
    S1G_CAPA         = Array(13, U8(None, base=16))


class NL80211_WIPHY_BANDS(AttrSet, prefix="NL80211_BAND"):
    _2GHZ  = Nest(0, NL80211_BAND_ATTR)
    _5GHZ  = Nest(1, NL80211_BAND_ATTR)
    _60GHZ = Nest(2, NL80211_BAND_ATTR)
    _6GHZ  = Nest(3, NL80211_BAND_ATTR)
    S1GHZ  = Nest(4, NL80211_BAND_ATTR)
    LC     = Nest(5, NL80211_BAND_ATTR)
