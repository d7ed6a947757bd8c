"""Which message class a type or command means: by protocol, direction, first byte, size, generic family.

Some protocols use one number for a request and another thing for its reply.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from nldissect.errors import TableError
from nldissect.requests import DEL, GET, NEW

from .attrs import AttrSet
from .flags import NETLINK, NLM_F_DUMP, NOTIFICATION, TO_KERNEL, TO_USER, USER_TO_USER, verb_named
from .kinds import Kind
from .message import Message, generic, sealed
from .providers import load_family, load_protocol, provide
from .shapes import Attrs, layer_kind
from .summary import check_brackets
from .template_names import check_names, names_in
from .trust import is_former

NLMSG_MIN_TYPE = 0x10
"""Smaller types mean the same in every protocol."""


WAYS = {
    "kernel": (TO_KERNEL,),
    "user": (TO_USER, NOTIFICATION, USER_TO_USER),
    "reply": (TO_USER,),
    "notification": (NOTIFICATION,),
}
"""What `to` of a binding may be, and the directions it stands for."""


def goes(to: str | None, direction: str | None) -> bool:
    """Whether a message that went in a direction may be one bound for `to`; in doubt it is."""
    return to is None or direction is None or direction in WAYS[to]


@dataclass(frozen=True)
class Binding:
    """One meaning of a message type or command, and when it holds.

    title   what lists call the message, where the name of its type says nothing of it; else ""
    """

    name: str
    message: type[Message]
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


EVERY = None
"""The protocol of messages that every protocol has."""
MESSAGES: dict[int | None, dict[int, list[Binding]]] = {EVERY: {}}
"""By protocol and type, best conditions first."""
COMMANDS: dict[str, dict[int, list[Binding]]] = {}
"""The same by generic family and command."""
DATAGRAMS: dict[int, list[type[Message]]] = {}
"""What protocols send that have no nlmsghdr."""
GIVEN: set[str] = set()
"""Generic families whose tables the user brought: those that come along stand back."""
NUMBERS: dict[str, tuple[int | None, int]] = {}
"""Protocol and type by the name of a type."""
REST: dict[str, type[Message]] = {}
"""What commands of a generic family carry that have no number of their own, see `bind_rest`."""
KEYED: set[str] = set()
"""Generic families that carry keys and have no table yet."""
GENL_FIELDS = {name: Kind().named(name) for name in ("cmd", "version", "family")}
"""What the header before every generic body has, as far as names of it go."""
_asked: set[int | str | None] = set()


def ensure_protocol(protocol: int | None) -> None:
    """Have the tables of a protocol loaded, or all of them (EVERY)."""
    if protocol not in _asked:
        _asked.add(protocol)
        provide()
        for load in load_protocol:
            load(protocol)


def ensure_family(family: str) -> None:
    """Have the tables of a generic family loaded."""
    if family not in _asked:
        _asked.add(family)
        provide()
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
    title: str = "",
    **names: int,
) -> None:
    """Say when `message` is the body: RTM_NEWADDR=20 names a type; the first binding whose conditions hold wins.

    to      "kernel" or "user": only in that direction; "reply" and "notification" tell answers from notifications
    first   value(s) of the body's first byte
    size    length(s) of the body in bytes
    dump    whether NLM_F_DUMP is set
    title   what lists call it, where its type's name says nothing of it
    """
    _check(message, protocol, to, names)
    table = MESSAGES.setdefault(protocol, {})
    for name, number in names.items():
        _file(table, number, Binding(name, message, to, _tuple(first), _tuple(size), dump, title))
        NUMBERS.setdefault(name, (protocol, number))


def bind_genl(
    message: type[Message] | type[AttrSet], family: str | tuple[str, ...], *, to: str | None = None, **names: int
) -> None:
    """Say what a command of a generic netlink family carries after genlmsghdr (and its own header, if it has one);
    `to` as for bind_message."""
    _check(message, family, to, names)
    for one in (family,) if isinstance(family, str) else family:
        if one in GIVEN:
            continue
        body = message if issubclass(message, Message) else _attributes_only(one, message)
        if not GENL_FIELDS.keys().isdisjoint(names_in(body.template)):
            check_names("genlmsghdr", body.template, [*GENL_FIELDS.values(), layer_kind(body)])
        table = COMMANDS.setdefault(one, {})
        for name, number in names.items():
            _file(table, number, Binding(name, body, to))


def bind_rest(rows: type[AttrSet], family: str) -> None:
    """Say what commands carry whose number no table can know (gtp's answers: the low byte of the family's own)."""
    REST[family] = _attributes_only(family, rows)


def bind_datagram(message: type[Message], protocol: int) -> None:
    """Say that datagrams of this protocol have no nlmsghdr; the first class whose `matches(data)` holds opens them."""
    DATAGRAMS.setdefault(protocol, []).append(message)


def _check(message: Any, place: Any, to: str | None, names: dict[str, int]) -> None:
    """Refuse what would only fail when a message is met; `place` is a protocol's number or a family's name."""
    if not isinstance(message, type) or not issubclass(message, (Message, AttrSet)):
        raise TableError(f"{message!r} is no message; a Message class is bound, in a generic family also an AttrSet")
    what = f"{message.__name__} of {place}"
    if isinstance(place, int) and issubclass(message, AttrSet):
        raise TableError(f'{what}: a set is no message; write a Message class with Attrs("attrs", {message.__name__})')
    if not names:
        raise TableError(f"{what} is bound to no number; name them, like FOO_CMD_GET=1")
    if to is not None and to not in WAYS:
        raise TableError(f"{what}: to={to!r} is none of {', '.join(WAYS)}")
    for name, number in names.items():
        if not isinstance(number, int) or number < 0:
            raise TableError(f"{what}: {name}={number!r} is no number")


def _file(table: dict[int, list[Binding]], number: int, binding: Binding) -> None:
    bindings = table.setdefault(number, [])
    for other in bindings:
        same = replace(other, name="", message=binding.message, title=binding.title)
        if same == replace(binding, name="") and other != binding:
            both = f"{other.message.__name__} and {binding.message.__name__}"
            if other.message is binding.message:
                both = f"{other.name} has that number too"
            raise TableError(f"{binding.name} = {number} is bound twice: {both}")
    bindings.append(binding)
    rank = {"notification": 0, None: 2}
    bindings.sort(key=lambda one: (not one.size, one.dump is None, not one.first, rank.get(one.to, 1)))


def _tuple(value: int | tuple[int, ...]) -> tuple[int, ...]:
    return (value,) if isinstance(value, int) else value


_made: dict[tuple[str, type[AttrSet]], type[Message]] = {}


def _attributes_only(family: str, rows: type[AttrSet]) -> type[Message]:
    """A message that is nothing but attributes; its layer is called after the family."""
    key = (family, rows)
    if key not in _made:
        made: type[Message] = type(f"_{family}", (generic,), {"name": family, "fields_desc": [Attrs("attrs", rows)]})
        made.__name__ = made.__qualname__ = re.sub(r"\W", "_", family if family[:1].isalpha() else f"genl_{family}")
        if "template" in vars(rows):
            check_brackets(rows.__name__, vars(rows)["template"])
            made.template = vars(rows)["template"]
        _made[key] = made
    return _made[key]


def bindings_of(protocol: int | None, number: int) -> list[Binding]:
    """What a message type may mean, best conditions first; loads the protocol's tables."""
    ensure_protocol(protocol)
    own = MESSAGES.get(protocol, {}).get(number, []) if protocol is not None else []
    return own or MESSAGES[EVERY].get(number, []) if number < NLMSG_MIN_TYPE else own


