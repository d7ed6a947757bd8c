"""What a radio can do: features, interface combinations, several radios, power limits (linux/nl80211.h)."""

from nldissect.wire import (
    S32,
    U8,
    U16,
    U32,
    Array,
    AttrSet,
    Enum,
    Flag,
    Flags,
    Message,
    Nest,
    Nests,
)

from .common import NL80211_CHAN_WIDTHS, NL80211_DFS_REGIONS, NL80211_IFTYPES
from .ieee80211 import IEEE80211_STYPE, WLAN_AKM_SUITE


class NL80211_FEATURE(Flags):
    SK_TX_STATUS               = 0x1
    HT_IBSS                    = 0x2
    INACTIVITY_TIMER           = 0x4
    CELL_BASE_REG_HINTS        = 0x8
    P2P_DEVICE_NEEDS_CHANNEL   = 0x10
    SAE                        = 0x20
    LOW_PRIORITY_SCAN          = 0x40
    SCAN_FLUSH                 = 0x80
    AP_SCAN                    = 0x100
    VIF_TXPOWER                = 0x200
    NEED_OBSS_SCAN             = 0x400
    P2P_GO_CTWIN               = 0x800
    P2P_GO_OPPPS               = 0x1000
    ADVERTISE_CHAN_LIMITS      = 0x4000
    FULL_AP_CLIENT_STATE       = 0x8000
    USERSPACE_MPM              = 0x10000
    ACTIVE_MONITOR             = 0x20000
    AP_MODE_CHAN_WIDTH_CHANGE  = 0x40000
    DS_PARAM_SET_IE_IN_PROBES  = 0x80000
    WFA_TPC_IE_IN_PROBES       = 0x100000
    QUIET                      = 0x200000
    TX_POWER_INSERTION         = 0x400000
    ACKTO_ESTIMATION           = 0x800000
    STATIC_SMPS                = 0x1000000
    DYNAMIC_SMPS               = 0x2000000
    SUPPORTS_WMM_ADMISSION     = 0x4000000
    MAC_ON_CREATE              = 0x8000000
    TDLS_CHANNEL_SWITCH        = 0x10000000
    SCAN_RANDOM_MAC_ADDR       = 0x20000000
    SCHED_SCAN_RANDOM_MAC_ADDR = 0x40000000
    ND_RANDOM_MAC_ADDR         = 0x80000000


class NL80211_EXT_FEATURE(Enum):
    VHT_IBSS                            = 0
    RRM                                 = 1
    MU_MIMO_AIR_SNIFFER                 = 2
    SCAN_START_TIME                     = 3
    BSS_PARENT_TSF                      = 4
    SET_SCAN_DWELL                      = 5
    BEACON_RATE_LEGACY                  = 6
    BEACON_RATE_HT                      = 7
    BEACON_RATE_VHT                     = 8
    FILS_STA                            = 9
    MGMT_TX_RANDOM_TA                   = 10
    MGMT_TX_RANDOM_TA_CONNECTED         = 11
    SCHED_SCAN_RELATIVE_RSSI            = 12
    CQM_RSSI_LIST                       = 13
    FILS_SK_OFFLOAD                     = 14
    _4WAY_HANDSHAKE_STA_PSK             = 15
    _4WAY_HANDSHAKE_STA_1X              = 16
    FILS_MAX_CHANNEL_TIME               = 17
    ACCEPT_BCAST_PROBE_RESP             = 18
    OCE_PROBE_REQ_HIGH_TX_RATE          = 19
    OCE_PROBE_REQ_DEFERRAL_SUPPRESSION  = 20
    MFP_OPTIONAL                        = 21
    LOW_SPAN_SCAN                       = 22
    LOW_POWER_SCAN                      = 23
    HIGH_ACCURACY_SCAN                  = 24
    DFS_OFFLOAD                         = 25
    CONTROL_PORT_OVER_NL80211           = 26
    ACK_SIGNAL_SUPPORT                  = 27
    DATA_ACK_SIGNAL_SUPPORT             = 27
    TXQS                                = 28
    SCAN_RANDOM_SN                      = 29
    SCAN_MIN_PREQ_CONTENT               = 30
    CAN_REPLACE_PTK0                    = 31
    ENABLE_FTM_RESPONDER                = 32
    AIRTIME_FAIRNESS                    = 33
    AP_PMKSA_CACHING                    = 34
    SCHED_SCAN_BAND_SPECIFIC_RSSI_THOLD = 35
    EXT_KEY_ID                          = 36
    STA_TX_PWR                          = 37
    SAE_OFFLOAD                         = 38
    VLAN_OFFLOAD                        = 39
    AQL                                 = 40
    BEACON_PROTECTION                   = 41
    CONTROL_PORT_NO_PREAUTH             = 42
    PROTECTED_TWT                       = 43
    DEL_IBSS_STA                        = 44
    MULTICAST_REGISTRATIONS             = 45
    BEACON_PROTECTION_CLIENT            = 46
    SCAN_FREQ_KHZ                       = 47
    CONTROL_PORT_OVER_NL80211_TX_STATUS = 48
    OPERATING_CHANNEL_VALIDATION        = 49
    _4WAY_HANDSHAKE_AP_PSK              = 50
    SAE_OFFLOAD_AP                      = 51
    FILS_DISCOVERY                      = 52
    UNSOL_BCAST_PROBE_RESP              = 53
    BEACON_RATE_HE                      = 54
    SECURE_LTF                          = 55
    SECURE_RTT                          = 56
    PROT_RANGE_NEGO_AND_MEASURE         = 57
    BSS_COLOR                           = 58
    FILS_CRYPTO_OFFLOAD                 = 59
    RADAR_BACKGROUND                    = 60
    POWERED_ADDR_CHANGE                 = 61
    PUNCT                               = 62
    SECURE_NAN                          = 63
    AUTH_AND_DEAUTH_RANDOM_TA           = 64
    OWE_OFFLOAD                         = 65
    OWE_OFFLOAD_AP                      = 66
    DFS_CONCURRENT                      = 67
    SPP_AMSDU_SUPPORT                   = 68


