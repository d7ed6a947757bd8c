"""Latency of the kernel's answers: exchanges by request and result, percentiles of latency, the slowest exchanges."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from nldissect.columns.blocks.buffer import Array

from ..exchanges.table import INTERRUPTED, RESULT, UNANSWERED, Exchanges
from .counts import CountedMessages, family_name

PERCENTILES = (50, 90, 99)
SLOWEST = 20


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
    """One exchange; frame is that of its request."""

    exchange: int
    frame: int
    protocol: int
    request: str
    port: int
    latency: int
    result: str


@dataclass(slots=True)
class LatencyResult:
    """Latencies of a capture; results by name, the most frequent first."""

    exchanges: int
    results: dict[str, int]
    latency: Latency
    requests: list[RequestRow]
    slowest: list[SlowRow]


class LatencyCounter:
    """Exchanges of all messages of a capture; those with a message that counts are counted."""

    def __init__(self) -> None:
        self.exchanges = Exchanges()
        self._rows: list[Array] = []

    def add(self, chosen: CountedMessages) -> None:
        self._rows.append(chosen.rows + self.exchanges.ledger.rows)
        self.exchanges.add(chosen.block)

    @property
    def rows(self) -> Array:
        """Rows in the ledger of the messages that count."""
        self._rows = [np.concatenate(self._rows)] if self._rows else [np.zeros(0, np.int64)]
        return self._rows[0]

    def result(self) -> LatencyResult:
        """Return the counts of the exchanges, and the slowest ones."""
        found, table = self.exchanges, self.exchanges.table()
        numbers = np.unique(found.of(self.rows))
        mine = numbers[numbers > 0].astype(np.int64) - 1
        result, latency = table["result"][mine], table["latency"][mine]
        counts = Counter(result.tolist()).most_common()
        named = {RESULT.names.get(one, str(one)): count for one, count in counts}
        slowest = mine[latency >= 0][(-latency[latency >= 0]).argsort(kind="stable")][:SLOWEST]
        return LatencyResult(
            len(mine), named, latency_of(latency), self._requests(mine), [self._slow(one) for one in slowest.tolist()]
        )

    def _requests(self, mine: Array) -> list[RequestRow]:
        """Return the rows by kind of request, the most frequent first."""
        table, ledger = self.exchanges.table(), self.exchanges.ledger
        meaning = ledger.tables()[0]["meaning"][table["head"][mine]]
        count = table["requests"][mine]
        kinds: dict[tuple[int, str | None, str | None], list[Array]] = {}
        for case in np.unique(meaning).tolist():
            about = ledger.meanings[case]
            for name, those in (("batch", count > 1), (about.called, count == 1), (None, count == 0)):
                places = (those & (meaning == case)).nonzero()[0]
                if len(places):
                    kinds.setdefault((about.protocol, family_name(about), name), []).append(places)
        rows = []
        for key, parts in kinds.items():
            some = mine[np.concatenate(parts)]
            result = table["result"][some]
            refused = int(((result != 0) & (result < INTERRUPTED)).sum())
            unanswered = int((result == UNANSWERED).sum())
            rows.append(RequestRow(*key, len(some), refused, unanswered, latency_of(table["latency"][some])))
        return sorted(rows, key=lambda row: (-row.exchanges, row.protocol, row.request or ""))

    def _slow(self, one: int) -> SlowRow:
        table, ledger = self.exchanges.table(), self.exchanges.ledger
        head, result = int(table["head"][one]), int(table["result"][one])
        about = ledger.meanings[int(ledger.tables()[0]["meaning"][head])]
        name = "batch" if table["requests"][one] > 1 else about.called
        return SlowRow(
            one + 1, self.exchanges.place(head)[0], about.protocol, name, int(table["port"][one]),
            int(table["latency"][one]), RESULT.names.get(result, str(result)),
        )  # fmt: skip


def latency_of(latency: Array) -> Latency:
    """Return count and percentiles of latencies in nanoseconds; negative entries stand for none."""
    known = np.sort(latency[latency >= 0])
    if not len(known):
        return Latency()
    places = [min(len(known) - 1, len(known) * one // 100) for one in PERCENTILES]
    return Latency(len(known), int(known[0]), known[places].tolist(), int(known[-1]))
