"""mac80211_hwsim: simulated Wi-Fi radios, and a simulated medium (drivers/net/wireless/virtual/mac80211_hwsim.h)."""

from nldissect.wire import (
    S8,
    S32,
    S64,
    U8,
    U16,
    U32,
    U64,
    Array,
    AttrSet,
    Blob,
    Enum,
    Flag,
    Flags,
    Mac,
    Message,
    Nest,
    Nests,
    Pad,
    Structs,
    Text,
    bind_genl,
)

from .nl80211 import attributes  # noqa: F401  measure.py names its set
from .nl80211.common import NL80211_CHAN_WIDTHS
from .nl80211.ieee80211 import WLAN_CIPHER_SUITE, Frame
from .nl80211.measure import (
    LOCATION,
    NL80211_PMSR_FTM_FAILURE,
    NL80211_PMSR_PEER_ATTR,
    NL80211_PMSR_STATUS,
    NL80211_PREAMBLES,
)
from .nl80211.station import (
    NL80211_RATE_INFO_EHT_GI,
    NL80211_RATE_INFO_EHT_RU_ALLOC,
    NL80211_RATE_INFO_HE_GI,
    NL80211_RATE_INFO_HE_RU_ALLOC,
)


class HWSIM_TX(Flags):
    CTL_REQ_TX_STATUS = 0x1
    CTL_NO_ACK        = 0x2
    STAT_ACK          = 0x4


class MAC80211_HWSIM_TX_RC(Flags):
    USE_RTS_CTS        = 0x1
    USE_CTS_PROTECT    = 0x2
    USE_SHORT_PREAMBLE = 0x4
    MCS                = 0x8
    GREEN_FIELD        = 0x10
    _40_MHZ_WIDTH      = 0x20
    DUP_DATA           = 0x40
    SHORT_GI           = 0x80
    VHT_MCS            = 0x100
    _80_MHZ_WIDTH      = 0x200
    _160_MHZ_WIDTH     = 0x400


class NL80211_IFTYPE_BITS(Flags, prefix="NL80211_IFTYPE"):
    ADHOC      = 0x0002
    STATION    = 0x0004
    AP         = 0x0008
    AP_VLAN    = 0x0010
    WDS        = 0x0020
    MONITOR    = 0x0040
    MESH_POINT = 0x0080
    P2P_CLIENT = 0x0100
    P2P_GO     = 0x0200
    P2P_DEVICE = 0x0400
    OCB        = 0x0800
    NAN        = 0x1000


class RATE_INFO_FLAGS(Flags):
    MCS             = 0x01
    VHT_MCS         = 0x02
    SHORT_GI        = 0x04
    DMG             = 0x08
    HE_MCS          = 0x10
    EDMG            = 0x20
    EXTENDED_SC_DMG = 0x40
    EHT_MCS         = 0x80


class RATE_INFO_BW(Enum):
    _20    = 0
    _5     = 1
    _10    = 2
    _40    = 3
    _80    = 4
    _160   = 5
    HE_RU  = 6
    _320   = 7
    EHT_RU = 8
    _1     = 9
    _2     = 10
    _4     = 11
    _8     = 12
    _16    = 13


class hwsim_tx_rate(Message):
    """A rate's index and how often to try it; -1 ends the list."""

    fields_desc = [S8.of("idx"), U8.of("count_")]


class hwsim_tx_rate_flag(Message):
    fields_desc = [S8.of("idx"), U16.of("flags_", MAC80211_HWSIM_TX_RC)]


class HWSIM_RATE_INFO_ATTR(AttrSet):
    FLAGS        = U8(1, RATE_INFO_FLAGS)
    MCS          = U8(2)
    LEGACY       = U16(3)
    NSS          = U8(4)
    BW           = U8(5, RATE_INFO_BW)
    HE_GI        = U8(6, NL80211_RATE_INFO_HE_GI)
    HE_DCM       = U8(7)
    HE_RU_ALLOC  = U8(8, NL80211_RATE_INFO_HE_RU_ALLOC)
    N_BOUNDED_CH = U8(9)
    EHT_GI       = U8(10, NL80211_RATE_INFO_EHT_GI)
    EHT_RU_ALLOC = U8(11, NL80211_RATE_INFO_EHT_RU_ALLOC)


class HWSIM_FTM_CAPA(AttrSet, prefix="NL80211_PMSR_FTM_CAPA_ATTR"):
    """Some are narrower than nl80211 has them; so below."""

    ASAP                = Flag(1)
    NON_ASAP            = Flag(2)
    REQ_LCI             = Flag(3)
    REQ_CIVICLOC        = Flag(4)
    PREAMBLES           = U32(5, NL80211_PREAMBLES)
    BANDWIDTHS          = U32(6, NL80211_CHAN_WIDTHS)
    MAX_BURSTS_EXPONENT = U8(7)
    MAX_FTMS_PER_BURST  = U8(8)
    TRIGGER_BASED       = Flag(9)
    NON_TRIGGER_BASED   = Flag(10)


class HWSIM_FTM_RESP(AttrSet, prefix="NL80211_PMSR_FTM_RESP_ATTR"):
    FAIL_REASON        = U32(1, NL80211_PMSR_FTM_FAILURE)
    BURST_INDEX        = U16(2)
    NUM_FTMR_ATTEMPTS  = U32(3)
    NUM_FTMR_SUCCESSES = U32(4)
    BUSY_RETRY_TIME    = U8(5)
    NUM_BURSTS_EXP     = U8(6)
    BURST_DURATION     = U8(7)
    FTMS_PER_BURST     = U8(8)
    RSSI_AVG           = S32(9)
    RSSI_SPREAD        = S32(10)
    TX_RATE            = Nest(11, HWSIM_RATE_INFO_ATTR)
    RX_RATE            = Nest(12, HWSIM_RATE_INFO_ATTR)
    RTT_AVG            = S64(13)
    RTT_VARIANCE       = S64(14)
    RTT_SPREAD         = S64(15)
    DIST_AVG           = S64(16)
    DIST_VARIANCE      = S64(17)
    DIST_SPREAD        = S64(18)
    LCI                = Blob(19, LOCATION)
    CIVICLOC           = Blob(20, LOCATION)
    PAD                = Pad(21)


