"""Spans of time as people read them."""

from __future__ import annotations

from nldissect.capfile.records import SECOND


def latency_text(latency: int) -> str:
    """Return nanoseconds as text with a unit, rounded to three significant digits or whole seconds."""
    for unit, size in (("us", 10**3), ("ms", 10**6), ("s", SECOND)):
        if latency < 999.5 * size:
            return f"{latency / size:.3g} {unit}"
    return f"{latency / SECOND:.0f} s"
