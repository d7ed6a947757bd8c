"""Exchanges: a request and all its answers, a batch of nftables, or answers whose request is not in the capture.

    found = Exchanges()
    for block in source.blocks():
        found.add(block)
    found.table()["latency"]        columns, one row an exchange
    found.exchange(3).answers       rows of messages, as the ledger counts them

What joins them is told in pairing.py. Called again after more blocks, `table` has what has come since.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nldissect.index.block import NO_TIME, Block
from nldissect.index.raw import Array
from nldissect.wire.errno import ERRNO
from nldissect.wire.flags import NLM_F

from .ledger import ACK, DATA, DEL, END, EVENT, NEW, PLACES, REQUEST, Ledger, Table, answers_as_asked
from .pairing import Asked, asked, pairs
from .pairs import NONE, ORDER, PROOFS, Pairs

OK, INTERRUPTED, UNANSWERED, UNFINISHED, SILENT, UNASKED = 0, 100_000, 100_001, 100_002, 100_003, 100_004


class RESULT(ERRNO, prefix=""):
    """How an exchange ended; an error number of the kernel stands for itself."""

    ok = OK
    interrupted = INTERRUPTED
    unanswered = UNANSWERED
    unfinished = UNFINISHED
    silent = SILENT
    unasked = UNASKED


MEANINGS = {
    INTERRUPTED: "the dump was interrupted by a change, and may be inconsistent",
    UNANSWERED: "no answer in the capture",
    UNFINISHED: "the end of the answer is not in the capture",
    SILENT: "no answer was asked for, and no error came",
    UNASKED: "the request is not in the capture",
}


class Exchange(NamedTuple):
    """One exchange; rows are those of messages in the ledger.

    number     from 1, in the order of their beginnings
    requests   one, all commands of a batch, or none
    answers    data, acknowledgements, ends, notifications that carry the sender's port and sequence number
    owners     for each answer the row of the request it belongs to, -1 where there is none
    result     an error number, or one of RESULT
    decisive   the row of the message that says so; -1 where none does
    proof      what joins them: "order" is the weakest
    alike      so many requests stood to choose from where the order decided
    """

    number: int
    requests: list[int]
    answers: list[int]
    owners: list[int]
    result: int
    decisive: int
    proof: str | None
    alike: int


class Exchanges:
    """Joins the messages of a capture, block by block. `ledger` holds what is known of each message."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self._rows = -1
        self._of: Array = np.zeros(0, np.int32)
        self._pairs: Pairs | None = None
        self._asked: Asked | None = None
        self._table: Table = {}
        self._members: tuple[Array, Array] | None = None

    def add(self, block: Block) -> None:
        """Take note of the next block of the file."""
        self.ledger.add(block)

    def __len__(self) -> int:
        return len(self.table()["head"])

    def of(self, rows: Array) -> Array:
        """The numbers of the exchanges that messages belong to, 0 for none."""
        self._bring()
        found: Array = self._of[rows]
        return found

    def of_block(self, block: Block) -> Array:
        """The same for the messages of a block."""
        self._bring()
        rows, there = self.ledger.find(block.keys)
        return np.where(there, self._of[rows] if len(self._of) else 0, 0)

    def table(self) -> Table:
        """Columns, one row an exchange.

        head                     row of its first message
        time, end                of its first message, and of its last answer (NO_TIME for none)
        latency                  nanoseconds from the request to the answer that ends it; -1 if there is none
        parts, data, bytes       its answers, those that are neither acknowledgement nor end, bytes of all
        dump                     whether it asks for all of something
        requests                 1; of a batch the number of its messages; 0 where the request is not there
        result, decisive         see Exchange
        port                     0 where no answer told it
        proof, alike             see Exchange
        """
        self._bring()
        return self._table

    def exchange(self, number: int) -> Exchange:
        """One exchange by its number."""
        self._bring()
        assert self._members is not None and self._pairs is not None
        order, starts = self._members
        rows = order[starts[number] : starts[number + 1]]
        role = self.ledger.tables()[0]["role"][rows]
        answers = rows[role != REQUEST]
        table = {name: column[number - 1] for name, column in self._table.items()}
        return Exchange(
            number, rows[role == REQUEST].tolist(), answers.tolist(), self._pairs.request[answers].tolist(),
            int(table["result"]), int(table["decisive"]), PROOFS[int(table["proof"])], int(table["alike"]),
        )  # fmt: skip

    def place(self, row: int) -> tuple[int, int]:
        """Number of a message's frame as its file counts, and its place in it."""
        key = int(self.ledger.tables()[0]["key"][row])
        return key >> PLACES, key & (1 << PLACES) - 1

    def request_of(self, row: int) -> int:
        """The row of the request that an answer belongs to, -1 for none."""
        self._bring()
        assert self._pairs is not None
        return int(self._pairs.request[row]) if row >= 0 else NONE

    def result_of(self, row: int) -> int:
        """What became of one request, also of one within a batch."""
        self._bring()
        assert self._pairs is not None
        table, answers = self.ledger.tables()
        mine = (self._pairs.request == row).nonzero()[0]
        told = answers["row"].searchsorted(mine[np.isin(table["role"][mine], (ACK, END))])
        errors = [error for error in answers["error"][told].tolist() if error]
        if errors:
            return int(errors[0])
        return OK if len(mine) else SILENT

    def cause(self, number: int) -> int:
        """Row of the change that may have interrupted a dump: the last before the first part that says so; -1."""
        one = self.exchange(number)
        table = self.ledger.tables()[0]
        flagged = [row for row in one.answers if table["flags"][row] & NLM_F.DUMP_INTR]
        if not flagged or not one.requests:
            return NONE
        rows = np.arange(one.requests[0] + 1, flagged[0])
        role = table["role"][rows]
        changes = ((role == REQUEST) & ((table["verb"][rows] == NEW) | (table["verb"][rows] == DEL))) | (role == EVENT)
        rows = rows[changes & (table["lane"][rows] == table["lane"][one.requests[0]])]
        alike = rows[table["kin"][rows] == table["kin"][one.requests[0]]]
        found = alike if len(alike) else rows
        asked = found[table["role"][found] == REQUEST]
        return int(asked[-1] if len(asked) else found[-1]) if len(found) else NONE

    def _bring(self) -> None:
        """Work out what has come since the last time."""
        if self._rows == self.ledger.rows:
            return
        table, answers = self.ledger.tables()
        as_asked = np.array([answers_as_asked(one) for one in self.ledger.meanings], bool)
        self._pairs, self._asked = pairs(table, answers, as_asked), asked(table, as_asked)
        self._number(table)
        self._tabulate(table, answers)
        self._rows = self.ledger.rows

    def _number(self, table: Table) -> None:
        """Give every exchange its number: requests with what they were answered, then what has no request."""
        assert self._pairs is not None
        role, request = table["role"], self._pairs.request
        count = len(role)
        rows = np.arange(count)
        head = np.full(count, NONE, np.int64)
        mine = role == REQUEST
        head[mine] = table["head"][mine]
        paired = request >= 0
        head[paired] = table["head"][request[paired]]
        alone = ~paired & ((role == ACK) | (role == END))
        alone |= ~paired & (role == DATA) & (table["seq"] != 0) & (table["pid"] != 0)
        lonely = rows[alone]
        if len(lonely):
            head[lonely] = _first_alike(table, lonely)
        taking = head >= 0
        begins = np.zeros(count, bool)
        begins[head[taking]] = True
        number = np.cumsum(begins)
        self._of = np.zeros(count, np.int32)
        self._of[taking] = number[head[taking]]

    def _tabulate(self, table: Table, answers: Table) -> None:
        assert self._pairs is not None and self._asked is not None
        role, flags, time = table["role"], table["flags"], table["time"]
        order = self._of.argsort(kind="stable")
        count = int(self._of.max()) if len(self._of) else 0
        starts = self._of[order].searchsorted(np.arange(count + 2))
        self._members = order, starts
        rows = order[starts[1] :] if count else order[:0]
        of = self._of[rows] - 1
        begin = starts[1:-1] - (starts[1] if count else 0)
        head = rows[begin]
        is_request = role[rows] == REQUEST
        is_answer = ~is_request

        def how_many(chosen: Array) -> Array:
            return np.bincount(of[chosen], minlength=count)

        requests, parts = how_many(is_request), how_many(is_answer)
        size = np.bincount(of, table["length"][rows], minlength=count).astype(np.int64)
        told = answers["row"]
        mine = self._of[told] > 0
        told, error = told[mine], answers["error"][mine]
        where = self._of[told] - 1
        result = np.full(count, SILENT, np.int64)
        decisive = np.full(count, NONE, np.int64)
        acks = how_many(role[rows] == ACK)
        ends = how_many(role[rows] == END)
        data = how_many(role[rows] == DATA)
        interrupted = how_many(is_answer & (flags[rows] & NLM_F.DUMP_INTR != 0)) > 0
        dump = self._asked.dump[head] & (requests == 1)
        due = how_many(is_request & self._asked.due[rows]) > 0
        wants_ack = how_many(is_request & (flags[rows] & NLM_F.ACK != 0)) > 0
        finished = np.where(dump, ends + acks > 0, np.where(wants_ack, acks > 0, acks + ends + data > 0))
        finished |= (requests > 1) & (acks > 0)
        result[due & ~finished] = np.where(parts > 0, UNFINISHED, UNANSWERED)[due & ~finished]
        result[finished] = OK
        result[finished & interrupted] = INTERRUPTED
        result[(requests == 0)] = UNASKED
        last = np.full(count, NONE, np.int64)
        last[of[is_answer]] = rows[is_answer]  # rows ascend: the last one stays
        decisive[finished] = last[finished]
        decisive[where] = told
        bad = (error != 0).nonzero()[0][::-1]  # backwards, so that the first error of all decides
        decisive[where[bad]], result[where[bad]] = told[bad], error[bad]
        end = np.where(last >= 0, time[np.maximum(last, 0)], NO_TIME)
        started = time[head]
        until = np.where(decisive >= 0, time[np.maximum(decisive, 0)], NO_TIME)
        known = (decisive >= 0) & (requests > 0) & (until != NO_TIME) & (started != NO_TIME)
        latency = np.where(known, until - started, NONE)
        port = np.zeros(count, np.int64)
        ported = is_answer & (table["pid"][rows] != 0)
        port[of[ported][::-1]] = table["pid"][rows[ported]][::-1]
        own = table["pid"][head]
        proof = np.zeros(count, np.uint8)
        proof[of[is_answer][::-1]] = self._pairs.proof[rows[is_answer]][::-1]
        np.maximum.at(proof, of[is_answer], self._pairs.proof[rows[is_answer]])
        alike = np.zeros(count, np.uint16)
        np.maximum.at(alike, of[is_request], self._pairs.alike[rows[is_request]])
        proof[alike > 0] = ORDER
        self._table = {
            "head": head, "time": started, "end": end, "latency": latency, "parts": parts, "bytes": size,
            "data": data, "dump": dump, "requests": requests, "result": result, "decisive": decisive,
            "port": np.where(port != 0, port, own),
            "proof": proof, "alike": alike,
        }  # fmt: skip


def _first_alike(table: Table, rows: Array) -> Array:
    """For answers without request the row of the first with the same port and sequence number; an end ends them."""
    key = (table["lane"][rows].astype(np.uint64) << np.uint64(32)) | table["seq"][rows]
    order = np.lexsort((rows, table["pid"][rows], key))
    ordered = rows[order]
    begins = np.ones(len(rows), bool)
    begins[1:] = (key[order][1:] != key[order][:-1]) | (table["pid"][ordered][1:] != table["pid"][ordered][:-1])
    ends = (table["role"][ordered] == ACK) | (table["role"][ordered] == END)
    begins[1:] |= ends[:-1]
    first = np.maximum.accumulate(np.where(begins, np.arange(len(rows)), 0))
    found = np.empty(len(rows), np.int64)
    found[order] = ordered[first]
    return found
