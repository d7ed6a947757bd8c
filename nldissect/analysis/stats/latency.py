"""Latency of the kernel's answers: exchanges by request and result, percentiles of latency, the slowest exchanges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.merged_numbers import MergedFrames, merged_ranks

from ..exchanges.table import INTERRUPTED, RESULT, UNANSWERED, Exchanges
from .counts import CountedMessages, family_name

PERCENTILES = (50, 90, 99)
SLOWEST = 20
RequestKey = tuple[int, str | None, str | None]
"""Protocol, generic family and name of a request, see RequestRow."""


@dataclass(slots=True)
class Latency:
    """Latencies in nanoseconds: their number, the least, the PERCENTILES, the most."""

    count: int = 0
    least: int = 0
    percentiles: list[int] = field(default_factory=list)
    most: int = 0


@dataclass(slots=True)
class RequestRow:
    """Exchanges with one kind of request; None where the request is not in the capture. Refused: with an error."""

    protocol: int
    family: str | None
    request: str | None
    exchanges: int
    refused: int
    unanswered: int
    latency: Latency


@dataclass(slots=True)
class SlowRow:
    """One exchange; frame is that of its request, file the name of its file where there are several."""

    exchange: int
    frame: int
    protocol: int
    request: str
    port: int
    latency: int
    result: str
    file: str | None = None


@dataclass(slots=True)
class LatencyResult:
    """Latencies of a capture; results by name, the most frequent first."""

    exchanges: int
    results: dict[str, int]
    latency: Latency
    requests: list[RequestRow]
    slowest: list[SlowRow]


class LatencyCounter:
    """Exchanges of all messages of a capture; those with a message that counts are counted.

    file   name of the file where there are several
    """

    def __init__(self, file: str | None = None) -> None:
        self.exchanges = Exchanges()
        self.file = file
        self._rows: list[Array] = []
        self._others: list[LatencyCounter] = []
        self._frames = MergedFrames()

    def add(self, chosen: CountedMessages) -> None:
        self._rows.append(chosen.rows + self.exchanges.ledger.rows)
        self.exchanges.add(chosen.block)
        self._frames.add(chosen.block)

    def take(self, other: LatencyCounter) -> None:
        """Add the exchanges of another file, whose frames are numbered with those of this one."""
        self._others.append(other)

    @property
    def rows(self) -> Array:
        """Rows in the ledger of the messages that count."""
        self._rows = [np.concatenate(self._rows)] if self._rows else [np.zeros(0, np.int64)]
        return self._rows[0]

    def result(self) -> LatencyResult:
        """Return the counts of the exchanges, and the slowest ones."""
        counters = [self, *self._others]
        numbers = merged_ranks([one.order_keys() for one in counters])
        files = [CountedExchanges(one, number) for one, number in zip(counters, numbers, strict=True)]
        result, latency = (np.concatenate([one.column(name) for one in files]) for name in ("result", "latency"))
        counts = Counter(result.tolist()).most_common()
        named = {RESULT.names.get(one, str(one)): count for one, count in counts}
        return LatencyResult(len(result), named, latency_of(latency), _requests(files), _slowest(files))

    def order_keys(self) -> Array:
        """Return for each exchange of the file a key that orders those of several files: int64."""
        return self._frames.keys(self.exchanges.ledger.tables()[0]["key"][self.exchanges.table()["head"]])

    def frame(self, row: int) -> int:
        """Return the number of the frame of a message, given by its row in the ledger."""
        return self._frames.shown(self.exchanges.place(row)[0])


class CountedExchanges:
    """Those exchanges of one file that have a message that counts, as columns.

    mine      their indices among all exchanges of the file, ascending int64
    numbers   for each exchange of the file its number among those of all files
    """

    def __init__(self, counter: LatencyCounter, numbers: Array) -> None:
        self.counter, self.numbers = counter, numbers
        found = np.unique(counter.exchanges.of(counter.rows))
        self.mine = found[found > 0].astype(np.int64) - 1

    def column(self, name: str) -> Array:
        """Return a column of the table of exchanges, one entry per exchange in `mine`."""
        column: Array = self.counter.exchanges.table()[name][self.mine]
        return column

    def by_request(self) -> Iterator[tuple[RequestKey, Array]]:
        """Yield each kind of request, and the indices in `mine` of its exchanges."""
        ledger = self.counter.exchanges.ledger
        meaning = ledger.tables()[0]["meaning"][self.column("head")]
        count = self.column("requests")
        for case in np.unique(meaning).tolist():
            about = ledger.meanings[case]
            for name, those in (("batch", count > 1), (about.called, count == 1), (None, count == 0)):
                places = (those & (meaning == case)).nonzero()[0]
                if len(places):
                    yield (about.protocol, family_name(about), name), places

    def slow(self, place: int) -> SlowRow:
        """Return the exchange at an index in `mine`."""
        one = int(self.mine[place])
        table, ledger = self.counter.exchanges.table(), self.counter.exchanges.ledger
        head, result = int(table["head"][one]), int(table["result"][one])
        about = ledger.meanings[int(ledger.tables()[0]["meaning"][head])]
        name = "batch" if table["requests"][one] > 1 else about.called
        return SlowRow(
            int(self.numbers[one]), self.counter.frame(head), about.protocol, name, int(table["port"][one]),
            int(table["latency"][one]), RESULT.names.get(result, str(result)), self.counter.file,
        )  # fmt: skip


def _requests(files: list[CountedExchanges]) -> list[RequestRow]:
    """Return the rows by kind of request, the most frequent first."""
    kinds: dict[RequestKey, list[tuple[Array, Array]]] = {}
    for file in files:
        result, latency = file.column("result"), file.column("latency")
        for key, places in file.by_request():
            kinds.setdefault(key, []).append((result[places], latency[places]))
    rows = []
    for key, parts in kinds.items():
        result, latency = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        refused = int(((result != 0) & (result < INTERRUPTED)).sum())
        unanswered = int((result == UNANSWERED).sum())
        rows.append(RequestRow(*key, len(result), refused, unanswered, latency_of(latency)))
    return sorted(rows, key=lambda row: (-row.exchanges, row.protocol, row.request or ""))


def _slowest(files: list[CountedExchanges]) -> list[SlowRow]:
    """Return the slowest exchanges of all files, equal ones in the order of their numbers."""
    rows = []
    for file in files:
        latency = file.column("latency")
        known = (latency >= 0).nonzero()[0]
        rows += [file.slow(place) for place in known[(-latency[known]).argsort(kind="stable")][:SLOWEST].tolist()]
    return sorted(rows, key=lambda row: (-row.latency, row.exchange))[:SLOWEST]


def latency_of(latency: Array) -> Latency:
    """Return count and percentiles of latencies in nanoseconds; negative entries stand for none."""
    known = np.sort(latency[latency >= 0])
    if not len(known):
        return Latency()
    places = [min(len(known) - 1, len(known) * one // 100) for one in PERCENTILES]
    return Latency(len(known), int(known[0]), known[places].tolist(), int(known[-1]))
