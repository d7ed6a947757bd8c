"""One meaning of a message type or command, and when it holds; the tables of them are in wire/packets/bindings.py.

What a body is stands for itself: a message class, or the description of one (native/catalog.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from nldissect.request_tracker import DEL, GET, NEW
from nldissect.uapi import NLM_F_DUMP, NLMSG_MIN_TYPE

from .protocol import NETLINK, NOTIFICATION, TO_KERNEL, TO_USER, USER_TO_USER, verb_named

"""Smaller types mean the same in every protocol."""

WAYS = {
    "kernel": (TO_KERNEL,),
    "user": (TO_USER, NOTIFICATION, USER_TO_USER),
    "reply": (TO_USER,),
    "notification": (NOTIFICATION,),
}
"""What `to` of a binding may be, and the directions it stands for."""

B = TypeVar("B")


def goes(to: str | None, direction: str | None) -> bool:
    """Whether a message that went in a direction may be one bound for `to`; in doubt it is."""
    return to is None or direction is None or direction in WAYS[to]


class Binding(NamedTuple, Generic[B]):
    """One meaning of a message type or command, and when it holds.

    title   what lists call the message, where the name of its type says nothing of it; else ""
    """

    name: str
    message: B
    to: str | None
    first: tuple[int, ...] = ()
    size: tuple[int, ...] = ()
    dump: bool | None = None
    title: str = ""

    def holds(self, direction: str | None, body: bytes, length: int, flags: int) -> bool:
        """Whether a body of `length` bytes that begins with `body`, going in that direction, is this message."""
        if self.dump is not None and self.dump != (flags & NLM_F_DUMP == NLM_F_DUMP):
            return False
        if not goes(self.to, direction):
            return False
        if self.first and (not body or body[0] not in self.first):
            return False
        return not self.size or length in self.size


class DatagramBinding(NamedTuple, Generic[B]):
    """Which datagrams without nlmsghdr a body opens: those for which all of this holds.

    begins   what they begin with
    has      what stands in their first text, before its NUL
    decides  a function of their bytes, of classes that decide by themselves; those can't be told as data
    """

    message: B
    begins: bytes = b""
    has: bytes = b""
    decides: Callable[[bytes], bool] | None = None

    def opens(self, data: bytes) -> bool:
        """Whether the body opens a datagram with these bytes."""
        if self.decides is not None:
            return self.decides(data)
        return data.startswith(self.begins) and self.has in data.partition(b"\0")[0]


def choose(
    bindings: list[Binding[B]], direction: str | None, body: bytes, length: int, flags: int = 0
) -> Binding[B] | None:
    """The first binding that holds, or None."""
    return next((one for one in bindings if one.holds(direction, body, length, flags)), None)


def name_of(bindings: list[Binding[B]], chosen: Binding[B] | None, direction: str | None) -> str | None:
    """The name of a type, also where no body fits."""
    if chosen is not None:
        return chosen.name
    return next((one.name for one in bindings if goes(one.to, direction or TO_USER)), None)


def verb_for(bindings: list[Binding[B]], protocol: int, number: int) -> int:
    """Return GET, NEW or DEL as a type of messages to the kernel, which has these bindings, asks for; 0 where its name
    does not say."""
    if protocol == NETLINK.ROUTE and number >= NLMSG_MIN_TYPE:
        return (NEW, DEL, GET, NEW)[number & 3]  # rtnl_register's order: NEW, DEL, GET, SET
    return verb_named(name_of(bindings, None, TO_KERNEL), number)
