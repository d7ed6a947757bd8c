"""Routes: `ip -j -d route show table all` (ip/iproute.c)."""

from __future__ import annotations

from typing import Any

from .converters import (
    ABSENT,
    Converter,
    Table,
    bits,
    device,
    filled,
    named,
    number,
    positive,
    text,
    truth,
    where,
)
from .encap import encapsulated
from .names import DSFIELD, FAMILIES, ROUTE_TYPES, TABLES, protocol_name, scope_name
from .values import ObjectValues

HOST_BITS = {2: 32, 10: 128, 28: 20, 128: 32, 129: 128}
"""Length of whole addresses by family, those of multicast routing (RTNL_FAMILY_IPMR) among them."""
AF_MPLS = 28
RTM_F_CLONED = 0x200
USER_HZ = 100
NEVER = 0xFFFF_FFFF
FLAGS = (
    (0x1, "dead"), (0x4, "onlink"), (0x2, "pervasive"), (0x8, "offload"), (0x40, "trap"), (0x100, "notify"),
    (0x10, "linkdown"), (0x20, "unresolved"), (0x4000, "rt_offload"), (0x8000, "rt_trap"),
    (0x2000_0000, "rt_offload_failed"),
)  # fmt: skip


def prefix(address: str, length: str, default: Any) -> Converter:
    """Convert an address and its length; a whole address has no length, `default` stands for no address."""

    def convert(values: ObjectValues) -> Any:
        found, bits_of_prefix = values.text(address), values.number(length)
        if found is None:
            return f"0/{bits_of_prefix}" if bits_of_prefix else default
        whole = bits_of_prefix == HOST_BITS.get(values.number("rtm_family"))
        return found if whole else f"{found}/{bits_of_prefix}"

    return convert


def via(values: ObjectValues) -> Any:
    """Return a gateway of another family than the route's."""
    if "RTA_VIA" not in values:
        return ABSENT
    inside = values.below("RTA_VIA")
    family = inside.number("rtvia_family")
    return {"family": FAMILIES.get(family, "???"), "host": inside.text("rtvia_addr")}


def flow(values: ObjectValues) -> Any:
    """Return the realms of a route."""
    realms = values.value("RTA_FLOW")
    if realms is None:
        return ABSENT
    return ({"from": str(realms >> 16)} if realms >> 16 else {}) | {"to": str(realms & 0xFFFF)}


def metrics(values: ObjectValues) -> Any:
    """Return the metrics of a route, as a list with one object."""
    return [filled(METRICS, values.below("RTA_METRICS"))] if "RTA_METRICS" in values else ABSENT


def divided(path: str, divisor: int) -> Converter:
    """Convert a number that the kernel keeps in parts."""
    return where(path, lambda values: values.number(path) // divisor)


def hop_limit(values: ObjectValues) -> Any:
    """Return the hop limit, unless it is the interface's own."""
    limit = values.value("RTAX_HOPLIMIT")
    return ABSENT if limit in (None, NEVER) else limit


def expires(values: ObjectValues) -> Any:
    """Return the seconds that a route had left when it was told."""
    left = values.number("RTA_CACHEINFO.rta_expires")
    return int(left / USER_HZ) if left else ABSENT


def table_of_route(values: ObjectValues) -> Any:
    """Return the name of the routing table: RTA_TABLE has those, too, that do not fit into the header."""
    table = values.number("RTA_TABLE", values.number("rtm_table"))
    return TABLES.get(table, str(table)) if table else ABSENT


def unless_cloned(convert: Converter) -> Converter:
    """Convert by `convert` where a route is no copy in a cache."""
    return lambda values: ABSENT if values.number("rtm_flags") & RTM_F_CLONED else convert(values)


def type_of_service(values: ObjectValues) -> Any:
    """Return the type of service by its name."""
    tos = values.number("rtm_tos")
    return DSFIELD.get(tos, f"0x{tos:02x}") if tos else ABSENT


METRICS: Table = {
    "mtu": number("RTAX_MTU"),
    "window": number("RTAX_WINDOW"),
    "rtt": divided("RTAX_RTT", 8),
    "rttvar": divided("RTAX_RTTVAR", 4),
    "ssthresh": number("RTAX_SSTHRESH"),
    "cwnd": number("RTAX_CWND"),
    "advmss": number("RTAX_ADVMSS"),
    "reordering": number("RTAX_REORDERING"),
    "hoplimit": hop_limit,
    "initcwnd": number("RTAX_INITCWND"),
    "ecn": lambda values: None if values.number("RTAX_FEATURES") & 1 else ABSENT,
    "tcp_usec_ts": lambda values: None if values.number("RTAX_FEATURES") & 16 else ABSENT,
    "rto_min": number("RTAX_RTO_MIN"),
    "initrwnd": number("RTAX_INITRWND"),
    "quickack": number("RTAX_QUICKACK"),
    "congestion": text("RTAX_CC_ALGO"),
    "fastopen_no_cookie": number("RTAX_FASTOPEN_NO_COOKIE"),
}
GATEWAY: Table = {
    "encap": encapsulated("RTA"),
    "to": text("RTA_NEWDST"),
    "gateway": text("RTA_GATEWAY"),
    "via": via,
    "flow": flow,
}


def next_hops(values: ObjectValues) -> Any:
    """Return the next hops of a route that has several; those of MPLS have no weight."""
    if "RTA_MULTIPATH" not in values:
        return ABSENT
    weighed = values.number("rtm_family") != AF_MPLS
    return [next_hop(one, weighed) for one in values.elements("RTA_MULTIPATH")]


def next_hop(values: ObjectValues, weighed: bool) -> dict[str, Any]:
    """Return one next hop."""
    found = filled(GATEWAY, values.below("attrs")) | {"dev": values.device(values.number("rtnh_ifindex"))}
    weight = {"weight": values.number("rtnh_hops") + 1} if weighed else {}
    return found | weight | filled({"flags": bits("rtnh_flags", FLAGS)}, values)


ROUTE: Table = {
    "type": named("rtm_type", ROUTE_TYPES, "{}"),
    "dst": prefix("RTA_DST", "rtm_dst_len", "default"),
    "from": prefix("RTA_SRC", "rtm_src_len", ABSENT),
    "nhid": number("RTA_NH_ID"),
    "to": text("RTA_NEWDST"),
    "encap": encapsulated("RTA"),
    "tos": type_of_service,
    "gateway": text("RTA_GATEWAY"),
    "via": via,
    "dev": device("RTA_OIF"),
    "table": table_of_route,
    "protocol": unless_cloned(protocol_name("rtm_protocol")),
    "scope": unless_cloned(scope_name("rtm_scope")),
    "prefsrc": text("RTA_PREFSRC"),
    "metric": number("RTA_PRIORITY"),
    "flags": bits("rtm_flags", FLAGS),
    "mark": positive("RTA_MARK"),
    "flow": flow,
    "uid": number("RTA_UID"),
    "expires": expires,
    "error": positive("RTA_CACHEINFO.rta_error"),
    "metrics": metrics,
    "iif": device("RTA_IIF"),
    "pref": named("RTA_PREF", {0: "medium", 1: "high", 3: "low"}),
    "ttl-propogate": truth("RTA_TTL_PROPAGATE"),
    "nexthops": next_hops,
}
"""Without "nh_info", for which `ip -d` asks the kernel about another object."""
