"""Values against `tc` on the same traffic (tests/helpers/peer_tools.py)."""

from __future__ import annotations

import json
from typing import Any

from tests.helpers.iproute2_format import About, Dev, counters, ethertype, handle
from tests.helpers.peer_tools import compare, hexed, low, same

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
