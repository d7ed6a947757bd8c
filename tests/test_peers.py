"""Values against the kernel's own tools on the same traffic: iproute2, nft, conntrack, ss, ethtool (tests/peers.py)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from peers import Asked, bits, body, centi, compare, dig, hexed, low, same, up


@pytest.fixture(scope="module")
def dev(peer_answers: dict[str, Asked]) -> Callable[[Any], str | None]:
    """The name of an interface index."""
    names = {dig(one, "ifi_index", []): dig(one, "IFLA_IFNAME", []) for one in peer_answers["link"].told("RTM_NEWLINK")}
    return names.get


Dev = Callable[[Any], str | None]
About = Callable[[str], Asked]


def prefixed(address: Any, length: int, family: str = "AF_INET") -> str:
    """An address as iproute2 writes prefixes: whole ones without a length."""
    if address is None:
        return "default"
    return address if length == (32 if "." in address else 128) else f"{address}/{length}"


def handle(value: Any) -> str:
    """tc's major:minor."""
    number = 0 if value == "TC_H_UNSPEC" else value
    return f"{number >> 16:x}:{number & 0xFFFF:x}" if number & 0xFFFF else f"{number >> 16:x}:"


def bridge_id(value: dict[str, Any]) -> str:
    parts = ":".join(f"{int(one, 16):x}" for one in value["addr"].split(":"))
    return f"{value['prio']:04x}.{parts}"


def option(name: str) -> Callable[[Any], int]:
    return lambda value: int(f"BR_BOOLOPT_{name}" in value)


def router(value: Any) -> int:
    return {"MDB_RTR_TYPE_DISABLED": 0, "MDB_RTR_TYPE_TEMP_QUERY": 1, "MDB_RTR_TYPE_PERM": 2}[value]


def group(value: int) -> str:
    return "default" if value == 0 else str(value)


def scope(value: Any) -> str:
    return "global" if value == "RT_SCOPE_UNIVERSE" else str(value).removeprefix("RT_SCOPE_").lower()


def ethertype(value: Any) -> str:
    return {"ETH_P_8021Q": "802.1Q", "ETH_P_8021AD": "802.1ad", "ETH_P_IP": "ipv4"}[value]


def port_table(prefix: str, here: str = "") -> dict[str, tuple[str, Any]]:
    """A bridge port's settings below `here`: booleans but for these."""
    named = {
        "hairpin": "MODE",
        "root_block": "PROTECT",
        "fastleave": "FAST_LEAVE",
        "flood": "UNICAST_FLOOD",
        "mcast_to_unicast": "MCAST_TO_UCAST",
        "proxy_arp": "PROXYARP",
        "proxy_arp_wifi": "PROXYARP_WIFI",
    }
    numbers = ("priority", "cost", "designated_port", "designated_cost", "topology_change_ack", "config_pending")
    return {
        f"{here}*": (f"{prefix}.IFLA_BRPORT_*", bool),
        **{f"{here}{theirs}": (f"{prefix}.IFLA_BRPORT_{ours}", bool) for theirs, ours in named.items()},
        **{f"{here}{name}": (f"{prefix}.IFLA_BRPORT_{name.upper()}", same) for name in numbers},
        **{
            f"{here}{name}": (f"{prefix}.IFLA_BRPORT_{name.upper()}", centi)
            for name in ("hold_timer", "message_age_timer", "forward_delay_timer")
        },
        **{f"{here}{name}": (f"{prefix}.IFLA_BRPORT_{name.upper()}", bridge_id) for name in ("bridge_id", "root_id")},
        **{f"{here}{name}": (f"{prefix}.IFLA_BRPORT_{name.upper()}", hexed) for name in ("id", "no")},
        f"{here}state": (f"{prefix}.IFLA_BRPORT_STATE", low("BR_STATE_")),
        f"{here}multicast_router": (f"{prefix}.IFLA_BRPORT_MULTICAST_ROUTER", router),
        f"{here}mcast_router": (f"{prefix}.IFLA_BRPORT_MULTICAST_ROUTER", router),
        f"{here}mcast_n_groups": (f"{prefix}.IFLA_BRPORT_MCAST_N_GROUPS", same),
        f"{here}mcast_max_groups": (f"{prefix}.IFLA_BRPORT_MCAST_MAX_GROUPS", same),
        f"{here}group_fwd_mask": (f"{prefix}.IFLA_BRPORT_GROUP_FWD_MASK", lambda value: f"{value:x}"),
        f"{here}group_fwd_mask_str": (f"{prefix}.IFLA_BRPORT_GROUP_FWD_MASK", hexed),
    }


