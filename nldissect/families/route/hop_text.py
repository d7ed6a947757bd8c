"""Next hops in the words of ip(8), which takes them as it writes them (print_route, parse_one_nh of iproute2)."""

from nldissect.wire import Phrases

NEXT_HOPS = Phrases(
    "nexthop",
    (
        ("as to", "RTA_NEWDST"), ("encap", "RTA_ENCAP_TYPE", "MPLS_IPTUNNEL_DST"), ("ttl", "MPLS_IPTUNNEL_TTL"),
        ("via", "RTA_GATEWAY"), ("via", "rtvia_family", "rtvia_addr"), ("", "RTA_FLOW"), ("dev", "rtnh_ifindex"),
        ("", "rtnh_hops"), ("", "rtnh_flags"),
    ),
    levels=2,  # its fields, and the attributes behind them
    deep=("MPLS_IPTUNNEL_DST", "MPLS_IPTUNNEL_TTL", "rtvia_family", "rtvia_addr"),
    listed=("rtnh_flags",),
)  # fmt: skip
