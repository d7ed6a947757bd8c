"""Which messages there are, every command to the kernel and from it, and what the same attribute holds in them."""

from nldissect.wire import U32, Array, Flag, Inside, Nests, bind_attrs, bind_genl

from ...common import ETH_P
from .attributes import NL80211_ATTR
from .command import NL80211_CMD
from .ieee80211 import WLAN_AKM_SUITE_ASKED
from .link import NL80211_TID_CONFIG_ATTR
from .scan import NL80211_BSS_SELECT_SUPPORT
from .wake import NL80211_WOWLAN_WAKEUP, nl80211_coalesce_rule_support
from .wiphy import nl80211_vendor_cmd_info

for number, name in NL80211_CMD.names.items():
    bind_genl(NL80211_ATTR, "nl80211", to=None, **{name: number})

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
