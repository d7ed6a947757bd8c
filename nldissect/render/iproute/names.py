"""Names of numbers as iproute2 prints them: those of its files rt_tables, rt_protos, rt_scopes, and of its own code."""

from __future__ import annotations

from .converters import Converter, named

TABLES = {0: "unspec", 253: "default", 254: "main", 255: "local"}
SCOPES = {0: "global", 200: "site", 253: "link", 254: "host", 255: "nowhere"}
PROTOCOLS = {
    0: "unspec", 1: "redirect", 2: "kernel", 3: "boot", 4: "static", 8: "gated", 9: "ra", 10: "mrt", 11: "zebra",
    12: "bird", 13: "dnrouted", 14: "xorp", 15: "ntk", 16: "dhcp", 18: "keepalived", 42: "babel", 84: "ovn",
    99: "openr", 186: "bgp", 187: "isis", 188: "ospf", 189: "rip", 192: "eigrp",
}  # fmt: skip
GROUPS = {0: "default"}
ADDRESS_PROTOCOLS = {0: "unspec", 1: "kernel_lo", 2: "kernel_ra", 3: "kernel_ll"}
FAMILIES = {2: "inet", 10: "inet6", 7: "bridge", 17: "link", 28: "mpls"}
ETHERTYPES = {
    0x0800: "ipv4", 0x0806: "arp", 0x86DD: "ipv6", 0x8100: "802.1Q", 0x88A8: "802.1ad", 0x8847: "mpls_uc",
    0x8848: "mpls_mc", 0x8863: "ppp_disc", 0x8864: "ppp_ses", 0x88CC: "LLDP", 0x88CA: "tipc", 0x0003: "all",
}  # fmt: skip
ROUTE_TYPES = {
    0: "none", 1: "unicast", 2: "local", 3: "broadcast", 4: "anycast", 5: "multicast", 6: "blackhole",
    7: "unreachable", 8: "prohibit", 9: "throw", 10: "nat", 11: "xresolve",
}  # fmt: skip
DSFIELD = {
    0x00: "default", 0x28: "AF11", 0x30: "AF12", 0x38: "AF13", 0x48: "AF21", 0x50: "AF22", 0x58: "AF23", 0x68: "AF31",
    0x70: "AF32", 0x78: "AF33", 0x88: "AF41", 0x90: "AF42", 0x98: "AF43", 0x20: "CS1", 0x40: "CS2", 0x60: "CS3",
    0x80: "CS4", 0xA0: "CS5", 0xC0: "CS6", 0xE0: "CS7", 0xB8: "EF",
}  # fmt: skip
IP_PROTOCOLS = {
    0: "ip", 1: "icmp", 2: "igmp", 4: "ipencap", 6: "tcp", 17: "udp", 33: "dccp", 41: "ipv6", 46: "rsvp", 47: "gre",
    50: "esp", 51: "ah", 58: "ipv6-icmp", 89: "ospf", 103: "pim", 112: "vrrp", 132: "sctp", 136: "udplite",
}  # fmt: skip
"""Names of /etc/protocols, by which iproute2 calls protocols of IP."""


def table_name(path: str) -> Converter:
    """Convert the number of a routing table to its name."""
    return named(path, TABLES, "{}")


def scope_name(path: str) -> Converter:
    """Convert a scope to its name."""
    return named(path, SCOPES, "{}")


def protocol_name(path: str) -> Converter:
    """Convert the origin of a route to its name."""
    return named(path, PROTOCOLS, "{}")


def group_name(path: str) -> Converter:
    """Convert the group of a link to its name."""
    return named(path, GROUPS, "{}")


def ethertype_name(path: str) -> Converter:
    """Convert an EtherType to its name."""
    return named(path, ETHERTYPES, "[{}]")
