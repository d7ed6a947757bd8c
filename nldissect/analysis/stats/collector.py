"""Collector of all statistics wanted of one capture, in one pass over its blocks."""

from __future__ import annotations

from collections.abc import Collection

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.wire import Context

from ..event_copies import EventCopies
from ..processes.resolver import Processes
from .counts import CountedMessages, FamilyCounts, Overview, TypeCounts
from .coverage import Coverage
from .errors import ErrorCounter
from .latency import LatencyCounter
from .notes import NoteCounts
from .objects import ObjectCounter
from .processes import ProcessCounter
from .rate import RateCounter

SECTIONS = ("types", "families", "errors", "rate", "exchanges", "objects", "notes", "processes", "coverage")


class Collector:
    """Statistics counted so far; a section that is not wanted stays None.

    copies       for the overview
    context      the source's own
    processes    those of the file, if they also get every block; else the file is read for them
    most         see ObjectCounter
    """

    def __init__(
        self,
        sections: Collection[str],
        context: Context,
        processes: Processes | None = None,
        most: int | None = None,
    ) -> None:
        self.overview = Overview()
        self.copies = EventCopies() if "copies" in sections else None
        self.types = TypeCounts() if "types" in sections else None
        self.families = FamilyCounts() if "families" in sections else None
        self.errors = ErrorCounter(context) if "errors" in sections else None
        self.rate = RateCounter() if "rate" in sections else None
        self.exchanges = LatencyCounter() if "exchanges" in sections else None
        self.objects = ObjectCounter(most) if "objects" in sections else None
        self.notes = NoteCounts() if "notes" in sections else None
        self.processes = ProcessCounter(processes) if "processes" in sections else None
        self.coverage = Coverage(context) if "coverage" in sections else None

    def add(self, block: Block, mask: Array | None = None) -> None:
        """Count the messages of a block, or those for which `mask` (bool, one per message) is true."""
        chosen = CountedMessages(block, mask)
        self.overview.add(chosen)
        for one in (
            self.types, self.families, self.errors, self.exchanges, self.objects, self.notes, self.processes,
            self.coverage,
        ):  # fmt: skip
            if one is not None:
                one.add(chosen)
        if self.copies is not None:
            self.copies.add(block, mask)
        if self.rate is not None:
            self.rate.add(chosen, self.overview.origin)
