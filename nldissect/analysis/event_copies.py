"""Copies of one event: the kernel sends a notification to each listener of its group, and nlmon shows every copy.

Messages are copies of one event if they are equal to the last byte, have the same protocol and interface, are
notifications or single answers (neither acknowledgements nor parts of a dump), and each follows the previous one within
NEAR. The bytes do not distinguish a second listener from an event that was sent twice within that time; several
listeners are the usual case.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.whole_capture import PASSES, WholeCapture, no_second_pass
from nldissect.columns.fields.derived import MessageContext, derived_field
from nldissect.columns.fields.derived_columns import FieldColumn
from nldissect.wire import U32
from nldissect.wire.protocol import NLM_F

from .exchanges.ledger import DATA, EVENT, roles
from .exchanges.table import Exchanges

EVENTS = "event"
NEAR = 100_000
"""Longest time between two copies in nanoseconds; on measured hosts copies are 2 to 4 microseconds apart."""


class EventCopies:
    """The events of a capture and their copies, collected block by block.

    of   for messages of a block: the number of copies of the message's event, and the number of this copy, from 1; both
         int64, one per message; 0: no event
    """

    def __init__(self) -> None:
        self._parts: list[tuple[Array, Array, Array]] = []
        self._known: tuple[Array, Array, Array] | None = None

    def add(self, block: Block, mask: Array | None = None) -> None:
        """Observe the next block of the file, or its messages for which `mask` (bool, one per message) is true."""
        role, _ = roles(block)
        told = (role == EVENT) | ((role == DATA) & (block.headers.flags & NLM_F.MULTI == 0))
        mine = (told if mask is None else told & mask).nonzero()[0]
        frames = block.messages.frame[mine]
        port_space = (block.frames.interface[frames].astype(np.int64) << 16) | (block.frames.protocol[frames] & 0xFFFF)
        buffer, order = (
            block.buffer.buffer,
            zip(block.messages.start[mine].tolist(), block.messages.end[mine].tolist(), strict=True),
        )
        content = np.fromiter((hash(bytes(buffer[at:end])) for at, end in order), np.int64, len(mine))
        content ^= port_space * np.int64(0x9E3779B97F4A7C1)
        self._parts.append((block.keys[mine], block.frames.time[frames], content))
        self._known = None

    def of(self, block: Block) -> tuple[Array, Array]:
        """Return for each message of a block the number of copies of its event, and the number of this copy."""
        return self.at(block.keys)

    def at(self, keys: Array) -> tuple[Array, Array]:
        """Return the same for messages given by their keys."""
        known, count, place = self._counted()
        return _found(known, count, keys), _found(known, place, keys)

    def content(self, keys: Array) -> Array:
        """Return for messages, by key, a hash of protocol, interface and bytes, int64; 0: no event."""
        self._counted()
        known, _, content = self._parts[0]
        return _found(known, content, keys)

    @property
    def events(self) -> int:
        """Number of events, each counted once."""
        return int((self._counted()[2] == 1).sum())

    @property
    def several(self) -> int:
        """Number of events that were delivered more than once."""
        _, count, place = self._counted()
        return int(((place == 1) & (count > 1)).sum())

    @property
    def spare(self) -> int:
        """Number of copies after the first of each event."""
        return int((self._counted()[2] > 1).sum())

    def _counted(self) -> tuple[Array, Array, Array]:
        if self._known is None:
            parts = self._parts or [(np.zeros(0, np.int64),) * 3]
            key, time, content = (np.concatenate([one[place] for one in parts]) for place in range(3))
            order = content.argsort(kind="stable")
            same = content[order]
            begins = np.ones(len(order), bool)
            begins[1:] = (same[1:] != same[:-1]) | (np.abs(time[order][1:] - time[order][:-1]) > NEAR)
            starts = begins.nonzero()[0]
            sizes = np.diff(np.append(starts, len(order)))
            count, place = np.empty(len(order), np.int64), np.empty(len(order), np.int64)
            count[order] = np.repeat(sizes, sizes)
            place[order] = np.arange(len(order)) - np.repeat(starts, sizes) + 1
            self._known = key, count, place
            self._parts = [(key, time, content)]
        return self._known


def _found(known: Array, column: Array, keys: Array) -> Array:
    """Return the entries of `column` for keys, found in `known`, which ascends; 0 for keys that are not in `known`."""
    if not len(known):
        return np.zeros(len(keys), np.int64)
    rows = np.minimum(known.searchsorted(keys), len(known) - 1)
    return np.where(known[rows] == keys, column[rows], 0)


def events_of(found: Exchanges, copies: EventCopies) -> dict[int, list[tuple[int, int]]]:
    """Return the events among each exchange's answers, by exchange number: row of the first copy, number of copies.

    Answers count as events, too, if only their copies show that they are. Copies need not be near in time here: one
    listener may read late, as in strace logs, and no request causes two events of equal bytes.
    """
    table = found.ledger.tables()[0]
    count, _ = copies.at(table["key"])
    rows = ((count > 0) & (table["event"] | (count > 1))).nonzero()[0]
    numbers = found.of(rows)
    rows, numbers = rows[numbers > 0], numbers[numbers > 0]
    contents = copies.content(table["key"][rows])
    order = np.lexsort((rows, contents, numbers))
    begins = np.append(True, (np.diff(numbers[order]) != 0) | (np.diff(contents[order]) != 0))[: len(order)]
    first, size = order[begins], np.diff(np.append(begins.nonzero()[0], len(order)))
    events: dict[int, list[tuple[int, int]]] = {}
    for place in rows[first].argsort().tolist():
        events.setdefault(int(numbers[first[place]]), []).append((int(rows[first[place]]), int(size[place])))
    return events


def copies_of(whole: WholeCapture) -> EventCopies:
    """Collect the events of a whole capture and their copies."""
    found = EventCopies()
    for block in whole.blocks():
        found.add(block)
    return found


PASSES[EVENTS] = copies_of


def _field(name: str, says: str, which: int) -> None:
    def column(block: Block, _: int | None) -> FieldColumn:
        if block.whole is None:
            raise no_second_pass(EVENTS)
        values = block.whole.result(EVENTS).of(block)[which]
        return FieldColumn(values, values > 0)

    def values(situation: MessageContext) -> tuple[Any, ...]:
        if situation.walked is None:
            return ()
        if situation.whole is None:
            raise no_second_pass(EVENTS)
        found = int(situation.whole.result(EVENTS).at(np.array([situation.key]))[which][0])
        return (found,) if found else ()

    derived_field(name, U32(None), says, column)(values)


_field("event.copies", "how often an event was delivered: to so many listeners at once", 0)
_field("event.copy", "which of the copies of one event it is, from 1", 1)
