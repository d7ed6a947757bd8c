"""Merged capture: several files as one, ordered by time, read step by step, complete once all of them are read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nldissect.capfile.reopenable import Where
from nldissect.columns.blocks.buffer import Array

from .capture import Capture, by_time
from .kept_index import FRAMES, MESSAGES, GrowableTable, Table, joined


class MergedCapture(Capture):
    """A merged capture; frames are numbered in order of time, the column `own` has their numbers in their files.

    It has no messages before all files were read to their ends. A row, once returned, stays the same: what is
    added to the files afterwards is appended, in the order of time among itself.
    """

    def __init__(self, files: Sequence[Where], families: dict[int, str], order: str | None) -> None:
        super().__init__(files, families, order, read=False)
        self._frames["own"] = np.zeros(0, np.uint32)
        self._growing = GrowableTable({**FRAMES, "file": np.uint16, "own": np.uint32}), GrowableTable(MESSAGES)
        self._begin()
        self._whole = 0  # number of files that were read to their end

    def _begin(self) -> None:
        """Clear the tables that were read and are not shown yet."""
        self._taken: tuple[list[Table], list[Table]] = [], []
        self._count = 0

    @property
    def behind(self) -> bool:
        """True until all files were read to their ends."""
        return self._whole < len(self._opened)

    def own_numbers(self, frames: Table) -> Array | None:
        """Return the numbers that frames have in their files."""
        return frames["own"]

    def refresh(self, most: int | None = None) -> int:
        """Read the files, in steps of `most` blocks if given; return the number of messages that were added."""
        while self.behind:
            self._whole += not self._take(self._whole, most)
            if most is not None and self.behind:
                return 0
        for number in range(len(self._opened)):
            self._take(number, None)
        return self._show() if self._count else 0

    def _take(self, number: int, most: int | None) -> bool:
        """Read what a file has got since, at most `most` blocks of it; return whether there may be more."""
        part = self._parts[number]
        new, inside = part.extend(most)
        if len(new["at"]):
            new["file"] = np.full(len(new["at"]), number, np.uint16)
            new["own"] = new["number"]
            inside["frame"] += np.uint32(self._count)
            self._count += len(new["at"])
            self._taken[0].append(new)
            self._taken[1].append(inside)
        return part.behind

    def _show(self) -> int:
        """Append the tables that were read to the capture's; return the number of new messages."""
        before, known = self.count, len(self._frames["at"])
        frames, messages = by_time(joined(self._taken[0]), joined(self._taken[1]), self.files)
        self._begin()
        frames["number"] += np.uint32(known)
        messages["frame"] += np.uint32(known)
        self._frames = self._growing[0].add(frames)
        self._messages = self._growing[1].add(messages)
        self.version += 1
        return self.count - before
