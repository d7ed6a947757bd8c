"""Which port id each message of a capture has: its own, or, for requests, that of the answer they were joined with."""

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
"""How a port is known: the message names it, and so does its answer; no other request can be meant by the answer; it
was the first of several, or what a process said shortly before."""
ANSWERED, CONCLUDED = 1, 2
"""Why a request's port is known: from its answer; from another request."""
LATEST = 1 << 13
"""So many messages before the new ones are looked at once more, where a request had no answer yet."""
SHORTLY = 100_000_000
"""Nanoseconds from a question for the generation of the ruleset to the batch that is checked against it."""


class PortColumns(NamedTuple):
    """One row a message.

    times    of their frames
    lanes    number of the network namespace, and protocol, within which port ids mean something
    ids      port ids, 0 for none
    learnt   how they are known: CLAIMED, LEARNT, SUPPOSED
    """

    times: Array
    lanes: Array
    ids: Array
    learnt: Array


class Ports:
    """Port ids of messages, block by block.

    keys     number of the frame, and place in it
    spoke    lanes and port ids that are numbers of processes
    """

    def __init__(self) -> None:
        self.spoke: set[tuple[int, int]] = set()
        self._ledger, self._joiner = Ledger(), Joiner()
        self._lanes, self._ids = GrowableArray(np.uint32), GrowableArray(np.uint32)
        self._learnt, self._known = GrowableArray(np.uint8), GrowableArray(np.uint8)

    def __len__(self) -> int:
        return self._ledger.rows

    @property
    def keys(self) -> Array:
        keys: Array = self._ledger.tables()[0]["key"]
        return keys

    @property
    def seqs(self) -> Array:
        """Sequence numbers of all messages so far."""
        seqs: Array = self._ledger.tables()[0]["seq"]
        return seqs

    def find(self, keys: Array) -> tuple[Array, Array]:
        """Rows of messages by key, and which of them are known."""
        return self._ledger.find(keys)

    def add(self, block: Block, spaces: Array) -> None:
        """Take note of the next block; `spaces` are the numbers of its interfaces' namespaces."""
        self._ledger.add(block)
        protocol = block.frame_protocol[block.frame].astype(np.int64) & 0xFFFF
        lanes = (spaces[block.frame_interface[block.frame]].astype(np.int64) << 16) | protocol
        self._lanes.add(lanes)
        ids = np.where(block.bare, 0, block.pid)
        self._ids.add(ids)
        numbers = (ids > 0) & (ids < LARGEST)
        pairs = np.unique((lanes[numbers].astype(np.uint64) << np.uint64(32)) | ids[numbers])
        self.spoke.update((pair >> 32, pair & 0xFFFFFFFF) for pair in pairs.tolist())

    def columns(self) -> PortColumns:
        """What is known of all messages so far."""
        table, answers = self._ledger.tables()
        start = len(self._known)
        if start < self._ledger.rows:
            as_asked = np.array([answers_as_asked(one) for one in self._ledger.meanings], bool)
            rows = np.sort(self._joiner.join(table, answers, as_asked))
            self._learnt.add(np.where(table["role"][start:] == REQUEST, LEARNT, CLAIMED))
            self._known.add(np.zeros(self._ledger.rows - start))
            self._join(table, self._joiner.pairs, rows)
            self._conclude(table, max(start - LATEST, 0))
        return PortColumns(table["time"], self._lanes.values, self._ids.values, self._learnt.values)

    def _join(self, table: Table, pairs: Pairs, rows: Array) -> None:
        """Give requests the port of their first answer; `rows` are those that were joined now, once more or at last."""
        pid, ids, learnt, known = table["pid"], self._ids.values, self._learnt.values, self._known.values
        again = rows[known[rows] == ANSWERED]
        ids[again], learnt[again], known[again] = pid[again], LEARNT, 0
        told = rows[(pairs.request[rows] >= 0) & (pid[rows] != 0)][::-1]  # the first answer is written last
        asked = pairs.request[told]
        doubt = (pairs.proof[told] == ORDER) | (pairs.alike[asked] > 0)
        ids[asked], known[asked] = pid[told], ANSWERED
        learnt[asked] = np.where(pid[asked] == pid[told], CLAIMED, np.where(doubt, SUPPOSED, LEARNT))

    def _conclude(self, table: Table, first: int) -> None:
        """Find the ports of requests without an answer, from a row on."""
        table = {name: table[name][first:] for name in ("lane", "role", "type", "kin", "time", "key")}
        ids, learnt, known = (one.values[first:] for one in (self._ids, self._learnt, self._known))
        _guess_batches(table, ids, learnt, known)
        _share(table["key"] >> PLACES, table["role"] == REQUEST, ids, learnt, known)


def _guess_batches(table: Table, ids: Array, learnt: Array, known: Array) -> None:
    """Give batches of nftables that ask for no acknowledgement the port that asked for the ruleset's generation before:
    libnftnl's users do so in this order. Where several asked since the batch before, nobody knows whose it is.
    """
    rules = (table["lane"] & 0xFFFF == NETLINK.NETFILTER) & (table["role"] == REQUEST)
    begins = rules & (table["type"] == BATCH_BEGIN)
    silent = begins & (known == 0)
    if not silent.any():
        return
    asks = rules & (known == ANSWERED) & (table["kin"] & ~0xFF == NFTABLES)
    for lane in np.unique(table["lane"][silent]).tolist():
        rows = ((begins | asks) & (table["lane"] == lane)).nonzero()[0]
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
    """Requests of one datagram have one sender: what is known of one holds for all."""
    told, rest = (is_request & (known > 0)).nonzero()[0], (is_request & (known == 0)).nonzero()[0]
    if not len(told) or not len(rest):
        return
    place = np.minimum(frames[told].searchsorted(frames[rest]), len(told) - 1)
    same = frames[told[place]] == frames[rest]
    mine, theirs = rest[same], told[place[same]]
    ids[mine], learnt[mine], known[mine] = ids[theirs], learnt[theirs], CONCLUDED
