"""`nldissect fields --summary`: how much of each protocol and generic family the tables describe."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from nldissect.render.json_text import encode
from nldissect.wire import NETLINK

from .listing import DERIVED, TYPES, ListedField, all_fields

ALL = "all"
"""Name of the last row: every name counted once, also one that several families share."""


@dataclass(slots=True)
class FamilyCount:
    """The numbers of names of one family.

    messages     types of messages and commands
    fields       of headers and structs
    attributes   rows of attribute sets, of which
    typed        have a value, a name for it, a struct or further attributes
    opaque       are bytes, for a reason that the table gives
    secret       are key material
    deprecated   are no longer used by the kernel
    """

    family: str
    messages: int = 0
    fields: int = 0
    attributes: int = 0
    typed: int = 0
    opaque: int = 0
    secret: int = 0
    deprecated: int = 0

    def add(self, field: ListedField) -> None:
        if not field.is_attribute:
            self.messages += field.kind in TYPES
            self.fields += field.kind not in TYPES
            return
        self.attributes += 1
        self.opaque += bool(field.opaque)
        self.secret += field.secret
        self.typed += not field.opaque and not field.secret
        self.deprecated += field.deprecated


COLUMNS = tuple(one.name for one in fields(FamilyCount))


def counts(some: Iterable[ListedField]) -> list[FamilyCount]:
    """Return one row a family, protocols by number and then generic families by name; the sum last."""
    found: dict[str, FamilyCount] = {}
    total = FamilyCount(ALL)
    for field in some:
        if field.set == DERIVED:
            continue
        total.add(field)
        for family in field.family.split(", "):
            found.setdefault(family, FamilyCount(family)).add(field)
    return [*sorted(found.values(), key=lambda row: _place(row.family)), total]


def _place(family: str) -> tuple[int, str]:
    return NETLINK.numbers.get(family, -1 if family.startswith("every") else 1 << 16), family.lower()


def print_summary(pattern: str | None, form: str) -> int:
    """Run the command; return the exit status."""
    rows = counts(field for field in all_fields() if pattern is None or field.matches(pattern))
    if form == "json":
        objects: list[dict[str, Any]] = [{name: getattr(row, name) for name in COLUMNS} for row in rows]
        sys.stdout.write("[" + ",\n ".join(map(encode, objects)) + "]\n")
    else:
        _print_table(rows)
    return 0 if len(rows) > 1 else 1


def _print_table(rows: list[FamilyCount]) -> None:
    cells = [COLUMNS, *(tuple(str(getattr(row, name)) for name in COLUMNS) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(COLUMNS))]
    for line in cells:
        numbers = (f"{cell:>{width}}" for cell, width in zip(line[1:], widths[1:], strict=True))
        sys.stdout.write("  ".join([f"{line[0]:<{widths[0]}}", *numbers]) + "\n")
