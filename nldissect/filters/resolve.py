"""Resolver: names and types of a filter resolved against the tables; a syntax tree becomes a typed tree."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from nldissect.columns.fields.derived import derived
from nldissect.columns.fields.field import Field
from nldissect.errors import FilterError

from .literals import ALLOWED, CALLED, SLICED, LiteralMismatch
from .parser import AndSyntax, Comparison, NotSyntax, OrSyntax, Presence, SetLiteral, Syntax, TextSpan, Word, parse
from .typed_tree import And, Compare, Not, Or, Pair, Present, Tree
from .value_types import NOTHING, TEXT, value_type


def resolve(text: str) -> Tree:
    """Return the typed tree of a filter; FilterError (message, filter, caret) if it has none."""
    return Resolver(text).tree(parse(text))


def single_field(text: str) -> Field | None:
    """Return the field of a filter that is nothing but one whole field, else None; FilterError as `resolve`."""
    tree = resolve(text)
    return tree.field if isinstance(tree, Present) and tree.field.slice is None else None


class Resolver:
    """Resolves the syntax trees of one filter's text; render/native has one that knows the program file only."""

    def __init__(self, text: str) -> None:
        self.text = text

    def tree(self, syntax: Syntax) -> Tree:
        if isinstance(syntax, AndSyntax):
            return And(tuple(self.tree(term) for term in syntax.terms))
        if isinstance(syntax, OrSyntax):
            return Or(tuple(self.tree(term) for term in syntax.terms))
        if isinstance(syntax, NotSyntax):
            return Not(self.tree(syntax.term))
        if isinstance(syntax, Presence):
            return self.present(syntax)
        return self.comparison(syntax)

    def find(self, word: Word) -> Field | None:
        """Return the field that a word names; None if there is none."""
        return find_field(word)

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
        if one.slice is not None and not any(value_type(kind) in SLICED for kind in one.kinds):
            self.fail(f"{one.name} has no slices; text, bytes and link-layer addresses have", syntax.field)
        return Present(one)

    def comparison(self, syntax: Comparison) -> Tree:
        left, value = self.field(syntax.field), syntax.value
        if isinstance(value, Word) and value.slice is not None:
            return self.pair(left, syntax, self.field(value), value)
        compare = Compare(left, syntax.operator, value, syntax.sign)
        mismatch = _mismatch(compare)
        if mismatch is None:
            return compare
        if isinstance(value, Word) and (right := self.find(value)) is not None:
            return self.pair(left, syntax, right, value)
        from . import diagnostics

        self.fail(mismatch.reason + diagnostics.hint(mismatch, left), mismatch.part)

    def pair(self, left: Field, syntax: Comparison, right: Field, word: Word) -> Tree:
        operator = syntax.operator
        if operator in ("in", "matches"):
            what = "a set in braces, as in {1, 5..9}" if operator == "in" else "a regular expression in quotes"
            self.fail(f'"{operator}" asks for {what}', word)
        types = [{value_type(kind) for kind in one.kinds} - {NOTHING} for one in (left, right)]
        common = types[0] & types[1]
        if types[0] == {TEXT} and not types[1]:
            self.fail(f'{left.name} is text, and text is quoted: "{word.text}"', word)
        if not common:
            names = [_in_words(one) for one in types]
            self.fail(f"{left.name} is {names[0]}, {right.name} is {names[1]}; they can't be compared", word)
        if not any(operator in ALLOWED[type_] for type_ in common):
            self.fail(f'{left.name} is {_in_words(common)}, which "{operator}" does not compare', syntax.sign)
        for one, part in ((left, syntax.field), (right, word)):
            if one.slice is not None and not common & SLICED:
                self.fail(f"{one.name} has no slices; text, bytes and link-layer addresses have", part)
        return Pair(left, operator, right)


def _mismatch(compare: Compare) -> LiteralMismatch | None:
    """Return why a literal, or one item of a set, fits none of the field's places: the reason of the nearest one."""
    value = compare.literal
    if isinstance(value, SetLiteral) and len(value.items) > 1:
        alone = (replace(value, items=(item,)) for item in value.items)
        reasons = (_mismatch(replace(compare, literal=one, _tests={})) for one in alone)
        return next(filter(None, reasons), None)
    found = []
    for kind in compare.field.kinds:
        try:
            compare.require_test(kind, bounded=True)
            return None
        except LiteralMismatch as mismatch:
            found.append(mismatch)
    return max(found, key=lambda mismatch: mismatch.rank)


def _in_words(types: set[str]) -> str:
    """Return value types in words."""
    return " or ".join(CALLED[type_] for type_ in sorted(types)) or "without a value"


def find_field(word: Word) -> Field | None:
    """Return the field that a word names; None if there is none."""
    from nldissect.columns.fields.catalog import field_locations

    path = tuple(word.text.lower().split("."))
    column = derived(word.text)
    if column is not None:
        return Field(word.text, path, (), column, word.slice)
    found = tuple(field_locations(word.text)) if _is_name(word.text) else ()
    return Field(word.text, path, found, None, word.slice) if found else None


def _is_name(text: str) -> bool:
    return all(step.isidentifier() for step in text.split("."))
