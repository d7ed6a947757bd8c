"""Encapsulations of next hops, which routes and nexthop objects print alike (ip/iproute_lwtunnel.c)."""

from __future__ import annotations

from collections.abc import Mapping

from .converters import ABSENT, Converter, Table, bit, filled, number, text
from .values import ObjectValues

TUNNEL_CSUM, TUNNEL_KEY, TUNNEL_SEQ = 0x1, 0x4, 0x8
NAMES = {
    1: "mpls", 2: "ip", 3: "ila", 4: "ip6", 5: "seg6", 6: "bpf", 7: "seg6local", 8: "rpl", 9: "ioam6", 10: "xfrm",
}  # fmt: skip
MPLS: Table = {"dst": text("MPLS_IPTUNNEL_DST"), "ttl": number("MPLS_IPTUNNEL_TTL")}


def tunnel(prefix: str, limit: tuple[str, str], tos: tuple[str, str]) -> Table:
    """Return the table of a tunnel over IP: `limit` and `tos` are the key and the attribute of its fields."""
    return {
        "id": number(f"{prefix}_ID"),
        "src": text(f"{prefix}_SRC"),
        "dst": text(f"{prefix}_DST"),
        limit[0]: number(f"{prefix}_{limit[1]}"),
        tos[0]: number(f"{prefix}_{tos[1]}"),
        "key": bit(f"{prefix}_FLAGS", TUNNEL_KEY),
        "csum": bit(f"{prefix}_FLAGS", TUNNEL_CSUM),
        "seq": bit(f"{prefix}_FLAGS", TUNNEL_SEQ),
    }


TABLES: Mapping[str, Table] = {
    "mpls": MPLS,
    "ip": tunnel("LWTUNNEL_IP", ("ttl", "TTL"), ("tos", "TOS")),
    "ip6": tunnel("LWTUNNEL_IP6", ("hoplimit", "HOPLIMIT"), ("tc", "TC")),
}


def encapsulated(prefix: str) -> Converter:
    """Convert an encapsulation: its type, and its parameters where there is a table of that type."""

    def convert(values: ObjectValues) -> object:
        kind = NAMES.get(values.number(f"{prefix}_ENCAP_TYPE"))
        if kind is None:
            return ABSENT
        return {"encap_type": kind} | filled(TABLES.get(kind, {}), values.below(f"{prefix}_ENCAP"))

    return convert
