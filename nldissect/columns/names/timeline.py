"""Timeline of names: names of interfaces, generic families and nftables sets at each frame of a file.

A name holds from the frame that gives it until another frame gives another. Numbers of interfaces and sets have a
meaning in one network namespace alone; generic families and their policies are the host's.

    timeline.learn(INTERFACE, 2, "eth0", at=17, space=namespace)
    timeline.name(INTERFACE, 2, at=20, space=namespace)     "eth0"
    timeline.context(20, namespace)                         a Context for `walk` with the names of that frame

Frames have positions, numbers that grow: their offsets in the file, or the number of records before them.

A number without a name so far has the first name that a later frame gives it (LENT), where the file is at hand: a
timeline that `lends` dates first names back; any other gets one of the whole file from `ahead` when it first misses a
name. A family's first name is one that was requested, if there is such. An interface's is not dated back further than
the request that may have given it: one that carries the number and a name, or the name, or, where the frame shows that
the interface is new, any that makes one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from operator import itemgetter
from threading import RLock
from typing import NamedTuple

from nldissect.capfile import Interface
from nldissect.capfile.comments import agreed, numbered_names
from nldissect.sizes import SIZES
from nldissect.uapi import GENL_ID_CTRL
from nldissect.wire.context import POLICY, SHARED, Context
from nldissect.wire.family_trust import FamilyTrust

GENL, INTERFACE, NFT_SET = "genl", "interface", "nft_set"
LENT = (GENL, INTERFACE)
"""Names that hold before the frame that gives them, too. Sets of nftables have their ids within one transaction."""
START, END = -1, 1 << 62
REQUESTS = 4096
"""Names in requests that are remembered, of each namespace."""

MAKES = object()
"""Key of the last request that makes an interface, of any name."""

_AT = itemgetter(0)
History = list[tuple[int, str]]
"""Positions from which on a number has a name, ascending, and the names."""


class NameChange(NamedTuple):
    """The frame of a block from which on a number has a name."""

    frame: int
    what: str
    number: int
    name: str


class NameTimeline:
    """The names of one capture at each of its frames.

    Names are learned in the order of the frames; lookups may come from another thread.

    At most SIZES.kept_names are kept, then of each number the latest one, and of half as many numbers those named last:
    some 50 MB. Earlier names of a number are then unknown.

    fixed        names of generic family ids that hold always: the user gave them
    families     names that hold at the beginning
    interfaces   names that the caller knows, until a comment or a frame gives others
    sources      the reader's, and `comments` of its sections: their names of interfaces hold until a frame gives
                 others; both may grow
    lends        a first name holds before it is given, too; for timelines that are complete before lookups
    ahead        makes the timeline of the whole file; None where it can't be read twice
    is_whole     no name that was learned was dropped
    end          position of the first frame that is not in it, if it is whole up to there
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
        self._count, self._capacity = 0, SIZES.kept_names
        self._make_ahead = ahead
        self._ahead: NameTimeline | None = None
        self._requests: dict[str, dict[object, int]] = {}
        self._begins: dict[str, list[tuple[int, int, str]]] = {}
        self._unnamed: set[int] = set()
        self.is_whole = True
        self.end = START
        self._changes: list[tuple[int, NameChange, str]] = []

    def learn(self, what: str, number: int, name: str, at: int, space: str = "", since: int = START) -> bool:
        """Learn the name that the frame at `at` gives a number; return whether it is new. An empty name counts as none.

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
            if self._count > self._capacity:
                self._make_room()
            return True

    def is_first(self, what: str, number: int, space: str = "") -> bool:
        """Return whether no frame has given a number a name so far."""
        return number not in self._histories.get((what, "" if what in SHARED else space), ())

    def settle(self, at: int) -> None:
        """Drop names that hold only before the frame at `at`: no earlier frame is looked up again."""
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
        """Return the position from which an interface has this first name: of the request that may give it, or START.

        new   the frame with the name shows that the interface was made
        """
        seen = self._requests.get(space, {})
        renamed = seen.get(number, START - 1) + 1
        return max(renamed, seen.get(name, START), seen.get(MAKES, START) if new else START)

    def name(self, what: str, number: int, at: int = END, space: str = "") -> str | None:
        """Return the name of a number in the frame at `at`, names in that frame included, or None."""
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
        """Return the name that comments, or frames up to the one at `at`, gave a number, without lookahead."""
        with self._lock:
            history = self._histories.get((what, "" if what in SHARED else space), {}).get(number)
            return (_at(history, at) if history else None) or self._first(what, number, space)

    def ahead(self) -> NameTimeline | None:
        """Return the timeline of the whole file, made on first use; None if the file can't be read twice."""
        with self._lock:
            if self._make_ahead is not None:
                make, self._make_ahead = self._make_ahead, None
                self._ahead = make()
                if self._ahead is not None and self._ahead.end > START:
                    self._histories, self._count = self._ahead._histories, self._ahead._count
                    self._renamed, self.trust = self._ahead._renamed, self._ahead.trust
            return self._ahead

    def misses_names(self) -> bool:
        """Return whether a generic family was named after its messages, which may have given names, too."""
        return any(self.name(GENL, number) is not None for number in [*self._unnamed])

    def known_until(self) -> int:
        """Return the position of the first frame from which names are to be learned.

        The timeline of the whole file has the names before, if it was made.
        """
        return START if self._ahead is None or not self.is_whole else self._ahead.end

    def changes(self, start: int, stop: int) -> list[tuple[int, NameChange, str]]:
        """Return the changes in [start, stop), which is before `known_until`: position, name change, namespace."""
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
        """Return the positions from which on a number got names, and the names."""
        with self._lock:
            return [*self._histories.get((what, "" if what in SHARED else space), {}).get(number, ())]

    def dated_back(self, space: str, start: int, stop: int) -> dict[int, History]:
        """Return interfaces with first names that later frames give and that begin to hold in [start, stop)."""
        late = [] if self._ahead is None else self._ahead._late(space)
        begin, end = (bisect_left(late, at, key=_AT) for at in (start, stop))
        return {number: [(at, name)] for at, number, name in late[begin:end]}

    def _late(self, space: str) -> list[tuple[int, int, str]]:
        """Return the first names of interfaces that do not hold from the beginning: position, number, name, ascending.

        The timeline must be complete.
        """
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
        """Return a Context with the names of the frame at `at`; names given to it are learned only if it `learns`."""
        return FrameNames(self, at, space, order, learns)

    def _first(self, what: str, number: int, space: str) -> str | None:
        """Return the name of a number before any frame gives one."""
        if what == INTERFACE:
            return self._told(space).get(number) or self.interfaces.get(number)
        return self.families.get(number) if what == GENL else None

    def _told(self, space: str) -> dict[int, str]:
        """Return the names of a namespace's interfaces in the file's comments.

        Names that differ between two of its sources, or between a source and a section, which has several namespaces,
        are left out.
        """
        size = sum(len(one.comments) for one in self._sources) + len(self._comments)
        known = self._initial.get(space)
        if known is None or known[0] != size:
            tables = [numbered_names(one.comments, INTERFACE) for one in self._sources if one.space == space]
            known = self._initial[space] = size, agreed([*tables, numbered_names(self._comments, INTERFACE)])
        return known[1]

    def _make_room(self) -> None:
        """Keep the latest name of each number, and of half as many numbers as there may be names."""
        for histories in self._histories.values():
            for number, history in histories.items():
                histories[number] = history[-1:]
        over = sum(map(len, self._histories.values())) - self._capacity // 2
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
    """Return the name that holds in a frame."""
    if history[-1][0] <= at:
        return history[-1][1]
    place = bisect_right(history, at, key=_AT)
    return history[place - 1][1] if place else None
