"""Capture of several files that one live capture writes one after the other; it grows."""

from __future__ import annotations

import numpy as np

from nldissect.capfile.reopenable import Where
from nldissect.columns.blocks.buffer import Array

from .capture import Capture
from .capture_file import CaptureFile
from .kept_index import FRAMES, MESSAGES, GrowableTable, Table


class SegmentedCapture(Capture):
    """A capture in segments; frames are numbered in the order of the files; it has no messages before `refresh`."""

    def __init__(self, where: Where, families: dict[int, str], order: str | None) -> None:
        super().__init__([where], families, order, read=False)
        self._families, self._order = families, order
        self._growing = GrowableTable({**FRAMES, "file": np.uint16}), GrowableTable(MESSAGES)
        self._frames["file"] = np.zeros(0, np.uint16)
        self._before = [0]
        self._whole = 0  # number of files that were read to their end
        self._began: int | None = None
        self.gone = 0
        """Number of files that were released."""

    def add_segment(self, where: Where, before: int) -> None:
        """Add the next file, into which the capture continues; the one so far is complete.

        before   number of records in the files before it
        """
        self._parts.append(CaptureFile(where, self._families, self._order, self._meanings))
        self._before.append(before)

    def release(self, number: int) -> None:
        """Release the files before number `number`: their messages can't be read any more."""
        self._began = self._first
        for part in self._parts[self.gone : number]:
            part.forget()
        self.gone = max(self.gone, number)
        self._whole = max(self._whole, number)
        frame = self.begins(self.gone)
        self._growing[0].release(frame)
        self._growing[1].release(int(self._messages["frame"].searchsorted(np.uint32(frame))))

    @property
    def _first(self) -> int | None:
        return super()._first if self._began is None else self._began

    def own_numbers(self, frames: Table) -> Array | None:
        """Return the numbers that frames have in their files."""
        return frames["number"] - np.array(self._before, np.uint32)[frames["file"]]

    @property
    def records(self) -> int:
        """Number of records found so far, in all files, each counted once."""
        return self._before[-1] + self._opened[-1].reader.count

    def begins(self, number: int) -> int:
        """Return the index of a file's first frame, or where it will be."""
        return int(self._frames["file"].searchsorted(np.uint16(number)))

    @property
    def progress(self) -> float:
        return self._opened[-1].progress

    @property
    def behind(self) -> bool:
        return any(part.behind for part in self._opened[self._whole :]) or self._whole < len(self._parts) - 1

    def refresh(self, most: int | None = None) -> int:
        """Read what was added to the files, like any capture; with `most`, of one file at a time."""
        before = self.count
        while True:
            number = self._whole
            last = number == len(self._opened) - 1
            part = self._parts[number]
            new, inside = part.extend(most)
            if not last and not part.behind:
                self._whole += 1
            if len(new["at"]):
                new["file"] = np.full(len(new["at"]), number, np.uint16)
                new["number"] += np.uint32(self._before[number])
                inside["frame"] += np.uint32(len(self._frames["at"]))
                self._frames = self._growing[0].add(new)
                self._messages = self._growing[1].add(inside)
                self.version += 1
            if last or most is not None:
                return self.count - before
