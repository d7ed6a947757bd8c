"""Stations and mesh paths: flags, rates, counters (linux/nl80211.h, net/wireless/nl80211.c)."""

from nldissect.wire import (
    S8,
    S64,
    U8,
    U16,
    U32,
    U64,
    AttrSet,
    Enum,
    Flag,
    Flags,
    Message,
    Nest,
    Nests,
    Pad,
    Struct,
)


class NL80211_STA_FLAG(AttrSet):
    AUTHORIZED     = Flag(1)
    SHORT_PREAMBLE = Flag(2)
    WME            = Flag(3)
    MFP            = Flag(4)
    AUTHENTICATED  = Flag(5)
    TDLS_PEER      = Flag(6)
    ASSOCIATED     = Flag(7)
    SPP_AMSDU      = Flag(8)


class NL80211_STA_FLAGS(Flags, prefix="NL80211_STA_FLAG"):
    AUTHORIZED     = 0x002
    SHORT_PREAMBLE = 0x004
    WME            = 0x008
    MFP            = 0x010
    AUTHENTICATED  = 0x020
    TDLS_PEER      = 0x040
    ASSOCIATED     = 0x080
    SPP_AMSDU      = 0x100


class nl80211_sta_flag_update(Message):
    fields_desc = [U32.of("mask", NL80211_STA_FLAGS), U32.of("set", NL80211_STA_FLAGS)]


class NL80211_RATE_INFO_HE_GI(Enum):
    _0_8 = 0
    _1_6 = 1
    _3_2 = 2


class NL80211_RATE_INFO_HE_RU_ALLOC(Enum):
    _26    = 0
    _52    = 1
    _106   = 2
    _242   = 3
    _484   = 4
    _996   = 5
    _2x996 = 6


class NL80211_RATE_INFO_EHT_GI(Enum):
    _0_8 = 0
    _1_6 = 1
    _3_2 = 2


class NL80211_RATE_INFO_EHT_RU_ALLOC(Enum):
    _26          = 0
    _52          = 1
    _52P26       = 2
    _106         = 3
    _106P26      = 4
    _242         = 5
    _484         = 6
    _484P242     = 7
    _996         = 8
    _996P484     = 9
    _996P484P242 = 10
    _2x996       = 11
    _2x996P484   = 12
    _3x996       = 13
    _3x996P484   = 14
    _4x996       = 15


class NL80211_RATE_INFO(AttrSet):
    """Bit rates count 100 kbit/s."""

    BITRATE          = U16(1, measure="100 kbit/s")
    MCS              = U8(2)
    _40_MHZ_WIDTH    = Flag(3)
    SHORT_GI         = Flag(4)
    BITRATE32        = U32(5, measure="100 kbit/s")
    VHT_MCS          = U8(6)
    VHT_NSS          = U8(7)
    _80_MHZ_WIDTH    = Flag(8)
    _80P80_MHZ_WIDTH = Flag(9)
    _160_MHZ_WIDTH   = Flag(10)
    _10_MHZ_WIDTH    = Flag(11)
    _5_MHZ_WIDTH     = Flag(12)
    HE_MCS           = U8(13)
    HE_NSS           = U8(14)
    HE_GI            = U8(15, NL80211_RATE_INFO_HE_GI)
    HE_DCM           = U8(16)
    HE_RU_ALLOC      = U8(17, NL80211_RATE_INFO_HE_RU_ALLOC)
    _320_MHZ_WIDTH   = Flag(18)
    EHT_MCS          = U8(19)
    EHT_NSS          = U8(20)
    EHT_GI           = U8(21, NL80211_RATE_INFO_EHT_GI)
    EHT_RU_ALLOC     = U8(22, NL80211_RATE_INFO_EHT_RU_ALLOC)
    S1G_MCS          = U8(23)
    S1G_NSS          = U8(24)
    _1_MHZ_WIDTH     = Flag(25)
    _2_MHZ_WIDTH     = Flag(26)
    _4_MHZ_WIDTH     = Flag(27)
    _8_MHZ_WIDTH     = Flag(28)
    _16_MHZ_WIDTH    = Flag(29)


class NL80211_STA_BSS_PARAM(AttrSet):
    CTS_PROT        = Flag(1)
    SHORT_PREAMBLE  = Flag(2)
    SHORT_SLOT_TIME = Flag(3)
    DTIM_PERIOD     = U8(4)
    BEACON_INTERVAL = U16(5, measure="TU")


class NL80211_TXQ_STATS(AttrSet):
    BACKLOG_BYTES   = U32(1)
    BACKLOG_PACKETS = U32(2)
    FLOWS           = U32(3)
    DROPS           = U32(4)
    ECN_MARKS       = U32(5)
    OVERLIMIT       = U32(6)
    OVERMEMORY      = U32(7)
    COLLISIONS      = U32(8)
    TX_BYTES        = U32(9)
    TX_PACKETS      = U32(10)
    MAX_FLOWS       = U32(11)


