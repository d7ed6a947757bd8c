"""Pairing of requests and answers, continued where a capture grows.

A request mostly carries port id 0, and sequence numbers are not unique: programs that start within one second share
them. What is known: a port answers with its own id; the kernel repeats the request's header in every acknowledgement;
it handles a request inside the sender's send(), so that the first answer follows it, and nothing of the same socket
comes between.

Messages of one port space with the same sequence number are paired together (clear_cases.py, ambiguous.py); new
messages change no pair of other sequence numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy

import numpy as np

from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.growable import GrowableArray

from .clear_cases import PairingInput, RequestInfo
from .ledger import ACK, DATA, END, PLACES, REQUEST, Table, asks_dump, due
from .pairs import NONE, UNPAIRED, Pairs

LOW = 1 << 16
PIECE = 1 << 15
"""Most messages paired at once, more only if they share one sequence number: as many as fit the processor's cache."""


class Joiner:
    """The pairs of a table that grows.

    Equal consecutive parts of a dump are paired as the first of them is: their lead.
    """

    def __init__(self) -> None:
        self._count = 0
        self._request, self._proof, self._alike = (
            GrowableArray(np.int32),
            GrowableArray(np.uint8),
            GrowableArray(np.uint16),
        )
        self._dump, self._due, self._alone = GrowableArray(bool), GrowableArray(bool), GrowableArray(bool)
        self._before, self._leads = GrowableArray(np.int32), GrowableArray(np.int32)
        self._parts, self._lead = GrowableArray(np.int32), GrowableArray(np.int32)  # what has a lead, and that
        self._ports: tuple[Array, Array] = np.zeros(0, np.uint64), np.zeros(0, np.int32)

    @property
    def pairs(self) -> Pairs:
        """Pairs of all messages so far."""
        return Pairs(self._request.values, self._proof.values, self._alike.values)

    @property
    def known(self) -> RequestInfo:
        """Facts about all messages so far."""
        return RequestInfo(self._dump.values, self._due.values, self._alone.values, self._before.values)

    def join(self, table: Table, answers: Table, as_asked: Array) -> Array:
        """Pair the messages added since the last call; return the rows that were paired, leads only, in capture order.

        as_asked   bool, one per message type: the kernel answers it by the same header
        """
        leads = self._take(table, as_asked)
        if not len(leads):
            return leads
        rows = np.concatenate((self._touched(table, leads), leads)).astype(np.intp)  # what NumPy indexes by
        self._leads.add(leads)
        found = self.pairs
        found.request[rows], found.proof[rows], found.alike[rows] = NONE, UNPAIRED, 0
        same = _same(table, rows)
        order = same.argsort(kind="stable")
        ordered, same = rows[order], same[order]
        for some in _pieces(same):
            facts = PairingInput(table, answers, self.known, ordered[some], same[some])
            facts.plain(found)
            facts.one_by_one(found)
            facts.late(found)
        self.spread(found.request)
        self.spread(found.proof)
        return rows

    def still(self) -> Joiner:
        """Return a read-only snapshot."""
        found = copy(self)
        found._request, found._proof, found._alike = (one.copy() for one in (self._request, self._proof, self._alike))
        return found

    def spread(self, column: Array) -> None:
        """Copy the values of leads to the messages that they lead, in place."""
        column[self._parts.values] = column[self._lead.values]

    def _take(self, table: Table, as_asked: Array) -> Array:
        """Observe the new messages; return the rows of the leads among them."""
        start, count = self._count, len(table["key"])
        new = {name: column[start:] for name, column in table.items()}
        self._count = count
        dump = asks_dump((new["port_space"] & 0xFFFF).astype(np.int32), new["type"], new["verb"], new["flags"])
        wanted = due(new["verb"], dump, new["flags"])
        if as_asked.any():
            wanted |= as_asked[new["meaning"]]
        role, rows = new["role"], np.arange(start, count, dtype=np.int32)
        parted = np.zeros(len(rows), bool)
        parted[1:] = (role[1:] == DATA) & (role[:-1] == DATA)
        for name in ("pid", "seq", "pairing_key", "flags", "first", "port_space"):
            parted[1:] &= new[name][1:] == new[name][:-1]
        lead = np.maximum.accumulate(np.where(parted, start, rows))
        self._request.add(np.full(len(rows), NONE))
        for column, more in (
            (self._proof, np.zeros(len(rows), np.uint8)), (self._alike, np.zeros(len(rows), np.uint16)),
            (self._dump, dump), (self._due, wanted), (self._parts, rows[parted]), (self._lead, lead[parted]),
            (self._alone, _alone(new)), (self._before, self._ended(new, rows)),
        ):  # fmt: skip
            column.add(more)
        return rows[(role >= REQUEST) & (role <= END) & ~parted]

    def _touched(self, table: Table, leads: Array) -> Array:
        """Return earlier leads that have the port space and sequence number of new ones."""
        before = self._leads.values
        if not len(before):
            return before
        fresh = _same(table, leads)
        low = np.zeros(LOW, bool)
        low[fresh & np.uint64(LOW - 1)] = True
        maybe = before[low[table["seq"][before] & (LOW - 1)]]
        found: Array = maybe[np.isin(_same(table, maybe), fresh)]
        return found

    def _ended(self, new: Table, rows: Array) -> Array:
        """Return the `before` column (see RequestInfo) of the new messages, and remember the last end of each port."""
        before = np.full(len(rows), NONE, np.int32)
        places = ((new["role"] >= REQUEST) & (new["role"] <= END) & (new["pid"] != 0)).nonzero()[0]
        ports = (new["port_space"][places].astype(np.uint64) << np.uint64(32)) | new["pid"][places]
        known, last = self._ports
        ports, rows = np.concatenate((known, ports)), np.concatenate((last, rows[places]))
        role = np.concatenate((np.full(len(known), END), new["role"][places]))
        order = ports.argsort(kind="stable")
        ordered, ends = ports[order], (role[order] == ACK) | (role[order] == END)
        turns = np.arange(len(order))
        begins = np.append(True, ordered[1:] != ordered[:-1])[: len(order)]
        start = np.maximum.accumulate(np.where(begins, turns, 0))
        ended = np.maximum.accumulate(np.where(ends, turns, NONE))
        earlier = np.append(NONE, ended)[: len(order)]
        there = (earlier >= start) & (order >= len(known))
        before[places[order[there] - len(known)]] = rows[order][earlier[there]]
        final = np.append(begins[1:], True)[: len(order)] & (ended >= start)
        self._ports = ordered[final], rows[order][ended[final]]
        return before


def _pieces(same: Array) -> Iterator[slice]:
    """Yield slices of a sorted array, about PIECE entries long; equal entries stay together."""
    start = 0
    while start < len(same):
        stop = min(start + PIECE, len(same))
        stop = int(same.searchsorted(same[stop - 1], side="right"))
        yield slice(start, stop)
        start = stop


def _alone(new: Table) -> Array:
    """Return a mask of messages that are the only request of their datagram."""
    found = np.zeros(len(new["key"]), bool)
    places = (new["role"] == REQUEST).nonzero()[0]
    frame = new["key"][places] >> PLACES
    other = frame[1:] != frame[:-1]
    found[places] = np.append(True, other)[: len(frame)] & np.append(other, True)[: len(frame)]
    return found


def _same(table: Table, rows: Array) -> Array:
    """Return port space and sequence number as one number, uint64, one per row."""
    found: Array = (table["port_space"][rows].astype(np.uint64) << np.uint64(32)) | table["seq"][rows]
    return found
