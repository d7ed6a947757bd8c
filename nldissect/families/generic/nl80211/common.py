"""What many messages of nl80211 share: kinds of interfaces, bands, channels, keys' companions (linux/nl80211.h)."""

from nldissect.wire import S8, U8, U32, AttrSet, Enum, Flag, Flags, Message


class NL80211_IFTYPE(Enum):
    UNSPECIFIED = 0
    ADHOC       = 1
    STATION     = 2
    AP          = 3
    AP_VLAN     = 4
    WDS         = 5
    MONITOR     = 6
    MESH_POINT  = 7
    P2P_CLIENT  = 8
    P2P_GO      = 9
    P2P_DEVICE  = 10
    OCB         = 11
    NAN         = 12


class NL80211_IFTYPES(AttrSet, prefix="NL80211_IFTYPE"):
    """Interface types as a set: each a flag under its own number."""

    UNSPECIFIED = Flag(0)
    ADHOC       = Flag(1)
    STATION     = Flag(2)
    AP          = Flag(3)
    AP_VLAN     = Flag(4)
    WDS         = Flag(5)
    MONITOR     = Flag(6)
    MESH_POINT  = Flag(7)
    P2P_CLIENT  = Flag(8)
    P2P_GO      = Flag(9)
    P2P_DEVICE  = Flag(10)
    OCB         = Flag(11)
    NAN         = Flag(12)


class NL80211_BAND(Enum):
    _2GHZ  = 0
    _5GHZ  = 1
    _60GHZ = 2
    _6GHZ  = 3
    S1GHZ  = 4
    LC     = 5


class NL80211_BANDS(Flags, prefix="NL80211_BAND"):
    _2GHZ  = 0x01
    _5GHZ  = 0x02
    _60GHZ = 0x04
    _6GHZ  = 0x08
    S1GHZ  = 0x10
    LC     = 0x20


class NL80211_CHAN_WIDTH(Enum):
    _20_NOHT = 0
    _20      = 1
    _40      = 2
    _80      = 3
    _80P80   = 4
    _160     = 5
    _5       = 6
    _10      = 7
    _1       = 8
    _2       = 9
    _4       = 10
    _8       = 11
    _16      = 12
    _320     = 13


class NL80211_CHAN_WIDTHS(Flags, prefix="NL80211_CHAN_WIDTH"):
    _20_NOHT = 0x0001
    _20      = 0x0002
    _40      = 0x0004
    _80      = 0x0008
    _80P80   = 0x0010
    _160     = 0x0020
    _5       = 0x0040
    _10      = 0x0080
    _1       = 0x0100
    _2       = 0x0200
    _4       = 0x0400
    _8       = 0x0800
    _16      = 0x1000
    _320     = 0x2000


class NL80211_CHAN(Enum):
    NO_HT     = 0
    HT20      = 1
    HT40MINUS = 2
    HT40PLUS  = 3


class NL80211_DFS_REGION(Enum, prefix="NL80211_DFS"):
    UNSET = 0
    FCC   = 1
    ETSI  = 2
    JP    = 3


class NL80211_DFS_REGIONS(Flags, prefix="NL80211_DFS"):
    UNSET = 0x1
    FCC   = 0x2
    ETSI  = 0x4
    JP    = 0x8


class NL80211_TX_POWER(Enum):
    AUTOMATIC = 0
    LIMITED   = 1
    FIXED     = 2


class NL80211_SMPS(Enum):
    OFF     = 0
    STATIC  = 1
    DYNAMIC = 2


class nl80211_bss_select_rssi_adjust(Message):
    fields_desc = [U8.of("band", NL80211_BAND), S8.of("delta")]


class nl80211_pattern_support(Message):
    fields_desc = [
        U32.of("max_patterns"), U32.of("min_pattern_len"), U32.of("max_pattern_len"), U32.of("max_pkt_offset"),
    ]
