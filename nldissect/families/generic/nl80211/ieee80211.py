"""What IEEE 802.11 itself defines and nl80211 passes on (linux/ieee80211.h of the kernel): codes, suites, elements."""

from nldissect.wire import U8, Array, Blob, Enum, Flags, Inside, Le16, Le32, Message


class WLAN_STATUS(Enum):
    SUCCESS                                = 0
    UNSPECIFIED_FAILURE                    = 1
    CAPS_UNSUPPORTED                       = 10
    REASSOC_NO_ASSOC                       = 11
    ASSOC_DENIED_UNSPEC                    = 12
    NOT_SUPPORTED_AUTH_ALG                 = 13
    UNKNOWN_AUTH_TRANSACTION               = 14
    CHALLENGE_FAIL                         = 15
    AUTH_TIMEOUT                           = 16
    AP_UNABLE_TO_HANDLE_NEW_STA            = 17
    ASSOC_DENIED_RATES                     = 18
    ASSOC_DENIED_NOSHORTPREAMBLE           = 19
    ASSOC_DENIED_NOPBCC                    = 20
    ASSOC_DENIED_NOAGILITY                 = 21
    ASSOC_DENIED_NOSPECTRUM                = 22
    ASSOC_REJECTED_BAD_POWER               = 23
    ASSOC_REJECTED_BAD_SUPP_CHAN           = 24
    ASSOC_DENIED_NOSHORTTIME               = 25
    ASSOC_DENIED_NODSSSOFDM                = 26
    ASSOC_REJECTED_TEMPORARILY             = 30
    ROBUST_MGMT_FRAME_POLICY_VIOLATION     = 31
    INVALID_IE                             = 40
    INVALID_GROUP_CIPHER                   = 41
    INVALID_PAIRWISE_CIPHER                = 42
    INVALID_AKMP                           = 43
    UNSUPP_RSN_VERSION                     = 44
    INVALID_RSN_IE_CAP                     = 45
    CIPHER_SUITE_REJECTED                  = 46
    UNSPECIFIED_QOS                        = 32
    ASSOC_DENIED_NOBANDWIDTH               = 33
    ASSOC_DENIED_LOWACK                    = 34
    ASSOC_DENIED_UNSUPP_QOS                = 35
    REQUEST_DECLINED                       = 37
    INVALID_QOS_PARAM                      = 38
    CHANGE_TSPEC                           = 39
    WAIT_TS_DELAY                          = 47
    NO_DIRECT_LINK                         = 48
    STA_NOT_PRESENT                        = 49
    STA_NOT_QSTA                           = 50
    ANTI_CLOG_REQUIRED                     = 76
    FCG_NOT_SUPP                           = 78
    STA_NO_TBTT                            = 78
    REJECTED_WITH_SUGGESTED_CHANGES        = 39
    REJECTED_FOR_DELAY_PERIOD              = 47
    REJECT_WITH_SCHEDULE                   = 83
    PENDING_ADMITTING_FST_SESSION          = 86
    PERFORMING_FST_NOW                     = 87
    PENDING_GAP_IN_BA_WINDOW               = 88
    REJECT_U_PID_SETTING                   = 89
    REJECT_DSE_BAND                        = 96
    DENIED_WITH_SUGGESTED_BAND_AND_CHANNEL = 99
    DENIED_DUE_TO_SPECTRUM_MANAGEMENT      = 103
    FILS_AUTHENTICATION_FAILURE            = 112
    UNKNOWN_AUTHENTICATION_SERVER          = 113
    SAE_HASH_TO_ELEMENT                    = 126
    SAE_PK                                 = 127
    DENIED_TID_TO_LINK_MAPPING             = 133
    PREF_TID_TO_LINK_MAPPING_SUGGESTED     = 134