class NL80211_TID_STATS(AttrSet):
    RX_MSDU         = U64(1)
    TX_MSDU         = U64(2)
    TX_MSDU_RETRIES = U64(3)
    TX_MSDU_FAILED  = U64(4)
    PAD             = Pad(5)
    TXQ_STATS       = Nest(6, NL80211_TXQ_STATS)


class NL80211_PLINK(Enum):
    LISTEN   = 0
    OPN_SNT  = 1
    OPN_RCVD = 2
    CNF_RCVD = 3
    ESTAB    = 4
    HOLDING  = 5
    BLOCKED  = 6


class NL80211_PLINK_ACTION(Enum):
    NO_ACTION = 0
    OPEN      = 1
    BLOCK     = 2


class NL80211_MESH_POWER(Enum):
    UNKNOWN     = 0
    ACTIVE      = 1
    LIGHT_SLEEP = 2
    DEEP_SLEEP  = 3


class NL80211_STA_INFO(AttrSet):
    """Signals are dBm; INACTIVE_TIME counts ms, CONNECTED_TIME s, durations us, ASSOC_AT_BOOTTIME ns."""

    INACTIVE_TIME       = U32(1, measure="ms")
    RX_BYTES            = U32(2)
    TX_BYTES            = U32(3)
    LLID                = U16(4)
    PLID                = U16(5)
    PLINK_STATE         = U8(6, NL80211_PLINK)
    SIGNAL              = S8(7, measure="dBm")
    TX_BITRATE          = Nest(8, NL80211_RATE_INFO)
    RX_PACKETS          = U32(9)
    TX_PACKETS          = U32(10)
    TX_RETRIES          = U32(11)
    TX_FAILED           = U32(12)
    SIGNAL_AVG          = S8(13, measure="dBm")
    RX_BITRATE          = Nest(14, NL80211_RATE_INFO)
    BSS_PARAM           = Nest(15, NL80211_STA_BSS_PARAM)
    CONNECTED_TIME      = U32(16, measure="s")
    STA_FLAGS           = Struct(17, nl80211_sta_flag_update)
    BEACON_LOSS         = U32(18)
    T_OFFSET            = S64(19)
    LOCAL_PM            = U32(20, NL80211_MESH_POWER)
    PEER_PM             = U32(21, NL80211_MESH_POWER)
    NONPEER_PM          = U32(22, NL80211_MESH_POWER)
    RX_BYTES64          = U64(23)
    TX_BYTES64          = U64(24)
    CHAIN_SIGNAL        = Nests(25, S8)                      # numbered by antenna
    CHAIN_SIGNAL_AVG    = Nests(26, S8)
    EXPECTED_THROUGHPUT = U32(27, measure="kbit/s")
    RX_DROP_MISC        = U64(28)
    BEACON_RX           = U64(29)
    BEACON_SIGNAL_AVG   = S8(30, measure="dBm")
    TID_STATS           = Nests(31, NL80211_TID_STATS)          # numbered by TID + 1; 17 is what has none
    RX_DURATION         = U64(32, measure="us")
    PAD                 = Pad(33)
    ACK_SIGNAL          = S8(34, measure="dBm")
    ACK_SIGNAL_AVG      = S8(35, also="DATA_ACK_SIGNAL_AVG", measure="dBm")
    RX_MPDUS            = U32(36)
    FCS_ERROR_COUNT     = U32(37)
    CONNECTED_TO_GATE   = U8(38)
    TX_DURATION         = U64(39, measure="us")
    AIRTIME_WEIGHT      = U16(40)
    AIRTIME_LINK_METRIC = U32(41)
    ASSOC_AT_BOOTTIME   = U64(42, measure="ns")
    CONNECTED_TO_AS     = U8(43)


class NL80211_STA_WME(AttrSet):
    UAPSD_QUEUES = U8(1, base=16)
    MAX_SP       = U8(2)


class NL80211_P2P_PS(Enum):
    UNSUPPORTED = 0
    SUPPORTED   = 1


class NL80211_MPATH_FLAG(Flags):
    ACTIVE    = 0x1
    RESOLVING = 0x2
    SN_VALID  = 0x4
    FIXED     = 0x8
    RESOLVED  = 0x10


class NL80211_MPATH_INFO(AttrSet):
    """Times in ms."""

    FRAME_QLEN        = U32(1)
    SN                = U32(2)
    METRIC            = U32(3)
    EXPTIME           = U32(4, measure="ms")
    FLAGS             = U8(5, NL80211_MPATH_FLAG)
    DISCOVERY_TIMEOUT = U32(6, measure="ms")
    DISCOVERY_RETRIES = U8(7)
    HOP_COUNT         = U8(8)
    PATH_CHANGE       = U32(9)
