"""Second passes in the background: the results that a field needs from the whole capture, computed step by step.

Modules are imported when a pass starts: the first screen does without them.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from nldissect.columns.blocks.whole_capture import WholeCapture

from ..model.capture_model import CaptureModel
from .exchange_job import joining, of_blocks, present

if TYPE_CHECKING:
    from nldissect.analysis.event_copies import EventCopies

EXCHANGE, EVENTS, EXPERT, PROCESS = "exchange", "event", "expert", "process"
MADE = {EXCHANGE: EXCHANGE, EVENTS: EVENTS, EXPERT: "noted"}
"""Name of the result that fields need of their file, by the part of their names before the dot."""
WHOLE = frozenset({*MADE, PROCESS})
AGAIN = 4
"""Pause before a result is computed again for a growing file, in multiples of the time that it took."""


def prefix(field: str) -> str:
    return field.lower().partition(".")[0]


def lacking(whole: WholeCapture | None, field: str) -> bool:
    """Return whether a field's values need a second pass that has not been run yet."""
    name = prefix(field)
    if whole is None or not whole.again:
        return False
    if name == PROCESS:
        from nldissect.analysis.processes.resolver import Processes

        return not whole.grows(Processes)
    return name in MADE and whole.cached(MADE[name]) is None


def working(store: CaptureModel, field: str) -> Iterator[bool]:
    """Run the second pass that a field needs, step by step."""
    name = prefix(field)
    if name in (EXCHANGE, EXPERT):
        yield from joining(store)
    for number in present(store) if name in (EVENTS, EXPERT, PROCESS) else ():
        whole = store.capture.part(number).whole
        if name == EVENTS:
            yield from copying(store, number)
        elif name == PROCESS:
            from nldissect.analysis.processes.resolver import Processes

            whole.live_result(Processes)
            yield True
        elif whole.cached(MADE[EXPERT]) is None:
            from nldissect.analysis.notes.capture_notes import noting

            whole.set(MADE[EXPERT], (yield from noting(whole)))


def copying(store: CaptureModel, number: int) -> Generator[bool, None, EventCopies]:
    """Find the copies of events in a file step by step; return them."""
    from nldissect.analysis.event_copies import EventCopies

    return (yield from of_blocks(store, number, EVENTS, EventCopies, lambda found: found.events))
