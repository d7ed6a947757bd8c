"""`nldissect fields`: every message, command, header field and attribute of the tables, and the derived fields."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from nldissect.columns.extract.field_paths import aliases
from nldissect.columns.fields.catalog import EVERY, FieldEntry, entries
from nldissect.columns.fields.derived import DerivedField, all_derived
from nldissect.errors import print_notice
from nldissect.render.json_text import encode
from nldissect.wire import Array, Blob, Kind, Nest, Nests, Scalar, Struct, nlmon

DERIVED = "derived"
"""Name in place of a set, for a field that no table holds."""
COLUMNS = ("name", "number", "kind", "set", "family")
TYPES = MESSAGE, COMMAND = "message", "command"
"""Kinds of the names that are types of messages."""


class ListedField(NamedTuple):
    """One name that means something on the wire.

    number   of the type, command or attribute; None for a field of a header or struct
    kind     what its bytes are; "message" and "command" are types of messages
    set      the attribute set or struct that it is in; the body of a message; "derived" where no table holds it
    family   protocols and generic families that use it
    also     further names of the same thing
    opaque   reason why its bytes are not decoded, from its table; empty where they are
    secret   key material, masked unless asked for
    deprecated   the kernel no longer uses it
    """

    name: str
    number: int | None
    kind: str
    set: str
    family: str
    also: tuple[str, ...] = ()
    opaque: str = ""
    secret: bool = False
    deprecated: bool = False

    @property
    def is_attribute(self) -> bool:
        """True for a row of an attribute set; false for a message, a command or a field of a header."""
        return self.number is not None and self.kind not in TYPES

    def matches(self, pattern: str) -> bool:
        """Return whether a pattern fits, in any case: part of a name, a glob, or the whole name of set or family."""
        wanted = pattern.lower()
        if wanted in (self.set.lower(), *self.family.lower().split(", ")):
            return True
        names = [name.lower() for name in (self.name, *self.also)]
        if any(character in pattern for character in "*?["):
            return any(fnmatchcase(name, wanted) for name in names)
        return any(wanted in name for name in names)


def all_fields() -> list[ListedField]:
    """Return every field of every table once, with all families that use it, and after them the derived fields."""
    found: dict[ListedField, list[str]] = {}
    for entry in entries():
        families = found.setdefault(_field(entry), [])
        if entry.family not in families:
            families.append(entry.family)
    fields = [field._replace(family=", ".join(families)) for field, families in found.items()]
    named = {field.name for field in fields if field.set == nlmon.__name__}
    return fields + [_column(one) for one in all_derived() if one.name not in named]


def _field(entry: FieldEntry) -> ListedField:
    kind, owner = entry.kind, entry.owner.__name__
    if kind is None:
        return ListedField(entry.name, entry.number, COMMAND if entry.command else MESSAGE, owner, "")
    opaque = kind.reason if isinstance(kind, Blob) and not kind.bindings else ""
    return ListedField(
        entry.name, entry.number, kind_text(kind), owner.lstrip("_"), "", aliases(kind), opaque, kind.secret,
        kind.deprecated,
    )  # fmt: skip


def _column(column: DerivedField) -> ListedField:
    return ListedField(column.name, None, kind_text(column.kind), DERIVED, EVERY)


def kind_text(kind: Kind) -> str:
    """Return the kind as tables write it: `U32 ARPHRD`, `Nest IFLA_VLAN`, `Struct rtnl_link_stats`."""
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
    """Run the command; return the exit status."""
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
    print_notice(f"no field matches {pattern!r}; {hint}")
    return 1


def _object(field: ListedField) -> dict[str, Any]:
    out: dict[str, Any] = {column: getattr(field, column) for column in COLUMNS}
    if field.number is None:
        del out["number"]
    more = {"also": list(field.also), "opaque": field.opaque, "secret": field.secret, "deprecated": field.deprecated}
    return out | {key: value for key, value in more.items() if value}


def _print_table(fields: list[ListedField]) -> None:
    rows = [
        (field.name, "" if field.number is None else str(field.number), field.kind, field.set, field.family)
        for field in fields
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    for name, number, kind, place, family in rows:
        line = f"{name:<{widths[0]}}  {number:>{widths[1]}}  {kind:<{widths[2]}}  {place:<{widths[3]}}  {family}"
        sys.stdout.write(line.rstrip() + "\n")
