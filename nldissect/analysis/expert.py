"""What an expert note is."""

from __future__ import annotations

from typing import NamedTuple

NOTE, WARNING, ERROR = "note", "warning", "error"
SEVERITIES = (ERROR, WARNING, NOTE)


class Expert(NamedTuple):
    """One note."""

    severity: str
    kind: str
    text: str
