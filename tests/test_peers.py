"""Values against the kernel's own tools on the same traffic: iproute2, nft, conntrack, ss, ethtool (tests/peers.py)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from ipaddress import ip_address
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import peers
import pytest
from peers import Asked, bits, centi, compare, dig, hexed, low, same, up

from nldissect.families.common import IPPROTO


@pytest.fixture(scope="module")
def asked(kernel: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Asked]:
    return peers.ask_all(kernel, tmp_path_factory.mktemp("peers"))


@pytest.fixture
def about(asked: dict[str, Asked]) -> Callable[[str], Asked]:
    """One question with its answers; skipped where its tool is absent."""

    def one(name: str) -> Asked:
        if name not in asked:
            pytest.skip(f"{peers.TOOLS[name]} is not installed")
        return asked[name]

    return one


@pytest.fixture(scope="module")
def dev(asked: dict[str, Asked]) -> Callable[[Any], str | None]:
    """The name of an interface index."""
    names = {dig(one, "ifi_index", []): dig(one, "IFLA_IFNAME", []) for one in asked["link"].told("RTM_NEWLINK")}
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
    """bridge -j -d mdb show: the kernel's answers bear the number of the request."""
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
    told = []
    for one in asked.told("RTM_GETMDB"):
        for entry in entries(dig(one, "MDBA_MDB", [])):
            ours = {"bridge": one["ifindex"], **entry}
            if ours not in told:  # bridge asks twice, the second time for routers
                told.append(ours)
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


def host_number(data: str) -> int:
    """A value of nftables in the order of the host, which is little-endian where this kernel runs."""
    return int.from_bytes(bytes.fromhex(data), "little")


def test_nftables(about: About) -> None:
    """nft -j list ruleset: tables, chains, counters, sets and their elements; of rules what their expressions say."""
    asked = about("nft")
    printed: dict[str, list[dict[str, Any]]] = {}
    for one in json.loads(asked.printed)["nftables"]:
        ((what, content),) = one.items()
        printed.setdefault(what, []).append(content)
    family = {"family": ("nfgen_family", low("NFPROTO_"))}
    tables = {
        "table": ("NFT_MSG_NEWTABLE", {**family, "*": ("NFTA_TABLE_*", same)}),
        "chain": (
            "NFT_MSG_NEWCHAIN",
            {
                **family,
                "*": ("NFTA_CHAIN_*", same),
                "hook": ("NFTA_CHAIN_HOOK.NFTA_HOOK_HOOKNUM", low("NF_BR_")),
                "prio": ("NFTA_CHAIN_HOOK.NFTA_HOOK_PRIORITY", same),
                "policy": ("NFTA_CHAIN_POLICY", low("NF_")),
            },
        ),
        "counter": (
            "NFT_MSG_NEWOBJ",
            {
                **family,
                "*": ("NFTA_OBJ_*", same),
                "packets": ("NFTA_OBJ_DATA.NFTA_COUNTER_PACKETS", same),
                "bytes": ("NFTA_OBJ_DATA.NFTA_COUNTER_BYTES", same),
            },
        ),
        "set": ("NFT_MSG_NEWSET", {**family, "*": ("NFTA_SET_*", same), "type": ("NFTA_SET_KEY_TYPE", low("TYPE_"))}),
        "map": (
            "NFT_MSG_NEWSET",
            {
                **family,
                "*": ("NFTA_SET_*", same),
                "type": ("NFTA_SET_KEY_TYPE", lambda value: {"TYPE_IPADDR": "ipv4_addr"}[value]),
                "map": ("NFTA_SET_DATA_TYPE", low("TYPE_")),
            },
        ),
        "rule": (
            "NFT_MSG_NEWRULE",
            {**family, "*": ("NFTA_RULE_*", same), "comment": ("NFTA_RULE_USERDATA.NFTNL_UDATA_RULE_COMMENT", same)},
        ),
    }
    only = {"elem": "compared below", **{f"expr{rest}": "compared below" for rest in ("", ".#.accept", ".#.drop")}}
    wrong = []
    for what, (type_name, table) in tables.items():
        told = asked.told(type_name)
        if type_name == "NFT_MSG_NEWSET":
            told = [one for one in told if (dig(one, "NFTA_SET_FLAGS", []) == ["NFT_SET_MAP"]) == (what == "map")]
        for theirs, ours in zip(printed[what], told, strict=True):
            plain = {key: value for key, value in theirs.items() if key != "expr"}
            wrong += [f"{what} {one}" for one in compare(plain, ours, table, only)]
    assert [] == wrong

    elements = {
        dig(one, "NFTA_SET_ELEM_LIST_SET", []): dig(one, "NFTA_SET_ELEM_LIST_ELEMENTS", [])
        for one in reversed(asked.told("NFT_MSG_NEWSETELEM"))
    }
    keys = [dig(one, "NFTA_SET_ELEM_KEY.NFTA_DATA_VALUE", []) for one in elements["ports"]]
    key, data = (dig(elements["marks"][0], f"NFTA_SET_ELEM_{part}.NFTA_DATA_VALUE", []) for part in ("KEY", "DATA"))
    assert printed["set"][0]["elem"] == sorted(int(one, 16) for one in keys)
    assert printed["map"][0]["elem"] == [[str(ip_address(bytes.fromhex(key))), host_number(data)]]


