"""A typed filter on one message as walked: for live capture, pipes and small files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import eq, ge, gt, le, lt
from typing import Any

from nldissect.columns.fields.derived import Situation
from nldissect.wire import Kind

from .resolve import All, Compare, Field, Not, Pair, Present, Some, Tree
from .row_fields import Gatherer, Hit, header_hits, in_header
from .value_tests import comparable
from .value_types import Keys, keys_of, sort_of

Holds = Callable[["Facts"], bool]


class Facts:
    """The fields of one filter in one message, gathered when the first is asked for."""

    def __init__(self, situation: Situation, gatherer: Gatherer) -> None:
        self.situation = situation
        self._gatherer = gatherer
        self._found: list[list[Hit]] | None = None

    def of(self, index: int) -> list[Hit]:
        """The nodes that hold a field."""
        if self._found is None:
            walked = self.situation.walked
            self._found = [[] for _ in range(self._gatherer.count)] if walked is None else self._gatherer.gather(walked)
        return self._found[index]


def predicate(tree: Tree) -> Callable[[Situation], bool]:
    """A function that says whether the filter holds for a message."""
    plain = [one for one in dict.fromkeys(fields_in(tree)) if one.derived is None and in_header(one) is None]
    gatherer = Gatherer(plain)
    places = {one: index for index, one in enumerate(plain)}
    holds = _compiled(tree, places)
    return lambda situation: holds(Facts(situation, gatherer))


def fields_in(tree: Tree) -> Iterator[Field]:
    """Every field a filter reads, as often as it names it."""
    if isinstance(tree, (All, Some)):
        for term in tree.terms:
            yield from fields_in(term)
    elif isinstance(tree, Not):
        yield from fields_in(tree.term)
    elif isinstance(tree, Pair):
        yield from (tree.left, tree.right)
    else:
        yield tree.field


def _compiled(tree: Tree, places: dict[Field, int]) -> Holds:
    if isinstance(tree, All):
        every = [_compiled(term, places) for term in tree.terms]
        return lambda facts: all(holds(facts) for holds in every)
    if isinstance(tree, Some):
        some = [_compiled(term, places) for term in tree.terms]
        return lambda facts: any(holds(facts) for holds in some)
    if isinstance(tree, Not):
        inner = _compiled(tree.term, places)
        return lambda facts: not inner(facts)
    if isinstance(tree, Present):
        return _present(tree.field, places)
    return _pair(tree, places) if isinstance(tree, Pair) else _compare(tree, places)


def _reader(field: Field, places: dict[Field, int]) -> Callable[[Facts], list[Hit]]:
    """A function that gives the nodes of a field, or what stands for nodes in a derived column."""
    column, header = field.derived, in_header(field)
    if header is not None:
        return lambda facts: header_hits(header, facts.situation.walked)
    if column is None:
        index = places[field]
        return lambda facts: facts.of(index)
    kind, values = column.kind, column.values

    def read(facts: Facts) -> list[Hit]:
        situation = facts.situation
        return [Hit(kind, value, situation.walked) for value in values(situation)]

    return read


def _present(field: Field, places: dict[Field, int]) -> Holds:
    read = _reader(field, places)
    if field.slice is None:
        return lambda facts: bool(read(facts))
    return lambda facts: any(_keys(hit, field) for hit in read(facts))


def _compare(tree: Compare, places: dict[Field, int]) -> Holds:
    field, condition_of = tree.field, tree.condition
    read = _reader(field, places)

    def equals(facts: Facts) -> bool:
        for hit in read(facts):
            condition = condition_of(hit.kind)
            if condition is not None and any(condition.holds(key, hit) for key in _keys(hit, field)):
                return True
        return False

    def differs(facts: Facts) -> bool:
        some = False
        for hit in read(facts):
            condition = condition_of(hit.kind)
            for key in _keys(hit, field) if condition is not None else ():
                if condition is not None and condition.holds(key, hit):
                    return False
                some = True
        return some

    return differs if tree.negated else equals


TESTS: dict[str, Callable[[Any, Any], Any]] = {
    "==": eq, "!=": eq, "<": lt, "<=": le, ">": gt, ">=": ge,
    "&": lambda left, right: left & right, "contains": lambda left, right: right in left,
}  # fmt: skip


def _pair(tree: Pair, places: dict[Field, int]) -> Holds:
    left, right = _reader(tree.left, places), _reader(tree.right, places)
    test, negated = TESTS[tree.operator], tree.operator == "!="
    ordered = tree.operator in ("<", "<=", ">", ">=")

    def holds(facts: Facts) -> bool:
        others = [(sort_of(hit.kind), key) for hit in right(facts) for key in _keys(hit, tree.right)]
        some = False
        for hit in left(facts):
            sort = sort_of(hit.kind)
            for key in _keys(hit, tree.left):
                for other_sort, other in others:
                    if sort != other_sort or (ordered and not comparable(key, other)):
                        continue
                    if test(key, other):
                        return not negated
                    some = True
        return negated and some

    return holds


_known: dict[int, tuple[Kind, Keys]] = {}


def _keys(hit: Hit, field: Field) -> list[Any]:
    """The keys of a node's values, cut where the field has a slice."""
    known = _known.get(id(hit.kind))
    if known is None:
        if len(_known) > 1 << 14:
            _known.clear()
        known = _known[id(hit.kind)] = hit.kind, keys_of(hit.kind)
    keys = list(known[1](hit.value))
    if field.slice is None:
        return keys
    offset, length = field.slice
    return [key[offset : offset + length] for key in keys if type(key) is not int and len(key) >= offset + length]
