"""Counts by process: messages, bytes, requests, and errors received."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.message_type import DIRECTIONS
from nldissect.columns.blocks.whole_capture import no_second_pass
from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR, NLMSG_HDRLEN
from nldissect.wire.protocol import TO_KERNEL

from ..processes.process import EXACT, GUESSED, LEARNT, UNKNOWN, Process
from ..processes.resolver import Processes
from .counts import CountedMessages
from .errors import tells_error

SURE = (EXACT, LEARNT, GUESSED, UNKNOWN)


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """One process of one file; pid None: messages of no known process.

    confidence   the least that one of its messages has
    file         name of the file where there are several: the same pid in another one may be another host's process
    """

    pid: int | None
    name: str | None
    confidence: str
    messages: int
    bytes: int
    requests: int
    errors: int
    file: str | None = None


class _CountedMessages(NamedTuple):
    """Messages that are to be counted, as columns."""

    keys: Array
    size: Array
    requests: Array
    errors: Array


class ProcessCounter:
    """Counts of messages by process, and by its name where that changes.

    processes   those of the file, if they also get its blocks one by one: they are consulted at the end
    file        see ProcessRow
    """

    def __init__(self, processes: Processes | None = None, file: str | None = None) -> None:
        self._file = file
        self._others: list[ProcessCounter] = []
        self._counts: dict[Process, list[int]] = {}
        self._processes, self._waiting = processes, list[_CountedMessages]()

    def add(self, chosen: CountedMessages) -> None:
        block, rows = chosen.block, chosen.rows
        answers = (
            (block.headers.type[rows] == NLMSG_ERROR) | (block.headers.type[rows] == NLMSG_DONE)
        ) & ~block.messages.headerless[rows]
        answers &= np.array([tells_error(one) for one in block.message_types], bool)[block.headers.message_type[rows]]
        answers &= block.messages.end[rows] - block.messages.start[rows] >= NLMSG_HDRLEN + 4
        at = np.where(answers, block.messages.start[rows] + NLMSG_HDRLEN, 0)
        error = block.buffer.take("i4", at, block.frames.big_endian[chosen.frame])
        errors = answers & np.where(block.headers.type[rows] == NLMSG_DONE, error < 0, error != 0)
        requests = (chosen.direction == DIRECTIONS.index(TO_KERNEL)) & ~block.messages.headerless[rows]
        some = _CountedMessages(block.keys[rows], chosen.size.astype(np.uint32), requests, errors)
        if self._processes is not None:
            self._waiting.append(some)
            return
        processes = None if block.whole is None else block.whole.live_result(Processes)
        if processes is None:
            raise no_second_pass("process")
        self._count(some, processes)

    def _count(self, some: _CountedMessages, processes: Processes) -> None:
        mine = processes.of(some.keys)
        count = len(processes.known)
        columns = [np.bincount(mine, minlength=count), np.bincount(mine, some.size, minlength=count)]
        columns += [np.bincount(mine[one], minlength=count) for one in (some.requests, some.errors)]
        for number in columns[0].nonzero()[0].tolist():
            known = self._counts.setdefault(processes.known[number], [0] * len(columns))
            for place, column in enumerate(columns):
                known[place] += int(column[number])

    def take(self, other: ProcessCounter) -> None:
        """Add the processes of another file."""
        self._others.append(other)

    def result(self) -> list[ProcessRow]:
        """Return the rows, the process with the most messages first, messages of no known process last."""
        for some in self._waiting:
            assert self._processes is not None
            self._count(some, self._processes)
        self._waiting.clear()
        found: dict[tuple[int | None, str | None, int | None], tuple[str, list[int]]] = {}
        starts: dict[tuple[int | None, str | None], set[int]] = {}
        for one in self._counts:
            starts.setdefault((one.pid, one.name), set()).update([] if one.start is None else [one.start])
        for process, counts in self._counts.items():
            known = starts[process.pid, process.name]
            which = process.pid, process.name, min(known, default=None) if process.start is None else process.start
            sure, before = found.get(which, (EXACT, [0] * len(counts)))
            least = max(sure, process.confidence, key=SURE.index)
            found[which] = least, [one + other for one, other in zip(before, counts, strict=True)]
        rows = [
            ProcessRow(pid, name, sure, messages, size, requests, errors, self._file)
            for (pid, name, _), (sure, (messages, size, requests, errors)) in found.items()
        ]
        rows += [row for other in self._others for row in other.result()]
        return sorted(rows, key=lambda row: (row.pid is None, -row.messages, row.pid or 0, row.name or ""))
