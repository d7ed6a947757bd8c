"""Fields of processes and listeners of messages.

`process.name`, `process.pid`, `process.confidence`: the process that sent a message, was answered by it, or caused it;
`process.start`, `process.parent`, `process.tree`, `process.unit`, `process.cgroup`: more of it, as the capture tells;
`listener.name`, `listener.pid`: the process that received a notification, where the capture names it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.fields.derived import ChoiceText, MessageContext, Moment, derived_field
from nldissect.columns.fields.derived_columns import FieldColumn
from nldissect.families.answer_rules import RULES
from nldissect.request_tracker import NOTIFICATION
from nldissect.wire import U32, Kind, Text

from .process import EXACT, GUESSED, LEARNT, NOBODY, UNKNOWN, Process, said
from .resolver import Processes


def process_of(situation: MessageContext) -> Process | None:
    """Return the process of one message, NOBODY if unknown; None for a frame without messages."""
    walked, whole = situation.walked, situation.whole
    if walked is None:
        return None
    caused = walked.has_header and RULES.names_cause(walked.header, walked.direction)
    if (whole is None or not whole.again or not caused) and (own := said(situation.whose)) is not None:
        return own._replace(confidence=LEARNT) if caused else own
    processes = None if whole is None else whole.live_result(Processes)
    return NOBODY if processes is None else processes.process(situation.key)


def listener_of(situation: MessageContext) -> Process | None:
    """Return the process that received a notification; None where the capture does not name it."""
    walked = situation.walked
    heard = walked is not None and walked.has_header and walked.direction == NOTIFICATION
    return said(situation.record.comments) if heard else None


def _field(
    name: str,
    kind: Kind,
    says: str,
    of: Callable[[Processes, Array], Array],
    one: Callable[[MessageContext], Process | None],
) -> None:
    """Register one field of a message's process: `of` gives the process by columns, `one` for one message."""
    field = name.partition(".")[2]

    def column(block: Block, _: int | None) -> FieldColumn:
        processes = None if block.whole is None else block.whole.live_result(Processes)
        found = np.zeros(len(block), np.int64) if processes is None else of(processes, block.keys)
        values = [getattr(one, field) for one in ([NOBODY] if processes is None else processes.known)]
        return FieldColumn.of_few(kind, values, found)

    def values(situation: MessageContext) -> tuple[Any, ...]:
        process = one(situation)
        value = None if process is None else getattr(process, field)
        return () if value is None else (value,)

    derived_field(name, kind, says, column)(values)


SURE = ChoiceText(EXACT, LEARNT, GUESSED, UNKNOWN)
WHO = "sent it or was answered; of a notification that names its cause, the process behind that"
_field("process.name", Text(None), f"name of the process that {WHO}", Processes.of, process_of)
_field("process.pid", U32(None), f"process that {WHO}", Processes.of, process_of)
_field("process.confidence", SURE, '"exact", "learnt", "guessed" or "unknown"', Processes.of, process_of)
_field("process.start", Moment(None), "when that process began, since 1970", Processes.of, process_of)
PARENT = "process that started that one, or that it was given to when its own had ended"
_field("process.parent", U32(None), PARENT, Processes.of, process_of)
TREE = "that process and its ancestors, the eldest first: sh[1] > ip[2]"
_field("process.tree", Text(None), TREE, Processes.of, process_of)
_field("process.unit", Text(None), "container or unit of systemd that process was in", Processes.of, process_of)
_field("process.cgroup", Text(None), "control group that process was in", Processes.of, process_of)
HEARD = "received the notification, where the capture says so"
_field("listener.name", Text(None), f"name of the process that {HEARD}", Processes.listeners, listener_of)
_field("listener.pid", U32(None), f"process that {HEARD}", Processes.listeners, listener_of)
