"""Runs of exchanges, each printed as one line or two: a reader of thousands of exchanges wants each kind once.

Three kinds of consecutive exchanges of one requester are folded:

    equal       the same request and result: one line with their number
    alike       the same type of request and result, and summaries that differ in values only: two lines
    dumps       dumps that ended well, of any types: one line
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

ALIKE, DUMPS = 4, 3
"""Least number of alike exchanges, and of dumps, that are folded."""


class ExchangeLine(Protocol):
    """An exchange as it is printed.

    requester   process or port, and protocol, of the request; None: unknown, or the exchange is to stand alone
    request     type of the request
    outcome     all of the line that equal and alike exchanges have in common, besides requester and request
    summary     summary of the request
    reason      further text on its outcome, in which alike exchanges may differ
    latency     nanoseconds from the request to the answer that ends it, -1: none
    messages    number of messages in the answer
    dump        it is a dump that ended well
    """

    @property
    def requester(self) -> Hashable: ...
    @property
    def request(self) -> str: ...
    @property
    def outcome(self) -> Hashable: ...
    @property
    def summary(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def latency(self) -> int: ...
    @property
    def messages(self) -> int: ...
    @property
    def dump(self) -> bool: ...


Line = TypeVar("Line", bound=ExchangeLine)


@dataclass
class LineSeries(Generic[Line]):
    """Consecutive exchanges, added up.

    shortest, longest, total   of the known latencies, in nanoseconds; -1: none is known
    types                      number of exchanges by type of request
    """

    first: Line
    last: Line = field(init=False)
    count: int = 0
    messages: int = 0
    shortest: int = -1
    longest: int = -1
    total: int = -1
    types: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.add(self.first)

    def add(self, line: Line) -> None:
        """Add the next exchange."""
        self.last = line
        self.count += 1
        self.messages += line.messages
        self.types[line.request] += 1
        self._take(line.latency, line.latency, line.latency)

    def join(self, later: LineSeries[Line]) -> None:
        """Add the exchanges of a later series."""
        self.last = later.last
        self.count += later.count
        self.messages += later.messages
        self.types += later.types
        self._take(later.shortest, later.longest, later.total)

    def _take(self, shortest: int, longest: int, total: int) -> None:
        if total < 0:
            return
        known = self.total >= 0
        self.shortest = min(self.shortest, shortest) if known else shortest
        self.longest = max(self.longest, longest)
        self.total = self.total + total if known else total


@dataclass
class Run(Generic[Line]):
    """Exchanges that are printed together.

    head   equal exchanges, or one alone
    rest   further ones that are like them
    dumps  all of a row of dumps; `head` and `rest` are not used then
    """

    head: LineSeries[Line]
    rest: LineSeries[Line] | None = None
    dumps: LineSeries[Line] | None = None


class ExchangeRuns(Generic[Line]):
    """Folding of exchanges to runs, one after another; at most ALIKE series are held back."""

    def __init__(self) -> None:
        self._series: list[LineSeries[Line]] = []

    def add(self, line: Line) -> Iterator[Run[Line]]:
        """Take the next exchange; yield the runs that end before it."""
        if self._series and not _continues(self._series[0].first, line):
            yield from self.end()
        if self._series and _equal(self._series[-1].last, line):
            self._series[-1].add(line)
        else:
            self._series.append(LineSeries(line))
        if len(self._series) > ALIKE:  # these will be folded, whatever follows
            self._series[-2].join(self._series.pop())

    def end(self) -> Iterator[Run[Line]]:
        """Yield the runs that end with the last exchange taken."""
        series, self._series = self._series, []
        if not series:
            return
        if len(series) > 1 and series[0].first.dump and sum(one.count for one in series) >= DUMPS:
            yield Run(series[0], dumps=_joined(series))
        elif len(series) >= ALIKE:
            yield Run(series[0], rest=_joined(series[1:]))
        else:
            yield from map(Run, series)


def _joined(series: list[LineSeries[Line]]) -> LineSeries[Line]:
    first, *later = series
    for one in later:
        first.join(one)
    return first


def _continues(first: ExchangeLine, line: ExchangeLine) -> bool:
    """Return whether an exchange belongs to the run that another one began."""
    if first.requester is None or first.requester != line.requester or first.dump != line.dump:
        return False
    return first.dump or (
        (first.request, first.outcome) == (line.request, line.outcome) and differ_in_values(first.summary, line.summary)
    )


def _equal(first: ExchangeLine, line: ExchangeLine) -> bool:
    parts = ((one.request, one.outcome, one.summary, one.reason) for one in (first, line))
    return next(parts) == next(parts)


def differ_in_values(one: str, other: str) -> bool:
    """Return whether texts differ only in words that have a digit in both, which are numbers, addresses, names."""
    words, others = one.split(), other.split()
    return len(words) == len(others) and all(
        word == another or (_has_digit(word) and _has_digit(another))
        for word, another in zip(words, others, strict=True)
    )


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))
