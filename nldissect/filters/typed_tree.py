"""Typed tree: nodes of a filter whose names and types are resolved; what all evaluators take."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as made

from nldissect.columns.fields.field import Field
from nldissect.wire.kind import Kind

from .literals import LiteralMismatch, value_test
from .parser import Literal, SetLiteral, TextSpan
from .value_tests import ValueTest


@dataclass(eq=False)
class Present:
    """A field that has a value, or just is there."""

    field: Field


@dataclass(eq=False)
class Compare:
    """A field compared with a literal.

    It holds if one of the field's values fulfils the test, or, `negated` (`!=`), if it has values and none does. The
    test depends on the kind that a value was read as; values of kinds that the literal does not fit do not count.
    """

    field: Field
    operator: str
    literal: Literal | SetLiteral
    sign: TextSpan
    _tests: dict[int, tuple[Kind, ValueTest | None]] = made(default_factory=dict, repr=False)

    @property
    def negated(self) -> bool:
        return self.operator == "!="

    def test_for(self, kind: Kind) -> ValueTest | None:
        """Return the test of values read as this kind; None where the literal does not fit."""
        found = self._tests.get(id(kind))
        if found is None:
            try:
                test: ValueTest | None = self.require_test(kind, bounded=False)
            except LiteralMismatch:
                test = None
            if len(self._tests) > MANY:
                self._tests.clear()
            found = self._tests[id(kind)] = kind, test
        return found[1]

    def require_test(self, kind: Kind, bounded: bool) -> ValueTest:
        """Return it; LiteralMismatch says why there is none. `bounded`: so it is where the kind can't hold a number."""
        sliced = self.field.slice is not None
        return value_test(kind, self.field.name, self.operator, self.sign, self.literal, sliced=sliced, bounded=bounded)


MANY = 4096
"""Kinds remembered: more than any filter's fields have, so only kinds made for single messages can fill it."""


@dataclass(eq=False)
class Pair:
    """A field compared with a field: values of one value type, each on the left with each on the right.

    `!=` holds if both have values and no two are equal.
    """

    left: Field
    operator: str
    right: Field


@dataclass(eq=False)
class Not:
    """The opposite of another test."""

    term: Tree


@dataclass(eq=False)
class And:
    """Tests that all hold; without terms it always holds."""

    terms: tuple[Tree, ...]


@dataclass(eq=False)
class Or:
    """Tests of which one holds."""

    terms: tuple[Tree, ...]


Tree = Present | Compare | Pair | Not | And | Or
