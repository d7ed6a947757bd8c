"""Objects of route netlink, and what of them is no change: counters, caches, ages."""

from nldissect.wire import NETLINK
from nldissect.wire.objects import bind_object

from ..common import AF

ROUTE = NETLINK.ROUTE
TC_QUIET = "tcm_info TCA_STATS TCA_STATS2 TCA_XSTATS TCA_EXT_WARN_MSG direct_pkts"
ACTION_QUIET = (
    "TCA_ACT_STATS TCA_ACT_USED_HW_STATS TCA_POLICE_TM TCA_PEDIT_TM TCA_VLAN_TM TCA_MPLS_TM TCA_SKBEDIT_TM "
    "TCA_SKBMOD_TM TCA_CSUM_TM TCA_NAT_TM TCA_TUNNEL_KEY_TM TCA_IFE_TM TCA_GACT_TM TCA_MIRRED_TM TCA_SAMPLE_TM "
    "TCA_DEF_TM TCA_CONNMARK_TM TCA_CTINFO_TM TCA_CT_TM TCA_ACT_BPF_TM TCA_GATE_TM"
)
LINK_QUIET = (
    "ifi_change IFLA_EVENT IFLA_STATS IFLA_STATS64 IFLA_VF_STATS IFLA_CARRIER_CHANGES IFLA_CARRIER_UP_COUNT "
    "IFLA_CARRIER_DOWN_COUNT IFLA_INFO_XSTATS IFLA_INET6_STATS IFLA_INET6_ICMP6STATS IFLA_INET6_CACHEINFO "
    "IFLA_BR_HELLO_TIMER IFLA_BR_TCN_TIMER IFLA_BR_TOPOLOGY_CHANGE_TIMER IFLA_BR_GC_TIMER "
    "IFLA_BRPORT_MESSAGE_AGE_TIMER IFLA_BRPORT_FORWARD_DELAY_TIMER IFLA_BRPORT_HOLD_TIMER"
)

bind_object(
    "bridge port", ROUTE, first=AF.BRIDGE, new="RTM_NEWLINK", gone="RTM_DELLINK", key="ifi_index",
    called="{IFLA_IFNAME|ifi_index}", quiet=LINK_QUIET, leaves=True, ends="IFLA_MASTER",
)
bind_object(
    "inet6 link", ROUTE, first=AF.INET6, new="RTM_NEWLINK", gone="RTM_DELLINK", key="ifi_index",
    called="{IFLA_IFNAME|ifi_index}", quiet=LINK_QUIET, leaves=True,
)
bind_object(
    "link", ROUTE, new="RTM_NEWLINK", gone="RTM_DELLINK", key="ifi_family ifi_index",
    called="{IFLA_IFNAME|ifi_index}", quiet=LINK_QUIET, leaves=True, ends="IFLA_MASTER IFLA_LINK IFLA_IFALIAS",
    born=("ifi_change", 0xFFFF_FFFF),
)
bind_object(
    "address", ROUTE, new="RTM_NEWADDR", gone="RTM_DELADDR",
    key="ifa_family ifa_index ifa_prefixlen IFA_LOCAL IFA_ADDRESS",
    called="{IFA_LOCAL|IFA_ADDRESS}/{ifa_prefixlen} dev {ifa_index}", quiet="IFA_CACHEINFO",
)

