"""Protocols as users write them: `route`, `NETLINK_ROUTE`, `uevent`, `16`."""

from __future__ import annotations

from nldissect.errors import FieldError

from .protocol import NETLINK

ALSO = {"UEVENT": "KOBJECT_UEVENT", "NFNETLINK": "NETFILTER"}
"""Common names of protocols that are not the kernel's."""


def protocol_number(text: str | int) -> int:
    """Return a protocol's number by number or name: 0, "route", "NETLINK_ROUTE", "nfnetlink", "uevent".

    FieldError if no protocol has that name.
    """
    if isinstance(text, int):
        return text
    if text.isdecimal():
        return int(text)
    word = text.upper().removeprefix("NETLINK_").replace("-", "_")
    name = "NETLINK_" + ALSO.get(word, word)
    if name not in NETLINK.numbers:
        known = " ".join(sorted(one.removeprefix("NETLINK_").lower() for one in NETLINK.numbers))
        raise FieldError(f"no netlink protocol is called {text!r}; there are {known}, and numbers")
    return NETLINK.numbers[name]


def protocol_word(protocol: int) -> str:
    """Return a protocol as users write it: "route", "uevent", "25"."""
    name = NETLINK.names.get(protocol, str(protocol)).removeprefix("NETLINK_")
    return next((word for word, long in ALSO.items() if long == name), name).lower()
