"""Addresses: the objects in "addr_info" of `ip -j -d address show` (ip/ipaddress.c)."""

from __future__ import annotations

from typing import Any

from .converters import ABSENT, Converter, Table, first_text, named, number, text
from .names import ADDRESS_PROTOCOLS, FAMILIES, scope_name
from .values import ObjectValues

AF_INET6 = 10
SECONDARY, PERMANENT = 0x01, 0x80


def address_flags(values: ObjectValues) -> int:
    """Return the flags of an address: IFA_FLAGS has those, too, that do not fit into the header."""
    return values.number("IFA_FLAGS", values.number("ifa_flags"))


def flag(mask: int) -> Converter:
    """Convert a flag that is set to true."""
    return lambda values: True if address_flags(values) & mask else ABSENT


def second(family6: bool) -> Converter:
    """Convert IFA_F_SECONDARY, which is called temporary where it is of IPv6."""
    return lambda values: (
        True if address_flags(values) & SECONDARY and (values.number("ifa_family") == AF_INET6) == family6 else ABSENT
    )


def peer(values: ObjectValues) -> Any:
    """Return the address of the peer, where it is not the own address."""
    own, address = values.text("IFA_LOCAL"), values.text("IFA_ADDRESS")
    return ABSENT if own is None or address in (None, own) else address


ADDRESS: Table = {
    "family": named("ifa_family", FAMILIES),
    "local": first_text("IFA_LOCAL", "IFA_ADDRESS"),
    "address": peer,
    "prefixlen": number("ifa_prefixlen"),
    "metric": number("IFA_RT_PRIORITY"),
    "broadcast": text("IFA_BROADCAST"),
    "anycast": text("IFA_ANYCAST"),
    "multicast": text("IFA_MULTICAST"),
    "scope": scope_name("ifa_scope"),
    "secondary": second(False),
    "temporary": second(True),
    "nodad": flag(0x02),
    "optimistic": flag(0x04),
    "dadfailed": flag(0x08),
    "home": flag(0x10),
    "deprecated": flag(0x20),
    "tentative": flag(0x40),
    "dynamic": lambda values: ABSENT if address_flags(values) & PERMANENT else True,
    "mngtmpaddr": flag(0x100),
    "noprefixroute": flag(0x200),
    "autojoin": flag(0x400),
    "stable-privacy": flag(0x800),
    "protocol": named("IFA_PROTO", ADDRESS_PROTOCOLS, "0x{:x}"),
    "label": text("IFA_LABEL"),
    "valid_life_time": number("IFA_CACHEINFO.ifa_valid"),
    "preferred_life_time": number("IFA_CACHEINFO.ifa_prefered"),
}
