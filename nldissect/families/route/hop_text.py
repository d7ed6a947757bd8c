"""Next hops in the words of ip(8), which takes them as it writes them (print_route, parse_one_nh of iproute2)."""

from collections.abc import Iterator, Sequence

from nldissect.wire.summary import SHOWN_THINGS
from nldissect.wire.textnodes import TextNode, find_text

OWN = 2
"""Levels of nodes that are a next hop's own: its fields, and the attributes behind them."""
NAMES = (
    "RTA_NEWDST", "RTA_ENCAP_TYPE", "MPLS_IPTUNNEL_DST", "MPLS_IPTUNNEL_TTL", "RTA_GATEWAY", "rtvia_family",
    "rtvia_addr", "RTA_FLOW", "rtnh_ifindex", "rtnh_hops", "rtnh_flags",
)  # fmt: skip


def next_hops(hops: Sequence[TextNode]) -> str:
    """Return the next hops of a route one after the other, of many the first."""
    texts = [_hop(hop) for hop in hops[:SHOWN_THINGS]]
    return " ".join(texts + ["..."] * (len(hops) > SHOWN_THINGS))


def _hop(hop: TextNode) -> str:
    if not hop.inner:  # bytes behind the last
        return hop.text
    return " ".join(filter(None, ["nexthop", *_words(hop.inner)]))


def _words(hop: list[TextNode]) -> Iterator[str]:
    def text(name: str, levels: int | None = OWN) -> str:
        return find_text(hop, name, levels)

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
