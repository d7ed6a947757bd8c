"""Catalogue of fields: every name that has a meaning on the wire, from the tables alone.

`nldissect fields` lists it, filters and columns look names up in it. A name is that of a row, of a field of a struct or
of a header; a path `A.B` is the end of a full path: the layer's class, then the kinds around the field. The nameless
field of attributes after a header, and the elements of arrays, are no steps of a path.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from nldissect.families import load_all, load_naming
from nldissect.wire import (
    NETLINK,
    AttrSet,
    KeyValues,
    Kind,
    Message,
    Nest,
    Nests,
    Struct,
    genlmsghdr,
    nlmon,
    nlmsghdr,
)
from nldissect.wire.attr_set import TableVersion
from nldissect.wire.containers import layer_kind
from nldissect.wire.decode.walk import FAMILY
from nldissect.wire.packets.bindings import COMMANDS, DATAGRAMS, MESSAGES, Binding

from ..extract.field_paths import FieldLocation, aliases, is_nameless, names_of
from .subfields import KEYED, part_kinds

EVERY = "every protocol"
GENERIC = "NETLINK_GENERIC"


Owner = type[AttrSet] | type[Message]


class FieldEntry(NamedTuple):
    """One name, and one protocol or generic family that uses it.

    kind      of a row or field; None for a message type
    number    of the attribute, type or command; None for a field
    owner     the set or struct that holds it; the body of a message
    binding   of a message type
    command   the type is a command of a generic family
    """

    name: str
    family: str
    owner: Owner
    kind: Kind | None = None
    number: int | None = None
    binding: Binding | None = None
    command: bool = False


def entries() -> Iterator[FieldEntry]:
    """Yield everything in all tables; names that several families use come once for each."""
    load_all()
    yield from _Visit().everything()


class _Visit:
    """A traversal of the tables from messages down."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, Any]] = set()

    def everything(self) -> Iterator[FieldEntry]:
        for header, family in ((nlmon, EVERY), (nlmsghdr, EVERY), (genlmsghdr, GENERIC)):
            yield from self.message(header, family)
        for protocol, table in MESSAGES.items():
            yield from self.types(table, EVERY if protocol is None else _protocol(protocol))
        for protocol, datagrams in DATAGRAMS.items():
            for one in datagrams:
                yield from self.message(one.message, _protocol(protocol))
        for family, table in COMMANDS.items():
            yield from self.types(table, family, command=True)

    def types(self, table: dict[int, list[Binding]], family: str, command: bool = False) -> Iterator[FieldEntry]:
        for number, bindings in sorted(table.items()):
            for binding in bindings:
                yield FieldEntry(binding.name, family, binding.message, None, number, binding, command)
        for bindings in table.values():
            for binding in bindings:
                yield from self.message(binding.message, family)

    def message(self, message: type[Message], family: str) -> Iterator[FieldEntry]:
        if (family, message) in self.seen:
            return
        self.seen.add((family, message))
        for one in message.fields_desc:
            if not is_nameless(one.kind):
                yield FieldEntry(one.kind.name, family, message, one.kind)
            yield from self.inside(one.kind, family)

    def rows(self, rows: type[AttrSet], family: str) -> Iterator[FieldEntry]:
        if (family, rows) in self.seen:
            return
        self.seen.add((family, rows))
        for number, row in sorted(rows.rows.items()):
            yield FieldEntry(row.name, family, row.set or rows, row, number)
            yield from self.inside(row, family)

    def inside(self, kind: Kind, family: str) -> Iterator[FieldEntry]:
        """Yield what a kind holds, by itself or by any of its bindings."""
        for target in kind.bound():
            if target is not kind:
                yield from self.inside(target, family)
        if isinstance(kind, Nests):
            element = kind.inner.row(0)
            if element is not None:
                yield from self.inside(element, family)
        elif isinstance(kind, Nest) and kind.loaded:
            yield from self.rows(kind.inner, family)
        elif isinstance(kind, Struct) and kind.shape != "message":
            yield from self.message(kind.message, family)


def _protocol(number: int) -> str:
    return NETLINK.names.get(number) or str(number)


def variants(kind: Kind) -> list[Kind]:
    """Return a kind and everything that is bound to it."""
    return list({id(one): one for one in (kind, *kind.bound())}.values())


