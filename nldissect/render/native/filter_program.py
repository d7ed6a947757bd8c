"""Filter compiled for the core: tests of heads, of headers and frames, and of the rows of bodies.

Its fields and constants come from the program file, so that no family is imported. It is compiled if the core can
decide all its tests as the message engine would; any other filter, one with a mistake too, is left to `compile_filter`.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NoReturn

from nldissect import LAZY_FIELDS
from nldissect.columns.extract.field_paths import FieldLocation
from nldissect.columns.fields.derived import derived
from nldissect.columns.fields.field import Field
from nldissect.errors import FilterError
from nldissect.filters.constants import Applicability, Constant, Spelt, flags
from nldissect.filters.literals import LiteralMismatch
from nldissect.filters.parser import SetLiteral, TextSpan, Word, parse
from nldissect.filters.resolve import Resolver
from nldissect.filters.typed_tree import And, Compare, Not, Or, Present, Tree
from nldissect.filters.value_types import NOTHING, NUMBER, value_type
from nldissect.native.field_table import ANY, HIDDEN, UNKNOWN, FieldTable
from nldissect.native.program_file import ProgramFile, usable_tables
from nldissect.native.selector import (
    CRITERION,
    DEEPEST,
    MOST_PROBES,
    MOST_TESTS,
    OF_HEAD,
    OF_LENGTH,
    OF_NODES,
    OF_PID,
    OF_SEQ,
    PROBE,
    STEP_AND,
    STEP_NOT,
    STEP_OR,
)
from nldissect.wire.kind import Kind
from nldissect.wire.numbers import U32, Array, Sint
from nldissect.wire.numbers import Scalar as ScalarKind
from nldissect.wire.protocol import NETLINK
from nldissect.wire.text import Text

from .filter_checks import Checks, FilterNotTaken
from .header_fields import ANSWERS, DERIVED, HEADERS, NUMBERED, NUMBERS, OF_HEADS, SIGNED


@dataclass(eq=False)
class Criterion:
    """One test.

    tree       the comparison, or the presence of a field
    what       source of the value: enum test_of
    first, count   its checks, of a value that is no node's
    name       number of the name of a row
    """

    tree: Present | Compare
    what: int
    first: int = 0
    count: int = 0
    name: int = 0

    @property
    def negated(self) -> bool:
        return isinstance(self.tree, Compare) and self.tree.negated

    def packed(self) -> bytes:
        """Return the test as struct criterion."""
        offset, length = self.tree.field.slice or (0, 0)
        sliced = self.tree.field.slice is not None
        return CRITERION.pack(
            self.first, self.count, offset, length, self.name, self.what, self.negated, sliced, 0, 0, 0
        )


@dataclass(eq=False)
class FilterProgram:
    """A filter compiled for the core.

    text       as the user wrote it
    table      the fields of the program file
    file       the program file, None: it is loaded once more
    names      of the fields that it reads
    criteria   its tests
    code       joins their outcomes: numbers of tests, and steps
    of_row     the first probe of each row, 0: none
    """

    text: str
    table: FieldTable
    file: ProgramFile | None
    names: list[str] = field(default_factory=list)
    criteria: list[Criterion] = field(default_factory=list)
    code: list[int] = field(default_factory=list)
    probes: list[tuple[int, ...]] = field(default_factory=lambda: [(0,) * 7])
    checks: Checks = field(default_factory=Checks)
    of_row: dict[int, int] = field(default_factory=dict)

    @cached_property
    def arrays(self) -> dict[str, bytes]:
        """Arrays that struct selection refers to, by name."""
        of_row = array("H", bytes(2 * self.table.row_count))
        for row, probe in self.of_row.items():
            of_row[row] = probe
        return {
            "tests": b"".join(one.packed() for one in self.criteria),
            "probes": b"".join(PROBE.pack(*one) for one in self.probes), "of_row": of_row.tobytes(),
            "checks": self.checks.packed(), "texts": bytes(self.checks.texts),
            "code": array("H", self.code).tobytes(),
        }  # fmt: skip

    @cached_property
    def in_datagrams(self) -> bool:
        """True if headerless datagrams can hold a field of the filter."""
        steps = {step for one in self.criteria if one.what == OF_NODES for step in one.tree.field.path}
        return self.table.in_datagrams(steps)


def compile_checks(text: str, table: FieldTable, file: ProgramFile | None = None) -> FilterProgram | None:
    """Return a filter compiled for the core; None if the core can't decide it."""
    try:
        tree = _ProgramResolver(text, table).tree(parse(text))
        return _CheckCompiler(FilterProgram(text, table, file), table).compile(tree)
    except (FilterNotTaken, FilterError):
        return None


