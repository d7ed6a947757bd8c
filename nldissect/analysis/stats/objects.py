"""Objects that changed most often: links, routes, neighbours, and their changed values (see analysis/objects)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from nldissect.columns.blocks.block import NO_TIME
from nldissect.columns.blocks.message_type import DIRECTIONS, MessageType
from nldissect.columns.fields.message_decoder import MessageDecoder
from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR
from nldissect.wire.protocol import NOTIFICATION, TO_KERNEL, TO_USER
from nldissect.wire.semantics.objects import OBJECTS

from ..objects.change import CHANGED, THERE, UNCHANGED, Change, called
from ..objects.changes import Changes
from ..objects.identity import Key
from .counts import CountedMessages


@dataclass(slots=True)
class ObjectRow:
    """One object.

    file         name of the file where there are several: an object of another file is another one
    changes      number of times it was added, removed or changed; copies of a notification are one
    what         number of changes of each value, by path, and of times it was added, removed, first seen
    came_back    by path: number of times a value came back that it had before
    """

    object: str
    name: str
    first_frame: int
    last_frame: int = 0
    changes: int = 0
    what: Counter[str] = field(default_factory=Counter)
    came_back: dict[str, int] = field(default_factory=dict)
    file: str | None = None


@dataclass(slots=True)
class ObjectCounts:
    """Result of the count; `rows`: most changes first; `left`: messages about objects that were not looked at."""

    rows: list[ObjectRow]
    left: int


class ObjectCounter:
    """Changes of a capture's objects, counted.

    most   bytes of messages about objects that are looked at
    file   see ObjectRow
    """

    def __init__(self, most: int | None = None, file: str | None = None) -> None:
        self._most, self._file = most, file
        self._others: list[ObjectCounter] = []
        self._changes = Changes()
        self._rows: dict[Key, ObjectRow] = {}
        self._size = self._left = 0

    def add(self, chosen: CountedMessages) -> None:
        block = chosen.block
        about = np.array([tells_of_object(one) for one in block.message_types], bool)
        heard = np.isin(chosen.direction, [DIRECTIONS.index(way) for way in (NOTIFICATION, TO_USER, TO_KERNEL)])
        mine = heard & ~block.messages.headerless[chosen.rows] & about[chosen.meaning]
        ends = heard & np.isin(block.headers.type[chosen.rows], (NLMSG_DONE, NLMSG_ERROR))
        rows, objects = chosen.rows[mine | ends], mine[mine | ends]
        walker = MessageDecoder(block, None)
        for place, (row, is_object) in enumerate(zip(rows.tolist(), objects.tolist(), strict=True)):
            if self._most is not None and self._size >= self._most:
                self._left += int(objects[place:].sum())
                return
            if is_object:
                self._size += int(block.headers.length[row])
            frame = int(block.messages.frame[row])
            number, time = int(block.frames.number[frame]), int(block.frames.time[frame])
            inside = int(block.messages.number[row])
            walked = walker.frame(frame).messages[inside - 1]
            where = block.interfaces[int(block.frames.interface[frame])].space_or_name
            for change in self._changes.meet(number, inside, None if time == NO_TIME else time, walked, where):
                self._take(change)

    def _take(self, change: Change) -> None:
        if change.what in (THERE, UNCHANGED):
            return
        row = self._rows.get(change.key)
        if row is None:
            row = self._rows[change.key] = ObjectRow(change.thing.name, called(change), change.frame, file=self._file)
        row.last_frame = change.frame
        row.changes += 1
        row.what.update([one.path for one in change.differences] if change.what == CHANGED else [change.what])
        row.came_back |= change.flaps

    def take(self, other: ObjectCounter) -> None:
        """Add the objects of another file, whose frames are numbered with those of this one."""
        self._others.append(other)

    def result(self) -> ObjectCounts:
        """Return the objects, those with the most changes first."""
        for change in self._changes.finish():
            self._take(change)
        found = [ObjectCounts(list(self._rows.values()), self._left), *(other.result() for other in self._others)]
        rows = [row for one in found for row in one.rows]
        return ObjectCounts(
            sorted(rows, key=lambda row: (-row.changes, row.first_frame)), sum(one.left for one in found)
        )


@lru_cache(maxsize=4096)
def tells_of_object(meaning: MessageType) -> bool:
    """Return whether messages of a type, or some of them, are about an object or ask for one."""
    place = meaning.protocol if meaning.family is None else meaning.family
    name = meaning.called
    return (place, name) in OBJECTS or (place, name.replace("_GET", "_NEW")) in OBJECTS
