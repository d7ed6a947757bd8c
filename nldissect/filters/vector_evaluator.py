"""Vector evaluator: a typed filter on a whole block, every test a mask over its messages.

Values come from the column forms of fields (columns/fields/column_reader.py). Tests of fields that have none, and pairs
of fields, are evaluated row by row, and only for the messages on which the outcome still depends.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array, Buffer
from nldissect.columns.extract.plan import Hits
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
from nldissect.columns.fields.column_reader import BlockInput, ColumnForm, ColumnReader, column_form
from nldissect.columns.fields.derived import MessageContext
from nldissect.columns.fields.header_fields import COMMAND
from nldissect.columns.fields.message_decoder import MessageDecoder
from nldissect.wire import Addr, Kind
from nldissect.wire.decode.walk import GenericCommand
from nldissect.wire.numbers import Scalar
from nldissect.wire.selectors import is_plain_number
from nldissect.wire.text import is_plain_text

from .message_evaluator import predicate
from .typed_tree import And, Compare, Not, Or, Pair, Present, Tree
from .value_tests import AnyOf, Equal, Guarded, Prefix, ValueTest, Within
from .value_types import keys_of, slice_keys
from .vector_tests import NO_CONTEXT, applicable, column_fits, column_mask, numbers_fit

Base: TypeAlias = Callable[[ValueTest], Array]
"""Returns a mask of the hits that fulfil a test that looks at keys alone."""


class VectorFilter:
    """Evaluates one filter on blocks of one capture after another.

    tree    the typed tree of the filter
    """

    def __init__(self, tree: Tree) -> None:
        self._root = _compiled(tree)
        self._reader = ColumnReader(path for leaf in _leaves(self._root) for path in leaf.paths)
        self._holds = predicate(tree)

    def mask(self, block: Block, first: int | None) -> Array:
        """Return a mask of the messages for which the filter holds.

        first   time of the capture's first frame, in nanoseconds since 1970; None if none has a time
        """
        return self._root.mask(self._reader.read(block, first), np.ones(len(block), bool))

    def frames(self, block: Block, first: int | None) -> Array:
        """Return the frames without any message for which the filter holds: int64, indexes of frames."""
        empty = (block.messages.frame_count == 0).nonzero()[0]
        decoder = MessageDecoder(block, first)
        return np.array([frame for frame in empty.tolist() if self._holds(decoder.without_message(frame))], np.int64)


class MaskNode(ABC):
    """A node of the evaluated tree. `paths`: those that it needs to be found in a block."""

    paths: tuple[str, ...] = ()

    @abstractmethod
    def mask(self, given: BlockInput, open_mask: Array) -> Array:
        """Return a mask of the messages for which the node holds; those out of `open_mask` may have any value."""


@dataclass
class AndOrMask(MaskNode):
    """All or any of several nodes; those that decode single messages come last."""

    terms: list[MaskNode]
    all: bool

    def mask(self, given: BlockInput, open_mask: Array) -> Array:
        found = np.full(len(open_mask), self.all)
        for term in sorted(self.terms, key=lambda term: isinstance(term, MessageMask)):
            still_open = open_mask & (found if self.all else ~found)
            if not still_open.any():
                break
            if self.all:
                found &= term.mask(given, still_open)
            else:
                found |= term.mask(given, still_open)
        return found


@dataclass
class NotMask(MaskNode):
    """The opposite of a node."""

    term: MaskNode

    def mask(self, given: BlockInput, open_mask: Array) -> Array:
        return ~self.term.mask(given, open_mask)


class MessageMask(MaskNode):
    """A test of single decoded messages, of those only that can have a value (`candidates`, see ColumnForm)."""

    def __init__(self, tree: Tree, candidates: Callable[[Block], Array] | None = None) -> None:
        self._holds: Callable[[MessageContext], bool] = predicate(tree)
        self._candidates = candidates

    def mask(self, given: BlockInput, open_mask: Array) -> Array:
        found = np.zeros(len(open_mask), bool)
        rows = open_mask if self._candidates is None else open_mask & self._candidates(given.block)
        for row in rows.nonzero()[0].tolist():
            found[row] = self._holds(given.decoder.situation(row))
        return found


class DerivedMask(MaskNode):
    """A test of a derived field that has a column form."""

    def __init__(self, tree: Present | Compare, form: ColumnForm) -> None:
        self._tree, self._form, self.paths = tree, form, form.needs

    def mask(self, given: BlockInput, open_mask: Array) -> Array:
        if isinstance(self._tree, Present):
            return _column_present(self._form, given)
        present, fits = _column_fits(self._form, given, self._tree)
        return present & ~fits if self._tree.negated else fits


class HitsMask(MaskNode):
    """A test of a field that stands in bytes, wherever it does; a generic family's name has a column besides."""

    def __init__(self, tree: Present | Compare, form: ColumnForm) -> None:
        self._tree, self._field, self._form = tree, tree.field, form
        lengths = {getattr(place.kind, "prefix", None) for place in self._field.places} - {None}
        asks = isinstance(tree, Compare) and any(map(_asks_length, map(tree.test_for, self._field.kinds)))
        self._lengths = tuple(str(one) for one in lengths) if asks else ()
        self.paths = (*form.needs, *self._lengths)

    def mask(self, given: BlockInput, open_mask: Array) -> Array:
        tree = self._tree
        if isinstance(tree, Present):
            return self._present(given)
        present, good = np.zeros((2, len(open_mask)), bool)
        if self._form.column is not None:
            named, fits = _column_fits(self._form, given, tree)
            present |= named
            good |= fits
        for path in self._form.hits:
            hits = given.hits[path]
            counted, fits = self._fits(given, hits, tree)
            present[hits.message[counted]] = True
            good[hits.message[fits]] = True
        return present & ~good if tree.negated else good

    def _present(self, given: BlockInput) -> Array:
        found = np.zeros(len(given.block), bool)
        if self._form.column is not None:
            found |= _column_present(self._form, given)
        for path in self._form.hits:
            hits = given.hits[path]
            if self._field.slice is None:
                found[hits.message] = True
            else:
                found[hits.message[holding(hits, given.block.buffer, self._has_keys)]] = True
        return found

    def _has_keys(self, kind: Kind) -> Callable[[Any], bool]:
        keys = self._keys(kind)
        return lambda value: bool(keys(value))

    def _keys(self, kind: Kind) -> Callable[[Any], list[Any]]:
        """Return a function from a value to its keys, cut where the field has a slice."""
        keys, slice_ = keys_of(kind), self._field.slice
        if slice_ is None:
            return lambda value: list(keys(value))
        return lambda value: slice_keys(keys(value), slice_)

    def _fits(self, given: BlockInput, hits: Hits, tree: Compare) -> tuple[Array, Array]:
        """Return masks of the hits that have a comparable value, and of those that fulfil the test."""
        counted = np.zeros(len(hits), bool)
        fits = np.zeros(len(hits), bool)
        for kind, _, lines in kinds_in(hits):
            test = tree.test_for(COMMAND if isinstance(kind, GenericCommand) else kind)
            if test is None:
                continue
            one = hits.where(lines)
            if self._field.slice is None and isinstance(kind, Scalar) and is_plain_number(kind):
                numbers = column(one, given.block.buffer)
                assert numbers is not None
                counted[lines] = True
                base: Base = partial(numbers_fit, numbers)
            elif self._field.slice is None and is_plain_text(kind) and not tree.negated:
                base = partial(self._texts_fit, one, given.block.buffer)
            elif self._field.slice is None and isinstance(kind, Addr):
                plain = are_addresses(one)
                counted[lines] = plain
                counted[lines[~plain]] = holding(one.where(~plain), given.block.buffer, self._has_keys)
                base = partial(self._addresses_fit, one, plain, given.block.buffer)
            else:
                counted[lines] = holding(one, given.block.buffer, self._has_keys)
                base = partial(self._holding, one, given.block.buffer)
            fits[lines] = self._placed(given, one, test, base)
        return counted, fits

    def _texts_fit(self, hits: Hits, raw: Buffer, test: ValueTest) -> Array:
        """Return a mask of the texts that fulfil a test; most only have to be compared."""
        if isinstance(test, Equal) and isinstance(test.key, str):
            return equal_text(hits, raw, test.key.encode())
        return self._holding(hits, raw, test)

    def _addresses_fit(self, hits: Hits, plain: Array, raw: Buffer, test: ValueTest) -> Array:
        """Return a mask of the addresses that fulfil a test; most only have to be compared."""
        if isinstance(test, Equal) and isinstance(test.key, bytes):
            found = equal(hits, raw, test.key)
        elif isinstance(test, Within):
            found = within(hits, raw, test.network, test.length)
        else:
            return self._holding(hits, raw, test)
        found[~plain] = self._holding(hits.where(~plain), raw, test)
        return found

    def _holding(self, hits: Hits, raw: Buffer, test: ValueTest) -> Array:
        return holding(hits, raw, self._asking(test))

    def _asking(self, test: ValueTest) -> Callable[[Kind], Callable[[Any], bool]]:
        def make(kind: Kind) -> Callable[[Any], bool]:
            keys = self._keys(kind)
            return lambda value: any(test.holds(key, NO_CONTEXT) for key in keys(value))

        return make

    def _placed(self, given: BlockInput, hits: Hits, test: ValueTest, base: Base) -> Array:
        """Return a mask of the hits that fulfil a test, which may also look at the message."""
        if not test.needs_context:
            return base(test)
        if isinstance(test, AnyOf):
            found = np.zeros(len(hits), bool)
            for one in test.tests:
                found |= self._placed(given, hits, one, base)
            return found
        if isinstance(test, Guarded):
            fits = applicable(given.block, test.only)[hits.message]
            return self._placed(given, hits, test.test, base) & fits
        assert isinstance(test, Prefix)
        return base(Equal(test.network)) & self._length_is(given, hits, test.length)

    def _length_is(self, given: BlockInput, hits: Hits, length: int) -> Array:
        """Return a mask of the hits whose message has this prefix length."""
        found = np.zeros(len(hits), bool)
        for name in self._lengths:
            lengths = given.hits[name]
            values = column(lengths, given.block.buffer)
            if values is None or not len(lengths):
                continue
            good = np.zeros(len(given.block), bool)
            good[lengths.message[compare(values, "==", length)]] = True
            found |= good[hits.message]
        return found


