"""How the kernel reports what requests of route netlink make, change and remove, and what it fills in."""

from collections.abc import Iterator
from typing import Literal

from nldissect.uapi import NLM_F_CREATE
from nldissect.wire import (
    NETLINK,
    DecodedMessage,
    Gateway,
    MaskedField,
    Node,
    RequestForm,
    bind_request_form,
    get_int,
    nodes_of,
)

from ..common import AF
from ..constants import RTPROT
from .link import IFF
from .rule import FR_ACT

ROUTE = NETLINK.ROUTE
RTM_NEWLINK, RTM_DELLINK = 16, 17
RTA_OIF, RTA_PRIORITY, RTA_TABLE = 4, 6, 15
FRA_SUPPRESS_PREFIXLEN = 14
RT_TABLE_MAIN, RT_SCOPE_NOWHERE, IP6_RT_PRIO_USER, EVERY_FLAG = 254, 255, 1024, 0xFFFF_FFFF
MAJOR = 0xFFFF_0000
NAMES = ("IFLA_IFNAME", "IFLA_ALT_IFNAME")
ELSEWHERE = ("IFLA_NET_NS_PID", "IFLA_NET_NS_FD", "IFLA_TARGET_NETNSID")
NO_STATE = frozenset({
    "ifi_family", "__ifi_pad", "ifi_type", "ifi_index", "ifi_change", "IFLA_EXT_MASK", "IFLA_NET_NS_PID",
    "IFLA_NET_NS_FD", "IFLA_VETH_INFO_PEER", "IFLA_NEW_IFINDEX",
})  # fmt: skip


def has(walked: DecodedMessage, *names: str) -> bool:
    return any(walked.find(name) is not None for name in names)


def new_link(walked: DecodedMessage) -> RequestForm | None:
    """rtnl_newlink, do_setlink (net/core/rtnetlink.c): a link in another namespace is none of this one."""
    index, makes = get_int(walked, "ifi_index"), bool(walked.flags & NLM_F_CREATE) and has(walked, "IFLA_LINKINFO")
    if get_int(walked, "ifi_family") not in (AF.UNSPEC, AF.PACKET) or not (index or has(walked, *NAMES)):
        return None
    if has(walked, *ELSEWHERE):
        return None if makes else RequestForm(RTM_DELLINK, {"ifi_family": 0}, unknown=NO_STATE, named=NAMES)
    fields, named = {"ifi_family": 0, "ifi_change": EVERY_FLAG if makes else 0}, () if index else NAMES
    ends = frozenset({"IFLA_MASTER"} if has(walked, "IFLA_MASTER") and not get_int(walked, "IFLA_MASTER") else ())
    flags = link_flags(walked, makes)
    return RequestForm(RTM_NEWLINK, fields, unknown=NO_STATE, ends=ends, named=named, masked=flags)


def link_flags(walked: DecodedMessage, makes: bool) -> MaskedField:
    """rtnl_dev_get_flags: without a mask all flags are meant, unless there are none.

    A link of which nothing is known counts as up, unless the request makes it: nothing follows from its state.
    """
    flags = get_int(walked, "ifi_flags")
    mask = get_int(walked, "ifi_change") or (EVERY_FLAG if flags else 0)
    return MaskedField("ifi_flags", flags, mask, 0 if makes else int(IFF.UP))


def old_link(walked: DecodedMessage) -> RequestForm | None:
    """rtnl_dellink: by index or name; a group of links is not named by one."""
    if get_int(walked, "ifi_family") or has(walked, *ELSEWHERE):
        return None
    index = get_int(walked, "ifi_index")
    return RequestForm(RTM_DELLINK, named=() if index else NAMES) if index or has(walked, *NAMES) else None


def address(walked: DecodedMessage) -> RequestForm:
    """inet_rtm_newaddr, inet6_rtm_newaddr: IFA_LOCAL and IFA_ADDRESS stand for each other where one is missing."""
    local, remote = walked.find("IFA_LOCAL"), walked.find("IFA_ADDRESS")
    more: tuple[tuple[int, bytes], ...] = ()
    if get_int(walked, "ifa_family") == AF.INET and local is not None and remote is None:
        more = ((1, walked.data[local.start : local.end]),)
    unknown = {"ifa_flags"}
    if get_int(walked, "ifa_family") == AF.INET6 and remote is not None:
        unknown |= {"IFA_LOCAL"}  # told of a peer's alone (inet6_fill_ifaddr)
    return RequestForm(
        walked.number, attributes=more, unknown=frozenset(unknown), open=frozenset({"IFA_ADDRESS"})
    )


