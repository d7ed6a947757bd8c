"""Fields of exchanges, equal for all messages of an exchange, so that a filter finds requests and answers alike."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.whole_capture import PASSES, WholeCapture, no_second_pass
from nldissect.columns.fields.derived import MessageContext, TimeSpan, derived_field
from nldissect.columns.fields.derived_columns import FieldColumn
from nldissect.wire import U32, Kind

from .ledger import PLACES, Table
from .table import RESULT, Exchanges

EXCHANGE = "exchange"
Take = Callable[[Exchanges, Table], Array]


class GrowingExchanges:
    """The exchanges of a file that may grow; each reading continues at the offset that the last one reached."""

    def __init__(self, whole: WholeCapture) -> None:
        self._source = whole.reader()
        self._found = Exchanges()
        self._lock = threading.Lock()

    def now(self) -> Exchanges:
        """Read the blocks that the file has got since, and return a read-only snapshot of its exchanges."""
        with self._lock:
            for block in self._source.blocks():
                self._found.add(block)
            return self._found.still()


def exchanges_of(whole: WholeCapture) -> Exchanges:
    """Return all exchanges of a capture; NldissectError if it can't be read twice."""
    following = whole.live_result(GrowingExchanges)
    if following is None:
        raise no_second_pass(EXCHANGE)
    return following.now()


PASSES[EXCHANGE] = exchanges_of


def _field(name: str, kind: Kind, says: str, take: Take, absent: int | None = None) -> None:
    """Register a field with a column of exchanges as its values; `absent` is the value that stands for none."""

    def column(block: Block, _: int | None) -> FieldColumn:
        if block.whole is None:
            raise no_second_pass(EXCHANGE)
        found: Exchanges = block.whole.result(EXCHANGE)
        numbers = found.of_block(block)
        values = np.append(take(found, found.table()).astype(np.int64), 0)[numbers - 1]
        there = numbers > 0
        return FieldColumn(values, there if absent is None else there & (values != absent))

    def values(situation: MessageContext) -> tuple[Any, ...]:
        if situation.walked is None:
            return ()
        if situation.whole is None:
            raise no_second_pass(EXCHANGE)
        found: Exchanges = situation.whole.result(EXCHANGE)
        rows, there = found.ledger.find(np.array([situation.key]))
        number = int(found.of(rows)[0]) if there[0] else 0
        value = int(take(found, found.table())[number - 1]) if number else absent
        return () if not number or value == absent else (value,)

    derived_field(name, kind, says, column)(values)


_field(
    "exchange.id", U32(None), "number of the exchange the message belongs to",
    lambda found, table: np.arange(1, len(table["head"]) + 1) if found.merged is None else found.merged,
)  # fmt: skip
_field(
    "exchange.latency", TimeSpan(None), "time from an exchange's request to the answer that ends it",
    lambda found, table: table["latency"], absent=-1,
)  # fmt: skip
_field(
    "exchange.result", U32(None, RESULT), "how an exchange ended: ok, an error number, interrupted, unanswered, ...",
    lambda found, table: table["result"],
)  # fmt: skip
_field("exchange.parts", U32(None), "answers of an exchange", lambda found, table: table["parts"])
_field(
    "exchange.port", U32(None), "port id of who asked, as the answers told it", lambda found, table: table["port"],
    absent=0,
)  # fmt: skip
_field(
    "exchange.request", U32(None), "number of the frame that holds an exchange's request",
    lambda found, table: np.where(table["requests"] > 0, found.ledger.tables()[0]["key"][table["head"]] >> PLACES, 0),
    absent=0,
)  # fmt: skip
