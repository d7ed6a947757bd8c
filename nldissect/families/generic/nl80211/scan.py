"""Scans: what to look for, what was found, how busy channels are (linux/nl80211.h, net/wireless/scan.c)."""

from nldissect.wire import (
    S8,
    S32,
    U8,
    U16,
    U32,
    U64,
    AttrSet,
    Enum,
    Flag,
    Flags,
    Mac,
    Nests,
    Pad,
    Struct,
    Text,
)

from .common import NL80211_BAND, nl80211_bss_select_rssi_adjust
from .elements import Elements
from .ieee80211 import WLAN_CAPABILITY


class NL80211_SCAN_FLAG(Flags):
    LOW_PRIORITY                       = 0x1
    FLUSH                              = 0x2
    AP                                 = 0x4
    RANDOM_ADDR                        = 0x8
    FILS_MAX_CHANNEL_TIME              = 0x10
    ACCEPT_BCAST_PROBE_RESP            = 0x20
    OCE_PROBE_REQ_HIGH_TX_RATE         = 0x40
    OCE_PROBE_REQ_DEFERRAL_SUPPRESSION = 0x80
    LOW_SPAN                           = 0x100
    LOW_POWER                          = 0x200
    HIGH_ACCURACY                      = 0x400
    RANDOM_SN                          = 0x800
    MIN_PREQ_CONTENT                   = 0x1000
    FREQ_KHZ                           = 0x2000
    COLOCATED_6GHZ                     = 0x4000


class NL80211_BSS_CHAN_WIDTH(Enum):
    _20 = 0
    _10 = 1
    _5  = 2
    _1  = 3
    _2  = 4


class NL80211_BSS_STATUS(Enum):
    AUTHENTICATED = 0
    ASSOCIATED    = 1
    IBSS_JOINED   = 2


class NL80211_BSS_USE_FOR(Flags):
    NORMAL   = 0x1
    MLD_LINK = 0x2


class NL80211_BSS_CANNOT_USE(Flags):
    NSTR_NONPRIMARY    = 0x1
    _6GHZ_PWR_MISMATCH = 0x2


class NL80211_BSS(AttrSet):
    """TSFs and LAST_SEEN_BOOTTIME are clocks of the station found (us) and of this host (ns)."""

    BSSID                = Mac(1)
    FREQUENCY            = U32(2, measure="MHz")
    TSF                  = U64(3)
    BEACON_INTERVAL      = U16(4, measure="TU")
    CAPABILITY           = U16(5, WLAN_CAPABILITY)
    INFORMATION_ELEMENTS = Elements(6)
    SIGNAL_MBM           = S32(7, measure="mBm")
    SIGNAL_UNSPEC        = U8(8)
    STATUS               = U32(9, NL80211_BSS_STATUS)
    SEEN_MS_AGO          = U32(10, measure="ms")
    BEACON_IES           = Elements(11)
    CHAN_WIDTH           = U32(12, NL80211_BSS_CHAN_WIDTH, deprecated=True)
    BEACON_TSF           = U64(13)
    PRESP_DATA           = Flag(14)
    LAST_SEEN_BOOTTIME   = U64(15, measure="ns")
    PAD                  = Pad(16)
    PARENT_TSF           = U64(17)
    PARENT_BSSID         = Mac(18)
    CHAIN_SIGNAL         = Nests(19, S8)                      # numbered by antenna
    FREQUENCY_OFFSET     = U32(20, measure="kHz")
    MLO_LINK_ID          = U8(21)
    MLD_ADDR             = Mac(22)
    USE_FOR              = U32(23, NL80211_BSS_USE_FOR)
    CANNOT_USE_REASONS   = U64(24, NL80211_BSS_CANNOT_USE)


class NL80211_SURVEY_INFO(AttrSet):
    """FREQUENCY in MHz, NOISE in dBm, times in ms."""

    FREQUENCY        = U32(1, measure="MHz")
    NOISE            = S8(2, measure="dBm")
    IN_USE           = Flag(3)
    TIME             = U64(4, also="CHANNEL_TIME", measure="ms")
    TIME_BUSY        = U64(5, also="CHANNEL_TIME_BUSY", measure="ms")
    TIME_EXT_BUSY    = U64(6, also="CHANNEL_TIME_EXT_BUSY", measure="ms")
    TIME_RX          = U64(7, also="CHANNEL_TIME_RX", measure="ms")
    TIME_TX          = U64(8, also="CHANNEL_TIME_TX", measure="ms")
    TIME_SCAN        = U64(9, measure="ms")
    PAD              = Pad(10)
    TIME_BSS_RX      = U64(11, measure="ms")
    FREQUENCY_OFFSET = U32(12, measure="kHz")


class NL80211_SCHED_SCAN_MATCH(AttrSet):
    ATTR_SSID          = Text(1)
    ATTR_RSSI          = S32(2)
    ATTR_RELATIVE_RSSI = Flag(3)
    ATTR_RSSI_ADJUST   = Struct(4, nl80211_bss_select_rssi_adjust)
    ATTR_BSSID         = Mac(5)
    PER_BAND_RSSI      = Nests(6, S32, deprecated=True)   # numbered by band


class NL80211_SCHED_SCAN_PLAN(AttrSet):
    """INTERVAL in s."""

    INTERVAL   = U32(1, measure="s")
    ITERATIONS = U32(2)


class NL80211_BSS_SELECT_ATTR(AttrSet):
    RSSI        = Flag(1)
    BAND_PREF   = U32(2, NL80211_BAND)
    RSSI_ADJUST = Struct(3, nl80211_bss_select_rssi_adjust)


class NL80211_BSS_SELECT_SUPPORT(AttrSet, prefix="NL80211_BSS_SELECT_ATTR"):
    """Which of these a radio can do."""

    RSSI        = Flag(1)
    BAND_PREF   = Flag(2)
    RSSI_ADJUST = Flag(3)