def stored_filter_program(text: str, library: str, file: ProgramFile | None = None) -> FilterProgram | None:
    """Return a filter compiled with the tables of the program file; None if the core can't decide it.

    None also if the tables are incomplete or must not be used.

    file   the program file, if it is known to be usable
    """
    found = file or usable_tables(library)
    fields = None if found is None else found.fields
    return None if fields is None else compile_checks(text, fields, found)


class _ProgramResolver(Resolver):
    """A resolver with the fields and constants of the program file."""

    def __init__(self, text: str, table: FieldTable) -> None:
        super().__init__(text)
        self.table = table

    def find(self, word: Word) -> Field:
        name = word.text.lower()
        path = tuple(name.split("."))
        if name in DERIVED:
            return Field(word.text, path, (), derived(name), word.slice)
        if name.partition(".")[0] in LAZY_FIELDS or derived(name) is not None:
            raise FilterNotTaken
        kinds = self.kinds(name, path)
        return Field(word.text, path, tuple(FieldLocation(kind, None, path) for kind in kinds), None, word.slice)

    def fail(self, message: str, part: TextSpan) -> NoReturn:
        raise FilterNotTaken

    def kinds(self, name: str, path: tuple[str, ...]) -> list[Kind]:
        """Return the kinds that the values of a field may be read as; FilterNotTaken if the field is not known."""
        if name in HEADERS:
            return [Kind(None)]
        own = self.of_header(name)
        if own is not None:
            return [own.named(name)]
        found = self.table.field(path[-1]) if len(path) <= 2 and not NUMBERED.intersection(path) else None
        if found is None or not found.places or found.use == HIDDEN:
            raise FilterNotTaken
        if len(path) == 2 and path[0] not in found.holders:
            raise FilterNotTaken
        return [self.table.kind(one) if one >= 0 else Kind(None) for one in found.places]

    def of_header(self, name: str) -> Kind | None:
        """Return the kind of a field of nlmsghdr or genlmsghdr, None for other fields."""
        match name:
            case "nlmsg_type":
                return Spelt(self.types)
            case "nlmsg_flags":
                return Spelt(lambda wanted: flags().get(wanted, []), bits=True)
            case "genlmsghdr.cmd":
                return Spelt(self.commands, letter="B")
            case "genlmsghdr.family":
                return Text(None)
            case _:
                return U32(None) if NUMBERS.get(name) in (OF_LENGTH, OF_SEQ, OF_PID) else None

    def types(self, wanted: str) -> list[Constant]:
        return self.known(
            [Constant(name, number, Applicability(place)) for place, number, name in self.table.types(wanted)]
        )

    def commands(self, wanted: str) -> list[Constant]:
        found = self.table.commands(wanted)
        return self.known(
            [Constant(name, number, Applicability(NETLINK.GENERIC, one, to)) for one, number, to, name in found]
        )

    def known(self, found: list[Constant]) -> list[Constant]:
        if not found:
            raise FilterNotTaken
        return found


