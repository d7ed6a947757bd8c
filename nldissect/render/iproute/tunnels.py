"""Tunnel kinds of links: IFLA_INFO_DATA as `ip -d link` prints it (ip/link_*.c, iplink_vxlan.c, iplink_geneve.c)."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address
from typing import Any

from .converters import (
    ABSENT,
    Converter,
    Table,
    bit,
    device,
    named,
    null,
    number,
    positive,
    positive_hexed,
    true,
    truth,
)
from .values import ObjectValues

GRE_CSUM, GRE_KEY, GRE_SEQ = 0x8000, 0x2000, 0x1000
IGN_ENCAP_LIMIT, USE_ORIG_TCLASS, USE_ORIG_FLOWLABEL, MIP6_DEV, RCV_DSCP_COPY = 0x1, 0x2, 0x4, 0x8, 0x10
USE_ORIG_FWMARK, ALLOW_LOCAL_REMOTE = 0x20, 0x40
SIT_ISATAP = 0x1
ENCAPSULATIONS = {1: "fou", 2: "gue"}
ENCAP_CSUM, ENCAP_CSUM6, ENCAP_REMCSUM = 0x1, 0x2, 0x4
DO_NOT_FRAGMENT = {0: "unset", 1: "set", 2: "inherit"}


def endpoint(path: str) -> Converter:
    """Convert an address of a tunnel; an absent or unspecified one is any."""

    def convert(values: ObjectValues) -> str:
        address = values.text(path)
        return "any" if address is None or ip_address(address).is_unspecified else address

    return convert


def specified(path: str, multicast: bool | None = None) -> Converter:
    """Convert an address that is not unspecified; `multicast`: only one that is, or is not, of a group."""

    def convert(values: ObjectValues) -> Any:
        address = values.text(path)
        if address is None or ip_address(address).is_unspecified:
            return ABSENT
        return address if multicast in (None, ip_address(address).is_multicast) else ABSENT

    return convert


def key(path: str, flags: str | None = None) -> Converter:
    """Convert a key to four numbers with dots; `flags`: only where GRE_KEY is set there, else where it is not 0."""

    def convert(values: ObjectValues) -> Any:
        value = values.number(path)
        there = values.number(flags) & GRE_KEY and path in values.leaves if flags else value
        return str(IPv4Address(value)) if there else ABSENT

    return convert


def inherited_or(path: str, inherit: str) -> Converter:
    """Convert a number, unless the flag `inherit` is set."""
    return lambda values: ABSENT if values.value(inherit) or path not in values.leaves else values.number(path)


def encapsulation(prefix: str) -> Converter:
    """Convert the UDP encapsulation of a tunnel."""

    def convert(values: ObjectValues) -> Any:
        kind, flags = values.number(f"{prefix}_ENCAP_TYPE"), values.number(f"{prefix}_ENCAP_FLAGS")
        if not kind:
            return ABSENT
        return {
            "type": ENCAPSULATIONS.get(kind),
            "sport": values.number(f"{prefix}_ENCAP_SPORT"),
            "dport": values.number(f"{prefix}_ENCAP_DPORT"),
            "csum": bool(flags & ENCAP_CSUM),
            "csum6": bool(flags & ENCAP_CSUM6),
            "remcsum": bool(flags & ENCAP_REMCSUM),
        }

    return convert


def unless(flags: str, mask: int, convert: Converter) -> Converter:
    """Convert by `convert` unless a bit is set."""
    return lambda values: ABSENT if values.number(flags) & mask else convert(values)


def flow_info(path: str, mask: int, shift: int, digits: int) -> Converter:
    """Convert a part of IPv6 flow information to hexadecimal digits."""

    def convert(values: ObjectValues) -> Any:
        return f"0x{(values.number(path) & mask) >> shift:0{digits}x}" if path in values.leaves else ABSENT

    return convert


def ends(prefix: str) -> Table:
    """Return the keys with which tunnels begin."""
    return {
        "remote": endpoint(f"{prefix}_REMOTE"),
        "local": endpoint(f"{prefix}_LOCAL"),
        "link": device(f"{prefix}_LINK"),
    }


def over_ipv6(prefix: str) -> Table:
    """Return the keys of a tunnel over IPv6 that follow its ends."""
    flags, flow = f"{prefix}_FLAGS", f"{prefix}_FLOWINFO"
    return {
        "ttl": lambda values: values.number(f"{prefix}_TTL"),
        "ip6_tnl_f_ign_encap_limit": bit(flags, IGN_ENCAP_LIMIT),
        "encap_limit": unless(flags, IGN_ENCAP_LIMIT, number(f"{prefix}_ENCAP_LIMIT")),
        "ip6_tnl_f_use_orig_tclass": bit(flags, USE_ORIG_TCLASS),
        "tclass": unless(flags, USE_ORIG_TCLASS, flow_info(flow, 0x0FF0_0000, 20, 2)),
        "ip6_tnl_f_use_orig_flowlabel": bit(flags, USE_ORIG_FLOWLABEL),
        "flowlabel": unless(flags, USE_ORIG_FLOWLABEL, flow_info(flow, 0x000F_FFFF, 0, 5)),
        "ip6_tnl_f_rcv_dscp_copy": bit(flags, RCV_DSCP_COPY),
    }


def mark_over_ipv6(prefix: str) -> Table:
    """Return the keys of a tunnel over IPv6 that come last but its encapsulation."""
    flags = f"{prefix}_FLAGS"
    return {
        "ip6_tnl_f_allow_local_remote": bit(flags, ALLOW_LOCAL_REMOTE),
        "ip6_tnl_f_use_orig_fwmark": bit(flags, USE_ORIG_FWMARK),
        "fwmark": unless(flags, USE_ORIG_FWMARK, positive_hexed(f"{prefix}_FWMARK")),
    }


GRE_KEYS: Table = {
    "ikey": key("IFLA_GRE_IKEY", "IFLA_GRE_IFLAGS"),
    "okey": key("IFLA_GRE_OKEY", "IFLA_GRE_OFLAGS"),
    "iseq": bit("IFLA_GRE_IFLAGS", GRE_SEQ),
    "oseq": bit("IFLA_GRE_OFLAGS", GRE_SEQ),
    "icsum": bit("IFLA_GRE_IFLAGS", GRE_CSUM),
    "ocsum": bit("IFLA_GRE_OFLAGS", GRE_CSUM),
}
GRE_LAST: Table = {
    "erspan_index": number("IFLA_GRE_ERSPAN_INDEX"),
    "erspan_ver": number("IFLA_GRE_ERSPAN_VER"),
    "erspan_dir": named("IFLA_GRE_ERSPAN_DIR", {0: "ingress", 1: "egress"}),
    "erspan_hwid": positive_hexed("IFLA_GRE_ERSPAN_HWID"),
    "encap": encapsulation("IFLA_GRE"),
}
GRE: Table = {
    "external": true("IFLA_GRE_COLLECT_METADATA"),
    **ends("IFLA_GRE"),
    "ttl": lambda values: values.number("IFLA_GRE_TTL"),
    "tos": positive_hexed("IFLA_GRE_TOS"),
    "pmtudisc": truth("IFLA_GRE_PMTUDISC"),
    "ignore_df": true("IFLA_GRE_IGNORE_DF"),
    **GRE_KEYS,
    "fwmark": positive_hexed("IFLA_GRE_FWMARK"),
    **GRE_LAST,
}
GRE6: Table = {
    "external": true("IFLA_GRE_COLLECT_METADATA"),
    **ends("IFLA_GRE"),
    **over_ipv6("IFLA_GRE"),
    **GRE_KEYS,
    **mark_over_ipv6("IFLA_GRE"),
    **GRE_LAST,
}
IPIP: Table = {
    "external": true("IFLA_IPTUN_COLLECT_METADATA"),
    "proto": named("IFLA_IPTUN_PROTO", {0: "any", 4: "ipip", 41: "ip6ip", 137: "mplsip"}),
    **ends("IFLA_IPTUN"),
    "ttl": lambda values: values.number("IFLA_IPTUN_TTL"),
    "tos": positive_hexed("IFLA_IPTUN_TOS"),
    "pmtudisc": lambda values: bool(values.value("IFLA_IPTUN_PMTUDISC")),
    "isatap": bit("IFLA_IPTUN_FLAGS", SIT_ISATAP),
    "fwmark": positive_hexed("IFLA_IPTUN_FWMARK"),
    "encap": encapsulation("IFLA_IPTUN"),
}
IP6TNL: Table = {
    "external": true("IFLA_IPTUN_COLLECT_METADATA"),
    "proto": named("IFLA_IPTUN_PROTO", {0: "any", 4: "ipip6", 41: "ip6ip6"}),
    **ends("IFLA_IPTUN"),
    **over_ipv6("IFLA_IPTUN"),
    "ip6_tnl_f_mip6_dev": bit("IFLA_IPTUN_FLAGS", MIP6_DEV),
    **mark_over_ipv6("IFLA_IPTUN"),
    "encap": encapsulation("IFLA_IPTUN"),
}
VTI: Table = {
    **ends("IFLA_VTI"),
    "ikey": key("IFLA_VTI_IKEY"),
    "okey": key("IFLA_VTI_OKEY"),
    "fwmark": positive_hexed("IFLA_VTI_FWMARK"),
}
VXLAN: Table = {
    "id": number("IFLA_VXLAN_ID"),
    "group": specified("IFLA_VXLAN_GROUP", True),
    "remote": specified("IFLA_VXLAN_GROUP", False),
    "group6": specified("IFLA_VXLAN_GROUP6", True),
    "remote6": specified("IFLA_VXLAN_GROUP6", False),
    "local": specified("IFLA_VXLAN_LOCAL"),
    "local6": specified("IFLA_VXLAN_LOCAL6"),
    "link": device("IFLA_VXLAN_LINK"),
    "port_range": lambda values: (
        {end: values.number(f"IFLA_VXLAN_PORT_RANGE.{end}") for end in ("low", "high")}
        if "IFLA_VXLAN_PORT_RANGE" in values
        else ABSENT
    ),
    "port": number("IFLA_VXLAN_PORT"),
    "tos": positive_hexed("IFLA_VXLAN_TOS"),
    "ttl": inherited_or("IFLA_VXLAN_TTL", "IFLA_VXLAN_TTL_INHERIT"),
    "df": named("IFLA_VXLAN_DF", DO_NOT_FRAGMENT),
    "label": positive_hexed("IFLA_VXLAN_LABEL"),
    "ageing": number("IFLA_VXLAN_AGEING"),
    "limit": positive("IFLA_VXLAN_LIMIT"),
    "gbp": null("IFLA_VXLAN_GBP"),
    "gpe": null("IFLA_VXLAN_GPE"),
    "external": truth("IFLA_VXLAN_COLLECT_METADATA"),
    "vnifilter": truth("IFLA_VXLAN_VNIFILTER"),
    "learning": truth("IFLA_VXLAN_LEARNING"),
    "proxy": truth("IFLA_VXLAN_PROXY"),
    "rsc": truth("IFLA_VXLAN_RSC"),
    "l2miss": truth("IFLA_VXLAN_L2MISS"),
    "l3miss": truth("IFLA_VXLAN_L3MISS"),
    "udp_csum": truth("IFLA_VXLAN_UDP_CSUM"),
    "udp_zero_csum6_tx": truth("IFLA_VXLAN_UDP_ZERO_CSUM6_TX"),
    "udp_zero_csum6_rx": truth("IFLA_VXLAN_UDP_ZERO_CSUM6_RX"),
    "remcsum_tx": truth("IFLA_VXLAN_REMCSUM_TX"),
    "remcsum_rx": truth("IFLA_VXLAN_REMCSUM_RX"),
    "localbypass": truth("IFLA_VXLAN_LOCALBYPASS"),
}
GENEVE: Table = {
    "external": true("IFLA_GENEVE_COLLECT_METADATA"),
    "id": number("IFLA_GENEVE_ID"),
    "remote": specified("IFLA_GENEVE_REMOTE"),
    "remote6": specified("IFLA_GENEVE_REMOTE6", False),
    "ttl": inherited_or("IFLA_GENEVE_TTL", "IFLA_GENEVE_TTL_INHERIT"),
    "tos": positive_hexed("IFLA_GENEVE_TOS"),
    "df": named("IFLA_GENEVE_DF", DO_NOT_FRAGMENT),
    "label": positive_hexed("IFLA_GENEVE_LABEL"),
    "port": number("IFLA_GENEVE_PORT"),
    "udp_csum": truth("IFLA_GENEVE_UDP_CSUM"),
    "udp_zero_csum6_tx": truth("IFLA_GENEVE_UDP_ZERO_CSUM6_TX"),
    "udp_zero_csum6_rx": truth("IFLA_GENEVE_UDP_ZERO_CSUM6_RX"),
    "inner_proto_inherit": true("IFLA_GENEVE_INNER_PROTO_INHERIT"),
}
