"""Exchanges: a request and all its answers, a batch of nftables, or answers whose request is not in the capture.

    found = Exchanges()
    for block in source.blocks():
        found.add(block)
    found.table()["latency"]        columns, one row an exchange
    found.exchange(3).answers       rows of messages, as the ledger counts them

joiner.py describes the pairing. Called again after more blocks, `table` includes them; only exchanges with new messages
are computed again.
"""

from __future__ import annotations

from copy import copy
from typing import NamedTuple

import numpy as np

from nldissect.columns.blocks.block import NO_TIME, Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.growable import GrowableArray
from nldissect.request_tracker import DEL, NEW
from nldissect.wire.errno import ERRNO
from nldissect.wire.protocol import NLM_F

from .joiner import Joiner
from .ledger import ACK, DATA, END, EVENT, PLACES, REQUEST, ROLES, Ledger, Table, answers_as_asked
from .pairs import ECHO, NONE, ORDER, PROOFS, Pairs

OK, INTERRUPTED, UNANSWERED, UNFINISHED, SILENT, UNASKED = 0, 100_000, 100_001, 100_002, 100_003, 100_004


class RESULT(ERRNO, prefix=""):
    """Results of exchanges; an error number of the kernel stands for itself."""

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


class PairedExchange(NamedTuple):
    """One exchange; rows are those of messages in the ledger.

    number     from 1, in the order of their beginnings
    requests   one, all commands of a batch, or none
    answers    data, acknowledgements, ends, notifications that carry the sender's port and sequence number
    owners     for each answer the row of the request it belongs to, -1 where there is none
    result     an error number, or one of RESULT
    decisive   row of the message that shows the result, -1: none
    proof      strongest proof of its answers; "order", the weakest, if requests are alike
    alike      number of requests that fitted the answers where the order decided
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
    """The exchanges of a capture, paired block by block; `ledger` holds the numbers kept of each message.

    merged   their numbers among those of several captures, as the field exchange.id has them: int64; None: their own
    """

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.merged: Array | None = None
        self._joiner = Joiner()
        self._rows = -1
        self._head = GrowableArray(np.int32)
        self._of: Array = np.zeros(0, np.int32)
        self._table: Table = {}
        self._members: tuple[Array, Array] | None = None

    def add(self, block: Block) -> None:
        """Append the messages of the next block of the file."""
        self.ledger.add(block)

    def __len__(self) -> int:
        return len(self.table()["head"])

    def still(self) -> Exchanges:
        """Return a read-only snapshot that does not change when blocks are added to this object."""
        self._bring()
        found = copy(self)
        found.ledger, found._joiner = self.ledger.still(), self._joiner.still()
        return found

    def of(self, rows: Array) -> Array:
        """Return the number of the exchange of each message, given by rows; 0: none."""
        self._bring()
        found: Array = self._of[rows]
        return found

    def of_block(self, block: Block) -> Array:
        """Return the number of the exchange of each message of a block; 0: none."""
        self._bring()
        rows, there = self.ledger.find(block.keys)
        return np.where(there, self._of[rows] if len(self._of) else 0, 0)

    @property
    def pairs(self) -> Pairs:
        """Pairs of all messages so far, by rows of the ledger."""
        self._bring()
        return self._joiner.pairs

    @property
    def dump(self) -> Array:
        """Mask of messages, by rows of the ledger: requests for all objects of a kind."""
        self._bring()
        return self._joiner.known.dump

    def table(self) -> Table:
        """Return the columns of all exchanges, one row an exchange.

        head                     row of its first message
        time, end                of its first message, and of its last answer (NO_TIME for none)
        latency                  nanoseconds from the request to the answer that ends it, -1: none
        parts, data, bytes       number of answers; of those neither acknowledgement nor end; bytes of all messages
        dump                     it asks for all of something
        requests                 1; of a batch the number of its messages; 0 where the request is not in the capture
        result, decisive         see PairedExchange
        port                     port id of the requester; 0 where neither answers nor the first message have one
        proof, alike             see PairedExchange
        """
        self._bring()
        return self._table

    def exchange(self, number: int) -> PairedExchange:
        """Return one exchange by its number."""
        self._bring()
        if self._members is None:
            order = self._of.argsort(kind="stable")
            self._members = order, self._of[order].searchsorted(np.arange(len(self) + 2))
        order, starts = self._members
        rows = order[starts[number] : starts[number + 1]]
        role = self.ledger.tables()[0]["role"][rows]
        answers = rows[role != REQUEST]
        table = {name: column[number - 1] for name, column in self._table.items()}
        return PairedExchange(
            number, rows[role == REQUEST].tolist(), answers.tolist(), self._joiner.pairs.request[answers].tolist(),
            int(table["result"]), int(table["decisive"]), PROOFS[int(table["proof"])], int(table["alike"]),
        )  # fmt: skip

    def place(self, row: int) -> tuple[int, int]:
        """Return the number of a message's frame as its file counts, and the message's place in the frame."""
        key = int(self.ledger.tables()[0]["key"][row])
        return key >> PLACES, key & (1 << PLACES) - 1

    def request_of(self, row: int) -> int:
        """Return the row of the request that an answer belongs to, -1: none."""
        self._bring()
        return int(self._joiner.pairs.request[row]) if row >= 0 else NONE

    def result_of(self, row: int) -> int:
        """Return the result of one request, also of one within a batch: an error number, OK, or SILENT."""
        self._bring()
        table, answers = self.ledger.tables()
        mine = (self._joiner.pairs.request == row).nonzero()[0]
        told = answers["row"].searchsorted(mine[np.isin(table["role"][mine], (ACK, END))])
        errors = [error for error in answers["error"][told].tolist() if error]
        if errors:
            return int(errors[0])
        return OK if len(mine) else SILENT

    def cause(self, number: int) -> int:
        """Return the row of the change that may have interrupted a dump, -1: none.

        It is the last change between the request and the first answer with NLM_F_DUMP_INTR; changes of the same pairing
        key are preferred, and among these requests.
        """
        one = self.exchange(number)
        table = self.ledger.tables()[0]
        flagged = [row for row in one.answers if table["flags"][row] & NLM_F.DUMP_INTR]
        if not flagged or not one.requests:
            return NONE
        rows = np.arange(one.requests[0] + 1, flagged[0])
        role = table["role"][rows]
        changes = ((role == REQUEST) & ((table["verb"][rows] == NEW) | (table["verb"][rows] == DEL))) | (role == EVENT)
        rows = rows[changes & (table["port_space"][rows] == table["port_space"][one.requests[0]])]
        alike = rows[table["pairing_key"][rows] == table["pairing_key"][one.requests[0]]]
        found = alike if len(alike) else rows
        asked = found[table["role"][found] == REQUEST]
        return int(asked[-1] if len(asked) else found[-1]) if len(found) else NONE

    def _bring(self) -> None:
        """Pair the messages added since the last call, and update the table."""
        if self._rows == self.ledger.rows:
            return
        table, answers = self.ledger.tables()
        as_asked = np.array([answers_as_asked(one) for one in self.ledger.meanings], bool)
        rows = self._joiner.join(table, answers, as_asked)
        before = self._head.values[rows[rows < len(self._head)]].copy()
        self._number(table, rows)
        changed = np.zeros(len(self._head) + 1, bool)  # the last entry means none
        changed[before] = changed[self._head.values[rows]] = True
        changed[NONE] = False
        self._of = np.zeros(len(self._head), np.int32)
        taking = self._head.values >= 0
        begins = np.zeros(len(self._head), bool)
        begins[self._head.values[taking]] = True
        number = begins.cumsum(dtype=np.int32)
        self._of[taking] = number[self._head.values[taking]]
        fresh = _tabulated(table, answers, self._joiner, self._head.values, changed)
        self._table = _merged(self._table, fresh, number, begins & ~changed[:-1])
        self._members = None
        self._rows = self.ledger.rows

    def _number(self, table: Table, rows: Array) -> None:
        """Set the head of each message's exchange: its first message, a request or an answer without request."""
        role, request = table["role"][rows], self._joiner.pairs.request[rows]
        self._head.add(np.full(len(table["role"]) - len(self._head), NONE))
        head = np.full(len(rows), NONE, np.int32)
        mine, paired = role == REQUEST, request >= 0
        head[mine] = table["head"][rows[mine]]
        head[paired] = table["head"][request[paired]]
        alone = ~paired & ((role == ACK) | (role == END))
        alone |= ~paired & (role == DATA) & (table["seq"][rows] != 0) & (table["pid"][rows] != 0)
        if alone.any():
            head[alone] = _first_alike(table, rows[alone])
        values = self._head.values
        values[rows] = head
        self._joiner.spread(values)


