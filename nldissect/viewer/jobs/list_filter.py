"""The filter of the packet list and its modes: on or off, hide or dim; without widgets."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nldissect.columns.blocks.buffer import Array

from ..model.capture_model import CaptureModel
from ..model.row_set import RowSet
from .dump_folding import DumpFolding
from .filter_job import FilterJob
from .worker import Worker

JOB, FOLD = "filter", "fold"


class ListFilter:
    """The filter of the packet list; `text` is that of the last valid filter, "" for none.

    on        it is applied
    hiding    messages that do not match are hidden, else dimmed
    folding   folding of dumps among the remaining messages
    """

    def __init__(self, store: CaptureModel, worker: Worker) -> None:
        self.store, self.worker = store, worker
        self.sieve: FilterJob | None = None
        self.on = True
        self.hiding = True
        self.folding = DumpFolding(store)
        self._changes = 0
        self._rank: Array | None = None

    @property
    def text(self) -> str:
        return self.sieve.text if self.sieve is not None else ""

    @property
    def active(self) -> FilterJob | None:
        """The filter job, None if there is no filter or it is off."""
        return self.sieve if self.on else None

    def set(self, text: str, anchor: Callable[[], int], told: Callable[[], None]) -> None:
        """Start to apply a filter, nearest messages first (FilterJob.job); on FilterError the one before stays."""
        sieve = FilterJob(self.store, text) if text else None
        self.sieve = sieve
        self.on = True
        self._changes += 1
        if sieve is None:
            self.worker.drop(JOB)
        else:
            self.worker.put(JOB, sieve.job(anchor, told), 1)

    def sort(self, rank: Array | None) -> None:
        """Set the sort order: position of each row that was sorted, None for capture order; newer rows come last."""
        self._rank = rank
        self._changes += 1

    def _in_order(self, shown: RowSet) -> RowSet:
        """Return the same messages in the sort order."""
        rank = self._rank
        if rank is None or not len(shown):
            return shown
        rows = shown.all()
        known = rows[rows < len(rank)]
        rows = np.concatenate([known[rank[known].argsort()], rows[len(known) :]])
        return RowSet(len(rows), rows, ordered=False)

    def switch(self) -> None:
        """Turn the filter off or on."""
        self.on = not self.on
        self._changes += 1

    def switch_hiding(self) -> None:
        """Switch between hiding and dimming messages that do not match."""
        self.hiding = not self.hiding
        self._changes += 1

    @property
    def version(self) -> tuple[int, int, int]:
        """Version of the list, which changes with the messages shown."""
        changes, file, found = self.choice
        return changes + self.folding.version, file, found

    @property
    def choice(self) -> tuple[int, int, int]:
        """Version of the chosen messages, which changes by the user's action, with the file, and with new matches."""
        sieve = self.active
        return self._changes, self.store.capture.version, sieve.version if sieve is not None else -1

    def shown(self) -> tuple[RowSet, RowSet | None]:
        """Return the messages of the list, and those of them that are not dimmed, None if none is dimmed."""
        found, fold = self.found(), self.folding.fold
        if found is None:
            return self._in_order(fold(self.store.every())), None
        return (self._in_order(fold(found)), None) if self.hiding else (self._in_order(fold(self.store.every())), found)

    def found(self) -> RowSet | None:
        """Return the messages that match the filter; None if no filter is active."""
        sieve = self.active
        if sieve is None:
            return None
        rows = self.store.hide(sieve.rows())
        return RowSet(len(rows), rows)

    def chosen(self) -> RowSet:
        """Return the messages that the list shows or has folded, in the order of the capture."""
        found = self.found() if self.hiding else None
        return self.store.every() if found is None else found

    def fold(self, told: Callable[[], None]) -> None:
        """Turn folding of dumps on or off; `told` is called when dumps were found."""
        self.folding.switch()
        if self.folding.on:
            self.worker.put(FOLD, self.folding.job(told), 1)
        else:
            self.worker.drop(FOLD)
