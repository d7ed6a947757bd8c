"""Names and types of a filter resolved against the tables: a parsed filter becomes a typed tree.

    All, Some, Not      of other tests
    Present             a field has a value, or just is there
    Compare             a field with a literal
    Pair                a field with a field

A field has no, one or several values. Compare holds if one of them fulfils its condition, or, `negated` (`!=`), if
there is one and none does. Which condition applies depends on the kind a value was read as (`Compare.condition`):
values of kinds that the literal does not fit do not count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from dataclasses import field as made
from typing import NoReturn

from nldissect.columns.fields.derived import derived
from nldissect.columns.fields.field import Field
from nldissect.errors import FilterError
from nldissect.wire.kind import Kind

from .literals import ALLOWED, CALLED, SLICED, Unfit, condition
from .parser import (
    AndSyntax,
    Comparison,
    Literal,
    NotSyntax,
    OrSyntax,
    Presence,
    SetLiteral,
    Syntax,
    TextSpan,
    Word,
    parse,
)
from .value_tests import Condition
from .value_types import NOTHING, TEXT, sort_of


@dataclass(eq=False)
class Present:
    field: Field


@dataclass(eq=False)
class Compare:
    """`negated`: the operator is `!=`, and `condition` says what a value must not be."""

    field: Field
    operator: str
    literal: Literal | SetLiteral
    sign: TextSpan
    _made: dict[int, tuple[Kind, Condition | None]] = made(default_factory=dict, repr=False)

    @property
    def negated(self) -> bool:
        return self.operator == "!="

    def condition(self, kind: Kind) -> Condition | None:
        """What a value read as this kind must be; None where the literal does not fit."""
        found = self._made.get(id(kind))
        if found is None:
            try:
                demand = self.demand(kind, bounded=False)
            except Unfit:
                demand = None
            if len(self._made) > MANY:
                self._made.clear()
            found = self._made[id(kind)] = kind, demand
        return found[1]

    def demand(self, kind: Kind, bounded: bool) -> Condition:
        """The same; Unfit says why there is none. `bounded`: so it is where the kind can't hold a number."""
        one, sliced = self.field, self.field.slice is not None
        return condition(kind, one.name, self.operator, self.sign, self.literal, sliced=sliced, bounded=bounded)


MANY = 4096
"""Kinds remembered: more than any filter's fields have, so only kinds made for single messages can fill it."""


@dataclass(eq=False)
class Pair:
    """Values of the same sort (see value_types.py) are compared, each on the left with each on the right; `!=` holds if
    both fields have values and no two are equal."""

    left: Field
    operator: str
    right: Field


@dataclass(eq=False)
class Not:
    term: Tree


@dataclass(eq=False)
class All:
    """Without terms it always holds."""

    terms: tuple[Tree, ...]


@dataclass(eq=False)
class Some:
    terms: tuple[Tree, ...]


Tree = Present | Compare | Pair | Not | All | Some


def check(text: str) -> Tree:
    """The typed tree of a filter; FilterError says what is wrong and where."""
    return Checker(text).tree(parse(text))


def single_field(text: str) -> Field | None:
    """Return the field that a filter names if it is nothing but one whole field, else None; FilterError as `check`."""
    tree = check(text)
    return tree.field if isinstance(tree, Present) and tree.field.slice is None else None


class Checker:
    """Makes typed trees of one filter's text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def tree(self, syntax: Syntax) -> Tree:
        if isinstance(syntax, AndSyntax):
            return All(tuple(self.tree(term) for term in syntax.terms))
        if isinstance(syntax, OrSyntax):
            return Some(tuple(self.tree(term) for term in syntax.terms))
        if isinstance(syntax, NotSyntax):
            return Not(self.tree(syntax.term))
        if isinstance(syntax, Presence):
            return self.present(syntax)
        return self.comparison(syntax)

    def find(self, word: Word) -> Field | None:
        """The field a word names; None if there is none."""
        return find(word)

    def fail(self, message: str, part: TextSpan) -> NoReturn:
        raise FilterError(message, self.text, part.at, part.end)

    def field(self, word: Word) -> Field:
        found = self.find(word)
        if found is None:
            from . import diagnostics

            self.fail(*diagnostics.unknown(word))
        return found

    def present(self, syntax: Presence) -> Tree:
        one = self.field(syntax.field)
        if one.slice is not None and not any(sort_of(kind) in SLICED for kind in one.kinds):
            self.fail(f"{one.name} has no slices; text, bytes and link-layer addresses have", syntax.field)
        return Present(one)

    def comparison(self, syntax: Comparison) -> Tree:
        left, value = self.field(syntax.field), syntax.value
        if isinstance(value, Word) and value.slice is not None:
            return self.pair(left, syntax, self.field(value), value)
        compare = Compare(left, syntax.operator, value, syntax.sign)
        unfit = _unfit(compare)
        if unfit is None:
            return compare
        if isinstance(value, Word) and (right := self.find(value)) is not None:
            return self.pair(left, syntax, right, value)
        from . import diagnostics

        self.fail(unfit.reason + diagnostics.hint(unfit, left), unfit.part)

    def pair(self, left: Field, syntax: Comparison, right: Field, word: Word) -> Tree:
        operator = syntax.operator
        if operator in ("in", "matches"):
            what = "a set in braces, as in {1, 5..9}" if operator == "in" else "a regular expression in quotes"
            self.fail(f'"{operator}" asks for {what}', word)
        sorts = [{sort_of(kind) for kind in one.kinds} - {NOTHING} for one in (left, right)]
        common = sorts[0] & sorts[1]
        if sorts[0] == {TEXT} and not sorts[1]:
            self.fail(f'{left.name} is text, and text is quoted: "{word.text}"', word)
        if not common:
            names = [called(one) for one in sorts]
            self.fail(f"{left.name} is {names[0]}, {right.name} is {names[1]}; they can't be compared", word)
        if not any(operator in ALLOWED[sort] for sort in common):
            self.fail(f'{left.name} is {called(common)}, which "{operator}" does not compare', syntax.sign)
        for one, part in ((left, syntax.field), (right, word)):
            if one.slice is not None and not common & SLICED:
                self.fail(f"{one.name} has no slices; text, bytes and link-layer addresses have", part)
        return Pair(left, operator, right)


def _unfit(compare: Compare) -> Unfit | None:
    """Why a literal, or one item of a set, fits none of the field's places; the reason of the nearest place."""
    value = compare.literal
    if isinstance(value, SetLiteral) and len(value.items) > 1:
        alone = (replace(value, items=(item,)) for item in value.items)
        reasons = (_unfit(replace(compare, literal=one, _made={})) for one in alone)
        return next(filter(None, reasons), None)
    found = []
    for kind in compare.field.kinds:
        try:
            compare.demand(kind, bounded=True)
            return None
        except Unfit as unfit:
            found.append(unfit)
    return max(found, key=lambda unfit: unfit.rank)


def called(sorts: set[str]) -> str:
    """Sorts in words."""
    return " or ".join(CALLED[sort] for sort in sorted(sorts)) or "without a value"


def find(word: Word) -> Field | None:
    """The field a word names; None if there is none."""
    from nldissect.columns.fields.catalog import places

    path = tuple(word.text.lower().split("."))
    column = derived(word.text)
    if column is not None:
        return Field(word.text, path, (), column, word.slice)
    found = tuple(places(word.text)) if _is_name(word.text) else ()
    return Field(word.text, path, found, None, word.slice) if found else None


def _is_name(text: str) -> bool:
    return all(step.isidentifier() for step in text.split("."))