def commands_of(family: str, number: int) -> list[Binding]:
    """What a command of a generic family may mean; loads the family's tables."""
    ensure_family(family)
    return COMMANDS.get(family, {}).get(number, [])


def unknown_body(family: str | None) -> type[Message]:
    """The body of a generic message that no table describes: that of the family's commands, where all have the same."""
    if family in KEYED or is_former(family):
        return REST.get(family or "") or sealed
    return REST.get(family or "") or common_body(family) or generic


def common_body(family: str | None) -> type[Message] | None:
    """The one body that all known commands of a generic family have; None if they have several, or none is known."""
    if family is not None:
        ensure_family(family)
    tables = COMMANDS.get(family or "", {}).values()
    bodies = {one.message for bindings in tables for one in bindings}
    return bodies.pop() if len(bodies) == 1 else None


def choose(bindings: list[Binding], direction: str | None, body: bytes, length: int, flags: int = 0) -> Binding | None:
    """The first binding that holds, or None."""
    return next((one for one in bindings if one.holds(direction, body, length, flags)), None)


@lru_cache(maxsize=4096)
def verb_of(protocol: int, number: int) -> int:
    """Return GET, NEW or DEL as a type of messages to the kernel asks for, 0 where its name does not say."""
    if protocol == NETLINK.ROUTE and number >= NLMSG_MIN_TYPE:
        return (NEW, DEL, GET, NEW)[number & 3]  # rtnl_register's order: NEW, DEL, GET, SET
    return verb_named(name_of(bindings_of(protocol, number), None, TO_KERNEL), number)


def name_of(bindings: list[Binding], chosen: Binding | None, direction: str | None) -> str | None:
    """The name of a type, also where no body fits."""
    if chosen is not None:
        return chosen.name
    return next((one.name for one in bindings if goes(one.to, direction or TO_USER)), None)
