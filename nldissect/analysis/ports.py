"""Which port id each message of a capture has: its own, or, for requests that name none, that of their answer."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from nldissect.index.block import DIRECTIONS, Block
from nldissect.index.derived import PLACES
from nldissect.index.raw import Array
from nldissect.wire.flags import NLM_F, NLMSG_DONE, NLMSG_ERROR, TO_KERNEL, TO_USER

from . import crowds
from .crowds import Crowd, One
from .growing import Growing

LARGEST = 1 << 22
"""Process ids are smaller (PID_MAX_LIMIT of linux/threads.h)."""
WAITING = 1 << 12
KERNEL, USER = DIRECTIONS.index(TO_KERNEL), DIRECTIONS.index(TO_USER)


class Ports:
    """Columns, one row a message.

    keys     number of the frame, and place in it
    times    of their frames
    lanes    number of the network namespace, and protocol, within which port ids mean something
    ids      port ids, 0 for none
    learnt   how a request's port is known, see crowds.py
    spoke    lanes and port ids that are numbers of processes
    """

    def __init__(self) -> None:
        self.keys = Growing(np.int64)
        self.times = Growing(np.int64)
        self.lanes = Growing(np.uint32)
        self.ids = Growing(np.uint32)
        self.learnt = Growing(np.uint8)
        self.spoke: set[tuple[int, int]] = set()
        self._ways = Growing(np.uint8)
        self._ends = Growing(np.uint8)
        self._seqs = Growing(np.uint32)
        self._crowds: dict[int, Crowd] = {}
        self._open: Array = np.zeros(0, np.int64)  # requests whose answer has not come

    def __len__(self) -> int:
        return len(self.keys)

    def add(self, block: Block, spaces: Array) -> None:
        """Take note of the next block; `spaces` are the numbers of its interfaces' namespaces."""
        protocol = block.frame_protocol[block.frame].astype(np.int64) & 0xFFFF
        start = len(self)
        self.keys.add(block.keys)
        self.times.add(block.frame_time[block.frame])
        self.lanes.add((spaces[block.frame_interface[block.frame]].astype(np.int64) << 16) | protocol)
        ways = np.where(block.bare, len(DIRECTIONS), block.direction)
        self._ways.add(ways)
        self._seqs.add(block.seq)
        self.ids.add(np.where(ways == len(DIRECTIONS), 0, block.pid))
        self.learnt.add(np.where(ways == KERNEL, crowds.LEARNT, crowds.CLAIMED))
        final = (block.type == NLMSG_ERROR) | (block.type == NLMSG_DONE)
        parts = block.flags & NLM_F.MULTI != 0
        self._ends.add(np.where(final, crowds.FINAL, np.where(parts, crowds.PARTS, crowds.ALONE)))
        lanes, ids = self.lanes.values[start:], self.ids.values[start:]
        numbers = (ids > 0) & (ids < LARGEST)
        pairs = np.unique((lanes[numbers].astype(np.uint64) << np.uint64(32)) | ids[numbers])
        self.spoke.update((pair >> 32, pair & 0xFFFFFFFF) for pair in pairs.tolist())
        rows = np.concatenate((self._open, np.arange(start, len(self))))
        self._open = self._answered(rows)[-WAITING:]

    def _answered(self, rows: Array) -> Array:
        """Give requests the port of the next answer with their number; gives back those that have none yet."""
        ways = self._ways.values[rows]
        rows = rows[(ways == KERNEL) | (ways == USER)]
        same = (self.lanes.values[rows].astype(np.uint64) << np.uint64(32)) | self._seqs.values[rows]
        order = same.argsort(kind="stable")
        rows, same = rows[order], same[order]
        crowded = self._crowded(rows, same)
        waiting = self._in_crowds(rows[crowded], same[crowded])
        rows, same = rows[~crowded], same[~crowded]
        count = len(rows)
        if not count:
            return waiting
        ports = self.ids.values
        answer = (self._ways.values[rows] == USER) & (ports[rows] != 0)
        following = np.minimum.accumulate(np.where(answer, np.arange(count), count)[::-1])[::-1]
        there = following < count
        mine = np.where(there, following, 0)
        asked = self._ways.values[rows] == KERNEL
        joined = asked & there & (same[mine] == same)
        claimed = joined & (ports[rows] == ports[rows[mine]])
        self.learnt.values[rows[claimed]] = crowds.CLAIMED
        ports[rows[joined]] = ports[rows[mine[joined]]]
        return np.sort(np.concatenate((waiting, rows[asked & ~joined])))

    def _crowded(self, rows: Array, same: Array) -> Array:
        """Which messages are of a number that several processes use at once: two requests wait, answers of two ports
        come one after the other, or a request among the parts of an answer.
        """
        asked, ports, ends = self._ways.values[rows] == KERNEL, self.ids.values[rows], self._ends.values[rows]
        frame = self.keys.values[rows] >> PLACES
        mixed = (asked[1:] & asked[:-1] & (frame[1:] != frame[:-1])) | (
            ~asked[:-1] & np.where(asked[1:], ends[:-1] == crowds.PARTS, ports[1:] != ports[:-1])
        )
        among = same[1:][mixed & (same[1:] == same[:-1])]
        known = np.fromiter(self._crowds, np.uint64, len(self._crowds))
        found: Array = np.isin(same, np.concatenate((among, known)))
        return found

    def _in_crowds(self, rows: Array, same: Array) -> Array:
        """Give the requests of such numbers their ports; gives back those that have none yet."""
        columns = (self._ways, self.keys, self.ids, self._ends, self.times)
        ways, keys, ports, ends, times = (column.values[rows].tolist() for column in columns)
        ones = map(
            One, rows.tolist(), [way == KERNEL for way in ways], [key >> PLACES for key in keys], ports, ends, times
        )
        waiting: list[int] = []
        for number, mine in groupby(zip(same.tolist(), ones, strict=True), key=lambda pair: pair[0]):
            crowd = self._crowds.setdefault(number, Crowd())
            left = {one.row for unit in crowd.waiting for one in unit}
            new = [one for _, one in mine if one.row not in left and (one.asks or one.port)]
            for found in crowd.take(new):
                self.ids.values[found.row] = found.port
                self.learnt.values[found.row] = found.how
            waiting += [one.row for unit in crowd.waiting for one in unit]
            if not crowd.waiting:
                del self._crowds[number]
        while len(self._crowds) > WAITING:
            del self._crowds[next(iter(self._crowds))]
        return np.array(waiting, np.int64)
