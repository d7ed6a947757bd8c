"""Refusals of requests about links: what the kernel looks at in net/core/rtnetlink.c and in the kinds' own code."""

from collections.abc import Iterator

from nldissect.uapi import NLM_F_CREATE, NLM_F_EXCL
from nldissect.wire import (
    DecodedMessage,
    LeafValues,
    MessagePredicate,
    ObjectAbsent,
    ObjectPresent,
    ObjectReader,
    ObjectReference,
    ObjectSearch,
    ObjectValue,
    ReferenceFinder,
    bind_departure,
    bind_names,
    bind_refusal,
    get_int,
    own_node,
)

from ..common import AF
from .link import IFF
from .request_forms import ELSEWHERE, NAMES, ROUTE, order_of

BRIDGE_FLAGS_MASTER = 1  # linux/if_bridge.h
ETH_P_8021Q = 0x8100
UNSET, EMPTY = "0.0.0.0", frozenset({"0.0.0.0", "::"})
KIND, DATA = "IFLA_LINKINFO.IFLA_INFO_KIND", "IFLA_LINKINFO.IFLA_INFO_DATA"
PROTOCOL = f"{DATA}.IFLA_VLAN_PROTOCOL"
VLAN_KEYS = (KIND, "IFLA_LINK", f"{DATA}.IFLA_VLAN_ID")
TUNNELS = {
    "gre": "GRE", "gretap": "GRE", "erspan": "GRE", "ip6gre": "GRE", "ip6gretap": "GRE", "ip6erspan": "GRE",
    "ipip": "IPTUN", "sit": "IPTUN", "ip6tnl": "IPTUN", "vti": "VTI", "vti6": "VTI",
}  # fmt: skip
"""Kinds of tunnels, and the prefix of their attributes."""
LISTENERS = {
    "macvlan": "macvlan", "macvtap": "macvlan", "ipvlan": "ipvlan", "ipvtap": "ipvlan", "macsec": "macsec",
    "virt_wifi": "virt_wifi", "rmnet": "rmnet",
}  # fmt: skip
"""Kinds that take the frames of the link below (netdev_rx_handler_register); those of one value share them."""
MASTERS = frozenset({"bond", "bridge", "team", "vrf", "batadv", "rmnet"})
"""Kinds of links that take ports (ndo_add_slave)."""
TAKING = MASTERS - {"vrf", "batadv"}
"""Those of them that take the frames of their ports (netdev_rx_handler_register)."""


def link(index: int, walked: DecodedMessage) -> ObjectReference:
    return ObjectReference(ROUTE, "link", (b"\0", index.to_bytes(4, order_of(walked))))


def here(walked: DecodedMessage) -> bool:
    """Whether the link that a request is about is, or is to be, in the network namespace of its socket."""
    return all(own_node(walked, name) is None for name in ELSEWHERE)


def makes(walked: DecodedMessage) -> bool:
    return bool(walked.flags & NLM_F_CREATE)


def changes(walked: DecodedMessage) -> bool:
    return not makes(walked)


def excludes(walked: DecodedMessage) -> bool:
    """Whether something new is to be made, and nothing that exists to be changed."""
    return makes(walked) and bool(walked.flags & NLM_F_EXCL)


def both(*conditions: MessagePredicate) -> MessagePredicate:
    return lambda walked: all(one(walked) for one in conditions)


def gives(*names: str) -> MessagePredicate:
    """A request has all these attributes itself, and none of them is 0."""
    return lambda walked: all((node := own_node(walked, name)) is not None and node.value != 0 for name in names)


def ups(walked: DecodedMessage) -> bool:
    """Whether a link is to go up (rtnl_dev_get_flags: without a mask all flags are meant)."""
    return bool(get_int(walked, "ifi_flags") & (get_int(walked, "ifi_change") or IFF.UP) & IFF.UP)


def of_kind(*kinds: str) -> MessagePredicate:
    return lambda walked: found_value(walked, KIND) in kinds


def of_bridge(walked: DecodedMessage) -> bool:
    """Whether a request is for the master of a port, not for the port itself (rtnl_bridge_setlink)."""
    flags = get_int(walked, "IFLA_AF_SPEC.IFLA_BRIDGE_FLAGS")
    return get_int(walked, "ifi_family") == AF.BRIDGE and (not flags or bool(flags & BRIDGE_FLAGS_MASTER))


def of_port(walked: DecodedMessage) -> bool:
    return walked.find("IFLA_LINKINFO.IFLA_INFO_SLAVE_DATA") is not None


def found_value(walked: DecodedMessage, path: str) -> object:
    node = walked.find(path)
    return None if node is None else node.value


