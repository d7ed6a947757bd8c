"""Events that a capture proves to be missing: gaps in the numbers that the kernel gives them."""

from __future__ import annotations

import re
from typing import Any

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.message_type import DIRECTIONS, MessageType
from nldissect.columns.fields.message_decoder import MessageDecoder
from nldissect.wire import NETLINK, DecodedMessage
from nldissect.wire.protocol import NOTIFICATION
from nldissect.wire.semantics.sequence_numbers import COUNTERS, SequenceCounter

from .model import NOTE, WARNING, ExpertNote

TOLD = DIRECTIONS.index(NOTIFICATION)
FAR = 1 << 31
"""Smallest difference that counts as a step backwards: numbering began anew or wrapped."""
_NAME = re.compile(r"\{(\w+)\}")


class Gaps:
    """Gaps in numbered events, found block by block; `found` has notes, with the key of the message after each gap."""

    def __init__(self) -> None:
        self.found: list[tuple[int, ExpertNote]] = []
        self._last: dict[tuple[Any, ...], int] = {}
        self._counters: list[SequenceCounter | None] = []

    def add(self, block: Block) -> None:
        """Observe the next block of the file."""
        self._counters += [counter_of(one) for one in block.message_types[len(self._counters) :]]
        if not any(self._counters):
            return
        walker, keys = MessageDecoder(block, None), block.keys
        told = (
            block.headers.direction == TOLD
        ) & ~block.own_messages()  # on its own sockets the capture keeps only what it needs
        for row in told.nonzero()[0].tolist():
            case = int(block.headers.message_type[row])
            counter = self._counters[case]
            if counter is not None:
                walked = walker.situation(row).walked
                place = case, int(block.frames.interface[block.messages.frame[row]])
                if walked is not None and (note := self._gap(counter, walked, place)) is not None:
                    self.found.append((int(keys[row]), note))

    def _gap(self, counter: SequenceCounter, walked: DecodedMessage, place: tuple[int, int]) -> ExpertNote | None:
        number = _number(walked, counter.field)
        if number is None or (counter.unless and _shown(walked, counter.unless[0]) == counter.unless[1]):
            return None
        key = *place, *(_shown(walked, name) for name in counter.by)
        before = self._last.get(key, number - 1)
        self._last[key] = number
        missing = (number - before - 1) % (1 << 32)
        if not 0 < missing < FAR:
            return None
        what = _NAME.sub(lambda name: _shown(walked, name[1]), counter.what)
        text = f"{missing} {what} before this one are not in the capture: number {number} follows {before}"
        return ExpertNote(WARNING if counter.lost else NOTE, "lost events", text)


def counter_of(meaning: MessageType) -> SequenceCounter | None:
    """Return the counter that numbers messages of a type, None if there is none."""
    place = meaning.protocol if meaning.protocol != NETLINK.GENERIC else meaning.family or ""
    return COUNTERS.get((place, meaning.called))


def _number(walked: DecodedMessage, name: str) -> int | None:
    node = walked.find(name)
    value = node.value if node is not None else None
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return value if isinstance(value, int) else None


def _shown(walked: DecodedMessage, name: str) -> str:
    node = walked.find(name)
    return "" if node is None else node.kind.shown(node.value) or str(node.value)
