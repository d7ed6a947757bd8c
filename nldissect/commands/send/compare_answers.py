"""Comparison of this kernel's answers with recorded ones: the same messages, apart from numbers that never stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from nldissect.render.json_objects import message_object
from nldissect.render.json_text import encode
from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR
from nldissect.wire import DecodedMessage

VOLATILE = {
    "nlmsg_seq", "nlmsg_pid", "nlmsg_len", "nlmsg_flags",
    "CTRL_ATTR_FAMILY_ID", "CTRL_ATTR_MCAST_GRP_ID",
    "IFLA_STATS", "IFLA_STATS64", "IFLA_CARRIER_CHANGES", "IFLA_CARRIER_UP_COUNT", "IFLA_CARRIER_DOWN_COUNT",
    "IFLA_INET6_STATS", "IFLA_INET6_ICMP6STATS", "IFLA_INET6_CACHEINFO", "IFLA_XDP_PROG_ID",
    "IFA_CACHEINFO", "RTA_CACHEINFO", "NDA_CACHEINFO", "NDTA_STATS", "PREFIX_CACHEINFO", "RTA_MFC_STATS", "RTA_EXPIRES",
    "IFLA_BR_HELLO_TIMER", "IFLA_BR_TCN_TIMER", "IFLA_BR_TOPOLOGY_CHANGE_TIMER", "IFLA_BR_GC_TIMER",
    "IFLA_BRPORT_MESSAGE_AGE_TIMER", "IFLA_BRPORT_FORWARD_DELAY_TIMER", "IFLA_BRPORT_HOLD_TIMER",
    "TCA_STATS", "TCA_STATS2", "TCA_XSTATS", "MDBA_MDB_EATTR_TIMER",
    "CTA_COUNTERS_ORIG", "CTA_COUNTERS_REPLY", "CTA_TIMEOUT", "CTA_TIMESTAMP",
    "INET_DIAG_MEMINFO", "INET_DIAG_SKMEMINFO", "INET_DIAG_INFO", "UNIX_DIAG_MEMINFO", "NETLINK_DIAG_MEMINFO",
    "NFTA_GEN_ID", "NFTA_GEN_PROC_PID", "NFTA_GEN_PROC_NAME", "NFTA_TABLE_HANDLE", "NFTA_CHAIN_HANDLE",
    "NFTA_RULE_HANDLE", "NFTA_RULE_POSITION", "NFTA_SET_HANDLE", "NFTA_OBJ_HANDLE", "NFTA_FLOWTABLE_HANDLE",
    "NFTA_SET_ELEM_EXPIRATION", "NFTA_COUNTER_BYTES", "NFTA_COUNTER_PACKETS",
    "XFRMA_LTIME_VAL", "XFRMA_REPLAY_VAL", "XFRMA_LASTUSED", "curlft",
}  # fmt: skip
"""Fields and attributes that hold counters, timers or numbers that are assigned anew."""
NAMES = ("IFLA_IFNAME", "IFA_ADDRESS", "RTA_DST", "NDA_DST", "NFTA_CHAIN_NAME", "NFTA_SET_NAME", "NFTA_TABLE_NAME")
"""Attributes that name the object of a message, to tell differing answers apart."""
UNORDERED = {"NFTA_SET_ELEM_LIST_ELEMENTS"}
"""Lists in the order of a hash table."""
FEW, MANY = 3, 64


class AnswerComparison(NamedTuple):
    """The number of recorded answers that came again, and the differences of the others, one line each."""

    equal: int
    recorded: int
    differences: list[str]


def compare(recorded: list[DecodedMessage], here: list[DecodedMessage]) -> AnswerComparison:
    """Compare the answers to one request with the recorded ones; equal answers are paired first, in any order."""
    wanted, got = list(map(lasting, recorded)), list(map(lasting, here))
    left = [(place, item) for place, item in enumerate(wanted, 1)]
    equal = 0
    for pair in list(left):
        if pair[1] in got:
            got.remove(pair[1])
            left.remove(pair)
            equal += 1
    differences = []
    for place, item in left:
        if not got:
            differences.append(f"answer {place}, {item['nlmsg_type']}: not here")
            continue
        found = got.pop(_nearest(item, got))
        said = list(differing(item, found))
        more = f"; and {len(said) - FEW} more" if len(said) > FEW else ""
        differences.append(f"answer {place}{_called(item)}: {'; '.join(said[:FEW])}{more}")
    differences += [f"only here: {item['nlmsg_type']}{_called(item)}" for item in got]
    return AnswerComparison(equal, len(recorded), differences)


def _nearest(item: dict[str, Any], others: list[dict[str, Any]]) -> int:
    """Return the index of the message that differs least from `item`; 0 if there are more than MANY."""
    if len(others) > MANY:
        return 0
    return min(range(len(others)), key=lambda place: sum(1 for _ in differing(item, others[place])))


def _called(item: dict[str, Any]) -> str:
    """Return the name by which people know the object of a message, in parentheses; "" if it has none."""
    for layer in item.values():
        if isinstance(layer, dict):
            attrs = layer.get("attrs", layer)
            name = next((attrs[key] for key in NAMES if isinstance(attrs, dict) and key in attrs), None)
            if isinstance(name, str):
                return f" ({name})"
    return ""


def lasting(walked: DecodedMessage) -> dict[str, Any]:
    """Return the part of a message that should be the same on every host like this one."""
    item = message_object(walked)
    kept = {"nlmsg_type": item.get("nlmsg_type"), **item.get("layers", {}), "payload": item.get("payload")}
    if walked.number in (NLMSG_ERROR, NLMSG_DONE):
        layer = next((value for value in kept.values() if isinstance(value, dict) and "error" in value), {})
        kept = {"nlmsg_type": kept["nlmsg_type"], "error": layer.get("error", 0)}
    return {key: _without(value) for key, value in kept.items() if key not in VOLATILE and value is not None}


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: _without(inner) for key, inner in value.items() if key.partition("#")[0] not in VOLATILE}
        for key in kept.keys() & UNORDERED:
            kept[key] = sorted(({**one, "index": 0} for one in kept[key]), key=encode)
        return kept
    return [_without(inner) for inner in value] if isinstance(value, list) else value


def differing(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Yield the differences of two messages: `IFLA_MTU 1500, here 1400`."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            if old.get(key) != new.get(key):
                deeper = key if key in ("attrs",) or not path else f"{path}.{key}"
                yield from differing(old.get(key), new.get(key), path if key == "attrs" else deeper)
    else:
        yield f"{path} {_short(old)}, here {_short(new)}"


def _short(value: Any) -> str:
    text = "absent" if value is None else value if isinstance(value, str) else encode(value)
    return text if len(text) <= 60 else text[:57] + "..."
