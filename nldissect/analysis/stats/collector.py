"""Collector of all statistics wanted of one capture, in one pass over its blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

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

    def result(self) -> Any:
        """Return what was counted so far."""


class CounterInputs(NamedTuple):
    """Inputs that a counter may need besides the messages.

    context     the source's own
    overview    the capture as a whole, as far as it was read, the block that is added included
    processes   those of the file where they, too, are given every block; else the file is read for them
    most        see ObjectCounter
    """

    context: Context
    overview: Overview
    processes: Processes | None
    most: int | None


MakeCounter = Callable[[CounterInputs], SectionCounter]


class Collector:
    """Statistics counted so far.

    sections   the counter of each section that is wanted, by name
    copies     for the overview; None where they are not wanted
    """

    def __init__(
        self,
        context: Context,
        sections: Mapping[str, MakeCounter],
        processes: Processes | None = None,
        most: int | None = None,
        *,
        copies: bool = False,
    ) -> None:
        self.overview = Overview()
        self.copies = EventCopies() if copies else None
        inputs = CounterInputs(context, self.overview, processes, most)
        self.sections = {name: make(inputs) for name, make in sections.items()}

    def add(self, block: Block, mask: Array | None = None) -> None:
        """Count the messages of a block, or those for which `mask` (bool, one per message) is true."""
        chosen = CountedMessages(block, mask)
        self.overview.add(chosen)
        for section in self.sections.values():
            section.add(chosen)
        if self.copies is not None:
            self.copies.add(block, mask)
