"""Port ids of messages: a message's own, or, for requests, that of the answer they are paired with."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.growable import GrowableArray
from nldissect.columns.fields.derived import PLACES
from nldissect.families.answer_rules import BATCH_BEGIN, NFTABLES
from nldissect.wire import NETLINK

from ..exchanges.joiner import Joiner
from ..exchanges.ledger import REQUEST, Ledger, Table, answers_as_asked
from ..exchanges.pairs import ORDER, Pairs

LARGEST = 1 << 22
"""Process ids are smaller (PID_MAX_LIMIT of linux/threads.h)."""
CLAIMED, LEARNT, SUPPOSED = 0, 1, 2
"""Certainty of a port id: the message carries it, and so does its answer; the answer can belong to no other request;
the request was the first of several that fit, or follows a request that the process sent shortly before."""
ANSWERED, CONCLUDED = 1, 2
"""Source of a request's port id: its answer; another request."""
LATEST = 1 << 13
"""Number of messages before the new ones that are examined again, where a request had no answer yet."""
SHORTLY = 100_000_000
"""Nanoseconds from a request for the generation of the ruleset to the batch that is checked against it, at most."""


class PortColumns(NamedTuple):
    """Port ids of messages; arrays with one entry per message.

    times        int64, of their frames
    port_spaces  uint32, number of the network namespace, and protocol, within which port ids have a meaning
    ids          uint32, port ids, 0: none
    learnt       uint8, certainty: CLAIMED, LEARNT, SUPPOSED
    """

    times: Array
    port_spaces: Array
    ids: Array
    learnt: Array


class Ports:
    """Port ids of messages, collected block by block.

    keys     number of the frame, and place in it
    spoke    port spaces and port ids that are process ids
    """

    def __init__(self) -> None:
        self.spoke: set[tuple[int, int]] = set()
        self._ledger, self._joiner = Ledger(), Joiner()
        self._port_spaces, self._ids = GrowableArray(np.uint32), GrowableArray(np.uint32)
        self._learnt, self._known = GrowableArray(np.uint8), GrowableArray(np.uint8)

    def __len__(self) -> int:
        return self._ledger.rows

    @property
    def keys(self) -> Array:
        """Keys of all messages so far."""
        keys: Array = self._ledger.tables()[0]["key"]
        return keys

    @property
    def seqs(self) -> Array:
        """Sequence numbers of all messages so far."""
        seqs: Array = self._ledger.tables()[0]["seq"]
        return seqs

    def find(self, keys: Array) -> tuple[Array, Array]:
        """Return the rows of messages, by key, and a mask of the keys that are known."""
        return self._ledger.find(keys)

    def add(self, block: Block, spaces: Array) -> None:
        """Append the messages of the next block; `spaces` are the numbers of its interfaces' namespaces."""
        self._ledger.add(block)
        protocol = block.frames.protocol[block.messages.frame].astype(np.int64) & 0xFFFF
        port_spaces = (spaces[block.frames.interface[block.messages.frame]].astype(np.int64) << 16) | protocol
        self._port_spaces.add(port_spaces)
        ids = np.where(block.messages.headerless, 0, block.headers.pid)
        self._ids.add(ids)
        numbers = (ids > 0) & (ids < LARGEST)
        pairs = np.unique((port_spaces[numbers].astype(np.uint64) << np.uint64(32)) | ids[numbers])
        self.spoke.update((pair >> 32, pair & 0xFFFFFFFF) for pair in pairs.tolist())

    def columns(self) -> PortColumns:
        """Return the columns of all messages so far."""
        table, answers = self._ledger.tables()
        start = len(self._known)
        if start < self._ledger.rows:
            as_asked = np.array([answers_as_asked(one) for one in self._ledger.meanings], bool)
            rows = np.sort(self._joiner.join(table, answers, as_asked))
            self._learnt.add(np.where(table["role"][start:] == REQUEST, LEARNT, CLAIMED))
            self._known.add(np.zeros(self._ledger.rows - start))
            self._join(table, self._joiner.pairs, rows)
            self._conclude(table, max(start - LATEST, 0))
        return PortColumns(table["time"], self._port_spaces.values, self._ids.values, self._learnt.values)

    def _join(self, table: Table, pairs: Pairs, rows: Array) -> None:
        """Give requests the port of their first answer; `rows` are those paired now, for the first time or again."""
        pid, ids, learnt, known = table["pid"], self._ids.values, self._learnt.values, self._known.values
        again = rows[known[rows] == ANSWERED]
        ids[again], learnt[again], known[again] = pid[again], LEARNT, 0
        told = rows[(pairs.request[rows] >= 0) & (pid[rows] != 0)][::-1]  # the first answer is written last
        asked = pairs.request[told]
        doubt = (pairs.proof[told] == ORDER) | (pairs.alike[asked] > 0)
        ids[asked], known[asked] = pid[told], ANSWERED
        learnt[asked] = np.where(pid[asked] == pid[told], CLAIMED, np.where(doubt, SUPPOSED, LEARNT))

    def _conclude(self, table: Table, first: int) -> None:
        """Find the ports of requests without an answer, from the row `first` on."""
        table = {name: table[name][first:] for name in ("port_space", "role", "type", "pairing_key", "time", "key")}
        ids, learnt, known = (one.values[first:] for one in (self._ids, self._learnt, self._known))
        _guess_batches(table, ids, learnt, known)
        _share(table["key"] >> PLACES, table["role"] == REQUEST, ids, learnt, known)


def _guess_batches(table: Table, ids: Array, learnt: Array, known: Array) -> None:
    """Give unacknowledged nftables batches the port that requested the ruleset's generation before.

    libnftnl's users do so in this order. Where several ports requested it since the batch before, the batch gets none.
    """
    rules = (table["port_space"] & 0xFFFF == NETLINK.NETFILTER) & (table["role"] == REQUEST)
    begins = rules & (table["type"] == BATCH_BEGIN)
    silent = begins & (known == 0)
    if not silent.any():
        return
    asks = rules & (known == ANSWERED) & (table["pairing_key"] & ~0xFF == NFTABLES)
    for port_space in np.unique(table["port_space"][silent]).tolist():
        rows = ((begins | asks) & (table["port_space"] == port_space)).nonzero()[0]
        speakers: set[int] = set()
        latest = 0
        for row, begun in zip(rows.tolist(), begins[rows].tolist(), strict=True):
            if not begun:
                speakers, latest = {*speakers, int(ids[row])}, int(table["time"][row])
                continue
            if silent[row] and len(speakers) == 1 and table["time"][row] - latest <= SHORTLY:
                ids[row], learnt[row], known[row] = speakers.pop(), SUPPOSED, CONCLUDED
            speakers = set()


def _share(frames: Array, is_request: Array, ids: Array, learnt: Array, known: Array) -> None:
    """Copy the port from one request of a datagram to the others: they have one sender."""
    told, rest = (is_request & (known > 0)).nonzero()[0], (is_request & (known == 0)).nonzero()[0]
    if not len(told) or not len(rest):
        return
    place = np.minimum(frames[told].searchsorted(frames[rest]), len(told) - 1)
    same = frames[told[place]] == frames[rest]
    mine, theirs = rest[same], told[place[same]]
    ids[mine], learnt[mine], known[mine] = ids[theirs], learnt[theirs], CONCLUDED
