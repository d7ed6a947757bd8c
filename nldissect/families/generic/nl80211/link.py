"""An access point's settings, and a link's: rates, queues, quality, colour, radar (linux/nl80211.h)."""

from nldissect.wire import (
    S32,
    U8,
    U16,
    U32,
    U64,
    Array,
    AttrSet,
    BitSet,
    Enum,
    Flag,
    Flags,
    Message,
    Nest,
    Pad,
    Struct,
    bind_flagged,
)

from .elements import Elements
from .ieee80211 import Frame
from .station import NL80211_RATE_INFO_HE_GI


class NL80211_HIDDEN_SSID(Enum):
    NOT_IN_USE    = 0
    ZERO_LEN      = 1
    ZERO_CONTENTS = 2


class NL80211_ACL_POLICY(Enum):
    ACCEPT_UNLESS_LISTED = 0
    DENY_UNLESS_LISTED   = 1


class NL80211_AP_SETTINGS(Flags):
    EXTERNAL_AUTH_SUPPORT    = 0x1
    SA_QUERY_OFFLOAD_SUPPORT = 0x2


class NL80211_AC(Enum):
    VO = 0
    VI = 1
    BE = 2
    BK = 3


class NL80211_TXQ_ATTR(AttrSet):
    """TXOP counts 32 us."""

    AC    = U8(1, NL80211_AC, also="QUEUE")
    TXOP  = U16(2)
    CWMIN = U16(3)
    CWMAX = U16(4)
    AIFS  = U8(5)


class NL80211_TXRATE_GI(Enum, prefix="NL80211_TXRATE"):
    DEFAULT_GI = 0
    FORCE_SGI  = 1
    FORCE_LGI  = 2


class NL80211_RATE_INFO_HE_LTF(Enum, prefix="NL80211_RATE_INFO_HE"):
    _1XLTF = 0
    _2XLTF = 1
    _4XLTF = 2


class nl80211_txrate_vht(Message):
    """Also nl80211_txrate_he: a bit for every MCS, by number of streams."""

    fields_desc = [Array.of("mcs", U16(None, base=16), length=8)]


class NL80211_TXRATE(AttrSet):
    """LEGACY counts 500 kbit/s; HT lists MCS numbers."""

    LEGACY = Array(1, U8)
    HT     = Array(2, U8, also="MCS")
    VHT    = Struct(3, nl80211_txrate_vht)
    GI     = U8(4, NL80211_TXRATE_GI)
    HE     = Struct(5, nl80211_txrate_vht)
    HE_GI  = U8(6, NL80211_RATE_INFO_HE_GI)
    HE_LTF = U8(7, NL80211_RATE_INFO_HE_LTF)


class NL80211_TX_RATES(AttrSet, prefix="NL80211_BAND"):
    _2GHZ  = Nest(0, NL80211_TXRATE)
    _5GHZ  = Nest(1, NL80211_TXRATE)
    _60GHZ = Nest(2, NL80211_TXRATE)
    _6GHZ  = Nest(3, NL80211_TXRATE)
    S1GHZ  = Nest(4, NL80211_TXRATE)
    LC     = Nest(5, NL80211_TXRATE)


class NL80211_SUPP_RATES(AttrSet, prefix="NL80211_BAND"):
    """In 500 kbit/s."""

    _2GHZ  = Array(0, U8)
    _5GHZ  = Array(1, U8)
    _60GHZ = Array(2, U8)
    _6GHZ  = Array(3, U8)
    S1GHZ  = Array(4, U8)
    LC     = Array(5, U8)


class NL80211_PS(Enum):
    DISABLED = 0
    ENABLED  = 1


class NL80211_CQM_RSSI(Enum, prefix="NL80211_CQM_RSSI"):
    THRESHOLD_EVENT_LOW  = 0
    THRESHOLD_EVENT_HIGH = 1
    BEACON_LOSS_EVENT    = 2


class NL80211_ATTR_CQM(AttrSet):
    """Levels in dBm, TXE_INTVL in s."""

    RSSI_THOLD           = Array(1, S32)
    RSSI_HYST            = U32(2)
    RSSI_THRESHOLD_EVENT = U32(3, NL80211_CQM_RSSI)
    PKT_LOSS_EVENT       = U32(4)
    TXE_RATE             = U32(5)
    TXE_PKTS             = U32(6)
    TXE_INTVL            = U32(7, measure="s")
    BEACON_LOSS_EVENT    = Flag(8)
    RSSI_LEVEL           = S32(9, measure="dBm")


class NL80211_TX_RATE(Enum):
    AUTOMATIC = 0
    LIMITED   = 1
    FIXED     = 2


class NL80211_TID_CONFIG(Enum):
    ENABLE  = 0
    DISABLE = 1


