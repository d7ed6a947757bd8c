"""Next hops of routes: in RTA_MULTIPATH where there are several, else among the route's own attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from nldissect.families.route.route import rtnexthop
from nldissect.wire import DecodedMessage, Node, Struct
from nldissect.wire.decode.nodes import inner_nodes
from nldissect.wire.summary_template import brief

from .identity import Leaves, bytes_of, flat, members_of

Hop = tuple[object, ...]
MULTIPATH, NH_ID = "RTA_MULTIPATH", "RTA_NH_ID"
SINGLE = ("RTA_OIF", "RTA_GATEWAY", "RTA_VIA", "RTA_ENCAP_TYPE", "RTA_ENCAP")
WORDS = (
    ("RTA_ENCAP_TYPE", "encap"), ("RTA_GATEWAY", "via"), ("rtvia_addr", "via"), ("RTA_OIF", "dev"),
    ("rtnh_ifindex", "dev"),
)  # fmt: skip
HOP = Struct(None, rtnexthop).named("rtnexthop")
WEIGHED = ("rtnh_hops", "rtnh_flags")


class Difference(NamedTuple):
    """A value that changed, None where it did or does not exist; `path` leads to it: A.B, A#2 for the second A."""

    path: str
    old: Node | None
    new: Node | None


def hops_of(walked: DecodedMessage) -> frozenset[Hop]:
    """Return what distinguishes the next hops of a route; for a route with a nexthop object, its id."""
    members = {node.name: node for node in members_of(walked)}
    if NH_ID in members:
        return frozenset({("id", members[NH_ID].value)})
    return frozenset(_records(walked, members))


def has_several(walked: DecodedMessage) -> bool:
    """Return whether a route holds its next hops in RTA_MULTIPATH."""
    return any(node.name == MULTIPATH for node in members_of(walked))


def is_of_hop(path: str) -> bool:
    """Return whether the value at a path belongs to a next hop."""
    return path.partition(".")[0] in (MULTIPATH, *SINGLE)


def hop_differences(
    old: DecodedMessage, old_hops: frozenset[Hop], new: DecodedMessage, new_hops: frozenset[Hop]
) -> Iterator[Difference]:
    """Yield the next hops that were removed, added, or changed in weight or flags; of both routes only the given ones.

    Routes with a nexthop object are compared by the next hops that they had and have.
    """
    before = _records(old, {node.name: node for node in members_of(old)})
    after = _records(new, {node.name: node for node in members_of(new)})
    if any(hop[0] == "id" for hop in (*old_hops, *new_hops)):
        old_hops, new_hops = frozenset(before), frozenset(after)
    sides: list[tuple[Node | None, Node | None]] = []
    sides += [(before[hop], after.get(hop) if hop in new_hops else None) for hop in before if hop in old_hops]
    sides += [(None, after[hop]) for hop in after if hop in new_hops and (hop not in before or hop not in old_hops)]
    count = 0
    for was, now in sides:
        if was is None or now is None or _weights(was) != _weights(now):
            count += 1
            yield Difference(MULTIPATH + (f"#{count}" if count > 1 else ""), was, now)


def without_hops(leaves: Leaves, walked: DecodedMessage, left: frozenset[Hop]) -> Leaves:
    """Return the values of a route without those of next hops that are not in `left`."""
    records = _records(walked, {node.name: node for node in members_of(walked)})
    gone = [record for hop, record in records.items() if hop not in left]

    def is_gone(node: Node) -> bool:
        return any(record.start <= node.start < record.end for record in gone)

    return {path: node for path, node in leaves.items() if not (is_of_hop(path) and is_gone(node))}


def hop_words(hop: Node) -> list[tuple[str, Node | None]]:
    """Return a next hop in the words of `ip route`: each word with the node of the value after it, None without one."""
    members = {node.name: node for node in flat(inner_nodes(hop))}
    via = members.get("RTA_VIA")
    members |= {} if via is None else {node.name: node for node in inner_nodes(via)}
    words = [(word, members[name]) for name, word in WORDS if name in members and members[name].value != 0]
    weight = members.get("rtnh_hops")
    more = [(f"weight {weight.value + 1}", None)] if weight is not None and weight.value else []
    return [*words, *more] or [("none", None)]


def hops_text(walked: DecodedMessage) -> str:
    """Return the next hops of a route that has several, as `ip route` writes them; empty for other routes."""
    members = {node.name: node for node in members_of(walked)}
    if MULTIPATH not in members:
        return ""
    hops = map(hop_words, _records(walked, members).values())
    return " ".join(f"nexthop {' '.join(_worded(word, node, walked) for word, node in words)}" for words in hops)


def _worded(word: str, node: Node | None, walked: DecodedMessage) -> str:
    return word if node is None else f"{word} {brief(node.kind, node.value, walked.context)}"


def _records(walked: DecodedMessage, members: dict[str, Node]) -> dict[Hop, Node]:
    """Return each next hop as one node, by what distinguishes it: interface, gateway, encapsulation."""
    found: dict[Hop, Node] = {}
    several = members.get(MULTIPATH)
    if several is not None:
        for record in inner_nodes(several):
            inner = {node.name: node for node in flat(inner_nodes(record)) if not node.kind.hidden}
            inner.pop("rtnh_len", None)
            found[_hop(walked, inner, "rtnh_ifindex")] = Node(HOP, record.start, record.end, [*inner.values()])
        return found
    own = [members[name] for name in SINGLE if name in members]
    if own:
        start, end = min(node.start for node in own), max(node.end for node in own)
        found[_hop(walked, members, SINGLE[0])] = Node(HOP, start, end, own)
    return found


def _hop(walked: DecodedMessage, members: dict[str, Node], interface: str) -> Hop:
    index = members.get(interface)
    others = (members.get(name) for name in SINGLE[1:])
    return index.value if index is not None else 0, *(one and bytes_of(walked, one) for one in others)


def _weights(record: Node) -> list[int]:
    """Return weight and flags of a next hop."""
    members = {node.name: node.value for node in flat(inner_nodes(record))}
    return [members.get(name, 0) for name in WEIGHED]
