"""struct nlmsghdr and struct genlmsghdr as Scapy layers (linux/netlink.h, linux/genetlink.h)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from scapy.packet import Raw

from nldissect.errors import FieldError
from nldissect.request_tracker import RequestHeader
from nldissect.uapi import NLM_F_DUMP, NLMSG_DONE, NLMSG_ERROR, NLMSG_MIN_TYPE

from ..binding import choose, name_of
from ..context import POLICY, Context, Env
from ..kernel_content import direction_by_content
from ..numbers import U8, U16, U32
from ..opaque import Pad
from ..protocol import (
    NETLINK,
    NLM_F,
    NLM_F_ACK,
    NLM_F_DEL,
    NLM_F_GET,
    NLM_F_NEW,
    NOTIFICATION,
    TO_KERNEL,
    direction_of,
    flag_names,
)
from .bindings import (
    COMMANDS,
    EVERY,
    MESSAGES,
    NUMBERS,
    Binding,
    bindings_of,
    commands_of,
    ensure_protocol,
    unknown_body,
)
from .fields import KindField, LengthField
from .layer import Layer
from .message import Message


class TypeKind(U16):
    """nlmsg_type: a name is looked up in every protocol."""

    def accept(self, value: Any) -> Any:
        if not isinstance(value, str) or value.isdigit():
            return super().accept(value)
        if value not in NUMBERS:
            ensure_protocol(EVERY)
        if value not in NUMBERS:
            raise FieldError(f"no message type is called {value!r}")
        return NUMBERS[value][1]


_FLAGS = {"NLM_F_DUMP": NLM_F_DUMP}
for _names in (NLM_F, NLM_F_GET, NLM_F_NEW, NLM_F_DEL, NLM_F_ACK):
    _FLAGS |= _names.numbers


class FlagsKind(U16):
    """nlmsg_flags: accepts the names of every verb."""

    def accept(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.split("|")
        if isinstance(value, (list, tuple)):
            return sum({name if isinstance(name, int) else self._flag(str(name)) for name in value})
        return value

    @staticmethod
    def _flag(name: str) -> int:
        if name[:1].isdigit():
            return int(name, 0)
        try:
            return _FLAGS["NLM_F_" + name.removeprefix("NLM_F_")]
        except KeyError as error:
            raise FieldError(f"no message flag is called {error.args[0]!r}") from None


class TypeField(LengthField):
    """The field of nlmsg_type; prints the name that the type has in this message's protocol and direction."""

    def i2repr(self, pkt: Any, x: Any) -> str:
        return str(pkt.type_name)


class FlagsField(KindField):
    """The field of nlmsg_flags; prints the names that the flags have in this message."""

    def i2repr(self, pkt: Any, x: Any) -> str:
        return "|".join(flag_names(pkt.type_name, x, pkt.nlmsg_type)) or "0"


