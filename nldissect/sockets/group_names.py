"""Multicast groups by name, for a socket of one protocol."""

from __future__ import annotations

from contextlib import suppress

from nldissect.errors import FieldError
from nldissect.families.multicast_groups import Group, group_of, parse
from nldissect.wire import NETLINK


def groups_named(text: str, protocol: int) -> list[Group]:
    """Return the groups of a name with its protocol or without; FieldError if it is another protocol's."""
    found = _named(text, protocol)
    if any(one.protocol != protocol for one in found):
        where = NETLINK.names.get(protocol, f"protocol {protocol}")
        raise FieldError(f"{text} is no group of {where}, and a socket has one protocol")
    return found


def _named(text: str, protocol: int) -> list[Group]:
    try:
        return [group_of(protocol, text)]
    except FieldError:
        with suppress(FieldError):
            return parse(text)
        raise
