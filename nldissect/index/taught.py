"""What a capture's frames teach, and so which names hold at each of them."""

from __future__ import annotations

from bisect import bisect_right
from operator import attrgetter, itemgetter
from threading import Lock

import numpy as np

from nldissect.record.comments import numbered
from nldissect.wire.policy import POLICY

from .block import Block, Learnt
from .links import INTERFACE, NFT_SET, Links
from .opening import NLCTRL
from .walker import families_at

GENL = "genl"
Names = dict[str, dict[int, str]]


class Taught:
    """What a file's frames teach, and so which names hold at a frame; frames are told by where they begin in the file.

    fixed   ids of generic families the user gave
    """

    def __init__(self, fixed: dict[int, str]) -> None:
        self._fixed = fixed
        self._lock = Lock()  # a viewer asks for names while the file is still being read
        self._links = Links()
        self._changes: list[Learnt] = []
        self._latest: dict[tuple[str, int], str] = {}
        self._first: dict[int, str] = {NLCTRL: "nlctrl"}
        self._turns: list[tuple[int, str]] = []  # where frames of another network namespace begin
        self._inside: Names = {}  # of several namespaces, the interfaces of each as the file tells them
        self.know({})

    def know(self, told: Names) -> None:
        """Take note of what holds until a frame says otherwise."""
        self._told = told
        self._base: Names = {what: dict(told.get(what, {})) for what in (GENL, POLICY)}
        self._restart()

    def meet(self, block: Block) -> None:
        """Take note of the next block of the file."""
        found = sorted([*block.learnt, *self._links.of(block)], key=lambda learnt: learnt.frame)
        with self._lock:
            self._look_around(block)
            for one in found:
                at = _place(block, one.frame)
                what = _inside(self._space(at)) if one.what == INTERFACE else one.what
                self._add(one._replace(what=what), at)

    def _look_around(self, block: Block) -> None:
        """Take note of the namespaces of a block's frames; numbers of interfaces mean something within one alone."""
        names = [one.space for one in block.interfaces]
        if not self._turns:
            self._turns.append((-1, names[int(block.frame_interface[0])]))
        if {*names} == {self._turns[-1][1]}:
            return
        self._inside |= {one.space: numbered(one.comments, INTERFACE) for one in block.interfaces}
        spaces = np.array(names)[block.frame_interface]
        begins = np.ones(len(spaces), bool)
        begins[1:] = spaces[1:] != spaces[:-1]
        places = (block.frame_at[begins] + block.offset).tolist()
        self._turns += zip(places, spaces[begins].tolist(), strict=True)

    def _space(self, at: int) -> str:
        """The namespace of the frame that begins there."""
        turn = bisect_right(self._turns, at, key=itemgetter(0))
        return self._turns[turn - 1][1] if turn else ""

    def give(self, block: Block) -> None:
        """Take note of a block, and let it know its names; earlier blocks have none any more: for captures that are
        read once.
        """
        with self._lock:
            self._settle()
        self.meet(block)
        block.names_at = lambda frame: {**self.names(_place(block, frame)), GENL: families_at(block, frame)}

    def _restart(self) -> None:
        self._done = 0
        self._names: Names = {what: dict(names) for what, names in self._base.items()}

    def _settle(self) -> None:
        """Keep of all changes what they came to."""
        self._advance(len(self._changes))
        self._base, self._changes, self._turns = self._names, [], self._turns[-1:]
        self._restart()

    def _advance(self, until: int) -> None:
        for one in self._changes[self._done : until]:
            self._names.setdefault(one.what, {})[one.number] = one.name
        self._done = until

    def _add(self, learnt: Learnt, at: int) -> None:
        key = learnt.what, learnt.number
        if self._latest.get(key) != learnt.name:
            self._latest[key] = learnt.name
            self._changes.append(learnt._replace(frame=at))
            if learnt.what == GENL:
                self._first.setdefault(learnt.number, learnt.name)

    def names(self, at: int) -> Names:
        """The names that hold at a frame: its own words among them, and families that only a later frame names."""
        with self._lock:
            return self._names_at(at)

    def _names_at(self, at: int) -> Names:
        until = bisect_right(self._changes, at, key=attrgetter("frame"))
        if until < self._done:
            self._restart()
        self._advance(until)
        families = self._first | self._names[GENL] | self._fixed
        space = self._space(at)
        told = self._inside.get(space, {}) if self._inside else self._told.get(INTERFACE, {})
        interfaces = told | self._names.get(_inside(space), {})
        others = {what: dict(self._names.get(what, {})) for what in (POLICY, NFT_SET)}
        return {GENL: families, INTERFACE: interfaces, **others}


def _inside(space: str) -> str:
    """What interfaces of a namespace are filed under."""
    return f"{INTERFACE} {space}"


def _place(block: Block, frame: int) -> int:
    """Where a frame of a block begins in the file."""
    return int(block.frame_at[frame]) + block.offset