def value_of(values: LeafValues | None, path: str) -> object:
    node = None if values is None else values.get(path)
    return None if node is None else node.value


def by_name(walked: DecodedMessage) -> Iterator[ObjectReference]:
    for node in filter(None, (own_node(walked, name) for name in NAMES)):
        if isinstance(node.value, str):
            yield ObjectReference(ROUTE, "link", name=node.value)


def named_link(walked: DecodedMessage, _: ObjectReader) -> Iterator[ObjectReference]:
    """The link that a request is about: by index, else by name (rtnl_dev_get)."""
    index = get_int(walked, "ifi_index")
    yield from [link(index, walked)] if index > 0 else by_name(walked)


def claimed_link(walked: DecodedMessage, known: ObjectReader) -> Iterator[ObjectReference]:
    """The links that a new one may not be: one of its index, one of its name (dev_get_valid_name)."""
    yield from named_link(walked, known)
    yield from by_name(walked)


def peer_link(walked: DecodedMessage, _: ObjectReader) -> Iterator[ObjectReference]:
    """A link with the name of a pair's other end (veth_newlink, vxcan_newlink, netkit_new_link)."""
    for peer in ("VETH_INFO_PEER", "VXCAN_INFO_PEER", "IFLA_NETKIT_PEER_INFO"):
        name = found_value(walked, f"{DATA}.{peer}.IFLA_IFNAME")
        if isinstance(name, str) and not any(walked.find(f"{DATA}.{peer}.{one}") for one in ELSEWHERE):
            yield ObjectReference(ROUTE, "link", name=name)


def links(*names: str) -> ReferenceFinder:
    """The interfaces in fields and attributes of a request itself; the one below may be in another namespace."""

    def found(walked: DecodedMessage, _: ObjectReader) -> Iterator[ObjectReference]:
        for name in names:
            index = own_node(walked, name)
            away = name == "IFLA_LINK" and own_node(walked, "IFLA_LINK_NETNSID") is not None
            if index is not None and isinstance(index.value, int) and index.value > 0 and not away:
                yield link(index.value, walked)

    return found


def same_vlan(walked: DecodedMessage, _: ObjectReader) -> Iterator[ObjectSearch]:
    """A VLAN of the same number on the same link (vlan_find_dev)."""
    wanted = {path: found_value(walked, path) for path in VLAN_KEYS}

    def fits(values: LeafValues) -> bool:
        same = all(value_of(values, path) == wanted[path] for path in VLAN_KEYS)
        protocols = (value_of(values, PROTOCOL), found_value(walked, PROTOCOL))
        return same and len({ETH_P_8021Q if one is None else one for one in protocols}) == 1

    if None not in wanted.values() and own_node(walked, "IFLA_LINK_NETNSID") is None:
        yield ObjectSearch(ROUTE, "link", lambda values: fits(values) and "IFLA_LINK_NETNSID" not in values)


def same_vni(walked: DecodedMessage, _: ObjectReader) -> Iterator[ObjectSearch]:
    """A VXLAN of the same number on the same port (vxlan_vni_in_use, which compares some more)."""
    wanted = {path: found_value(walked, path) for path in (KIND, f"{DATA}.IFLA_VXLAN_ID", f"{DATA}.IFLA_VXLAN_PORT")}
    if None not in wanted.values():
        yield ObjectSearch(
            ROUTE, "link", lambda values: all(value_of(values, path) == wanted[path] for path in wanted)
        )


def same_tunnel(walked: DecodedMessage, _: ObjectReader) -> Iterator[ObjectSearch]:
    """A tunnel of the same kind, ends, key and link (ip_tunnel_find, ip6_tnl_locate)."""
    kind, prefix = found_value(walked, KIND), TUNNELS.get(str(found_value(walked, KIND)))
    names = [f"{DATA}.IFLA_{prefix}_{part}" for part in ("LOCAL", "REMOTE", "IKEY", "LINK")]

    def fits(values: LeafValues) -> bool:
        sides = ((value_of(values, name), found_value(walked, name)) for name in names)
        same = all((old or 0) == (new or 0) or {old or UNSET, new or UNSET} <= EMPTY for old, new in sides)
        return value_of(values, KIND) == kind and same

    if prefix is not None:
        yield ObjectSearch(ROUTE, "link", fits)


