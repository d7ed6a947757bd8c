"""Which answer belongs to which request.

A request mostly carries port id 0, and sequence numbers are not unique: programs that start within one second share
them. What is known: a port answers with its own id; the kernel repeats the request's header in every acknowledgement;
it handles a request inside the sender's send(), so that the first answer follows it, and nothing of the same socket
comes between.

Messages of one lane with the same sequence number are looked at together. Where each request there is answered, in full
and by one port, before the next one comes, that is plain and found for all of them at once. Else they are gone through
one after another (conflicts.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat
from typing import NamedTuple

import numpy as np

from nldissect.families.answering import NFTABLES
from nldissect.index.raw import Array
from nldissect.wire import NETLINK
from nldissect.wire.flags import NLM_F

from .conflicts import QUIET, Group, Message
from .ledger import ACK, DATA, END, GET, PLACES, REQUEST, Table, as_repeated, asks_dump, due
from .pairs import ECHO, NONE, ONLY, PORT, Pairs, unpaired

FEW, MANY = 32, 8192
"""So many messages that are not plain are looked up at once."""


class Asked(NamedTuple):
    """What requests ask for, one row a message; of others it means nothing."""

    dump: Array
    due: Array


def asked(table: Table, as_asked: Array) -> Asked:
    """What requests ask for; `as_asked` says for each meaning whether the kernel answers it by the same header."""
    protocol = (table["lane"] & 0xFFFF).astype(np.int64)
    dump = asks_dump(protocol, table["type"], table["verb"], table["flags"])
    wanted = due(table["verb"], dump, table["flags"])
    if as_asked.any():
        wanted |= as_asked[table["meaning"]]
    return Asked(dump, wanted)


def pairs(table: Table, answers: Table, as_asked: Array) -> Pairs:
    """Join answers and requests; `as_asked` says for each meaning whether the kernel answers it by the same header.

    What looks like a request and is the kernel's gets the role of an answer in the table.
    """
    count = len(table["key"])
    found = unpaired(count)
    role = table["role"]
    rows = ((role >= REQUEST) & (role <= END)).nonzero()[0]
    if not len(rows):
        return found
    same = (table["lane"][rows].astype(np.uint64) << np.uint64(32)) | table["seq"][rows]
    order = same.argsort(kind="stable")
    rows, same = rows[order], same[order]
    _unmask(table, answers, rows, same, as_asked)
    facts = Facts(table, answers, asked(table, as_asked), rows, same)
    facts.plain(found)
    facts.one_by_one(found)
    return found


def _unmask(table: Table, answers: Table, rows: Array, same: Array, as_asked: Array) -> None:
    """Give the role of data to what the kernel sent with the flags of the request it answers (nexthops, tc filters).

    It carries a port id and the flags of the request before, which carries none; and it is not what is acknowledged
    next, or the request was a GET and this is not.
    """
    role, pid, kin, flags, verb = (table[name][rows] for name in ("role", "pid", "kin", "flags", "verb"))
    count, places = len(rows), np.arange(len(rows))
    begins = np.concatenate(([True], same[1:] != same[:-1]))
    start = np.maximum.accumulate(np.where(begins, places, 0))
    is_request, is_ack = role == REQUEST, role == ACK
    latest = np.maximum.accumulate(np.where(is_request & (pid == 0), places, -1))
    mine = np.maximum(latest, 0)
    acks = np.cumsum(is_ack)
    masked = is_request & (pid != 0) & (latest >= start) & (acks == acks[mine]) & (flags == flags[mine])
    masked &= table["key"][rows] >> PLACES != table["key"][rows[mine]] >> PLACES
    if masked.any():
        following = np.minimum.accumulate(np.where(is_ack, places, count)[::-1])[::-1]
        ack = np.minimum(following, count - 1)
        answer = np.full(len(table["key"]), -1, np.int32)
        answer[answers["row"]] = np.arange(len(answers["row"]))
        told = answer[rows[ack]]
        acked = (following < count) & (start[ack] == start) & (pid[ack] == pid)
        acked &= _taken(answers["there"], told) & (_taken(answers["pid"], told) == 0)
        echoes = (kin == kin[mine]) & (verb[mine] == GET) & (verb != GET) & (flags & NLM_F.ECHO != 0)
        masked &= acked | echoes
    if as_asked.any():
        alternating = is_request & as_asked[table["meaning"][rows]]
        for place in (alternating & ~begins).nonzero()[0].tolist():
            masked[place] = alternating[place - 1] and not masked[place - 1]
    table["role"][rows[masked]] = DATA


class Facts:
    """Messages that take part, by lane and sequence number, then as they came.

    rows     of the ledger
    start    place of the first message of each one's group
    hard     places of requests whose answers, up to the next request, are not plain
    """

    def __init__(self, table: Table, answers: Table, asks: Asked, rows: Array, same: Array) -> None:
        self.table, self.answers, self.asks, self.rows = table, answers, asks, rows
        places = np.arange(len(rows))
        begins = np.concatenate(([True], same[1:] != same[:-1]))
        self.start = np.maximum.accumulate(np.where(begins, places, 0))
        self.role = table["role"][rows]
        self.pid = table["pid"][rows]
        self.kin = table["kin"][rows]
        self.answer = np.full(len(table["key"]), -1, np.int32)
        self.answer[answers["row"]] = np.arange(len(answers["row"]))
        self.before = self._answered_before()
        self.alone = self._alone()
        self.hard = places[:0]

    def _answered_before(self) -> Array:
        """For each answer the row of the last end or acknowledgement before to the same port: what it answers was not
        asked before that, as the kernel answers inside the sender's send(), unless both were sent in one datagram.
        """
        before = np.full(len(self.rows), NONE, np.int64)
        places = ((self.role != REQUEST) & (self.pid != 0)).nonzero()[0]
        if not len(places):
            return before
        lane, rows = self.table["lane"][self.rows[places]], self.rows[places]
        port = (lane.astype(np.uint64) << np.uint64(32)) | self.pid[places]
        order = np.lexsort((rows, port))
        port, ends = port[order], self.role[places][order] != DATA
        turns = np.arange(len(order))
        begins = np.maximum.accumulate(np.where(np.append(True, port[1:] != port[:-1]), turns, 0))
        last = np.append(NONE, np.maximum.accumulate(np.where(ends, turns, NONE))[:-1])
        known = last >= begins
        before[places[order[known]]] = rows[order][last[known]]
        return before

    def _alone(self) -> Array:
        """Which messages are the only request of their datagram."""
        frame = self.table["key"][self.rows] >> PLACES
        asking = self.role == REQUEST
        count = np.bincount(frame[asking], minlength=int(frame.max()) + 1 if len(frame) else 0)
        alone: Array = asking & (count[frame] == 1)
        return alone

    def plain(self, found: Pairs) -> None:
        """Join each request with what stands up to the next, and find where that is not plain."""
        rows, role, pid = self.rows, self.role, self.pid
        places = np.arange(len(rows))
        is_request = role == REQUEST
        latest = np.maximum.accumulate(np.where(is_request, places, -1))
        has = latest >= self.start
        mine = np.where(has, latest, 0)  # the request before
        reply = ~is_request & has
        count = len(rows)
        first = np.zeros(count, pid.dtype)  # the port of the first answer behind it
        ported = (reply & (pid != 0)).nonzero()[0][::-1]
        first[mine[ported]] = pid[ported]
        unported = (role != ACK) & (pid == 0)  # by the kernel's own port: events, and answers of careless families
        asked_by = pid[mine]
        echoed, repeated = self._echoed(rows, rows[mine], role, reply)
        dump, wanted = self.asks.dump[rows], self.asks.due[rows]
        kin_fits = (self.kin == self.kin[mine]) | (self._in_tables(self.kin, self.kin[mine]) & ~self.alone[mine])
        bad = reply & ~unported & ((pid != first[mine]) | ((asked_by != 0) & (asked_by != pid)))
        bad |= reply & (role == ACK) & repeated & ~echoed
        bad |= reply & (role == END) & ~dump[mine]
        proven = _any(mine, reply & echoed, count)
        bad |= reply & (role == DATA) & ~kin_fits & ~proven[mine]
        data = _any(mine, reply & (role == DATA), count)
        acked = _any(mine, reply & (role == ACK), count)
        ended = _any(mine, reply & (role == END), count)
        acks = self.table["flags"][rows] & NLM_F.ACK != 0
        done = ~wanted | acked | np.where(dump, ended, data & ~acks)
        again = self._again(is_request)
        opening = np.zeros(count, bool)  # the first answer behind a request
        opening[1:] = reply[1:] & is_request[:-1]
        bad |= opening & ~unported & (self.before > rows[mine]) & self.alone[mine]
        bad |= self._shadowed(is_request, ~wanted) | self._together(is_request)
        bad |= is_request & ~done & again
        hard = np.zeros(count, bool)
        hard[mine[bad & has]] = True
        self.hard = hard.nonzero()[0]
        easy = reply & ~hard[mine]
        found.request[rows[easy]] = rows[mine[easy]]
        proof = np.where(echoed, ECHO, np.where(proven[mine], ECHO, np.where(asked_by != 0, PORT, ONLY)))
        found.proof[rows[easy]] = proof[easy]

    def _in_tables(self, kin: Array, asked: Array) -> Array:
        """What a batch of nftables changes is told of other objects too than its commands name."""
        found: Array = (kin & ~0xFF == NFTABLES) & (asked & ~0xFF == NFTABLES)
        return found

    def _shadowed(self, is_request: Array, quiet: Array) -> Array:
        """Requests so soon behind one of their kind that needs no answer that what comes may be that one's; and that
        one.
        """
        found = np.zeros(len(is_request), bool)
        places = is_request.nonzero()[0]
        if not quiet[places].any():
            return found
        places = places[np.lexsort((places, self.kin[places], self.start[places]))]
        turns = np.arange(len(places))
        last = np.maximum.accumulate(np.where(quiet[places], turns, 0))
        this, that = places[1:], places[last[:-1]]
        near = (self.start[this] == self.start[that]) & (self.kin[this] == self.kin[that]) & quiet[that]
        time = self.table["time"]
        near &= time[self.rows[this]] - time[self.rows[that]] <= QUIET
        found[this[near]] = found[that[near]] = True
        return found

    def _together(self, is_request: Array) -> Array:
        """Requests of one datagram that have one sequence number."""
        frame = self.table["key"][self.rows] >> PLACES
        after = is_request[1:] & is_request[:-1] & (frame[1:] == frame[:-1])
        after &= self.start[1:] == self.start[:-1]
        found: Array = np.append(after, False) | np.append(False, after)
        return found

    def _again(self, is_request: Array) -> Array:
        """Which requests are not the last of their group."""
        places = np.arange(len(is_request))
        following = np.where(is_request, places, len(is_request))[::-1]
        following = np.minimum.accumulate(following)[::-1]  # this or the next request
        after = np.append(following[1:], len(is_request))
        inside = after < len(is_request)
        again: Array = inside & (self.start[np.where(inside, after, 0)] == self.start)
        return again

    def _echoed(self, rows: Array, requests: Array, role: Array, among: Array) -> tuple[Array, Array]:
        """For which acknowledgements a request has the header they repeat, and which repeat one."""
        table, answers = self.table, self.answers
        at = self.answer[rows]
        asks = among & (role == ACK) & (at >= 0)
        places = asks.nonzero()[0]
        told, request = at[places], requests[places]
        there = answers["there"][told]
        equal = there.copy()
        for name in ("length", "type", "pid"):
            equal &= answers[name][told] == table[name][request]
        equal &= answers["flags"][told] == self._repeated(request)
        echoed, repeated = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
        echoed[places], repeated[places] = equal, there
        return echoed, repeated

    def _repeated(self, rows: Array) -> Array:
        """Flags of requests as acknowledgements repeat them."""
        table = self.table
        return as_repeated(table["lane"][rows] & 0xFFFF, table["type"][rows], table["flags"][rows])

    def one_by_one(self, found: Pairs) -> None:
        """Join what is not plain: from each hard request on, until nothing more is waited for."""
        ends = np.append(np.flatnonzero(self.start == np.arange(len(self.start))), len(self.rows))
        until = 0
        hard = self.hard.tolist()
        stops = ends[ends.searchsorted(self.hard, side="right")].tolist()
        for place, (begin, stop) in enumerate(zip(hard, stops, strict=True)):
            if begin >= until:
                until = self._from(found, begin, stop, map(hard.__getitem__, range(place + 1, len(hard))))

    def _from(self, found: Pairs, begin: int, stop: int, hard: Iterator[int]) -> int:
        """Join the messages of a group from a hard request on; gives where that ends."""
        routing = int(self.table["lane"][self.rows[begin]]) & 0xFFFF == NETLINK.ROUTE
        group = Group(found, self.rows[begin:stop], routing)
        ahead = chain((one - begin for one in hard), repeat(stop - begin))
        return begin + group.join(self._messages(begin, stop), ahead)

    def _messages(self, begin: int, stop: int) -> Iterator[Message]:
        """Messages with what matters of them, some at a time; equal parts of a dump one behind the other are one."""
        table, answers, asks = self.table, self.answers, self.asks
        at, size = begin, FEW
        while at < stop:
            rows = self.rows[at : min(at + size, stop)]
            columns = [table[name][rows] for name in ("role", "pid", "kin", "first", "flags")]
            turns = np.ones(len(rows), bool)
            turns[1:] = columns[0][1:] != DATA
            for column in columns:
                turns[1:] |= column[1:] != column[:-1]
            first = turns.nonzero()[0]
            rows = rows[first]
            told = self.answer[rows]
            rest = (
                table["time"][rows], self.before[first + at], table["key"][rows] >> PLACES, self.alone[first + at],
                table["length"][rows], table["type"][rows], self._repeated(rows), asks.dump[rows], asks.due[rows],
                (told >= 0) & _taken(answers["there"], told), _taken(answers["length"], told),
                _taken(answers["type"], told), _taken(answers["flags"], told), _taken(answers["pid"], told),
            )  # fmt: skip
            places = first + (at - begin)
            at = min(at + size, stop)
            stops = [*places[1:].tolist(), at - begin]
            known = [one[first].tolist() for one in columns] + [one.tolist() for one in rest]
            yield from zip(places.tolist(), stops, *known, strict=True)
            size = min(size * 4, MANY)


def _any(mine: Array, chosen: Array, count: int) -> Array:
    found = np.zeros(count, bool)
    found[mine[chosen]] = True
    return found


def _taken(column: Array, places: Array) -> Array:
    """Rows of a table that may be empty."""
    return column[places] if len(column) else np.zeros(len(places), column.dtype)
