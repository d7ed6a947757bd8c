"""Fields of the request that caused an event: `cause.process`, `cause.pid`, `cause.frame`, `cause.confidence`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.whole_capture import WholeCapture, no_second_pass
from nldissect.columns.fields.derived import ChoiceText, MessageContext, derived_field
from nldissect.columns.fields.derived_columns import FieldColumn
from nldissect.wire import U32, Kind, Text

from .cause import STRENGTH, Cause, CauseResolver
from .event_causes import CAUSE

Take = Callable[[Cause], Any]


def resolver_of(whole: WholeCapture | None) -> CauseResolver:
    """Return the causes of a capture, found on first use; NldissectError if it can't be read twice."""
    found = None if whole is None else whole.live_result(CauseResolver)
    if found is None:
        raise no_second_pass(CAUSE)
    return found


def _field(name: str, kind: Kind, says: str, take: Take) -> None:
    """Register a field whose value `take` gives for the cause of an event."""

    def column(block: Block, _: int | None) -> FieldColumn:
        causes, numbers = resolver_of(block.whole).of_events(block.keys)
        return FieldColumn.of_few(kind, [None if cause is None else take(cause) for cause in causes], numbers)

    def values(situation: MessageContext) -> tuple[Any, ...]:
        if situation.walked is None:
            return ()
        cause = resolver_of(situation.whole).of_event(situation.key)
        value = None if cause is None else take(cause)
        return () if value is None else (value,)

    derived_field(name, kind, says, column)(values)


WHAT = "the request that caused an event"
_field("cause.process", Text(None), f"name of the process that sent {WHAT}", lambda cause: cause.process.name)
_field("cause.pid", U32(None), f"process that sent {WHAT}", lambda cause: cause.process.pid)
_field("cause.frame", U32(None), f"number of the frame with {WHAT}", lambda cause: cause.frame)
_field(
    "cause.confidence", ChoiceText(*STRENGTH), 'of the cause: "exact", "learnt", "guessed" or "inferred"',
    lambda cause: cause.confidence,
)  # fmt: skip
