"""Counting and filter texts shared by the statistics views."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from nldissect.analysis.stats.counts import CountedMessages
from nldissect.filters.tokenizer import quoted
from nldissect.render.names import protocol_name
from nldissect.wire import NETLINK

from ..filter_text.from_cursor import of_title, understood
from . import ViewInput

_ID = re.compile("0x[0-9a-f]{1,4}")
"""Id of a generic family without a known name."""


class ViewCounter(Protocol):
    def add(self, chosen: CountedMessages) -> None: ...


def counting(scene: ViewInput, counter: ViewCounter) -> Iterator[int]:
    """Count the messages that the list shows; yield their number so far after each block, and at the end."""
    total = 0
    for block, _, mask in scene.blocks():
        chosen = CountedMessages(block, mask)
        counter.add(chosen)
        total += len(chosen)
        yield total
    yield total


def protocol_shown(protocol: int) -> str:
    """Return the name of a protocol as in the list."""
    return (protocol_name(protocol) or str(protocol)).removeprefix("NETLINK_")


def of_protocol(protocol: int) -> str:
    return f"protocol == {protocol_name(protocol) or protocol}"


def of_family(protocol: int, family: str | None) -> str | None:
    """Return a filter for messages of a protocol, and of one generic family if given."""
    if family is None and protocol == NETLINK.GENERIC:
        return f"{of_protocol(protocol)} and not genlmsghdr.family"
    if family is None:
        return of_protocol(protocol)
    return f"nlmsg_type == {family}" if _ID.fullmatch(family) else f"genlmsghdr.family == {quoted(family)}"


def of_type(protocol: int, family: str | None, name: str, direction: str | None) -> str | None:
    """Return a filter for messages of one name and direction; None if no filter can express it."""
    way = f' and direction == "{direction}"' if direction else ""
    command = name.rpartition(" cmd ")[2]
    if family is not None:
        tests = [f"genlmsghdr.cmd == {command}", f"{of_family(protocol, family)} and genlmsghdr.cmd == {command}"]
    elif not name:
        tests = [of_protocol(protocol)]
    elif (titled := of_title(protocol, name)) is not None:
        tests = [titled]
    else:
        tests = [f"nlmsg_type == {name}"] * (not name.isdigit() and not name.startswith("NLMSG_"))
        tests.append(f"{of_protocol(protocol)} and nlmsg_type == {name}")
    return next((text for one in tests if understood(text := one + way) is not None), None)
