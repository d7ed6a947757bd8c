"""Which messages there are, every command to the kernel and from it, and what the same attribute holds in them."""

from nldissect.families.common import ETH_P
from nldissect.wire import U32, Array, Attrs, Flag, Inside, Message, Nests, Secret, bind_attrs, bind_genl

from .attributes import NL80211_ATTR
from .command import NL80211_CMD
from .ieee80211 import WLAN_AKM_SUITE_ASKED
from .link import NL80211_TID_CONFIG_ATTR
from .scan import NL80211_BSS_SELECT_SUPPORT
from .wake import NL80211_WOWLAN_WAKEUP, nl80211_coalesce_rule_support
from .wiphy import nl80211_vendor_cmd_info


class nl80211(Message):
    fields_desc = [Attrs("attrs", NL80211_ATTR)]
    summary = (
        "[{NL80211_ATTR_IFNAME|NL80211_ATTR_IFINDEX} ]"
        "[{NL80211_ATTR_WIPHY_NAME} ][{!NL80211_ATTR_WIPHY_NAME}phy#{NL80211_ATTR_WIPHY} ]"
        "[{!NL80211_ATTR_IFINDEX}wdev {NL80211_ATTR_WDEV} ][{NL80211_ATTR_IFTYPE} ]"
        "[{NL80211_ATTR_MAC} ][bssid {NL80211_ATTR_BSSID} ][ssid {NL80211_ATTR_SSID|WLAN_EID_SSID} ]"
        "[mesh {NL80211_ATTR_MESH_ID} ]"
        "[bss {NL80211_BSS_BSSID} {NL80211_BSS_FREQUENCY}[ {NL80211_BSS_SIGNAL_MBM}][ {NL80211_BSS_STATUS}] ]"
        "[freq {NL80211_ATTR_WIPHY_FREQ} ][width {NL80211_ATTR_CHANNEL_WIDTH} ]"
        "[auth {NL80211_ATTR_AUTH_TYPE} ][{?NL80211_ATTR_TIMED_OUT}timed out ]"
        "[status {NL80211_ATTR_STATUS_CODE} ][reason {NL80211_ATTR_REASON_CODE} ]"
        "[{?NL80211_ATTR_DISCONNECTED_BY_AP}by the access point ][key {NL80211_ATTR_KEY_IDX|NL80211_KEY_IDX} ]"
        "[{NL80211_ATTR_KEY_CIPHER|NL80211_KEY_CIPHER} ]"
        "[{NL80211_ATTR_STA_FLAGS2.set} ][signal {NL80211_STA_INFO_SIGNAL} ][plink {NL80211_STA_INFO_PLINK_STATE} ]"
        "[via {NL80211_ATTR_MPATH_NEXT_HOP} ]"
        "[survey {NL80211_SURVEY_INFO_FREQUENCY}[ noise {NL80211_SURVEY_INFO_NOISE}]"
        "[{?NL80211_SURVEY_INFO_IN_USE} in use] ]"
        "[{NL80211_ATTR_SCAN_SSIDS#} ssids ][{NL80211_ATTR_SCAN_FREQUENCIES#} channels ]"
        "[country {NL80211_ATTR_REG_ALPHA2} ][{NL80211_ATTR_DFS_REGION} ][{NL80211_ATTR_REG_RULES#} rules ]"
        "[set by {NL80211_ATTR_REG_INITIATOR} ][{NL80211_ATTR_FRAME_TYPE} frames ]"
        "[radar {NL80211_ATTR_RADAR_EVENT} ][rssi {NL80211_ATTR_CQM_RSSI_THRESHOLD_EVENT} ]"
        "[vendor {NL80211_ATTR_VENDOR_ID}:{NL80211_ATTR_VENDOR_SUBCMD} ][power save {NL80211_ATTR_PS_STATE} ]"
        "[{NL80211_ATTR_PROTOCOL_FEATURES} ][{NL80211_ATTR_MESH_CONFIG#} mesh parameters ]"
        "[{NL80211_ATTR_SUPPORTED_COMMANDS#} commands ][{NL80211_ATTR_EXT_FEATURES#} extended features ]"
        "[{?NL80211_ATTR_ACK}acked ][cookie {NL80211_ATTR_COOKIE}]"
    )
    teaches = ("interface", "NL80211_ATTR_IFINDEX", "NL80211_ATTR_IFNAME")


for number, name in NL80211_CMD.names.items():
    bind_genl(nl80211, "nl80211", to=None, **{name: number})

# A radio's abilities have other forms than the settings of the same name.
bind_attrs(NL80211_ATTR.CONTROL_PORT_ETHERTYPE, Flag, cmd=NL80211_CMD.NEW_WIPHY)
bind_attrs(NL80211_ATTR.VENDOR_DATA, Nests(None, nl80211_vendor_cmd_info), cmd=NL80211_CMD.NEW_WIPHY)
bind_attrs(NL80211_ATTR.COALESCE_RULE, nl80211_coalesce_rule_support, cmd=NL80211_CMD.NEW_WIPHY)
bind_attrs(NL80211_ATTR.BSS_SELECT, NL80211_BSS_SELECT_SUPPORT, cmd=NL80211_CMD.NEW_WIPHY)
bind_attrs(NL80211_ATTR.TID_CONFIG, NL80211_TID_CONFIG_ATTR, cmd=NL80211_CMD.NEW_WIPHY)
# The kernel tells what woke the host as if somebody had set it; an answer to GET_WOWLAN names no interface.
bind_attrs(NL80211_ATTR.WOWLAN_TRIGGERS, NL80211_WOWLAN_WAKEUP, cmd=NL80211_CMD.SET_WOWLAN, to="user")
bind_attrs(NL80211_ATTR.COLOR_CHANGE_COUNT, U32, to="user")
bind_attrs(NL80211_ATTR.AKM_SUITES, Array(None, U32(None, WLAN_AKM_SUITE_ASKED, base=16)),
           cmd=NL80211_CMD.EXTERNAL_AUTH, to="user")
bind_attrs(NL80211_ATTR.FRAME, Inside(None, "scapy.layers.eap:EAPOL"), CONTROL_PORT_ETHERTYPE=ETH_P.PAE)
bind_attrs(NL80211_ATTR.FRAME, Inside(None, "scapy.layers.l2:Ether"), cmd=NL80211_CMD.CONTROL_PORT_FRAME_TX_STATUS)
# Qualcomm's QCA_NL80211_VENDOR_SUBCMD_KEY_MGMT_SET_KEY and _ROAM_AUTH carry keys.
bind_attrs(NL80211_ATTR.VENDOR_DATA, Secret, VENDOR_ID=0x001374, VENDOR_SUBCMD=(50, 51))