def route(walked: DecodedMessage) -> RequestForm | None:
    """fib_new_table, ip6_route_add: table, and metric of IPv6, where none is given; deletion compares what is given."""
    family, gone = get_int(walked, "rtm_family"), walked.type_name == "RTM_DELROUTE"
    if family not in (AF.INET, AF.INET6):
        return None
    fields, more = dict[str, int](), list[tuple[int, bytes]]()
    table = get_int(walked, "rtm_table") or RT_TABLE_MAIN
    if not has(walked, "RTA_TABLE"):
        more.append((RTA_TABLE, table.to_bytes(4, order_of(walked))))
    if family == AF.INET6 and not gone:
        fields |= {"rtm_scope": 0}
        fields |= {} if get_int(walked, "rtm_protocol") else {"rtm_protocol": int(RTPROT.BOOT)}
        if not get_int(walked, "RTA_PRIORITY"):
            more.append((RTA_PRIORITY, IP6_RT_PRIO_USER.to_bytes(4, order_of(walked))))
    opens = {"RTA_PREFSRC", "RTA_METRICS", "RTA_FLOW", "rtm_flags", "RTA_OIF"}
    defaults = {"rtm_type": 0, "rtm_protocol": 0, "rtm_scope": RT_SCOPE_NOWHERE}
    opens |= {name for name, value in defaults.items() if gone and get_int(walked, name) == value}
    if gone and family == AF.INET6:
        opens |= {"rtm_type"}
    hops = () if gone else tuple(gateways(walked))
    return RequestForm(walked.number, fields, tuple(more), frozenset({"rtm_table"}), frozenset(opens), gateways=hops)


def gateways(walked: DecodedMessage) -> Iterator[Gateway]:
    """The gateways of a route without an interface (fib_check_nh, ip6_route_check_nh)."""
    hop: Node | None = None
    for node, _ in nodes_of(walked):
        if node.name == "rtnh_ifindex":
            hop = node
        elif node.name == "RTA_GATEWAY" and not (has(walked, "RTA_OIF") if hop is None else hop.value):
            yield Gateway(walked.data[node.start : node.end], None if hop is None else hop.start, RTA_OIF)


def rule(walked: DecodedMessage) -> RequestForm:
    """fib_nl2rule (net/core/fib_rules.c): the table in the header where no attribute has it, and no shortest prefix."""
    more: tuple[tuple[int, bytes], ...] = ()
    table = get_int(walked, "table")
    if table and not has(walked, "FRA_TABLE"):
        more = ((15, table.to_bytes(4, order_of(walked))),)
    gone = walked.type_name == "RTM_DELRULE"
    if not gone and not has(walked, "FRA_SUPPRESS_PREFIXLEN"):
        more += ((FRA_SUPPRESS_PREFIXLEN, b"\xff" * 4),)
    zero = {name for name in ("src_len", "dst_len", "tos") if gone and not get_int(walked, name)}  # fib4_rule_compare
    unsaid = {"action"} if gone and get_int(walked, "action") == FR_ACT.UNSPEC else set()
    unsaid |= zero | {"table", "flags", "FRA_PROTOCOL"}
    return RequestForm(walked.number, attributes=more, open=frozenset(unsaid))


def neighbour(walked: DecodedMessage) -> RequestForm | None:
    """neigh_add, neigh_delete (net/core/neighbour.c): the type is the one that a route to it has (arp_constructor)."""
    form = RequestForm(walked.number, unknown=frozenset({"ndm_type"}))
    return None if get_int(walked, "ndm_family") == AF.BRIDGE else form


def nexthop(walked: DecodedMessage) -> RequestForm | None:
    """rtm_new_nexthop (net/ipv4/nexthop.c): without an id the kernel chooses one."""
    return RequestForm(walked.number) if has(walked, "NHA_ID") else None


def qdisc(walked: DecodedMessage) -> RequestForm | None:
    """tc_modify_qdisc, tc_get_qdisc (net/sched/sch_api.c): by its position; what it has of its options is not known."""
    if not get_int(walked, "tcm_parent"):
        return None
    unknown = {"tcm_info", "TCA_OPTIONS"} | ({"tcm_handle"} if not get_int(walked, "tcm_handle") & MAJOR else set())
    return RequestForm(walked.number, unknown=frozenset(unknown), successor=frozenset({"TCA_KIND", "tcm_handle"}))


def tc_class(walked: DecodedMessage) -> RequestForm | None:
    """tc_ctl_tclass (net/sched/sch_api.c): without a handle the queueing discipline chooses one."""
    if not get_int(walked, "tcm_handle"):
        return None
    return RequestForm(walked.number, unknown=frozenset({"tcm_info", "tcm_parent", "TCA_OPTIONS"}))


def order_of(walked: DecodedMessage) -> Literal["little", "big"]:
    return "little" if walked.order == "<" else "big"


bind_request_form(ROUTE, "RTM_NEWLINK RTM_SETLINK", new_link)
bind_request_form(ROUTE, "RTM_DELLINK", old_link)
bind_request_form(ROUTE, "RTM_NEWADDR RTM_DELADDR", address)
bind_request_form(ROUTE, "RTM_NEWROUTE RTM_DELROUTE", route)
bind_request_form(ROUTE, "RTM_NEWRULE RTM_DELRULE", rule)
bind_request_form(ROUTE, "RTM_NEWNEIGH RTM_DELNEIGH", neighbour)
bind_request_form(ROUTE, "RTM_NEWNEXTHOP RTM_DELNEXTHOP", nexthop)
bind_request_form(ROUTE, "RTM_NEWQDISC RTM_DELQDISC", qdisc)
bind_request_form(ROUTE, "RTM_NEWTCLASS RTM_DELTCLASS", tc_class)
