"""Process labels in lists, where a capture names processes: `ip[1234]`, or `ip[1234]?` for a guess by the port id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nldissect.capfile.comments import parse_comments
from nldissect.columns.fields.derived import PLACES
from nldissect.escapes import escaped

from .times import date_at
from .watched_file import is_watched

if TYPE_CHECKING:
    from nldissect.analysis.processes.process import Process
    from nldissect.columns.blocks.block import Block
    from nldissect.columns.blocks.whole_capture import WholeCapture
    from nldissect.stream.frames import StreamFrame

NARROW, WIDE = 12, 24
MICROSECONDS = 6
"""Decimals of a second."""


class ProcessLabels:
    """The labels of one list, all as wide as the widest before."""

    def __init__(self) -> None:
        self.width = NARROW
        self._watched: dict[int, bool] = {}

    def __call__(self, seen: StreamFrame) -> str:
        """Return the text between time and arrow of the lines of one frame; empty if the file names no process."""
        told = tells(seen.record.comments)
        if told and (seen.caused is None or seen.whole is None or not seen.whole.again):
            return self._told(seen.record.comments if seen.caused is None else seen.caused)
        if seen.whole is None or not (told or self._knows(seen.whole)) or not seen.frame.messages:
            return ""
        from nldissect.analysis.processes.resolver import Processes

        processes = seen.whole.live_result(Processes)
        return "" if processes is None else self.padded(text_of(processes.process((seen.record.number << PLACES) | 1)))

    def _knows(self, whole: WholeCapture) -> bool:
        if id(whole) not in self._watched:
            self._watched[id(whole)] = is_watched(whole.path)
        return self._watched[id(whole)]

    def _told(self, comments: Sequence[str]) -> str:
        from nldissect.analysis.processes.process import said

        return self.padded(text_of(said(comments)))

    def padded(self, text: str) -> str:
        """Return a text as wide as the column."""
        self.width = max(self.width, min(len(text), WIDE))
        return f"{text:<{self.width}} "


def tells(comments: Sequence[str]) -> bool:
    """Return whether the comments of a frame name its process."""
    return bool(comments) and next(parse_comments(comments, "process"), None) is not None


def processes_of(block: Block, messages: list[int]) -> dict[int, Process | None]:
    """Return the processes of the frames of these messages, by the message's index; None: not known."""
    from nldissect.analysis.processes.resolver import Processes

    processes = None if block.whole is None else block.whole.live_result(Processes)
    if processes is None or not messages:
        return dict.fromkeys(messages)
    found = processes.of(block.keys)[block.messages.frame_first[block.messages.frame[messages]]].tolist()
    known = processes.known
    return {message: known[number] for message, number in zip(messages, found, strict=True)}


def origin_text(process: Process | None) -> str:
    """Return what a capture tells of a process besides its name: ancestors, unit, start; empty if it tells nothing."""
    if process is None or (process.tree, process.cgroup, process.start) == (None, None, None):
        return ""
    unit = process.unit or process.cgroup
    parts = [process.tree or str(process), f"in {unit}" if unit else ""]
    parts.append("" if process.start is None else f"since {date_at(process.start, MICROSECONDS)}")
    return escaped(", ".join(filter(None, parts)))


def text_of(process: Process | None) -> str:
    """Return a process as lists show it."""
    return "" if process is None else escaped(str(process))
