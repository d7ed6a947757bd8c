"""What the kernel checks of requests where the socket has NETLINK_GET_STRICT_CHK, and nests that need NLA_F_NESTED.

The functions `*_valid_*` of net/core/rtnetlink.c, neighbour.c, fib_rules.c, net/ipv4/devinet.c, fib_frontend.c and of
their like in net/ipv6; nests that are opened by nla_parse_nested (not nla_parse_nested_deprecated).
"""

from nldissect.wire import NETLINK, bind_flagged, bind_strict

from ..common import AF
from .addr import ifaddrmsg
from .addrlabel import ifaddrlblmsg
from .link import ifinfomsg
from .mdb import br_port_msg
from .neigh import ndmsg
from .neightbl import ndtmsg
from .route import RTM_FAMILY, rtmsg
from .rule import fib_rule_hdr
from .stats import if_stats_msg

ROUTE = NETLINK.ROUTE
INTERNET = AF.UNSPEC, AF.INET, AF.INET6
LINK = "__ifi_pad ifi_type ifi_flags ifi_change"
NEIGHBOUR = "ndm_pad1 ndm_pad2 ndm_state ndm_type"

bind_strict(ifinfomsg, ROUTE, "RTM_GETLINK", zero=f"{LINK} ifi_index", takes="IFLA_EXT_MASK", first=(AF.BRIDGE,))
bind_strict(
    ifinfomsg, ROUTE, "RTM_GETLINK", zero=f"{LINK} ifi_index",
    takes="IFLA_TARGET_NETNSID IFLA_EXT_MASK IFLA_MASTER IFLA_LINKINFO",
)
bind_strict(
    ifinfomsg, ROUTE, "RTM_GETLINK", zero=LINK, dump=False,
    takes="IFLA_IFNAME IFLA_ALT_IFNAME IFLA_EXT_MASK IFLA_TARGET_NETNSID",
)
bind_strict(
    ifaddrmsg, ROUTE, "RTM_GETADDR", zero="ifa_prefixlen ifa_flags ifa_scope", takes="IFA_TARGET_NETNSID",
    first=INTERNET,
)
bind_strict(
    ifaddrmsg, ROUTE, "RTM_GETADDR", zero="ifa_prefixlen ifa_flags ifa_scope", dump=False, first=(AF.INET6,),
    takes="IFA_TARGET_NETNSID IFA_ADDRESS IFA_LOCAL",
)
bind_strict(
    rtmsg, ROUTE, "RTM_GETROUTE", zero="rtm_table rtm_protocol rtm_scope rtm_type", dump=False,
    takes="RTA_SRC RTA_DST RTA_IIF RTA_OIF RTA_MARK RTA_UID RTA_IP_PROTO RTA_SPORT RTA_DPORT",
    first=(AF.INET, AF.INET6),
)
bind_strict(
    rtmsg, ROUTE, "RTM_GETROUTE", zero="rtm_dst_len rtm_src_len rtm_tos rtm_scope", takes="RTA_TABLE RTA_OIF",
    first=(*INTERNET, AF.MPLS, RTM_FAMILY.IPMR, RTM_FAMILY.IP6MR),
)
bind_strict(
    ndmsg, ROUTE, "RTM_GETNEIGH", zero=f"{NEIGHBOUR} ndm_flags", takes="NDA_IFINDEX NDA_MASTER", first=(AF.BRIDGE,)
)
bind_strict(
    ndmsg, ROUTE, "RTM_GETNEIGH", zero=f"{NEIGHBOUR} ndm_ifindex", takes="NDA_IFINDEX NDA_MASTER", first=INTERNET
)
bind_strict(ndtmsg, ROUTE, "RTM_GETNEIGHTBL", zero="ndtm_pad1 ndtm_pad2")
bind_strict(fib_rule_hdr, ROUTE, "RTM_GETRULE", zero="dst_len src_len tos table res1 res2 action flags")
bind_strict(
    ifaddrlblmsg, ROUTE, "RTM_GETADDRLABEL", zero="__ifal_reserved ifal_prefixlen ifal_flags ifal_index ifal_seq",
)
bind_strict(
    ifaddrlblmsg, ROUTE, "RTM_GETADDRLABEL", zero="__ifal_reserved ifal_flags ifal_seq", takes="IFAL_ADDRESS",
    dump=False,
)
bind_strict(if_stats_msg, ROUTE, "RTM_GETSTATS", zero="pad1 pad2 ifindex", takes="IFLA_STATS_GET_FILTERS")
bind_strict(br_port_msg, ROUTE, "RTM_GETMDB", zero="ifindex", first=(AF.BRIDGE,))

bind_flagged(
    ROUTE,
    "BRIDGE_VLANDB_ENTRY BRIDGE_VLANDB_GOPTS BRIDGE_VLANDB_TINFO IFLA_BRIDGE_CFM IFLA_BRIDGE_CFM_CC_CCM_TX "
    "IFLA_BRIDGE_CFM_CC_CONFIG IFLA_BRIDGE_CFM_CC_PEER_MEP IFLA_BRIDGE_CFM_CC_RDI IFLA_BRIDGE_CFM_MEP_CONFIG "
    "IFLA_BRIDGE_CFM_MEP_CREATE IFLA_BRIDGE_CFM_MEP_DELETE IFLA_BRIDGE_MRP IFLA_BRIDGE_MRP_INSTANCE "
    "IFLA_BRIDGE_MRP_IN_ROLE IFLA_BRIDGE_MRP_IN_STATE IFLA_BRIDGE_MRP_PORT_ROLE IFLA_BRIDGE_MRP_PORT_STATE "
    "IFLA_BRIDGE_MRP_RING_ROLE IFLA_BRIDGE_MRP_RING_STATE IFLA_BRIDGE_MRP_START_IN_TEST IFLA_BRIDGE_MRP_START_TEST "
    "IFLA_BRIDGE_MST_ENTRY IFLA_CAN_TDC IFLA_STATS_FILTERS IOAM6_IPTUNNEL LWTUNNEL_IP_OPT_ERSPAN "
    "LWTUNNEL_IP_OPT_GENEVE LWTUNNEL_IP_OPT_VXLAN LWT_XFRM MDBE_ATTR MDBE_SRCATTR NFEA NHA_RES_BUCKET NHA_RES_GROUP "
    "RPL_IPTUNNEL TCA_CT TCA_CTINFO TCA_ETS TCA_FLOWER_KEY_CFM TCA_FLOWER_KEY_ENC_OPT_ERSPAN "
    "TCA_FLOWER_KEY_ENC_OPT_GTP TCA_FLOWER_KEY_ENC_OPT_PFCP TCA_FLOWER_KEY_ENC_OPT_VXLAN TCA_FLOWER_KEY_MPLS_OPT_LSE "
    "TCA_FQ_PIE TCA_GATE TCA_GATE_ENTRY TCA_MPLS TCA_MQPRIO_TC_ENTRY TCA_TAPRIO_TC_ENTRY "
    "TCA_TUNNEL_KEY_ENC_OPT_ERSPAN TCA_TUNNEL_KEY_ENC_OPT_VXLAN VXLAN_VNIFILTER_ENTRY",
)
