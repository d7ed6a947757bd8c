"""Row evaluator: a typed filter on one decoded message, for live capture, pipes and small files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import eq, ge, gt, le, lt
from typing import Any

from nldissect.columns.fields.derived import MessageContext
from nldissect.columns.fields.field import Field
from nldissect.columns.fields.message_fields import NodeValue
from nldissect.columns.fields.message_reader import MessageInput, MessageReader
from nldissect.wire import Kind

from .typed_tree import And, Compare, Not, Or, Pair, Present, Tree
from .value_tests import comparable
from .value_types import Keys, keys_of, slice_keys, value_type

Holds = Callable[[MessageInput], bool]


def predicate(tree: Tree) -> Callable[[MessageContext], bool]:
    """Return a function that tells whether the filter holds for a message."""
    reader = MessageReader(fields_in(tree))
    holds = _compiled(tree, reader)
    return lambda situation: holds(reader.read(situation))


def fields_in(tree: Tree) -> Iterator[Field]:
    """Yield every field that a filter reads, as often as it names it."""
    if isinstance(tree, (And, Or)):
        for term in tree.terms:
            yield from fields_in(term)
    elif isinstance(tree, Not):
        yield from fields_in(tree.term)
    elif isinstance(tree, Pair):
        yield from (tree.left, tree.right)
    else:
        yield tree.field


def _compiled(tree: Tree, reader: MessageReader) -> Holds:
    if isinstance(tree, And):
        every = [_compiled(term, reader) for term in tree.terms]
        return lambda row: all(holds(row) for holds in every)
    if isinstance(tree, Or):
        some = [_compiled(term, reader) for term in tree.terms]
        return lambda row: any(holds(row) for holds in some)
    if isinstance(tree, Not):
        inner = _compiled(tree.term, reader)
        return lambda row: not inner(row)
    if isinstance(tree, Present):
        return _present(tree.field, reader)
    return _pair(tree, reader) if isinstance(tree, Pair) else _compare(tree, reader)


def _present(field: Field, reader: MessageReader) -> Holds:
    read = reader.values_of(field)
    if field.slice is None:
        return lambda row: bool(read(row))
    return lambda row: any(_keys(value, field) for value in read(row))


def _compare(tree: Compare, reader: MessageReader) -> Holds:
    field, test_of = tree.field, tree.test_for
    read = reader.values_of(field)

    def equals(row: MessageInput) -> bool:
        for value in read(row):
            test = test_of(value.kind)
            if test is not None and any(test.holds(key, value) for key in _keys(value, field)):
                return True
        return False

    def differs(row: MessageInput) -> bool:
        some = False
        for value in read(row):
            test = test_of(value.kind)
            for key in _keys(value, field) if test is not None else ():
                if test is not None and test.holds(key, value):
                    return False
                some = True
        return some

    return differs if tree.negated else equals


TESTS: dict[str, Callable[[Any, Any], Any]] = {
    "==": eq, "!=": eq, "<": lt, "<=": le, ">": gt, ">=": ge,
    "&": lambda left, right: left & right, "contains": lambda left, right: right in left,
}  # fmt: skip


def _pair(tree: Pair, reader: MessageReader) -> Holds:
    left, right = reader.values_of(tree.left), reader.values_of(tree.right)
    test, negated = TESTS[tree.operator], tree.operator == "!="
    ordered = tree.operator in ("<", "<=", ">", ">=")

    def holds(row: MessageInput) -> bool:
        others = [(value_type(value.kind), key) for value in right(row) for key in _keys(value, tree.right)]
        some = False
        for value in left(row):
            type_ = value_type(value.kind)
            for key in _keys(value, tree.left):
                for other_type, other in others:
                    if type_ != other_type or (ordered and not comparable(key, other)):
                        continue
                    if test(key, other):
                        return not negated
                    some = True
        return negated and some

    return holds


_known: dict[int, tuple[Kind, Keys]] = {}


def _keys(value: NodeValue, field: Field) -> list[Any]:
    """Return the keys of a value, cut where the field has a slice."""
    known = _known.get(id(value.kind))
    if known is None:
        if len(_known) > 1 << 14:
            _known.clear()
        known = _known[id(value.kind)] = value.kind, keys_of(value.kind)
    keys = known[1](value.value)
    return list(keys) if field.slice is None else slice_keys(keys, field.slice)
