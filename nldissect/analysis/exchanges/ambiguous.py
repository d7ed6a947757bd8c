"""Pairing of ambiguous answers, where several requests of one sequence number are open at once.

Messages are handled in capture order; each answer takes the request that fits it best by port id, repeated header,
pairing key and time. Where more than one request fits, all of them are marked as alike and stay in doubt: a later
answer may still belong to any of them, whatever answers they already have.
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
"""Nanoseconds from a request to its answer where other requests fit, too; QUIET holds for requests that need no answer.

If only older requests fit, the latest of them gets the answer."""
OPEN, DOUBTFUL = 512, 64
"""Most requests of one sequence number that are waited for at once, and most that are in doubt."""

Message = tuple[int, ...]
Header = tuple[int, ...]


class Answer(NamedTuple):
    """A message that answers a request.

    before   row of the latest end or acknowledgement before the message, to the same port; -1: none
    header   length, type, flags, port id that an acknowledgement repeats of the request; None if it repeats none
    """

    role: int
    pid: int
    pairing_key: int
    first: int
    flags: int
    time: int
    before: int
    header: Header | None


class OpenRequest:
    """A request and the facts known of it.

    frame    number of the frame that holds its datagram
    header   length, type, flags, port id: the fields that an acknowledgement repeats
    port     port id learned from an answer; `told`: the port id in the request itself, 0: none
    done     its last answer has come
    alone    it is the only request of its datagram
    """

    __slots__ = (
        "acks", "alone", "done", "due", "dump", "first", "frame", "header", "pairing_key", "port", "row", "time",
        "told",
    )  # fmt: skip

    def __init__(self, row: int, frame: int, header: Header, pairing_key: int, first: int, time: int) -> None:
        self.row, self.frame, self.header, self.time = row, frame, header, time
        self.pairing_key, self.first = pairing_key, first
        self.port: int | None = None
        self.told = header[3]
        self.acks = bool(header[2] & NLM_F.ACK)
        self.done = self.dump = self.due = self.alone = False


class AmbiguousGroup:
    """Ambiguous messages of one port space and sequence number, in capture order."""

    def __init__(self, found: Pairs, rows: Array, routing: bool) -> None:
        self.found, self.rows, self.routing = found, rows, routing
        self._waiting: dict[int, OpenRequest] = {}  # by row
        self._doubtful: dict[int, OpenRequest] = {}
        self._ports: dict[int, OpenRequest] = {}
        self._owners: dict[int, list[OpenRequest]] = {}
        self._datagrams: dict[int, list[OpenRequest]] = {}
        self._late: list[tuple[int, int, list[OpenRequest]]] = []

    def join(self, messages: Iterator[Message], hard: Iterator[int]) -> int:
        """Pair messages until no answer is awaited and the next request is clear; return the place reached.

        messages   tuples of numbers, one per message, beginning with its place in the group
        hard       places of ambiguous requests, ascending, then the place of the end
        """
        ahead = next(hard)
        for place, role, pid, pairing_key, first, flags, time, before, frame, alone, *more in messages:
            length, number, kept, dump, wanted, there, *echo = more
            if role == REQUEST:
                while ahead < place and ahead < len(self.rows):
                    ahead = next(hard)
                if place and place < ahead and not self._expects(time):
                    self._take_late()
                    return place
                one = OpenRequest(int(self.rows[place]), frame, (length, number, kept, pid), pairing_key, first, time)
                one.dump, one.due, one.alone = bool(dump), bool(wanted), bool(alone)
                self._open(one)
                continue
            answer = Answer(role, pid, pairing_key, first, flags, time, before, tuple(echo) if there else None)
            owner, proof = self._owner(answer)
            self.found.request[self.rows[place]] = NONE
            if owner is None:
                self._late.append((place, pid, self._rivals([], answer)))
            else:
                self._bind(owner, place, answer, proof)
        self._take_late()
        return len(self.rows)

    def _expects(self, time: int) -> bool:
        """Return whether an earlier request may still be answered, or an earlier pairing may be wrong."""
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
        """Return the request that is answered, None if there is none, and the proof for it (see pairs.py)."""
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
        """Return request and proof for an answer without a port id: the latest open request without a port."""
        parted = answer.role == END or bool(answer.flags & NLM_F.MULTI)
        fitting = [one for one in self._waiting.values() if one.dump or not parted]
        fitting = [one for one in fitting if one.pairing_key == answer.pairing_key or answer.role == END]
        fitting = _recent([one for one in fitting if one.port is None] or fitting[-1:], answer.time)
        return self._unless_alike(fitting[-1], fitting, answer, ONLY) if fitting else (None, UNPAIRED)

    def _unless_alike(
        self, owner: OpenRequest, alike: list[OpenRequest], answer: Answer, proof: int
    ) -> tuple[OpenRequest, int]:
        """Return the request and its proof: ORDER if other requests fit the answer as well, which are then in doubt."""
        others = [one for one in alike if one is not owner]
        if not owner.alone:
            together = [one for one in self._datagrams[owner.frame] if one is not owner and _may_fit(one, answer)]
            others += [one for one in self._as_near([owner], together, answer) if one not in others]
        if not others:
            return owner, proof
        self._doubt([owner, *others])
        return owner, ORDER

    def _nearest(self, fitting: list[OpenRequest], answer: Answer) -> list[OpenRequest]:
        """Return the fitting requests that can have the answer, by pairing key, dump and address family."""
        if answer.role != DATA:
            return _recent(fitting, answer.time)
        fitting = _recent([one for one in fitting if one.pairing_key == answer.pairing_key] or fitting, answer.time)
        parted = bool(answer.flags & NLM_F.MULTI)
        fitting = [one for one in fitting if one.dump == parted] or fitting
        if not self.routing:
            return fitting
        if answer.pairing_key == ANY_FAMILY:
            own = answer.first == OF_ITS_OWN
            return [one for one in fitting if (one.first == OF_ITS_OWN) == own] or fitting
        return [one for one in fitting if one.first in (0, answer.first)] or fitting

    def _rivals(self, fitting: list[OpenRequest], answer: Answer) -> list[OpenRequest]:
        """Return requests in doubt that an answer may belong to as well.

        If the request of the answer's port is in doubt itself, these include all open requests without another port.
        """
        known = self._ports.get(answer.pid)
        among = self._doubtful
        if known is not None and known.row in among:
            among = among | {row: one for row, one in self._waiting.items() if one.port in (None, answer.pid)}
        rivals = [one for one in among.values() if _is_later(one, answer.before, None) and one not in fitting]
        rivals = [one for one in rivals if _is_near(one, answer.time) and _may_fit(one, answer)]
        return self._as_near(fitting, rivals, answer)

    def _as_near(self, taken: list[OpenRequest], others: list[OpenRequest], answer: Answer) -> list[OpenRequest]:
        """Return those of `others` that fit an answer as well as the requests in `taken`."""
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
        """Pair answers that fitted no request with the last request of their port, if a later answer gave the port."""
        for place, pid, rivals in self._late:
            row = self.rows[place]
            before = [one for one in self._owners.get(pid, ()) if one.row < row]
            if before and pid:
                latest = max(before, key=lambda one: one.row)
                self.found.request[row], self.found.proof[row] = latest.row, PORT
                if rivals:
                    self._doubt([latest, *(one for one in rivals if one is not latest)])


def _recent(fitting: list[OpenRequest], time: int) -> list[OpenRequest]:
    """Return the requests that may still be answered at a time; if all have waited too long, only the last."""
    if time == NO_TIME:
        return fitting
    return [one for one in fitting if _is_near(one, time)] or fitting[-1:]


def _is_near(one: OpenRequest, time: int) -> bool:
    return NO_TIME in (one.time, time) or time - one.time <= (TOGETHER if one.due else QUIET)


def _is_later(one: OpenRequest, before: int, known: OpenRequest | None) -> bool:
    """Return whether a request follows the last answers to its port, or shares a datagram with the port's last request.

    before   row of the last end or acknowledgement to the port
    known    last request of the port
    """
    if one.row <= before and one.alone:
        return False
    return known is None or one.row > known.row or one.frame == known.frame


def _goes_on(one: OpenRequest, time: int) -> bool:
    """Return whether a request that needs no answer may get another one."""
    return not (one.due or one.done) and _is_near(one, time)


def _fits(one: OpenRequest, answer: Answer, *, known: bool) -> bool:
    """Return whether a message may answer a request; `known`: the message's port is certainly the request's."""
    if one.port is not None and one.port != answer.pid:
        return False
    if answer.role == ACK:
        return answer.header is None or one.header == answer.header
    if one.told and one.told != answer.pid and not known:
        return False
    if answer.role == END:
        return one.dump
    return known or one.pairing_key == answer.pairing_key or _in_tables(one, answer)


def _may_fit(one: OpenRequest, answer: Answer, claims: bool = True) -> bool:
    """Return whether a message may answer a request regardless of the port learned for it.

    claims   the port id in the request itself must fit
    """
    if claims and one.told and one.told != answer.pid:
        return False
    if answer.role == ACK:
        return answer.header is None or one.header == answer.header
    if answer.role == END:
        return one.dump
    return one.pairing_key == answer.pairing_key or _in_tables(one, answer)


def _in_tables(one: OpenRequest, answer: Answer) -> bool:
    """Return whether answer and request belong to nftables batches.

    The events of a batch also concern objects of other kinds than its commands name.
    """
    return not one.alone and answer.pairing_key & ~0xFF == one.pairing_key & ~0xFF == NFTABLES
