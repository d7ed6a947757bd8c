"""Value tests: predicates on the key of one value (see value_types.py), as literals.py makes them.

A test is data beside `holds`; vector_tests.py evaluates the data itself on arrays of values.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Any, Protocol

from nldissect.columns.fields.message_facts import MessageFacts

from .constants import Applicability
from .value_types import Key

ORDERS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


class TestContext(Protocol):
    """Facts around a value that a test may need besides its key.

    facts           facts of the message
    prefix_length   number of leading bits of the address that count (Addr's option `prefix`); None if the message has
                    none
    """

    @property
    def facts(self) -> MessageFacts: ...

    @property
    def prefix_length(self) -> int | None: ...


class ValueTest(ABC):
    """A predicate on one value; `needs_context`: on more than its key."""

    @property
    def needs_context(self) -> bool:
        return False

    @abstractmethod
    def holds(self, key: Any, context: TestContext) -> bool:
        """Return whether a value with this key fulfils the test."""


@dataclass(eq=False)
class Equal(ValueTest):
    """The key itself."""

    key: Key

    def holds(self, key: Any, context: TestContext) -> bool:
        return bool(key == self.key)


@dataclass(eq=False)
class InSet(ValueTest):
    """Any of the keys."""

    keys: frozenset[Key]

    def holds(self, key: Any, context: TestContext) -> bool:
        return key in self.keys


@dataclass(eq=False)
class Order(ValueTest):
    """Less or greater than a key; addresses and bytes of different length have no order."""

    operator: str
    key: Key

    def holds(self, key: Any, context: TestContext) -> bool:
        return comparable(key, self.key) and ORDERS[self.operator](key, self.key)


@dataclass(eq=False)
class Between(ValueTest):
    """A range with both ends."""

    low: Key
    high: Key

    def holds(self, key: Any, context: TestContext) -> bool:
        return comparable(key, self.low) and bool(self.low <= key <= self.high)


@dataclass(eq=False)
class Within(ValueTest):
    """An address in a network: `network` has the first `length` bits, then zeros."""

    network: bytes
    length: int

    def holds(self, key: Any, context: TestContext) -> bool:
        if len(key) != len(self.network):
            return False
        rest = 8 * len(key) - self.length
        return int.from_bytes(key, "big") >> rest == int.from_bytes(self.network, "big") >> rest


@dataclass(eq=False)
class Prefix(ValueTest):
    """A network itself: the address, and the prefix length that stands elsewhere in the message."""

    network: bytes
    length: int

    @property
    def needs_context(self) -> bool:
        return True

    def holds(self, key: Any, context: TestContext) -> bool:
        return bool(key == self.network) and context.prefix_length == self.length


@dataclass(eq=False)
class AnyBit(ValueTest):
    """A number with one of the mask's bits."""

    mask: int

    def holds(self, key: Any, context: TestContext) -> bool:
        return bool(key & self.mask)


@dataclass(eq=False)
class Contains(ValueTest):
    """Text or bytes with this part."""

    part: str | bytes

    def holds(self, key: Any, context: TestContext) -> bool:
        return self.part in key


@dataclass(eq=False)
class Matches(ValueTest):
    """Text in which the pattern is found."""

    pattern: re.Pattern[str]

    def holds(self, key: Any, context: TestContext) -> bool:
        return self.pattern.search(key) is not None


@dataclass(eq=False)
class Guarded(ValueTest):
    """A test that counts in some messages only (see constants.py)."""

    only: Applicability
    test: ValueTest

    @property
    def needs_context(self) -> bool:
        return True

    def holds(self, key: Any, context: TestContext) -> bool:
        return self.test.holds(key, context) and self.only.fits(context.facts)


@dataclass(eq=False)
class AnyOf(ValueTest):
    """Tests of which one holds."""

    tests: tuple[ValueTest, ...]

    @property
    def needs_context(self) -> bool:
        return any(one.needs_context for one in self.tests)

    def holds(self, key: Any, context: TestContext) -> bool:
        return any(one.holds(key, context) for one in self.tests)


def any_of(tests: list[ValueTest]) -> ValueTest:
    """Return one test for several; plain keys are looked up together."""
    keys = [one.key for one in tests if isinstance(one, Equal)]
    others = [one for one in tests if not isinstance(one, Equal)]
    if len(keys) > 1:
        others.insert(0, InSet(frozenset(keys)))
    elif keys:
        others.insert(0, Equal(keys[0]))
    return others[0] if len(others) == 1 else AnyOf(tuple(others))


def comparable(key: Any, other: Any) -> bool:
    """Return whether one can be less than the other: numbers and text always, bytes where they are equally long."""
    return type(key) is not bytes or len(key) == len(other)
