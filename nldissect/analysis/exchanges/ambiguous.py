"""Which answer belongs to which request where several requests of one sequence number are open at once.

Messages are gone through as they came, each answer taking the request that fits it best. What fits is told by port id,
the repeated header, the kind of message and time. Where more than one request fits, all of them are said to be alike,
and stay in doubt: they may still be what a later answer belongs to, whatever has been given to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from nldissect.columns.blocks.block import NO_TIME
from nldissect.columns.blocks.buffer import Array
from nldissect.families.answer_rules import ANY_FAMILY, NFTABLES, OF_ITS_OWN
from nldissect.wire.protocol import NLM_F

from .ledger import ACK, DATA, END, REQUEST
from .pairs import ECHO, NONE, ONLY, ORDER, PORT, UNPAIRED, Pairs

TOGETHER, QUIET = 1_000_000_000, 100_000_000
"""Requests this much older than the latest that fits are no longer waited for, in nanoseconds; the second, those that
need no answer."""
OPEN, DOUBTFUL = 512, 64
"""So many requests of one sequence number are waited for at once, or in doubt."""

Message = tuple[int, ...]
Header = tuple[int, ...]


class Answer(NamedTuple):
    """A message that answers something.

    before   row of the last end before of the same port
    header   what an acknowledgement repeats of the request: length, type, flags, port id; None if it does not
    """

    role: int
    pid: int
    kin: int
    first: int
    flags: int
    time: int
    before: int
    header: Header | None


class OpenRequest:
    """A request and what is known of it.

    frame    its datagram
    header   length, type, flags, port id: what an acknowledgement repeats
    port     learnt from an answer, or told by the request
    done     its last answer came
    alone    it is the only request of its datagram
    """

    __slots__ = (
        "acks", "alone", "done", "due", "dump", "first", "frame", "header", "kin", "port", "row", "time", "told",
    )  # fmt: skip

    def __init__(self, row: int, frame: int, header: Header, kin: int, first: int, time: int) -> None:
        self.row, self.frame, self.header, self.kin, self.first, self.time = row, frame, header, kin, first, time
        self.port: int | None = None
        self.told = header[3]
        self.acks = bool(header[2] & NLM_F.ACK)
        self.done = self.dump = self.due = self.alone = False


class AmbiguousGroup:
    """Messages of one lane and sequence number that are not plain, in the order they came."""

    def __init__(self, found: Pairs, rows: Array, routing: bool) -> None:
        self.found, self.rows, self.routing = found, rows, routing
        self._waiting: dict[int, OpenRequest] = {}  # by row
        self._doubtful: dict[int, OpenRequest] = {}
        self._ports: dict[int, OpenRequest] = {}
        self._owners: dict[int, list[OpenRequest]] = {}
        self._datagrams: dict[int, list[OpenRequest]] = {}
        self._late: list[tuple[int, int, list[OpenRequest]]] = []

    def join(self, messages: Iterator[Message], hard: Iterator[int]) -> int:
        """Go through them until nothing is waited for and what follows is plain; gives the place where that is.

        messages   with their places
        hard       places of requests whose answers are not plain, and the end
        """
        ahead = next(hard)
        for place, role, pid, kin, first, flags, time, before, frame, alone, *more in messages:
            length, number, kept, dump, wanted, there, *echo = more
            if role == REQUEST:
                while ahead < place and ahead < len(self.rows):
                    ahead = next(hard)
                if place and place < ahead and not self._expects(time):
                    self._take_late()
                    return place
                one = OpenRequest(int(self.rows[place]), frame, (length, number, kept, pid), kin, first, time)
                one.dump, one.due, one.alone = bool(dump), bool(wanted), bool(alone)
                self._open(one)
                continue
            answer = Answer(role, pid, kin, first, flags, time, before, tuple(echo) if there else None)
            owner, proof = self._owner(answer)
            self.found.request[self.rows[place]] = NONE
            if owner is None:
                self._late.append((place, pid, self._rivals([], answer)))
            else:
                self._bind(owner, place, answer, proof)
        self._take_late()
        return len(self.rows)

    def _expects(self, time: int) -> bool:
        """Whether an answer to what came so far may still come, or what came may be mistaken."""
        return any(one.due or _is_near(one, time) for one in self._waiting.values()) or any(
            _is_near(one, time) for one in self._doubtful.values()
        )

    def _open(self, one: OpenRequest) -> None:
        self._waiting[one.row] = one
        if len(self._waiting) > OPEN:
            del self._waiting[next(iter(self._waiting))]
        if not one.alone:
            self._datagrams.setdefault(one.frame, []).append(one)

    def _owner(self, answer: Answer) -> tuple[OpenRequest | None, int]:
        """Who is answered, and what tells that."""
        if answer.role != ACK and not answer.pid:
            return self._unported(answer)
        by_port, by_itself = (PORT, ONLY) if answer.header is None else (ECHO, ECHO)
        known = self._ports.get(answer.pid)
        fits = known is not None and _fits(known, answer, known=True)
        fitting = [one for one in self._waiting.values() if _fits(one, answer, known=False)] or [
            one for one in self._waiting.values() if one.port is None and _may_fit(one, answer, claims=False)
        ]  # the kernel ignores what port a request claims
        fitting = [one for one in fitting if one is not known and _is_later(one, answer.before, known)]
        told = [one for one in fitting if one.told == answer.pid]
        if known is not None and fits and known.due and not known.done and (known.dump or not told):
            return self._unless_alike(known, [], answer, by_port)
        if told:  # the last that its port sent; of several in one datagram the first
            first = next(one for one in told if one.frame == told[-1].frame)
            return self._unless_alike(first, [], answer, by_port)
        fitting = self._nearest(fitting, answer)
        if known is not None and fits and (not fitting or (answer.role == DATA and _goes_on(known, answer.time))):
            return self._unless_alike(known, [*fitting, *self._rivals([known, *fitting], answer)], answer, by_port)
        if not fitting:
            return None, UNPAIRED
        owner = next((one for one in fitting if one.due), fitting[-1])
        return self._unless_alike(owner, [*fitting, *self._rivals(fitting, answer)], answer, by_itself)

    def _unported(self, answer: Answer) -> tuple[OpenRequest | None, int]:
        """Who is answered by a message without a port id: the latest that waits for such, and has no port yet."""
        parted = answer.role == END or bool(answer.flags & NLM_F.MULTI)
        fitting = [one for one in self._waiting.values() if one.dump or not parted]
        fitting = [one for one in fitting if one.kin == answer.kin or answer.role == END]
        fitting = _recent([one for one in fitting if one.port is None] or fitting[-1:], answer.time)
        return self._unless_alike(fitting[-1], fitting, answer, ONLY) if fitting else (None, UNPAIRED)

    def _unless_alike(
        self, owner: OpenRequest, alike: list[OpenRequest], answer: Answer, proof: int
    ) -> tuple[OpenRequest, int]:
        """The request that is taken, and what tells that: the order, where it is one of several."""
        others = [one for one in alike if one is not owner]
        if not owner.alone:
            together = [one for one in self._datagrams[owner.frame] if one is not owner and _may_fit(one, answer)]
            others += [one for one in self._as_near([owner], together, answer) if one not in others]
        if not others:
            return owner, proof
        self._doubt([owner, *others])
        return owner, ORDER

    def _nearest(self, fitting: list[OpenRequest], answer: Answer) -> list[OpenRequest]:
        """Of several that fit an answer those that can have it: a part of a dump, and of the address family asked."""
        if answer.role != DATA:
            return _recent(fitting, answer.time)
        fitting = _recent([one for one in fitting if one.kin == answer.kin] or fitting, answer.time)
        parted = bool(answer.flags & NLM_F.MULTI)
        fitting = [one for one in fitting if one.dump == parted] or fitting
        if not self.routing:
            return fitting
        if answer.kin == ANY_FAMILY:
            own = answer.first == OF_ITS_OWN
            return [one for one in fitting if (one.first == OF_ITS_OWN) == own] or fitting
        return [one for one in fitting if one.first in (0, answer.first)] or fitting

    def _rivals(self, fitting: list[OpenRequest], answer: Answer) -> list[OpenRequest]:
        """Requests in doubt that an answer may belong to as well; where what its port asked is in doubt, all without
        another port.
        """
        known = self._ports.get(answer.pid)
        among = self._doubtful
        if known is not None and known.row in among:
            among = among | {row: one for row, one in self._waiting.items() if one.port in (None, answer.pid)}
        rivals = [one for one in among.values() if _is_later(one, answer.before, None) and one not in fitting]
        rivals = [one for one in rivals if _is_near(one, answer.time) and _may_fit(one, answer)]
        return self._as_near(fitting, rivals, answer)

    def _as_near(self, taken: list[OpenRequest], others: list[OpenRequest], answer: Answer) -> list[OpenRequest]:
        """Others that can have an answer as well as those that are taken."""
        nearest = self._nearest([*taken, *others], answer) if others else others
        return [one for one in others if one in nearest]

    def _doubt(self, alike: list[OpenRequest]) -> None:
        for one in alike:
            self.found.alike[one.row] = max(int(self.found.alike[one.row]), len(alike))
            self._doubtful[one.row] = one
        while len(self._doubtful) > DOUBTFUL:
            del self._doubtful[next(iter(self._doubtful))]

    def _bind(self, owner: OpenRequest, place: int, answer: Answer, proof: int) -> None:
        row = self.rows[place]
        self.found.request[row], self.found.proof[row] = owner.row, proof
        if answer.pid and owner.port != answer.pid:
            owner.port = answer.pid
            self._ports[answer.pid] = owner
            self._owners.setdefault(answer.pid, []).append(owner)
        owner.done |= answer.role in (ACK, END) or (owner.due and not owner.dump and not owner.acks)
        if owner.done:
            self._waiting.pop(owner.row, None)

    def _take_late(self) -> None:
        """Answers that no request was known to fit belong to the last one of their port, once that was learnt."""
        for place, pid, rivals in self._late:
            row = self.rows[place]
            before = [one for one in self._owners.get(pid, ()) if one.row < row]
            if before and pid:
                latest = max(before, key=lambda one: one.row)
                self.found.request[row], self.found.proof[row] = latest.row, PORT
                if rivals:
                    self._doubt([latest, *(one for one in rivals if one is not latest)])


def _recent(fitting: list[OpenRequest], time: int) -> list[OpenRequest]:
    """Requests that may still be answered at a time; of those that have waited long the last, if there is no other."""
    if time == NO_TIME:
        return fitting
    return [one for one in fitting if _is_near(one, time)] or fitting[-1:]


def _is_near(one: OpenRequest, time: int) -> bool:
    return NO_TIME in (one.time, time) or time - one.time <= (TOGETHER if one.due else QUIET)


def _is_later(one: OpenRequest, before: int, known: OpenRequest | None) -> bool:
    """Whether a request came after what its port was told before, or in one datagram with that.

    before   row of the last end before
    known    the port's request before
    """
    if one.row <= before and one.alone:
        return False
    return known is None or one.row > known.row or one.frame == known.frame


def _goes_on(one: OpenRequest, time: int) -> bool:
    """Whether more may come of a request that needs no answer."""
    return not (one.due or one.done) and _is_near(one, time)


def _fits(one: OpenRequest, answer: Answer, *, known: bool) -> bool:
    """Whether a message may answer a request; `known` where the port is that of the request for sure."""
    if one.port is not None and one.port != answer.pid:
        return False
    if answer.role == ACK:
        return answer.header is None or one.header == answer.header
    if one.told and one.told != answer.pid and not known:
        return False
    if answer.role == END:
        return one.dump
    return known or one.kin == answer.kin or _in_tables(one, answer)


def _may_fit(one: OpenRequest, answer: Answer, claims: bool = True) -> bool:
    """The same, whatever has been given to the request; without `claims` whatever port it says it has."""
    if claims and one.told and one.told != answer.pid:
        return False
    if answer.role == ACK:
        return answer.header is None or one.header == answer.header
    if answer.role == END:
        return one.dump
    return one.kin == answer.kin or _in_tables(one, answer)


def _in_tables(one: OpenRequest, answer: Answer) -> bool:
    """What a batch of nftables changes is told of other objects too than its commands name."""
    return not one.alone and answer.kin & ~0xFF == one.kin & ~0xFF == NFTABLES
