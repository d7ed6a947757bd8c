"""A typed filter on a whole block: every test is a mask over its messages.

Fields that stand in bytes come from a Plan, derived ones from derived_columns.py. What neither can tell (bit-fields,
notes, pairs of fields) is asked of the messages one by one, as walked, and only of those that can still matter.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array, Raw
from nldissect.columns.extract.plan import Hits, Plan
from nldissect.columns.extract.values import (
    are_addresses,
    column,
    compare,
    equal,
    equal_text,
    holding,
    kinds_in,
    within,
)
from nldissect.columns.fields.derived import Situation
from nldissect.columns.fields.derived_columns import COLUMNS, Column, answers, errors
from nldissect.columns.fields.derived_columns import FAMILY as FAMILY_COLUMN
from nldissect.columns.fields.row_decoder import Walker
from nldissect.columns.fields.subfields import is_part
from nldissect.wire import Addr, Kind, genlmsghdr
from nldissect.wire.decode.walk import FAMILY, Command
from nldissect.wire.numbers import Scalar
from nldissect.wire.selectors import is_plain_number
from nldissect.wire.text import is_plain_text

from .header_kinds import COMMAND
from .resolve import All, Compare, Not, Pair, Present, Some, Tree
from .row_evaluator import predicate
from .value_tests import AnyOf, Condition, Equal, In, Prefix, Within
from .value_types import keys_of
from .vector_tests import NOBODY, column_fits, numbers_fit, only, there

Base: TypeAlias = Callable[[Condition], Array]
"""Says which hits fulfil a condition that looks at keys alone."""


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


class Step(ABC):
    """One node of the tree; `mask` may leave messages out of account that are not `asked`."""

    paths: tuple[str, ...] = ()

    @abstractmethod
    def mask(self, facts: Facts, asked: Array) -> Array:
        """For which messages it holds."""


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

    def __init__(
        self, tree: Present | Compare, kind: Kind, make: Callable[[Facts], Column], paths: tuple[str, ...] = ()
    ) -> None:
        self._tree, self._kind, self._make, self.paths = tree, kind, make, paths

    def mask(self, facts: Facts, asked: Array) -> Array:
        made = self._make(facts)
        if isinstance(self._tree, Present):
            return there(made)
        condition = self._tree.condition(self._kind)
        if condition is None:
            return np.zeros(len(asked), bool)
        present, fits = column_fits(made, self._kind, condition)
        return present & ~fits if self._tree.negated else fits


class OfHits(Step):
    """A test of a field that stands in bytes, wherever it does."""

    def __init__(self, tree: Present | Compare) -> None:
        self._tree, self._field = tree, tree.field
        name = ".".join(self._field.path)
        lengths = {getattr(place.kind, "prefix", None) for place in self._field.places} - {None}
        self._own = (name, f"{name}[]")
        asks = isinstance(tree, Compare) and any(map(_asks_length, map(tree.condition, self._field.kinds)))
        self._lengths = tuple(str(one) for one in lengths) if asks else ()
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
        if self._family and (condition := tree.condition(FAMILY)) is not None:
            made = FAMILY_COLUMN(facts.block, facts.first)
            present, fits = column_fits(made, FAMILY, condition)
            some |= present
            good |= fits
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
            found |= there(FAMILY_COLUMN(facts.block, facts.first))
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
                base: Base = partial(numbers_fit, numbers)
            elif self._field.slice is None and is_plain_text(kind) and not tree.negated:
                base = partial(self._texts_fit, one, facts.block.raw)
            elif self._field.slice is None and isinstance(kind, Addr):
                plain = are_addresses(one)
                counted[lines] = plain
                counted[lines[~plain]] = holding(one.where(~plain), facts.block.raw, self._has_keys)
                base = partial(self._addresses_fit, one, plain, facts.block.raw)
            else:
                counted[lines] = holding(one, facts.block.raw, self._has_keys)
                base = partial(self._holding, one, facts.block.raw)
            fits[lines] = self._placed(facts, one, condition, base)
        return counted, fits

    def _texts_fit(self, hits: Hits, raw: Raw, condition: Condition) -> Array:
        """The same for whole texts, most of which only have to be compared."""
        if isinstance(condition, Equal) and isinstance(condition.key, str):
            return equal_text(hits, raw, condition.key.encode())
        return self._holding(hits, raw, condition)

    def _addresses_fit(self, hits: Hits, plain: Array, raw: Raw, condition: Condition) -> Array:
        """The same for addresses, of which most only have to be compared."""
        if isinstance(condition, Equal) and isinstance(condition.key, bytes):
            found = equal(hits, raw, condition.key)
        elif isinstance(condition, Within):
            found = within(hits, raw, condition.network, condition.length)
        else:
            return self._holding(hits, raw, condition)
        found[~plain] = self._holding(hits.where(~plain), raw, condition)
        return found

    def _holding(self, hits: Hits, raw: Raw, condition: Condition) -> Array:
        return holding(hits, raw, self._asking(condition))

    def _asking(self, condition: Condition) -> Callable[[Kind], Callable[[Any], bool]]:
        def make(kind: Kind) -> Callable[[Any], bool]:
            keys = self._keys(kind)
            return lambda value: any(condition.holds(key, NOBODY) for key in keys(value))

        return make

    def _placed(self, facts: Facts, hits: Hits, condition: Condition, base: Base) -> Array:
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
                self._placed(facts, hits, condition.condition, base) & only(facts.block, condition.only)[hits.message]
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


def _asks_length(condition: Condition | None) -> bool:
    if isinstance(condition, AnyOf):
        return any(map(_asks_length, condition.conditions))
    return isinstance(condition, Prefix)


def _compiled(tree: Tree) -> Step:
    if isinstance(tree, (All, Some)):
        return Each([_compiled(term) for term in tree.terms], isinstance(tree, All))
    if isinstance(tree, Not):
        return Inverse(_compiled(tree.term))
    if isinstance(tree, Pair):
        return OneByOne(tree)
    return _of_derived(tree) if tree.field.derived is not None else _of_bytes(tree)


def _of_derived(tree: Present | Compare) -> Step:
    column = tree.field.derived
    assert column is not None
    name = column.name.lower()
    if tree.field.slice is not None:
        return OneByOne(tree)
    if name in COLUMNS:
        make = COLUMNS[name]
        return OfColumn(tree, column.kind, lambda facts: make(facts.block, facts.first))
    if name == "error":
        return OfColumn(tree, column.kind, lambda facts: errors(facts.block, facts.hits["error"]), ("error",))
    return OneByOne(tree, answers if name == "extack" else None)


def _of_bytes(tree: Present | Compare) -> Step:
    return OneByOne(tree) if any(is_part(place.kind) for place in tree.field.places) else OfHits(tree)


def _leaves(step: Step) -> Iterator[Step]:
    if isinstance(step, Each):
        for one in step.steps:
            yield from _leaves(one)
    elif isinstance(step, Inverse):
        yield from _leaves(step.step)
    else:
        yield step