def _asks_length(test: ValueTest | None) -> bool:
    if isinstance(test, AnyOf):
        return any(map(_asks_length, test.tests))
    return isinstance(test, Prefix)


def _compiled(tree: Tree) -> MaskNode:
    if isinstance(tree, (And, Or)):
        return AndOrMask([_compiled(term) for term in tree.terms], isinstance(tree, And))
    if isinstance(tree, Not):
        return NotMask(_compiled(tree.term))
    if isinstance(tree, Pair):
        return MessageMask(tree)
    return _leaf(tree)


def _leaf(tree: Present | Compare) -> MaskNode:
    form, derived = column_form(tree.field), tree.field.derived is not None
    if form.by_message or (form.column is not None and tree.field.slice is not None):  # columns are of whole values
        return MessageMask(tree, form.candidates)
    return DerivedMask(tree, form) if derived else HitsMask(tree, form)


def _column_present(form: ColumnForm, given: BlockInput) -> Array:
    """Return a mask of the messages that have a value in the column of a form."""
    assert form.column is not None
    return column_mask(form.column(given))


def _column_fits(form: ColumnForm, given: BlockInput, tree: Compare) -> tuple[Array, Array]:
    """Return masks of the messages that have a comparable value in the column of a form, and of those that fit."""
    assert form.column is not None and form.kind is not None
    test = tree.test_for(form.kind)
    if test is None:
        none = np.zeros((2, len(given.block)), bool)
        return none[0], none[1]
    return column_fits(form.column(given), form.kind, test)


def _leaves(node: MaskNode) -> Iterator[MaskNode]:
    if isinstance(node, AndOrMask):
        for term in node.terms:
            yield from _leaves(term)
    elif isinstance(node, NotMask):
        yield from _leaves(node.term)
    else:
        yield node