class HWSIM_PMSR_TYPE(AttrSet, prefix="NL80211_PMSR_TYPE"):
    FTM = Nest(1, HWSIM_FTM_CAPA)


class HWSIM_PMSR_CAPA(AttrSet, prefix="NL80211_PMSR_ATTR"):
    MAX_PEERS          = U32(1)
    REPORT_AP_TSF      = Flag(2)
    RANDOMIZE_MAC_ADDR = Flag(3)
    TYPE_CAPA          = Nest(4, HWSIM_PMSR_TYPE)


class HWSIM_PMSR_DATA(AttrSet, prefix="NL80211_PMSR_TYPE"):
    FTM = Nest(1, HWSIM_FTM_RESP)


class HWSIM_PMSR_RESP(AttrSet, prefix="NL80211_PMSR_RESP_ATTR"):
    DATA      = Nest(1, HWSIM_PMSR_DATA)
    STATUS    = U32(2, NL80211_PMSR_STATUS)
    HOST_TIME = U64(3)
    AP_TSF    = U64(4)
    FINAL     = Flag(5)
    PAD       = Pad(6)


class HWSIM_PMSR_PEER(AttrSet, prefix="NL80211_PMSR_PEER_ATTR"):
    ADDR = Mac(1)
    RESP = Nest(4, HWSIM_PMSR_RESP)


class HWSIM_PMSR_RESULT(AttrSet, prefix="NL80211_PMSR_ATTR"):
    PEERS = Nests(5, HWSIM_PMSR_PEER)


class HWSIM_PMSR_MEASUREMENTS(AttrSet, prefix="NL80211"):
    """Attributes of both sets side by side; PEERS holds one peer's directly."""

    PMSR_ATTR_PEERS = Nest(5, NL80211_PMSR_PEER_ATTR, many=True)
    ATTR_MAC        = Mac(6)
    ATTR_MAC_MASK   = Mac(215)
    ATTR_TIMEOUT    = U32(272)


class HWSIM_PMSR_REQUEST(AttrSet, prefix="NL80211_ATTR"):
    PEER_MEASUREMENTS = Nest(273, HWSIM_PMSR_MEASUREMENTS)


class HWSIM_ATTR(AttrSet):
    ADDR_RECEIVER          = Mac(1)
    ADDR_TRANSMITTER       = Mac(2)
    FRAME                  = Frame(3)
    FLAGS                  = U32(4, HWSIM_TX)
    RX_RATE                = U32(5)
    SIGNAL                 = S32(6, measure="dBm")
    TX_INFO                = Structs(7, hwsim_tx_rate)
    COOKIE                 = U64(8)
    CHANNELS               = U32(9)
    RADIO_ID               = U32(10)
    REG_HINT_ALPHA2        = Text(11)
    REG_CUSTOM_REG         = U32(12)
    REG_STRICT_REG         = Flag(13)
    SUPPORT_P2P_DEVICE     = Flag(14)
    USE_CHANCTX            = Flag(15)
    DESTROY_RADIO_ON_CLOSE = Flag(16)
    RADIO_NAME             = Text(17)
    NO_VIF                 = Flag(18)
    FREQ                   = U32(19, measure="MHz")
    PAD                    = Pad(20)
    TX_INFO_FLAGS          = Structs(21, hwsim_tx_rate_flag)
    PERM_ADDR              = Mac(22)
    IFTYPE_SUPPORT         = U32(23, NL80211_IFTYPE_BITS)
    CIPHER_SUPPORT         = Array(24, U32(None, WLAN_CIPHER_SUITE, base=16))
    MLO_SUPPORT            = Flag(25)
    PMSR_SUPPORT           = Nest(26, HWSIM_PMSR_CAPA)
    PMSR_REQUEST           = Nest(27, HWSIM_PMSR_REQUEST)
    PMSR_RESULT            = Nest(28, HWSIM_PMSR_RESULT)
    MULTI_RADIO            = Flag(29)

    template = (
        "[radio {HWSIM_ATTR_RADIO_ID} ][{HWSIM_ATTR_RADIO_NAME} ][{HWSIM_ATTR_CHANNELS} channels ]"
        "[from {HWSIM_ATTR_ADDR_TRANSMITTER} ][to {HWSIM_ATTR_ADDR_RECEIVER} ][{HWSIM_ATTR_FREQ} ]"
        "[{HWSIM_ATTR_SIGNAL} ][{HWSIM_ATTR_FLAGS} ][cookie {HWSIM_ATTR_COOKIE}]"
    )


bind_genl(
    HWSIM_ATTR,
    "MAC80211_HWSIM",
    HWSIM_CMD_REGISTER=1,
    HWSIM_CMD_FRAME=2,
    HWSIM_CMD_TX_INFO_FRAME=3,
    HWSIM_CMD_NEW_RADIO=4,
    HWSIM_CMD_DEL_RADIO=5,
    HWSIM_CMD_GET_RADIO=6,
    HWSIM_CMD_ADD_MAC_ADDR=7,
    HWSIM_CMD_DEL_MAC_ADDR=8,
    HWSIM_CMD_START_PMSR=9,
    HWSIM_CMD_ABORT_PMSR=10,
    HWSIM_CMD_REPORT_PMSR=11,
)
