"""Values against iproute2's `ip` on the same traffic (tests/helpers/peer_tools.py)."""

from __future__ import annotations

import json
from typing import Any

from tests.helpers.iproute2_format import About, Dev, kind_table, link_table, port_table
from tests.helpers.peer_tools import bits, compare, dig, hexed, low, same


def prefixed(address: Any, length: int, family: str = "AF_INET") -> str:
    """An address as iproute2 writes prefixes: whole ones without a length."""
    if address is None:
        return "default"
    return address if length == (32 if "." in address else 128) else f"{address}/{length}"


def scope(value: Any) -> str:
    return "global" if value == "RT_SCOPE_UNIVERSE" else str(value).removeprefix("RT_SCOPE_").lower()


def test_links(about: About, dev: Dev) -> None:
    """ip -j -d -s link show"""
    asked = about("link")
    wrong = []
    told = {dig(one, "ifi_index", []): one for one in asked.told("RTM_NEWLINK")}
    printed = json.loads(asked.printed)
    ports = port_table("IFLA_LINKINFO.IFLA_INFO_SLAVE_DATA", "linkinfo.info_slave_data.")
    for theirs in printed:
        kind = dig(theirs, "linkinfo.info_kind", [])
        table = link_table(dev) | ports | kind_table(kind, dev)
        wrong += [f"{theirs['ifname']} {one}" for one in compare(theirs, told[theirs["ifindex"]], table, {})]

    assert [] == wrong
    assert {"lo", "left", "right", "br0", "right.10", "vx0", "d0"} <= {one["ifname"] for one in printed}


def test_addresses(about: About, dev: Dev) -> None:
    """ip -j -d address show: flags of an address are keys that are true."""
    asked = about("address")
    table = {
        "family": ("ifa_family", low("AF_")),
        "local": ("IFA_LOCAL IFA_ADDRESS", lambda local, address: local or address),
        "prefixlen": ("ifa_prefixlen", same),
        "broadcast": ("IFA_BROADCAST", same),
        "scope": ("ifa_scope", scope),
        "label": ("IFA_LABEL", same),
        "protocol": ("IFA_PROTO", low("IFAPROT_")),
        "dynamic": ("IFA_FLAGS", lambda flags: "IFA_F_PERMANENT" not in flags),
        "nodad": ("IFA_FLAGS", lambda flags: "IFA_F_NODAD" in flags),
        "tentative": ("IFA_FLAGS", lambda flags: "IFA_F_TENTATIVE" in flags),
        "valid_life_time": ("IFA_CACHEINFO.ifa_valid", same),
        "preferred_life_time": ("IFA_CACHEINFO.ifa_prefered", same),
    }
    printed = [(link["ifindex"], one) for link in json.loads(asked.printed) for one in link["addr_info"] if one]
    told = sorted(asked.told("RTM_NEWADDR"), key=lambda one: one["ifa_index"])
    pairs = list(zip(printed, told, strict=True))

    assert [] == [wrong for (_, theirs), ours in pairs for wrong in compare(theirs, ours, table, {})]
    assert all(index == ours["ifa_index"] for (index, _), ours in pairs)


def test_routes(about: About, dev: Dev) -> None:
    """ip -j -d route show table all"""
    asked = about("route")
    table = {
        "type": ("rtm_type", low("RTN_")),
        "dst": ("RTA_DST rtm_dst_len", prefixed),
        "gateway": ("RTA_GATEWAY", same),
        "dev": ("RTA_OIF", dev),
        "table": ("RTA_TABLE", low("RT_TABLE_")),
        "protocol": ("rtm_protocol", low("RTPROT_")),
        "scope": ("rtm_scope", scope),
        "prefsrc": ("RTA_PREFSRC", same),
        "metric": ("RTA_PRIORITY", same),
        "flags": ("rtm_flags", bits("RTNH_F_")),
        "pref": ("RTA_PREF", low("ICMPV6_ROUTER_PREF_")),
        "metrics.#.mtu": ("RTA_METRICS.RTAX_MTU", same),
        "nexthops.#.gateway": ("RTA_MULTIPATH.#.RTA_GATEWAY", same),
        "nexthops.#.dev": ("RTA_MULTIPATH.#.rtnh_ifindex", dev),
        "nexthops.#.weight": ("RTA_MULTIPATH.#.rtnh_hops", lambda hops: hops + 1),
        "nexthops.#.flags": ("RTA_MULTIPATH.#.rtnh_flags", bits("RTNH_F_")),
    }
    pairs = list(zip(json.loads(asked.printed), asked.told("RTM_NEWROUTE"), strict=True))

    assert [] == [wrong for theirs, ours in pairs for wrong in compare(theirs, ours, table, {})]
    assert len(pairs) > 20


