"""Spans of time as people read them."""

from __future__ import annotations

from nldissect.record.records import SECOND


def latency_text(latency: int) -> str:
    """A span of time as people read it."""
    for unit, size in (("s", SECOND), ("ms", 10**6)):
        if latency >= size:
            return f"{latency / size:.3g} {unit}" if latency < 1000 * size else f"{latency // size} {unit}"
    return f"{latency / 1000:.3g} us"
