"""The filter of the list: which one holds, whether it is on, whether it hides or only dims; it knows no widget."""

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
    """`text` is the last filter that could be understood, "" for none.

    on        it is applied
    hiding    it hides what it does not hold for; else that is dimmed
    folding   what of the messages that are left is folded
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
        """The filter, if it is on."""
        return self.sieve if self.on else None

    def set(self, text: str, anchor: Callable[[], int], told: Callable[[], None]) -> None:
        """Begin to apply a filter, near a message first (FilterJob.job); FilterError leaves the one before in place."""
        sieve = FilterJob(self.store, text) if text else None
        self.sieve = sieve
        self.on = True
        self._changes += 1
        if sieve is None:
            self.worker.drop(JOB)
        else:
            self.worker.put(JOB, sieve.job(anchor, told), 1)

    def sort(self, rank: Array | None) -> None:
        """In another order: the place of each message among all that there were; those that came since stand last."""
        self._rank = rank
        self._changes += 1

    def _in_order(self, shown: RowSet) -> RowSet:
        """The same messages as they are sorted."""
        rank = self._rank
        if rank is None or not len(shown):
            return shown
        rows = shown.all()
        known = rows[rows < len(rank)]
        rows = np.concatenate([known[rank[known].argsort()], rows[len(known) :]])
        return RowSet(len(rows), rows, ordered=False)

    def switch(self) -> None:
        """Off, or on again."""
        self.on = not self.on
        self._changes += 1

    def switch_hiding(self) -> None:
        """Hide what it does not hold for, or dim that."""
        self.hiding = not self.hiding
        self._changes += 1

    @property
    def version(self) -> tuple[int, int, int]:
        """Changes with what is shown."""
        changes, file, found = self.choice
        return changes + self.folding.version, file, found

    @property
    def choice(self) -> tuple[int, int, int]:
        """Changes with the messages that are chosen: by the user, with the file, with what is found in it."""
        sieve = self.active
        return self._changes, self.store.capture.version, sieve.version if sieve is not None else -1

    def shown(self) -> tuple[RowSet, RowSet | None]:
        """The messages of the list, and which of them are not dimmed, if not all."""
        found, fold = self.found(), self.folding.fold
        if found is None:
            return self._in_order(fold(self.store.every())), None
        return (self._in_order(fold(found)), None) if self.hiding else (self._in_order(fold(self.store.every())), found)

    def found(self) -> RowSet | None:
        """The messages that the filter holds for; None without one."""
        sieve = self.active
        if sieve is None:
            return None
        rows = self.store.hide(sieve.rows())
        return RowSet(len(rows), rows)

    def chosen(self) -> RowSet:
        """Those that the list shows or has folded, in the order of the capture."""
        found = self.found() if self.hiding else None
        return self.store.every() if found is None else found

    def fold(self, told: Callable[[], None]) -> None:
        """Fold dumps, or no longer."""
        self.folding.switch()
        if self.folding.on:
            self.worker.put(FOLD, self.folding.job(told), 1)
        else:
            self.worker.drop(FOLD)
