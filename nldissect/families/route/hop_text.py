"""Next hops in the words of ip(8), which takes them as it writes them (print_route, parse_one_nh of iproute2)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nldissect.wire import Context, Node
from nldissect.wire.nodes import find
from nldissect.wire.summary import SHOWN_THINGS, brief

OWN = 2
"""Levels of nodes that are a next hop's own: its fields, and the attributes behind them."""


def next_hops(hops: Sequence[Node], header: Mapping[str, Any], names: Context) -> str:
    """Return the next hops of a route one after the other, of many the first."""
    texts = [_hop(hop, names) for hop in hops[:SHOWN_THINGS]]
    return " ".join(texts + ["..."] * (len(hops) > SHOWN_THINGS))


def _hop(hop: Node, names: Context) -> str:
    if not isinstance(hop.value, list):  # bytes behind the last
        return brief(hop.kind, hop.value, names)
    return " ".join(filter(None, ["nexthop", *_words(hop.value, names)]))


def _words(hop: list[Node], names: Context) -> Iterator[str]:
    def text(name: str, depth: int | None = OWN) -> str:
        node = find(hop, name, depth)
        return "" if node is None else brief(node.kind, node.value, names)

    def said(word: str, value: str) -> str:
        return f"{word} {value}" if value else ""

    yield said("as to", text("RTA_NEWDST"))
    yield said("encap", f"{text('RTA_ENCAP_TYPE')} {text('MPLS_IPTUNNEL_DST', None)}".strip())
    yield said("ttl", text("MPLS_IPTUNNEL_TTL", None))
    yield said("via", text("RTA_GATEWAY"))
    yield said("via", f"{text('rtvia_family', None)} {text('rtvia_addr', None)}".strip())
    yield text("RTA_FLOW")
    yield said("dev", text("rtnh_ifindex"))
    yield text("rtnh_hops")
    yield text("rtnh_flags").lower().replace(",", " ")
