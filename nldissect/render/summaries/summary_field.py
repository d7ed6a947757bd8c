"""The derived field `summary`: the line of text of a message, for filters, `-e` and `select`."""

from __future__ import annotations

from typing import Any

from nldissect.columns.fields.derived import EscapedText, MessageContext, derived_field

from .summary import summary_of


@derived_field("summary", EscapedText(None), "the message on one line, as lists show it")
def _summary(situation: MessageContext) -> tuple[Any, ...]:
    return () if situation.walked is None else (summary_of(situation.walked),)