def kind_table(kind: str | None, dev: Dev) -> dict[str, tuple[str, Any]]:
    """What a link's kind adds."""
    here, data = "linkinfo.info_data.", "IFLA_LINKINFO.IFLA_INFO_DATA."
    if kind == "vlan":
        return {
            f"{here}protocol": (f"{data}IFLA_VLAN_PROTOCOL", ethertype),
            f"{here}id": (f"{data}IFLA_VLAN_ID", same),
            f"{here}flags": (f"{data}IFLA_VLAN_FLAGS.flags", bits("VLAN_FLAG_")),
        }
    if kind == "vxlan":
        return {
            f"{here}*": (f"{data}IFLA_VXLAN_*", bool),
            f"{here}remote": (f"{data}IFLA_VXLAN_GROUP", same),
            f"{here}link": (f"{data}IFLA_VXLAN_LINK", dev),
            f"{here}df": (f"{data}IFLA_VXLAN_DF", low("VXLAN_DF_")),
            f"{here}external": (f"{data}IFLA_VXLAN_COLLECT_METADATA", bool),
            **{f"{here}port_range.{end}": (f"{data}IFLA_VXLAN_PORT_RANGE.{end}", same) for end in ("low", "high")},
            **{
                f"{here}{name}": (f"{data}IFLA_VXLAN_{name.upper()}", same)
                for name in ("id", "local", "port", "ttl", "ageing")
            },
        }
    if kind == "bridge":
        options = {
            "no_linklocal_learn": "NO_LL_LEARN",
            "mcast_vlan_snooping": "MCAST_VLAN_SNOOPING",
            "mst_enabled": "MST_ENABLE",
        }
        timers = ("hello_timer", "tcn_timer", "topology_change_timer", "gc_timer")
        return {
            f"{here}*": (f"{data}IFLA_BR_*", same),
            **{f"{here}{name}": (f"{data}IFLA_BR_{name.upper()}", centi) for name in timers},
            **{f"{here}{name}": (f"{data}IFLA_BR_{name.upper()}", bridge_id) for name in ("bridge_id", "root_id")},
            **{
                f"{here}{theirs}": (f"{data}IFLA_BR_MULTI_BOOLOPT.optval", option(ours))
                for theirs, ours in options.items()
            },
            f"{here}vlan_protocol": (f"{data}IFLA_BR_VLAN_PROTOCOL", ethertype),
            f"{here}mcast_router": (f"{data}IFLA_BR_MCAST_ROUTER", router),
            f"{here}group_fwd_mask": (f"{data}IFLA_BR_GROUP_FWD_MASK", lambda value: f"{value:x}"),
        }
    return {}


def link_table(dev: Dev) -> dict[str, tuple[str, Any]]:
    """`ip -j link`: mostly the attribute's name in lower case."""
    return {
        "*": ("IFLA_*", same),
        "ifindex": ("ifi_index", same),
        "link": ("IFLA_LINK", dev),
        "master": ("IFLA_MASTER", dev),
        "flags": ("ifi_flags", bits("IFF_", "IFF_RUNNING")),
        "operstate": ("IFLA_OPERSTATE", up("IF_OPER_")),
        "linkmode": ("IFLA_LINKMODE", up("IF_LINK_MODE_")),
        "group": ("IFLA_GROUP", group),
        "txqlen": ("IFLA_TXQLEN", same),
        "link_type": ("ifi_type", low("ARPHRD_")),
        "inet6_addr_gen_mode": ("IFLA_AF_SPEC.AF_INET6.IFLA_INET6_ADDR_GEN_MODE", low("IN6_ADDR_GEN_MODE_")),
        "linkinfo.info_kind": ("IFLA_LINKINFO.IFLA_INFO_KIND", same),
        "linkinfo.info_slave_kind": ("IFLA_LINKINFO.IFLA_INFO_SLAVE_KIND", same),
        "stats64.rx.multicast": ("IFLA_STATS64.multicast", same),
        "stats64.tx.collisions": ("IFLA_STATS64.collisions", same),
        **{
            f"stats64.{way}.{name}": (f"IFLA_STATS64.{way}_{name}", same)
            for way in ("rx", "tx")
            for name in ("bytes", "packets", "errors", "dropped", "over_errors", "carrier_errors")
        },
    }


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


