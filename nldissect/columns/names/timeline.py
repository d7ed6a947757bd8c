"""Timeline of names: what interfaces, generic families and nftables sets are called at each frame of a file.

A name holds from the frame that gives it until another frame gives another. Numbers of interfaces and sets mean
something in one network namespace alone; generic families, and what is known of their policies, are the host's.

    timeline.learn(INTERFACE, 2, "eth0", at=17, space=namespace)
    timeline.name(INTERFACE, 2, at=20, space=namespace)     "eth0"
    timeline.context(20, namespace)                         a Context for `walk` that knows the names of that frame

Frames are told apart by a number that grows: where they begin in the file, or how many records came before.

What no earlier frame names takes the first name that a later one gives (LENT), where the file is at hand: a timeline
that `lends` dates first names back; any other asks `ahead` for one of the whole file when it first misses a name.
A family's is one that was asked for, if there is such. An interface's is not dated back further than the request that
may have given it: one that carries the number and a name, or the name, or, where the interface is told to be new, any
that makes one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from operator import itemgetter
from threading import RLock
from typing import NamedTuple

from nldissect.capfile import Interface
from nldissect.capfile.comments import agreed, numbered
from nldissect.uapi import GENL_ID_CTRL
from nldissect.wire.context import POLICY, SHARED, Context
from nldissect.wire.family_trust import FamilyTrust

GENL, INTERFACE, NFT_SET = "genl", "interface", "nft_set"
LENT = (GENL, INTERFACE)
"""What a later frame tells of an earlier one. Sets of nftables have their ids within one transaction."""
START, END = -1, 1 << 62
CAPACITY = 1 << 18
"""Names kept of one capture, about 200 bytes each."""
REQUESTS = 4096
"""Names in requests kept in mind, of each namespace."""

MAKES = object()
"""Stands for any request that makes an interface."""

_AT = itemgetter(0)
History = list[tuple[int, str]]
"""From which frame on a number has which name."""


class NameChange(NamedTuple):
    """The frame of a block from which a number has a name."""

    frame: int
    what: str
    number: int
    name: str


class NameTimeline:
    """The names of one capture at each of its frames. What is learnt comes in the order of the frames; lookups may come
    from another thread.

    At most CAPACITY names are kept, then of each number the latest one, and of half as many numbers those named last:
    some 50 MB. What a number was called before is then unknown.

    fixed        names of generic family ids that hold always: the user gave them
    families     those that hold at the beginning
    interfaces   those that the caller knows, until a comment or a frame says otherwise
    sources      the reader's, and `comments` of its sections: what they tell of interfaces holds until a frame says
                 otherwise; both may grow
    lends        a first name holds before it is given, too; for timelines that are complete when they are asked
    ahead        makes the timeline of the whole file; None where it can't be read twice
    is_whole     nothing that was learnt is forgotten
    end          where in the file, if it is whole up to there, the frames begin that it does not know
    """

    def __init__(
        self,
        fixed: dict[int, str] | None = None,
        families: dict[int, str] | None = None,
        sources: Sequence[Interface] = (),
        comments: Sequence[str] = (),
        lends: bool = False,
        ahead: Callable[[], NameTimeline | None] | None = None,
    ) -> None:
        self.fixed = fixed or {}
        self.families = {GENL_ID_CTRL: "nlctrl", **(families or {})}
        self.lends = lends
        self.looks_ahead: Sequence[str] = LENT
        self.interfaces: dict[int, str] = {}
        self._sources, self._comments = sources, comments
        self._initial: dict[str, tuple[int, dict[int, str]]] = {}
        self._lock = RLock()
        self._histories: dict[tuple[str, str], dict[int, History]] = {}
        self.trust = FamilyTrust()
        self._asked: dict[int, str] = {}  # first names of families that were asked for
        self._renamed: set[tuple[tuple[str, str], int]] = set()
        self._count = 0
        self._make_ahead = ahead
        self._ahead: NameTimeline | None = None
        self._requests: dict[str, dict[object, int]] = {}
        self._begins: dict[str, list[tuple[int, int, str]]] = {}
        self._unnamed: set[int] = set()
        self.is_whole = True
        self.end = START
        self._changes: list[tuple[int, NameChange, str]] = []

    def learn(self, what: str, number: int, name: str, at: int, space: str = "", since: int = START) -> bool:
        """Learn the name that the frame at `at` gives a number; return whether it is news. An empty one is none.

        since   see `origin`
        """
        if not name:
            return False
        with self._lock:
            place = what, "" if what in SHARED else space
            histories = self._histories.setdefault(place, {})
            history = histories.get(number)
            if at < self.known_until():
                return history is not None and (at, name) in history
            if what == GENL and self.trust.is_sure(number):
                self._asked.setdefault(number, name)
            if history is None:
                first = self._first(what, number, space)
                if first == name:
                    return False
                lent = self.lends and what == INTERFACE and first is None
                histories[number] = [(since if lent else at, name)]
            elif history[-1][1] == name:
                return False
            else:
                history.append((at, name))
                self._renamed.add((place, number))
            self._count += 1
            if self._count > CAPACITY:
                self._make_room()
            return True

    def is_first(self, what: str, number: int, space: str = "") -> bool:
        """Return whether no frame has given a number a name so far."""
        return number not in self._histories.get((what, "" if what in SHARED else space), ())

    def settle(self, at: int) -> None:
        """Forget what held before the frame at `at` alone: no earlier frame is asked about again."""
        with self._lock:
            for place, number in self._renamed:
                history = self._histories[place][number]
                begin = max(bisect_right(history, at, key=_AT) - 1, 0)
                self._count -= begin
                del history[:begin]
            self._renamed = {key for key in self._renamed if len(self._histories[key[0]][key[1]]) > 1}

    def observe_request(self, at: int, space: str, number: int, name: str | None, makes: bool) -> None:
        """Remember a request that may give an interface its name: see `origin`."""
        seen = self._requests.setdefault(space, {})
        if name is not None:
            if number > 0:
                seen.pop(number, None)
                seen[number] = at
            seen.pop(name, None)
            seen[name] = at
        if makes:
            seen[MAKES] = at
        while len(seen) > REQUESTS:
            del seen[next(key for key in seen if key is not MAKES)]

    def origin(self, space: str, number: int, name: str, new: bool) -> int:
        """Return from which frame on an interface, whose first name this is, has it: that of the request that may have
        given it, or START.

        new   the frame that names it tells that it was made
        """
        seen = self._requests.get(space, {})
        renamed = seen.get(number, START - 1) + 1
        return max(renamed, seen.get(name, START), seen.get(MAKES, START) if new else START)

    def name(self, what: str, number: int, at: int = END, space: str = "") -> str | None:
        """Return what a number is called in the frame at `at`, which counts itself, or None."""
        if what == GENL and number in self.fixed:
            return self.fixed[number]
        with self._lock:
            history = self._histories.get((what, "" if what in SHARED else space), {}).get(number)
            found = (_at(history, at) if history else None) or self._first(what, number, space)
            if found is None and history and what == GENL and self.lends:
                found = self._asked.get(number, history[0][1])
        if found is None and what in self.looks_ahead and (what != GENL or number > GENL_ID_CTRL):
            ahead = self.ahead()
            found = ahead.name(what, number, at, space) if ahead is not None else None
        if found is None and what == GENL:
            self._unnamed.add(number)
        return found

    def known(self, what: str, number: int, at: int = END, space: str = "") -> str | None:
        """Return the name that comments, or frames up to the one at `at`, gave a number: nobody looks ahead."""
        with self._lock:
            history = self._histories.get((what, "" if what in SHARED else space), {}).get(number)
            return (_at(history, at) if history else None) or self._first(what, number, space)

    def ahead(self) -> NameTimeline | None:
        """Return the timeline of the whole file, made when it is first asked for."""
        with self._lock:
            if self._make_ahead is not None:
                make, self._make_ahead = self._make_ahead, None
                self._ahead = make()
                if self._ahead is not None and self._ahead.end > START:
                    self._histories, self._count = self._ahead._histories, self._ahead._count
                    self._renamed, self.trust = self._ahead._renamed, self._ahead.trust
            return self._ahead

    def misses_names(self) -> bool:
        """Return whether a generic family was named after its messages were met, which may have told of names, too."""
        return any(self.name(GENL, number) is not None for number in [*self._unnamed])

    def known_until(self) -> int:
        """Return where in the file the frames begin whose names are to be learnt: the timeline of the whole was not
        made yet, or goes no further."""
        return START if self._ahead is None or not self.is_whole else self._ahead.end

    def changes(self, start: int, stop: int) -> list[tuple[int, NameChange, str]]:
        """Return which names change in [start, stop), which is before `known_until`: where in the file, and of which
        network namespace."""
        if not self._changes:
            self._changes = sorted(
                (at, NameChange(0, what, number, name), space)
                for (what, space), histories in self._histories.items()
                for number, history in histories.items()
                for at, name in history
            )
        begin, end = (bisect_left(self._changes, at, key=_AT) for at in (start, stop))
        return self._changes[begin:end]

    def history(self, what: str, number: int, space: str = "") -> History:
        """Return from which frames on a number got which names."""
        with self._lock:
            return [*self._histories.get((what, "" if what in SHARED else space), {}).get(number, ())]

    def dated_back(self, space: str, start: int, stop: int) -> dict[int, History]:
        """Return the interfaces whose first names, which only later frames give, begin to hold in [start, stop)."""
        late = [] if self._ahead is None else self._ahead._late(space)
        begin, end = (bisect_left(late, at, key=_AT) for at in (start, stop))
        return {number: [(at, name)] for at, number, name in late[begin:end]}

    def _late(self, space: str) -> list[tuple[int, int, str]]:
        """The first names of interfaces that do not hold from the beginning, of a timeline that is complete: from which
        frame on, number and name."""
        if space not in self._begins:
            histories = self._histories.get((INTERFACE, space), {})
            first = [(history[0][0], number, history[0][1]) for number, history in histories.items()]
            self._begins[space] = sorted(one for one in first if one[0] > START)
        return self._begins[space]

    def names(self, at: int, space: str = "") -> dict[str, dict[int, str]]:
        """Return all names that hold in a frame, as a Context has them."""
        with self._lock:
            found = {GENL: dict(self.families), INTERFACE: self.interfaces | self._told(space), POLICY: {}, NFT_SET: {}}
            for what, names in found.items():
                for number, history in self._histories.get((what, "" if what in SHARED else space), {}).items():
                    name = _at(history, at)
                    if name is None and what == GENL and self.lends and number not in names:
                        name = self._asked.get(number, history[0][1])
                    if name is not None:
                        names[number] = name
            found[GENL] |= self.fixed
            return found

    def context(self, at: int, space: str = "", order: str = "<", learns: bool = False) -> FrameNames:
        """Return a Context with the names of the frame at `at`; what it is taught is learnt only if it `learns`."""
        return FrameNames(self, at, space, order, learns)

    def _first(self, what: str, number: int, space: str) -> str | None:
        """What a number is called before any frame says so."""
        if what == INTERFACE:
            return self._told(space).get(number) or self.interfaces.get(number)
        return self.families.get(number) if what == GENL else None

    def _told(self, space: str) -> dict[int, str]:
        """What the file's comments tell of a namespace's interfaces: what two of its sources call differently, or a
        section tells, which has several namespaces, is told by neither.
        """
        size = sum(len(one.comments) for one in self._sources) + len(self._comments)
        known = self._initial.get(space)
        if known is None or known[0] != size:
            tables = [numbered(one.comments, INTERFACE) for one in self._sources if one.space == space]
            known = self._initial[space] = size, agreed([*tables, numbered(self._comments, INTERFACE)])
        return known[1]

    def _make_room(self) -> None:
        """Keep the latest name of each number, and of half as many numbers as there may be names."""
        for histories in self._histories.values():
            for number, history in histories.items():
                histories[number] = history[-1:]
        over = sum(map(len, self._histories.values())) - CAPACITY // 2
        for histories in sorted(self._histories.values(), key=len, reverse=True):
            for number in list(histories)[: max(over, 0)]:
                del histories[number]
                over -= 1
        self._renamed.clear()
        self.is_whole = False
        self._count = sum(map(len, self._histories.values()))


class FrameNames(Context):
    """The names of one frame."""

    def __init__(self, timeline: NameTimeline, at: int, space: str, order: str, learns: bool) -> None:
        super().__init__("little" if order == "<" else "big", fixed_order=True)
        self.timeline, self.at, self.space, self.learns = timeline, at, space, learns
        if learns:
            self.trust = timeline.trust

    def name(self, what: str, number: int) -> str | None:
        return self.timeline.name(what, number, self.at, self.space)

    def known(self, what: str, number: int) -> str | None:
        return self.timeline.known(what, number, self.at, self.space)

    def learn(self, what: str, number: int, name: str) -> None:
        if self.learns:
            self.timeline.learn(what, number, name, self.at, self.space)


def _at(history: History, at: int) -> str | None:
    """The name that holds in a frame."""
    if history[-1][0] <= at:
        return history[-1][1]
    place = bisect_right(history, at, key=_AT)
    return history[place - 1][1] if place else None
