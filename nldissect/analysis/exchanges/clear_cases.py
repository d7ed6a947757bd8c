"""Pairing of clear answers with their requests, for all messages of a capture at once.

Messages of one port space with the same sequence number form a group. A request is clear if it is answered in full, and
by one port, before the next request of the group. All others are ambiguous and paired one by one (ambiguous.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat
from typing import NamedTuple

import numpy as np

from nldissect.columns.blocks.buffer import Array
from nldissect.families.answer_rules import NFTABLES
from nldissect.request_tracker import DEL, NEW
from nldissect.wire import NETLINK
from nldissect.wire.protocol import NLM_F

from .ambiguous import QUIET, AmbiguousGroup, Message
from .ledger import ACK, DATA, END, PLACES, REQUEST, Table, as_repeated
from .pairs import ECHO, ONLY, PORT, Pairs

FEW, MANY = 32, 8192
"""Number of ambiguous messages read from the table at first, and the most read at once."""


class RequestInfo(NamedTuple):
    """Facts about messages before they are paired; arrays with one entry per message.

    dump, due    bool: a request asks for all of something; a request is answered in any case
    alone        bool: a request is the only one of its datagram
    before       int32, row of the last end or acknowledgement before, to the same port, -1: none. A message's request
                 is not before that row, as the kernel answers inside the sender's send(), unless both were sent in one
                 datagram
    """

    dump: Array
    due: Array
    alone: Array
    before: Array


class PairingInput:
    """Messages that take part in exchanges, sorted by port space and sequence number, then in capture order.

    rows     of the ledger
    start    place of the first message of each one's group
    hard     places of ambiguous requests: their answers, up to the next request, are not clear
    """

    def __init__(self, table: Table, answers: Table, known: RequestInfo, rows: Array, same: Array) -> None:
        self.table, self.answers, self.known, self.rows = table, answers, known, rows
        places = np.arange(len(rows))
        begins = np.concatenate(([True], same[1:] != same[:-1]))
        self.start = np.maximum.accumulate(np.where(begins, places, 0))
        self.role = table["role"][rows]
        self.pid = table["pid"][rows]
        self.pairing_key = table["pairing_key"][rows]
        self.answer = table["answer"][rows]
        self.before = known.before[rows]
        self.alone = known.alone[rows]
        self.hard = places[:0]

    def plain(self, found: Pairs) -> None:
        """Pair each request with the messages up to the next request, and find the ambiguous requests."""
        rows, role, pid = self.rows, self.role, self.pid
        places = np.arange(len(rows))
        is_request = role == REQUEST
        latest = np.maximum.accumulate(np.where(is_request, places, -1))
        has = latest >= self.start
        mine = np.where(has, latest, 0)  # the request before
        reply = ~is_request & has
        count = len(rows)
        first = np.zeros(count, pid.dtype)  # the port of the first answer after it
        ported = (reply & (pid != 0)).nonzero()[0][::-1]
        first[mine[ported]] = pid[ported]
        unported = (role != ACK) & (pid == 0)  # by the kernel's own port: events, and answers of careless families
        asked_by = pid[mine]
        echoed, repeated = self._echoed(rows, rows[mine], role, reply)
        dump, wanted = self.known.dump[rows], self.known.due[rows]
        key_fits = (self.pairing_key == self.pairing_key[mine]) | (
            self._in_tables(self.pairing_key, self.pairing_key[mine]) & ~self.alone[mine]
        )
        bad = reply & ~unported & ((pid != first[mine]) | ((asked_by != 0) & (asked_by != pid)))
        bad |= reply & (role == ACK) & repeated & ~echoed
        bad |= reply & (role == END) & ~dump[mine]
        proven = _any(mine, reply & echoed, count)
        bad |= reply & (role == DATA) & ~key_fits & ~proven[mine]
        data = _any(mine, reply & (role == DATA), count)
        acked = _any(mine, reply & (role == ACK), count)
        ended = _any(mine, reply & (role == END), count)
        acks = self.table["flags"][rows] & NLM_F.ACK != 0
        done = ~wanted | acked | np.where(dump, ended, data & ~acks)
        again = self._again(is_request)
        opening = np.zeros(count, bool)  # the first answer after a request
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

    def _in_tables(self, pairing_key: Array, asked: Array) -> Array:
        """Return a mask of messages that belong to nftables, as do their requests.

        The events of a batch also concern objects of other kinds than its commands name.
        """
        found: Array = (pairing_key & ~0xFF == NFTABLES) & (asked & ~0xFF == NFTABLES)
        return found

    def _shadowed(self, is_request: Array, quiet: Array) -> Array:
        """Return a mask of requests soon after one of the same pairing key that needs no answer, and of the latter.

        An answer that comes then may belong to either of them.
        """
        found = np.zeros(len(is_request), bool)
        places = is_request.nonzero()[0]
        if not quiet[places].any():
            return found
        places = places[np.lexsort((places, self.pairing_key[places], self.start[places]))]
        turns = np.arange(len(places))
        last = np.maximum.accumulate(np.where(quiet[places], turns, 0))
        this, that = places[1:], places[last[:-1]]
        near = (self.start[this] == self.start[that]) & (self.pairing_key[this] == self.pairing_key[that]) & quiet[that]
        time = self.table["time"]
        near &= time[self.rows[this]] - time[self.rows[that]] <= QUIET
        found[this[near]] = found[that[near]] = True
        return found

    def _together(self, is_request: Array) -> Array:
        """Return a mask of requests of one datagram that have the same sequence number."""
        frame = self.table["key"][self.rows] >> PLACES
        after = is_request[1:] & is_request[:-1] & (frame[1:] == frame[:-1])
        after &= self.start[1:] == self.start[:-1]
        found: Array = np.append(after, False) | np.append(False, after)
        return found

    def _again(self, is_request: Array) -> Array:
        """Return a mask of requests that are not the last of their group."""
        places = np.arange(len(is_request))
        following = np.where(is_request, places, len(is_request))[::-1]
        following = np.minimum.accumulate(following)[::-1]  # this or the next request
        after = np.append(following[1:], len(is_request))
        inside = after < len(is_request)
        again: Array = inside & (self.start[np.where(inside, after, 0)] == self.start)
        return again

    def _echoed(self, rows: Array, requests: Array, role: Array, among: Array) -> tuple[Array, Array]:
        """Return two masks: acknowledgements that repeat the header of their request, and all that repeat one."""
        table, answers = self.table, self.answers
        places = (among & (role == ACK)).nonzero()[0]
        told, request = self.answer[places], requests[places]
        there = answers["there"][told]
        equal = there.copy()
        for name in ("length", "type", "pid"):
            equal &= answers[name][told] == table[name][request]
        equal &= answers["flags"][told] == self._repeated(request)
        echoed, repeated = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
        echoed[places], repeated[places] = equal, there
        return echoed, repeated

    def _repeated(self, rows: Array) -> Array:
        """Return the flags of requests as acknowledgements repeat them."""
        table = self.table
        return as_repeated(table["port_space"][rows] & 0xFFFF, table["type"][rows], table["flags"][rows])

    def one_by_one(self, found: Pairs) -> None:
        """Pair ambiguous messages: from each ambiguous request on, until no more answers are awaited."""
        ends = np.append(np.flatnonzero(self.start == np.arange(len(self.start))), len(self.rows))
        until = 0
        hard = self.hard.tolist()
        stops = ends[ends.searchsorted(self.hard, side="right")].tolist()
        for place, (begin, stop) in enumerate(zip(hard, stops, strict=True)):
            if begin >= until:
                until = self._from(found, begin, stop, map(hard.__getitem__, range(place + 1, len(hard))))

    def late(self, found: Pairs) -> None:
        """Pair events that are left over with the request of their port's last answer, if it changes their object.

        Such an event is read after the acknowledgement and after a later request with its number, unless that request
        claims the port.
        """
        request = found.request[self.rows]
        left = (self.role == DATA) & (self.pid != 0) & (request < 0)
        if not left.any():
            return
        places = np.arange(len(self.rows))
        order = np.lexsort((places, self.pid, self.start))
        start, pid, joined = self.start[order], self.pid[order], request[order] >= 0
        begins = np.append(True, (start[1:] != start[:-1]) | (pid[1:] != pid[:-1]))
        begin = np.maximum.accumulate(np.where(begins, places, 0))
        last = np.maximum.accumulate(np.where(joined | (self.role[order] == REQUEST), places, -1))
        mine = (left[order] & (last >= begin) & joined[last]).nonzero()[0]
        events, causes = self.rows[order[mine]], request[order[last[mine]]]
        pairing_key, about = self.pairing_key[order[mine]], self.table["pairing_key"][causes]
        verb = self.table["verb"][causes]
        caused = ((pairing_key == about) | self._in_tables(pairing_key, about)) & ((verb == NEW) | (verb == DEL))
        found.request[events[caused]], found.proof[events[caused]] = causes[caused], PORT

    def _from(self, found: Pairs, begin: int, stop: int, hard: Iterator[int]) -> int:
        """Pair the messages of a group from an ambiguous request on; return the place where that ends."""
        routing = int(self.table["port_space"][self.rows[begin]]) & 0xFFFF == NETLINK.ROUTE
        group = AmbiguousGroup(found, self.rows[begin:stop], routing)
        ahead = chain((one - begin for one in hard), repeat(stop - begin))
        return begin + group.join(self._messages(begin, stop), ahead)

    def _messages(self, begin: int, stop: int) -> Iterator[Message]:
        """Yield messages as tuples of the numbers that `AmbiguousGroup.join` needs, in growing chunks."""
        table, answers, known = self.table, self.answers, self.known
        at, size = begin, FEW
        while at < stop:
            some = slice(at, min(at + size, stop))
            rows, told = self.rows[some], self.answer[some]
            columns = (
                np.arange(some.start, some.stop) - begin, self.role[some], self.pid[some], self.pairing_key[some],
                table["first"][rows], table["flags"][rows], table["time"][rows], self.before[some],
                table["key"][rows] >> PLACES, self.alone[some], table["length"][rows], table["type"][rows],
                self._repeated(rows), known.dump[rows], known.due[rows],
                (told >= 0) & taken(answers["there"], told), taken(answers["length"], told),
                taken(answers["type"], told), taken(answers["flags"], told), taken(answers["pid"], told),
            )  # fmt: skip
            yield from zip(*(one.tolist() for one in columns), strict=True)
            at, size = some.stop, min(size * 4, MANY)


def _any(mine: Array, chosen: Array, count: int) -> Array:
    found = np.zeros(count, bool)
    found[mine[chosen]] = True
    return found


def taken(column: Array, places: Array) -> Array:
    """Return the entries of a column at places; zeros if the column is empty."""
    return column[places] if len(column) else np.zeros(len(places), column.dtype)
