"""A typed filter on a whole block: every test is a mask over its messages.

Fields that stand in bytes come from a Plan, derived ones from `framecolumns`. What neither can tell (bit-fields, notes,
pairs of fields) is asked of the messages one by one, as walked, and only of those that can still matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nldissect.wire import Kind, genlmsghdr
from nldissect.wire.scalars import Scalar
from nldissect.wire.scope import is_plain_number
from nldissect.wire.walk import FAMILY, Command

from ..attributes import Hits, Plan
from ..block import Block
from ..derived import Situation
from ..framecolumns import COLUMNS, Column, answers, errors
from ..framecolumns import FAMILY as FAMILY_COLUMN
from ..parts import KEYED, BitPart, part_kinds
from ..raw import Array
from ..values import column, compare, holding, kinds_in
from ..walker import Walker
from .check import All, Compare, Field, Not, Pair, Present, Some, Tree
from .conditions import AnyBit, AnyOf, Asked, Between, Condition, Equal, In, OneOf, Order, Prefix
from .constants import COMMAND, About, Only
from .predicate import predicate
from .sorts import NUMBER, TEXT, TIME, keys_of, sort_of

FEW = 64
"""So many numbers are compared one after another, more are looked up together."""


class Columns:
    """Evaluates one filter on blocks of one capture after another.

    tree    the typed tree of the filter
    """

    def __init__(self, tree: Tree) -> None:
        self._steps = _compiled(tree)
        wanted: dict[str, None] = {}
        for one in _leaves(self._steps):
            for path in one.paths:
                wanted[path] = None
        self._plan = Plan(wanted) if wanted else None
        self._alone = predicate(tree)

    def mask(self, block: Block, first: int | None) -> Array:
        """For which messages the filter holds; `first` is the time of the capture's first frame, in nanoseconds."""
        hits = self._plan.run(block) if self._plan is not None else {}
        facts = Facts(block, first, hits, Walker(block, first))
        return self._steps.mask(facts, np.ones(len(block), bool))

    def frames(self, block: Block, first: int | None) -> Array:
        """For which frames without any message the filter holds: their indexes."""
        empty = (block.frame_count == 0).nonzero()[0]
        walker = Walker(block, first)
        return np.array([one for one in empty.tolist() if self._alone(walker.without_message(one))], np.int64)


@dataclass(frozen=True)
class Facts:
    """What is known of one block."""

    block: Block
    first: int | None
    hits: dict[str, Hits]
    walker: Walker


class Step:
    """One node of the tree; `mask` may leave messages out of account that are not `asked`."""

    paths: tuple[str, ...] = ()

    def mask(self, facts: Facts, asked: Array) -> Array:
        raise NotImplementedError


@dataclass
class Each(Step):
    """All or some of several steps: the cheap ones first."""

    steps: list[Step]
    all: bool

    def mask(self, facts: Facts, asked: Array) -> Array:
        found = np.full(len(asked), self.all)
        for step in sorted(self.steps, key=lambda one: isinstance(one, OneByOne)):
            open_ = asked & (found if self.all else ~found)
            if not open_.any():
                break
            if self.all:
                found &= step.mask(facts, open_)
            else:
                found |= step.mask(facts, open_)
        return found


@dataclass
class Inverse(Step):
    step: Step

    def mask(self, facts: Facts, asked: Array) -> Array:
        return ~self.step.mask(facts, asked)


class OneByOne(Step):
    """A test of single messages as walked; `among` narrows down which."""

    def __init__(self, tree: Tree, among: Callable[[Block], Array] | None = None) -> None:
        self._holds: Callable[[Situation], bool] = predicate(tree)
        self._among = among

    def mask(self, facts: Facts, asked: Array) -> Array:
        found = np.zeros(len(asked), bool)
        some = asked if self._among is None else asked & self._among(facts.block)
        for message in some.nonzero()[0].tolist():
            found[message] = self._holds(facts.walker.situation(message))
        return found


