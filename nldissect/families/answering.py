"""How requests are answered where a protocol has its own way: what is needed to join messages to exchanges."""

from nldissect.wire import NETLINK

from .common import AF

SILENT = frozenset({NETLINK.USERSOCK, NETLINK.CONNECTOR, NETLINK.KOBJECT_UEVENT})
"""Protocols in which nobody is answered, or not by these headers."""
BY_TYPE = (NETLINK.GENERIC, NETLINK.SOCK_DIAG, NETLINK.ISCSI)
"""Protocols whose answers have the number of the request."""
CAUSED = frozenset({NETLINK.ROUTE, NETLINK.XFRM})
"""Protocols in which what a request does is told to everybody with the sequence number and the port of who asked."""
AS_ASKED = frozenset({(NETLINK.FIB_LOOKUP, None), (NETLINK.GENERIC, "TIPC")})
"""Protocols and generic families in which the kernel sends a request back filled in, with its header."""

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

ANY_FAMILY = 0  # RTM_NEWLINK and its kin, as a number of ours
OF_ITS_OWN = AF.BRIDGE
"""Links are asked for with any address family; that of bridges alone gives something else."""

RTM_NEWROUTE = 24
NEWROUTE_CHANGED = 0x700
"""NLM_F_REPLACE, EXCL and CREATE, which ip6_route_multipath_add (net/ipv6/route.c) changes in the request itself
before that is acknowledged."""