class WLAN_REASON(Enum):
    UNSPECIFIED                    = 1
    PREV_AUTH_NOT_VALID            = 2
    DEAUTH_LEAVING                 = 3
    DISASSOC_DUE_TO_INACTIVITY     = 4
    DISASSOC_AP_BUSY               = 5
    CLASS2_FRAME_FROM_NONAUTH_STA  = 6
    CLASS3_FRAME_FROM_NONASSOC_STA = 7
    DISASSOC_STA_HAS_LEFT          = 8
    STA_REQ_ASSOC_WITHOUT_AUTH     = 9
    DISASSOC_BAD_POWER             = 10
    DISASSOC_BAD_SUPP_CHAN         = 11
    INVALID_IE                     = 13
    MIC_FAILURE                    = 14
    _4WAY_HANDSHAKE_TIMEOUT        = 15
    GROUP_KEY_HANDSHAKE_TIMEOUT    = 16
    IE_DIFFERENT                   = 17
    INVALID_GROUP_CIPHER           = 18
    INVALID_PAIRWISE_CIPHER        = 19
    INVALID_AKMP                   = 20
    UNSUPP_RSN_VERSION             = 21
    INVALID_RSN_IE_CAP             = 22
    IEEE8021X_FAILED               = 23
    CIPHER_SUITE_REJECTED          = 24
    TDLS_TEARDOWN_UNREACHABLE      = 25
    TDLS_TEARDOWN_UNSPECIFIED      = 26
    DISASSOC_UNSPECIFIED_QOS       = 32
    DISASSOC_QAP_NO_BANDWIDTH      = 33
    DISASSOC_LOW_ACK               = 34
    DISASSOC_QAP_EXCEED_TXOP       = 35
    QSTA_LEAVE_QBSS                = 36
    QSTA_NOT_USE                   = 37
    QSTA_REQUIRE_SETUP             = 38
    QSTA_TIMEOUT                   = 39
    QSTA_CIPHER_NOT_SUPP           = 45
    MESH_PEER_CANCELED             = 52
    MESH_MAX_PEERS                 = 53
    MESH_CONFIG                    = 54
    MESH_CLOSE                     = 55
    MESH_MAX_RETRIES               = 56
    MESH_CONFIRM_TIMEOUT           = 57
    MESH_INVALID_GTK               = 58
    MESH_INCONSISTENT_PARAM        = 59
    MESH_INVALID_SECURITY          = 60
    MESH_PATH_ERROR                = 61
    MESH_PATH_NOFORWARD            = 62
    MESH_PATH_DEST_UNREACHABLE     = 63
    MAC_EXISTS_IN_MBSS             = 64
    MESH_CHAN_REGULATORY           = 65
    MESH_CHAN                      = 66


class WLAN_CIPHER_SUITE(Enum):
    USE_GROUP    = 0x000FAC00
    WEP40        = 0x000FAC01
    TKIP         = 0x000FAC02
    CCMP         = 0x000FAC04
    WEP104       = 0x000FAC05
    AES_CMAC     = 0x000FAC06
    GCMP         = 0x000FAC08
    GCMP_256     = 0x000FAC09
    CCMP_256     = 0x000FAC0A
    BIP_GMAC_128 = 0x000FAC0B
    BIP_GMAC_256 = 0x000FAC0C
    BIP_CMAC_256 = 0x000FAC0D
    SMS4         = 0x00147201


class WLAN_AKM_SUITE(Enum):
    _8021X             = 0x000FAC01
    PSK                = 0x000FAC02
    FT_8021X           = 0x000FAC03
    FT_PSK             = 0x000FAC04
    _8021X_SHA256      = 0x000FAC05
    PSK_SHA256         = 0x000FAC06
    TDLS               = 0x000FAC07
    SAE                = 0x000FAC08
    FT_OVER_SAE        = 0x000FAC09
    AP_PEER_KEY        = 0x000FAC0A
    _8021X_SUITE_B     = 0x000FAC0B
    _8021X_SUITE_B_192 = 0x000FAC0C
    FT_8021X_SHA384    = 0x000FAC0D
    FILS_SHA256        = 0x000FAC0E
    FILS_SHA384        = 0x000FAC0F
    FT_FILS_SHA256     = 0x000FAC10
    FT_FILS_SHA384     = 0x000FAC11
    OWE                = 0x000FAC12
    FT_PSK_SHA384      = 0x000FAC13
    PSK_SHA384         = 0x000FAC14
    WFA_DPP            = 0x506F9A02


class WLAN_AKM_SUITE_ASKED(WLAN_AKM_SUITE, prefix="WLAN_AKM_SUITE"):
    """When the kernel asks user space to authenticate, it names SAE, and SAE alone, in network order."""

    SAE = 0x08AC0F00


class IEEE80211_STYPE(Enum):
    """Frame control of management frames: type 0 and the subtype."""

    ASSOC_REQ    = 0x0000
    ASSOC_RESP   = 0x0010
    REASSOC_REQ  = 0x0020
    REASSOC_RESP = 0x0030
    PROBE_REQ    = 0x0040
    PROBE_RESP   = 0x0050
    BEACON       = 0x0080
    ATIM         = 0x0090
    DISASSOC     = 0x00A0
    AUTH         = 0x00B0
    DEAUTH       = 0x00C0
    ACTION       = 0x00D0


