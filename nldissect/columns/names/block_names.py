"""Names in one block after the other, for output that is made of many messages together."""

from __future__ import annotations

from nldissect.wire.context import SHARED

from ..blocks.block import Block
from .timeline import INTERFACE, FrameNames, History, NameTimeline

Place = tuple[str, str]
"""Kind of number and network namespace, "" where all share it."""


class BlockNames:
    """The names of the present block: those that hold as it begins, and those that change in it."""

    def __init__(self, timeline: NameTimeline) -> None:
        self.timeline = timeline
        self._before: dict[str, FrameNames] = {}
        self._changes: dict[Place, dict[int, History]] = {}
        self._block: Block | None = None
        self._start = 0

    def begin(self, block: Block) -> None:
        """Move to the next block."""
        self._block, self._changes = block, {}
        self._start = block.position(0)
        for context in self._before.values():
            context.at = self._start - 1
        for one in block.name_changes:
            place = one.what, "" if one.what in SHARED else self._space(one.frame)
            history = self._changes.setdefault(place, {}).setdefault(one.number, [])
            history.append((block.position(one.frame), one.name))

    def before(self, space: str) -> FrameNames:
        """Return the names that hold in a namespace as a block begins, whichever block that is."""
        if space not in self._before:
            self._before[space] = self.timeline.context(self._start - 1, space)
        return self._before[space]

    def changing(self, what: str, message: int = 0) -> dict[int, History]:
        """Return the history of each number of which the name changes in this block, in a message's namespace."""
        assert self._block is not None
        space = "" if what in SHARED else self.space(message)
        own = self._changes.get((what, space), {})
        if what != INTERFACE:
            return own
        late = self.timeline.dated_back(space, self._start, self._block.position(len(self._block.frames.start) - 1) + 1)
        return {**own, **{number: late[number] + own.get(number, []) for number in late}} if late else own

    def space(self, message: int) -> str:
        """Return the network namespace of a message."""
        assert self._block is not None
        return self._space(int(self._block.messages.frame[message]))

    def _space(self, frame: int) -> str:
        assert self._block is not None
        return self._block.interfaces[int(self._block.frames.interface[frame])].space

    def as_of(self, message: int) -> FrameNames:
        """Return a Context with the names that hold where a message of the block is printed."""
        assert self._block is not None
        return self._block.context(int(self._block.messages.frame[message]))