def below_vlan(walked: DecodedMessage, known: ObjectReader) -> Iterator[ObjectReference]:
    """The link below a VLAN."""
    if makes(walked) and of_kind("vlan")(walked):
        index = get_int(walked, "IFLA_LINK") if own_node(walked, "IFLA_LINK_NETNSID") is None else 0
        yield from [link(index, walked)] if index > 0 else ()
    for one in named_link(walked, known):
        values = known(one)
        below = value_of(values, "IFLA_LINK")
        if value_of(values, KIND) == "vlan" and value_of(values, "IFLA_LINK_NETNSID") is None:
            yield from [link(below, walked)] if isinstance(below, int) and below > 0 else ()


def port_below(walked: DecodedMessage, known: ObjectReader) -> Iterator[ObjectReference]:
    """The link below, if it is a port whose master takes its frames."""
    for one in links("IFLA_LINK")(walked, known):
        assert isinstance(one, ObjectReference)
        master = value_of(known(one), "IFLA_MASTER")
        if isinstance(master, int) and value_of(known(link(master, walked)), KIND) in TAKING:
            yield one


def others_on(name: str) -> ReferenceFinder:
    """The links that take the frames of the link in a field or attribute, and do not share them with the new one."""

    def found(walked: DecodedMessage, known: ObjectReader) -> Iterator[ObjectSearch]:
        index, group = get_int(walked, name), LISTENERS.get(str(found_value(walked, KIND)))
        for one in named_link(walked, known) if not index else ():
            index = int(str(value_of(known(one), "ifi_index") or 0))

        def fits(values: LeafValues) -> bool:
            other = LISTENERS.get(str(value_of(values, KIND)), group)
            return value_of(values, "IFLA_LINK") == index and other != group and "IFLA_LINK_NETNSID" not in values

        if index > 0:
            yield ObjectSearch(ROUTE, "link", fits)

    return found


def no_master(walked: DecodedMessage, known: ObjectReader) -> Iterator[ObjectReference]:
    """The link that is to be the master, if it is of a kind that takes no ports."""
    for one in links("IFLA_MASTER")(walked, known):
        assert isinstance(one, ObjectReference)
        values = known(one)
        if values is not None and "IFLA_MTU" in values and value_of(values, KIND) not in MASTERS:
            yield one


def port_of(*kinds: str) -> ReferenceFinder:
    """The link itself, if its new master is of one of these kinds."""

    def found(walked: DecodedMessage, known: ObjectReader) -> Iterator[ObjectReference]:
        if value_of(known(link(get_int(walked, "IFLA_MASTER"), walked)), KIND) in kinds:
            yield from named_link(walked, known)

    return found


def alternative(walked: DecodedMessage, _: ObjectReader) -> Iterator[ObjectReference]:
    """Links with the alternative names in a request (rtnl_alt_ifname)."""
    names = own_node(walked, "IFLA_PROP_LIST")
    for node in names.value if names is not None and isinstance(names.value, list) else ():
        if node.name == "IFLA_ALT_IFNAME" and isinstance(node.value, str):
            yield ObjectReference(ROUTE, "link", name=node.value)


def new_name(walked: DecodedMessage, _: ObjectReader) -> Iterator[ObjectReference]:
    """A link with the name that one of another index is to get."""
    yield from by_name(walked) if get_int(walked, "ifi_index") > 0 else ()


bind_names(ROUTE, "link", "IFLA_IFNAME IFLA_PROP_LIST.IFLA_ALT_IFNAME")
bind_departure("link", "IFLA_NEW_NETNSID", "moved to another network namespace")

RTNETLINK = "net/core/rtnetlink.c"
BOTH = "RTM_NEWLINK RTM_SETLINK"
TARGET = "IFLA_TARGET_NETNSID"
DOWN, UP = "{} is down", "{} is up"
new, old = both(makes, here), both(changes, here)

