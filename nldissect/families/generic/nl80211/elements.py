"""Information elements: what beacons, probes and association frames are made of (IEEE 802.11, linux/ieee80211.h)."""

from nldissect.wire import (
    S8,
    U8,
    Array,
    AttrSet,
    Be32,
    BitSet,
    Blob,
    Enum,
    Flags,
    Le16,
    Le32,
    Mac,
    Message,
    Struct,
    Structs,
    Text,
    Tlv,
    bind_attrs,
)

from .ieee80211 import (
    WLAN_AKM_SUITE,
    WLAN_CIPHER_SUITE,
    ieee80211_eht_cap_elem_fixed,
    ieee80211_he_cap_elem,
    ieee80211_ht_cap,
    ieee80211_vht_cap,
    supported_channels,
)


class ieee80211_tim_ie(Message):
    fields_desc = [U8.of("dtim_count"), U8.of("dtim_period"), U8.of("bitmap_ctrl", base=16), BitSet.of("virtual_map")]


class ieee80211_country_ie(Message):
    """Triplets of first channel, number of channels, power in dBm; filled up to an even length."""

    fields_desc = [Text.of("country", 2), U8.of("environment", base=16), Array.of("triplets", U8)]


class ieee80211_bss_load_elem(Message):
    fields_desc = [Le16.of("sta_count"), U8.of("channel_util"), Le16.of("avail_admission_capa")]


class power_capability(Message):
    fields_desc = [S8.of("min_power"), S8.of("max_power")]


class ieee80211_tpc_report_ie(Message):
    fields_desc = [S8.of("tx_power"), S8.of("link_margin")]


class ieee80211_channel_sw_ie(Message):
    fields_desc = [U8.of("mode"), U8.of("new_ch_num"), U8.of("count_")]


class ieee80211_ext_chansw_ie(Message):
    fields_desc = [U8.of("mode"), U8.of("new_operating_class"), U8.of("new_ch_num"), U8.of("count_")]


class ieee80211_quiet_ie(Message):
    fields_desc = [U8.of("count_"), U8.of("period"), Le16.of("duration"), Le16.of("offset")]


class WLAN_ERP(Flags):
    NON_ERP_PRESENT = 0x1
    USE_PROTECTION  = 0x2
    BARKER_PREAMBLE = 0x4


class WLAN_RSN_CAPABILITY(Flags):
    """Between these bits stand the numbers of replay counters."""

    PREAUTH         = 0x0001
    NO_PAIRWISE     = 0x0002
    MFPR            = 0x0040
    MFPC            = 0x0080
    PEERKEY_ENABLED = 0x0200
    SPP_AMSDU_CAP   = 0x0400
    SPP_AMSDU_REQ   = 0x0800
    EXT_KEY_ID      = 0x2000
    OCVC            = 0x4000


class rsn_pmkid(Message):
    fields_desc = [Blob.of("pmkid", 16, "hash that names a pairwise master key")]


class rsn_ie(Message):
    """May end after any of its fields."""

    fields_desc = [
        Le16.of("version"), Be32.of("group_cipher", WLAN_CIPHER_SUITE, base=16),
        Le16.of("pairwise_count"),
        Array.of("pairwise_ciphers", Be32(None, WLAN_CIPHER_SUITE, base=16), count="pairwise_count"),
        Le16.of("akm_count"), Array.of("akm_suites", Be32(None, WLAN_AKM_SUITE, base=16), count="akm_count"),
        Le16.of("rsn_capabilities", WLAN_RSN_CAPABILITY),
        Le16.of("pmkid_count"), Structs.of("pmkids", rsn_pmkid, count="pmkid_count"),
        Be32.of("group_management_cipher", WLAN_CIPHER_SUITE, base=16),
    ]


class mobility_domain(Message):
    fields_desc = [Le16.of("mdid", base=16), U8.of("ft_capability", base=16)]


class ieee80211_timeout_interval_ie(Message):
    fields_desc = [U8.of("timeout_type"), Le32.of("value_")]


class ieee80211_ht_operation(Message):
    fields_desc = [
        U8.of("primary_chan"), U8.of("ht_param", base=16), Le16.of("operation_mode", base=16),
        Le16.of("stbc_param", base=16), Array.of("basic_set", U8(None, base=16), length=16),
    ]


class ieee80211_bss_max_idle_period_ie(Message):
    fields_desc = [Le16.of("max_idle_period"), U8.of("idle_options", base=16)]


class ieee80211_meshconf_ie(Message):
    fields_desc = [
        U8.of("meshconf_psel"), U8.of("meshconf_pmetric"), U8.of("meshconf_congest"), U8.of("meshconf_synch"),
        U8.of("meshconf_auth"), U8.of("meshconf_form", base=16), U8.of("meshconf_cap", base=16),
    ]


class ieee80211_vht_operation(Message):
    fields_desc = [
        U8.of("chan_width"), U8.of("center_freq_seg0_idx"), U8.of("center_freq_seg1_idx"),
        Le16.of("basic_mcs_set", base=16),
    ]


class vendor_element(Message):
    fields_desc = [Mac.of("oui", 3), U8.of("type_"), Blob.of("data", "the vendor's own")]