def _tabulated(table: Table, answers: Table, joiner: Joiner, heads: Array, changed: Array) -> Table:
    """Return the columns of exchanges whose heads have changed."""
    rows = changed[heads].nonzero()[0]
    place = np.zeros(len(heads), np.intp)
    place[heads[rows]] = 1
    head = place.nonzero()[0]
    place[head] = np.arange(len(head))
    count, of = len(head), place[heads[rows]]
    role, flags, time = table["role"][rows], table["flags"][rows], table["time"]
    is_request = role == REQUEST
    is_answer = ~is_request
    of_answers = of[is_answer]
    roles = np.bincount(of * ROLES + role, minlength=count * ROLES).reshape(count, ROLES)
    requests, data, acks, ends = (roles[:, one] for one in (REQUEST, DATA, ACK, END))
    parts = data + acks + ends
    size = np.bincount(of, table["length"][rows], minlength=count).astype(np.int64)
    told = answers["row"]
    mine = changed[heads[told]]
    told, error = told[mine], answers["error"][mine]
    where = place[heads[told]]
    result = np.full(count, SILENT, np.int64)
    decisive = np.full(count, NONE, np.int64)
    interrupted, due, wants_ack = (np.zeros(count, bool) for _ in range(3))
    interrupted[of[is_answer & (flags & NLM_F.DUMP_INTR != 0)]] = True
    due[of[is_request & joiner.known.due[rows]]] = True
    wants_ack[of[is_request & (flags & NLM_F.ACK != 0)]] = True
    dump = joiner.known.dump[head] & (requests == 1)
    finished = np.where(dump, ends + acks > 0, np.where(wants_ack, acks > 0, acks + ends + data > 0))
    finished |= (requests > 1) & (acks > 0)
    result[due & ~finished] = np.where(parts > 0, UNFINISHED, UNANSWERED)[due & ~finished]
    result[finished] = OK
    result[finished & interrupted] = INTERRUPTED
    result[(requests == 0)] = UNASKED
    last = np.full(count, NONE, np.int64)
    last[of_answers] = rows[is_answer]  # rows ascend: the last one stays
    decisive[finished] = last[finished]
    decisive[where] = told
    bad = (error != 0).nonzero()[0][::-1]  # backwards, so that the first error of all decides
    decisive[where[bad]], result[where[bad]] = told[bad], error[bad]
    end = np.where(last >= 0, time[np.maximum(last, 0)], NO_TIME)
    started = time[head]
    until = np.where(decisive >= 0, time[np.maximum(decisive, 0)], NO_TIME)
    known = (decisive >= 0) & (requests > 0) & (until != NO_TIME) & (started != NO_TIME)
    port = np.zeros(count, np.int64)
    pid = table["pid"][rows]
    ported = (is_answer & (pid != 0)).nonzero()[0][::-1]
    port[of[ported]] = pid[ported]
    proof, alike = _proven(joiner.pairs, rows, of, is_answer, count)
    return {
        "head": head, "time": started, "end": end, "latency": np.where(known, until - started, NONE), "parts": parts,
        "bytes": size, "data": data, "dump": dump, "requests": requests, "result": result, "decisive": decisive,
        "port": np.where(port != 0, port, table["pid"][head]), "proof": proof, "alike": alike,
    }  # fmt: skip


