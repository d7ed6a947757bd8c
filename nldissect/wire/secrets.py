"""Rows and messages that can hold key material; undecoded bytes in such messages may be keys, too."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from nldissect.uapi import NLMSG_MIN_TYPE

from .attr_set import TableVersion
from .containers import Nest, Struct, layer_kind
from .family_trust import is_former, may_carry
from .kind import Kind
from .packets.bindings import COMMANDS, MESSAGES, SECRET_FAMILIES, ensure_family, ensure_protocol
from .packets.message import Message, generic, sealed
from .protocol import NETLINK

_known: dict[tuple[int, int], tuple[Kind, bool]] = {}


class SecretSearch(NamedTuple):
    """Sets and structs that were searched: those in which key material can be, and those in which it can't."""

    keyed: set[object]
    clean: set[object]


_looked: dict[int, SecretSearch] = {}
"""Results by version of the tables."""


def holds_secrets(kind: Kind) -> bool:
    """Return whether key material can be anywhere inside a kind."""
    key = id(kind), TableVersion.version
    if key not in _known:
        looked, seen = _looked.setdefault(TableVersion.version, SecretSearch(set(), set())), set[object]()
        _known[key] = kind, _reaches(kind, looked, seen)
        if not _known[key][1]:
            looked.clean.update(seen)
    return _known[key][1]


def may_grow(kind: Kind) -> bool:
    """Return whether bytes after the known end of a struct are a newer kernel's: in an attribute that holds no keys.

    struct tcp_info grows about once a year.
    """
    return kind.number is not None and not holds_secrets(kind)


def is_keyed_family(family: str) -> bool:
    """Return whether messages of a generic family, or of its id's former family, can carry keys; load its tables."""
    if is_former(family):
        return True
    ensure_family(family)
    return family in SECRET_FAMILIES or _is_keyed_family(family, TableVersion.version)


@cache
def _is_keyed_family(family: str, version: int) -> bool:
    return any(holds_secrets(layer_kind(one.message)) for table in COMMANDS.get(family, {}).values() for one in table)


def may_carry_keys(protocol: int, number: int, family: str | None, message: type[Message] | None) -> bool:
    """Return whether a message of a type can carry keys, also if it is damaged.

    number    nlmsg_type
    family    name of its generic family, None if it has none or that is unknown
    message   class of its body, None if unknown

    A damaged message of a protocol that has keys may have become a message that has none (NLMSG_DONE), or an unknown
    one.
    """
    control = number < NLMSG_MIN_TYPE
    return _may_carry_keys(protocol, control, family, message, TableVersion.version)


@cache
def _may_carry_keys(
    protocol: int, control: bool, family: str | None, message: type[Message] | None, version: int
) -> bool:
    keyed = None if message is None else holds_secrets(layer_kind(message))
    known = message not in (None, generic, sealed)
    return may_carry(control, family, keyed, known, is_keyed_family, lambda: is_keyed_protocol(protocol))


def is_keyed_protocol(protocol: int) -> bool:
    """Return whether messages of a protocol can carry keys; generic netlink can. Load its tables."""
    ensure_protocol(protocol)
    return _is_keyed_protocol(protocol, TableVersion.version)


@cache
def _is_keyed_protocol(protocol: int, version: int) -> bool:
    bindings = (one for table in MESSAGES.get(protocol, {}).values() for one in table)
    return protocol == NETLINK.GENERIC or any(holds_secrets(layer_kind(one.message)) for one in bindings)


def _reaches(kind: Kind, looked: SecretSearch, seen: set[object]) -> bool:
    if kind.secret:
        return True
    holder = _holder(kind)
    if holder in looked.keyed:
        return True
    if holder is not None and holder not in looked.clean and holder not in seen:
        seen.add(holder)
        if any(_reaches(inner, looked, seen) for inner in _parts(kind)):
            looked.keyed.add(holder)
            return True
    return any(_reaches(target, looked, seen) for target in kind.bound())


def _holder(kind: Kind) -> object:
    if isinstance(kind, Struct):
        return kind.message
    return kind.inner if isinstance(kind, Nest) and kind.known else None


def _parts(kind: Kind) -> Iterator[Kind]:
    """Yield the kinds inside a kind, one level down."""
    if isinstance(kind, Struct):
        yield from (field.kind for field in kind.message.fields_desc)
    elif isinstance(kind, Nest) and kind.known:
        if kind.inner.indexed:
            row = kind.inner.row(1)
            yield from () if row is None else (row,)
        else:
            yield from kind.inner.rows.values()