class WLAN_EID_EXT(Enum):
    ASSOC_DELAY_INFO             = 1
    FILS_REQ_PARAMS              = 2
    FILS_KEY_CONFIRM             = 3
    FILS_SESSION                 = 4
    FILS_HLP_CONTAINER           = 5
    FILS_IP_ADDR_ASSIGN          = 6
    KEY_DELIVERY                 = 7
    FILS_WRAPPED_DATA            = 8
    FILS_PUBLIC_KEY              = 12
    FILS_NONCE                   = 13
    FUTURE_CHAN_GUIDANCE         = 14
    HE_CAPABILITY                = 35
    HE_OPERATION                 = 36
    UORA                         = 37
    HE_MU_EDCA                   = 38
    HE_SPR                       = 39
    NDP_FEEDBACK_REPORT_PARAMSET = 41
    BSS_COLOR_CHG_ANN            = 42
    QUIET_TIME_PERIOD_SETUP      = 43
    ESS_REPORT                   = 45
    OPS                          = 46
    HE_BSS_LOAD                  = 47
    MAX_CHANNEL_SWITCH_TIME      = 52
    MULTIPLE_BSSID_CONFIGURATION = 55
    NON_INHERITANCE              = 56
    KNOWN_BSSID                  = 57
    SHORT_SSID_LIST              = 58
    HE_6GHZ_CAPA                 = 59
    UL_MU_POWER_CAPA             = 60
    EHT_OPERATION                = 106
    EHT_MULTI_LINK               = 107
    EHT_CAPABILITY               = 108
    TID_TO_LINK_MAPPING          = 109
    BANDWIDTH_INDICATION         = 135


class extended_element(Message):
    fields_desc = [U8.of("id_extension", WLAN_EID_EXT), Array.of("content", U8(None, base=16))]


EXTENDED = extended_element.fields_desc[1]
bind_attrs(EXTENDED, ieee80211_he_cap_elem, id_extension=WLAN_EID_EXT.HE_CAPABILITY)
bind_attrs(EXTENDED, ieee80211_eht_cap_elem_fixed, id_extension=WLAN_EID_EXT.EHT_CAPABILITY)
bind_attrs(EXTENDED, Le16(None, base=16), id_extension=WLAN_EID_EXT.HE_6GHZ_CAPA)


class WLAN_EID(AttrSet):
    """Rates count 500 kbit/s, with the upper bit where every station must know them."""

    SSID                         = Text(0)
    SUPP_RATES                   = Array(1, U8)
    DS_PARAMS                    = U8(3)
    TIM                          = Struct(5, ieee80211_tim_ie)
    IBSS_PARAMS                  = Le16(6)
    COUNTRY                      = Struct(7, ieee80211_country_ie)
    REQUEST                      = Array(10, U8)
    QBSS_LOAD                    = Struct(11, ieee80211_bss_load_elem)
    PWR_CONSTRAINT               = U8(32)
    PWR_CAPABILITY               = Struct(33, power_capability)
    TPC_REPORT                   = Struct(35, ieee80211_tpc_report_ie)
    SUPPORTED_CHANNELS           = Structs(36, supported_channels)
    CHANNEL_SWITCH               = Struct(37, ieee80211_channel_sw_ie)
    QUIET                        = Struct(40, ieee80211_quiet_ie)
    ERP_INFO                     = U8(42, WLAN_ERP)
    HT_CAPABILITY                = Struct(45, ieee80211_ht_cap)
    QOS_CAPA                     = U8(46, base=16)
    RSN                          = Struct(48, rsn_ie)
    EXT_SUPP_RATES               = Array(50, U8)
    AP_CHAN_REPORT               = Array(51, U8)
    NEIGHBOR_REPORT              = Array(52, U8(None, base=16), many=True)
    MOBILITY_DOMAIN              = Struct(54, mobility_domain)
    TIMEOUT_INTERVAL             = Struct(56, ieee80211_timeout_interval_ie, many=True)
    SUPPORTED_REGULATORY_CLASSES = Array(59, U8)
    EXT_CHANSWITCH_ANN           = Struct(60, ieee80211_ext_chansw_ie)
    HT_OPERATION                 = Struct(61, ieee80211_ht_operation)
    SECONDARY_CHANNEL_OFFSET     = U8(62)
    RRM_ENABLED_CAPABILITIES     = BitSet(70)
    MULTIPLE_BSSID               = Array(71, U8(None, base=16), many=True)
    BSS_COEX_2040                = U8(72, base=16)
    OVERLAP_BSS_SCAN_PARAM       = Array(74, Le16)
    BSS_MAX_IDLE_PERIOD          = Struct(90, ieee80211_bss_max_idle_period_ie)
    INTERWORKING                 = Array(107, U8(None, base=16))
    MESH_CONFIG                  = Struct(113, ieee80211_meshconf_ie)
    MESH_ID                      = Text(114)
    PEER_MGMT                    = Array(117, U8(None, base=16))
    CHAN_SWITCH_PARAM            = Array(118, U8(None, base=16))
    MESH_AWAKE_WINDOW            = Le16(119)
    EXT_CAPABILITY               = BitSet(127)
    VHT_CAPABILITY               = Struct(191, ieee80211_vht_cap)
    VHT_OPERATION                = Struct(192, ieee80211_vht_operation)
    WIDE_BW_CHANNEL_SWITCH       = Array(194, U8)
    TX_POWER_ENVELOPE            = Array(195, U8(None, base=16), many=True)
    OPMODE_NOTIF                 = U8(199, base=16)
    REDUCED_NEIGHBOR_REPORT      = Array(201, U8(None, base=16), many=True)
    VENDOR_SPECIFIC              = Struct(221, vendor_element, many=True)
    RSNX                         = BitSet(244)
    EXTENSION                    = Struct(255, extended_element, many=True)


def Elements(number: int | None = None) -> Tlv:
    """Information elements, one after another."""
    return Tlv(number, "BB", WLAN_EID)
