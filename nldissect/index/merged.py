"""Several files as one capture, merged by time: taken in step by step, there once all of them are, and so they stay."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .again import Where
from .capture import Capture
from .kept import Table, joined
from .raw import Array


class Merged(Capture):
    """Frames are numbered as they come; `own` is the column of their numbers in their files.

    Nothing is there before all files were read to their ends: a row, once given out, stays the same. What the files
    grow by afterwards is not taken in.
    """

    def __init__(self, files: Sequence[Where], families: dict[int, str], order: str | None) -> None:
        super().__init__(files, families, order, read=False)
        self._frames["own"] = np.zeros(0, np.uint32)
        self._taken: tuple[list[Table], list[Table]] = [self._frames], [self._messages]
        self._whole = 0  # files that were read to their end

    @property
    def behind(self) -> bool:
        return self._whole < len(self._opened)

    def own_numbers(self, frames: Table) -> Array | None:
        return frames["own"]

    def refresh(self, most: int | None = None) -> int:
        frames, messages = self._taken
        while self.behind:
            part = self._parts[self._whole]
            new, inside = part.extend(most)
            new["file"] = np.full(len(new["at"]), self._whole, np.uint16)
            new["own"] = new["number"]
            inside["frame"] += np.uint32(sum(len(one["at"]) for one in frames))
            frames.append(new)
            messages.append(inside)
            self._whole += not part.behind
            if most is not None and self.behind:
                return 0
        if len(frames) == 1:
            return 0
        self._frames, self._messages = joined(frames), joined(messages)
        self._taken = [self._frames], [self._messages]
        self._merge()
        self.version += 1
        return self.count
