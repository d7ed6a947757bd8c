"""Fields of links that `ip` and `bridge` print alike: flags, the link below (ip/ipaddress.c, lib/utils.c)."""

from __future__ import annotations

from typing import Any

from .converters import ABSENT, bit_names
from .values import ObjectValues

IFF_UP, IFF_RUNNING = 0x1, 0x40
FLAGS = (
    (0x8, "LOOPBACK"), (0x2, "BROADCAST"), (0x10, "POINTOPOINT"), (0x1000, "MULTICAST"), (0x80, "NOARP"),
    (0x200, "ALLMULTI"), (0x100, "PROMISC"), (0x400, "MASTER"), (0x800, "SLAVE"), (0x4, "DEBUG"), (0x8000, "DYNAMIC"),
    (0x4000, "AUTOMEDIA"), (0x2000, "PORTSEL"), (0x20, "NOTRAILERS"), (0x1, "UP"), (0x1_0000, "LOWER_UP"),
    (0x2_0000, "DORMANT"), (0x4_0000, "ECHO"),
)  # fmt: skip


def lower_link(values: ObjectValues) -> Any:
    """Return the name of the link below; null where the link says that it has none."""
    index = values.value("IFLA_LINK")
    if index is None or (index and "IFLA_LINK_NETNSID" in values.leaves):
        return ABSENT
    return values.device(index) if index else None


def link_flags(values: ObjectValues) -> list[str]:
    """Return the flags of a link; one that is up and not running has no carrier. RUNNING itself is no word."""
    flags = values.number("ifi_flags")
    lost = ["NO-CARRIER"] if flags & IFF_UP and not flags & IFF_RUNNING else []
    return lost + bit_names(flags & ~IFF_RUNNING, FLAGS, "{:x}")
