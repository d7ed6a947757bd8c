"""The fields that a filter can name, out of the program file: which rows go by a name, and what they are compared as.

A line for each name: what it is the name of and the name itself in lower case, a tab, and a list as JSON (NamedEntry).
render/native/field_table_writer.py writes it.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from nldissect.wire.kind import Kind
from nldissect.wire.opaque import Blob

from .kind_specs import kind_from
from .tables import Bytes

FIELD, TYPE, COMMAND, DATAGRAMS = "", "type ", "command ", "datagrams "
"""What stands before names: those of fields, of types, of generic commands; the names that datagrams hold."""
ANY, PRESENT, HIDDEN = range(3)
"""What may be asked of a name by its rows: anything, whether it is there, nothing (other things have the name, too)."""
NO_VALUE, UNKNOWN = -1, -2
"""Kinds without a value, and those that only their own tables describe."""


class NamedEntry(NamedTuple):
    """What goes by a name.

    use       ANY, PRESENT or HIDDEN
    numbers   of the name as the program has it, in each spelling
    rows      and the kind of each
    places    kinds of all places of the name in the tables
    holders   names of what encloses such a thing
    """

    use: int
    numbers: list[int]
    rows: list[list[int]]
    places: list[int]
    holders: list[str]


class FieldTable:
    """Looks names up. `lines` and `kinds` as the program file has them; the program has so many rows."""

    def __init__(self, lines: Bytes, kinds: Bytes, row_count: int) -> None:
        self._lines, self._kinds, self.row_count = bytes(lines), bytes(kinds), row_count
        self._made: dict[int, Kind] = {}

    def _find(self, key: str) -> Any:
        start = self._lines.find(f"\n{key}\t".encode())
        if start < 0:
            return None
        begin = start + len(key.encode()) + 2
        return json.loads(self._lines[begin : self._lines.index(b"\n", begin)])

    def field(self, name: str) -> NamedEntry | None:
        """Return what goes by a name in lower case; None if nothing does."""
        found = self._find(FIELD + name)
        return None if found is None else NamedEntry(*found)

    def types(self, name: str) -> list[list[Any]]:
        """Return protocol, number and name of types; nothing where several protocols have one of this name."""
        return self._find(TYPE + name) or []

    def commands(self, name: str) -> list[list[Any]]:
        """Return family, number, direction and name of commands; nothing where several families have one."""
        return self._find(COMMAND + name) or []

    def in_datagrams(self, names: set[str]) -> bool:
        """Return whether datagrams without nlmsghdr can hold anything of these names."""
        return not names.isdisjoint(self._find(DATAGRAMS) or ())

    def kind(self, place: int) -> Kind:
        """Return the kind that a line describes."""
        if place not in self._made:
            spec = json.loads(self._kinds[place : self._kinds.index(b"\n", place)])
            self._made[place] = kind_from(spec) if "state" in spec else Blob(None, "bytes")
        return self._made[place]