def test_expressions(about: About) -> None:
    """The statements of rules that nft prints as they are: counters, sets looked up, verdicts, what is set."""
    asked = about("nft")
    rules = [one["rule"] for one in json.loads(asked.printed)["nftables"] if "rule" in one]
    for theirs, ours in zip(rules, asked.told("NFT_MSG_NEWRULE"), strict=True):
        found = dig(ours, "NFTA_RULE_EXPRESSIONS.NFTA_LIST_ELEM", [])
        data = {one["NFTA_EXPR_NAME"]: one["NFTA_EXPR_DATA"] for one in found}
        for statement in theirs["expr"]:
            ((what, content),) = statement.items()
            if what == "counter" and isinstance(content, str):
                assert content == data["objref"]["NFTA_OBJREF_IMM_NAME"]
            elif what == "counter":
                assert content == {
                    name.lower(): data["counter"][f"NFTA_COUNTER_{name}"] for name in ("PACKETS", "BYTES")
                }
            elif what in ("accept", "drop"):
                code = dig(data["immediate"], "NFTA_IMMEDIATE_DATA.NFTA_DATA_VERDICT.NFTA_VERDICT_CODE", [])
                assert f"NF_{what.upper()}" == code
            elif what == "mangle":
                value = dig(data["immediate"], "NFTA_IMMEDIATE_DATA.NFTA_DATA_VALUE", [])
                assert content["value"] == host_number(value)
                assert content["key"]["meta"]["key"] == data["meta"]["NFTA_META_KEY"].removeprefix("NFT_META_").lower()
            elif content["right"] == "@ports":
                assert "ports" == data["lookup"]["NFTA_LOOKUP_SET"]
            elif isinstance(content["right"], dict):
                prefix = content["right"]["prefix"]
                compared = bytes.fromhex(dig(data["cmp"], "NFTA_CMP_DATA.NFTA_DATA_VALUE", []))
                assert len(compared) * 8 == prefix["len"] == data["payload"]["NFTA_PAYLOAD_LEN"] * 8
                assert prefix["addr"].startswith(".".join(map(str, compared)))
            else:
                compared = bytes.fromhex(dig(data["cmp"], "NFTA_CMP_DATA.NFTA_DATA_VALUE", []))
                assert content["right"] == compared.rstrip(b"\0").decode()