class NL80211_PROTOCOL_FEATURE(Flags):
    SPLIT_WIPHY_DUMP = 0x1


class NL80211_AP_SME(Flags):
    SA_QUERY_OFFLOAD = 0x1


class NL80211_PROBE_RESP_OFFLOAD_SUPPORT(Flags):
    WPS     = 0x1
    WPS2    = 0x2
    P2P     = 0x4
    _80211U = 0x8


class NL80211_VENDOR_ID(Enum):
    """Organisations; with the upper bit set it is Linux's own."""

    IS_LINUX = 0x80000000


class nl80211_vendor_cmd_info(Message):
    fields_desc = [U32.of("vendor_id", NL80211_VENDOR_ID, base=16), U32.of("subcmd")]


class NL80211_FRAME_TYPE(AttrSet, prefix="NL80211_ATTR"):
    FRAME_TYPE = U16(101, IEEE80211_STYPE, many=True)


class NL80211_FRAME_TYPES(AttrSet, prefix="NL80211_IFTYPE"):
    """Management frames that interfaces of a type may send, or may ask to receive."""

    UNSPECIFIED = Nest(0, NL80211_FRAME_TYPE)
    ADHOC       = Nest(1, NL80211_FRAME_TYPE)
    STATION     = Nest(2, NL80211_FRAME_TYPE)
    AP          = Nest(3, NL80211_FRAME_TYPE)
    AP_VLAN     = Nest(4, NL80211_FRAME_TYPE)
    WDS         = Nest(5, NL80211_FRAME_TYPE)
    MONITOR     = Nest(6, NL80211_FRAME_TYPE)
    MESH_POINT  = Nest(7, NL80211_FRAME_TYPE)
    P2P_CLIENT  = Nest(8, NL80211_FRAME_TYPE)
    P2P_GO      = Nest(9, NL80211_FRAME_TYPE)
    P2P_DEVICE  = Nest(10, NL80211_FRAME_TYPE)
    OCB         = Nest(11, NL80211_FRAME_TYPE)
    NAN         = Nest(12, NL80211_FRAME_TYPE)


class NL80211_IFACE_LIMIT(AttrSet):
    MAX   = U32(1)
    TYPES = Nest(2, NL80211_IFTYPES)


class NL80211_IFACE_COMB(AttrSet):
    LIMITS               = Nests(1, NL80211_IFACE_LIMIT)
    MAXNUM               = U32(2)
    STA_AP_BI_MATCH      = Flag(3)
    NUM_CHANNELS         = U32(4)
    RADAR_DETECT_WIDTHS  = U32(5, NL80211_CHAN_WIDTHS)
    RADAR_DETECT_REGIONS = U32(6, NL80211_DFS_REGIONS)
    BI_MIN_GCD           = U32(7)


class NL80211_WIPHY_RADIO_FREQ_ATTR(AttrSet):
    """In kHz."""

    START = U32(1, measure="kHz")
    END   = U32(2, measure="kHz")


class NL80211_WIPHY_RADIO_ATTR(AttrSet):
    INDEX                 = U32(1)
    FREQ_RANGE            = Nest(2, NL80211_WIPHY_RADIO_FREQ_ATTR, many=True)
    INTERFACE_COMBINATION = Nest(3, NL80211_IFACE_COMB, many=True)


class NL80211_IFTYPE_AKM_ATTR(AttrSet):
    IFTYPES = Nest(1, NL80211_IFTYPES)
    SUITES  = Array(2, U32(None, WLAN_AKM_SUITE, base=16))


class NL80211_SAR_TYPE(Enum):
    POWER = 0


class NL80211_SAR_ATTR_SPECS(AttrSet):
    """POWER in 0.25 dBm, frequencies in kHz."""

    POWER       = S32(1)
    RANGE_INDEX = U32(2)
    START_FREQ  = U32(3, measure="kHz")
    END_FREQ    = U32(4, measure="kHz")


class NL80211_SAR_ATTR(AttrSet):
    TYPE  = U32(1, NL80211_SAR_TYPE)
    SPECS = Nests(2, NL80211_SAR_ATTR_SPECS)


class NL80211_MBSSID_CONFIG_ATTR(AttrSet):
    MAX_INTERFACES              = U8(1)
    MAX_EMA_PROFILE_PERIODICITY = U8(2)
    INDEX                       = U8(3)
    TX_IFINDEX                  = U32(4, refers="interface")
    EMA                         = Flag(5)


class NL80211_MNTR_FLAG(AttrSet):
    FCSFAIL     = Flag(1)
    PLCPFAIL    = Flag(2)
    CONTROL     = Flag(3)
    OTHER_BSS   = Flag(4)
    COOK_FRAMES = Flag(5)
    ACTIVE      = Flag(6)
