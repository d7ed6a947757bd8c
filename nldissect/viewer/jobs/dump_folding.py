"""Folding of dumps to one line: the first part that is shown stays, with the number of further parts."""

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
    """The dumps of a capture and their folded state; dumps are numbered from 1, and found by a background job.

    on        dumps are folded
    version   changes when other messages are folded
    """

    def __init__(self, store: CaptureModel) -> None:
        self.store = store
        self.on = False
        self.version = 0
        self._of: Array = np.zeros(0, np.int32)  # dump of each message, 0 for none
        self._results: Array = np.zeros(1, np.int64)
        self._first: Array = np.zeros(1, np.int64)  # first message shown of each dump, -1 for none
        self._hidden: Array = np.zeros(1, np.int64)
        self._open: set[int] = set()  # first messages of dumps that are not folded
        self._starts: Array = np.zeros(1, np.int64)

    def job(self, told: Callable[[], None]) -> Iterator[bool]:
        """Find the dumps, and find them again when the file has grown; `told` is called after each time."""
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
            starts[of[taking]] = taking  # backwards: the first message of a dump is written last
            self._of, self._results, self._starts = of, np.concatenate(results), starts
            self.version += 1
            told()
            wait = time.monotonic() + AGAIN * (time.monotonic() - began)
            while time.monotonic() < wait and self.store.count != count:
                yield False

    def switch(self) -> None:
        """Turn folding on or off."""
        self.on = not self.on
        self.version += 1

    def fold(self, shown: RowSet) -> RowSet:
        """Return the shown messages, in the order of the capture, without the further parts of folded dumps."""
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
        """Unfold the dump that a message belongs to, or fold it again; return its first part, None without a dump."""
        start = self.start(row)
        if start is not None:
            self._open ^= {start}
            self.version += 1
        return start

    def folds(self, row: int) -> bool:
        """Return whether a message belongs to a dump that is folded."""
        return self.on and self.start(row) not in {None, *self._open}

    def start(self, row: int) -> int | None:
        """Return the first part of the dump that a message belongs to; None if there is no dump."""
        dump = int(self._of[row]) if row < len(self._of) else 0
        return int(self._starts[dump]) if dump else None

    def said(self, row: int) -> list[Piece]:
        """Return the text before the summary of a first part: number of hidden parts, result; else nothing."""
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
    """Return two arrays: the dump number of each message, 0 for none; and the result of each dump."""
    from nldissect.analysis.exchanges.ledger import REQUEST

    table = found.table()
    dumps = (table["dump"] | (table["requests"] == 0)) & (table["parts"] > 1)
    number = np.append(0, np.where(dumps, np.cumsum(dumps), 0))
    role = found.ledger.tables()[0]["role"]
    of = np.where(role == REQUEST, 0, number[found.of(np.arange(found.ledger.rows))])
    return of, table["result"][dumps]
