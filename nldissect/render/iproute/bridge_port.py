"""Ports of bridges: settings that `ip -d link`, `bridge -d link` and `bridge vlan` print (bridge/link.c, vlan.c)."""

from __future__ import annotations

from typing import Any

from .converters import ABSENT, Converter, Table, device, hexed, inside, named, number, positive, seconds, text, truth
from .link_fields import link_flags, lower_link
from .values import ObjectValues

STATES = {0: "disabled", 1: "listening", 2: "learning", 3: "forwarding", 4: "blocking"}
VLANS = "IFLA_AF_SPEC.IFLA_BRIDGE_VLAN_INFO.vlan "
PVID, UNTAGGED = 0x2, 0x4


def bridge_id(path: str) -> Converter:
    """Convert struct ifla_bridge_id: four digits of priority, and the bytes of the address without leading zeros."""

    def convert(values: ObjectValues) -> Any:
        address = values.text(f"{path}.addr")
        if address is None:
            return ABSENT
        return f"{values.number(f'{path}.prio'):04x}.{':'.join(f'{int(byte, 16):x}' for byte in address.split(':'))}"

    return convert


BEFORE: Table = {
    "state": named("IFLA_BRPORT_STATE", STATES),
    "priority": number("IFLA_BRPORT_PRIORITY"),
    "cost": number("IFLA_BRPORT_COST"),
    "hairpin": truth("IFLA_BRPORT_MODE"),
    "guard": truth("IFLA_BRPORT_GUARD"),
    "root_block": truth("IFLA_BRPORT_PROTECT"),
    "fastleave": truth("IFLA_BRPORT_FAST_LEAVE"),
    "learning": truth("IFLA_BRPORT_LEARNING"),
    "flood": truth("IFLA_BRPORT_UNICAST_FLOOD"),
}
"""Keys with which both commands begin."""

PORT: Table = {
    **BEFORE,
    "id": hexed("IFLA_BRPORT_ID"),
    "no": hexed("IFLA_BRPORT_NO"),
    "designated_port": number("IFLA_BRPORT_DESIGNATED_PORT"),
    "designated_cost": number("IFLA_BRPORT_DESIGNATED_COST"),
    "bridge_id": bridge_id("IFLA_BRPORT_BRIDGE_ID"),
    "root_id": bridge_id("IFLA_BRPORT_ROOT_ID"),
    "hold_timer": seconds("IFLA_BRPORT_HOLD_TIMER"),
    "message_age_timer": seconds("IFLA_BRPORT_MESSAGE_AGE_TIMER"),
    "forward_delay_timer": seconds("IFLA_BRPORT_FORWARD_DELAY_TIMER"),
    "topology_change_ack": number("IFLA_BRPORT_TOPOLOGY_CHANGE_ACK"),
    "config_pending": number("IFLA_BRPORT_CONFIG_PENDING"),
    "proxy_arp": truth("IFLA_BRPORT_PROXYARP"),
    "proxy_arp_wifi": truth("IFLA_BRPORT_PROXYARP_WIFI"),
    "multicast_router": number("IFLA_BRPORT_MULTICAST_ROUTER"),
    "mcast_flood": truth("IFLA_BRPORT_MCAST_FLOOD"),
    "bcast_flood": truth("IFLA_BRPORT_BCAST_FLOOD"),
    "mcast_to_unicast": truth("IFLA_BRPORT_MCAST_TO_UCAST"),
    "neigh_suppress": truth("IFLA_BRPORT_NEIGH_SUPPRESS"),
    "neigh_vlan_suppress": truth("IFLA_BRPORT_NEIGH_VLAN_SUPPRESS"),
    "group_fwd_mask": hexed("IFLA_BRPORT_GROUP_FWD_MASK", "{:x}"),
    "group_fwd_mask_str": hexed("IFLA_BRPORT_GROUP_FWD_MASK"),
    "vlan_tunnel": truth("IFLA_BRPORT_VLAN_TUNNEL"),
    "isolated": truth("IFLA_BRPORT_ISOLATED"),
    "locked": truth("IFLA_BRPORT_LOCKED"),
    "mab": truth("IFLA_BRPORT_MAB"),
    "backup_port": device("IFLA_BRPORT_BACKUP_PORT"),
    "backup_nhid": positive("IFLA_BRPORT_BACKUP_NHID"),
}
"""IFLA_INFO_SLAVE_DATA of a link, as `ip -d link` prints it."""

PROTINFO: Table = {
    **BEFORE,
    "mcast_flood": truth("IFLA_BRPORT_MCAST_FLOOD"),
    "bcast_flood": truth("IFLA_BRPORT_BCAST_FLOOD"),
    "mcast_router": number("IFLA_BRPORT_MULTICAST_ROUTER"),
    "mcast_to_unicast": truth("IFLA_BRPORT_MCAST_TO_UCAST"),
    "neigh_suppress": truth("IFLA_BRPORT_NEIGH_SUPPRESS"),
    "neigh_vlan_suppress": truth("IFLA_BRPORT_NEIGH_VLAN_SUPPRESS"),
    "vlan_tunnel": truth("IFLA_BRPORT_VLAN_TUNNEL"),
    "isolated": truth("IFLA_BRPORT_ISOLATED"),
    "locked": truth("IFLA_BRPORT_LOCKED"),
    "mab": truth("IFLA_BRPORT_MAB"),
    "backup_port": device("IFLA_BRPORT_BACKUP_PORT"),
    "backup_nhid": positive("IFLA_BRPORT_BACKUP_NHID"),
    "mcast_n_groups": number("IFLA_BRPORT_MCAST_N_GROUPS"),
    "mcast_max_groups": number("IFLA_BRPORT_MCAST_MAX_GROUPS"),
}
"""IFLA_PROTINFO of a port, as `bridge -d link` prints it."""


def port_vlans(values: ObjectValues) -> list[dict[str, Any]]:
    """Return the VLANs of a port; analysis keeps each by itself, so that no range is left to print."""
    return [
        _vlan(int(path.removeprefix(VLANS)), node.value)
        for path, node in values.leaves.items()
        if path.startswith(VLANS)
    ]


def _vlan(vid: int, flags: int) -> dict[str, Any]:
    """Return one VLAN with its flags; without any there is no key for them."""
    words = [word for mask, word in ((PVID, "PVID"), (UNTAGGED, "Egress Untagged")) if flags & mask]
    return {"vlan": vid} | ({"flags": words} if words else {})


PORT_LINK: Table = {
    "ifindex": number("ifi_index"),
    "link": lower_link,
    "ifname": text("IFLA_IFNAME"),
    "flags": link_flags,
    "mtu": number("IFLA_MTU"),
    "master": device("IFLA_MASTER"),
    **{key: inside("IFLA_PROTINFO", convert) for key, convert in PROTINFO.items()},
}
"""One object of `bridge -j -d link show`."""
PORT_VLANS: Table = {"ifname": text("IFLA_IFNAME"), "vlans": port_vlans}
"""One object of `bridge -j vlan show`."""
