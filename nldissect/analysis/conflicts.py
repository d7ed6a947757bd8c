"""Which answer belongs to which request where several requests of one sequence number are open at once.

Messages are gone through as they came, each answer taking the request that fits it best. What fits is told by port id,
the repeated header, the kind of message and time. Where more than one request fits, all of them are said to be alike,
and stay in doubt: they may still be what a later answer belongs to, whatever has been given to them.
"""

from __future__ import annotations

from collections.abc import Iterator

from nldissect.families.answering import NFTABLES
from nldissect.index.block import NO_TIME
from nldissect.index.raw import Array
from nldissect.wire.flags import NLM_F

from .ledger import ACK, DATA, END, REQUEST
from .pairs import ECHO, NONE, ONLY, ORDER, PORT, UNPAIRED, Pairs

TOGETHER, QUIET = 1_000_000_000, 100_000_000
"""Requests this much older than the latest that fits are no longer waited for, in nanoseconds; the second, those that
need no answer."""
LINK, AF_BRIDGE = 0, 7
"""Links are asked for with any family; that of bridges alone gives something else."""
OPEN = 512
"""So many requests of one sequence number are waited for at once."""

Message = tuple[int, ...]
Header = tuple[int, ...]


class Open:
    """A request and what is known of it.

    header   length, type, flags, port id: what an acknowledgement repeats
    port     learnt from an answer, or told by the request
    done     its last answer came
    alone    it is the only request of its datagram, which is a frame
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


class Group:
    """Messages of one lane and sequence number that are not plain, in the order they came."""

    def __init__(self, found: Pairs, rows: Array, routing: bool) -> None:
        self.found, self.rows, self.routing = found, rows, routing
        self._waiting: list[Open] = []
        self._doubtful: list[Open] = []
        self._ports: dict[int, Open] = {}
        self._late: list[tuple[int, int, int, list[Open]]] = []
        self._owners: dict[int, list[Open]] = {}

    def join(self, messages: Iterator[Message], hard: Iterator[int]) -> int:
        """Go through them until nothing is waited for and what follows is plain; gives the place where that is.

        messages   equal ones one behind the other as one: place of the first, and behind the last
        hard       places of requests whose answers are not plain, and the end
        """
        ahead = next(hard)
        for place, stop, role, pid, kin, first, flags, time, before, frame, alone, *more in messages:
            length, number, kept, dump, wanted, there, *echo = more
            if role == REQUEST:
                while ahead < place and ahead < len(self.rows):
                    ahead = next(hard)
                if place and place < ahead and not self._expects(time):
                    self._take_late()
                    return place
                one = Open(int(self.rows[place]), frame, (length, number, kept, pid), kin, first, time)
                one.dump, one.due, one.alone = bool(dump), bool(wanted), bool(alone)
                self._waiting.append(one)
                if len(self._waiting) > OPEN:
                    self._waiting.pop(0)
                continue
            header = tuple(echo) if there else None
            owner, proof = self._owner(role, pid, kin, first, flags, time, before, header)
            self.found.request[self.rows[place:stop]] = NONE
            if owner is None:
                self._late.append((place, stop, pid, self._rivals([], role, pid, kin, time, before, header)))
            else:
                self._bind(owner, place, stop, role, pid, proof)
        self._take_late()
        return len(self.rows)

    def _expects(self, time: int) -> bool:
        """Whether an answer to what came so far may still come, or what came may be mistaken."""
        return any(one.due or _is_near(one, time) for one in self._waiting) or any(
            _is_near(one, time) for one in self._doubtful
        )

    def _owner(
        self, role: int, pid: int, kin: int, first: int, flags: int, time: int, before: int, header: Header | None
    ) -> tuple[Open | None, int]:
        if role != ACK and not pid:
            return self._unported(role, kin, flags)
        by_port = PORT if header is None else ECHO
        known = self._ports.get(pid)
        fits = known is not None and _fits(known, role, pid, kin, header, known=True)
        fitting = [one for one in self._waiting if _fits(one, role, pid, kin, header, known=False)]
        fitting = [one for one in fitting if one is not known and _is_later(one, before, known)]
        told = [one for one in fitting if one.told == pid]
        if fits and known is not None and known.due and not known.done and (known.dump or not told):
            return known, by_port
        if told:  # the last that its port sent; of several in one datagram the first
            return next(one for one in told if one.frame == told[-1].frame), by_port
        fitting = _recent(fitting, time)
        if role == DATA:
            fitting = [one for one in fitting if one.kin == kin] or fitting
            fitting = self._nearest(fitting, kin, first, flags)
        if known is not None and fits and (not fitting or (role == DATA and _goes_on(known, time))):
            fitting = [known, *fitting]
        if not fitting:
            return None, UNPAIRED
        rivals = self._rivals(fitting, role, pid, kin, time, before, header)
        if len(fitting) == 1 and not rivals:
            return fitting[0], by_port if fitting[0] is known else ONLY if header is None else ECHO
        self._doubt([*fitting, *rivals])
        waiting = [one for one in fitting if one.due]
        return (waiting[0] if waiting and fitting[0] is not known else fitting[0 if known in fitting else -1]), ORDER

    def _rivals(
        self, fitting: list[Open], role: int, pid: int, kin: int, time: int, before: int, header: Header | None
    ) -> list[Open]:
        """Requests in doubt that an answer may belong to as well."""
        return [
            one
            for one in self._doubtful
            if one not in fitting
            and _is_later(one, before, None)
            and _is_near(one, time)
            and _may_fit(one, role, pid, kin, header)
        ]

    def _doubt(self, alike: list[Open]) -> None:
        for one in alike:
            self.found.alike[one.row] = max(int(self.found.alike[one.row]), len(alike))
            if one not in self._doubtful:
                self._doubtful.append(one)

    def _unported(self, role: int, kin: int, flags: int) -> tuple[Open | None, int]:
        """Who is answered by a message without a port id: the latest that waits for such."""
        parted = role == END or bool(flags & NLM_F.MULTI)
        fitting = [one for one in self._waiting if (one.dump or not parted) and (one.kin == kin or role == END)]
        return (fitting[-1], ONLY if len(fitting) == 1 else ORDER) if fitting else (None, UNPAIRED)

    def _nearest(self, fitting: list[Open], kin: int, first: int, flags: int) -> list[Open]:
        """Of several that fit an answer those that can have it: a part of a dump, and of the address family asked."""
        parted = bool(flags & NLM_F.MULTI)
        fitting = [one for one in fitting if one.dump == parted] or fitting
        if not self.routing:
            return fitting
        if kin == LINK:
            return [one for one in fitting if (one.first == AF_BRIDGE) == (first == AF_BRIDGE)] or fitting
        return [one for one in fitting if one.first in (0, first)] or fitting

    def _bind(self, owner: Open, place: int, stop: int, role: int, pid: int, proof: int) -> None:
        rows = self.rows[place:stop]
        self.found.request[rows], self.found.proof[rows] = owner.row, proof
        if pid and owner.port != pid:
            owner.port = pid
            self._ports[pid] = owner
            self._owners.setdefault(pid, []).append(owner)
        ends = role in (ACK, END) or (owner.due and not owner.dump and not owner.acks)
        if ends and not owner.done:
            owner.done = True
        if owner.done and owner in self._waiting:
            self._waiting.remove(owner)

    def _take_late(self) -> None:
        """Answers that no request was known to fit belong to the last one of their port, once that was learnt."""
        for place, stop, pid, rivals in self._late:
            rows = self.rows[place:stop]
            before = [one for one in self._owners.get(pid, ()) if one.row < rows[0]]
            if before and pid:
                latest = max(before, key=lambda one: one.row)
                self.found.request[rows], self.found.proof[rows] = latest.row, PORT
                if rivals:
                    self._doubt([latest, *(one for one in rivals if one is not latest)])


def _recent(fitting: list[Open], time: int) -> list[Open]:
    """Requests that may still be answered at a time; of those that have waited long the last, if there is no other."""
    if time == NO_TIME:
        return fitting
    return [one for one in fitting if _is_near(one, time)] or fitting[-1:]


def _is_later(one: Open, before: int, known: Open | None) -> bool:
    """Whether a request came after what its port was told before, or in one datagram with that.

    before   row of the last end before
    known    the port's request before
    """
    if one.row <= before and one.alone:
        return False
    return known is None or one.row > known.row or one.frame == known.frame


def _is_near(one: Open, time: int) -> bool:
    return NO_TIME in (one.time, time) or time - one.time <= (TOGETHER if one.due else QUIET)


def _goes_on(one: Open, time: int) -> bool:
    """Whether more may come of a request that needs no answer."""
    return not (one.due or one.done) and _is_near(one, time)


def _fits(one: Open, role: int, pid: int, kin: int, header: Header | None, *, known: bool) -> bool:
    """Whether a message may answer a request; `known` where the port is that of the request for sure."""
    if one.port is not None and one.port != pid:
        return False
    if role == ACK:
        return one.header == header if header is not None else True
    if one.told and one.told != pid and not known:
        return False
    if role == END:
        return one.dump
    return known or _is_kin(one, kin)


def _may_fit(one: Open, role: int, pid: int, kin: int, header: Header | None) -> bool:
    """The same, but whatever has been given to the request may be another's."""
    if one.told and one.told != pid:
        return False
    if role == ACK:
        return one.header == header if header is not None else True
    return one.dump if role == END else _is_kin(one, kin)


def _is_kin(one: Open, kin: int) -> bool:
    return one.kin == kin or (not one.alone and kin & ~0xFF == one.kin & ~0xFF == NFTABLES)