class _CheckCompiler:
    def __init__(self, made: FilterProgram, table: FieldTable) -> None:
        self.made, self.table = made, table

    def compile(self, tree: Tree) -> FilterProgram:
        deep = self.joined(tree) > DEEPEST
        if deep or len(self.made.criteria) > MOST_TESTS or len(self.made.probes) > MOST_PROBES:
            raise FilterNotTaken
        return self.made

    def joined(self, tree: Tree) -> int:
        """Append the code of a tree; return the number of outcomes that it keeps at a time."""
        code = self.made.code
        if isinstance(tree, (And, Or)):
            if not tree.terms:
                raise FilterNotTaken
            depths = []
            for place, term in enumerate(tree.terms):
                depths.append(self.joined(term) + (place > 0))
                if place:
                    code.append(STEP_AND if isinstance(tree, And) else STEP_OR)
            return max(depths)
        if isinstance(tree, Not):
            depth = self.joined(tree.term)
            code.append(STEP_NOT)
            return depth
        if not isinstance(tree, (Present, Compare)):
            raise FilterNotTaken
        code.append(len(self.made.criteria))
        self.made.names.append(tree.field.name)
        self.made.criteria.append(self.criterion(tree))
        return 1

    def criterion(self, tree: Present | Compare) -> Criterion:
        name = tree.field.name.lower()
        if name in ANSWERS:
            what, row = ANSWERS[name]
            return self.by_value(tree, what, self.number(row))
        if name in NUMBERS:
            return self.by_value(tree, NUMBERS[name], 0)
        if name in OF_HEADS:
            return Criterion(tree, OF_HEAD)
        self.probe(tree, len(self.made.criteria))
        return Criterion(tree, OF_NODES)

    def number(self, name: str) -> int:
        found = self.table.field(name)
        if found is None or len(found.numbers) != 1:
            raise FilterNotTaken
        return found.numbers[0]

    def by_value(self, tree: Present | Compare, what: int, name: int) -> Criterion:
        """Return a test of a value that is no node's."""
        kind = tree.field.kinds[0]
        if tree.field.slice is not None:
            raise FilterNotTaken
        if isinstance(tree, Present):
            return Criterion(tree, what, name=name)
        test = tree.test_for(kind)
        if test is None:
            raise FilterNotTaken
        return Criterion(tree, what, *self.made.checks.add(test, kind, what in SIGNED), name)

    def probe(self, tree: Present | Compare, test: int) -> None:
        """Append the probes of a test: one for each row of its field, with checks of its values."""
        field = tree.field
        found = self.table.field(field.path[-1])
        present = isinstance(tree, Present) and field.slice is None
        if found is None or not (present or found.use == ANY):
            raise FilterNotTaken
        inside = self.number(field.path[0]) if len(field.path) > 1 else 0
        if inside and isinstance(tree, Compare):
            self.check_everywhere(tree)
        known: dict[int, tuple[int, int] | None] = {}
        if not all(0 < row < self.table.row_count for row, _ in found.rows):
            raise FilterNotTaken
        for row, place in found.rows:
            if not present and place not in known:
                known[place] = self.demand(tree, place)
            demand = (0, 0) if present else known[place]
            if demand is None:
                continue
            self.made.probes.append((self.made.of_row.get(row, 0), test, *demand, inside, present, 0))
            self.made.of_row[row] = len(self.made.probes) - 1

    def check_everywhere(self, tree: Compare) -> None:
        """Raise FilterNotTaken if a literal fits only some places of a name, as a path may lead to another."""
        literal = tree.literal
        items = literal.items if isinstance(literal, SetLiteral) else ()
        alone = [SetLiteral(item.at, item.end, (item,)) for item in items] if len(items) > 1 else [literal]
        try:
            for one in alone:
                for kind in tree.field.kinds:
                    replace(tree, literal=one, _tests={}).require_test(kind, bounded=True)
        except LiteralMismatch:
            raise FilterNotTaken from None

    def demand(self, tree: Present | Compare, place: int) -> tuple[int, int] | None:
        """Append the checks of values of a kind; return the first and their number, None if these do not count."""
        if place == UNKNOWN:
            raise FilterNotTaken
        kind = self.table.kind(place) if place >= 0 else Kind(None)
        if isinstance(tree, Present):
            return None if value_type(kind) in (NUMBER, NOTHING) else (0, 0)
        test = tree.test_for(kind)
        return None if test is None else self.made.checks.add(test, kind, _is_signed(kind))


def _is_signed(kind: Kind) -> bool:
    one = kind.element if isinstance(kind, Array) else kind
    return isinstance(one, Sint) or (isinstance(one, ScalarKind) and one.letter.islower())
