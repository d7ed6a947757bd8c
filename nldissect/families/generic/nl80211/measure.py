"""Measuring distances: fine timing measurement with peers (linux/nl80211.h, net/wireless/pmsr.c)."""

from nldissect.wire import (
    S32,
    S64,
    U8,
    U16,
    U32,
    U64,
    AttrSet,
    Blob,
    Enum,
    Flag,
    Flags,
    Mac,
    Nest,
    Nests,
    Pad,
)

from .common import NL80211_CHAN_WIDTHS
from .station import NL80211_RATE_INFO

LOCATION = "a measurement report of a location, as IEEE 802.11 has it"


class NL80211_FTM_RESP_ATTR(AttrSet):
    ENABLED  = Flag(1)
    LCI      = Blob(2, LOCATION)
    CIVICLOC = Blob(3, LOCATION)


class NL80211_FTM_STATS(AttrSet):
    SUCCESS_NUM                = U64(1)
    PARTIAL_NUM                = U64(2)
    FAILED_NUM                 = U64(3)
    ASAP_NUM                   = U64(4)
    NON_ASAP_NUM               = U64(5)
    TOTAL_DURATION_MSEC        = U64(6, measure="ms")
    UNKNOWN_TRIGGERS_NUM       = U64(7)
    RESCHEDULE_REQUESTS_NUM    = U64(8)
    OUT_OF_WINDOW_TRIGGERS_NUM = U64(9)
    PAD                        = Pad(10)


class NL80211_PREAMBLE(Enum):
    LEGACY = 0
    HT     = 1
    VHT    = 2
    DMG    = 3
    HE     = 4


class NL80211_PREAMBLES(Flags, prefix="NL80211_PREAMBLE"):
    LEGACY = 0x01
    HT     = 0x02
    VHT    = 0x04
    DMG    = 0x08
    HE     = 0x10


class NL80211_PMSR_STATUS(Enum):
    SUCCESS = 0
    REFUSED = 1
    TIMEOUT = 2
    FAILURE = 3


class NL80211_PMSR_FTM_FAILURE(Enum):
    UNSPECIFIED        = 0
    NO_RESPONSE        = 1
    REJECTED           = 2
    WRONG_CHANNEL      = 3
    PEER_NOT_CAPABLE   = 4
    INVALID_TIMESTAMP  = 5
    PEER_BUSY          = 6
    BAD_CHANGED_PARAMS = 7


class NL80211_PMSR_FTM_CAPA_ATTR(AttrSet):
    ASAP                = Flag(1)
    NON_ASAP            = Flag(2)
    REQ_LCI             = Flag(3)
    REQ_CIVICLOC        = Flag(4)
    PREAMBLES           = U32(5, NL80211_PREAMBLES)
    BANDWIDTHS          = U32(6, NL80211_CHAN_WIDTHS)
    MAX_BURSTS_EXPONENT = U32(7)
    MAX_FTMS_PER_BURST  = U32(8)
    TRIGGER_BASED       = Flag(9)
    NON_TRIGGER_BASED   = Flag(10)


class NL80211_PMSR_FTM_REQ_ATTR(AttrSet):
    """BURST_PERIOD counts 100 ms."""

    ASAP              = Flag(1)
    PREAMBLE          = U32(2, NL80211_PREAMBLE)
    NUM_BURSTS_EXP    = U8(3)
    BURST_PERIOD      = U16(4)
    BURST_DURATION    = U8(5)
    FTMS_PER_BURST    = U8(6)
    NUM_FTMR_RETRIES  = U8(7)
    REQUEST_LCI       = Flag(8)
    REQUEST_CIVICLOC  = Flag(9)
    TRIGGER_BASED     = Flag(10)
    NON_TRIGGER_BASED = Flag(11)
    LMR_FEEDBACK      = Flag(12)
    BSS_COLOR         = U8(13)


class NL80211_PMSR_FTM_RESP_ATTR(AttrSet):
    """RSSI in dBm, RTT in ps, DIST in mm."""

    FAIL_REASON        = U32(1, NL80211_PMSR_FTM_FAILURE)
    BURST_INDEX        = U32(2)
    NUM_FTMR_ATTEMPTS  = U32(3)
    NUM_FTMR_SUCCESSES = U32(4)
    BUSY_RETRY_TIME    = U32(5, measure="s")
    NUM_BURSTS_EXP     = U8(6)
    BURST_DURATION     = U8(7)
    FTMS_PER_BURST     = U8(8)
    RSSI_AVG           = S32(9)
    RSSI_SPREAD        = S32(10)
    TX_RATE            = Nest(11, NL80211_RATE_INFO)
    RX_RATE            = Nest(12, NL80211_RATE_INFO)
    RTT_AVG            = S64(13, measure="ps")
    RTT_VARIANCE       = U64(14)
    RTT_SPREAD         = U64(15, measure="ps")
    DIST_AVG           = S64(16, measure="mm")
    DIST_VARIANCE      = U64(17)
    DIST_SPREAD        = U64(18, measure="mm")
    LCI                = Blob(19, LOCATION)
    CIVICLOC           = Blob(20, LOCATION)
    PAD                = Pad(21)


class NL80211_PMSR_CAPA(AttrSet, prefix="NL80211_PMSR_TYPE"):
    FTM = Nest(1, NL80211_PMSR_FTM_CAPA_ATTR)


class NL80211_PMSR_REQ_DATA(AttrSet, prefix="NL80211_PMSR_TYPE"):
    FTM = Nest(1, NL80211_PMSR_FTM_REQ_ATTR)


class NL80211_PMSR_RESP_DATA(AttrSet, prefix="NL80211_PMSR_TYPE"):
    FTM = Nest(1, NL80211_PMSR_FTM_RESP_ATTR)


class NL80211_PMSR_REQ_ATTR(AttrSet):
    DATA       = Nest(1, NL80211_PMSR_REQ_DATA)
    GET_AP_TSF = Flag(2)


class NL80211_PMSR_RESP_ATTR(AttrSet):
    DATA      = Nest(1, NL80211_PMSR_RESP_DATA)
    STATUS    = U32(2, NL80211_PMSR_STATUS)
    HOST_TIME = U64(3, measure="ns")
    AP_TSF    = U64(4)
    FINAL     = Flag(5)
    PAD       = Pad(6)


class NL80211_PMSR_PEER_ATTR(AttrSet):
    ADDR = Mac(1)
    CHAN = Nest(2, "NL80211_ATTR")
    REQ  = Nest(3, NL80211_PMSR_REQ_ATTR)
    RESP = Nest(4, NL80211_PMSR_RESP_ATTR)


class NL80211_PMSR_ATTR(AttrSet):
    MAX_PEERS          = U32(1)
    REPORT_AP_TSF      = Flag(2)
    RANDOMIZE_MAC_ADDR = Flag(3)
    TYPE_CAPA          = Nest(4, NL80211_PMSR_CAPA)
    PEERS              = Nests(5, NL80211_PMSR_PEER_ATTR)
