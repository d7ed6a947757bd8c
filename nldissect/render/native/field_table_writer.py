"""Writer of the fields that a filter can name, for the program file (native/field_table.py reads them)."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from nldissect.columns.extract.field_paths import is_nameless, names_of
from nldissect.columns.fields.catalog import field_locations, members, value_kinds
from nldissect.columns.fields.message_fields import names_below
from nldissect.columns.fields.subfields import part_kinds
from nldissect.filters.value_types import NOTHING, single, value_type
from nldissect.native.field_table import ANY, COMMAND, DATAGRAMS, FIELD, HIDDEN, NO_VALUE, PRESENT, TYPE, UNKNOWN
from nldissect.native.flattening import Flattener
from nldissect.native.kind_origins import ELEMENT_OF
from nldissect.native.kind_specs import spec_of
from nldissect.wire import KeyValues, Kind, Nests, Structs, genlmsghdr, nlmsghdr
from nldissect.wire.containers import layer_kind
from nldissect.wire.opaque import Blob
from nldissect.wire.packets.bindings import COMMANDS, MESSAGES
from nldissect.wire.packets.bindings import DATAGRAMS as DATAGRAM_LAYERS

IRRELEVANT = ("name", "unsure", "silent", "measure", "base", "count", "reason", "empty", "roomy")
"""Attributes of kinds that do not matter to how a value is compared."""


def tables(flattener: Flattener) -> tuple[bytes, bytes]:
    """Return lines of names, and lines of the kinds that they refer to by offset in bytes."""
    writer = _FieldTableWriter(flattener)
    lines = [f"{FIELD}{name}\t{_text(writer.field(name))}\n" for name in sorted(writer.rows)]
    lines += [f"{sort}{name}\t{_text(found)}\n" for sort, name, found in (*_types(), *_commands())]
    lines.append(f"{DATAGRAMS}\t{_text(sorted(_below_datagrams()))}\n")
    return b"\n" + "".join(lines).encode(), bytes(writer.kinds)


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


class _FieldTableWriter:
    """The rows of each name, in lower case, and the lines of kinds."""

    def __init__(self, flattener: Flattener) -> None:
        self.numbers: dict[str, list[int]] = {}
        for number, name in enumerate(flattener.program.names, 1):
            self.numbers.setdefault(name.lower(), []).append(number)
        self.rows: dict[str, dict[int, Kind]] = {}
        self.holders: dict[str, set[str]] = {}
        self.kinds = bytearray()
        self._places: dict[str, int] = {}
        self._hidden = {one.kind.name.lower() for header in (nlmsghdr, genlmsghdr) for one in header.fields_desc}
        self._hidden |= {"family", "nlmsghdr", "genlmsghdr"}
        for row, kind in flattener.kinds.items():
            if flattener.origins[row][0] != ELEMENT_OF:
                self._add(row, kind)

    def _add(self, row: int, kind: Kind) -> None:
        names = () if is_nameless(kind) else names_of(kind)
        for name in names:
            self.rows.setdefault(name, {})[row] = kind
        self._hidden.update(name.lower() for name in part_kinds(kind))
        if isinstance(kind, KeyValues):
            self._hidden.update(names)
        for member, _ in members(kind) if names else ():
            for inner in names_of(member):
                self.holders.setdefault(inner, set()).update(names)

    def field(self, name: str) -> list[Any]:
        """Return the entry of a name for a reader, see `field_table.NamedEntry`."""
        kinds = self.rows[name]
        use = HIDDEN if name in self._hidden or any(len(names_of(one)) > 2 for one in kinds.values()) else ANY
        found = [one.kind for one in field_locations(name)]
        if use == ANY and any(isinstance(one, Nests) and _has_leaves(one) for one in (*found, *kinds.values())):
            use = PRESENT
        rows = [[row, self.kind(one)] for row, one in kinds.items()]
        wanted = sorted({self.kind(one) for one in found})
        holders = sorted(one for one in self.holders.get(name, ()) if self._is_step(one))
        return [use, self.numbers.get(name, []), rows, wanted, holders]

    def _is_step(self, name: str) -> bool:
        """Return whether a name can be a step of a path: one spelling, and no row is an array of holders."""
        kinds = self.rows.get(name, {}).values()
        return len(self.numbers.get(name, ())) == 1 and not any(isinstance(one, (Nests, Structs)) for one in kinds)

    def kind(self, kind: Kind) -> int:
        """Return the offset of the line that describes the values of a kind; NO_VALUE or UNKNOWN without one."""
        if value_type(kind) == NOTHING:
            return NO_VALUE
        one = copy.copy(single(kind))
        spec = {"class": ["nldissect.wire.opaque", "Blob"]} if type(one) is Blob else _spec(one)
        if spec is None:
            return UNKNOWN
        line = _text(spec)
        if line not in self._places:
            self._places[line] = len(self.kinds)
            self.kinds += f"{line}\n".encode()
        return self._places[line]


def _spec(kind: Kind) -> Any:
    for name in IRRELEVANT:
        vars(kind).pop(name, None)
    return spec_of(kind)


def _has_leaves(kind: Kind) -> bool:
    return any(one is not kind and one.shape == "leaf" for one in value_kinds(kind))


def _types() -> Iterator[tuple[str, str, Any]]:
    """Return entries of type names that one protocol alone has."""
    found: dict[str, dict[Any, list[Any]]] = {}
    for protocol, table in MESSAGES.items():
        for number, bindings in table.items():
            for name in sorted({one.name for one in bindings}):
                found.setdefault(name.lower(), {}).setdefault(protocol, []).append([protocol, number, name])
    return ((TYPE, name, *some.values()) for name, some in found.items() if len(some) == 1)  # type: ignore[misc]


def _commands() -> Iterator[tuple[str, str, Any]]:
    """Return entries of command names that one family alone has."""
    found: dict[str, dict[Any, list[Any]]] = {}
    for family, table in COMMANDS.items():
        for number, bindings in table.items():
            for name, to in sorted({(one.name, one.to) for one in bindings}, key=repr):
                found.setdefault(name.lower(), {}).setdefault(family, []).append([family, number, to, name])
    return ((COMMAND, name, *some.values()) for name, some in found.items() if len(some) == 1)  # type: ignore[misc]


def _below_datagrams() -> set[str]:
    """Return the names of all that headerless datagrams hold."""
    kinds = [layer_kind(one.message) for datagrams in DATAGRAM_LAYERS.values() for one in datagrams]
    return {name for kind in kinds for name in (*names_of(kind), *names_below(kind))}