def test_connections(about: About) -> None:
    """conntrack -L -o xml"""
    asked = about("conntrack")
    table = {
        **{
            f"{way}.{there}": (f"CTA_TUPLE_{ours}.CTA_TUPLE_{path}", convert)
            for way, ours in (("original", "ORIG"), ("reply", "REPLY"))
            for there, path, convert in (
                ("src", "IP.CTA_IP_V4_SRC", same),
                ("dst", "IP.CTA_IP_V4_DST", same),
                ("protoname", "PROTO.CTA_PROTO_NUM", low("IPPROTO_")),
                ("protonum", "PROTO.CTA_PROTO_NUM", lambda name: str(IPPROTO.number(name))),
                ("sport", "PROTO.CTA_PROTO_SRC_PORT", str),
                ("dport", "PROTO.CTA_PROTO_DST_PORT", str),
            )
        },
        "independent.state": ("CTA_PROTOINFO.CTA_PROTOINFO_TCP.CTA_PROTOINFO_TCP_STATE", up("TCP_CONNTRACK_")),
        **{f"independent.{name}": (f"CTA_{name.upper()}", str) for name in ("timeout", "mark", "use", "id")},
        "independent.assured": ("CTA_STATUS", lambda status: "IPS_ASSURED" in status),
        "independent.unreplied": ("CTA_STATUS", lambda status: "IPS_SEEN_REPLY" not in status),
    }
    flows = [
        {
            meta.attrib["direction"]: {
                one.tag: one.text or True for one in meta.iter() if one.tag not in ("meta", "layer3", "layer4")
            }
            | dict(next(meta.iter("layer4"), ElementTree.Element("none")).attrib)
            for meta in flow.iter("meta")
        }
        for flow in ElementTree.fromstring(asked.printed).iter("flow")
    ]
    pairs = list(zip(flows, asked.told("IPCTNL_MSG_CT_NEW"), strict=True))

    assert [] == [wrong for theirs, ours in pairs for wrong in compare(theirs, ours, table, {})]
    assert len(pairs) == 2


STATES = {"UNCONN": "TCP_CLOSE", "LISTEN": "TCP_LISTEN", "ESTAB": "TCP_ESTABLISHED"}
MEMORY = {
    "r": "RMEM_ALLOC",
    "rb": "RCVBUF",
    "t": "WMEM_ALLOC",
    "tb": "SNDBUF",
    "f": "FWD_ALLOC",
    "w": "WMEM_QUEUED",
    "o": "OPTMEM",
    "bl": "BACKLOG",
    "d": "DROPS",
}
TCP = {
    "cwnd": "snd_cwnd",
    "unacked": "unacked",
    "mss": "snd_mss",
    "pmtu": "pmtu",
    "rcvmss": "rcv_mss",
    "advmss": "advmss",
    "segs_in": "segs_in",
    "segs_out": "segs_out",
    "bytes_acked": "bytes_acked",
    "lastsnd": "last_data_sent",
    "lastrcv": "last_data_recv",
    "lastack": "last_ack_recv",
    "delivered": "delivered",
    "rcv_space": "rcv_space",
    "rcv_ssthresh": "rcv_ssthresh",
    "snd_wnd": "snd_wnd",
    "rcv_wnd": "rcv_wnd",
}


TIMES = ("rto", "rtt", "minrtt")


def ss_line(text: str) -> dict[str, Any]:
    """One line of ss as keys and values."""
    _, state, received, sent_, local, peer, *rest = text.split()
    words = dict(word.split(":", 1) for word in rest if re.fullmatch(r"\w+:[^()]+", word))
    memory = re.search(r"skmem:\((.*?)\)", text)
    assert memory is not None
    found: dict[str, Any] = {"state": state, "recv": received, "send": sent_, "local": local, "peer": peer}
    found |= {key: words[key] for key in (*TIMES, "ino", "sk", "v6only", "wscale", *TCP) if key in words}
    found |= {f"memory.{key}": value for key, value in re.findall(r"([a-z]+)(\d+)", memory[1])}
    return found | ({"congestion": "cubic"} if " cubic " in text else {})


def endpoint(address: str, port: int) -> str:
    shown = "*" if port == 0 else str(port)
    return f"[{address}]:{shown}" if ":" in address else f"{address}:{shown}"