def value_kinds(kind: Kind) -> Iterator[Kind]:
    """Yield the kinds of nodes that have this kind's name: its variants, and the elements of arrays of attributes."""
    for one in variants(kind):
        yield one
        if isinstance(one, Nests):
            element = one.inner.row(0)
            if element is not None:
                yield from value_kinds(element)


Member = tuple[Kind, Owner | None]


def members(kind: Kind) -> Iterator[Member]:
    """Yield the kinds directly inside a kind: the next steps of a path."""
    for one in variants(kind):
        if isinstance(one, Nests):
            element = one.inner.row(0)
            if element is not None:
                yield from members(element)
        elif isinstance(one, Nest) and one.known:
            yield from ((row, one.inner) for row in one.inner.rows.values())
        elif isinstance(one, Struct) and one.shape != "message":
            yield from fields_of(one.message)
        else:
            yield from ((part, one.set) for part in part_kinds(one).values())


def fields_of(message: type[Message]) -> Iterator[Member]:
    """Yield the named fields of a struct or header, and the attributes after it."""
    for one in message.fields_desc:
        if is_nameless(one.kind):
            yield from members(one.kind)
        else:
            yield one.kind, message
    if message is genlmsghdr:
        yield FAMILY, genlmsghdr


HEADERS = {message.__name__: message for message in (nlmsghdr, genlmsghdr)}
_OWN = {one.kind.name: one.kind for one in nlmsghdr.fields_desc}


class FieldCatalog(NamedTuple):
    """All names of all tables, lower case.

    named    kinds and owners by name
    spelt    the name as the tables write it
    """

    named: dict[str, list[Member]]
    spelt: dict[str, str]


_catalogue: dict[int, FieldCatalog] = {}


def catalogue() -> FieldCatalog:
    """Return the names as of now: made on first use, and again after tables changed."""
    load_all()
    return _as_of_now()


def _as_of_now() -> FieldCatalog:
    """Return the names of the families that are loaded."""
    if TableVersion.version not in _catalogue:
        _catalogue.clear()
        _catalogue[TableVersion.version] = _collect()
    return _catalogue[TableVersion.version]


def _collect() -> FieldCatalog:
    found: dict[str, dict[int, Member]] = {}
    spelt: dict[str, str] = {}

    def file(kind: Kind, owner: Owner | None) -> None:
        for name in (kind.name, *aliases(kind)):
            found.setdefault(name.lower(), {})[id(kind)] = kind, owner
            spelt.setdefault(name.lower(), name)

    layers: dict[type[Message], None] = {nlmsghdr: None, genlmsghdr: None}
    layers |= dict.fromkeys(one.message for datagrams in DATAGRAMS.values() for one in datagrams)
    for entry in _Visit().everything():
        if entry.owner is nlmon:
            continue
        if entry.binding is not None:
            layers[entry.binding.message] = None
        elif entry.kind is not None:
            file(entry.kind, entry.owner)
            for part in part_kinds(entry.kind).values():
                file(part, entry.owner)
    for layer in layers:
        file(layer_kind(layer), None)
    file(FAMILY, genlmsghdr)
    return FieldCatalog({name: list(places.values()) for name, places in found.items()}, spelt)


def field_locations(name: str) -> list[FieldLocation]:
    """Return every place of a name or path, in any case; none if no table has it."""
    path = tuple(name.lower().split("."))
    found = _first(path[0])
    for step in path[1:]:
        inner = {id(member[0]): member for kind, _ in found for member in _step(kind, step)}
        found = list(inner.values())
    return [FieldLocation(one, owner, path) for kind, owner in found for one in value_kinds(kind)]


def _first(name: str) -> list[Member]:
    """Return the members with a bare name; the netlink headers are known without any table."""
    if name in _OWN:
        return [(_OWN[name], nlmsghdr)]
    if name in HEADERS:
        return [(layer_kind(HEADERS[name]), None)]
    load_naming(name)
    return _as_of_now().named.get(name) or catalogue().named.get(name, [])


def _step(kind: Kind, name: str) -> Iterator[Member]:
    if isinstance(kind, KeyValues):
        yield KEYED, kind.set
    for member in members(kind):
        if name in names_of(member[0]):
            yield member
