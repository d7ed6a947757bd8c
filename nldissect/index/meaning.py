"""What a message is: the class of its body, and what it is called, chosen by the little that it depends on."""

from __future__ import annotations

from typing import NamedTuple

from nldissect.wire.bindings import DATAGRAMS, bindings_of, choose, commands_of, name_of, unknown_body
from nldissect.wire.flags import NETLINK, NLM_F_DUMP, NOTIFICATION, TO_KERNEL, TO_USER, USER_TO_USER
from nldissect.wire.frame import HEADER
from nldissect.wire.message import Message
from nldissect.wire.nlmsg import genlmsghdr
from nldissect.wire.shapes import layer_kind

DIRECTIONS = (TO_KERNEL, TO_USER, NOTIFICATION, USER_TO_USER)


class Meaning(NamedTuple):
    """What the messages of one case are; the same number through a whole capture.

    number     nlmsg_type
    type_name  its name, or the number as text
    message    class of the body, None where no table describes it
    family     generic netlink family, if known
    command    of a generic message: number and name (None if it has none)
    skip       bytes of headers before the body
    title      what lists call it, where the type's name says nothing of it; else ""
    """

    protocol: int
    number: int
    type_name: str
    direction: str | None
    message: type[Message] | None
    family: str | None = None
    command: int | None = None
    command_name: str | None = None
    skip: int = HEADER
    title: str = ""

    @property
    def called(self) -> str:
        """The type by name, for generic netlink the command by name; numbers where there is none (as in the list)."""
        if self.title:
            return self.title
        if not self.skip:
            return layer_kind(self.message).name if self.message is not None else ""
        if self.command is None:
            return self.family or self.type_name
        return self.command_name or f"{self.family or self.number} cmd {self.command}"


def typed_meaning(protocol: int, number: int, direction: str, first: int | None, size: int, dump: bool) -> Meaning:
    """Return what a message of a protocol's own type is.

    first   the first byte of its body
    size    bytes of its body
    dump    NLM_F_DUMP is set
    """
    bindings = bindings_of(protocol, number)
    chosen = choose(bindings, direction, b"" if first is None else bytes([first]), size, NLM_F_DUMP if dump else 0)
    name = name_of(bindings, chosen, direction) or str(number)
    message, title = (chosen.message, chosen.title) if chosen is not None else (None, "")
    return Meaning(protocol, number, name, direction, message, title=title)


def generic_meaning(number: int, direction: str, command: int | None, family: str | None) -> Meaning:
    """Return what a message of a generic family is; None for the command of one whose genlmsghdr is not whole."""
    bindings = bindings_of(NETLINK.GENERIC, number)
    chosen = choose(bindings, direction, b"", 0)
    type_name = name_of(bindings, chosen, direction) or str(number)
    if command is None:
        return Meaning(NETLINK.GENERIC, number, type_name, direction, None, family)
    known = commands_of(family, command) if family is not None else []
    body = choose(known, direction, b"", 0)
    name = name_of(known, body, direction)
    message = body.message if body is not None else unknown_body(family)
    return Meaning(
        NETLINK.GENERIC, number, type_name, direction, message, family, command, name, HEADER + genlmsghdr.size_of
    )


def bare_meaning(protocol: int, direction: str, body: bytes) -> Meaning:
    """Return what a datagram without nlmsghdr is."""
    message = next((one for one in DATAGRAMS.get(protocol, ()) if one.matches(body)), None)
    return Meaning(protocol, 0, "", direction, message, skip=0)
