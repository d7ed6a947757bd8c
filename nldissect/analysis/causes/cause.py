"""Causes: who caused a change, by which request, how certain that is; or what the kernel did by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.whole_capture import WholeCapture

from ..exchanges.ledger import REQUEST as REQUESTED
from ..exchanges.pairs import NONE
from ..objects.change import DUMP, REQUEST, Change
from ..processes.process import EXACT, GUESSED, LEARNT, NOBODY, Process
from ..processes.resolver import Processes
from .event_causes import CAUSE, CONFIDENCE, INFERRED, EventCauses

STRENGTH = (EXACT, LEARNT, GUESSED, INFERRED)
"""Confidences, the strongest first."""


@dataclass(frozen=True, slots=True)
class Cause:
    """The cause of a change.

    process      that sent the request; NOBODY if it is not known
    frame        number of the request's frame, as its file counts, and `message`: the request's place in it; 0: the
                 kernel itself is the cause
    exchange     number of the request's exchange, 0: none
    confidence   "exact", "learnt", "guessed" or "inferred": the weaker of those of request and process
    kernel       what the kernel does by itself, if that is the cause: "carrier"
    """

    process: Process = NOBODY
    frame: int = 0
    message: int = 0
    exchange: int = 0
    confidence: str = INFERRED
    kernel: str | None = None


class CauseResolver:
    """The causes of messages of one capture, looked up by key (number of the frame in its file, and place in it).

    NldissectError if the capture can't be read twice. Causes of a file that grows are those of the time of the making.
    """

    def __init__(self, whole: WholeCapture) -> None:
        self._events: EventCauses = whole.result(CAUSE)
        table = self._events.exchanges.ledger.tables()[0]
        self._keys = table["key"]
        self._exchanges = self._events.exchanges.of(np.arange(len(self._keys)))
        self._processes = _senders(whole.live_result(Processes), self._keys, table["role"] == REQUESTED)
        self._known: dict[tuple[int, int], Cause] = {}

    def knows(self, key: int) -> bool:
        """Return whether a message was there when the causes were found."""
        return self._row(key) != NONE

    def of_event(self, key: int) -> Cause | None:
        """Return the cause of an event; None where it is not known."""
        row = self._row(key)
        request = NONE if row == NONE else int(self._events.request[row])
        return None if request == NONE else self._cause(request, int(self._events.confidence[row]))

    def of_events(self, keys: Array) -> tuple[list[Cause | None], Array]:
        """Return causes, None among them, and for each message, by key, the index of its cause in them, int64."""
        request, confidence = self._events.at(keys)
        pairs, numbers = np.unique(request << 3 | confidence, return_inverse=True)
        return [None if one < 0 else self._cause(one >> 3, one & 7) for one in pairs.tolist()], numbers

    def of_request(self, key: int) -> Cause | None:
        """Return a request, by key, as the cause of what it did; None for a message that is not known."""
        row = self._row(key)
        return None if row == NONE else self._cause(row, CONFIDENCE.index(EXACT))

    def _row(self, key: int) -> int:
        """Return the row of a message in the ledger, NONE if it was not there."""
        row = int(self._keys.searchsorted(key))
        return row if row < len(self._keys) and self._keys[row] == key else NONE

    def _cause(self, row: int, confidence: int) -> Cause:
        if (row, confidence) not in self._known:
            process = self._processes.get(row, NOBODY)
            place = self._events.exchanges.place(row)
            weak = weaker(CONFIDENCE[confidence], process)
            self._known[row, confidence] = Cause(process, *place, int(self._exchanges[row]), weak)
        return self._known[row, confidence]


def _senders(processes: Processes | None, keys: Array, asked: Array) -> dict[int, Process]:
    """Return the processes that have a name, by the row of the request that each sent."""
    if processes is None:
        return {}
    rows = asked.nonzero()[0]
    owners = [processes.known[one] for one in processes.of(keys[rows]).tolist()]
    return {row: owner for row, owner in zip(rows.tolist(), owners, strict=True) if owner.name is not None}


def cause_of_change(change: Change, key_of: Callable[[Any], int], resolver: CauseResolver | None) -> Cause | None:
    """Return the cause of a change; None where it is not known.

    key_of     returns the key of a message in its file from the value that was passed along with it (Change.about)
    resolver   None: the capture can't be read twice, and only requests named by sequence number are known

    The kernel is the cause only where no request of the capture can be.
    """
    if change.trigger is not None:
        return cause_of_change(change.trigger, key_of, resolver)
    if change.known == DUMP:
        asked = (
            None
            if change.after is None or resolver is None
            else resolver.of_request(key_of(change.after.message.about))
        )
        return None if asked is None else replace(asked, confidence=INFERRED)
    if resolver is None:
        return None if change.request is None else Cause(frame=change.request.frame, confidence=LEARNT)
    key = key_of(change.about)
    if change.known == REQUEST:
        return resolver.of_request(key)
    found = resolver.of_event(key)
    if found is not None or not resolver.knows(key) or change.by_kernel is None:
        return found
    return Cause(kernel=change.by_kernel)


def weaker(confidence: str, process: Process) -> str:
    """Return the weaker of two confidences; a process without a name takes nothing from the request's."""
    return confidence if process.name is None else max(confidence, process.confidence, key=STRENGTH.index)
