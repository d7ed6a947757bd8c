"""The one set that every message of nl80211 is made of (linux/nl80211.h, net/wireless/nl80211.c)."""

from nldissect.families.common import ETH_P
from nldissect.wire import (
    S8,
    S16,
    S32,
    U8,
    U16,
    U32,
    U64,
    Array,
    AttrSet,
    BitSet,
    Blob,
    Flag,
    Le16,
    Mac,
    Nest,
    Nests,
    Pad,
    Secret,
    Struct,
    Structs,
    Text,
)

from .band import NL80211_FREQUENCY_ATTR, NL80211_WIPHY_BANDS
from .command import NL80211_CMD
from .common import (
    NL80211_BANDS,
    NL80211_CHAN,
    NL80211_CHAN_WIDTH,
    NL80211_DFS_REGION,
    NL80211_IFTYPE,
    NL80211_IFTYPES,
    NL80211_SMPS,
    NL80211_TX_POWER,
    nl80211_bss_select_rssi_adjust,
)
from .elements import Elements
from .ieee80211 import (
    IEEE80211_STYPE,
    WLAN_AKM_SUITE,
    WLAN_CAPABILITY,
    WLAN_CIPHER_SUITE,
    WLAN_REASON,
    WLAN_STATUS,
    Frame,
    ieee80211_auth_body,
    ieee80211_eht_cap_elem_fixed,
    ieee80211_he_cap_elem,
    ieee80211_ht_cap,
    ieee80211_vht_cap,
    mu_mimo_group_data,
    supported_channels,
)
from .key import (
    AUTHTYPE_UNSURE,
    NL80211_AUTHTYPE,
    NL80211_CONN_FAIL,
    NL80211_EXTERNAL_AUTH,
    NL80211_KEY,
    NL80211_KEY_DEFAULT_TYPE,
    NL80211_KEYTYPE,
    NL80211_MFP,
    NL80211_PMKSA_CANDIDATE,
    NL80211_REKEY_DATA,
    NL80211_SAE_PWE,
    NL80211_TIMEOUT,
    NL80211_WPA_VERSION,
)
from .link import (
    NL80211_ACL_POLICY,
    NL80211_AP_SETTINGS,
    NL80211_ATTR_CQM,
    NL80211_BSS_PARAM,
    NL80211_CRIT_PROTO,
    NL80211_FILS_DISCOVERY_ATTR,
    NL80211_HE_BSS_COLOR_ATTR,
    NL80211_HE_OBSS_PD_ATTR,
    NL80211_HIDDEN_SSID,
    NL80211_PS,
    NL80211_RADAR,
    NL80211_RXMGMT_FLAG,
    NL80211_S1G_SHORT_BEACON_ATTR,
    NL80211_SUPP_RATES,
    NL80211_TDLS,
    NL80211_TDLS_PEER,
    NL80211_TID_CONFIG_ATTR,
    NL80211_TX_RATES,
    NL80211_TXQ_ATTR,
    NL80211_UNSOL_BCAST_PROBE_RESP_ATTR,
)
from .measure import NL80211_FTM_RESP_ATTR, NL80211_FTM_STATS, NL80211_PMSR_ATTR
from .mesh import NL80211_MESH_SETUP, NL80211_MESHCONF
from .nan import NL80211_NAN_CAPA, NL80211_NAN_CONF, NL80211_NAN_FUNC, NL80211_NAN_MATCH
from .reg import NL80211_REG_RULE_ATTR, NL80211_REGDOM_SET_BY, NL80211_REGDOM_TYPE, NL80211_USER_REG_HINT
from .scan import (
    NL80211_BSS,
    NL80211_BSS_SELECT_ATTR,
    NL80211_SCAN_FLAG,
    NL80211_SCHED_SCAN_MATCH,
    NL80211_SCHED_SCAN_PLAN,
    NL80211_SURVEY_INFO,
)
from .station import (
    NL80211_MESH_POWER,
    NL80211_MPATH_INFO,
    NL80211_P2P_PS,
    NL80211_PLINK,
    NL80211_PLINK_ACTION,
    NL80211_STA_FLAG,
    NL80211_STA_INFO,
    NL80211_STA_WME,
    NL80211_TXQ_STATS,
    nl80211_sta_flag_update,
)
from .wake import (
    NL80211_ATTR_COALESCE_RULE,
    NL80211_WOWLAN_TRIG,
    NL80211_WOWLAN_TRIG_SUPPORT,
)
from .wiphy import (
    NL80211_AP_SME,
    NL80211_EXT_FEATURE,
    NL80211_FEATURE,
    NL80211_FRAME_TYPES,
    NL80211_IFACE_COMB,
    NL80211_IFTYPE_AKM_ATTR,
    NL80211_MBSSID_CONFIG_ATTR,
    NL80211_MNTR_FLAG,
    NL80211_PROBE_RESP_OFFLOAD_SUPPORT,
    NL80211_PROTOCOL_FEATURE,
    NL80211_SAR_ATTR,
    NL80211_VENDOR_ID,
    NL80211_WIPHY_RADIO_ATTR,
    nl80211_vendor_cmd_info,
)


