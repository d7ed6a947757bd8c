"""How requests are answered where a protocol has its own way: what is needed to join messages to exchanges."""

from nldissect.request_tracker import AnswerRules
from nldissect.wire import NETLINK

from .common import AF

SILENT = frozenset({NETLINK.USERSOCK, NETLINK.CONNECTOR, NETLINK.KOBJECT_UEVENT})
"""Protocols in which nobody is answered, or not by these headers."""
BY_TYPE = (NETLINK.GENERIC, NETLINK.SOCK_DIAG, NETLINK.ISCSI)
"""Protocols whose answers have the number of the request."""

NFTABLES = 0xA00  # NFNL_SUBSYS_NFTABLES << 8 (linux/netfilter/nfnetlink.h)
BATCH_BEGIN, BATCH_END = 0x10, 0x11  # NFNL_MSG_BATCH_*
NFT_OBJECTS = bytes([
    0, 0, 0,  1, 1, 1,  2, 2, 2,      # NFT_MSG_NEW, GET, DEL of tables, chains, rules (linux/netfilter/nf_tables.h)
    3, 3, 3,  4, 4, 4,  5, 5,  7,     # sets, set elements, generations, NFT_MSG_TRACE
    6, 6, 6, 6,  8, 8, 8,             # objects and their reset, flowtables
    2,  0, 1, 2, 3, 4, 6, 8,  4,      # NFT_MSG_GETRULE_RESET, NFT_MSG_DESTROY*, NFT_MSG_GETSETELEM_RESET
])
"""For each message of nftables what it is about, as a number of ours."""

LIST_UNFLAGGED = frozenset({(NETLINK.AUDIT, 1013)})
"""Requests for all of something without NLM_F_DUMP: AUDIT_LIST_RULES (linux/audit.h)."""

MORE_DETAIL = frozenset({"IFLA_EXT_MASK"})
"""Attributes of a request for all objects of a kind that ask for more about each, not for fewer."""
INTERFACE_NAMES = frozenset({"IFLA_IFNAME", "IFLA_ALT_IFNAME"})
"""Attributes that name the interface a message is about."""

ANY_FAMILY = 0  # RTM_NEWLINK and the like, as a number of ours
OF_ITS_OWN = AF.BRIDGE
"""Links are asked for with any address family; that of bridges alone gives something else."""

RTM_NEWROUTE = 24
NEWROUTE_CHANGED = 0x700
"""NLM_F_REPLACE, EXCL and CREATE, which ip6_route_multipath_add (net/ipv6/route.c) changes in the request itself
before that is acknowledged."""

RTM_NEWNEIGH, RTM_DELNEIGH, RTM_SETDCB = 28, 29, 79
CT_NEW, CT_DELETE, EXP_NEW, EXP_DELETE = 0x100, 0x102, 0x200, 0x202  # linux/netfilter/nfnetlink_conntrack.h
REPEATING = (
    44, 45,           # RTM_NEWTFILTER, DELTFILTER: tfilter_notify, tfilter_del_notify (net/sched/cls_api.c)
    48,               # RTM_NEWACTION: tcf_add_notify (net/sched/act_api.c)
    100, 101, 102,    # RTM_NEWCHAIN, DELCHAIN, GETCHAIN: tc_chain_notify (net/sched/cls_api.c)
    104, 105,         # RTM_NEWNEXTHOP, DELNEXTHOP: nexthop_notify (net/ipv4/nexthop.c)
)  # fmt: skip

RULES = AnswerRules(
    # rtmsg_fib (net/ipv4/fib_semantics.c), km_event (net/xfrm/xfrm_user.c), nft_notify_enqueue (nf_tables_api.c)
    caused={NETLINK.ROUTE: 2, NETLINK.XFRM: 0, NETLINK.NETFILTER: 8},
    replied=frozenset({(NETLINK.ROUTE, RTM_SETDCB)}),  # dcb_doit (net/dcb/dcbnl.c)
    repeated=frozenset((NETLINK.ROUTE, number) for number in REPEATING),
    # __neigh_notify (net/core/neighbour.c), ctnetlink_conntrack_event (net/netfilter/nf_conntrack_netlink.c)
    port_only=frozenset(
        {(NETLINK.ROUTE, number) for number in (RTM_NEWNEIGH, RTM_DELNEIGH)}
        | {(NETLINK.NETFILTER, number) for number in (CT_NEW, CT_DELETE, EXP_NEW, EXP_DELETE)}
    ),
    # nl_fib_input (net/ipv4/fib_frontend.c), handle_cmd of the family before 2015 (net/tipc/netlink_compat.c)
    returned=frozenset({(NETLINK.FIB_LOOKUP, None), (NETLINK.GENERIC, "TIPC")}),
    batches={(NETLINK.NETFILTER, BATCH_BEGIN): NFTABLES, (NETLINK.NETFILTER, BATCH_END): NFTABLES},
    listed=LIST_UNFLAGGED,
    rewritten={(NETLINK.ROUTE, RTM_NEWROUTE): NEWROUTE_CHANGED},
)
