"""Bindings: the message class of a type or command, and its conditions. Their tables are in packets/bindings.py.

The type of a body is a parameter: a message class, or the description of one (native/catalog.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from nldissect.request_tracker import DEL, GET, NEW
from nldissect.uapi import NLM_F_DUMP, NLMSG_MIN_TYPE

from .protocol import NETLINK, NOTIFICATION, TO_KERNEL, TO_USER, USER_TO_USER, verb_named

TARGETS = {
    "kernel": (TO_KERNEL,),
    "user": (TO_USER, NOTIFICATION, USER_TO_USER),
    "reply": (TO_USER,),
    "notification": (NOTIFICATION,),
}
"""Directions by value of a binding's `to`."""

B = TypeVar("B")


def direction_fits(to: str | None, direction: str | None) -> bool:
    """Return whether a message of a direction may have a binding `to`; True where either is None."""
    return to is None or direction is None or direction in TARGETS[to]


class Binding(NamedTuple, Generic[B]):
    """One meaning of a message type or command, and its conditions.

    name      name of the type or command
    message   class of the body
    to        directions for which it holds, a key of WAYS; None: all
    first     values of the body's first byte; empty: any
    size      lengths of the body in bytes; empty: any
    dump      whether NLM_F_DUMP has to be set; None: either
    title     name of the message in lists, where the name of its type is not descriptive; else ""
    """

    name: str
    message: B
    to: str | None
    first: tuple[int, ...] = ()
    size: tuple[int, ...] = ()
    dump: bool | None = None
    title: str = ""

    def holds(self, direction: str | None, body: bytes, length: int, flags: int) -> bool:
        """Return whether a body of `length` bytes that begins with `body` is this message in that direction."""
        if self.dump is not None and self.dump != (flags & NLM_F_DUMP == NLM_F_DUMP):
            return False
        if not direction_fits(self.to, direction):
            return False
        if self.first and (not body or body[0] not in self.first):
            return False
        return not self.size or length in self.size


class DatagramBinding(NamedTuple, Generic[B]):
    """Class of the body of headerless datagrams (without nlmsghdr), and its conditions, all of which have to hold.

    begins   the first bytes
    has      bytes in the first text, before its NUL
    decides  a predicate on the datagram's bytes, of a class that has its own; it has no form as data
    """

    message: B
    begins: bytes = b""
    has: bytes = b""
    decides: Callable[[bytes], bool] | None = None

    def opens(self, data: bytes) -> bool:
        """Return whether `message` is the body of a datagram with these bytes."""
        if self.decides is not None:
            return self.decides(data)
        return data.startswith(self.begins) and self.has in data.partition(b"\0")[0]


def choose(
    bindings: list[Binding[B]], direction: str | None, body: bytes, length: int, flags: int = 0
) -> Binding[B] | None:
    """Return the first binding whose conditions hold, or None."""
    return next((one for one in bindings if one.holds(direction, body, length, flags)), None)


def name_of(bindings: list[Binding[B]], chosen: Binding[B] | None, direction: str | None) -> str | None:
    """Return the name of a type: that of the chosen binding, else the first one of the direction; or None."""
    if chosen is not None:
        return chosen.name
    return next((one.name for one in bindings if direction_fits(one.to, direction or TO_USER)), None)


def verb_for(bindings: list[Binding[B]], protocol: int, number: int) -> int:
    """Return the verb of a message type to the kernel: GET, NEW or DEL; 0 if its name has none.

    In NETLINK_ROUTE the number decides, in other protocols the name in `bindings`.
    """
    if protocol == NETLINK.ROUTE and number >= NLMSG_MIN_TYPE:
        return (NEW, DEL, GET, NEW)[number & 3]  # rtnl_register's order: NEW, DEL, GET, SET
    return verb_named(name_of(bindings, None, TO_KERNEL), number)
