"""Messages: struct nlmsghdr, what stands behind it, and which message class a type means (linux/netlink.h).

Direction is not on the wire. It is inferred from flags, port id and sequence number, as the kernel's senders set them;
names and bodies depend on it, since some protocols use one number for a request and another thing for its reply.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from scapy.packet import Raw

from nldissect.errors import FieldError, TableError

from .attrs import AttrSet
from .context import Context, Env
from .layer import KindField, Layer, LengthField
from .names import Enum, Flags, flag_list
from .opaque import Pad
from .scalars import U8, U16, U32
from .shapes import Attrs


class NETLINK(Enum):
    """Protocol numbers: the third argument of socket(AF_NETLINK, ...)."""

    ROUTE = 0
    UNUSED = 1
    USERSOCK = 2
    FIREWALL = 3
    SOCK_DIAG = 4
    NFLOG = 5
    XFRM = 6
    SELINUX = 7
    ISCSI = 8
    AUDIT = 9
    FIB_LOOKUP = 10
    CONNECTOR = 11
    NETFILTER = 12
    IP6_FW = 13
    DNRTMSG = 14
    KOBJECT_UEVENT = 15
    GENERIC = 16
    SCSITRANSPORT = 18
    ECRYPTFS = 19
    RDMA = 20
    CRYPTO = 21
    SMC = 22


class NLM_F(Flags):
    """Flags that mean the same in every message."""

    REQUEST = 0x01
    MULTI = 0x02
    ACK = 0x04
    ECHO = 0x08
    DUMP_INTR = 0x10
    DUMP_FILTERED = 0x20


class NLM_F_GET(NLM_F, prefix="NLM_F"):
    """Modifiers of a GET request."""

    ROOT = 0x100
    MATCH = 0x200
    ATOMIC = 0x400


class NLM_F_NEW(NLM_F, prefix="NLM_F"):
    """Modifiers of a NEW request."""

    REPLACE = 0x100
    EXCL = 0x200
    CREATE = 0x400
    APPEND = 0x800


class NLM_F_DEL(NLM_F, prefix="NLM_F"):
    """Modifiers of a DEL request."""

    NONREC = 0x100
    BULK = 0x200


class NLM_F_ACK(NLM_F, prefix="NLM_F"):
    """Flags of NLMSG_ERROR and NLMSG_DONE."""

    CAPPED = 0x100
    ACK_TLVS = 0x200


NLMSG_ERROR, NLMSG_DONE, NLMSG_MIN_TYPE = 2, 3, 0x10
NLM_F_DUMP = 0x300

TO_KERNEL, TO_USER, NOTIFICATION, USER_TO_USER = "to kernel", "to user", "notification", "user to user"

_VERBS = (
    (re.compile(r"_(GET|DUMP|LIST|SHOW|DIAG)|GETSOCK|GETA"), NLM_F_GET),
    (re.compile(r"_(DEL|FLUSH|DESTROY|REMOVE)"), NLM_F_DEL),
    (re.compile(r"_(NEW|ADD|SET|CREATE|UPD)"), NLM_F_NEW),
)


def flags_of(name: str | None, flags: int, number: int) -> type[Flags]:
    """Which names the flag bits have: the upper ones are shared by the verbs of requests and by acks."""
    if number in (NLMSG_ERROR, NLMSG_DONE):
        return NLM_F_ACK
    for pattern, names in _VERBS:
        if name and pattern.search(name):
            return names
    return NLM_F_GET if flags & NLM_F.REQUEST and flags & NLM_F_DUMP == NLM_F_DUMP else NLM_F


class Message(Layer):
    """Base of message bodies, headers and C structs.

    summary   class attribute: the template of the message's line (see summary.py)
    teaches   (what, field that holds the number, field that holds the name): what a Context learns from it
    """

    if TYPE_CHECKING:
        summary: Any

    template: ClassVar[str] = ""
    teaches: ClassVar[tuple[str, str, str] | None] = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        template = cls.__dict__.get("summary")
        if isinstance(template, str):
            cls.template = template
            del cls.summary
        seen = set()
        for field in cls.fields_desc:
            if not isinstance(field, KindField):
                raise TableError(f"{cls.__name__}.{field.name} is no kind: write it with .of()")
            if field.name in seen or (hasattr(Layer, field.name) and cls.__module__ != __name__):
                raise TableError(f"{cls.__name__}.{field.name}: the name is taken")
            seen.add(field.name)

    def mysummary(self) -> Any:
        if not self.template:
            return type(self).__name__
        from .summary import packet_summary

        return packet_summary(self)


@dataclass(frozen=True)
class Binding:
    """One meaning of a message type or command, and when it holds."""

    name: str
    message: type[Message]
    to: str | None
    first: tuple[int, ...] = ()
    size: tuple[int, ...] = ()
    dump: bool | None = None

    def holds(self, direction: str | None, body: bytes, length: int, flags: int) -> bool:
        """Whether a body of `length` bytes that begins with `body`, going in that direction, is this message."""
        if self.dump is not None and self.dump != (flags & NLM_F_DUMP == NLM_F_DUMP):
            return False
        if self.to is not None and direction is not None and (self.to == "kernel") != (direction == TO_KERNEL):
            return False
        if self.first and (not body or body[0] not in self.first):
            return False
        return not self.size or length in self.size


EVERY = None
"""The protocol of messages that every protocol has."""

MESSAGES: dict[int | None, dict[int, list[Binding]]] = {EVERY: {}}
COMMANDS: dict[str, dict[int, list[Binding]]] = {}
DATAGRAMS: dict[int, list[type[Message]]] = {}
NUMBERS: dict[str, tuple[int | None, int]] = {}

load_protocol: list[Callable[[int | None], None]] = []
load_family: list[Callable[[str], None]] = []
_asked: set[int | str | None] = set()


def ensure_protocol(protocol: int | None) -> None:
    """Have the tables of a protocol loaded, or all of them (EVERY)."""
    if protocol not in _asked:
        _asked.add(protocol)
        for load in load_protocol:
            load(protocol)


def ensure_family(family: str) -> None:
    """Have the tables of a generic family loaded."""
    if family not in _asked:
        _asked.add(family)
        for load in load_family:
            load(family)


def bind_message(
    message: type[Message],
    protocol: int | None,
    *,
    to: str | None = None,
    first: int | tuple[int, ...] = (),
    size: int | tuple[int, ...] = (),
    dump: bool | None = None,
    **names: int,
) -> None:
    """Say when `message` is the body: RTM_NEWADDR=20 names a type; the first binding whose conditions hold wins.

    to      "kernel" or "user": only in that direction
    first   value(s) of the body's first byte
    size    length(s) of the body in bytes
    dump    whether NLM_F_DUMP is set
    """
    table = MESSAGES.setdefault(protocol, {})
    for name, number in names.items():
        _file(table, number, Binding(name, message, to, _tuple(first), _tuple(size), dump))
        NUMBERS.setdefault(name, (protocol, number))


def bind_genl(
    message: type[Message] | type[AttrSet], family: str | tuple[str, ...], *, to: str | None = None, **names: int
) -> None:
    """Say what a command of a generic netlink family carries after genlmsghdr (and its own header, if it has one)."""
    for one in (family,) if isinstance(family, str) else family:
        body = message if issubclass(message, Message) else _attributes_only(one, message)
        table = COMMANDS.setdefault(one, {})
        for name, number in names.items():
            _file(table, number, Binding(name, body, to))


def bind_datagram(message: type[Message], protocol: int) -> None:
    """Say that datagrams of this protocol have no nlmsghdr; the first class whose `matches(data)` holds opens them."""
    DATAGRAMS.setdefault(protocol, []).append(message)


def _file(table: dict[int, list[Binding]], number: int, binding: Binding) -> None:
    bindings = table.setdefault(number, [])
    for other in bindings:
        if replace(other, name="", message=binding.message) == replace(binding, name="") and other != binding:
            both = f"{other.message.__name__} and {binding.message.__name__}"
            raise TableError(f"{binding.name} = {number} is bound twice: {both}")
    bindings.append(binding)
    bindings.sort(key=lambda one: (not one.size, one.dump is None, not one.first, one.to is None))


def _tuple(value: int | tuple[int, ...]) -> tuple[int, ...]:
    return (value,) if isinstance(value, int) else value


class UNKNOWN(AttrSet, prefix=""):
    """Attributes of a generic family that is not known: numbers only, never wrong."""


class generic(Message):
    """A body that is nothing but attributes: those of an unknown generic family by number."""

    fields_desc = [Attrs("attrs", UNKNOWN)]

    def _expression_name(self) -> str:
        return "generic"


_made: dict[tuple[str, type[AttrSet]], type[Message]] = {}


def _attributes_only(family: str, rows: type[AttrSet]) -> type[Message]:
    """A message that is nothing but attributes; its layer is called after the family."""
    key = (family, rows)
    if key not in _made:
        made: type[Message] = type(f"_{family}", (generic,), {"name": family, "fields_desc": [Attrs("attrs", rows)]})
        made.__name__ = made.__qualname__ = re.sub(r"\W", "_", family)
        if "template" in vars(rows):
            made.template = vars(rows)["template"]
        _made[key] = made
    return _made[key]


def bindings_of(protocol: int | None, number: int) -> list[Binding]:
    """What a message type may mean, best conditions first; loads the protocol's tables."""
    ensure_protocol(protocol)
    if number < NLMSG_MIN_TYPE:
        return MESSAGES[EVERY].get(number, []) or MESSAGES.get(protocol, {}).get(number, [])
    return MESSAGES.get(protocol, {}).get(number, []) if protocol is not None else []


