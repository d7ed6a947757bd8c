"""The filter of the list: which one holds, whether it is on, whether it hides or only dims; it knows no widget."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nldissect.index.raw import Array

from .shown import Shown
from .sieve import Sieve
from .store import Store
from .worker import Worker

JOB = "filter"


class Filtering:
    """`text` is the last filter that could be understood, "" for none.

    on       it is applied
    hiding   it hides what it does not hold for; else that is dimmed
    """

    def __init__(self, store: Store, worker: Worker) -> None:
        self.store, self.worker = store, worker
        self.sieve: Sieve | None = None
        self.on = True
        self.hiding = True
        self._changes = 0
        self._rank: Array | None = None

    @property
    def text(self) -> str:
        return self.sieve.text if self.sieve is not None else ""

    @property
    def active(self) -> Sieve | None:
        """The filter, if it is on."""
        return self.sieve if self.on else None

    def set(self, text: str, anchor: int, told: Callable[[], None]) -> None:
        """Begin to apply a filter, near a message first; FilterError leaves the one before in place."""
        sieve = Sieve(self.store, text) if text else None
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

    def _in_order(self, shown: Shown) -> Shown:
        """The same messages as they are sorted."""
        rank = self._rank
        if rank is None or not len(shown):
            return shown
        rows = shown.all()
        known = rows[rows < len(rank)]
        rows = np.concatenate([known[rank[known].argsort()], rows[len(known) :]])
        return Shown(len(rows), rows, ordered=False)

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
        sieve = self.active
        return self._changes, self.store.capture.version, sieve.version if sieve is not None else -1

    def shown(self) -> tuple[Shown, Shown | None]:
        """The messages of the list, and which of them are not dimmed, if not all."""
        store, sieve = self.store, self.active
        every = store.every()
        if sieve is None:
            return self._in_order(every), None
        rows = store.hide(sieve.rows())
        found = Shown(len(rows), rows)
        return (self._in_order(found), None) if self.hiding else (self._in_order(every), found)
