"""Value tests on many values at once: masks over arrays of numbers, over columns, over the messages of a block."""

from __future__ import annotations

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.extract.values import compare
from nldissect.columns.fields.derived_columns import FieldColumn
from nldissect.columns.fields.message_facts import MessageFacts
from nldissect.wire import Kind

from .constants import Applicability
from .value_tests import AnyBit, AnyOf, Between, Equal, InSet, Order, ValueTest
from .value_types import keys_of

FEW = 64
"""Numbers that are compared one after another; more are looked up together."""


class NoContext:
    """A context for tests that look at keys alone; one that `needs_context` is taken apart before."""

    @property
    def facts(self) -> MessageFacts:
        raise AssertionError("a test that looks at keys alone asks for the facts of the message")

    @property
    def prefix_length(self) -> int | None:
        raise AssertionError("a test that looks at keys alone asks for a prefix length")


NO_CONTEXT = NoContext()


def numbers_fit(numbers: Array, test: ValueTest) -> Array:
    """Return a mask of the numbers that fulfil a test."""
    if isinstance(test, Equal):
        return compare(numbers, "==", int(test.key))
    if isinstance(test, InSet):
        wanted = [int(key) for key in test.keys]
        if len(wanted) > FEW:
            return np.array([number in test.keys for number in numbers.tolist()], bool)
        found = np.zeros(len(numbers), bool)
        for key in wanted:
            found |= compare(numbers, "==", key)
        return found
    if isinstance(test, Order):
        return compare(numbers, test.operator, int(test.key))
    if isinstance(test, Between):
        return compare(numbers, ">=", int(test.low)) & compare(numbers, "<=", int(test.high))
    if isinstance(test, AnyOf):
        found = np.zeros(len(numbers), bool)
        for one in test.tests:
            found |= numbers_fit(numbers, one)
        return found
    if isinstance(test, AnyBit) and numbers.dtype.kind == "u":
        mask = numbers.dtype.type(test.mask & np.iinfo(numbers.dtype).max)
        return np.asarray(numbers & mask != 0, bool)
    return np.array([test.holds(number, NO_CONTEXT) for number in numbers.tolist()], bool)


def applicable(block: Block, only: Applicability) -> Array:
    """Return a mask of the messages of which a constant speaks."""
    key = block.headers.message_type.astype(np.int64) << 16 | block.headers.flags
    values, where = np.unique(key, return_inverse=True)
    fits = []
    for value in values.tolist():
        meaning = block.message_types[value >> 16]
        name = meaning.type_name
        if meaning.command is not None:
            name = meaning.command_name or str(meaning.command)
        protocol, number, direction, family = meaning.protocol, meaning.number, meaning.direction, meaning.family
        fits.append(only.fits(MessageFacts(protocol, number, value & 0xFFFF, direction, family, name)))
    return np.array(fits, bool)[where.reshape(-1)] if fits else np.zeros(len(block), bool)


def column_mask(made: FieldColumn) -> Array:
    """Return a mask of the messages that have a value."""
    return np.ones(len(made.values), bool) if made.there is None else made.there


def column_fits(made: FieldColumn, kind: Kind, test: ValueTest) -> tuple[Array, Array]:
    """Return masks of the messages that have a value, and of those whose value fulfils a test."""
    has = column_mask(made)
    if made.table is None:
        return has, has & numbers_fit(made.values, test)
    keys = keys_of(kind)
    holds = [one is not None and any(test.holds(key, NO_CONTEXT) for key in keys(one)) for one in made.table]
    return has, has & np.array([*holds, False], bool)[made.values]