def commands_of(family: str, number: int) -> list[Binding]:
    """What a command of a generic family may mean; loads the family's tables."""
    ensure_family(family)
    return COMMANDS.get(family, {}).get(number, [])


def choose(bindings: list[Binding], direction: str | None, body: bytes, length: int, flags: int = 0) -> Binding | None:
    """The first binding that holds, or None."""
    return next((one for one in bindings if one.holds(direction, body, length, flags)), None)


def name_of(bindings: list[Binding], chosen: Binding | None, direction: str | None) -> str | None:
    """The name of a type, also where no body fits."""
    if chosen is not None:
        return chosen.name
    side = "kernel" if direction == TO_KERNEL else "user"
    return next((one.name for one in bindings if one.to in (None, side)), None)


def direction_of(
    protocol: int | None, number: int, flags: int, seq: int, pid: int, packet_type: int = 4
) -> tuple[str | None, bool]:
    """Where a message went, and whether the source said so (else it is inferred)."""
    if packet_type in _TOLD:
        return _TOLD[packet_type], True
    if protocol == NETLINK.USERSOCK:
        return USER_TO_USER, False
    if number in (NLMSG_ERROR, NLMSG_DONE):
        return TO_USER, False
    if flags & NLM_F.REQUEST:
        return TO_KERNEL, False
    return (NOTIFICATION if pid == 0 and seq == 0 else TO_USER), False


