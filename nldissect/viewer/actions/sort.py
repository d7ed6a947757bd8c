"""Action that sorts the list by the column that < and > choose: ascending, descending, in capture order again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from textual import on

from nldissect.columns.blocks.buffer import Array
from nldissect.errors import NldissectError
from nldissect.store.row_ranges import RangeReader

from ..jobs.second_pass import working
from ..jobs.sort_job import sorted_rows
from ..panes.packet_list import PacketList
from .base import ViewerBase


class SortActions(ViewerBase):
    """Sorting of the list; messages that come later are at the end until the list is sorted again."""

    @on(PacketList.Headed)
    def _sort_by_heading(self) -> None:
        self.action_sort()

    def action_sort(self) -> None:
        column = self.packets.columns[self.packets.column]
        before = self.packets.sorted
        if before is not None and before == (column.name, True):
            self.unsort()
            return
        down = before == (column.name, False)
        rows = np.arange(self.store.count, dtype=np.uint32)
        self.status.show(f"sorting {len(rows):,} messages by {column.title or column.name} ...", "")
        self.worker.put("sort", self._sort(column.name, rows, down), 1)

    def _sort(self, field: str, rows: Array, down: bool) -> Iterator[bool]:
        capture = self.store.capture
        pieces = RangeReader(capture)
        try:
            yield from working(self.store, field)
            yield from sorted_rows(capture, pieces, rows, field, down, partial(self._order, field, down))
        except NldissectError as error:
            self.in_screen(partial(self.say_error, error))

    def _order(self, field: str, down: bool, rows: Array) -> None:
        rank = np.empty(len(rows), np.uint32)
        rank[rows] = np.arange(len(rows), dtype=np.uint32)
        self.in_screen(partial(self._sorted, (field, down), rank))

    def _sorted(self, by: tuple[str, bool] | None, rank: Array | None) -> None:
        self.packets.sorted = by
        self.filtering.sort(rank)
        self.packets.follow = self.packets.follow and by is None
        self.refresh_all()
        self.status.clear()

    def unsort(self) -> None:
        """Restore the order of the capture."""
        self.worker.drop("sort")
        self._sorted(None, None)
