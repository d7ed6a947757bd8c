"""Fields of the reason why a request was refused: `reason.text`, `reason.frame`, `reason.confidence`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.whole_capture import WholeCapture, no_second_pass
from nldissect.columns.fields.derived import ChoiceText, MessageContext, derived_field
from nldissect.columns.fields.derived_columns import FieldColumn
from nldissect.wire import U32, Kind, Text

from .capture_reasons import REASON, RefusalReasons
from .reason import EXACT, INFERRED, LIKELY, Reason

Take = Callable[[Reason], Any]


def reasons_of(whole: WholeCapture | None) -> RefusalReasons:
    """Return the reasons of a capture, found on first use; NldissectError if it can't be read twice."""
    found = None if whole is None else whole.live_result(RefusalReasons)
    if found is None:
        raise no_second_pass(REASON)
    return found


def _field(name: str, kind: Kind, says: str, take: Take) -> None:
    """Register a field whose value `take` gives for the reason of a refusal."""

    def column(block: Block, _: int | None) -> FieldColumn:
        reasons, numbers = reasons_of(block.whole).of_keys(block.keys)
        return FieldColumn.of_few(kind, [None if reason is None else take(reason) for reason in reasons], numbers)

    def values(situation: MessageContext) -> tuple[Any, ...]:
        if situation.walked is None:
            return ()
        reason = reasons_of(situation.whole).of_key(situation.key)
        value = None if reason is None else take(reason)
        return () if value is None else (value,)

    derived_field(name, kind, says, column)(values)


_field("reason.text", Text(None), "why a request was refused, as the capture told before", lambda reason: reason.text())
_field(
    "reason.frame", U32(None), "number of the frame since which a refusal's reason holds",
    lambda reason: reason.frame or None,
)  # fmt: skip
_field(
    "reason.confidence", ChoiceText(EXACT, INFERRED, LIKELY), 'of a refusal\'s reason: "exact", "inferred" or "likely"',
    lambda reason: reason.confidence,
)  # fmt: skip