def test_rules(about: About) -> None:
    """ip -j -d rule show"""
    asked = about("rule")
    table = {
        "priority": ("FRA_PRIORITY", lambda value: value or 0),
        "src": ("FRA_SRC", lambda value: value or "all"),
        "srclen": ("src_len", same),
        "fwmark": ("FRA_FWMARK", hexed),
        "fwmask": ("FRA_FWMASK", hexed),
        "iif": ("FRA_IIFNAME", same),
        "table": ("FRA_TABLE", low("RT_TABLE_")),
        "protocol": ("FRA_PROTOCOL", low("RTPROT_")),
    }
    pairs = zip(json.loads(asked.printed), asked.told("RTM_NEWRULE"), strict=True)

    assert [] == [wrong for theirs, ours in pairs for wrong in compare(theirs, ours, table, {})]


def test_neighbours(about: About, dev: Dev) -> None:
    """ip -j -d neigh show: those without resolution (NUD_NOARP) are not shown."""
    asked = about("neigh")
    table = {
        "dst": ("NDA_DST", same),
        "dev": ("ndm_ifindex", dev),
        "lladdr": ("NDA_LLADDR", same),
        "state": ("ndm_state", bits("NUD_")),
        "router": ("ndm_flags", lambda flags: None if "NTF_ROUTER" in flags else "no router"),
        "proto": ("NDA_PROTOCOL", low("RTPROT_")),
    }
    told = [one for one in asked.told("RTM_NEWNEIGH") if one["ndm_state"] != ["NUD_NOARP"]]
    pairs = list(zip(json.loads(asked.printed), told, strict=True))

    assert [] == [wrong for theirs, ours in pairs for wrong in compare(theirs, ours, table, {})]
    assert len(pairs) >= 2


def test_nexthops(about: About, dev: Dev) -> None:
    """ip -j -d nexthop show"""
    asked = about("nexthop")
    table = {
        "id": ("NHA_ID", same),
        "gateway": ("NHA_GATEWAY", same),
        "dev": ("NHA_OIF", dev),
        "scope": ("nh_scope", scope),
        "protocol": ("nh_protocol", low("RTPROT_")),
        "flags": ("nh_flags", bits("RTNH_F_")),
    }
    pairs = zip(json.loads(asked.printed), asked.told("RTM_NEWNEXTHOP"), strict=True)

    assert [] == [wrong for theirs, ours in pairs for wrong in compare(theirs, ours, table, {})]


def test_differences_are_found() -> None:
    """What a comparison says of another value, an absent one, a key in no table, a list in another order."""
    table = {"*": ("IFLA_*", same), "flags": ("ifi_flags", bits("IFF_", "IFF_RUNNING"))}
    ours = {"ifi_flags": ["IFF_UP", "IFF_RUNNING", "IFF_LOOPBACK"], "attrs": {"IFLA_MTU": 1500}}

    assert [] == compare({"mtu": 1500, "flags": ["LOOPBACK", "UP"]}, ours, table, {})
    assert ["mtu: 1400, but IFLA_MTU is 1500"] == compare({"mtu": 1400}, ours, table, {})
    assert ["group: 0, but IFLA_GROUP is None"] == compare({"group": 0}, ours, table, {})
    assert ["a.0.b: in no table (1)"] == compare({"a": [{"b": 1}]}, ours, {}, {})
    assert [] == compare({"a": [{"b": 1}]}, ours, {}, {"a.#.b": "the tool's own"})
