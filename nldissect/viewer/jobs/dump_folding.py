"""Dumps folded to one line: the first part that is shown stays, and says how many more there are."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from nldissect.columns.blocks.buffer import Array
from nldissect.terminal.colors import Piece

from ..model.capture_model import CaptureModel
from ..model.row_set import RowSet
from .exchange_job import joining
from .second_pass import AGAIN

if TYPE_CHECKING:
    from nldissect.analysis.exchanges.table import Exchanges


class DumpFolding:
    """Dumps are numbered from 1; which one each message is a part of is worked out beside the screen.

    on        dumps are folded
    version   changes when other messages are folded
    """

    def __init__(self, store: CaptureModel) -> None:
        self.store = store
        self.on = False
        self.version = 0
        self._of: Array = np.zeros(0, np.int32)  # the dump of each message, 0 for none
        self._results: Array = np.zeros(1, np.int64)
        self._first: Array = np.zeros(1, np.int64)  # of each dump the first message that is shown, -1 for none
        self._hidden: Array = np.zeros(1, np.int64)
        self._open: set[int] = set()  # first messages of dumps that are not folded
        self._starts: Array = np.zeros(1, np.int64)

    def job(self, told: Callable[[], None]) -> Iterator[bool]:
        """Look for dumps, and again where the file has grown."""
        count = -1
        while True:
            if self.store.count == count:
                yield False
                continue
            began, count = time.monotonic(), self.store.count
            files = yield from joining(self.store)
            of, results = np.zeros(count, np.int32), [np.zeros(1, np.int64)]
            for one in files:
                number, mine = _parts(one.found)
                rows = one.rows(np.arange(len(number)))
                known = rows < count
                of[rows[known]] = np.where(number > 0, number + sum(map(len, results)) - 1, 0)[known]
                results.append(mine)
            starts = np.full(sum(map(len, results)), -1)
            taking = of.nonzero()[0][::-1]
            starts[of[taking]] = taking  # backwards: of several the first one stays
            self._of, self._results, self._starts = of, np.concatenate(results), starts
            self.version += 1
            told()
            wait = time.monotonic() + AGAIN * (time.monotonic() - began)
            while time.monotonic() < wait and self.store.count != count:
                yield False

    def switch(self) -> None:
        """Fold, or no longer."""
        self.on = not self.on
        self.version += 1

    def fold(self, shown: RowSet) -> RowSet:
        """The messages without further parts of dumps; they stand in the order of the capture."""
        of = self._of
        if not self.on or not len(of) or not len(shown):
            return shown
        rows = shown.all()
        dump = np.zeros(len(rows), np.int32)
        known = rows < len(of)
        dump[known] = of[rows[known]]
        opened = self._of[[row for row in self._open if row < len(of)]]
        dump[np.isin(dump, opened)] = 0
        taking = dump.nonzero()[0]
        first = np.full(len(self._results), -1, np.int64)
        first[dump[taking[::-1]]] = rows[taking[::-1]]
        self._first, self._hidden = first, np.bincount(dump[taking], minlength=len(first)) - 1
        kept = rows[(dump == 0) | (first[dump] == rows)]
        return RowSet(len(kept), kept.astype(np.uint32))

    def open(self, row: int) -> int | None:
        """Show the parts of the dump that a message is of, or fold them again; gives its first part, None for none."""
        start = self.start(row)
        if start is not None:
            self._open ^= {start}
            self.version += 1
        return start

    def folds(self, row: int) -> bool:
        """Whether a message is of a dump that is folded."""
        return self.on and self.start(row) not in {None, *self._open}

    def start(self, row: int) -> int | None:
        """The first part of the dump that a message is of."""
        dump = int(self._of[row]) if row < len(self._of) else 0
        return int(self._starts[dump]) if dump else None

    def said(self, row: int) -> list[Piece]:
        """What stands before the summary of a message that stands for others."""
        dump = int(self._of[row]) if self.on and row < len(self._of) else 0
        if not dump or dump >= len(self._first) or self._first[dump] != row or self._hidden[dump] < 1:
            return []
        more, result = int(self._hidden[dump]), int(self._results[dump])
        text = f"+ {more:,} part{'s' * (more != 1)}"
        from nldissect.analysis.exchanges.table import INTERRUPTED, OK, RESULT, SILENT, UNASKED

        role = "title"
        if result not in (OK, SILENT, UNASKED):
            role = "error" if result < INTERRUPTED else "warning"
            text += f", {RESULT.names.get(result, result)}"
        return [(role, text), ("", "  ")]


def _parts(found: Exchanges) -> tuple[Array, Array]:
    """For each message the number of the dump it is a part of, 0 for none; and how each of these ended."""
    from nldissect.analysis.exchanges.ledger import REQUEST

    table = found.table()
    dumps = (table["dump"] | (table["requests"] == 0)) & (table["parts"] > 1)
    number = np.append(0, np.where(dumps, np.cumsum(dumps), 0))
    role = found.ledger.tables()[0]["role"]
    of = np.where(role == REQUEST, 0, number[found.of(np.arange(found.ledger.rows))])
    return of, table["result"][dumps]
