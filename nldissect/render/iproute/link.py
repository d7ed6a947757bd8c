"""Links: `ip -j -d link show`, and the part of them that `ip -j -d address show` prints (ip/ipaddress.c)."""

from __future__ import annotations

from typing import Any

from .converters import ABSENT, Table, bit, device, filled, named, number, positive, text, true
from .link_fields import link_flags, lower_link
from .link_kinds import KINDS, PORT_KINDS
from .names import group_name
from .values import ObjectValues

IFF_POINTOPOINT = 0x10
OPERATIONAL_STATES = {
    0: "UNKNOWN", 1: "NOTPRESENT", 2: "DOWN", 3: "LOWERLAYERDOWN", 4: "TESTING", 5: "DORMANT", 6: "UP",
}  # fmt: skip
HARDWARE = {
    0: "netrom", 1: "ether", 4: "pronet", 6: "ieee802", 7: "arcnet", 15: "dlci", 19: "atm", 24: "ieee1394",
    32: "infiniband", 256: "slip", 257: "cslip", 258: "slip6", 259: "cslip6", 271: "x25", 280: "can", 512: "ppp",
    513: "hdlc", 519: "rawhdlc", 768: "ipip", 769: "tunnel6", 772: "loopback", 776: "sit", 778: "gre", 779: "pimreg",
    783: "irda", 801: "ieee802.11", 802: "ieee802.11/prism", 803: "ieee802.11/radiotap", 804: "ieee802.15.4",
    805: "ieee802.15.4/monitor", 820: "phonet", 821: "phonet_pipe", 822: "caif", 823: "gre6", 824: "netlink",
    825: "6lowpan", 0xFFFE: "none", 0xFFFF: "void",
}  # fmt: skip
ADDRESS_MODES = {0: "eui64", 1: "none", 2: "stable_secret", 3: "random"}


def lower_index(values: ObjectValues) -> Any:
    """Return the index of the link below where that is in another namespace."""
    index = values.number("IFLA_LINK")
    return index if index and "IFLA_LINK_NETNSID" in values.leaves else ABSENT


def permanent_address(values: ObjectValues) -> Any:
    """Return the permanent address where it is not the address in use."""
    own, address = values.text("IFLA_PERM_ADDRESS"), values.text("IFLA_ADDRESS")
    return ABSENT if own is None or own == address else own


def link_info(values: ObjectValues) -> Any:
    """Return the link's kind with its settings, and those that it has as another link's port."""
    if "IFLA_LINKINFO" not in values:
        return ABSENT
    info, found = values.below("IFLA_LINKINFO"), dict[str, Any]()
    for word, tables in (("", KINDS), ("SLAVE_", PORT_KINDS)):
        kind = info.text(f"IFLA_INFO_{word}KIND")
        if kind is not None:
            found[f"info_{word.lower()}kind"] = kind
            if kind in tables:
                found[f"info_{word.lower()}data"] = filled(tables[kind], info.below(f"IFLA_INFO_{word}DATA"))
    return found


def alternative_names(values: ObjectValues) -> Any:
    """Return the alternative names of a link."""
    return values.texts("IFLA_PROP_LIST") or ABSENT


LINK: Table = {
    "ifindex": number("ifi_index"),
    "link_index": lower_index,
    "link": lower_link,
    "ifname": text("IFLA_IFNAME"),
    "flags": link_flags,
    "mtu": number("IFLA_MTU"),
    "qdisc": text("IFLA_QDISC"),
    "master": device("IFLA_MASTER"),
    "operstate": named("IFLA_OPERSTATE", OPERATIONAL_STATES),
    "linkmode": named("IFLA_LINKMODE", {0: "DEFAULT", 1: "DORMANT"}),
    "group": group_name("IFLA_GROUP"),
    "txqlen": positive("IFLA_TXQLEN"),
    "link_type": named("ifi_type", HARDWARE, "[{}]"),
    "address": text("IFLA_ADDRESS"),
    "link_pointtopoint": bit("ifi_flags", IFF_POINTOPOINT),
    "broadcast": text("IFLA_BROADCAST"),
    "permaddr": permanent_address,
    "link_netnsid": number("IFLA_LINK_NETNSID"),
    "proto_down": true("IFLA_PROTO_DOWN"),
    "promiscuity": number("IFLA_PROMISCUITY"),
    "allmulti": number("IFLA_ALLMULTI"),
    "min_mtu": number("IFLA_MIN_MTU"),
    "max_mtu": number("IFLA_MAX_MTU"),
    "linkinfo": link_info,
    "inet6_addr_gen_mode": named("IFLA_AF_SPEC.AF_INET6.IFLA_INET6_ADDR_GEN_MODE", ADDRESS_MODES, "0x{:02x}"),
    "num_tx_queues": number("IFLA_NUM_TX_QUEUES"),
    "num_rx_queues": number("IFLA_NUM_RX_QUEUES"),
    "gso_max_size": number("IFLA_GSO_MAX_SIZE"),
    "gso_max_segs": number("IFLA_GSO_MAX_SEGS"),
    "tso_max_size": number("IFLA_TSO_MAX_SIZE"),
    "tso_max_segs": number("IFLA_TSO_MAX_SEGS"),
    "gro_max_size": number("IFLA_GRO_MAX_SIZE"),
    "gso_ipv4_max_size": number("IFLA_GSO_IPV4_MAX_SIZE"),
    "gro_ipv4_max_size": number("IFLA_GRO_IPV4_MAX_SIZE"),
    "phys_port_name": text("IFLA_PHYS_PORT_NAME"),
    "parentbus": text("IFLA_PARENT_DEV_BUS_NAME"),
    "parentdev": text("IFLA_PARENT_DEV_NAME"),
    "ifalias": text("IFLA_IFALIAS"),
    "altnames": alternative_names,
}
ONLY_IN_LINK = ("linkmode", "inet6_addr_gen_mode")
"""Keys of `ip link` that `ip address` leaves out."""
ADDRESS_LINK: Table = {key: convert for key, convert in LINK.items() if key not in ONLY_IN_LINK}