def test_sockets(about: About) -> None:
    """ss -n -e -i -m -t -u -a; times of the kernel are in microseconds, ss prints milliseconds."""
    asked = about("ss")
    info = "INET_DIAG_INFO.tcpi_"
    table = {
        "state": ("idiag_state", lambda state: next(word for word, name in STATES.items() if name == state)),
        "recv": ("idiag_rqueue", str),
        "send": ("idiag_wqueue", str),
        "local": ("id.idiag_src id.idiag_sport", endpoint),
        "peer": ("id.idiag_dst id.idiag_dport", endpoint),
        "ino": ("idiag_inode", str),
        "sk": ("id.idiag_cookie", lambda cookie: f"{cookie[0] | cookie[1] << 32:x}"),
        "v6only": ("INET_DIAG_SKV6ONLY", str),
        "congestion": ("INET_DIAG_CONG", same),
        **{f"memory.{key}": (f"INET_DIAG_SKMEMINFO.SK_MEMINFO_{name}", str) for key, name in MEMORY.items()},
        **{key: (f"{info}{name}", str) for key, name in TCP.items()},
        "rto": (f"{info}rto", lambda value: f"{value / 1000:g}"),
        "rtt": (f"{info}rtt {info}rttvar", lambda *both: "/".join(f"{one / 1000:g}" for one in both)),
        "minrtt": (f"{info}min_rtt", lambda value: f"{value / 1000:g}"),
        "wscale": (f"{info}wscale.tcpi_snd_wscale {info}wscale.tcpi_rcv_wscale", lambda *two: ",".join(map(str, two))),
    }
    pairs = list(zip(map(ss_line, asked.printed.splitlines()), asked.told("SOCK_DIAG_BY_FAMILY"), strict=True))

    assert [] == [wrong for theirs, ours in pairs for wrong in compare(theirs, ours, table, {})]
    assert {"UNCONN", "LISTEN", "ESTAB"} == {theirs["state"] for theirs, _ in pairs}


def test_features(about: About) -> None:
    """ethtool --json -k left: names come from a string set, states from compact bit sets."""
    asked = about("ethtool")
    answers = [
        one for one in asked.objects if one["layers"].get("ethtool") is not None and one["direction"] == "to user"
    ]
    told = {one["layers"]["genlmsghdr"]["cmd"]: one["layers"]["ethtool"]["attrs"] for one in answers}
    sets = "ETHTOOL_A_STRSET_STRINGSETS.ETHTOOL_A_STRINGSETS_STRINGSET.#.ETHTOOL_A_STRINGSET_STRINGS"
    strings = dig(told["ETHTOOL_MSG_STRSET_GET_REPLY"], f"{sets}.ETHTOOL_A_STRINGS_STRING", ["0"])
    names = {one["ETHTOOL_A_STRING_VALUE"]: one["ETHTOOL_A_STRING_INDEX"] for one in strings}
    reply = told["ETHTOOL_MSG_FEATURES_GET_REPLY"]

    def holds(which: str, bit: int) -> bool:
        words = reply[f"ETHTOOL_A_FEATURES_{which}"]["ETHTOOL_A_BITSET_VALUE"]
        return bool(words[bit // 32] >> bit % 32 & 1)

    (printed,) = json.loads(asked.printed)
    compared = {
        name: {"active": holds("ACTIVE", bit), "requested": holds("WANTED", bit)}
        for name, bit in names.items()
        if isinstance(printed.get(name), dict)
    }
    # What -k calls "fixed" is what the hardware can't change; other names sum up several features.
    assert compared == {name: {key: printed[name][key] for key in ("active", "requested")} for name in compared}
    assert {name: printed[name]["fixed"] for name in compared} == {
        name: not holds("HW", names[name]) or holds("NOCHANGE", names[name]) for name in compared
    }
    assert len(compared) > 30


def test_differences_are_found() -> None:
    """What a comparison says of another value, an absent one, a key in no table, a list in another order."""
    table = {"*": ("IFLA_*", same), "flags": ("ifi_flags", bits("IFF_", "IFF_RUNNING"))}
    ours = {"ifi_flags": ["IFF_UP", "IFF_RUNNING", "IFF_LOOPBACK"], "attrs": {"IFLA_MTU": 1500}}

    assert [] == compare({"mtu": 1500, "flags": ["LOOPBACK", "UP"]}, ours, table, {})
    assert ["mtu: 1400, but IFLA_MTU is 1500"] == compare({"mtu": 1400}, ours, table, {})
    assert ["group: 0, but IFLA_GROUP is None"] == compare({"group": 0}, ours, table, {})
    assert ["a.0.b: in no table (1)"] == compare({"a": [{"b": 1}]}, ours, {}, {})
    assert [] == compare({"a": [{"b": 1}]}, ours, {}, {"a.#.b": "the tool's own"})
