"""The derived columns `process.name`, `process.pid`, `process.confidence`: who sent or received a message."""

from __future__ import annotations

from typing import Any

import numpy as np

from nldissect.index.block import Block
from nldissect.index.derived import OneOf, Situation, register
from nldissect.index.framecolumns import COLUMNS, Column
from nldissect.wire import U32, Kind, Text

from .processes import EXACT, GUESSED, LEARNT, NOBODY, UNKNOWN, Process, Processes, said


def process_of(situation: Situation) -> Process | None:
    """The process of one message; None for a frame without any."""
    if situation.walked is None:
        return None
    if (own := said(situation.record.comments)) is not None:
        return own
    processes = None if situation.whole is None else situation.whole.growing(Processes)
    return NOBODY if processes is None else processes.process(situation.key)


def _field(field: str, kind: Kind, says: str) -> None:
    """One field of the process of each message."""

    def column(block: Block, _: int | None) -> Column:
        processes = None if block.whole is None else block.whole.growing(Processes)
        found = np.zeros(len(block), np.int64) if processes is None else processes.of(block.keys)
        values = [getattr(one, field) for one in ([NOBODY] if processes is None else processes.known)]
        there = np.array([value is not None for value in values], bool)[found]
        if field == "pid":
            return Column(np.array([value or 0 for value in values], np.int64)[found], there)
        return Column(found, there, values)

    def values(situation: Situation) -> tuple[Any, ...]:
        process = process_of(situation)
        value = None if process is None else getattr(process, field)
        return () if value is None else (value,)

    COLUMNS[f"process.{field}"] = column
    register(f"process.{field}", kind, says)(values)


_field("name", Text(None), "name of the process that sent or received it")
_field("pid", U32(None), "process that sent or received it")
_field("confidence", OneOf(EXACT, LEARNT, GUESSED, UNKNOWN), '"exact", "learnt", "guessed" or "unknown"')