class NL80211_TID_CONFIG_BITS(Flags, prefix="NL80211_TID_CONFIG_ATTR"):
    """Which of the settings below a driver has, by number."""

    OVERRIDE     = 0x0010
    TIDS         = 0x0020
    NOACK        = 0x0040
    RETRY_SHORT  = 0x0080
    RETRY_LONG   = 0x0100
    AMPDU_CTRL   = 0x0200
    RTSCTS_CTRL  = 0x0400
    AMSDU_CTRL   = 0x0800
    TX_RATE_TYPE = 0x1000
    TX_RATE      = 0x2000


class NL80211_TID_CONFIG_ATTR(AttrSet):
    PAD          = Pad(1)
    VIF_SUPP     = U64(2, NL80211_TID_CONFIG_BITS)
    PEER_SUPP    = U64(3, NL80211_TID_CONFIG_BITS)
    OVERRIDE     = Flag(4)
    TIDS         = U16(5, base=16)
    NOACK        = U8(6, NL80211_TID_CONFIG)
    RETRY_SHORT  = U8(7)
    RETRY_LONG   = U8(8)
    AMPDU_CTRL   = U8(9, NL80211_TID_CONFIG)
    RTSCTS_CTRL  = U8(10, NL80211_TID_CONFIG)
    AMSDU_CTRL   = U8(11, NL80211_TID_CONFIG)
    TX_RATE_TYPE = U8(12, NL80211_TX_RATE)
    TX_RATE      = Nest(13, NL80211_TX_RATES)


class NL80211_HE_OBSS_PD_ATTR(AttrSet):
    MIN_OFFSET           = U8(1)
    MAX_OFFSET           = U8(2)
    NON_SRG_MAX_OFFSET   = U8(3)
    BSS_COLOR_BITMAP     = BitSet(4, size=8)
    PARTIAL_BSSID_BITMAP = BitSet(5, size=8)
    SR_CTRL              = U8(6, base=16)


class NL80211_HE_BSS_COLOR_ATTR(AttrSet):
    COLOR    = U8(1)
    DISABLED = Flag(2)
    PARTIAL  = Flag(3)


class NL80211_FILS_DISCOVERY_ATTR(AttrSet):
    """Intervals in time units of 1024 us."""

    INT_MIN = U32(1, measure="TU")
    INT_MAX = U32(2, measure="TU")
    TMPL    = Frame(3)


class NL80211_UNSOL_BCAST_PROBE_RESP_ATTR(AttrSet):
    INT  = U32(1, measure="TU")
    TMPL = Frame(2)


class NL80211_RADAR(Enum):
    DETECTED        = 0
    CAC_FINISHED    = 1
    CAC_ABORTED     = 2
    NOP_FINISHED    = 3
    PRE_CAC_EXPIRED = 4
    CAC_STARTED     = 5


class NL80211_TDLS(Enum):
    DISCOVERY_REQ = 0
    SETUP         = 1
    TEARDOWN      = 2
    ENABLE_LINK   = 3
    DISABLE_LINK  = 4


class NL80211_TDLS_PEER(Flags):
    HT  = 0x1
    VHT = 0x2
    WMM = 0x4
    HE  = 0x8


class NL80211_CRIT_PROTO(Enum):
    UNSPEC = 0
    DHCP   = 1
    EAPOL  = 2
    APIPA  = 3


class NL80211_RXMGMT_FLAG(Flags):
    ANSWERED      = 0x1
    EXTERNAL_AUTH = 0x2


class NL80211_S1G_SHORT_BEACON_ATTR(AttrSet):
    HEAD = Frame(1)
    TAIL = Elements(2)


class NL80211_BSS_PARAM(AttrSet, prefix="NL80211_ATTR"):
    """Which of a BSS's parameters a radio can change."""

    BSS_CTS_PROT        = Flag(28)
    BSS_SHORT_PREAMBLE  = Flag(29)
    BSS_SHORT_SLOT_TIME = Flag(30)
    BSS_BASIC_RATES     = Flag(36)
    AP_ISOLATE          = Flag(96)
    BSS_HT_OPMODE       = Flag(109)
    P2P_CTWINDOW        = Flag(162)
    P2P_OPPPS           = Flag(163)

bind_flagged(
    "nl80211",
    "NL80211_FILS_DISCOVERY_ATTR NL80211_HE_BSS_COLOR_ATTR NL80211_HE_OBSS_PD_ATTR NL80211_MBSSID_CONFIG_ATTR "
    "NL80211_SAR_ATTR NL80211_SAR_ATTR_SPECS NL80211_TID_CONFIG_ATTR NL80211_UNSOL_BCAST_PROBE_RESP_ATTR",
)
