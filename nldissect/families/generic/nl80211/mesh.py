"""Mesh points: configuration and setup (linux/nl80211.h)."""

from nldissect.wire import S32, U8, U16, U32, AttrSet, Enum, Flag, Uint, bind_attrs

from .elements import Elements
from .station import NL80211_MESH_POWER


class IEEE80211_ROOTMODE(Enum):
    NO_ROOT                  = 0
    ROOT                     = 1
    PROACTIVE_PREQ_NO_PREP   = 2
    PROACTIVE_PREQ_WITH_PREP = 3
    PROACTIVE_RANN           = 4


class NL80211_MESHCONF(AttrSet):
    """Times in ms; PLINK_TIMEOUT in s, HWMP intervals and the awake window in time units of 1024 us."""

    RETRY_TIMEOUT              = U16(1, measure="ms")
    CONFIRM_TIMEOUT            = U16(2, measure="ms")
    HOLDING_TIMEOUT            = U16(3, measure="ms")
    MAX_PEER_LINKS             = U16(4)
    MAX_RETRIES                = U8(5)
    TTL                        = U8(6)
    AUTO_OPEN_PLINKS           = U8(7)
    HWMP_MAX_PREQ_RETRIES      = U8(8)
    PATH_REFRESH_TIME          = U32(9, measure="ms")
    MIN_DISCOVERY_TIMEOUT      = U16(10, measure="ms")
    HWMP_ACTIVE_PATH_TIMEOUT   = U32(11, measure="TU")
    HWMP_PREQ_MIN_INTERVAL     = U16(12, measure="TU")
    HWMP_NET_DIAM_TRVS_TIME    = U16(13, measure="TU")
    HWMP_ROOTMODE              = U8(14, IEEE80211_ROOTMODE)
    ELEMENT_TTL                = U8(15)
    HWMP_RANN_INTERVAL         = U16(16, measure="TU")
    GATE_ANNOUNCEMENTS         = U8(17)
    HWMP_PERR_MIN_INTERVAL     = U16(18, measure="TU")
    FORWARDING                 = U8(19)
    RSSI_THRESHOLD             = S32(20, measure="dBm")
    SYNC_OFFSET_MAX_NEIGHBOR   = U32(21)
    HT_OPMODE                  = U16(22, base=16)
    HWMP_PATH_TO_ROOT_TIMEOUT  = U32(23, measure="TU")
    HWMP_ROOT_INTERVAL         = U16(24, measure="TU")
    HWMP_CONFIRMATION_INTERVAL = U16(25, measure="TU")
    POWER_MODE                 = U32(26, NL80211_MESH_POWER)
    AWAKE_WINDOW               = U16(27, measure="TU")
    PLINK_TIMEOUT              = U32(28, measure="s")
    CONNECTED_TO_GATE          = U8(29)
    NOLEARN                    = U8(30)
    CONNECTED_TO_AS            = U8(31)


# Wider in answers than in requests; and answers begin with the interface's index, under the number of HOLDING_TIMEOUT.
bind_attrs(NL80211_MESHCONF.HT_OPMODE, U32(None, base=16), to="user")
bind_attrs(NL80211_MESHCONF.HOLDING_TIMEOUT, Uint(None, many=True), to="user")


class NL80211_MESH_SETUP(AttrSet):
    ENABLE_VENDOR_PATH_SEL = U8(1)
    ENABLE_VENDOR_METRIC   = U8(2)
    IE                     = Elements(3)
    USERSPACE_AUTH         = Flag(4)
    USERSPACE_AMPE         = Flag(5)
    ENABLE_VENDOR_SYNC     = U8(6)
    USERSPACE_MPM          = Flag(7)
    AUTH_PROTOCOL          = U8(8)
