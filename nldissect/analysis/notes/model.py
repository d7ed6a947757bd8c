"""Expert note: its severities, kinds and text."""

from __future__ import annotations

from typing import NamedTuple

NOTE, WARNING, ERROR = "note", "warning", "error"
SEVERITIES = (ERROR, WARNING, NOTE)
KINDS = (
    "refused", "overrun", "lost",
    "warning of the kernel", "interrupted dump", "unanswered", "unfinished", "lost events", "missing nested flag",
    "family id changed", "wrong length", "leftover bytes", "unknown content", "nested too deep",
    "strict check", "obsolete message", "deprecated attribute", "unknown attribute", "unknown message",
    "duplicate sequence number", "alike", "large message", "cut", "family id learnt late", "filtered dump", "unasked",
    "repeated attribute", "padding", "port id",
)  # fmt: skip
"""Kinds of notes; no others are used (the page "report" lists them by severity)."""
HABITS = ("strict check", "duplicate sequence number")
"""Kinds about what common programs (glibc, iptables, NetworkManager) do and the kernel takes."""


class ExpertNote(NamedTuple):
    """An expert note: severity, kind (one of KINDS) and text."""

    severity: str
    kind: str
    text: str
