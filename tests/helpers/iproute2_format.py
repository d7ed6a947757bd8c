"""How iproute2 writes values that several of its tools print; tables that several comparisons share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.helpers.peer_tools import Asked, bits, centi, dig, hexed, low, same, up


@pytest.fixture(scope="module")
def dev(peer_answers: dict[str, Asked]) -> Callable[[Any], str | None]:
    """The name of an interface index."""
    names = {dig(one, "ifi_index", []): dig(one, "IFLA_IFNAME", []) for one in peer_answers["link"].told("RTM_NEWLINK")}
    return names.get


Dev = Callable[[Any], str | None]
About = Callable[[str], Asked]


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


def link_flags(flags: list[str] | None) -> list[str]:
    """print_link_flags of ip/ipaddress.c: what is up and does not run has no carrier."""
    told = flags or []
    lost = ["NO-CARRIER"] if "IFF_UP" in told and "IFF_RUNNING" not in told else []
    return lost + bits("IFF_", "IFF_RUNNING")(told)


def link_table(dev: Dev) -> dict[str, tuple[str, Any]]:
    """`ip -j link`: mostly the attribute's name in lower case."""
    return {
        "*": ("IFLA_*", same),
        "ifindex": ("ifi_index", same),
        "link": ("IFLA_LINK", dev),
        "master": ("IFLA_MASTER", dev),
        "flags": ("ifi_flags", link_flags),
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


def counters(prefix: str, stats: str) -> dict[str, tuple[str, Any]]:
    """What tc's statistics have in common."""
    return {
        **{f"{prefix}{name}": (f"{stats}.TCA_STATS_BASIC.{name}", same) for name in ("bytes", "packets")},
        **{
            f"{prefix}{name}": (f"{stats}.TCA_STATS_QUEUE.{name}", same)
            for name in ("drops", "overlimits", "requeues", "backlog", "qlen")
        },
    }
