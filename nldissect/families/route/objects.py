"""Objects of route netlink, and what of them is no change: counters, caches, ages."""

from collections.abc import Iterator

from nldissect.wire import (
    NETLINK,
    AnchorFinder,
    Counterpart,
    DecodedMessage,
    MessagePredicate,
    Node,
    ObjectAnchor,
    Reach,
    RepeatedValue,
    SiblingRule,
    bind_gone,
    bind_no_object,
    bind_object,
    get_int,
    has_field,
    has_flag,
    nodes_of,
)

from ..common import AF, RT_TABLE, RTN, RTPROT
from .kernel_actions import (
    address_action,
    fdb_action,
    inet6_link_action,
    link_action,
    neighbour_action,
    route_action,
)
from .link import IFF
from .link_bridge import BRIDGE_VLAN_INFO
from .neigh import NTF
from .route import RTM_F, RTM_FAMILY, RTNH_F
from .rule import FIB_RULE

ROUTE = NETLINK.ROUTE
TC_H_ROOT, TC_H_CLSACT = 0xFFFF_FFFF, 0xFFFF_FFF1  # positions, no handles (linux/pkt_sched.h)
TC_QUIET = "tcm_info TCA_STATS TCA_STATS2 TCA_XSTATS TCA_EXT_WARN_MSG direct_pkts"
VLANS, ALTERNATIVE = "IFLA_AF_SPEC.IFLA_BRIDGE_VLAN_INFO", "IFLA_PROP_LIST.IFLA_ALT_IFNAME"
STANDING = frozenset({"vlan", "macvlan", "macvtap", "ipvlan", "ipvtap", "macsec", "vxlan", "veth", "netkit"})
"""Kinds of links that go with the link that their IFLA_LINK names."""
PAIRED = frozenset({"veth", "netkit"})
"""Kinds of links whose IFLA_LINK names the other end of a pair."""
GROUP = "NHA_GROUP.NHA_GROUP"
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
LINK_UNTOLD = "IFLA_INET6_FLAGS IFLA_INET6_CONF IFLA_INET_CONF IFLA_BRPORT_ROOT_ID IFLA_BRPORT_BRIDGE_ID"
"""What a link repeats of sysctls, of its IPv6 and its bridge; when that changes, no message about the link tells."""