class OfColumn(Step):
    """A test of a derived column."""

    def __init__(self, tree: Present | Compare, kind: Kind, make: Callable[[Facts], Column]) -> None:
        self._tree, self._kind, self._make = tree, kind, make

    def mask(self, facts: Facts, asked: Array) -> Array:
        made = self._make(facts)
        there = np.ones(len(asked), bool) if made.there is None else made.there
        if isinstance(self._tree, Present):
            return there
        condition = self._tree.condition(self._kind)
        if condition is None:
            return np.zeros(len(asked), bool)
        if made.table is None:
            fits = _numbers_fit(made.values, condition)
        else:
            keys = keys_of(self._kind)
            known = [None if value is None else list(keys(value)) for value in made.table]
            holds = [bool(one) and any(condition.holds(key, NOBODY) for key in one) for one in known]
            fits = np.array([*holds, False], bool)[made.values]
        return there & (~fits if self._tree.negated else fits)


class OfHits(Step):
    """A test of a field that stands in bytes, wherever it does."""

    def __init__(self, tree: Present | Compare) -> None:
        self._tree, self._field = tree, tree.field
        name = ".".join(self._field.path)
        lengths = {getattr(place.kind, "prefix", None) for place in self._field.places} - {None}
        self._own = (name, f"{name}[]")
        self._lengths = tuple(str(one) for one in lengths) if isinstance(tree, Compare) else ()
        self.paths = (*self._own, *self._lengths)
        self._family = any(place.kind is FAMILY and place.owner is genlmsghdr for place in self._field.places)

    def mask(self, facts: Facts, asked: Array) -> Array:
        tree = self._tree
        if isinstance(tree, Present):
            return self._present(facts)
        some = np.zeros(len(asked), bool)
        good = np.zeros(len(asked), bool)
        for path in self._own:
            hits = facts.hits[path]
            counted, fits = self._fits(facts, hits, tree)
            some[hits.message[counted]] = True
            good[hits.message[fits]] = True
        if self._family:
            made = OfColumn(tree, FAMILY, _family)
            good |= made.mask(facts, asked)
            some |= OfColumn(Present(self._field), FAMILY, _family).mask(facts, asked)
            return (
                (some & good)
                if tree.negated and not _any_bytes(facts, self._own)
                else (some & ~good)
                if tree.negated
                else good
            )
        return some & ~good if tree.negated else good

    def _present(self, facts: Facts) -> Array:
        found = np.zeros(len(facts.block), bool)
        for path in self._own:
            hits = facts.hits[path]
            if self._field.slice is None:
                found[hits.message] = True
            else:
                found[hits.message[holding(hits, facts.block.raw, self._has_keys)]] = True
        if self._family:
            found |= OfColumn(Present(self._field), FAMILY, _family).mask(facts, found)
        return found

    def _has_keys(self, kind: Kind) -> Callable[[Any], bool]:
        keys = self._keys(kind)
        return lambda value: bool(keys(value))

    def _keys(self, kind: Kind) -> Callable[[Any], list[Any]]:
        """The keys of a value, cut where the field has a slice."""
        keys, slice_ = keys_of(kind), self._field.slice
        if slice_ is None:
            return lambda value: list(keys(value))
        offset, length = slice_
        end = offset + length
        return lambda value: [key[offset:end] for key in keys(value) if type(key) is not int and len(key) >= end]

    def _fits(self, facts: Facts, hits: Hits, tree: Compare) -> tuple[Array, Array]:
        """Which hits have a value that can be compared, and which of them fulfil the condition."""
        counted = np.zeros(len(hits), bool)
        fits = np.zeros(len(hits), bool)
        for kind, _, lines in kinds_in(hits):
            condition = tree.condition(COMMAND if isinstance(kind, Command) else kind)
            if condition is None:
                continue
            one = hits.where(lines)
            if self._field.slice is None and isinstance(kind, Scalar) and is_plain_number(kind):
                numbers = column(one, facts.block.raw)
                assert numbers is not None
                counted[lines] = True
                base: Callable[[Condition], Array] = lambda some, numbers=numbers: _numbers_fit(numbers, some)
            else:
                counted[lines] = holding(one, facts.block.raw, self._has_keys)
                base = lambda some, one=one: holding(one, facts.block.raw, self._asking(some))
            fits[lines] = self._placed(facts, one, condition, base)
        return counted, fits

    def _asking(self, condition: Condition) -> Callable[[Kind], Callable[[Any], bool]]:
        def make(kind: Kind) -> Callable[[Any], bool]:
            keys = self._keys(kind)
            return lambda value: any(condition.holds(key, NOBODY) for key in keys(value))

        return make

    def _placed(self, facts: Facts, hits: Hits, condition: Condition, base: Callable[[Condition], Array]) -> Array:
        """A condition that may also ask about the message."""
        if not condition.places:
            return base(condition)
        if isinstance(condition, AnyOf):
            found = np.zeros(len(hits), bool)
            for one in condition.conditions:
                found |= self._placed(facts, hits, one, base)
            return found
        if isinstance(condition, In):
            return (
                self._placed(facts, hits, condition.condition, base) & _only(facts.block, condition.only)[hits.message]
            )
        assert isinstance(condition, Prefix)
        return base(Equal(condition.network)) & self._length_is(facts, hits, condition.length)

    def _length_is(self, facts: Facts, hits: Hits, length: int) -> Array:
        """Whether the prefix length beside an address is this one; messages that hold several are looked at closely."""
        found = np.zeros(len(hits), bool)
        for name in self._lengths:
            lengths = facts.hits[name]
            values = column(lengths, facts.block.raw)
            if values is None or not len(lengths):
                continue
            good = np.zeros(len(facts.block), bool)
            good[lengths.message[compare(values, "==", length)]] = True
            found |= good[hits.message]
        return found


