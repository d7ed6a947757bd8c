"""The fields that a filter can name, from the program file: the rows of a name, and the type they are compared as.

A line for each name: a prefix for the sort of name and the name in lower case, a tab, and a list as JSON (NamedEntry).
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
"""Prefixes of names: those of fields, of types, of generic commands; the line with all names that datagrams hold."""
ANY, PRESENT, HIDDEN = range(3)
"""Uses of a name by its rows in filters: any, presence only, none (other things have the name, too)."""
NO_VALUE, UNKNOWN = -1, -2
"""Kinds without a value, and those that only their own tables describe."""


class NamedEntry(NamedTuple):
    """The rows of one name.

    use       ANY, PRESENT or HIDDEN
    numbers   of the name in the program, in each spelling
    rows      and the kind of each
    places    kinds of all places of the name in the tables
    holders   names of the sets and structs that hold them
    """

    use: int
    numbers: list[int]
    rows: list[list[int]]
    places: list[int]
    holders: list[str]


class FieldTable:
    """A table of names, looked up in the program file.

    lines, kinds   as the file has them
    row_count      number of the program's rows
    """

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
        """Return the entry of a name in lower case; None if there is none."""
        found = self._find(FIELD + name)
        return None if found is None else NamedEntry(*found)

    def types(self, name: str) -> list[list[Any]]:
        """Return protocol, number and name of types; an empty list where several protocols have one of this name."""
        return self._find(TYPE + name) or []

    def commands(self, name: str) -> list[list[Any]]:
        """Return family, number, direction and name of commands; an empty list where several families have one."""
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