PACKET_MULTICAST, PACKET_USER, PACKET_KERNEL = 2, 6, 7
_TOLD = {PACKET_MULTICAST: NOTIFICATION, PACKET_USER: TO_USER, PACKET_KERNEL: TO_KERNEL}


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
    """nlmsg_flags: names of every verb are understood."""

    def accept(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.split("|")
        if isinstance(value, (list, tuple)):
            try:
                return sum({_FLAGS["NLM_F_" + name.removeprefix("NLM_F_")] for name in value})
            except KeyError as error:
                raise FieldError(f"no message flag is called {error.args[0]!r}") from None
        return value


class TypeField(LengthField):
    """Shows a type by the name it has in this message's protocol and direction."""

    def i2repr(self, pkt: Any, x: Any) -> str:
        return str(pkt.type_name)


class FlagsField(KindField):
    """Shows flags by the names they have in this message."""

    def i2repr(self, pkt: Any, x: Any) -> str:
        return "|".join(flag_names(pkt.type_name, x, pkt.nlmsg_type)) or "0"


class nlmsghdr(Message):
    """The netlink message header. Length is worked out unless set; padding after it belongs to the datagram."""

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
        """What this message's type may mean in its protocol."""
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
            values = env.values | {"direction_known": known, "echoed": echoed}
            self._env = Env(env.order, env.protocol, env.context, direction, values)
            self._scope = {**self._scope, "to": "kernel" if direction == TO_KERNEL else "user"}
        return rest

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

    def _computed(self, name: str) -> Any:
        if name == "nlmsg_len":
            return 16 + len(self.payload.build())
        if name == "nlmsg_type":
            payload = type(self.payload)
            tables = (table for numbers in MESSAGES.values() for table in numbers.items())
            return next((number for number, table in tables if any(one.message is payload for one in table)), 0)
        return None

    def summary(self, intern: int = 0) -> Any:
        """The message's type and its line."""
        lines = [layer.mysummary() for layer in self.payload.iterpayloads()] if self.payload else []
        return " ".join([self.type_name, *(line for line in lines if isinstance(line, str) and line)])

    def hashret(self) -> bytes:
        return bytes([(self._env.protocol or 0) & 0xFF]) + int(self.nlmsg_seq).to_bytes(4, "big")

    def answers(self, other: Any) -> int:
        """A reply, ack or error with the request's sequence number."""
        return int(isinstance(other, nlmsghdr) and self.nlmsg_seq == other.nlmsg_seq and not self.nlmsg_flags & 1)

    def _given(self) -> Any:
        for name, value in super()._given():
            if name == "nlmsg_type" and not self.type_name.isdigit():
                yield name, self.type_name
            else:
                yield name, value


class genlmsghdr(Message):
    """The generic netlink header (linux/genetlink.h); which family is meant is learnt from nlctrl's replies."""

    size_of: ClassVar[int] = 4
    fields_desc = [U8.of("cmd"), U8.of("version"), Pad.of("reserved", 2)]

    @property
    def family(self) -> str | None:
        """The family's name, or None if the capture did not say."""
        return family_of(self._env.context, self.underlayer.nlmsg_type) if self.underlayer is not None else None

    def guess_payload_class(self, payload: bytes) -> type[Any]:
        family = self.family
        if family is None:
            return generic
        chosen = choose(commands_of(family, self.cmd), self._env.direction, payload, len(payload))
        return chosen.message if chosen else generic

    def mysummary(self) -> Any:
        return f"genl {self.family or ''} cmd {self.cmd}"


def family_of(context: Context | None, number: int) -> str | None:
    """The generic family an id stands for at this moment."""
    return (context or Context()).name("genl", number)


def teach(context: Context | None, message: type[Message], direction: str | None, value: Callable[[str], Any]) -> None:
    """Let a context learn what the kernel tells in a message; `value` finds a field or attribute by name."""
    if context is None or message.teaches is None or direction == TO_KERNEL:
        return
    what, number, name = message.teaches
    learnt, text = value(number), value(name)
    if isinstance(learnt, int) and learnt > 0 and isinstance(text, str):
        context.learn(what, learnt, text)


def flag_names(name: str | None, flags: int, number: int) -> list[str]:
    """Names of nlmsg_flags, those shared by verbs named by this message's."""
    return flag_list(flags_of(name, flags, number), flags)