def counters(prefix: str, stats: str) -> dict[str, tuple[str, Any]]:
    """What tc's statistics have in common."""
    return {
        **{f"{prefix}{name}": (f"{stats}.TCA_STATS_BASIC.{name}", same) for name in ("bytes", "packets")},
        **{
            f"{prefix}{name}": (f"{stats}.TCA_STATS_QUEUE.{name}", same)
            for name in ("drops", "overlimits", "requeues", "backlog", "qlen")
        },
    }


TCMSG = {
    "handle": ("tcm_handle", handle),
    "parent": ("tcm_parent", handle),
    "root": ("tcm_parent", lambda parent: parent == "TC_H_ROOT"),
}


def test_qdiscs(about: About, dev: Dev) -> None:
    """tc -j -s -d qdisc show"""
    asked = about("qdisc")
    htb = "TCA_OPTIONS.TCA_HTB_INIT."
    kinds: dict[str, dict[str, tuple[str, Any]]] = {
        "htb": {
            "options.r2q": (f"{htb}rate2quantum", same),
            "options.default": (f"{htb}defcls", hexed),
            "options.direct_packets_stat": (f"{htb}direct_pkts", same),
            "options.ver": (f"{htb}version", lambda version: f"{version >> 16}.{version & 0xFFFF}"),
            "options.direct_qlen": ("TCA_OPTIONS.TCA_HTB_DIRECT_QLEN", same),
        },
        "fq_codel": {
            "options.*": ("TCA_OPTIONS.TCA_FQ_CODEL_*", same),
            "options.ecn": ("TCA_OPTIONS.TCA_FQ_CODEL_ECN", bool),
            "options.drop_batch": ("TCA_OPTIONS.TCA_FQ_CODEL_DROP_BATCH_SIZE", same),
            **{
                name: (f"TCA_STATS2.TCA_STATS_APP.{name}", same)
                for name in (
                    "maxpacket", "drop_overlimit", "new_flow_count", "ecn_mark", "new_flows_len", "old_flows_len",
                    "memory_used", "drop_overmemory",
                )
            },
        },
    }  # fmt: skip
    table = {
        **TCMSG,
        **counters("", "TCA_STATS2"),
        "kind": ("TCA_KIND", same),
        "dev": ("tcm_ifindex", dev),
        "refcnt": ("tcm_info", same),
    }
    only = {"options": "an empty object where a kind has no options"}
    pairs = list(zip(json.loads(asked.printed), asked.told("RTM_NEWQDISC"), strict=True))

    assert [] == [
        wrong for theirs, ours in pairs for wrong in compare(theirs, ours, table | kinds.get(theirs["kind"], {}), only)
    ]
    assert {"htb", "fq_codel"} <= {theirs["kind"] for theirs, _ in pairs}


def test_classes(about: About) -> None:
    """tc -j -s -d class show dev d0"""
    asked = about("class")
    parms = "TCA_OPTIONS.TCA_HTB_PARMS."
    table = {
        **TCMSG,
        **counters("stats.", "TCA_STATS2"),
        "class": ("TCA_KIND", same),
        "leaf": ("tcm_info", lambda info: hex(info >> 16)),
        **{name: (f"{parms}{name}", same) for name in ("prio", "quantum", "level")},
        **{name: (f"{parms}{name}.rate", same) for name in ("rate", "ceil")},
        "linklayer": (f"{parms}rate.linklayer", low("TC_LINKLAYER_")),
        "burst_cell": (f"{parms}rate.cell_log", lambda log: 1 << log),
        "cburst_cell": (f"{parms}ceil.cell_log", lambda log: 1 << log),
        "mpu_rate": (f"{parms}rate.mpu", same),
        "mpu_ceil": (f"{parms}ceil.mpu", same),
        "burst": (f"{parms}buffer {parms}rate.rate", sent),
        "cburst": (f"{parms}cbuffer {parms}ceil.rate", sent),
        "stats.lended": ("TCA_STATS2.TCA_STATS_APP.lends", same),
        "stats.borrowed": ("TCA_STATS2.TCA_STATS_APP.borrows", same),
        **{
            f"stats.{name}": (f"TCA_STATS2.TCA_STATS_APP.{name}", same)
            for name in ("giants", "tokens", "ctokens", "deficit", "count", "lastcount", "ldelay")
        },
    }
    pairs = list(zip(json.loads(asked.printed), asked.told("RTM_NEWTCLASS"), strict=True))

    assert [] == [wrong for theirs, ours in pairs for wrong in compare(theirs, ours, table, {})]
    assert pairs