class nlmsghdr(Message):
    """The netlink message header. Its length is computed unless set; padding after it belongs to the datagram."""

    fields_desc = [
        LengthField("nlmsg_len", U32(None).named("nlmsg_len"), None),
        TypeField("nlmsg_type", TypeKind(None).named("nlmsg_type"), None),
        FlagsField("nlmsg_flags", FlagsKind(None, NLM_F).named("nlmsg_flags")),
        U32.of("nlmsg_seq"),
        U32.of("nlmsg_pid"),
    ]
    __slots__ = ["pad"]

    def __init__(self, _pkt: bytes = b"", *args: Any, **fields: Any) -> None:
        object.__setattr__(self, "pad", fields.pop("pad", None))
        super().__init__(_pkt, *args, **fields)

    def _carry(self, other: Any) -> Any:
        object.__setattr__(other, "pad", self.pad)
        return super()._carry(other)

    @property
    def type_bindings(self) -> list[Binding]:
        """The bindings of this message's type in its protocol."""
        return bindings_of(self._env.protocol, self.nlmsg_type)

    @property
    def type_name(self) -> str:
        """The type's name, or its number as text."""
        payload = type(self.payload)
        bindings = self.type_bindings
        if self._env.protocol is None:
            tables = (MESSAGES[protocol].get(self.nlmsg_type, []) for protocol in MESSAGES)
            bindings = bindings or [one for table in tables for one in table if one.message is payload]
        chosen = next((one for one in bindings if one.message is payload), None)
        return name_of(bindings, chosen, self._env.direction) or str(self.nlmsg_type)

    def do_dissect(self, s: bytes) -> bytes:
        rest = super().do_dissect(s)
        if not self._missing:
            env = self._env
            echoed = isinstance(self.parent, Message) and "messages" not in self.parent.fieldtype
            packet_type = 4 if echoed else env.values.get("sll_pkttype", 4)
            flags, seq, pid = self.nlmsg_flags, self.nlmsg_seq, self.nlmsg_pid
            direction, known = direction_of(env.protocol, self.nlmsg_type, flags, seq, pid, packet_type)
            header = RequestHeader(env.protocol or 0, self.nlmsg_len, self.nlmsg_type, flags, seq, pid)
            if env.context is not None and not (known or echoed):
                end = min(len(s), self.nlmsg_len)
                direction = settled_direction(env.context, header, direction, s, 0, end, env.order)
            values = env.values | {"direction_known": known, "echoed": echoed, "header": header}
            self._env = Env(env.order, env.protocol, env.context, direction, values)
            self._scope = {**self._scope, "to": "kernel" if direction == TO_KERNEL else "user"}
        return rest

    @property
    def header(self) -> RequestHeader | None:
        """The fields that the request tracker reads, if the message was dissected; else None."""
        return self._env.values.get("header")

    @property
    def inferred_direction(self) -> str | None:
        """The direction of a dissected message: "to kernel", "to user", "notification"; else None."""
        return self._env.direction

    def guess_payload_class(self, payload: bytes) -> type[Any]:
        if self._env.values.get("echoed") and self.nlmsg_type in (NLMSG_ERROR, NLMSG_DONE):
            return Raw  # nobody acknowledges an acknowledgement; a chain of them would have no end
        if self._env.protocol == NETLINK.GENERIC and self.nlmsg_type >= NLMSG_MIN_TYPE:
            return genlmsghdr if len(payload) >= genlmsghdr.size_of else Raw
        chosen = choose(self.type_bindings, self._env.direction, payload, len(payload), self.nlmsg_flags)
        return chosen.message if chosen else Raw

    def extract_padding(self, s: bytes) -> tuple[bytes, bytes | None]:
        body = self.fields.get("nlmsg_len", 0) - 16
        if 0 <= body <= len(s):
            self.fields["nlmsg_len"] = None
        return s[: max(body, 0)], s[max(body, 0) :]

    def do_build_payload(self) -> bytes:
        """Build the payload; the direction, a selector, follows from the flags in a message that was not dissected."""
        scope = self._scope
        if "to" not in scope and "nlmsg_flags" in self.fields:
            direction, _ = direction_of(self._env.protocol, self.nlmsg_type, self.nlmsg_flags, self.nlmsg_seq, 1)
            self._scope = {**scope, "to": "kernel" if direction == TO_KERNEL else "user"}
        try:
            return super().do_build_payload()
        finally:
            self._scope = scope

    def _computed(self, name: str) -> Any:
        if name == "nlmsg_len":
            return 16 + len(self.do_build_payload())
        if name == "nlmsg_type":
            return _place_of(type(self.payload))[1]
        return None

    def _again(self) -> Layer:
        """Return the message built and dissected again; the body gives the protocol of a message made by hand."""
        env = self._env
        if env.protocol is None:
            env = replace(env, protocol=_place_of(type(self.payload))[0])
        return type(self)(bytes(self), _env=env)

    def summary(self, intern: int = 0) -> Any:
        """Return the message's type and its line."""
        lines = [layer.mysummary() for layer in self.payload.iterpayloads()] if self.payload else []
        name = self.payload.command_name if isinstance(self.payload, genlmsghdr) else None
        if name is not None:
            lines[0] = ""
        return " ".join([name or self.type_name, *(line for line in lines if isinstance(line, str) and line)])

    def hashret(self) -> bytes:
        return int(self.nlmsg_seq or 0).to_bytes(4, "big")

    def answers(self, other: Any) -> int:
        """Return whether this is a reply, ack or error to `other`, a message or a frame, by its sequence number."""
        if not isinstance(other, nlmsghdr):
            asked = getattr(other, "messages", [])
            return int(any(self.answers(one) for one in asked if isinstance(one, nlmsghdr)))
        if self.nlmsg_seq != other.nlmsg_seq or self.nlmsg_flags & NLM_F.REQUEST or self is other:
            return 0
        protocols = {self._env.protocol, other._env.protocol} - {None}
        return int(len(protocols) < 2 and self._env.direction != NOTIFICATION)

    def _arguments(self) -> Iterator[str]:
        yield from super()._arguments()
        if self.pad is not None:
            yield f"pad={self.pad!r}"

    def _must_say(self, name: str) -> bool:
        return name == "nlmsg_flags"  # without flags, sockets and tables take the message for a request

    def _given(self) -> Any:
        for name, value in super()._given():
            if name == "nlmsg_type" and not self.type_name.isdigit():
                yield name, self.type_name
            elif name == "nlmsg_flags":
                names = "|".join(flag_names(self.type_name, self.nlmsg_flags, self.nlmsg_type))
                yield name, names.replace("NLM_F_ROOT|NLM_F_MATCH", "NLM_F_DUMP") or 0
            else:
                yield name, value