def on_interfaces(*names: str) -> AnchorFinder:
    """The interfaces that fields and attributes of a message refer to, wherever they stand."""

    def found(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
        for node, _ in nodes_of(walked):
            if node.name in names and isinstance(node.value, int) and node.value > 0:
                yield "interface", node.value

    return found


def under_qdisc(name: str) -> AnchorFinder:
    """The queueing discipline whose handle is the upper half of a field, and the interface."""

    def found(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
        index, handle = get_int(walked, "tcm_ifindex"), get_int(walked, name)
        yield "interface", index
        if handle not in (TC_H_ROOT, TC_H_CLSACT):
            yield "qdisc", index, handle >> 16

    return found


def in_class(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
    """The queueing discipline around one, and the class whose packets it has: htb_delete and the like."""
    yield from under_qdisc("tcm_parent")(walked)
    yield "class", get_int(walked, "tcm_ifindex"), get_int(walked, "tcm_parent")


def borne_by_class(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
    yield "class", get_int(walked, "tcm_ifindex"), get_int(walked, "tcm_handle")


def borne_by_qdisc(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
    yield "qdisc", get_int(walked, "tcm_ifindex"), get_int(walked, "tcm_handle") >> 16


def told_by_link(walked: DecodedMessage, gone: bool) -> RepeatedValue | None:
    """The root queueing discipline's kind, which a link repeats; without one there is a default (qdisc_graft)."""
    kind, index = walked.find("TCA_KIND"), walked.find("tcm_ifindex")
    if kind is None or index is None or get_int(walked, "tcm_parent") != TC_H_ROOT:
        return None
    identity = b"\0", walked.data[index.start : index.end]
    return RepeatedValue("link", identity, "IFLA_QDISC", None if gone else kind.value)


def over_link(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
    """The lower link of a link, or the other end of a pair, without which there is none; in another namespace: none.

    vlan_device_event, macvlan_device_event, ipvlan_device_event, macsec_notify, vxlan_netdevice_event, veth_dellink,
    netkit_del_link
    """
    kind = walked.find("IFLA_INFO_KIND")
    if kind is not None and kind.value in STANDING and walked.find("IFLA_LINK_NETNSID") is None:
        yield from on_interfaces("IFLA_LINK")(walked)


def other_end(walked: DecodedMessage) -> Counterpart | None:
    """The other end of a pair, told before there was a link for its IFLA_LINK to name; None in another namespace.

    veth_newlink, netkit_new_link
    """
    kind, lower = walked.find("IFLA_INFO_KIND"), walked.find("IFLA_LINK")
    if kind is None or kind.value not in PAIRED or lower is None or walked.find("IFLA_LINK_NETNSID") is not None:
        return None
    return Counterpart(walked.data[lower.start : lower.end], "IFLA_LINK", get_int(walked, "ifi_index"))


def link_fallen(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
    """A link that is not up: IPv4 routes over it are gone and nobody is told (fib_sync_down_dev).

    Nexthops go also without a carrier (nh_netdev_event in net/ipv4/nexthop.c).
    """
    flags, index = get_int(walked, "ifi_flags"), get_int(walked, "ifi_index")
    if not flags & IFF.UP:
        yield "interface fallen", index
    if not flags & (IFF.RUNNING | IFF.LOWER_UP):
        yield "carrier lost", index


def nexthop_interface(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
    """The interface of a nexthop, without which, and while which is down, there is none (nexthop_flush_dev)."""
    for anchor in on_interfaces("NHA_OIF")(walked):
        yield anchor
        yield "interface fallen", anchor[1]
        yield "carrier lost", anchor[1]


def borne_by_nexthop(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
    yield "nexthop", get_int(walked, "NHA_ID")


def members_of_group(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
    """The members of a group of nexthops, which goes with the last of them (remove_nh_grp_entry)."""
    for node, _ in nodes_of(walked):
        if node.name == "id" and has_field("NHA_GROUP")(walked):
            yield "nexthop", node.value


def without_member(leaves: dict[str, Node], anchor: ObjectAnchor) -> dict[str, Node]:
    """The values of a group of nexthops without a member; those after it move up."""
    groups: dict[str, dict[str, Node]] = {}
    for path, node in leaves.items():
        if path.startswith(GROUP):
            entry, _, name = path.rpartition(".")
            groups.setdefault(entry, {})[name] = node
    left = [entry for entry in groups.values() if entry["id"].value != anchor[1]]
    moved = {
        f"{GROUP}{f'#{place}' if place > 1 else ''}.{name}": node
        for place, entry in enumerate(left, 1)
        for name, node in entry.items()
    }
    return {path: node for path, node in leaves.items() if not path.startswith(GROUP)} | moved


def over_nexthop(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
    """The nexthop object of a route, which goes with it (__remove_nexthop_fib)."""
    yield "nexthop", get_int(walked, "RTA_NH_ID")


def over_interfaces(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
    """The interfaces of a route's next hops, without any of which there is no such route (fib_sync_down_dev).

    That of its only next hop takes it along with the last address, too (fib_inetaddr_event).
    """
    found = list(on_interfaces("RTA_OIF", "rtnh_ifindex")(walked))
    yield from found
    if len(found) == 1 and get_int(walked, "rtm_protocol") != RTPROT.KERNEL:
        yield "addressed interface", found[0][1]


def while_up(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
    """The interfaces of a route's next hops, all of which have to be down for it to go (fib_sync_down_dev)."""
    if get_int(walked, "rtm_type") != RTN.LOCAL:
        for _, index in on_interfaces("RTA_OIF", "rtnh_ifindex")(walked):
            yield "interface fallen", index


def borne_by_address(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
    """The address, which IPv4 routes may have as their source, and its interface, which may have no other of IPv4."""
    for address in bytes_of(walked, "IFA_LOCAL"):
        yield "source", address
    yield "addressed interface", get_int(walked, "ifa_index")


def own_routes(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
    """The kernel's routes to an address, its subnet and its broadcasts (fib_del_ifaddr, ipv6_del_addr)."""
    index, length = get_int(walked, "ifa_index"), get_int(walked, "ifa_prefixlen")
    for own in first_of(bytes_of(walked, "IFA_LOCAL"), bytes_of(walked, "IFA_ADDRESS")):
        yield "own route", index, own, 8 * len(own)
    for there in first_of(bytes_of(walked, "IFA_ADDRESS"), bytes_of(walked, "IFA_LOCAL")):
        bits = 8 * len(there)
        host = (1 << bits - length) - 1
        net = int.from_bytes(there, "big") & ~host
        yield "own route", index, net.to_bytes(len(there), "big"), length
        if get_int(walked, "ifa_family") == AF.INET and length < bits - 1:
            yield "own route", index, (net | host).to_bytes(len(there), "big"), bits
    for broadcast in bytes_of(walked, "IFA_BROADCAST"):
        yield "own route", index, broadcast, 8 * len(broadcast)


def with_address(finder: AnchorFinder) -> AnchorFinder:
    """Anchors of a route, and that of the kernel's own for an address."""

    def found(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
        yield from finder(walked)
        if get_int(walked, "rtm_protocol") == RTPROT.KERNEL:
            for to in bytes_of(walked, "RTA_DST"):
                yield "own route", get_int(walked, "RTA_OIF"), to, get_int(walked, "rtm_dst_len")

    return found


def first_of(*found: Iterator[bytes]) -> list[bytes]:
    """The first of some that is not empty."""
    return next((some for one in found if (some := list(one))), [])


def from_source(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
    """The source of a route of table main, which goes with the last such address (fib_sync_down_addr).

    Those of the kernel go with an event of their own (fib_del_ifaddr).
    """
    table = get_int(walked, "RTA_TABLE") or get_int(walked, "rtm_table")
    if table == RT_TABLE.MAIN and get_int(walked, "rtm_protocol") != RTPROT.KERNEL:
        for address in bytes_of(walked, "RTA_PREFSRC"):
            yield "source", address


def bytes_of(walked: DecodedMessage, name: str) -> Iterator[bytes]:
    """The bytes of an attribute, if it is there."""
    node = walked.find(name)
    if node is not None:
        yield walked.data[node.start : node.end]


def with_source(finder: AnchorFinder) -> AnchorFinder:
    """Anchors of a route, and its source."""

    def found(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
        yield from finder(walked)
        yield from from_source(walked)

    return found


def up_interface(name: str, *others: str) -> AnchorFinder:
    """Interfaces as of `on_interfaces`; with the one of `name` the object goes also when that goes down.

    addrconf_ifdown (net/ipv6/addrconf.c), neigh_ifdown (net/core/neighbour.c)
    """

    def found(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
        yield from on_interfaces(name, *others)(walked)
        for _, index in on_interfaces(name)(walked):
            yield "interface fallen", index

    return found


def on_link(walked: DecodedMessage) -> Reach | None:
    """The prefix of an address, which is reached over its interface (fib_add_ifaddr, addrconf_prefix_route)."""
    node = walked.find("IFA_ADDRESS") or walked.find("IFA_LOCAL")
    if node is None:
        return None
    return Reach(walked.data[node.start : node.end], get_int(walked, "ifa_prefixlen"), get_int(walked, "ifa_index"))


def any_source(walked: DecodedMessage) -> bool:
    """Whether a multicast route is for all sources: of such there can be one an interface (MRT_ADD_MFC_PROXY)."""
    source = walked.find("RTA_SRC")
    return source is None or not any(walked.data[source.start : source.end])


def listens(walked: DecodedMessage) -> Iterator[ObjectAnchor]:
    """The interface whose own list an address stands in; it leaves multicast groups when it goes down."""
    yield "interface", get_int(walked, "ndm_ifindex")
    yield "interface fallen", get_int(walked, "ndm_ifindex")


def to_group(walked: DecodedMessage) -> bool:
    """Whether an entry is for many or all stations: only such have several remotes (vxlan_fdb_append)."""
    node = walked.find("NDA_LLADDR")
    address = walked.data[node.start : node.end] if node is not None else b""
    return bool(address[:1] and address[0] & 1) or not any(address)


def by_vlan(leaves: dict[str, Node]) -> dict[str, Node]:
    """The VLANs of a port each by its number: some messages have ranges of them, some each by itself."""
    found = {path: node for path, node in leaves.items() if not path.startswith(VLANS)}
    first = None
    for path, node in leaves.items():
        flags = leaves.get(f"{path.removesuffix('.vid')}.flags")
        if not path.startswith(VLANS) or flags is None:
            continue
        if flags.value & BRIDGE_VLAN_INFO.RANGE_BEGIN:
            first = node.value
            continue
        begin = node.value if first is None else first
        own = flags._replace(value=flags.value & ~BRIDGE_VLAN_INFO.RANGE_END)
        found |= {f"{VLANS}.vlan {number}": own for number in range(begin, min(node.value, 4095) + 1)}
        first = None
    return found


def by_name(leaves: dict[str, Node]) -> dict[str, Node]:
    """The alternative names of a link each by itself."""
    alternative = (path for path in leaves if path.startswith(ALTERNATIVE))
    names = {path: f"{ALTERNATIVE}#{leaves[path].kind.shown(leaves[path].value)}" for path in alternative}
    return {names.get(path, path): node for path, node in leaves.items()}


def both(*conditions: MessagePredicate) -> MessagePredicate:
    return lambda walked: all(one(walked) for one in conditions)


# A device can be a port and switch by itself, which ndo_dflt_bridge_getlink tells with BRIDGE_FLAGS_SELF.
bind_object(
    "bridge port", ROUTE, first=AF.BRIDGE, new="RTM_NEWLINK", gone="RTM_DELLINK",
    key="ifi_index IFLA_AF_SPEC.IFLA_BRIDGE_FLAGS",
    regroup=by_vlan, lists=VLANS, full="IFLA_MTU",
    called="{IFLA_IFNAME|ifi_index}", quiet=LINK_QUIET, leaves=True, ends="IFLA_MASTER", on=on_interfaces("ifi_index"),
)
bind_object(
    "inet6 link", ROUTE, first=AF.INET6, new="RTM_NEWLINK", gone="RTM_DELLINK", key="ifi_index",
    called="{IFLA_IFNAME|ifi_index}", quiet=LINK_QUIET, leaves=True, on=on_interfaces("ifi_index"),
    action=inet6_link_action,
)
bind_object(
    "link", ROUTE, new="RTM_NEWLINK", gone="RTM_DELLINK", key="ifi_family ifi_index",
    called="{IFLA_IFNAME|ifi_index}", quiet=LINK_QUIET, untold=LINK_UNTOLD, leaves=True,
    ends="IFLA_MASTER IFLA_LINK IFLA_IFALIAS",
    born=("ifi_change", 0xFFFF_FFFF), bears=on_interfaces("ifi_index"), falls=link_fallen,
    on=over_link, told=True,
    regroup=by_name, lists=ALTERNATIVE, full="IFLA_MTU", listed=True, action=link_action,
    pair=other_end,
)
# One of IPv6 stays the same when its peer changes (inet6_addr_modify).
bind_object(
    "address", ROUTE, first=AF.INET6, new="RTM_NEWADDR", gone="RTM_DELADDR",
    key="ifa_family ifa_index IFA_LOCAL|IFA_ADDRESS",
    called="{IFA_LOCAL|IFA_ADDRESS}/{ifa_prefixlen} dev {ifa_index}", quiet="IFA_CACHEINFO",
    on=up_interface("ifa_index"), withdraws=own_routes, shared=True, told=True, reaches=on_link, listed=True,
    action=address_action,
)
bind_object(
    "address", ROUTE, new="RTM_NEWADDR", gone="RTM_DELADDR",
    key="ifa_family ifa_index ifa_prefixlen IFA_LOCAL IFA_ADDRESS",
    called="{IFA_LOCAL|IFA_ADDRESS}[{?IFA_LOCAL}{!IFA_LOCAL==IFA_ADDRESS} peer {IFA_ADDRESS}]/{ifa_prefixlen}"
    " dev {ifa_index}", quiet="IFA_CACHEINFO",
    on=on_interfaces("ifa_index"), bears=borne_by_address, withdraws=own_routes, shared=True, reaches=on_link,
    listed=True, action=address_action,
)

ROUTES = "RTM_NEWROUTE RTM_DELROUTE"
ROUTE_NAME = (
    "[{!rtm_type=RTN_UNICAST}{rtm_type}] [{!RTA_DST}default][{RTA_DST}/{rtm_dst_len}] "
    "[from {RTA_SRC}/{rtm_src_len}] [tos {rtm_tos}] [table {RTA_TABLE}] "
    "[metric {RTA_PRIORITY}] [nhid {RTA_NH_ID}] "
    "[{!RTA_MULTIPATH}[{!RTA_NH_ID}[via {RTA_GATEWAY}] [via {rtvia_addr}] [dev {RTA_OIF}] ] ]"
)
ROUTE4_NAME = (
    f"{ROUTE_NAME}[{{!RTA_NH_ID}}[{{RTA_MULTIPATH+}}] ]"
    "[{!rtm_protocol=RTPROT_KERNEL}[{!rtm_protocol=RTPROT_BOOT}proto {rtm_protocol}] ] [src {RTA_PREFSRC}] "
    "[encap {RTA_ENCAP_TYPE}] [{RTA_FLOW}] [mtu {RTA_METRICS.RTAX_MTU}]"
)
ROUTE_QUIET = "RTA_CACHEINFO RTA_EXPIRES rtnh_len"
ROUTE_STATES = {
    "rtm_flags": RTM_F.RTNH_F_ONLINK | RTM_F.RTNH_F_PERVASIVE, "rtnh_flags": RTNH_F.ONLINK | RTNH_F.PERVASIVE,
}
"""Flags that are not the state of a link or of hardware (RTNH_COMPARE_MASK in linux/rtnetlink.h)."""

bind_no_object(ROUTE, ROUTES, where=has_flag("rtm_flags", RTM_F.RTM_F_CLONED))  # cached: an exception, no route
# Of IPv4 those stand beside each other that differ in anything that fib_find_info (net/ipv4/fib_semantics.c) compares.
bind_object(
    "route", ROUTE, first=AF.INET, where=has_field("RTA_NH_ID"), new="RTM_NEWROUTE", gone="RTM_DELROUTE",
    place="rtm_family rtm_dst_len rtm_tos RTA_DST RTA_TABLE RTA_PRIORITY", beside=SiblingRule.ORDERED,
    key="rtm_protocol rtm_scope rtm_type RTA_PREFSRC RTA_METRICS RTA_NH_ID",
    called=ROUTE4_NAME, quiet=ROUTE_QUIET, answers=False, on=with_source(over_nexthop), listed=True,
    action=route_action,
)
bind_object(
    "route", ROUTE, first=AF.INET, new="RTM_NEWROUTE", gone="RTM_DELROUTE",
    place="rtm_family rtm_dst_len rtm_tos RTA_DST RTA_TABLE RTA_PRIORITY", beside=SiblingRule.ORDERED,
    key="rtm_protocol rtm_scope rtm_type rtm_flags RTA_PREFSRC RTA_METRICS RTA_FLOW RTA_OIF RTA_GATEWAY RTA_VIA "
    "RTA_ENCAP_TYPE RTA_ENCAP RTA_MULTIPATH",
    called=ROUTE4_NAME, quiet=ROUTE_QUIET, states=ROUTE_STATES, answers=False,
    on=with_address(with_source(over_interfaces)), on_all=while_up, listed=True, action=route_action,
)
# Of IPv6 those that differ in their next hop; those with a gateway are told as one.
bind_object(
    "route", ROUTE, first=AF.INET6, new="RTM_NEWROUTE", gone="RTM_DELROUTE",
    place="rtm_family rtm_dst_len rtm_src_len RTA_DST RTA_SRC RTA_TABLE RTA_PRIORITY", beside=SiblingRule.JOINED,
    key="rtm_type RTA_OIF RTA_GATEWAY RTA_ENCAP_TYPE RTA_ENCAP RTA_MULTIPATH RTA_NH_ID",
    called=ROUTE_NAME, quiet=ROUTE_QUIET, states=ROUTE_STATES, answers=False,
    on=with_address(up_interface("RTA_OIF", "rtnh_ifindex")), told=True, listed=True, action=route_action,
)
for family in (RTM_FAMILY.IPMR, RTM_FAMILY.IP6MR):
    bind_object(
        "multicast route", ROUTE, first=family, where=any_source, new="RTM_NEWROUTE", gone="RTM_DELROUTE",
        key="rtm_family RTA_SRC RTA_DST RTA_TABLE RTA_IIF", called="(*, {RTA_DST}) [iif {RTA_IIF}] [table {RTA_TABLE}]",
        quiet=f"{ROUTE_QUIET} RTA_MFC_STATS", answers=False,
    )
    bind_object(
        "multicast route", ROUTE, first=family, new="RTM_NEWROUTE", gone="RTM_DELROUTE",
        key="rtm_family RTA_SRC RTA_DST RTA_TABLE", called="({RTA_SRC}, {RTA_DST}) [table {RTA_TABLE}]",
        quiet=f"{ROUTE_QUIET} RTA_MFC_STATS", answers=False,
    )
bind_object(
    "route", ROUTE, new="RTM_NEWROUTE", gone="RTM_DELROUTE",
    key="rtm_family rtm_dst_len rtm_src_len rtm_tos rtm_type RTA_DST RTA_SRC RTA_TABLE RTA_PRIORITY",
    called=ROUTE_NAME, quiet=ROUTE_QUIET, answers=False, on=on_interfaces("RTA_OIF"),
)

NEIGHBOUR_QUIET = "NDA_CACHEINFO NDA_PROBES"
FDB_NAME = (
    "{NDA_LLADDR} dev {ndm_ifindex} [vlan {NDA_VLAN}] [dst {NDA_DST}] [port {NDA_PORT}] [vni {NDA_VNI}] "
    "[src_vni {NDA_SRC_VNI}] [via {NDA_IFINDEX}] [nhid {NDA_NH_ID}] [master {NDA_MASTER}][{!NDA_MASTER}self]"
)
# A bridge has one entry for an address and a VLAN, whatever port it is at; it tells that entry moved with RTM_NEWNEIGH.
bind_object(
    "fdb entry", ROUTE, first=AF.BRIDGE, where=has_field("NDA_MASTER"), new="RTM_NEWNEIGH", gone="RTM_DELNEIGH",
    place="NDA_MASTER NDA_LLADDR NDA_VLAN", key="", called=FDB_NAME, quiet=NEIGHBOUR_QUIET,
    on=on_interfaces("NDA_MASTER", "ndm_ifindex"), action=fdb_action,
)
bind_object(
    "fdb entry", ROUTE, first=AF.BRIDGE, where=both(has_field("NDA_CACHEINFO"), to_group), new="RTM_NEWNEIGH",
    gone="RTM_DELNEIGH", place="ndm_ifindex NDA_LLADDR NDA_VLAN",
    key="NDA_SRC_VNI NDA_DST NDA_PORT NDA_VNI NDA_IFINDEX NDA_LINK_NETNSID NDA_NH_ID",
    called=FDB_NAME, quiet=NEIGHBOUR_QUIET, on=on_interfaces("ndm_ifindex"),
)
bind_object(
    "fdb entry", ROUTE, first=AF.BRIDGE, where=has_field("NDA_CACHEINFO"), new="RTM_NEWNEIGH", gone="RTM_DELNEIGH",
    place="ndm_ifindex NDA_LLADDR NDA_VLAN", key="NDA_SRC_VNI", called=FDB_NAME, quiet=NEIGHBOUR_QUIET,
    on=on_interfaces("ndm_ifindex"),
)
# What a device tells in full, rtnl_fdb_add (net/core/rtnetlink.c) tells again with the address alone.
bind_object(
    "fdb entry", ROUTE, first=AF.BRIDGE, new="RTM_NEWNEIGH", gone="RTM_DELNEIGH",
    place="ndm_ifindex NDA_LLADDR NDA_VLAN", key="ndm_family", beside=SiblingRule.ECHO, called=FDB_NAME, on=listens,
    quiet="ndm_state",                          # that of the request, where the kernel keeps none
)
bind_object(
    "proxy neighbour", ROUTE, where=has_flag("ndm_flags", NTF.PROXY), new="RTM_NEWNEIGH", gone="RTM_DELNEIGH",
    key="ndm_family ndm_ifindex NDA_DST", called="{NDA_DST} [dev {ndm_ifindex}]", on=on_interfaces("ndm_ifindex"),
)
bind_object(
    "neighbour", ROUTE, new="RTM_NEWNEIGH", gone="RTM_DELNEIGH", key="ndm_family ndm_ifindex NDA_DST",
    called="{NDA_DST|NDA_LLADDR} dev {ndm_ifindex}", quiet=NEIGHBOUR_QUIET, on=up_interface("ndm_ifindex"), told=True,
    listed=True, action=neighbour_action,
)
bind_object(
    "rule", ROUTE, new="RTM_NEWRULE", gone="RTM_DELRULE",
    key="family dst_len src_len tos table action flags FRA_PRIORITY FRA_DST FRA_SRC FRA_IIFNAME FRA_OIFNAME FRA_FWMARK "
    "FRA_FWMASK FRA_TABLE FRA_GOTO FRA_UID_RANGE FRA_IP_PROTO FRA_SPORT_RANGE FRA_DPORT_RANGE FRA_L3MDEV FRA_TUN_ID "
    "FRA_FLOW FRA_SUPPRESS_IFGROUP FRA_SUPPRESS_PREFIXLEN FRA_PROTOCOL FRA_DSCP FRA_FLOWLABEL FRA_FLOWLABEL_MASK "
    "FRA_SPORT_MASK FRA_DPORT_MASK FRA_DSCP_MASK",
    states={"flags": FIB_RULE.PERMANENT | FIB_RULE.INVERT}, equals=True, listed=True,
    called="{family} [priority {FRA_PRIORITY}] [{?flags&FIB_RULE_INVERT}not] [from {FRA_SRC}/{src_len}] "
    "[to {FRA_DST}/{dst_len}] [tos {tos}] [dscp {FRA_DSCP}] [flowlabel {FRA_FLOWLABEL}] [iif {FRA_IIFNAME}] "
    "[oif {FRA_OIFNAME}] [{?FRA_L3MDEV=1}l3mdev] [fwmark {FRA_FWMARK}[{!FRA_FWMASK=4294967295}/{FRA_FWMASK}] ] "
    "[ipproto {FRA_IP_PROTO}] "
    "[sport {FRA_SPORT_RANGE.start}[{!FRA_SPORT_RANGE.start==FRA_SPORT_RANGE.end}-{FRA_SPORT_RANGE.end}] ] "
    "[dport {FRA_DPORT_RANGE.start}[{!FRA_DPORT_RANGE.start==FRA_DPORT_RANGE.end}-{FRA_DPORT_RANGE.end}] ] "
    "[uidrange {FRA_UID_RANGE.start}-{FRA_UID_RANGE.end}] "
    "[tun_id {FRA_TUN_ID}] [realms {FRA_FLOW}] [suppress_ifgroup {FRA_SUPPRESS_IFGROUP}] "
    "[suppress_prefixlength {FRA_SUPPRESS_PREFIXLEN}] [{!FRA_GOTO}[{!action=FR_ACT_TO_TBL}{action}] ] "
    "[goto {FRA_GOTO}] [lookup {FRA_TABLE}] [proto {FRA_PROTOCOL}]",
)
bind_object(
    "nexthop", ROUTE, new="RTM_NEWNEXTHOP", gone="RTM_DELNEXTHOP", key="NHA_ID", called="id {NHA_ID}",
    quiet="NHA_HW_STATS_USED NHA_GROUP_STATS", listed=True, on=nexthop_interface, on_all=members_of_group,
    bears=borne_by_nexthop, chained=True, loses=without_member,
)
# There is one in each position; the kernel's own default has no handle, and comes and goes without a word.
bind_object(
    "qdisc", ROUTE, new="RTM_NEWQDISC", gone="RTM_DELQDISC", key="tcm_ifindex tcm_parent",
    called="{TCA_KIND} {tcm_handle} parent {tcm_parent} dev {tcm_ifindex}", quiet=TC_QUIET,
    on=in_class, bears=borne_by_qdisc, repeats=told_by_link,
)
bind_object(
    "class", ROUTE, new="RTM_NEWTCLASS", gone="RTM_DELTCLASS", key="tcm_ifindex tcm_handle",
    called="{TCA_KIND} {tcm_handle} dev {tcm_ifindex}", quiet=TC_QUIET, on=under_qdisc("tcm_handle"),
    bears=borne_by_class,
)
# A dump also tells of the priority by itself, without a handle.
bind_no_object(ROUTE, "RTM_NEWTFILTER", where=lambda walked: not get_int(walked, "tcm_handle"))
FILTER = bind_object(
    "filter", ROUTE, new="RTM_NEWTFILTER",
    key="tcm_ifindex tcm_parent tcm_handle tcm_info TCA_KIND TCA_CHAIN",
    called="{TCA_KIND} {tcm_handle} parent {tcm_parent} dev {tcm_ifindex} {tcm_info} [chain {TCA_CHAIN}]",
    quiet=f"TCA_STATS TCA_STATS2 TCA_XSTATS TCA_EXT_WARN_MSG TCA_U32_PCNT {ACTION_QUIET}", on=under_qdisc("tcm_parent"),
)
# Without a handle it is all filters of one priority (tfilter_notify_chain, tc_del_tfilter in net/sched/cls_api.c).
bind_gone(
    FILTER, ROUTE, "RTM_DELTFILTER", where=lambda walked: not get_int(walked, "tcm_handle"),
    same="tcm_ifindex tcm_parent tcm_info TCA_KIND TCA_CHAIN",
)
bind_gone(FILTER, ROUTE, "RTM_DELTFILTER")
bind_object(
    "chain", ROUTE, new="RTM_NEWCHAIN", gone="RTM_DELCHAIN", key="tcm_ifindex tcm_parent TCA_CHAIN",
    called="{TCA_CHAIN} dev {tcm_ifindex}", on=under_qdisc("tcm_parent"),
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
