"""Message types: the class of a message's body and its names, chosen by the few values on which they depend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from nldissect.uapi import GENL_HDRLEN, NLM_F_DUMP, NLMSG_HDRLEN
from nldissect.wire.binding import Binding, choose, name_of
from nldissect.wire.protocol import NETLINK, NOTIFICATION, TO_KERNEL, TO_USER, USER_TO_USER

if TYPE_CHECKING:
    from nldissect.wire.packets.message import Message

DIRECTIONS = (TO_KERNEL, TO_USER, NOTIFICATION, USER_TO_USER)

B = TypeVar("B")


class MessageTypeOf(NamedTuple, Generic[B]):
    """A message type; it has the same number through a whole capture.

    number     nlmsg_type
    type_name  its name, or the number as text
    message    class of the body, or its description; None where no table describes it
    family     generic netlink family, if known
    command    of a generic message: number and name (None if it has none)
    skip       bytes of headers before the body
    title      name in lists, where the type's name does not describe the message; else ""
    """

    protocol: int
    number: int
    type_name: str
    direction: str | None
    message: B | None
    family: str | None = None
    command: int | None = None
    command_name: str | None = None
    skip: int = NLMSG_HDRLEN
    title: str = ""

    @property
    def called(self) -> str:
        """Name of the type, for generic netlink of the command; numbers where there is none (as in the list)."""
        if self.title or not self.skip:
            return self.title
        if self.command is None:
            return self.family or self.type_name
        return self.command_name or f"{self.family or self.number} cmd {self.command}"


if TYPE_CHECKING:
    MessageType = MessageTypeOf[type[Message]]
else:
    MessageType = MessageTypeOf


class BindingTables(Protocol[B]):
    """Tables in which the bodies of messages are looked up.

    The module wire.bindings has their classes, native/catalog.py descriptions of these.
    """

    def bindings_of(self, protocol: int | None, number: int) -> list[Binding[B]]: ...

    def commands_of(self, family: str, number: int) -> list[Binding[B]]: ...

    def unknown_body(self, family: str | None) -> B: ...

    def datagram_of(self, protocol: int, body: bytes) -> B | None: ...

    def layer_name(self, message: B) -> str: ...


def typed_meaning(
    tables: BindingTables[B], protocol: int, number: int, direction: str, first: int | None, size: int, dump: bool
) -> MessageTypeOf[B]:
    """Return the message type of a message of a protocol's own type.

    first   the first byte of its body
    size    bytes of its body
    dump    NLM_F_DUMP is set
    """
    bindings = tables.bindings_of(protocol, number)
    chosen = choose(bindings, direction, b"" if first is None else bytes([first]), size, NLM_F_DUMP if dump else 0)
    name = name_of(bindings, chosen, direction) or str(number)
    message, title = (chosen.message, chosen.title) if chosen is not None else (None, "")
    return MessageTypeOf(protocol, number, name, direction, message, title=title)


def generic_meaning(
    tables: BindingTables[B], number: int, direction: str, command: int | None, family: str | None
) -> MessageTypeOf[B]:
    """Return the message type of a generic family's message; `command` is None where genlmsghdr is not whole."""
    bindings = tables.bindings_of(NETLINK.GENERIC, number)
    chosen = choose(bindings, direction, b"", 0)
    type_name = name_of(bindings, chosen, direction) or str(number)
    if command is None:
        return MessageTypeOf(NETLINK.GENERIC, number, type_name, direction, None, family)
    known = tables.commands_of(family, command) if family is not None else []
    body = choose(known, direction, b"", 0)
    name = name_of(known, body, direction)
    message = body.message if body is not None else tables.unknown_body(family)
    return MessageTypeOf(
        NETLINK.GENERIC, number, type_name, direction, message, family, command, name, NLMSG_HDRLEN + GENL_HDRLEN
    )


def bare_meaning(tables: BindingTables[B], protocol: int, direction: str, body: bytes) -> MessageTypeOf[B]:
    """Return the message type of a datagram without nlmsghdr."""
    message = tables.datagram_of(protocol, body)
    title = "" if message is None else tables.layer_name(message)
    return MessageTypeOf(protocol, 0, "", direction, message, skip=0, title=title)
