"""Collector of all statistics wanted of one capture, in one pass over its blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol, Self

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.wire import Context

from ..event_copies import EventCopies
from ..processes.resolver import Processes
from .counts import CountedMessages, Overview


class SectionCounter(Protocol):
    """Counter of the messages of one section."""

    def add(self, chosen: CountedMessages) -> None:
        """Count some messages of the next block."""

    def take(self, other: Self) -> None:
        """Add the counts of another file, of which all messages were counted."""

    def result(self) -> Any:
        """Return what was counted so far."""


class CounterInputs(NamedTuple):
    """Inputs that a counter may need besides the messages.

    context     the source's own
    overview    the capture as a whole, as far as it was read, the block that is added included
    processes   those of the file where they, too, are given every block; else the file is read for them
    most        see ObjectCounter
    file        name of the file where there are several
    origin      returns the time from which relative times count, see Overview
    """

    context: Context
    overview: Overview
    processes: Processes | None
    most: int | None
    file: str | None
    origin: Callable[[], int | None]


MakeCounter = Callable[[CounterInputs], SectionCounter]


class CopyCounts(NamedTuple):
    """Copies of events.

    several   number of events that were delivered more than once
    spare     number of copies after the first of each event
    """

    several: int
    spare: int


class Collector:
    """Statistics of one file counted so far, to which those of others may be added.

    sections   the counter of each section that is wanted, by name
    copies     for the overview; None where they are not wanted
    origin     see CounterInputs; None: the origin of this file
    """

    def __init__(
        self,
        context: Context,
        sections: Mapping[str, MakeCounter],
        processes: Processes | None = None,
        most: int | None = None,
        *,
        copies: bool = False,
        file: str | None = None,
        origin: Callable[[], int | None] | None = None,
    ) -> None:
        self.overview = Overview()
        self._copies = [EventCopies()] if copies else []
        inputs = CounterInputs(context, self.overview, processes, most, file, origin or (lambda: self.overview.origin))
        self.sections = {name: make(inputs) for name, make in sections.items()}

    def add(self, block: Block, mask: Array | None = None) -> None:
        """Count the messages of a block, or those for which `mask` (bool, one per message) is true."""
        chosen = CountedMessages(block, mask)
        self.overview.add(chosen)
        for section in self.sections.values():
            section.add(chosen)
        for copies in self._copies:
            copies.add(block, mask)

    def take(self, other: Collector) -> None:
        """Add what was counted in another file, all of it with the same sections."""
        self.overview.take(other.overview)
        self._copies += other._copies
        for name, section in self.sections.items():
            section.take(other.sections[name])

    @property
    def copies(self) -> CopyCounts | None:
        """Number of copies of events in all files; None where they are not wanted."""
        if not self._copies:
            return None
        return CopyCounts(sum(one.several for one in self._copies), sum(one.spare for one in self._copies))