bind_refusal(
    ROUTE, "RTM_NEWLINK", "EEXIST", ObjectPresent(claimed_link), where=both(excludes, here),
    source=f"__rtnl_newlink ({RTNETLINK})",
)
bind_refusal(
    ROUTE, "RTM_NEWLINK", "EEXIST", ObjectPresent(same_vlan), where=both(new, of_kind("vlan")),
    source="vlan_check_real_dev (net/8021q/vlan.c)",
)
bind_refusal(
    ROUTE, "RTM_NEWLINK", "EEXIST", ObjectPresent(same_vni), where=both(new, of_kind("vxlan")), sure=False,
    told="VNI already exists", source="vxlan_vni_in_use (drivers/net/vxlan/vxlan_core.c)",
)
bind_refusal(
    ROUTE, "RTM_NEWLINK", "EEXIST", ObjectPresent(peer_link), where=new, sure=False,
    source="dev_get_valid_name (net/core/dev.c)",
)
bind_refusal(
    ROUTE, "RTM_NEWLINK", "EEXIST", ObjectPresent(same_tunnel), where=new, sure=False,
    source="ip_tunnel_newlink (net/ipv4/ip_tunnel.c), ip6_tnl_newlink (net/ipv6/ip6_tunnel.c)",
)
bind_refusal(
    ROUTE, BOTH, "EEXIST", ObjectPresent(new_name), where=old, source="dev_change_name (net/core/dev.c)"
)
bind_refusal(
    ROUTE, "RTM_NEWLINKPROP", "EEXIST", ObjectPresent(alternative),
    source="netdev_name_node_alt_create (net/core/dev.c)",
)
bind_refusal(
    ROUTE, "RTM_DELLINKPROP", "ENOENT", ObjectAbsent(alternative),
    source="netdev_name_node_alt_destroy (net/core/dev.c)",
)
for types, function in (
    ("RTM_SETLINK", "rtnl_setlink"), ("RTM_DELLINK", "rtnl_dellink"), ("RTM_GETLINK", "rtnl_getlink"),
    ("RTM_NEWLINKPROP RTM_DELLINKPROP", "rtnl_linkprop"),
):
    bind_refusal(
        ROUTE, types, "ENODEV", ObjectAbsent(named_link), where=lambda walked: own_node(walked, TARGET) is None,
        source=f"{function} ({RTNETLINK})",
    )
bind_refusal(
    ROUTE, "RTM_NEWLINK", "ENODEV", ObjectAbsent(named_link), where=changes, source=f"__rtnl_newlink ({RTNETLINK})"
)
bind_refusal(
    ROUTE, BOTH, "EINVAL", ObjectAbsent(links("IFLA_MASTER")), where=here, sure=False,
    source=f"do_set_master ({RTNETLINK})",
)
bind_refusal(
    ROUTE, BOTH, "ENETDOWN", ObjectValue(below_vlan, "ifi_flags", IFF.UP, False, DOWN), where=both(ups, here),
    source="vlan_dev_open (net/8021q/vlan_dev.c)",
)
bind_refusal(
    ROUTE, "RTM_NEWLINK", "EOPNOTSUPP", ObjectValue(named_link, "IFLA_MASTER", None, False, "{} has no master"),
    where=both(old, of_port), sure=False, source=f"rtnl_changelink ({RTNETLINK})",
)
bind_refusal(
    ROUTE, "RTM_SETLINK RTM_DELLINK", "EOPNOTSUPP",
    ObjectValue(named_link, "IFLA_MASTER", None, False, "{} has no master"), where=of_bridge, sure=False,
    source=f"rtnl_bridge_setlink, rtnl_bridge_dellink ({RTNETLINK})",
)
bind_refusal(
    ROUTE, BOTH, "EOPNOTSUPP", ObjectPresent(no_master, "{} takes no ports", shown=True), where=here, sure=False,
    source=f"do_set_master ({RTNETLINK})",
)
bind_refusal(
    ROUTE, "RTM_NEWLINK", "EBUSY", ObjectValue(port_below, "IFLA_MASTER", None, True, "{} is a port of {value}"),
    where=both(new, of_kind(*LISTENERS)), source="netdev_is_rx_handler_busy (net/core/dev.c)",
)
bind_refusal(
    ROUTE, "RTM_NEWLINK", "EBUSY", ObjectPresent(others_on("IFLA_LINK"), "{} is on top of it"),
    where=both(new, of_kind(*LISTENERS)), source="netdev_is_rx_handler_busy (net/core/dev.c)",
)
bind_refusal(
    ROUTE, BOTH, "EBUSY", ObjectPresent(others_on("ifi_index"), "{} is on top of it"),
    where=both(old, gives("IFLA_MASTER")), sure=False, told="in use",
    source="netdev_rx_handler_register (net/core/dev.c)",
)
bind_refusal(
    ROUTE, BOTH, "EBUSY", ObjectValue(port_of("team"), "ifi_flags", IFF.UP, True, UP),
    where=both(old, gives("IFLA_MASTER")), sure=False, told="is up",
    source="team_port_add (drivers/net/team/team_core.c)",
)
bind_refusal(
    ROUTE, BOTH, "EPERM", ObjectValue(port_of("bond"), "ifi_flags", IFF.UP, True, UP),
    where=both(old, gives("IFLA_MASTER")), sure=False, told="while up",
    source="bond_enslave (drivers/net/bonding/bond_main.c)",
)
bind_refusal(
    ROUTE, BOTH, "EBUSY", ObjectValue(named_link, "ifi_flags", IFF.UP, True, UP),
    where=both(old, gives("IFLA_ADDRESS")), sure=False, source="eth_prepare_mac_addr_change (net/ethernet/eth.c)",
)
