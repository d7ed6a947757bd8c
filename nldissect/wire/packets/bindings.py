"""Bindings of message classes to types and commands: by protocol, direction, first byte, size, generic family.

Some protocols use one number for a request and another thing for its reply.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from nldissect.errors import TableError
from nldissect.uapi import NLMSG_MIN_TYPE

from ..attr_set import AttrSet
from ..binding import TARGETS, DatagramBinding, verb_for
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
"""Bindings by protocol and type, best conditions first."""
COMMANDS: dict[str, dict[int, list[Binding]]] = {}
"""Bindings by generic family and command."""
DATAGRAMS: dict[int, list[DatagramBinding[type[Message]]]] = {}
"""Bindings of headerless datagrams (without nlmsghdr) by protocol."""
USER_FAMILIES: set[str] = set()
"""Generic families with tables of the user's, which replace built-in ones."""
NUMBERS: dict[str, tuple[int | None, int]] = {}
"""Protocol and type by the name of a type."""
CATCH_ALL: dict[str, type[Message]] = {}
"""Bodies of commands without a number of their own, by generic family, see `bind_rest`."""
SECRET_FAMILIES: set[str] = set()
"""Generic families that carry keys and have no table yet."""
GENL_FIELDS = {name: Kind().named(name) for name in ("cmd", "version", "family")}
"""Names in the header before every generic body, as kinds."""
_asked: set[int | str | None] = set()


def ensure_protocol(protocol: int | None) -> None:
    """Load the tables of a protocol, or of all (EVERY), on first use."""
    if protocol not in _asked:
        _asked.add(protocol)
        provide()
        for load in load_protocol:
            load(protocol)


def message_type_names(protocol: int) -> dict[int, str]:
    """Return the names of a protocol's message types by number; load its tables.

    KeyError for a protocol without tables.
    """
    ensure_protocol(protocol)
    return {number: bindings[0].name for number, bindings in MESSAGES[protocol].items() if bindings}


def ensure_family(family: str) -> None:
    """Load the tables of a generic family on first use."""
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
    """Bind a message class to types of a protocol: RTM_NEWADDR=20; the first binding whose conditions hold wins.

    to      "kernel" or "user": only in that direction; "reply" and "notification" distinguish answers from
            notifications
    first   value(s) of the body's first byte
    size    length(s) of the body in bytes
    dump    whether NLM_F_DUMP is set
    title   name of the message in lists, where its type's name is not descriptive

    Raises TableError for a mistake in the arguments, or if a number is bound twice with the same conditions.
    """
    _check(message, protocol, to, names)
    table = MESSAGES.setdefault(protocol, {})
    for name, number in names.items():
        _file(table, number, Binding(name, message, to, _tuple(first), _tuple(size), dump, title))
        NUMBERS.setdefault(name, (protocol, number))


def bind_genl(
    message: type[Message] | type[AttrSet], family: str | tuple[str, ...], *, to: str | None = None, **names: int
) -> None:
    """Bind a message class, or a set, to commands of one or more generic families: FOO_CMD_GET=1.

    The message follows genlmsghdr, and begins with the family's own header, if it has one. `to` as for bind_message.
    Families in GIVEN are skipped. Raises TableError as bind_message does.
    """
    _check(message, family, to, names)
    for one in (family,) if isinstance(family, str) else family:
        if one in USER_FAMILIES:
            continue
        body = message if issubclass(message, Message) else _attributes_only(one, message)
        if not GENL_FIELDS.keys().isdisjoint(names_in(body.template)):
            check_names("genlmsghdr", body.template, [*GENL_FIELDS.values(), layer_kind(body)])
        table = COMMANDS.setdefault(one, {})
        for name, number in names.items():
            _file(table, number, Binding(name, body, to))


def bind_rest(rows: type[AttrSet], family: str) -> None:
    """Bind a set to commands whose number no table can know (gtp's answers: the low byte of the family's own)."""
    CATCH_ALL[family] = _attributes_only(family, rows)


def bind_datagram(message: type[Message], protocol: int, *, begins: bytes = b"", has: bytes = b"") -> None:
    """Bind a message class to headerless datagrams of a protocol; the first class that fits a datagram opens it.

    begins   the first bytes of such a datagram
    has      bytes in its first text, before the NUL

    Where these do not decide, the class may have a method `matches(data)` that does; it is used if neither is given.
    """
    decides = None if begins or has else getattr(message, "matches", None)
    DATAGRAMS.setdefault(protocol, []).append(DatagramBinding(message, begins, has, decides))


def _check(message: Any, place: Any, to: str | None, names: dict[str, int]) -> None:
    """Raise TableError for mistakes that would only show when a message is decoded.

    place   protocol's number or family's name
    """
    if not isinstance(message, type) or not issubclass(message, (Message, AttrSet)):
        raise TableError(f"{message!r} is no message; a Message class is bound, in a generic family also an AttrSet")
    what = f"{message.__name__} of {place}"
    if isinstance(place, int) and issubclass(message, AttrSet):
        raise TableError(f'{what}: a set is no message; write a Message class with Attrs("attrs", {message.__name__})')
    if not names:
        raise TableError(f"{what} is bound to no number; name them, like FOO_CMD_GET=1")
    if to is not None and to not in TARGETS:
        raise TableError(f"{what}: to={to!r} is none of {', '.join(TARGETS)}")
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
    """Return the message class with nothing but the attributes of a set; its layer is named after the family."""
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
    """Return the bindings of a message type, best conditions first; load the protocol's tables."""
    ensure_protocol(protocol)
    own = MESSAGES.get(protocol, {}).get(number, []) if protocol is not None else []
    return own or MESSAGES[EVERY].get(number, []) if number < NLMSG_MIN_TYPE else own


def commands_of(family: str, number: int) -> list[Binding]:
    """Return the bindings of a command of a generic family; load the family's tables."""
    ensure_family(family)
    return COMMANDS.get(family, {}).get(number, [])


def unknown_body(family: str | None) -> type[Message]:
    """Return the class of a generic body that no table describes.

    It is the family's class in REST, else `sealed` for a family that carries keys, else the common body of its
    commands, else `generic`.
    """
    if family in SECRET_FAMILIES or is_former(family):
        return CATCH_ALL.get(family or "") or sealed
    return CATCH_ALL.get(family or "") or common_body(family) or generic


def common_body(family: str | None) -> type[Message] | None:
    """Return the one class that all known commands of a generic family have; None if there are several or none."""
    if family is not None:
        ensure_family(family)
    tables = COMMANDS.get(family or "", {}).values()
    bodies = {one.message for bindings in tables for one in bindings}
    return bodies.pop() if len(bodies) == 1 else None


def datagram_of(protocol: int, body: bytes) -> type[Message] | None:
    """Return the class of a headerless datagram; None if none opens it."""
    return next((one.message for one in DATAGRAMS.get(protocol, ()) if one.opens(body)), None)


def layer_name(message: type[Message]) -> str:
    """Return the name of a message's layer."""
    return layer_kind(message).name


@lru_cache(maxsize=4096)
def verb_of(protocol: int, number: int) -> int:
    """Return GET, NEW or DEL, the verb of a message type to the kernel; 0 if its name has none."""
    return verb_for(bindings_of(protocol, number), protocol, number)