class WLAN_CAPABILITY(Flags):
    ESS             = 0x0001
    IBSS            = 0x0002
    CF_POLLABLE     = 0x0004
    CF_POLL_REQUEST = 0x0008
    PRIVACY         = 0x0010
    SHORT_PREAMBLE  = 0x0020
    PBCC            = 0x0040
    CHANNEL_AGILITY = 0x0080
    SPECTRUM_MGMT   = 0x0100
    QOS             = 0x0200
    SHORT_SLOT_TIME = 0x0400
    APSD            = 0x0800
    RADIO_MEASURE   = 0x1000
    DSSS_OFDM       = 0x2000
    DEL_BACK        = 0x4000
    IMM_BACK        = 0x8000


class IEEE80211_HT_CAP(Flags):
    LDPC_CODING       = 0x0001
    SUP_WIDTH_20_40   = 0x0002
    SM_PS             = 0x000C
    GRN_FLD           = 0x0010
    SGI_20            = 0x0020
    SGI_40            = 0x0040
    TX_STBC           = 0x0080
    RX_STBC           = 0x0300
    DELAY_BA          = 0x0400
    MAX_AMSDU         = 0x0800
    DSSSCCK40         = 0x1000
    RESERVED          = 0x2000
    _40MHZ_INTOLERANT = 0x4000
    LSIG_TXOP_PROT    = 0x8000


class ieee80211_mcs_info(Message):
    fields_desc = [
        Array.of("rx_mask", U8(None, base=16), length=10), Le16.of("rx_highest"), U8.of("tx_params", base=16),
        Array.of("reserved", U8(None, base=16), length=3),
    ]


class ieee80211_ht_cap(Message):
    fields_desc = [
        Le16.of("cap_info", IEEE80211_HT_CAP), U8.of("ampdu_params_info", base=16),
        *ieee80211_mcs_info.fields_desc,
        Le16.of("extended_ht_cap_info", base=16), Le32.of("tx_BF_cap_info", base=16),
        U8.of("antenna_selection_info", base=16),
    ]


class ieee80211_vht_mcs_info(Message):
    fields_desc = [
        Le16.of("rx_mcs_map", base=16), Le16.of("rx_highest"), Le16.of("tx_mcs_map", base=16), Le16.of("tx_highest"),
    ]


class ieee80211_vht_cap(Message):
    fields_desc = [Le32.of("vht_cap_info", base=16), *ieee80211_vht_mcs_info.fields_desc]


class ieee80211_he_mcs_nss_supp(Message):
    """The kernel tells all three widths, zero where the radio has none."""

    fields_desc = [
        Le16.of("rx_mcs_80", base=16), Le16.of("tx_mcs_80", base=16), Le16.of("rx_mcs_160", base=16),
        Le16.of("tx_mcs_160", base=16), Le16.of("rx_mcs_80p80", base=16), Le16.of("tx_mcs_80p80", base=16),
    ]


class ieee80211_he_cap_elem(Message):
    """What follows depends on the PHY bits: MCS and streams of every width, then the PPE thresholds."""

    fields_desc = [
        Array.of("mac_cap_info", U8(None, base=16), length=6), Array.of("phy_cap_info", U8(None, base=16), length=11),
        Array.of("optional", U8(None, base=16)),
    ]


class ieee80211_eht_cap_elem_fixed(Message):
    fields_desc = [
        Array.of("mac_cap_info", U8(None, base=16), length=2), Array.of("phy_cap_info", U8(None, base=16), length=9),
        Array.of("optional", U8(None, base=16)),
    ]


class ieee80211_auth_body(Message):
    """An authentication frame's body from its transaction number on."""

    fields_desc = [
        Le16.of("auth_transaction"), Le16.of("status_code", WLAN_STATUS),
        Blob.of("variable", "the exchange's own: SAE commit or confirm, FILS elements"),
    ]


class supported_channels(Message):
    fields_desc = [U8.of("first"), U8.of("number")]


class mu_mimo_group_data(Message):
    """Which of 64 groups a station is in, and its place in each."""

    fields_desc = [
        Array.of("membership", U8(None, base=16), length=8), Array.of("position", U8(None, base=16), length=16),
    ]


def Frame(number: int | None = None) -> Inside:
    """A frame from its frame control on."""
    return Inside(number, "scapy.layers.dot11:Dot11")
