"""Columns of the list: their texts and widths."""

from __future__ import annotations

from nldissect.escapes import escaped
from nldissect.wire.protocol import NETLINK, NOTIFICATION, TO_KERNEL, TO_USER, USER_TO_USER

ARROWS = {TO_KERNEL: ("→", "->"), TO_USER: ("←", "<-"), NOTIFICATION: ("*", "* "), USER_TO_USER: ("↔", "~ ")}
UNKNOWN = ("?", "? ")
ROLES = {TO_KERNEL: "kernel", TO_USER: "user", NOTIFICATION: "notification"}
WIDTHS = {"number": 4, "time": 8, "protocol": 5, "type": 12}
"""Widths of columns before the first line."""
WIDEST = 34


def protocol_shown(protocol: int) -> str:
    """Return a protocol as its column shows it."""
    return NETLINK.names.get(protocol, str(protocol)).removeprefix("NETLINK_")


def type_shown(name: str) -> str:
    """Return the name of a message as its column shows it."""
    return escaped(name) or "-"