# Routes of IPv6 to one destination stand side by side; of IPv4, one of a metric takes another's place.
bind_object(
    "route", ROUTE, first=AF.INET6, new="RTM_NEWROUTE", gone="RTM_DELROUTE",
    key="rtm_family rtm_dst_len rtm_src_len rtm_type RTA_DST RTA_SRC RTA_TABLE RTA_PRIORITY RTA_OIF RTA_GATEWAY",
    called="[{!RTA_DST}default][{RTA_DST}/{rtm_dst_len}] [table {RTA_TABLE}] [metric {RTA_PRIORITY}] [dev {RTA_OIF}]",
    quiet="RTA_CACHEINFO RTA_EXPIRES", answers=False,
)
bind_object(
    "route", ROUTE, new="RTM_NEWROUTE", gone="RTM_DELROUTE",
    key="rtm_family rtm_dst_len rtm_src_len rtm_tos rtm_type RTA_DST RTA_SRC RTA_TABLE RTA_PRIORITY",
    called="[{!RTA_DST}default][{RTA_DST}/{rtm_dst_len}] [table {RTA_TABLE}] [metric {RTA_PRIORITY}]",
    quiet="RTA_CACHEINFO RTA_MFC_STATS", answers=False,
)
bind_object(
    "neighbour", ROUTE, new="RTM_NEWNEIGH", gone="RTM_DELNEIGH",
    key="ndm_family ndm_ifindex NDA_DST NDA_VLAN NDA_VNI NDA_MASTER",
    called="{NDA_DST|NDA_LLADDR} dev {ndm_ifindex}", quiet="NDA_CACHEINFO NDA_PROBES",
)
bind_object(
    "rule", ROUTE, new="RTM_NEWRULE", gone="RTM_DELRULE",
    key="family dst_len src_len tos table action flags FRA_PRIORITY FRA_DST FRA_SRC FRA_IIFNAME FRA_OIFNAME FRA_FWMARK "
    "FRA_FWMASK FRA_TABLE FRA_GOTO FRA_UID_RANGE FRA_IP_PROTO FRA_SPORT_RANGE FRA_DPORT_RANGE FRA_L3MDEV FRA_TUN_ID",
    called="{family} [priority {FRA_PRIORITY}] [from {FRA_SRC}/{src_len}] [to {FRA_DST}/{dst_len}] "
    "[lookup {FRA_TABLE}]",
)
bind_object(
    "nexthop", ROUTE, new="RTM_NEWNEXTHOP", gone="RTM_DELNEXTHOP", key="NHA_ID", called="id {NHA_ID}",
    quiet="NHA_HW_STATS_USED NHA_GROUP_STATS",
)
bind_object(
    "qdisc", ROUTE, new="RTM_NEWQDISC", gone="RTM_DELQDISC", key="tcm_ifindex tcm_parent tcm_handle",
    called="{TCA_KIND} {tcm_handle} dev {tcm_ifindex}", quiet=TC_QUIET,
)
bind_object(
    "class", ROUTE, new="RTM_NEWTCLASS", gone="RTM_DELTCLASS", key="tcm_ifindex tcm_handle",
    called="{TCA_KIND} {tcm_handle} dev {tcm_ifindex}", quiet=TC_QUIET,
)
bind_object(
    "filter", ROUTE, new="RTM_NEWTFILTER", gone="RTM_DELTFILTER",
    key="tcm_ifindex tcm_parent tcm_handle tcm_info TCA_KIND TCA_CHAIN",
    called="{TCA_KIND} {tcm_handle} parent {tcm_parent} dev {tcm_ifindex}",
    quiet=f"TCA_STATS TCA_STATS2 TCA_XSTATS TCA_EXT_WARN_MSG TCA_U32_PCNT {ACTION_QUIET}",
)
bind_object(
    "chain", ROUTE, new="RTM_NEWCHAIN", gone="RTM_DELCHAIN", key="tcm_ifindex tcm_parent TCA_CHAIN",
    called="{TCA_CHAIN} dev {tcm_ifindex}",
)
bind_object(
    "address label", ROUTE, new="RTM_NEWADDRLABEL", gone="RTM_DELADDRLABEL",
    key="ifal_family ifal_prefixlen ifal_index IFAL_ADDRESS", called="{IFAL_ADDRESS}/{ifal_prefixlen}",
    quiet="ifal_seq",
)
bind_object(
    "netconf", ROUTE, new="RTM_NEWNETCONF", gone="RTM_DELNETCONF", key="ncm_family NETCONFA_IFINDEX",
    called="{ncm_family} dev {NETCONFA_IFINDEX}", leaves=True,
)
bind_object(
    "namespace id", ROUTE, new="RTM_NEWNSID", gone="RTM_DELNSID", key="NETNSA_NSID", called="{NETNSA_NSID}",
)
