"""`nldissect fields`: every message, command, header field and attribute, from the tables."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from nldissect.families import load_all
from nldissect.wire import Array, AttrSet, Kind, Message, Nest, Nests, Scalar, Struct, genlmsghdr, nlmon, nlmsghdr
from nldissect.wire.bindings import COMMANDS, DATAGRAMS, MESSAGES

from .jsontext import encode
from .naming import protocol_name

EVERY = "every protocol"
GENERIC = "NETLINK_GENERIC"
COLUMNS = ("name", "number", "kind", "set", "family")


class Field(NamedTuple):
    """One name that means something on the wire.

    number   of the type, command or attribute; None for a field of a header or struct
    kind     what its bytes are; "message" and "command" are types of messages
    set      the attribute set or struct it stands in; the body of a message
    family   protocols and generic families that use it
    also     further names of the same thing
    """

    name: str
    number: int | None
    kind: str
    set: str
    family: str
    also: tuple[str, ...] = ()

    def matches(self, pattern: str) -> bool:
        """Whether a part of the name, a glob, or the whole name of set or family fits, in any case."""
        wanted = pattern.lower()
        if wanted in (self.set.lower(), *self.family.lower().split(", ")):
            return True
        names = [name.lower() for name in (self.name, *self.also)]
        if any(character in pattern for character in "*?["):
            return any(fnmatchcase(name, wanted) for name in names)
        return any(wanted in name for name in names)


def all_fields() -> list[Field]:
    """Every field of every table, each once, with all families that use it."""
    load_all()
    found: dict[Field, list[str]] = {}
    for family, field in _Visit().everything():
        families = found.setdefault(field, [])
        if family not in families:
            families.append(family)
    return [field._replace(family=", ".join(families)) for field, families in found.items()]


class _Visit:
    """Goes through the tables from messages down."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, Any]] = set()

    def everything(self) -> Iterator[tuple[str, Field]]:
        for header, family in ((nlmon, EVERY), (nlmsghdr, EVERY), (genlmsghdr, GENERIC)):
            yield from self.message(header, family)
        for protocol, table in MESSAGES.items():
            family = EVERY if protocol is None else protocol_name(protocol) or str(protocol)
            yield from self.types(table, family, "message")
        for protocol, messages in DATAGRAMS.items():
            for message in messages:
                yield from self.message(message, protocol_name(protocol) or str(protocol))
        for family, table in COMMANDS.items():
            yield from self.types(table, family, "command")

    def types(self, table: dict[int, Any], family: str, kind: str) -> Iterator[tuple[str, Field]]:
        for number, bindings in sorted(table.items()):
            for binding in bindings:
                yield family, Field(binding.name, number, kind, binding.message.__name__, "")
        for bindings in table.values():
            for binding in bindings:
                yield from self.message(binding.message, family)

    def message(self, message: type[Message], family: str) -> Iterator[tuple[str, Field]]:
        if (family, message) in self.seen:
            return
        self.seen.add((family, message))
        for one in message.fields_desc:
            if not (one.kind.shape == "attrs" and one.kind.number is None):
                yield family, Field(one.kind.name, None, kind_text(one.kind), message.__name__, "")
            yield from self.inside(one.kind, family)

    def rows(self, rows: type[AttrSet], family: str) -> Iterator[tuple[str, Field]]:
        if (family, rows) in self.seen:
            return
        self.seen.add((family, rows))
        for number, row in sorted(rows.rows.items()):
            name = (row.set or rows).__name__.lstrip("_")
            also = tuple(f"{rows.prefix}_{other}" for other in row.also)
            yield family, Field(row.name, number, kind_text(row), name, "", also)
            yield from self.inside(row, family)

    def inside(self, kind: Kind, family: str) -> Iterator[tuple[str, Field]]:
        """What a kind holds, by itself or by any of its bindings."""
        for targets in kind.bindings.values():
            for target in targets.values():
                if target is not kind:
                    yield from self.inside(target, family)
        if isinstance(kind, Nests):
            element = kind.inner.row(0)
            if element is not None:
                yield from self.inside(element, family)
        elif isinstance(kind, Nest) and kind.known:
            yield from self.rows(kind.inner, family)
        elif isinstance(kind, Struct) and kind.shape != "message":
            yield from self.message(kind.message, family)


def kind_text(kind: Kind) -> str:
    """The kind as tables write it: `U32 ARPHRD`, `Nest IFLA_VLAN`, `Struct rtnl_link_stats`."""
    text = type(kind).__name__
    if isinstance(kind, Nest) and not kind.known:
        return f"{text} by {', '.join(sorted({name for names in kind.bindings for name in names}))}"
    if isinstance(kind, Nests):
        element = kind.inner.row(0)
        return f"{text} {kind_text(element)}" if element is not None else text
    if isinstance(kind, Nest):
        return f"{text} {kind.inner.__name__.lstrip('_')}"
    if isinstance(kind, Struct):
        return f"{text} {kind.message.__name__}"
    if isinstance(kind, Array):
        return f"{text} {kind_text(kind.element)}"
    if isinstance(kind, Scalar) and kind.names is not None:
        return f"{text} {kind.names.__name__}"
    return text


def print_fields(pattern: str | None, form: str) -> int:
    """Run the command; returns the exit status."""
    fields = all_fields()
    chosen = [field for field in fields if pattern is None or field.matches(pattern)]
    if form == "json":
        sys.stdout.write("[" + ",\n ".join(encode(_object(field)) for field in chosen) + "]\n")
    else:
        _print_table(chosen)
    if chosen:
        return 0
    near = get_close_matches((pattern or "").upper(), {field.name.upper() for field in fields}, 3)
    hint = f"did you mean {' or '.join(near)}?" if near else "part of a name or a glob will do"
    print(f"nldissect: no field matches {pattern!r}; {hint}", file=sys.stderr)
    return 1


def _object(field: Field) -> dict[str, Any]:
    out: dict[str, Any] = {column: getattr(field, column) for column in COLUMNS}
    if field.number is None:
        del out["number"]
    return out | ({"also": list(field.also)} if field.also else {})


def _print_table(fields: list[Field]) -> None:
    rows = [
        (field.name, "" if field.number is None else str(field.number), field.kind, field.set, field.family)
        for field in fields
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    for name, number, kind, place, family in rows:
        line = f"{name:<{widths[0]}}  {number:>{widths[1]}}  {kind:<{widths[2]}}  {place:<{widths[3]}}  {family}"
        sys.stdout.write(line.rstrip() + "\n")
