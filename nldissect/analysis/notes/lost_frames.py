"""Frames counted as lost without a position: a statistics block of pcapng holds only their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from nldissect.capfile import Interface
from nldissect.capfile.comments import parse_comments
from nldissect.capfile.pcapng import Statistics
from nldissect.columns.blocks.block import Block

from .model import ERROR, ExpertNote


class Drops:
    """Losses that comments of frames record, counted block by block."""

    def __init__(self) -> None:
        self._told: Counter[int] = Counter()
        self._last: dict[int, int] = {}

    def add(self, block: Block) -> None:
        """Observe the next block of the file."""
        shown = (~block.own_messages()).nonzero()[0]
        interface = block.frames.interface[block.messages.frame[shown]]
        for number in np.unique(interface).tolist():
            self._last[number] = int(block.keys[shown[interface == number][-1]])
        for at in np.intersect1d(block.frames.start, list(block.comments)).tolist() if block.comments else ():
            for count in (words[0] for words in parse_comments(block.comments[at], "lost") if words):
                number = int(block.frames.interface[block.frames.start.searchsorted(at)])
                self._told[number] += int(count) if count.isdecimal() else 0

    def notes(self, counted: Iterable[Statistics], interfaces: Sequence[Interface]) -> Iterator[tuple[int, ExpertNote]]:
        """Yield a key and a note for each interface with losses that no comment records.

        The note is on the last message of the interface that is not the capture's own.
        """
        most: Counter[int] = Counter()
        for one in counted:
            number = next(place for place, interface in enumerate(interfaces) if interface is one.interface)
            most[number] = max(most[number], one.dropped or 0)
        for number, dropped in most.items():
            left = dropped - self._told[number]
            if left > 0 and number in self._last:
                where = f" on {interfaces[number].name}" if interfaces[number].name else ""
                text = f"{left} frames{where} were lost for want of room, nobody knows where"
                yield self._last[number], ExpertNote(ERROR, "lost", text)