def protocol_of(message: nlmsghdr) -> int | None:
    """Return the protocol from which a message was captured, else that of its body; None if both are unknown."""
    known: int | None = message._env.protocol
    return _place_of(type(message.payload))[0] if known is None else known


def _place_of(body: type[Any]) -> tuple[int | None, int]:
    """Return the protocol and type to which a body is bound; (None, 0) if there are none.

    A binding without conditions is preferred.
    """
    if body is genlmsghdr:
        return NETLINK.GENERIC, 0
    tables = ((protocol, numbers.items()) for protocol, numbers in MESSAGES.items())
    places = (
        (bool(one.size or one.first or one.dump is not None), protocol, number)
        for protocol, table in tables
        for number, bindings in table
        for one in bindings
        if one.message is body
    )
    _, protocol, number = min(places, key=lambda place: place[0], default=(False, None, 0))
    return protocol, number


class CommandKind(U8):
    """cmd: a name is looked up in every family."""

    def accept(self, value: Any) -> Any:
        if not isinstance(value, str) or value.isdigit():
            return super().accept(value)
        found = _commands_named(value)
        if not found:
            ensure_protocol(EVERY)
            found = _commands_named(value)
        if len(found) != 1:
            raise FieldError(
                f"{'several commands are' if found else 'no command is'} called {value!r}; give its number"
            )
        return found.pop()


def _commands_named(name: str) -> set[int]:
    tables = (table.items() for table in COMMANDS.values())
    return {number for table in tables for number, bindings in table if any(one.name == name for one in bindings)}


class genlmsghdr(Message):
    """The generic netlink header (linux/genetlink.h); its family is learned from nlctrl's replies."""

    size_of: ClassVar[int] = 4
    fields_desc = [CommandKind.of("cmd"), U8.of("version"), Pad.of("reserved", 2)]

    @property
    def family(self) -> str | None:
        """The family's name, or None if it is unknown."""
        return family_of(self._env.context, self.underlayer.nlmsg_type) if self.underlayer is not None else None

    def guess_payload_class(self, payload: bytes) -> type[Any]:
        family = self.family
        if family is None:
            return self._untold(None)
        chosen = choose(commands_of(family, self.cmd), self._env.direction, payload, len(payload))
        if chosen is not None:
            return chosen.message
        return self._untold(family)

    def _given(self) -> Any:
        bindings = commands_of(self.family, self.cmd) if self.family is not None else []
        chosen = next((one for one in bindings if one.message is type(self.payload)), None)
        called = name_of(bindings, chosen, self._env.direction) or ""
        for name, value in super()._given():
            yield name, called if name == "cmd" and _commands_named(called) == {value} else value

    @property
    def command_name(self) -> str | None:
        """The family's name for the command, or None."""
        bindings = commands_of(self.family, self.cmd) if self.family is not None else []
        fitting = [one for one in bindings if one.message is type(self.payload)] or bindings
        return name_of(fitting, None if self._env.direction else next(iter(fitting), None), self._env.direction)

    def _untold(self, family: str | None) -> type[Message]:
        """Return the class of a body that no table describes: by the family's policy, if that is known."""
        from .policy import untold_body

        if self.underlayer is None or self._env.context is None:
            return unknown_body(family)
        known = self._env.context.name(POLICY, self.underlayer.nlmsg_type)
        return untold_body(family, known, self.cmd, self.underlayer.nlmsg_flags, self._env.direction)

    def mysummary(self) -> Any:
        return f"genl {self.family or ''} cmd {self.cmd}"


def settled_direction(
    context: Context, header: RequestHeader, guess: str | None, data: bytes, start: int, end: int, order: str
) -> str | None:
    """Return the direction of the message at [start, end): by the requests before it, else by its content.

    guess   the direction that its header alone suggests
    """
    if context.requests is not None:
        family = family_of(context, header.type) if header.protocol == NETLINK.GENERIC else None
        guess = context.requests.direction(header, guess, family)
    return direction_by_content(header, data, start, end, order) if guess == TO_KERNEL else guess


def family_of(context: Context | None, number: int) -> str | None:
    """Return the name of the generic family that an id has at this point of the capture, or None."""
    return (context or Context()).name("genl", number)
