"""Refusals of requests about addresses, routes, rules, neighbours and nexthops: what the kernel looks at."""

from collections.abc import Iterator

from nldissect.wire import (
    DecodedMessage,
    GatewayUnreached,
    MessagePredicate,
    ObjectAbsent,
    ObjectPresent,
    ObjectReader,
    ObjectReference,
    ObjectValue,
    ReferenceFinder,
    RequestedGateway,
    RequestForm,
    bind_refusal,
    get_int,
    has_field,
    nodes_of,
    own_node,
    request_form,
)

from ..common import AF
from .link import IFF
from .refusal_link import DOWN, both, changes, excludes, gives, link, links
from .request_forms import ROUTE

NLM_F_REPLACE = 0x100  # linux/netlink.h
RTM_NEWNEIGH, RTM_NEWNEXTHOP = 28, 104
FIB_SEMANTICS, FIB_TRIE = "net/ipv4/fib_semantics.c", "net/ipv4/fib_trie.c"
ROUTE6, NEXTHOP = "net/ipv6/route.c", "net/ipv4/nexthop.c"
ROUTES = "route nexthop link"
UP = ("ifi_flags", int(IFF.UP))


def itself(walked: DecodedMessage, _: ObjectReader) -> Iterator[RequestForm]:
    """The object that a request makes, changes or removes."""
    form = request_form(walked)
    if form is not None:
        yield form


def asked_for(number: int) -> ReferenceFinder:
    """The object that a request asks for, of which the kernel tells in messages of type `number`."""
    return lambda walked, _: (RequestForm(number),)


def of_family(*families: int) -> MessagePredicate:
    """The first field of a message, its address family, is one of these."""
    return lambda walked: bool(walked.layers) and walked.layers[-1].value[0].value in families


def adds(walked: DecodedMessage) -> bool:
    return not walked.flags & NLM_F_REPLACE


def hops(walked: DecodedMessage, _: ObjectReader) -> Iterator[ObjectReference]:
    """The interfaces of a route's next hops."""
    for node in (node for node, _ in nodes_of(walked)):
        if node.name in ("RTA_OIF", "rtnh_ifindex") and node.value > 0:
            yield link(node.value, walked)


def gateways(walked: DecodedMessage) -> Iterator[RequestedGateway]:
    """The gateways of next hops, each with the interface that goes with it."""
    family, device = walked.layers[-1].value[0].value, get_int(walked, "RTA_OIF") or get_int(walked, "NHA_OIF")
    for node, _ in nodes_of(walked):
        if node.name == "rtnh_ifindex":
            device = node.value
        elif node.name in ("RTA_GATEWAY", "NHA_GATEWAY"):
            yield RequestedGateway(family, walked.data[node.start : node.end], device)


def nexthop(walked: DecodedMessage, _: ObjectReader) -> Iterator[ObjectReference]:
    """The nexthop object of a route."""
    node = own_node(walked, "RTA_NH_ID")
    if node is not None:
        yield ObjectReference(ROUTE, "nexthop", (walked.data[node.start : node.end],))


UNREACHED = GatewayUnreached(gateways, "address", link, UP)
CARRIER, GATEWAY = "{} has no carrier", "invalid gateway"
inet, inet6 = of_family(AF.INET), of_family(AF.INET6)
unbridged = of_family(AF.INET, AF.INET6)

for family, made, gone in (
    (inet, "inet_rtm_newaddr (net/ipv4/devinet.c)", "inet_rtm_deladdr (net/ipv4/devinet.c)"),
    (inet6, "inet6_rtm_newaddr (net/ipv6/addrconf.c)", "inet6_addr_del (net/ipv6/addrconf.c)"),
):
    bind_refusal(
        ROUTE, "RTM_NEWADDR", "EEXIST", ObjectPresent(itself), where=both(family, adds), source=made,
        about="address link",
    )
    bind_refusal(
        ROUTE, "RTM_DELADDR", "EADDRNOTAVAIL", ObjectAbsent(itself), where=family, source=gone, about="address link"
    )
    bind_refusal(ROUTE, "RTM_NEWADDR", "ENODEV", ObjectAbsent(links("ifa_index")), where=family, source=made)
    bind_refusal(ROUTE, "RTM_DELADDR", "ENODEV", ObjectAbsent(links("ifa_index")), where=family, source=gone)

