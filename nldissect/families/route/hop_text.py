"""Next hops in the words of ip(8), which takes them as it writes them (print_route, parse_one_nh of iproute2)."""

from collections.abc import Sequence

from nldissect.wire.summary import SHOWN_THINGS
from nldissect.wire.textnodes import TextNode, texts_of

OWN = 2
"""Levels of nodes that are a next hop's own: its fields, and the attributes behind them."""
DEEPER = ("MPLS_IPTUNNEL_DST", "MPLS_IPTUNNEL_TTL", "rtvia_family", "rtvia_addr")
"""What is looked for at every level."""
SAID = (
    ("as to", "RTA_NEWDST"), ("encap", "RTA_ENCAP_TYPE", "MPLS_IPTUNNEL_DST"), ("ttl", "MPLS_IPTUNNEL_TTL"),
    ("via", "RTA_GATEWAY"), ("via", "rtvia_family", "rtvia_addr"), ("", "RTA_FLOW"), ("dev", "rtnh_ifindex"),
    ("", "rtnh_hops"),
)  # fmt: skip
"""Words, and what stands behind each."""
NAMES = (*(name for _, *names in SAID for name in names), "rtnh_flags")


def next_hops(hops: Sequence[TextNode]) -> str:
    """Return the next hops of a route one after the other, of many the first."""
    texts = [_hop(hop) for hop in hops[:SHOWN_THINGS]]
    return " ".join(texts + ["..."] * (len(hops) > SHOWN_THINGS))


def _hop(hop: TextNode) -> str:
    if not hop.inner:  # bytes behind the last
        return hop.text
    own, every = texts_of(hop.inner, OWN)
    words = ["nexthop"]
    for word, *names in SAID:
        texts = [text for name in names if (text := (every if name in DEEPER else own).get(name))]
        if texts:
            words += [word, *texts] if word else texts
    words += own.get("rtnh_flags", "").lower().split(",")
    return " ".join(filter(None, words))
