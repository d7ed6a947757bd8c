"""Generic families with an id that a capture shows late or that changes: ids are assigned on registration."""

from __future__ import annotations

from nldissect.columns.blocks.block import Block
from nldissect.columns.fields.derived import PLACES
from nldissect.columns.names.timeline import GENL
from nldissect.uapi import GENL_ID_CTRL
from nldissect.wire import NETLINK

from .model import NOTE, WARNING, ExpertNote


class FamilyIds:
    """The ids of generic families, observed block by block.

    known   names that hold before the first frame
    found   notes, each with the key of its message
    """

    def __init__(self, known: dict[int, str]) -> None:
        self.found: list[tuple[int, ExpertNote]] = []
        self._names = dict(known)
        self._met: set[int] = set()

    def add(self, block: Block) -> None:
        """Observe the next block of the file."""
        events: list[tuple[int, int, str | None]] = [
            (one.frame, one.number, one.name) for one in block.name_changes if one.what == GENL
        ]
        for meaning, rows in block.by_message_type():
            if meaning.protocol == NETLINK.GENERIC and meaning.number > GENL_ID_CTRL and meaning.family is not None:
                events.append((int(block.messages.frame[rows[0]]), meaning.number, None))
        for frame, number, name in sorted(events, key=lambda event: (event[0], event[2] is None)):
            key = (int(block.frames.number[frame]) << PLACES) | 1
            if name is not None:
                self._learn(key, number, name)
            elif number not in self._names and number not in self._met:
                text = f"what family {number:#x} is, only a later frame tells"
                self.found.append((key, ExpertNote(NOTE, "family id learnt late", text)))
            self._met.add(number)

    def _learn(self, key: int, number: int, name: str) -> None:
        before = self._names.get(number)
        others = [one for one, known in self._names.items() if known == name and one != number]
        text = ""
        if before is not None and before != name:
            text = f"{number:#x} was {before}, and is {name} from here on"
        elif others:
            text = f"{name} was {others[-1]:#x}, and is {number:#x} from here on"
        if text:
            self.found.append((key, ExpertNote(WARNING, "family id changed", text)))
        for one in others:
            del self._names[one]
        self._names[number] = name
