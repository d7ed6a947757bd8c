"""Keys, authentication and association (linux/nl80211.h, net/wireless/sme.c)."""

from nldissect.wire import U8, U32, AttrSet, Be64, Blob, Enum, Flag, Flags, Mac, Nest, Secret

from .ieee80211 import WLAN_AKM_SUITE, WLAN_CIPHER_SUITE


class NL80211_KEYTYPE(Enum):
    GROUP    = 0
    PAIRWISE = 1
    PEERKEY  = 2


class NL80211_KEY_MODE(Enum, prefix="NL80211_KEY"):
    RX_TX  = 0
    NO_TX  = 1
    SET_TX = 2


class NL80211_KEY_DEFAULT_TYPE(AttrSet):
    UNICAST   = Flag(1)
    MULTICAST = Flag(2)


class NL80211_KEY(AttrSet):
    DATA           = Secret(1)
    IDX            = U8(2)
    CIPHER         = U32(3, WLAN_CIPHER_SUITE, base=16)
    SEQ            = Blob(4, "a packet counter as the cipher lays it out")
    DEFAULT        = Flag(5)
    DEFAULT_MGMT   = Flag(6)
    TYPE           = U32(7, NL80211_KEYTYPE)
    DEFAULT_TYPES  = Nest(8, NL80211_KEY_DEFAULT_TYPE)
    MODE           = U8(9, NL80211_KEY_MODE)
    DEFAULT_BEACON = Flag(10)


class NL80211_REKEY_DATA(AttrSet):
    KEK        = Secret(1)
    KCK        = Secret(2)
    REPLAY_CTR = Be64(3)
    AKM        = U32(4, WLAN_AKM_SUITE, base=16)


class NL80211_AUTHTYPE(Enum):
    OPEN_SYSTEM = 0
    SHARED_KEY  = 1
    FT          = 2
    NETWORK_EAP = 3
    SAE         = 4
    FILS_SK     = 5
    FILS_SK_PFS = 6
    FILS_PK     = 7


AUTHTYPE_UNSURE = {
    8:  "NL80211_AUTHTYPE_AUTOMATIC or NL80211_AUTHTYPE_EPPKE",
    9:  "NL80211_AUTHTYPE_AUTOMATIC or NL80211_AUTHTYPE_IEEE8021X",
    10: "NL80211_AUTHTYPE_AUTOMATIC",
}
"""AUTOMATIC stands behind the last type that goes over the air and moves with each new one: EPPKE, then IEEE8021X."""


class NL80211_MFP(Enum):
    NO       = 0
    REQUIRED = 1
    OPTIONAL = 2


class NL80211_WPA_VERSION(Flags):
    _1 = 0x1
    _2 = 0x2
    _3 = 0x4


class NL80211_SAE_PWE(Enum):
    UNSPECIFIED     = 0
    HUNT_AND_PECK   = 1
    HASH_TO_ELEMENT = 2
    BOTH            = 3


class NL80211_EXTERNAL_AUTH(Enum):
    START = 0
    ABORT = 1


class NL80211_TIMEOUT(Enum):
    UNSPECIFIED = 0
    SCAN        = 1
    AUTH        = 2
    ASSOC       = 3


class NL80211_CONN_FAIL(Enum):
    MAX_CLIENTS    = 0
    BLOCKED_CLIENT = 1


class NL80211_PMKSA_CANDIDATE(AttrSet):
    INDEX   = U32(1)
    BSSID   = Mac(2)
    PREAUTH = Flag(3)
