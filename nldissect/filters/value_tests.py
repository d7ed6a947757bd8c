"""Conditions: what one value must be. They look at keys (see value_types.py), so that columns can ask them too.

A condition holds data only beside `holds`; a reader of columns may evaluate the data itself instead of calling it.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Any, Protocol

from nldissect.columns.fields.message_facts import MessageFacts

from .constants import Only
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


class Condition(ABC):
    """Base of all conditions; `places` says whether more than the key is looked at."""

    @property
    def places(self) -> bool:
        return False

    @abstractmethod
    def holds(self, key: Any, context: TestContext) -> bool:
        """Whether a value with this key is meant."""


@dataclass(eq=False)
class Equal(Condition):
    key: Key

    def holds(self, key: Any, context: TestContext) -> bool:
        return bool(key == self.key)


@dataclass(eq=False)
class OneOf(Condition):
    """Any of the keys."""

    keys: frozenset[Key]

    def holds(self, key: Any, context: TestContext) -> bool:
        return key in self.keys


@dataclass(eq=False)
class Order(Condition):
    """Less or greater than a key; addresses and bytes of different length have no order."""

    operator: str
    key: Key

    def holds(self, key: Any, context: TestContext) -> bool:
        return comparable(key, self.key) and ORDERS[self.operator](key, self.key)


@dataclass(eq=False)
class Between(Condition):
    """A range with both ends."""

    low: Key
    high: Key

    def holds(self, key: Any, context: TestContext) -> bool:
        return comparable(key, self.low) and bool(self.low <= key <= self.high)


@dataclass(eq=False)
class Within(Condition):
    """An address in a network: `network` has the first `length` bits, then zeros."""

    network: bytes
    length: int

    def holds(self, key: Any, context: TestContext) -> bool:
        if len(key) != len(self.network):
            return False
        rest = 8 * len(key) - self.length
        return int.from_bytes(key, "big") >> rest == int.from_bytes(self.network, "big") >> rest


@dataclass(eq=False)
class Prefix(Condition):
    """A network itself: the address, and the prefix length that stands elsewhere in the message."""

    network: bytes
    length: int

    @property
    def places(self) -> bool:
        return True

    def holds(self, key: Any, context: TestContext) -> bool:
        return bool(key == self.network) and context.prefix_length == self.length


@dataclass(eq=False)
class AnyBit(Condition):
    mask: int

    def holds(self, key: Any, context: TestContext) -> bool:
        return bool(key & self.mask)


@dataclass(eq=False)
class Contains(Condition):
    part: str | bytes

    def holds(self, key: Any, context: TestContext) -> bool:
        return self.part in key


@dataclass(eq=False)
class Matches(Condition):
    pattern: re.Pattern[str]

    def holds(self, key: Any, context: TestContext) -> bool:
        return self.pattern.search(key) is not None


@dataclass(eq=False)
class In(Condition):
    """A condition that counts in some messages only (see constants.py)."""

    only: Only
    condition: Condition

    @property
    def places(self) -> bool:
        return True

    def holds(self, key: Any, context: TestContext) -> bool:
        return self.condition.holds(key, context) and self.only.fits(context.facts)


@dataclass(eq=False)
class AnyOf(Condition):
    conditions: tuple[Condition, ...]

    @property
    def places(self) -> bool:
        return any(one.places for one in self.conditions)

    def holds(self, key: Any, context: TestContext) -> bool:
        return any(one.holds(key, context) for one in self.conditions)


def any_of(conditions: list[Condition]) -> Condition:
    """One condition for several: plain keys are looked up together."""
    keys = [one.key for one in conditions if isinstance(one, Equal)]
    others = [one for one in conditions if not isinstance(one, Equal)]
    if len(keys) > 1:
        others.insert(0, OneOf(frozenset(keys)))
    elif keys:
        others.insert(0, Equal(keys[0]))
    return others[0] if len(others) == 1 else AnyOf(tuple(others))


def comparable(key: Any, other: Any) -> bool:
    """Whether one can be less than the other: numbers and text always, bytes where they are equally long."""
    return type(key) is not bytes or len(key) == len(other)
