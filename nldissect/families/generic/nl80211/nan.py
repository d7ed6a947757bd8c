"""Neighbour awareness networking (linux/nl80211.h)."""

from nldissect.wire import S8, U8, U16, U32, AttrSet, Blob, Enum, Flag, Flags, Mac, Nest, Nests

from .common import NL80211_BAND
from .elements import Elements


class NL80211_NAN_FUNC_TYPE(Enum, prefix="NL80211_NAN_FUNC"):
    PUBLISH   = 0
    SUBSCRIBE = 1
    FOLLOW_UP = 2


class NL80211_NAN_PUBLISH(Flags, prefix="NL80211_NAN"):
    SOLICITED_PUBLISH   = 0x1
    UNSOLICITED_PUBLISH = 0x2


class NL80211_NAN_FUNC_TERM_REASON(Enum):
    USER_REQUEST = 0
    TTL_EXPIRED  = 1
    ERROR        = 2


class NL80211_NAN_SRF(AttrSet):
    INCLUDE   = Flag(1)
    BF        = Blob(2, "a Bloom filter of addresses")
    BF_IDX    = U8(3)
    MAC_ADDRS = Nests(4, Mac)


class NL80211_NAN_FUNC(AttrSet):
    TYPE             = U8(1, NL80211_NAN_FUNC_TYPE)
    SERVICE_ID       = Blob(2, "hash of the service's name")
    PUBLISH_TYPE     = U8(3, NL80211_NAN_PUBLISH)
    PUBLISH_BCAST    = Flag(4)
    SUBSCRIBE_ACTIVE = Flag(5)
    FOLLOW_UP_ID     = U8(6)
    FOLLOW_UP_REQ_ID = U8(7)
    FOLLOW_UP_DEST   = Mac(8)
    CLOSE_RANGE      = Flag(9)
    TTL              = U32(10)
    SERVICE_INFO     = Blob(11, "the service's own data")
    SRF              = Nest(12, NL80211_NAN_SRF)
    RX_MATCH_FILTER  = Nests(13, Blob(None, "the service's own data"))
    TX_MATCH_FILTER  = Nests(14, Blob(None, "the service's own data"))
    INSTANCE_ID      = U8(15)
    TERM_REASON      = U8(16, NL80211_NAN_FUNC_TERM_REASON)


class NL80211_NAN_MATCH(AttrSet):
    FUNC_LOCAL = Nest(1, NL80211_NAN_FUNC)
    FUNC_PEER  = Nest(2, NL80211_NAN_FUNC)


class NL80211_NAN_BAND_CONF(AttrSet):
    """FREQ in MHz, RSSI in dBm."""

    BAND         = U8(1, NL80211_BAND)
    FREQ         = U16(2)
    RSSI_CLOSE   = S8(3)
    RSSI_MIDDLE  = S8(4)
    WAKE_DW      = U8(5)
    DISABLE_SCAN = Flag(6)


class NL80211_NAN_CONF(AttrSet):
    """SCAN_PERIOD in s, the others in time units of 1024 us."""

    CLUSTER_ID                = Mac(1)
    EXTRA_ATTRS               = Blob(2, "attributes of Wi-Fi Aware")
    VENDOR_ELEMS              = Elements(3)
    BAND_CONFIGS              = Nests(4, NL80211_NAN_BAND_CONF)
    SCAN_PERIOD               = U16(5)
    SCAN_DWELL_TIME           = U16(6)
    DISCOVERY_BEACON_INTERVAL = U8(7)


class NL80211_NAN_CAPA(AttrSet):
    """MAX_CHANNEL_SWITCH_TIME in us; NUM_ANTENNAS: sending ones in the lower half, receiving ones in the upper."""

    CONFIGURABLE_SYNC       = Flag(1)
    USERSPACE_DE            = Flag(2)
    OP_MODE                 = U8(3, base=16)
    NUM_ANTENNAS            = U8(4, base=16)
    MAX_CHANNEL_SWITCH_TIME = U16(5)
    CAPABILITIES            = U8(6, base=16)
