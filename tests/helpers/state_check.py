"""Compares the state that `changes` keeps of a capture with the kernel's own, as iproute2 printed it
(guest_scenario.py).

check = replay(folder)
check.stale     what is kept although the kernel has no such thing, or has it otherwise
check.missing   what the kernel has although nothing of it is kept
check.unseen    what is said to have changed without a notification, although the capture lacks none
check.alike     names that several objects of one sort have at once
check.told      how many changes say what: added, changed, ...
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from pathlib import Path
from typing import Any

from nldissect.analysis.objects.change import Change, called, name_of
from nldissect.analysis.objects.changes import Changes
from nldissect.analysis.objects.object_store import KeptObject
from nldissect.stream.frames import FrameStream
from nldissect.wire import Node

AF_INET, AF_INET6, AF_BRIDGE, AF_MPLS, IPMR = 2, 10, 7, 28, 128
NTF_PROXY, NUD_NOARP, NETFILTER = 8, 0x40, 12
UNICAST, UNIVERSE, MAIN, BOOT = 1, 0, 254, 3
Fact = tuple[Any, ...]
STATE = r"^src \S+ dst (\S+)\n\tproto (\S+) spi (\S+) .*\n(?:\t(?!mark).*\n)*(?:\tmark (\w+))?"
POLICY = (
    r"^src (\S+) dst (\S+) \n\tdir (\w+) priority \w+ ptype (\w+) \n(?:\tmark (\w+)\S* \n)?(?:\t+(?!if_id).*\n)*"
    r"(?:\tif_id (\w+))?"
)


@dataclass
class Check:
    """The result for all states of a scenario; `about` limits it to these sorts of facts."""

    stale: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    alike: list[str] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    compared: int = 0


def replay(folder: Path, about: str = "") -> Check:
    """Follow the capture; at each state compare."""
    states = json.loads((folder / "state.json").read_text())
    found, check = Changes(), Check()
    capture = FrameStream(str(folder / "capture.pcap"))
    frames = iter(capture.frames())
    for number, state in enumerate(states, 1):
        for seen in frames:
            for place, walked in enumerate(seen.frame.messages, 1):
                check.changes += found.meet(seen.number, place, seen.record.time, walked, None)
            if seen.number == state["frame"]:
                break
        check.changes += found.finish()
        check.alike += [f"state {number}: {name}" for name in alike(found.kept().values())]
        compare(f"state {number}", found.kept().values(), state["state"], about.split(), check)
    check.unseen = [f"{called(one)}: {[each.path for each in one.differences]}" for one in check.changes if one.unseen]
    check.told = Counter(change.what for change in check.changes)
    return check


def alike(kept: Iterable[KeptObject]) -> list[str]:
    """Names that several objects of one sort have; those that are equal in everything are kept as one."""
    names = Counter(f"{one.thing.name} {name_of(one.thing, one.walked)}" for one in kept)
    return [name for name, count in names.items() if count > 1]


def compare(where: str, kept: Iterable[KeptObject], state: dict[str, Any], about: list[str], check: Check) -> None:
    names = dict(links(state))
    ours, kernel = Counter[Fact](), Counter[Fact]()
    for one in kept:
        found = [fact for fact in facts_kept(View(one, names)) if not about or fact[0] in about]
        ours.update(found * one.count)
    for name, facts in READERS.items():
        if name not in state:
            continue
        kernel.update(fact for fact in facts(state[name]) if not about or fact[0] in about)
    check.compared += kernel.total()
    hidden = listed_in_proc(state.get("proc6", ""))
    check.stale += [f"{where}: {fact} x{count}" for fact, count in (ours - kernel).items() if fact not in hidden]
    check.missing += [f"{where}: {fact} x{count}" for fact, count in (kernel - ours).items()]


def links(state: dict[str, Any]) -> Iterator[tuple[int, str]]:
    for link in state["link"]:
        yield link["ifindex"], link["ifname"]


def listed_in_proc(text: str) -> set[Fact]:
    """Routes of IPv6 without a gateway that /proc shows; a dump passes over those between siblings (fib6_dump_node)."""
    found = set[Fact]()
    for line in text.splitlines():
        dst, length, _, _, gateway, metric, *_, dev = line.split()
        prefix = f"{IPv6Address(int(dst, 16))}/{int(length, 16)}"
        if not int(gateway, 16):
            found.add(("route6", prefix, MAIN, 0, int(metric, 16), UNICAST, BOOT, 0, None, None, ((dev, None, 1),)))
    return found


class View:
    """The values of a kept object by name, `names` those of interfaces."""

    def __init__(self, kept: KeptObject, names: dict[int, str]) -> None:
        self.kept, self.names = kept, names
        self.thing, self.type = kept.thing.name, kept.walked.type_name

    def __call__(self, name: str, default: Any = None) -> Any:
        node = self.kept.leaves.get(name)
        return default if node is None else plain(node)

    def dev(self, name: str) -> str | None:
        index = self(name)
        return None if not index else self.names.get(index, f"if{index}")


def plain(node: Node) -> Any:
    """A number as it is, an address as text."""
    return node.value if isinstance(node.value, int) else str(node.kind.shown(node.value)).strip('"')


def facts_kept(view: View) -> Iterator[Fact]:
    """What a kept object says, in the words of the readers below."""
    family = view("rtm_family", view("ifa_family", view("ndm_family", view("family"))))
    match view.thing:
        case "link":
            if view("ifi_flags") is not None:  # else only a request told of it, which gave it neither index nor flags
                yield "link", view("ifi_index"), view("IFLA_IFNAME"), view("IFLA_MTU"), bool(view("ifi_flags") & 1)
            yield "master", view("IFLA_IFNAME"), view.dev("IFLA_MASTER")
        case "bridge port":
            for path in view.kept.leaves:
                if " " in path:
                    yield "vlan", view("IFLA_IFNAME"), int(path.split()[-1])
        case "address":
            local = view("IFA_LOCAL", view("IFA_ADDRESS"))
            peer = view("IFA_ADDRESS") if view("IFA_ADDRESS") != local else None
            yield "address", view.dev("ifa_index"), local, view("ifa_prefixlen"), peer
        case "route" if family in (AF_INET, AF_INET6):
            yield route_kept(view, family)
        case "route" if family == AF_MPLS:
            yield "mpls", view("RTA_DST"), tuple(hops_kept(view))
        case "multicast route":
            yield "mroute", view("RTA_SRC"), view("RTA_DST"), view.dev("RTA_IIF")
        case "rule" if view.kept.walked.protocol == NETFILTER:
            yield "nftables", "rule", view("NFTA_RULE_TABLE"), None, None, view("NFTA_RULE_HANDLE")
        case "rule":
            yield rule_kept(view, family)
        case "table":
            yield "nftables", "table", None, None, view("NFTA_TABLE_NAME"), view("NFTA_TABLE_HANDLE")
        case "chain" if view.kept.walked.protocol == NETFILTER:
            yield (
                "nftables",
                "chain",
                view("NFTA_CHAIN_TABLE"),
                None,
                view("NFTA_CHAIN_NAME"),
                view("NFTA_CHAIN_HANDLE"),
            )
        case "set" if "__set" not in view("NFTA_SET_NAME"):  # those of single rules are not listed
            yield "nftables", "set", view("NFTA_SET_TABLE"), None, view("NFTA_SET_NAME"), view("NFTA_SET_HANDLE")
        case "filter":
            handle = view("tcm_handle")
            u32 = f"{handle >> 20:x}:" + (f":{handle & 0xFFF:x}" if handle & 0xFFF else "")
            text = u32 if view("TCA_KIND") == "u32" else str(handle)
            yield "filter", view("tcm_info") >> 16, view("TCA_KIND"), view("TCA_CHAIN"), text
        case "state":
            proto = view.kept.walked.find("id.proto")
            proto = proto.kind.shown(proto.value).split()[0].removeprefix("IPPROTO_").lower()
            yield "state", view("id.daddr"), proto, view("id.spi"), view("XFRMA_MARK.v", 0)
        case "policy":
            way = ("in", "out", "fwd")[view("dir")]
            source, to = (f"{view(f'sel.{side}addr')}/{view(f'sel.prefixlen_{side}')}" for side in "sd")
            kind = "sub" if view("XFRMA_POLICY_TYPE.type") else "main"
            yield "policy", source, to, way, kind, view("XFRMA_MARK.v", 0), view("XFRMA_IF_ID", 0)
        case "neighbour" | "proxy neighbour" | "fdb entry":
            if family == AF_BRIDGE or not view("ndm_state") & NUD_NOARP:  # not listed unless asked for
                yield neighbour_kept(view, family)
        case "nexthop":
            group = sorted(node.value for path, node in view.kept.leaves.items() if path.endswith(".id"))
            yield "nexthop", view("NHA_ID"), view("NHA_GATEWAY"), view.dev("NHA_OIF"), tuple(group)
        case "qdisc":
            yield (
                "qdisc",
                view.dev("tcm_ifindex"),
                view("TCA_KIND"),
                parent(view("tcm_parent")),
                view("tcm_handle") >> 16,
            )


def parent(number: int) -> str:
    """A parent of tc as its JSON has it."""
    return "root" if number == 0xFFFF_FFFF else f"{number >> 16:x}:{number & 0xFFFF:x}"


def route_kept(view: View, family: int) -> Fact:
    prefix = view("RTA_DST")
    dst = "default" if prefix is None else f"{prefix}/{view('rtm_dst_len')}"
    return (
        f"route{4 if family == AF_INET else 6}", dst, view("RTA_TABLE", view("rtm_table")), view("rtm_tos"),
        view("RTA_PRIORITY", 0), view("rtm_type"), view("rtm_protocol"), view("rtm_scope") if family == AF_INET else 0,
        view("RTA_PREFSRC"), view("RTA_NH_ID"), tuple(sorted(hops_kept(view), key=str)),
    )  # fmt: skip


def hops_kept(view: View) -> Iterator[Fact]:
    """Device, gateway and weight of each next hop."""
    step = "RTA_MULTIPATH."
    records = sorted({path.split(".")[1] for path in view.kept.leaves if path.startswith(step)})
    for record in records:
        at = f"{step}{record}."
        via = view(f"{at}attrs.RTA_GATEWAY", view(f"{at}attrs.RTA_VIA.rtvia_addr"))
        yield view.dev(f"{at}rtnh_ifindex"), via, view(f"{at}rtnh_hops") + 1
    if not records:
        via, dev = view("RTA_GATEWAY", view("RTA_VIA.rtvia_addr")), view.dev("RTA_OIF")
        if dev or via:
            yield dev, via, 1


def routes(name: str) -> Callable[[Any], Iterator[Fact]]:
    def read(found: Any) -> Iterator[Fact]:
        for one in found:
            dst = one["dst"]
            full = dst if dst == "default" or "/" in dst else f"{dst}/{32 if name == 'route4' else 128}"
            tops = [one] if "dev" in one or "gateway" in one else []
            hops = [
                (hop.get("dev"), hop.get("gateway", hop.get("via", {}).get("host")), hop.get("weight", 1))
                for hop in one.get("nexthops", tops)
            ]
            yield (
                name, full, int(one.get("table", MAIN)), int(str(one.get("tos", "0")), 0), one.get("metric", 0),
                int(one.get("type", UNICAST)), int(one.get("protocol", BOOT)),
                int(one.get("scope", UNIVERSE)) if name == "route4" else 0, one.get("prefsrc"), one.get("nhid"),
                tuple(sorted(hops, key=str)),
            )  # fmt: skip

    return read


def rule_kept(view: View, family: int) -> Fact:
    source = view("FRA_SRC")
    return (
        f"rule{4 if family == AF_INET else 6}", view("FRA_PRIORITY", 0),
        "all" if source is None else source, view("FRA_IIFNAME"), view("FRA_FWMARK", 0), view("FRA_TABLE"),
        view("FRA_PROTOCOL", 0),
    )  # fmt: skip


def rules(name: str) -> Callable[[Any], Iterator[Fact]]:
    def read(found: Any) -> Iterator[Fact]:
        for one in found:
            yield (
                name, one["priority"], one["src"], one.get("iif"), int(one.get("fwmark", "0"), 0),
                int(one["table"]), int(one.get("protocol", 2)),
            )  # fmt: skip

    return read


def neighbour_kept(view: View, family: int) -> Fact:
    if family == AF_BRIDGE:
        return (
            "fdb", view.dev("ndm_ifindex"), view("NDA_LLADDR"), view("NDA_VLAN"), view.dev("NDA_MASTER"),
            view("NDA_DST"), view("NDA_PORT"), view("NDA_VNI"), view("NDA_SRC_VNI"), view("NDA_NH_ID"),
        )  # fmt: skip
    if view("ndm_flags") & NTF_PROXY:
        return "proxy", view.dev("ndm_ifindex"), view("NDA_DST")
    return "neighbour", view.dev("ndm_ifindex"), view("NDA_DST"), view("NDA_LLADDR")


def fdb(found: Any) -> Iterator[Fact]:
    for one in found:
        yield (
            "fdb", one["ifname"], one["mac"], one.get("vlan"), one.get("master"), one.get("dst"), one.get("port"),
            one.get("vni"), one.get("src_vni"), one.get("nhid"),
        )  # fmt: skip


READERS: dict[str, Callable[[Any], Iterator[Fact]]] = {
    "link": lambda found: (
        fact
        for one in found
        for fact in (
            ("link", one["ifindex"], one["ifname"], one["mtu"], "UP" in one["flags"]),
            ("master", one["ifname"], one.get("master")),
        )
    ),
    "address": lambda found: (
        ("address", link["ifname"], one["local"], one["prefixlen"], one.get("address"))
        for link in found
        for one in link["addr_info"]
        if one
    ),
    "route4": routes("route4"),
    "route6": routes("route6"),
    "rule4": rules("rule4"),
    "rule6": rules("rule6"),
    "neighbour": lambda found: (("neighbour", one["dev"], one["dst"], one.get("lladdr")) for one in found),
    "proxy": lambda found: (("proxy", one.get("dev"), one["dst"]) for one in found),
    "fdb": fdb,
    "nexthop": lambda found: (
        ("nexthop", one["id"], one.get("gateway"), one.get("dev"), tuple(sorted(hop["id"] for hop in group)))
        for one in found
        for group in [one.get("group", [])]
    ),
    "qdisc": lambda found: (
        (
            "qdisc", one["dev"], one["kind"], "root" if one.get("root") else one["parent"],
            int(one["handle"].rstrip(":") or "0", 16),
        )
        for one in found
    ),
    "mpls": lambda found: (
        (
            "mpls", one["dst"],
            tuple(
                (hop.get("dev"), hop.get("gateway", hop.get("via", {}).get("host")), hop.get("weight", 1))
                for hop in one.get("nexthops", [one])
            ),
        )
        for one in found
    ),
    "vlan": lambda found: (("vlan", port["ifname"], one["vlan"]) for port in found for one in port["vlans"]),
    "filter": lambda found: (
        ("filter", one["pref"], one["kind"], one["chain"], str(one["options"].get("fh") or one["options"]["handle"]))
        for one in found
        if "options" in one
    ),
    "nftables": lambda found: (
        ("nftables", kind, one.get("table"), None, one.get("name"), one["handle"])  # a rule's chain can be renamed
        for entry in found["nftables"]
        for kind, one in entry.items()
        if kind in ("table", "chain", "rule", "set")
    ),
    "state": lambda found: (
        ("state", dst, proto, int(spi, 16), int(mark or "0", 16))
        for dst, proto, spi, mark in re.findall(STATE, found, re.MULTILINE)
    ),
    "policy": lambda found: (
        ("policy", src, dst, way, kind, int(mark or "0", 16), int(number or "0", 16))
        for src, dst, way, kind, mark, number in re.findall(POLICY, found, re.MULTILINE)
    ),
    "mroute": lambda found: (("mroute", one["src"], one["dst"], one.get("iif")) for one in found),
}  # fmt: skip
"""By command of guest_scenario.py what its output says."""