class Nobody(Asked):
    """Stands where a condition looks at keys alone."""


NOBODY = Nobody()


def _numbers_fit(numbers: Array, condition: Condition) -> Array:
    if isinstance(condition, Equal):
        return compare(numbers, "==", int(condition.key))
    if isinstance(condition, OneOf):
        wanted = [int(key) for key in condition.keys]
        if len(wanted) > FEW:
            return np.array([number in condition.keys for number in numbers.tolist()], bool)
        found = np.zeros(len(numbers), bool)
        for key in wanted:
            found |= compare(numbers, "==", key)
        return found
    if isinstance(condition, Order):
        return compare(numbers, condition.operator, int(condition.key))
    if isinstance(condition, Between):
        return compare(numbers, ">=", int(condition.low)) & compare(numbers, "<=", int(condition.high))
    if isinstance(condition, AnyOf):
        found = np.zeros(len(numbers), bool)
        for one in condition.conditions:
            found |= _numbers_fit(numbers, one)
        return found
    return np.array([condition.holds(number, NOBODY) for number in numbers.tolist()], bool)


def _only(block: Block, only: Only) -> Array:
    """Which messages a constant speaks of."""
    key = block.meaning.astype(np.int64) << 16 | block.flags
    values, where = np.unique(key, return_inverse=True)
    fits = []
    for value in values.tolist():
        meaning = block.meanings[value >> 16]
        name = meaning.type_name
        if meaning.command is not None:
            name = meaning.command_name or str(meaning.command)
        fits.append(
            only.fits(About(meaning.protocol, meaning.number, value & 0xFFFF, meaning.direction, meaning.family, name))
        )
    return np.array(fits, bool)[where.reshape(-1)] if fits else np.zeros(len(block), bool)


def _family(facts: Facts) -> Column:
    return FAMILY_COLUMN(facts.block, facts.first)
