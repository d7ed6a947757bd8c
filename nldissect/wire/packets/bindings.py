"""Which message class a type or command means: by protocol, direction, first byte, size, generic family.

Some protocols use one number for a request and another thing for its reply.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from nldissect.errors import TableError
from nldissect.uapi import NLMSG_MIN_TYPE

from ..attr_set import AttrSet
from ..binding import WAYS, DatagramBinding, verb_for
from ..binding import Binding as BindingOf
from ..containers import Attrs, layer_kind
from ..family_trust import is_former
from ..kind import Kind
from ..summary_template import check_brackets
from ..table_providers import load_family, load_protocol, provide
from ..template_names import check_names, names_in
from .message import Message, generic, sealed

EVERY = None
"""The protocol of messages that every protocol has."""
Binding = BindingOf[type[Message]]
MESSAGES: dict[int | None, dict[int, list[Binding]]] = {EVERY: {}}
"""By protocol and type, best conditions first."""
COMMANDS: dict[str, dict[int, list[Binding]]] = {}
"""The same by generic family and command."""
DATAGRAMS: dict[int, list[DatagramBinding[type[Message]]]] = {}
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


def message_type_names(protocol: int) -> dict[int, str]:
    """Return the names of a protocol's message types by number; imports its tables."""
    ensure_protocol(protocol)
    return {number: bindings[0].name for number, bindings in MESSAGES[protocol].items() if bindings}


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


def bind_datagram(message: type[Message], protocol: int, *, begins: bytes = b"", has: bytes = b"") -> None:
    """Say that datagrams of this protocol have no nlmsghdr; the first class that fits opens them.

    begins   what such a datagram begins with
    has      what stands in its first text, before the NUL

    Where that does not tell, the class may have a method `matches(data)` that does; it is asked if neither is given.
    """
    decides = None if begins or has else getattr(message, "matches", None)
    DATAGRAMS.setdefault(protocol, []).append(DatagramBinding(message, begins, has, decides))


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
        same = other._replace(name="", message=binding.message, title=binding.title)
        if same == binding._replace(name="") and other != binding:
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


def datagram_of(protocol: int, body: bytes) -> type[Message] | None:
    """The class of a datagram without nlmsghdr; None if none opens it."""
    return next((one.message for one in DATAGRAMS.get(protocol, ()) if one.opens(body)), None)


def layer_name(message: type[Message]) -> str:
    """What the layer of a message is called."""
    return layer_kind(message).name


@lru_cache(maxsize=4096)
def verb_of(protocol: int, number: int) -> int:
    """Return GET, NEW or DEL as a type of messages to the kernel asks for, 0 where its name does not say."""
    return verb_for(bindings_of(protocol, number), protocol, number)
