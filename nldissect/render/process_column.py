"""Column of a list that names processes, for frames that a scanner read."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from nldissect.analysis.processes.process import Process, said
from nldissect.columns.blocks.message_type import DIRECTIONS
from nldissect.columns.blocks.whole_capture import WholeCapture
from nldissect.columns.fields.derived import PLACES
from nldissect.native.scanner import BARE, HIDDEN
from nldissect.request_tracker import RequestHeader
from nldissect.stream.request_comments import RequestComments

from .process_label import ProcessLabels, tells, text_of
from .watched_file import is_watched

Comments = tuple[str, ...]


class ProcessColumn:
    """The texts of the column, made frame by frame in file order; ProcessLabels makes the same for single frames."""

    def __init__(self, options: argparse.Namespace) -> None:
        path = options.files[0]
        self._whole = WholeCapture(path, dict(options.families), options.order)
        self._is_watched, self._again = is_watched(path), self._whole.again
        self._whose = ProcessLabels()
        self._causes = RequestComments()

    def texts(
        self, frames: Any, first: int, stop: int, items: Any, comments: Mapping[int, Comments]
    ) -> list[bytes] | None:
        """Return the text of each frame of a window up to `stop`, b"" for those without; None if all are.

        frames     of the window; those from `first` on are new
        items      of the batch that the new frames are in
        comments   of the window, by the offset of the frame that they belong to
        """
        if not comments and not self._is_watched:
            return None
        found: list[str | None] = []
        asked: dict[int, int] = {}
        for place, frame in enumerate(frames[first:stop]):
            beside = comments.get(frame.at, ())
            caused = self._caused(frame, items, beside) if beside else None
            told, shown = tells(beside), not frame.marks & HIDDEN
            is_beside = told and (caused is None or not self._again)
            found.append(process_beside(beside if caused is None else caused) if shown and is_beside else None)
            if shown and not is_beside and (told or self._is_watched) and frame.count:
                asked[place] = (frame.number << PLACES) | 1
        for place, process in self._found(asked):
            found[place] = text_of(process)
        padded = self._whose.padded
        return [b""] * first + [b"" if text is None else padded(text).encode() for text in found]

    def _found(self, asked: Mapping[int, int]) -> list[tuple[int, Process]]:
        """Return the processes that only a second pass finds, each with the place of its frame.

        asked   by place, the key of a message
        """
        if not asked or not self._again:
            return []
        import numpy as np

        from nldissect.analysis.processes.resolver import Processes

        processes = self._whole.live_result(Processes)
        if processes is None:
            return []
        numbers = processes.of(np.fromiter(asked.values(), np.int64, len(asked))).tolist()
        return [(place, processes.known[number]) for place, number in zip(asked, numbers, strict=True)]

    def _caused(self, frame: Any, items: Any, beside: Comments) -> Comments | None:
        """Return the comments of the request that caused the first message of a frame, None if it names no cause."""
        first = items[frame.first]
        if not frame.count or first.marks & BARE:
            return None
        header = RequestHeader(frame.protocol, first.length, first.type, first.flags, first.seq, first.pid)
        cause = first.prior_frame or None
        return self._causes.observe(frame.number, beside, header, DIRECTIONS[first.direction], cause)


@lru_cache(maxsize=4096)
def process_beside(comments: Comments) -> str:
    """Return the process that the comments of a frame name, as lists show it."""
    return text_of(said(comments))
