"""Neighbours, proxies, forwarding entries: `ip -j -d neigh show`, `bridge -j -d fdb show` (ipneigh.c, fdb.c)."""

from __future__ import annotations

from typing import Any

from .converters import ABSENT, Table, bit, bits, device, number, text
from .names import PROTOCOLS
from .values import ObjectValues

ROUTER, PROXY, EXT_LEARNED, OFFLOADED = 0x80, 0x08, 0x10, 0x20
EXT_MANAGED, EXT_LOCKED = 0x1, 0x2
STATES = (
    (0x01, "INCOMPLETE"), (0x02, "REACHABLE"), (0x04, "STALE"), (0x08, "DELAY"), (0x10, "PROBE"), (0x20, "FAILED"),
    (0x40, "NOARP"), (0x80, "PERMANENT"),
)  # fmt: skip
FDB_STATES = ((0x80, "permanent"), (0x40, "static"), (0x04, "stale"), (0x02, ""))
FDB_FLAGS = (
    (0x02, "self"), (0x80, "router"), (0x10, "extern_learn"), (0x20, "offload"), (0x04, "master"), (0x40, "sticky"),
)  # fmt: skip


def neighbour_states(values: ObjectValues) -> Any:
    """Return the states of a neighbour; none is no key."""
    return bits("ndm_state", STATES)(values) if values.number("ndm_state") else ABSENT


def origin(values: ObjectValues) -> Any:
    """Return who made an entry, by its name; 0 is nobody in particular."""
    protocol = values.number("NDA_PROTOCOL")
    return PROTOCOLS.get(protocol, str(protocol)) if protocol else ABSENT


def fdb_flags(values: ObjectValues) -> list[str]:
    """Return the flags of a forwarding entry, those of NDA_FLAGS_EXT among them."""
    locked = ["locked"] if values.number("NDA_FLAGS_EXT") & EXT_LOCKED else []
    return [name for mask, name in FDB_FLAGS if values.number("ndm_flags") & mask] + locked


def fdb_state(values: ObjectValues) -> str:
    """Return the state of a forwarding entry; one that was learnt has an empty one."""
    state = values.number("ndm_state")
    return next((name for mask, name in FDB_STATES if state & mask), f"0x{state:x}" if state else "0")


def via_device(values: ObjectValues) -> Any:
    """Return the interface that a remote is reached by, where it is in this namespace."""
    return ABSENT if "NDA_LINK_NETNSID" in values.leaves else device("NDA_IFINDEX")(values)


def via_index(values: ObjectValues) -> Any:
    """Return the index of the interface that a remote is reached by, where it is in another namespace."""
    return values.number("NDA_IFINDEX") if {"NDA_IFINDEX", "NDA_LINK_NETNSID"} <= values.leaves.keys() else ABSENT


NEIGHBOUR: Table = {
    "dst": text("NDA_DST"),
    "dev": device("ndm_ifindex"),
    "lladdr": text("NDA_LLADDR"),
    "router": bit("ndm_flags", ROUTER, None),
    "proxy": bit("ndm_flags", PROXY, None),
    "managed": bit("NDA_FLAGS_EXT", EXT_MANAGED, None),
    "extern_learn": bit("ndm_flags", EXT_LEARNED, None),
    "offload": bit("ndm_flags", OFFLOADED, None),
    "state": neighbour_states,
    "protocol": origin,
}
FDB_ENTRY: Table = {
    "mac": text("NDA_LLADDR"),
    "ifname": device("ndm_ifindex"),
    "dst": text("NDA_DST"),
    "vlan": number("NDA_VLAN"),
    "port": number("NDA_PORT"),
    "vni": number("NDA_VNI"),
    "src_vni": number("NDA_SRC_VNI"),
    "viaIf": via_device,
    "viaIfIndex": via_index,
    "nhid": number("NDA_NH_ID"),
    "linkNetNsId": number("NDA_LINK_NETNSID"),
    "flags": fdb_flags,
    "master": device("NDA_MASTER"),
    "state": fdb_state,
}
