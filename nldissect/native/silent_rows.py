"""Rows that no line of a list shows: no template that may look at them names them or anything that they hold.

The core makes no nodes of them where it writes lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .program import Program
from .tables import (
    ADDRESS,
    BYTES,
    ECHO,
    INT,
    MAC,
    MODE_COMPOSED,
    MODE_LINE,
    NEST,
    PAD,
    QUIET,
    RECORDS,
    STRUCT,
    STRUCTS,
    TEXT,
    UNREAD,
    RowStruct,
)

WITHOUT_INSIDE = (INT, TEXT, ADDRESS, MAC, BYTES, PAD)
"""Kinds of rows without warnings where their size is right."""
FIELD = 1
"""enum part_kind: alternatives."""
WHOLE = (MODE_LINE, MODE_COMPOSED)
"""Modes that write everything that a row holds."""


def mark_unread(program: Program, layers: Iterable[tuple[int, int]]) -> None:
    """Mark rows of a program that is whole.

    layers   rows of message bodies, each with the template of its line; 0: none, the core makes all nodes of the body
    """
    rows = SilentRows(program)
    met: set[int] = set()
    read: set[int] = set()
    for layer, template in {*layers}:
        below = rows.below([layer]) if template else set()
        met |= below
        read |= rows.read(below, template)
    for at in met - read:
        row = rows.rows[at]
        is_quiet = row.size >= 0 and not row.choice and row.op in WITHOUT_INSIDE
        program.rows.set(at, row._replace(marks=row.marks | (UNREAD | QUIET if is_quiet else UNREAD)))
    for at in range(1, len(program.structs)):
        program.structs.set(at, (*program.structs[at][:-1], _unread_size(program, at)))


def _unread_size(program: Program, struct: int) -> int:
    """Return the bytes of a struct all of whose fields are quiet; 0 of others."""
    *_, told, _, odd, choosy, _ = program.structs[struct]
    fields = [RowStruct(*program.rows[at]) for at in program.fields[slice(*_span(program.structs[struct]))]]
    size = sum(row.size for row in fields)
    is_quiet = all(row.marks & QUIET for row in fields) and not (told or odd or choosy)
    return size if is_quiet and size <= 0xFFFF else 0


class SilentRows:
    """The rows that templates look at in a program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.rows = [RowStruct(*program.rows[at]) for at in range(len(program.rows))]
        self.inside = [set(self._variants(self._inside(row))) for row in self.rows]
        self.around: list[set[int]] = [set() for _ in self.rows]
        for at, inner in enumerate(self.inside):
            for one in inner:
                self.around[one].add(at)

    def below(self, rows: Iterable[int]) -> set[int]:
        """Return rows and all that they can hold."""
        return _reached(rows, self.inside)

    def read(self, below: set[int], template: int) -> set[int]:
        """Return those of the rows below a body that its template looks at, or looks into."""
        names, whole = self._names(template)
        called = {at: {self.rows[at].wanted, self.rows[at].also} - {0} for at in below}
        told = {at for at in below if called[at] & names or self.rows[at].points or self.rows[at].op == ECHO}
        told |= self.below(at for at in below if called[at] & whole)
        return below & _reached(told, self.around)

    def _names(self, template: int) -> tuple[set[int], set[int]]:
        """Return the names that a template looks for, and those of which it writes the whole content."""
        program = self.program
        names, whole = set(), set()
        for part in range(*_span(program.templates[template])):
            kind, first, count = program.parts[part]
            for at in range(first, first + count) if kind == FIELD else ():
                mode, _, _, _, size, other_size, *path = program.alternatives[at][:14]
                names |= {*path[:size], *path[4 : 4 + other_size]}
                names |= program.flattener.templates.phrases.get(at, set())
                whole |= {*path[size - 1 : size]} if mode in WHOLE else set()
        return names, whole

    def _inside(self, row: RowStruct) -> Iterator[int]:
        """Yield the rows in the content of a row, before selectors choose."""
        program = self.program
        if row.op == NEST:
            first, count, element = program.sets[row.target][:3]
            yield from filter(None, (element, *program.numbers[first : first + count]))
        elif row.op in (STRUCT, STRUCTS, RECORDS):
            yield from program.fields[slice(*_span(program.structs[row.target]))]
            if row.op != STRUCT:
                yield row.names

    def _variants(self, rows: Iterable[int]) -> Iterator[int]:
        """Yield rows and those that selectors choose instead."""
        for at in rows:
            yield at
            choice = self.rows[at].choice
            while choice:
                *_, first, count, choice = self.program.choices[choice]
                yield from self._variants(self.program.choosings[one][-1] for one in range(first, first + count))


def _span(record: tuple[Any, ...]) -> tuple[int, int]:
    """Return begin and end of a list whose record begins with its place and its length."""
    return record[0], record[0] + record[1]


def _reached(rows: Iterable[int], graph: list[set[int]]) -> set[int]:
    found = set(rows)
    left = [*found]
    while left:
        fresh = graph[left.pop()] - found
        found |= fresh
        left += fresh
    return found
