"""nftables of the families inet, ip, ip6, arp and netdev on real bytes: what nft(8) sent of a ruleset."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.helpers.captures import requests, undecoded, value
from tests.helpers.route_messages import body

CAPTURE = "nft_families.pcap"


def test_nothing_is_left_over() -> None:
    assert [] == undecoded(CAPTURE)


@cache
def rules(family: str, chain: str) -> list[list[tuple[str, dict[str, Any]]]]:
    """The rules sent for a chain, in order: (name, attributes) of each expression."""
    sent = [one for one in requests(CAPTURE, "NFT_MSG_NEWRULE") if value(one, "NFTA_RULE_CHAIN") == chain]
    rows = [
        body(one)["attrs"]["NFTA_RULE_EXPRESSIONS"]["NFTA_LIST_ELEM"]
        for one in sent
        if body(one)["nfgen_family"] == f"NFPROTO_{family}"
    ]
    return [[(row["NFTA_EXPR_NAME"], row.get("NFTA_EXPR_DATA", {})) for row in rule] for rule in rows]


def first(family: str, chain: str, name: str, which: int = 0) -> dict[str, Any]:
    """The attributes of an expression of that name among a chain's."""
    return [data for rule in rules(family, chain) for found, data in rule if found == name][which]


def test_every_expression_is_known() -> None:
    """Sixty rules, every expression with a name the tables have."""
    chains = [
        ("INET", "input"), ("INET", "forward"), ("INET", "pre"), ("INET", "post"), ("IPV4", "pre"), ("IPV4", "out"),
        ("IPV6", "pre"), ("ARP", "input"), ("NETDEV", "in"), ("NETDEV", "out"),
    ]  # fmt: skip
    found = {name for chain in chains for rule in rules(*chain) for name, _ in rule}

    assert {
        "fib", "objref", "dynset", "reject", "socket", "rt", "exthdr", "inner", "xfrm", "byteorder", "range", "ct",
        "hash", "last", "osf", "flow_offload", "notrack", "redir", "nat", "masq", "tproxy", "dup", "fwd", "limit",
    } <= found  # fmt: skip


def test_lookups() -> None:
    """fib saddr . iif oif missing drop; socket cgroupv2 level 1 "."; rt ip nexthop 192.0.2.1; osf name "Linux"."""
    fib = first("INET", "input", "fib")

    assert (["NFTA_FIB_F_SADDR", "NFTA_FIB_F_IIF"], "NFT_FIB_RESULT_OIF") == (
        [name for name in fib["NFTA_FIB_FLAGS"] if "PRESENT" not in name],
        fib["NFTA_FIB_RESULT"],
    )
    assert ("NFT_SOCKET_CGROUPV2", 1) == (
        first("INET", "input", "socket", 2)["NFTA_SOCKET_KEY"],
        first("INET", "input", "socket", 2)["NFTA_SOCKET_LEVEL"],
    )
    assert "NFT_RT_CLASSID" == first("INET", "input", "rt")["NFTA_RT_KEY"]
    assert 16 == first("INET", "input", "hash")["NFTA_HASH_MODULUS"]


def test_translation() -> None:
    """snat ip prefix to 192.0.2.0/24; masquerade to :1024-65535 fully-random; dnat ... persistent; redirect random."""
    prefix = first("INET", "post", "nat")
    persistent = first("INET", "pre", "nat", 1)

    assert ("NFT_NAT_SNAT", "NFPROTO_IPV4") == (prefix["NFTA_NAT_TYPE"], prefix["NFTA_NAT_FAMILY"])
    assert "NF_NAT_RANGE_NETMAP" in prefix["NFTA_NAT_FLAGS"]
    assert ("NFT_NAT_DNAT", "NFPROTO_IPV6") == (persistent["NFTA_NAT_TYPE"], persistent["NFTA_NAT_FAMILY"])
    assert "NF_NAT_RANGE_PERSISTENT" in persistent["NFTA_NAT_FLAGS"]
    assert "NF_NAT_RANGE_PROTO_RANDOM_FULLY" in first("INET", "post", "masq")["NFTA_MASQ_FLAGS"]
    assert "NF_NAT_RANGE_PROTO_RANDOM" in first("INET", "pre", "redir")["NFTA_REDIR_FLAGS"]


def test_objects() -> None:
    """ct helper ftp-standard { type "ftp" protocol tcp; }; ct timeout slow { established : 2m, close : 5s };
    ct expectation later { dport 9876; timeout 1m; size 12 }; synproxy guard { mss 1460; wscale 7; }."""
    objects = {value(one, "NFTA_OBJ_NAME"): one for one in requests(CAPTURE, "NFT_MSG_NEWOBJ")}
    kinds = {name: value(one, "NFTA_OBJ_TYPE") for name, one in objects.items()}

    assert {
        "ftp-standard": "NFT_OBJECT_CT_HELPER",
        "slow": "NFT_OBJECT_CT_TIMEOUT",
        "later": "NFT_OBJECT_CT_EXPECT",
        "guard": "NFT_OBJECT_SYNPROXY",
    } == kinds
    assert "ftp" == value(objects["ftp-standard"], "NFTA_CT_HELPER_NAME")
    assert (9876, 60000, 12) == tuple(
        value(objects["later"], f"NFTA_CT_EXPECT_{name}") for name in ("DPORT", "TIMEOUT", "SIZE")
    )
    assert (1460, 7) == tuple(value(objects["guard"], f"NFTA_SYNPROXY_{name}") for name in ("MSS", "WSCALE"))


def test_flow_table() -> None:
    """flowtable fast { hook ingress priority filter; devices = { d0, d1 }; counter; }, and flow add @fast."""
    (table,) = requests(CAPTURE, "NFT_MSG_NEWFLOWTABLE")

    assert "fast" == value(table, "NFTA_FLOWTABLE_NAME")
    assert "fast" == first("INET", "forward", "flow_offload")["NFTA_FLOW_TABLE_NAME"]
    assert {"d0", "d1"} == set(value(table, "NFTA_FLOWTABLE_HOOK_DEVS")["NFTA_DEVICE_NAME"])


def test_inner_headers() -> None:
    """udp dport 4789 vxlan vni 10 vxlan ip saddr 10.0.0.1: an expression inside an expression, behind 8 bytes."""
    inner = first("INET", "input", "inner")

    assert ("NFT_INNER_VXLAN", 8) == (inner["NFTA_INNER_TYPE"], inner["NFTA_INNER_HDRSIZE"])
    assert "payload" == inner["NFTA_INNER_EXPR"]["NFTA_EXPR_NAME"]


def test_what_goes_elsewhere() -> None:
    """fwd ip to 192.0.2.5 device "d1"; dup to "d1"; tproxy to [::1]:50080; reject with icmpx host-unreachable."""
    forward = first("NETDEV", "in", "fwd")

    assert "NFPROTO_IPV4" == forward["NFTA_FWD_NFPROTO"]
    assert "NFTA_DUP_SREG_DEV" in first("NETDEV", "in", "dup")
    assert "NFPROTO_IPV6" == first("IPV6", "pre", "tproxy")["NFTA_TPROXY_FAMILY"]
    rejections = [data for rule in rules("INET", "input") for name, data in rule if name == "reject"]
    assert ["NFT_REJECT_TCP_RST", "NFT_REJECT_ICMP_UNREACH", "NFT_REJECT_ICMPX_UNREACH"] == [
        one["NFTA_REJECT_TYPE"] for one in rejections
    ]
    assert "NFT_REJECT_ICMPX_HOST_UNREACH" == rejections[2]["NFTA_REJECT_ICMP_CODE"]