class NL80211_ATTR(AttrSet):
    """Frequencies in MHz, *_OFFSET of them in kHz, power in mBm, times in ms unless the row says otherwise."""

    WIPHY                          = U32(1)
    WIPHY_NAME                     = Text(2)
    IFINDEX                        = U32(3, refers="interface")
    IFNAME                         = Text(4)
    IFTYPE                         = U32(5, NL80211_IFTYPE)
    MAC                            = Mac(6)
    KEY_DATA                       = Secret(7)
    KEY_IDX                        = U8(8)
    KEY_CIPHER                     = U32(9, WLAN_CIPHER_SUITE, base=16)
    KEY_SEQ                        = Blob(10, "a packet counter as the cipher lays it out")
    KEY_DEFAULT                    = Flag(11)
    BEACON_INTERVAL                = U32(12, measure="TU")
    DTIM_PERIOD                    = U32(13)
    BEACON_HEAD                    = Frame(14)
    BEACON_TAIL                    = Elements(15)
    STA_AID                        = U16(16)
    STA_FLAGS                      = Nest(17, NL80211_STA_FLAG, deprecated=True)
    STA_LISTEN_INTERVAL            = U16(18)
    STA_SUPPORTED_RATES            = Array(19, U8)                           # in 500 kbit/s
    STA_VLAN                       = U32(20, refers="interface")
    STA_INFO                       = Nest(21, NL80211_STA_INFO)
    WIPHY_BANDS                    = Nest(22, NL80211_WIPHY_BANDS)
    MNTR_FLAGS                     = Nest(23, NL80211_MNTR_FLAG)
    MESH_ID                        = Text(24)
    STA_PLINK_ACTION               = U8(25, NL80211_PLINK_ACTION)
    MPATH_NEXT_HOP                 = Mac(26)
    MPATH_INFO                     = Nest(27, NL80211_MPATH_INFO)
    BSS_CTS_PROT                   = U8(28)
    BSS_SHORT_PREAMBLE             = U8(29)
    BSS_SHORT_SLOT_TIME            = U8(30)
    HT_CAPABILITY                  = Struct(31, ieee80211_ht_cap)
    SUPPORTED_IFTYPES              = Nest(32, NL80211_IFTYPES)
    REG_ALPHA2                     = Text(33)
    REG_RULES                      = Nests(34, NL80211_REG_RULE_ATTR)
    MESH_CONFIG                    = Nest(35, NL80211_MESHCONF, also="MESH_PARAMS")
    BSS_BASIC_RATES                = Array(36, U8)                           # in 500 kbit/s
    WIPHY_TXQ_PARAMS               = Nests(37, NL80211_TXQ_ATTR)
    WIPHY_FREQ                     = U32(38, measure="MHz")
    WIPHY_CHANNEL_TYPE             = U32(39, NL80211_CHAN, deprecated=True)
    KEY_DEFAULT_MGMT               = Flag(40)
    MGMT_SUBTYPE                   = U8(41)
    IE                             = Elements(42)
    MAX_NUM_SCAN_SSIDS             = U8(43)
    SCAN_FREQUENCIES               = Nests(44, U32(None, measure="MHz"))
    SCAN_SSIDS                     = Nests(45, Text)
    GENERATION                     = U32(46, also="SCAN_GENERATION")
    BSS                            = Nest(47, NL80211_BSS)
    REG_INITIATOR                  = U8(48, NL80211_REGDOM_SET_BY)
    REG_TYPE                       = U8(49, NL80211_REGDOM_TYPE)
    SUPPORTED_COMMANDS             = Nests(50, U32(None, NL80211_CMD))
    FRAME                          = Frame(51)
    SSID                           = Text(52)
    AUTH_TYPE                      = U32(53, NL80211_AUTHTYPE, unsure=AUTHTYPE_UNSURE)
    REASON_CODE                    = U16(54, WLAN_REASON)
    KEY_TYPE                       = U32(55, NL80211_KEYTYPE)
    MAX_SCAN_IE_LEN                = U16(56)
    CIPHER_SUITES                  = Array(57, U32(None, WLAN_CIPHER_SUITE, base=16))
    FREQ_BEFORE                    = Nest(58, NL80211_FREQUENCY_ATTR)
    FREQ_AFTER                     = Nest(59, NL80211_FREQUENCY_ATTR)
    FREQ_FIXED                     = Flag(60)
    WIPHY_RETRY_SHORT              = U8(61)
    WIPHY_RETRY_LONG               = U8(62)
    WIPHY_FRAG_THRESHOLD           = U32(63)
    WIPHY_RTS_THRESHOLD            = U32(64)
    TIMED_OUT                      = Flag(65)
    USE_MFP                        = U32(66, NL80211_MFP)
    STA_FLAGS2                     = Struct(67, nl80211_sta_flag_update)
    CONTROL_PORT                   = Flag(68)
    TESTDATA                       = Blob(69, "the driver's own test commands")
    PRIVACY                        = Flag(70)
    DISCONNECTED_BY_AP             = Flag(71)
    STATUS_CODE                    = U16(72, WLAN_STATUS)
    CIPHER_SUITES_PAIRWISE         = Array(73, U32(None, WLAN_CIPHER_SUITE, base=16))
    CIPHER_SUITE_GROUP             = U32(74, WLAN_CIPHER_SUITE, base=16)
    WPA_VERSIONS                   = U32(75, NL80211_WPA_VERSION)
    AKM_SUITES                     = Array(76, U32(None, WLAN_AKM_SUITE, base=16))
    REQ_IE                         = Elements(77)
    RESP_IE                        = Elements(78)
    PREV_BSSID                     = Mac(79)
    KEY                            = Nest(80, NL80211_KEY)
    KEYS                           = Nests(81, NL80211_KEY)
    PID                            = U32(82)
    _4ADDR                         = U8(83)
    SURVEY_INFO                    = Nest(84, NL80211_SURVEY_INFO)
    PMKID                          = Blob(85, "hash that names a pairwise master key")
    MAX_NUM_PMKIDS                 = U8(86)
    DURATION                       = U32(87, measure="ms")
    COOKIE                         = U64(88, base=16)
    WIPHY_COVERAGE_CLASS           = U8(89)
    TX_RATES                       = Nest(90, NL80211_TX_RATES)
    FRAME_MATCH                    = Array(91, U8(None, base=16))            # the first bytes of a frame's body
    ACK                            = Flag(92)
    PS_STATE                       = U32(93, NL80211_PS)
    CQM                            = Nest(94, NL80211_ATTR_CQM)
    LOCAL_STATE_CHANGE             = Flag(95)
    AP_ISOLATE                     = U8(96)
    WIPHY_TX_POWER_SETTING         = U32(97, NL80211_TX_POWER)
    WIPHY_TX_POWER_LEVEL           = S32(98, measure="mBm")
    TX_FRAME_TYPES                 = Nest(99, NL80211_FRAME_TYPES)
    RX_FRAME_TYPES                 = Nest(100, NL80211_FRAME_TYPES)
    FRAME_TYPE                     = U16(101, IEEE80211_STYPE)
    CONTROL_PORT_ETHERTYPE         = U16(102, ETH_P)                         # host order
    CONTROL_PORT_NO_ENCRYPT        = Flag(103)
    SUPPORT_IBSS_RSN               = Flag(104)
    WIPHY_ANTENNA_TX               = U32(105, base=16)
    WIPHY_ANTENNA_RX               = U32(106, base=16)
    MCAST_RATE                     = U32(107, measure="100 kbit/s")
    OFFCHANNEL_TX_OK               = Flag(108)
    BSS_HT_OPMODE                  = U16(109, base=16)
    KEY_DEFAULT_TYPES              = Nest(110, NL80211_KEY_DEFAULT_TYPE)
    MAX_REMAIN_ON_CHANNEL_DURATION = U32(111, measure="ms")
    MESH_SETUP                     = Nest(112, NL80211_MESH_SETUP)
    WIPHY_ANTENNA_AVAIL_TX         = U32(113, base=16)
    WIPHY_ANTENNA_AVAIL_RX         = U32(114, base=16)
    SUPPORT_MESH_AUTH              = Flag(115)
    STA_PLINK_STATE                = U8(116, NL80211_PLINK)
    WOWLAN_TRIGGERS                = Nest(117, NL80211_WOWLAN_TRIG)
    WOWLAN_TRIGGERS_SUPPORTED      = Nest(118, NL80211_WOWLAN_TRIG_SUPPORT)
    SCHED_SCAN_INTERVAL            = U32(119, measure="ms")
    INTERFACE_COMBINATIONS         = Nests(120, NL80211_IFACE_COMB)
    SOFTWARE_IFTYPES               = Nest(121, NL80211_IFTYPES)
    REKEY_DATA                     = Nest(122, NL80211_REKEY_DATA)
    MAX_NUM_SCHED_SCAN_SSIDS       = U8(123)
    MAX_SCHED_SCAN_IE_LEN          = U16(124)
    SCAN_SUPP_RATES                = Nest(125, NL80211_SUPP_RATES)
    HIDDEN_SSID                    = U32(126, NL80211_HIDDEN_SSID)
    IE_PROBE_RESP                  = Elements(127)
    IE_ASSOC_RESP                  = Elements(128)
    STA_WME                        = Nest(129, NL80211_STA_WME)
    SUPPORT_AP_UAPSD               = Flag(130)
    ROAM_SUPPORT                   = Flag(131)
    SCHED_SCAN_MATCH               = Nests(132, NL80211_SCHED_SCAN_MATCH)
    MAX_MATCH_SETS                 = U8(133)
    PMKSA_CANDIDATE                = Nest(134, NL80211_PMKSA_CANDIDATE)
    TX_NO_CCK_RATE                 = Flag(135)
    TDLS_ACTION                    = U8(136)
    TDLS_DIALOG_TOKEN              = U8(137)
    TDLS_OPERATION                 = U8(138, NL80211_TDLS)
    TDLS_SUPPORT                   = Flag(139)
    TDLS_EXTERNAL_SETUP            = Flag(140)
    DEVICE_AP_SME                  = U32(141, NL80211_AP_SME)
    DONT_WAIT_FOR_ACK              = Flag(142)
    FEATURE_FLAGS                  = U32(143, NL80211_FEATURE)
    PROBE_RESP_OFFLOAD             = U32(144, NL80211_PROBE_RESP_OFFLOAD_SUPPORT)
    PROBE_RESP                     = Frame(145)
    DFS_REGION                     = U8(146, NL80211_DFS_REGION)
    DISABLE_HT                     = Flag(147)
    HT_CAPABILITY_MASK             = Struct(148, ieee80211_ht_cap)
    NOACK_MAP                      = U16(149, base=16)                       # a bit for each TID
    INACTIVITY_TIMEOUT             = U16(150, measure="s")
    RX_SIGNAL_DBM                  = S32(151, measure="dBm")
    BG_SCAN_PERIOD                 = U16(152, measure="s")
    WDEV                           = U64(153, base=16)                       # wiphy in the upper half
    USER_REG_HINT_TYPE             = U32(154, NL80211_USER_REG_HINT)
    CONN_FAILED_REASON             = U32(155, NL80211_CONN_FAIL)
    AUTH_DATA                      = Struct(156, ieee80211_auth_body, also="SAE_DATA")
    VHT_CAPABILITY                 = Struct(157, ieee80211_vht_cap)
    SCAN_FLAGS                     = U32(158, NL80211_SCAN_FLAG)
    CHANNEL_WIDTH                  = U32(159, NL80211_CHAN_WIDTH)
    CENTER_FREQ1                   = U32(160, measure="MHz")
    CENTER_FREQ2                   = U32(161, measure="MHz")
    P2P_CTWINDOW                   = U8(162)
    P2P_OPPPS                      = U8(163)
    LOCAL_MESH_POWER_MODE          = U32(164, NL80211_MESH_POWER)
    ACL_POLICY                     = U32(165, NL80211_ACL_POLICY)
    MAC_ADDRS                      = Nests(166, Mac)
    MAC_ACL_MAX                    = U32(167)
    RADAR_EVENT                    = U32(168, NL80211_RADAR)
    EXT_CAPA                       = BitSet(169)                             # bits of the Extended Capabilities element
    EXT_CAPA_MASK                  = BitSet(170)
    STA_CAPABILITY                 = U16(171, WLAN_CAPABILITY)
    STA_EXT_CAPABILITY             = BitSet(172)
    PROTOCOL_FEATURES              = U32(173, NL80211_PROTOCOL_FEATURE)
    SPLIT_WIPHY_DUMP               = Flag(174)
    DISABLE_VHT                    = Flag(175)
    VHT_CAPABILITY_MASK            = Struct(176, ieee80211_vht_cap)
    MDID                           = U16(177, base=16)
    IE_RIC                         = Elements(178)
    CRIT_PROT_ID                   = U16(179, NL80211_CRIT_PROTO)
    MAX_CRIT_PROT_DURATION         = U16(180, measure="ms")
    PEER_AID                       = U16(181)
    COALESCE_RULE                  = Nests(182, NL80211_ATTR_COALESCE_RULE)
    CH_SWITCH_COUNT                = U32(183)
    CH_SWITCH_BLOCK_TX             = Flag(184)
    CSA_IES                        = Nest(185, "self")
    CNTDWN_OFFS_BEACON             = Array(186, U16, also="CSA_C_OFF_BEACON")
    CNTDWN_OFFS_PRESP              = Array(187, U16, also="CSA_C_OFF_PRESP")
    RXMGMT_FLAGS                   = U32(188, NL80211_RXMGMT_FLAG)
    STA_SUPPORTED_CHANNELS         = Structs(189, supported_channels)
    STA_SUPPORTED_OPER_CLASSES     = Array(190, U8)
    HANDLE_DFS                     = Flag(191)
    SUPPORT_5_MHZ                  = Flag(192)
    SUPPORT_10_MHZ                 = Flag(193)
    OPMODE_NOTIF                   = U8(194, base=16)
    VENDOR_ID                      = U32(195, NL80211_VENDOR_ID, base=16)
    VENDOR_SUBCMD                  = U32(196)
    VENDOR_DATA                    = Blob(197, "the vendor's own")
    VENDOR_EVENTS                  = Nests(198, nl80211_vendor_cmd_info)
    QOS_MAP                        = Array(199, U8)                          # pairs of DSCP and priority, then ranges
    MAC_HINT                       = Mac(200)
    WIPHY_FREQ_HINT                = U32(201)
    MAX_AP_ASSOC_STA               = U32(202)
    TDLS_PEER_CAPABILITY           = U32(203, NL80211_TDLS_PEER)
    SOCKET_OWNER                   = Flag(204, also="IFACE_SOCKET_OWNER")
    CSA_C_OFFSETS_TX               = Array(205, U16)
    MAX_CSA_COUNTERS               = U8(206)
    TDLS_INITIATOR                 = Flag(207)
    USE_RRM                        = Flag(208)
    WIPHY_DYN_ACK                  = Flag(209)
    TSID                           = U8(210)
    USER_PRIO                      = U8(211)
    ADMITTED_TIME                  = U16(212)                                # in 32 us
    SMPS_MODE                      = U8(213, NL80211_SMPS)
    OPER_CLASS                     = U8(214)
    MAC_MASK                       = Mac(215)
    WIPHY_SELF_MANAGED_REG         = Flag(216)
    EXT_FEATURES                   = BitSet(217, NL80211_EXT_FEATURE)
    SURVEY_RADIO_STATS             = Flag(218)
    NETNS_FD                       = U32(219)
    SCHED_SCAN_DELAY               = U32(220, measure="s")
    REG_INDOOR                     = Flag(221)
    MAX_NUM_SCHED_SCAN_PLANS       = U32(222)
    MAX_SCAN_PLAN_INTERVAL         = U32(223, measure="s")
    MAX_SCAN_PLAN_ITERATIONS       = U32(224)
    SCHED_SCAN_PLANS               = Nests(225, NL80211_SCHED_SCAN_PLAN)
    PBSS                           = Flag(226)
    BSS_SELECT                     = Nest(227, NL80211_BSS_SELECT_ATTR)
    STA_SUPPORT_P2P_PS             = U8(228, NL80211_P2P_PS)
    PAD                            = Pad(229)
    IFTYPE_EXT_CAPA                = Nests(230, "self")
    MU_MIMO_GROUP_DATA             = Struct(231, mu_mimo_group_data)
    MU_MIMO_FOLLOW_MAC_ADDR        = Mac(232)
    SCAN_START_TIME_TSF            = U64(233, measure="us")
    SCAN_START_TIME_TSF_BSSID      = Mac(234)
    MEASUREMENT_DURATION           = U16(235, measure="TU")
    MEASUREMENT_DURATION_MANDATORY = Flag(236)
    MESH_PEER_AID                  = U16(237)
    NAN_MASTER_PREF                = U8(238)
    BANDS                          = U32(239, NL80211_BANDS)
    NAN_FUNC                       = Nest(240, NL80211_NAN_FUNC)
    NAN_MATCH                      = Nest(241, NL80211_NAN_MATCH)
    FILS_KEK                       = Secret(242)
    FILS_NONCES                    = Blob(243, "the nonces of station and access point")
    MULTICAST_TO_UNICAST_ENABLED   = Flag(244)
    BSSID                          = Mac(245)
    SCHED_SCAN_RELATIVE_RSSI       = S8(246)
    SCHED_SCAN_RSSI_ADJUST         = Struct(247, nl80211_bss_select_rssi_adjust)
    TIMEOUT_REASON                 = U32(248, NL80211_TIMEOUT)
    FILS_ERP_USERNAME              = Text(249)
    FILS_ERP_REALM                 = Text(250)
    FILS_ERP_NEXT_SEQ_NUM          = U16(251)
    FILS_ERP_RRK                   = Secret(252)
    FILS_CACHE_ID                  = Array(253, U8(None, base=16))
    PMK                            = Secret(254)
    SCHED_SCAN_MULTI               = Flag(255)
    SCHED_SCAN_MAX_REQS            = U32(256)
    WANT_1X_4WAY_HS                = Flag(257)
    PMKR0_NAME                     = Blob(258, "hash that names a key of fast transition")
    PORT_AUTHORIZED                = Blob(259, "not used by the kernel")
    EXTERNAL_AUTH_ACTION           = U32(260, NL80211_EXTERNAL_AUTH)
    EXTERNAL_AUTH_SUPPORT          = Flag(261)
    NSS                            = U8(262)
    ACK_SIGNAL                     = S32(263, measure="dBm")
    CONTROL_PORT_OVER_NL80211      = Flag(264)
    TXQ_STATS                      = Nest(265, NL80211_TXQ_STATS)
    TXQ_LIMIT                      = U32(266)
    TXQ_MEMORY_LIMIT               = U32(267)
    TXQ_QUANTUM                    = U32(268)
    HE_CAPABILITY                  = Struct(269, ieee80211_he_cap_elem)
    FTM_RESPONDER                  = Nest(270, NL80211_FTM_RESP_ATTR)
    FTM_RESPONDER_STATS            = Nest(271, NL80211_FTM_STATS)
    TIMEOUT                        = U32(272, measure="ms")
    PEER_MEASUREMENTS              = Nest(273, NL80211_PMSR_ATTR)
    AIRTIME_WEIGHT                 = U16(274)
    STA_TX_POWER_SETTING           = U8(275, NL80211_TX_POWER)
    STA_TX_POWER                   = S16(276, measure="dBm")
    SAE_PASSWORD                   = Secret(277)
    TWT_RESPONDER                  = Flag(278)
    HE_OBSS_PD                     = Nest(279, NL80211_HE_OBSS_PD_ATTR)
    WIPHY_EDMG_CHANNELS            = U8(280, base=16)
    WIPHY_EDMG_BW_CONFIG           = U8(281)
    VLAN_ID                        = U16(282)
    HE_BSS_COLOR                   = Nest(283, NL80211_HE_BSS_COLOR_ATTR)
    IFTYPE_AKM_SUITES              = Nests(284, NL80211_IFTYPE_AKM_ATTR)
    TID_CONFIG                     = Nests(285, NL80211_TID_CONFIG_ATTR)
    CONTROL_PORT_NO_PREAUTH        = Flag(286)
    PMK_LIFETIME                   = U32(287, measure="s")
    PMK_REAUTH_THRESHOLD           = U8(288)                                 # in percent of it
    RECEIVE_MULTICAST              = Flag(289)
    WIPHY_FREQ_OFFSET              = U32(290, measure="kHz")
    CENTER_FREQ1_OFFSET            = U32(291, measure="kHz")
    SCAN_FREQ_KHZ                  = Nests(292, U32(None, measure="kHz"))
    HE_6GHZ_CAPABILITY             = Le16(293, base=16)
    FILS_DISCOVERY                 = Nest(294, NL80211_FILS_DISCOVERY_ATTR)
    UNSOL_BCAST_PROBE_RESP         = Nest(295, NL80211_UNSOL_BCAST_PROBE_RESP_ATTR)
    S1G_CAPABILITY                 = Array(296, U8(None, base=16))
    S1G_CAPABILITY_MASK            = Array(297, U8(None, base=16))
    SAE_PWE                        = U8(298, NL80211_SAE_PWE)
    RECONNECT_REQUESTED            = Flag(299)
    SAR_SPEC                       = Nest(300, NL80211_SAR_ATTR)
    DISABLE_HE                     = Flag(301)
    OBSS_COLOR_BITMAP              = U64(302, base=16)
    COLOR_CHANGE_COUNT             = U8(303)
    COLOR_CHANGE_COLOR             = U8(304)
    COLOR_CHANGE_ELEMS             = Nest(305, "self")
    MBSSID_CONFIG                  = Nest(306, NL80211_MBSSID_CONFIG_ATTR)
    MBSSID_ELEMS                   = Nests(307, Elements())
    RADAR_BACKGROUND               = Flag(308)
    AP_SETTINGS_FLAGS              = U32(309, NL80211_AP_SETTINGS)
    EHT_CAPABILITY                 = Struct(310, ieee80211_eht_cap_elem_fixed)
    DISABLE_EHT                    = Flag(311)
    MLO_LINKS                      = Nests(312, "self")
    MLO_LINK_ID                    = U8(313)
    MLD_ADDR                       = Mac(314)
    MLO_SUPPORT                    = Flag(315)
    MAX_NUM_AKM_SUITES             = U16(316)
    EML_CAPABILITY                 = U16(317, base=16)
    MLD_CAPA_AND_OPS               = U16(318, base=16)
    TX_HW_TIMESTAMP                = U64(319, measure="ns")
    RX_HW_TIMESTAMP                = U64(320, measure="ns")
    TD_BITMAP                      = BitSet(321)                             # of the Transition Disable KDE
    PUNCT_BITMAP                   = U32(322, base=16)                       # of 20 MHz each
    MAX_HW_TIMESTAMP_PEERS         = U16(323)
    HW_TIMESTAMP_ENABLED           = Flag(324)
    EMA_RNR_ELEMS                  = Nests(325, Elements())
    MLO_LINK_DISABLED              = Flag(326)
    BSS_DUMP_INCLUDE_USE_DATA      = Flag(327)
    MLO_TTLM_DLINK                 = Array(328, U16(None, base=16))          # a bit for each link, by TID
    MLO_TTLM_ULINK                 = Array(329, U16(None, base=16))
    ASSOC_SPP_AMSDU                = Flag(330)
    WIPHY_RADIOS                   = Nests(331, NL80211_WIPHY_RADIO_ATTR)
    WIPHY_INTERFACE_COMBINATIONS   = Nests(332, NL80211_IFACE_COMB)
    VIF_RADIO_MASK                 = U32(333, base=16)
    SUPPORTED_SELECTORS            = Array(334, U8)
    MLO_RECONF_REM_LINKS           = U16(335, base=16)
    EPCS                           = Flag(336)
    EXT_MLD_CAPA_AND_OPS           = U16(337, base=16, also="ASSOC_MLD_EXT_CAPA_OPS")
    WIPHY_RADIO_INDEX              = U8(338)
    S1G_LONG_BEACON_PERIOD         = U8(339)
    S1G_SHORT_BEACON               = Nest(340, NL80211_S1G_SHORT_BEACON_ATTR)
    BSS_PARAM                      = Nest(341, NL80211_BSS_PARAM)
    NAN_CONFIG                     = Nest(342, NL80211_NAN_CONF)
    NAN_NEW_CLUSTER                = Flag(343)
    NAN_CAPABILITIES               = Nest(344, NL80211_NAN_CAPA)