def _proven(pairs: Pairs, rows: Array, of: Array, is_answer: Array, count: int) -> tuple[Array, Array]:
    """Return for each of `count` exchanges the proof and the number of alike requests.

    of   place of each row's exchange
    """
    proof, alike = np.zeros(count, np.uint8), np.zeros(count, np.uint16)
    proven, doubted = pairs.proof[rows], pairs.alike[rows]
    for one in range(ORDER, ECHO + 1):
        proof[of[is_answer & (proven == one)]] = one
    np.maximum.at(alike, of[doubted > 0], doubted[doubted > 0])
    proof[alike > 0] = ORDER
    return proof, alike


def _merged(old: Table, fresh: Table, number: Array, kept: Array) -> Table:
    """Return the columns of all exchanges: the fresh ones, and the old ones whose heads are kept."""
    count = int(number[-1]) if len(number) else 0
    if not old or len(fresh["head"]) == count:
        return fresh
    stay = kept[old["head"]]
    places, others = number[old["head"][stay]] - 1, number[fresh["head"]] - 1
    merged = {}
    for name, column in fresh.items():
        merged[name] = np.empty(count, column.dtype)
        merged[name][places], merged[name][others] = old[name][stay], column
    return merged


def _first_alike(table: Table, rows: Array) -> Array:
    """Return, for answers without request, the row of the first one with the same port and sequence number.

    An acknowledgement or end is the last answer of such a run.
    """
    key = (table["port_space"][rows].astype(np.uint64) << np.uint64(32)) | table["seq"][rows]
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