for family, insert, delete, check, unreached in (
    (
        inet, f"fib_table_insert ({FIB_TRIE})", f"fib_table_delete ({FIB_TRIE})", f"fib_check_nh ({FIB_SEMANTICS})",
        "ENETUNREACH",
    ),
    (
        inet6, "fib6_add_rt2node (net/ipv6/ip6_fib.c)", f"ip6_route_del ({ROUTE6})", f"fib6_nh_init ({ROUTE6})",
        "EHOSTUNREACH",
    ),
):
    bind_refusal(
        ROUTE, "RTM_NEWROUTE", "EEXIST", ObjectPresent(itself, beside=True), where=both(family, excludes),
        source=insert, about=ROUTES,
    )
    bind_refusal(
        ROUTE, "RTM_NEWROUTE", "EEXIST", ObjectPresent(itself), where=both(family, adds), source=insert, about=ROUTES
    )
    bind_refusal(
        ROUTE, "RTM_NEWROUTE", "ENOENT", ObjectAbsent(itself, beside=True), where=both(family, changes),
        source=insert, about=ROUTES,
    )
    bind_refusal(ROUTE, "RTM_DELROUTE", "ESRCH", ObjectAbsent(itself), where=family, source=delete, about=ROUTES)
    bind_refusal(ROUTE, "RTM_NEWROUTE", f"ENODEV {unreached}", ObjectAbsent(hops), where=family, source=check)
    bind_refusal(
        ROUTE, "RTM_NEWROUTE", "ENETDOWN", ObjectValue(hops, *UP, False, DOWN), where=family, source=check
    )
    bind_refusal(
        ROUTE, "RTM_NEWROUTE", f"ENETDOWN {unreached}", UNREACHED, where=family, sure=False, told=GATEWAY, source=check,
        about="address link",
    )
bind_refusal(
    ROUTE, "RTM_NEWROUTE", "EINVAL", ObjectAbsent(nexthop), where=has_field("RTA_NH_ID"), sure=False,
    told="Nexthop id does not exist",
    source=f"fib_create_info ({FIB_SEMANTICS}), ip6_route_info_create ({ROUTE6})", about="nexthop link",
)

RULES = "net/core/fib_rules.c"
bind_refusal(
    ROUTE, "RTM_NEWRULE", "EEXIST", ObjectPresent(itself), where=excludes, source=f"rule_exists ({RULES})", about="rule"
)
bind_refusal(ROUTE, "RTM_DELRULE", "ENOENT", ObjectAbsent(itself), source=f"fib_delrule ({RULES})", about="rule")

NEIGHBOUR = "net/core/neighbour.c"
bind_refusal(
    ROUTE, "RTM_NEWNEIGH", "EEXIST", ObjectPresent(itself), where=both(unbridged, excludes),
    source=f"neigh_add ({NEIGHBOUR})", about="neighbour link",
)
bind_refusal(
    ROUTE, "RTM_NEWNEIGH", "ENOENT", ObjectAbsent(itself), where=both(unbridged, changes),
    source=f"neigh_add ({NEIGHBOUR})", about="neighbour link",
)
bind_refusal(
    ROUTE, "RTM_DELNEIGH", "ENOENT", ObjectAbsent(itself), where=unbridged, source=f"neigh_delete ({NEIGHBOUR})",
    about="neighbour link",
)
bind_refusal(
    ROUTE, "RTM_GETNEIGH", "ENOENT", ObjectAbsent(asked_for(RTM_NEWNEIGH)), where=unbridged,
    source=f"neigh_get ({NEIGHBOUR})", about="neighbour link",
)
for types, function in (
    ("RTM_NEWNEIGH", "neigh_add"), ("RTM_DELNEIGH", "neigh_delete"), ("RTM_GETNEIGH", "neigh_get"),
):
    bind_refusal(
        ROUTE, types, "ENODEV", ObjectAbsent(links("ndm_ifindex")), where=unbridged, source=f"{function} ({NEIGHBOUR})"
    )

bind_refusal(
    ROUTE, "RTM_NEWNEXTHOP", "EEXIST", ObjectPresent(itself), where=adds, source=f"insert_nexthop ({NEXTHOP})",
    about="nexthop link",
)
for types, errors, function in (
    ("RTM_NEWNEXTHOP", "ENOENT", "insert_nexthop"), ("RTM_DELNEXTHOP", "ENOENT", "rtm_del_nexthop"),
    ("RTM_GETNEXTHOP", "ENOENT", "rtm_get_nexthop"),
):
    bind_refusal(
        ROUTE, types, errors, ObjectAbsent(asked_for(RTM_NEWNEXTHOP)), where=gives("NHA_ID"),
        source=f"{function} ({NEXTHOP})", about="nexthop link",
    )
bind_refusal(
    ROUTE, "RTM_NEWNEXTHOP", "EINVAL ENODEV", ObjectAbsent(links("NHA_OIF")), sure=False,
    told="Invalid device index", source=f"rtm_to_nh_config ({NEXTHOP})",
)
bind_refusal(
    ROUTE, "RTM_NEWNEXTHOP", "ENETDOWN", ObjectValue(links("NHA_OIF"), *UP, False, DOWN),
    source=f"rtm_to_nh_config ({NEXTHOP})",
)
bind_refusal(
    ROUTE, "RTM_NEWNEXTHOP", "ENETDOWN", ObjectValue(links("NHA_OIF"), "ifi_flags", IFF.LOWER_UP, False, CARRIER),
    source=f"rtm_to_nh_config ({NEXTHOP})",
)
bind_refusal(
    ROUTE, "RTM_NEWNEXTHOP", "ENETUNREACH EHOSTUNREACH", UNREACHED, sure=False, told=GATEWAY, about="address link",
    source=f"fib_check_nh ({FIB_SEMANTICS}), fib6_nh_init ({ROUTE6})",
)
