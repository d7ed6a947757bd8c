"""Values against `bridge` on the same traffic (tests/helpers/peer_tools.py)."""

from __future__ import annotations

import json
from typing import Any

from tests.helpers.iproute2_format import About, Dev, link_table, port_table, router
from tests.helpers.peer_tools import bits, body, compare, dig, low, same


def test_bridge_ports(about: About, dev: Dev) -> None:
    """bridge -j -d link show"""
    asked = about("brlink")
    table = port_table("IFLA_PROTINFO") | {
        name: row for name, row in link_table(dev).items() if name in ("ifindex", "link", "master", "flags")
    }
    table |= {name: (f"IFLA_{name.upper()}", same) for name in ("ifname", "mtu")}
    told = [one for one in asked.told("RTM_NEWLINK") if dig(one, "IFLA_PROTINFO", []) is not None]
    pairs = list(zip(json.loads(asked.printed), told, strict=True))

    assert [] == [wrong for theirs, ours in pairs for wrong in compare(theirs, ours, table, {})]
    assert pairs


def test_forwarding(about: About, dev: Dev) -> None:
    """bridge -j -d fdb show: an entry that was learnt has no state, one without ageing is static."""
    asked = about("fdb")
    words = {"NUD_PERMANENT": "permanent", "NUD_NOARP": "static", "NUD_STALE": "stale", "NUD_REACHABLE": ""}
    table = {
        "mac": ("NDA_LLADDR", same),
        "ifname": ("ndm_ifindex", dev),
        "vlan": ("NDA_VLAN", same),
        "dst": ("NDA_DST", same),
        "viaIf": ("NDA_IFINDEX", dev),
        "master": ("NDA_MASTER", dev),
        "flags": ("ndm_flags", lambda flags: [one.removeprefix("NTF_").lower() for one in flags]),
        "state": ("ndm_state", lambda state: next(word for one, word in words.items() if one in state)),
    }
    pairs = list(zip(json.loads(asked.printed), asked.told("RTM_NEWNEIGH"), strict=True))

    assert [] == [wrong for theirs, ours in pairs for wrong in compare(theirs, ours, table, {})]
    assert len(pairs) > 10


def test_vlans(about: About, dev: Dev) -> None:
    """bridge -j -d vlan show"""
    asked = about("vlan")
    words = {"BRIDGE_VLAN_INFO_PVID": "PVID", "BRIDGE_VLAN_INFO_UNTAGGED": "Egress Untagged"}
    here = "BRIDGE_VLANDB_ENTRY.#.BRIDGE_VLANDB_ENTRY"
    table = {
        "ifname": ("ifindex", dev),
        "vlans.#.vlan": (f"{here}_INFO.vid", same),
        "vlans.#.flags": (f"{here}_INFO.flags", lambda flags: [words[one] for one in flags]),
        "vlans.#.state": (f"{here}_STATE", low("BR_STATE_")),
        "vlans.#.mcast_router": (f"{here}_MCAST_ROUTER", router),
        "vlans.#.neigh_suppress": (f"{here}_NEIGH_SUPPRESS", bool),
    }
    pairs = list(zip(json.loads(asked.printed), asked.told("RTM_NEWVLAN"), strict=True))

    assert [] == [wrong for theirs, ours in pairs for wrong in compare(theirs, ours, table, {})]
    assert pairs


def test_groups(about: About, dev: Dev) -> None:
    """bridge -j -d mdb show, which asks twice (for routers then); answers bear the number of the request."""
    asked = about("mdb")
    table = {
        "index": ("bridge", same),
        "dev": ("bridge", dev),
        "port": ("ifindex", dev),
        "grp": ("addr.u", same),
        "state": ("state", lambda state: {"MDB_TEMPORARY": "temp", "MDB_PERMANENT": "permanent"}[state]),
        "protocol": ("MDBA_MDB_EATTR_RTPROT", low("RTPROT_")),
        "flags": ("flags", bits("MDB_FLAGS_")),
        "vid": ("vid", same),
    }
    first = next(one["nlmsg_seq"] for one in asked.objects if one["nlmsg_type"] == "RTM_GETMDB")
    told = [
        {"bridge": ours["ifindex"], **entry}
        for one, ours in zip(asked.objects, map(body, asked.objects), strict=True)
        if (one["nlmsg_type"], one["nlmsg_seq"], one["direction"]) == ("RTM_GETMDB", first, "to user")
        for entry in entries(dig(ours, "MDBA_MDB", []))
    ]
    (printed,) = json.loads(asked.printed)
    pairs = list(zip(printed["mdb"], told, strict=True))

    assert [] == [wrong for theirs, ours in pairs for wrong in compare(theirs, ours, table, {})]
    assert pairs


def entries(value: Any) -> list[dict[str, Any]]:
    """Every MDBA_MDB_ENTRY_INFO below a value."""
    if isinstance(value, list):
        return [one for inner in value for one in entries(inner)]
    if not isinstance(value, dict):
        return []
    found = value.get("MDBA_MDB_ENTRY_INFO", [])
    return found or [one for inner in value.values() for one in entries(inner)]
