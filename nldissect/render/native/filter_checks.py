"""Value tests of a filter as checks of the core: struct check of native/scan.h."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nldissect.filters.value_tests import (
    AnyBit,
    AnyOf,
    Between,
    Contains,
    Equal,
    InSet,
    Matches,
    Order,
    ValueTest,
    Within,
)
from nldissect.filters.value_types import NUMBER, TIME, value_type
from nldissect.native.selector import (
    AT_LEAST,
    AT_MOST,
    BETWEEN,
    BITS,
    CHECK,
    CONTAINS,
    EQUAL,
    LESS,
    MATCHES,
    MORE,
    RANGE,
    WITHIN,
)
from nldissect.wire.kind import Kind

ORDERS = {"<": LESS, "<=": AT_MOST, ">": MORE, ">=": AT_LEAST}


class FilterNotTaken(Exception):
    """An error that the core can't decide a filter."""


class Checks:
    """The checks of a filter; `texts` are bytes that they refer to."""

    def __init__(self) -> None:
        self.texts = bytearray(1)
        self._made: list[tuple[int, ...]] = []

    def add(self, test: ValueTest, kind: Kind, signed: bool) -> tuple[int, int]:
        """Append the checks equal to a value test for a kind; return the index of the first and their number.

        FilterNotTaken if the core has none that are equal.
        """
        first = len(self._made)
        if value_type(kind) in (NUMBER, TIME):
            self._made += _number_checks(test, signed)
        else:
            self._made += self._byte_checks(test)
        if len(self._made) == first:
            self._made.append((1, 0, 0, 0, 0, 0, RANGE, 0))
        return first, len(self._made) - first

    def packed(self) -> bytes:
        """Return all checks as an array of struct check."""
        return b"".join(CHECK.pack(*one) for one in self._made)

    def _byte_checks(self, test: ValueTest) -> Iterator[tuple[int, ...]]:
        match test:
            case AnyOf():
                for one in test.tests:
                    yield from self._byte_checks(one)
            case Equal():
                yield self._byte_check(EQUAL, test.key)
            case InSet():
                for key in test.keys:
                    yield self._byte_check(EQUAL, key)
            case Order():
                yield self._byte_check(ORDERS[test.operator], test.key)
            case Between():
                yield self._byte_check(BETWEEN, test.low, test.high)
            case Within():
                yield self._byte_check(WITHIN, test.network, length=test.length)
            case Contains():
                yield self._byte_check(CONTAINS, test.part)
            case Matches():
                sets, anchors = _character_sets(test.pattern)
                yield self._byte_check(MATCHES, sets, length=anchors)
            case _:
                raise FilterNotTaken

    def _byte_check(self, op: int, key: Any, other: Any = b"", length: int = 0) -> tuple[int, ...]:
        return length, 0, *self._text(key), *self._text(other), op, 0

    def _text(self, key: str | bytes) -> tuple[int, int]:
        raw = key.encode(errors="surrogatepass") if isinstance(key, str) else key
        self.texts += raw
        return len(self.texts) - len(raw), len(raw)


_SIMPLE = re.compile(r"(\^?)((?:[\w :/@%=,;!\"<>-]|\.|\\[dsw]|\\[^\w]|\[[^][\\]+\])*)(\$?)", re.ASCII)
_CHARACTER = re.compile(r"\[[^][\\]+\]|\\.|.", re.DOTALL)


def _character_sets(pattern: re.Pattern[str]) -> tuple[bytes, int]:
    """Return a set of ASCII characters for each position of a regular expression, and its anchors.

    A set is 16 bytes, bit n for character n; of the anchors bit 0 is the beginning of a text, bit 1 its end.

    FilterNotTaken if the expression is more than that.
    """
    found = _SIMPLE.fullmatch(pattern.pattern)
    if found is None:
        raise FilterNotTaken
    sets = bytearray()
    for character in _CHARACTER.findall(found[2]):
        holds = re.compile(character, pattern.flags).fullmatch
        sets += sum(1 << code for code in range(128) if holds(chr(code))).to_bytes(16, "little")
    return bytes(sets), bool(found[1]) | bool(found[3]) << 1


def _number_checks(test: ValueTest, signed: bool) -> Iterator[tuple[int, ...]]:
    """Yield ranges, as unsigned numbers of 64 bits in the same order, and bits."""
    low, high = (-(1 << 63), (1 << 63) - 1) if signed else (0, (1 << 64) - 1)

    def within(start: Any, end: Any) -> Iterator[tuple[int, ...]]:
        start, end = max(start, low), min(end, high)
        if start <= end:
            yield start - low, end - low, 0, 0, 0, 0, RANGE, 0

    match test:
        case AnyOf():
            for one in test.tests:
                yield from _number_checks(one, signed)
        case Equal():
            yield from within(test.key, test.key)
        case InSet():
            for key in test.keys:
                yield from within(key, key)
        case Order():
            bound: Any = test.key
            bound += {"<": -1, ">": 1}.get(test.operator, 0)
            yield from within(low, bound) if test.operator in ("<", "<=") else within(bound, high)
        case Between():
            yield from within(test.low, test.high)
        case AnyBit() if -(1 << 63) <= test.mask < 1 << 64:
            yield test.mask & (1 << 64) - 1, 0, 0, 0, 0, 0, BITS, 0
        case _:
            raise FilterNotTaken
