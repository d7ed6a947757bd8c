"""Reasons of refusals as text and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nldissect.analysis.refusals.reason import EXACT, LIKELY, Reason

from ..change_text import cause_object

OURS = " (by nldissect's tables)"
"""Mark of a reason that no message shows: the tables know what the kernel needs."""


def reason_text(reason: Reason | None, number: Callable[[int], int] = int, batch: bool = False) -> str:
    """Return a reason as the end of a line about a refusal, empty without one.

    number   returns the number of a frame as the reader knows it
    batch    one of several commands was refused
    """
    if reason is None:
        return ""
    return ("; " if batch else ": " if reason.confidence == EXACT else ", ") + reason_line(reason, number)


def reason_line(reason: Reason | None, number: Callable[[int], int] = int) -> str:
    """Return a reason as a line of its own, empty without one."""
    if reason is None:
        return ""
    sure = "" if reason.confidence == EXACT else f"{reason.confidence}: "
    return f"{sure}{reason.text(number)}{OURS if reason.confidence == LIKELY else ''}"


def reason_object(reason: Reason, number: Callable[[int], int] = int) -> dict[str, Any]:
    """Return a reason as a JSON object; what is not known is left out."""
    cause = reason.cause
    shown = cause if cause is None or not cause.frame else replace(cause, frame=number(cause.frame))
    facts = {
        "text": reason.text(number), "frame": number(reason.frame) if reason.frame else None,
        "known": reason.known, "cause": None if shown is None else cause_object(shown),
        "confidence": reason.confidence, "from": reason.source,
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value is not None}