def sent(ticks: int, rate: int) -> int:
    """Bytes that leave at that rate in so many ticks of 64 ns (psched's; /proc/net/psched)."""
    return ticks * rate * 64 // 1_000_000_000


def test_filters(about: About) -> None:
    """tc -j -s -d filter show dev d0: priority and protocol share tcm_info."""
    asked = about("filter")
    action = "TCA_OPTIONS.TCA_FLOWER_ACT.#."
    parms = f"{action}TCA_ACT_OPTIONS.TCA_GACT_PARMS."
    here = "options.actions.#."
    table = {
        "parent": ("tcm_parent", handle),
        "protocol": ("tcm_info", lambda info: {0x0008: "ip"}[info & 0xFFFF]),
        "pref": ("tcm_info", lambda info: info >> 16),
        "kind": ("TCA_KIND", same),
        "chain": ("TCA_CHAIN", same),
        "options.handle": ("tcm_handle", same),
        "options.keys.eth_type": ("TCA_OPTIONS.TCA_FLOWER_KEY_ETH_TYPE", ethertype),
        "options.keys.ip_proto": ("TCA_OPTIONS.TCA_FLOWER_KEY_IP_PROTO", low("IPPROTO_")),
        "options.keys.dst_ip": ("TCA_OPTIONS.TCA_FLOWER_KEY_IPV4_DST", same),
        "options.keys.dst_port": ("TCA_OPTIONS.TCA_FLOWER_KEY_TCP_DST", same),
        "options.not_in_hw": ("TCA_OPTIONS.TCA_FLOWER_FLAGS", lambda flags: flags == ["TCA_CLS_FLAGS_NOT_IN_HW"]),
        f"{here}order": (f"{action}index", lambda index: index or 1),
        f"{here}kind": (f"{action}TCA_ACT_KIND", same),
        f"{here}control_action.type": (f"{parms}action", lambda value: {"TC_ACT_SHOT": "drop"}[value]),
        f"{here}index": (f"{parms}index", same),
        f"{here}ref": (f"{parms}refcnt", same),
        f"{here}bind": (f"{parms}bindcnt", same),
        f"{here}installed": (f"{action}TCA_ACT_OPTIONS.TCA_GACT_TM.install", lambda value: value // 100),
        f"{here}last_used": (f"{action}TCA_ACT_OPTIONS.TCA_GACT_TM.lastuse", lambda value: value // 100),
        **counters(f"{here}stats.", f"{action}TCA_ACT_STATS"),
    }
    only = dict.fromkeys(
        (f"{here}prob.random_type", f"{here}prob.control_action.type", f"{here}prob.val"),
        "iproute2 says what holds where TCA_GACT_PROB is absent",
    )
    pairs = list(zip(json.loads(asked.printed), asked.told("RTM_NEWTFILTER"), strict=True))

    assert [] == [wrong for theirs, ours in pairs for wrong in compare(theirs, ours, table, only)]
    assert pairs


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


def test_differences_are_found() -> None:
    """What a comparison says of another value, an absent one, a key in no table, a list in another order."""
    table = {"*": ("IFLA_*", same), "flags": ("ifi_flags", bits("IFF_", "IFF_RUNNING"))}
    ours = {"ifi_flags": ["IFF_UP", "IFF_RUNNING", "IFF_LOOPBACK"], "attrs": {"IFLA_MTU": 1500}}

    assert [] == compare({"mtu": 1500, "flags": ["LOOPBACK", "UP"]}, ours, table, {})
    assert ["mtu: 1400, but IFLA_MTU is 1500"] == compare({"mtu": 1400}, ours, table, {})
    assert ["group: 0, but IFLA_GROUP is None"] == compare({"group": 0}, ours, table, {})
    assert ["a.0.b: in no table (1)"] == compare({"a": [{"b": 1}]}, ours, {}, {})
    assert [] == compare({"a": [{"b": 1}]}, ours, {}, {"a.#.b": "the tool's own"})
