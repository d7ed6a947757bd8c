"""Exchanges that took much longer than others with the same type of request."""

from __future__ import annotations

import numpy as np

from nldissect.columns.blocks.buffer import Array, group_by

from .table import Exchanges

LEAST = 10_000_000
"""Latency in nanoseconds from which an exchange may be slow: 10 ms."""
TIMES = 10
"""A slow exchange took more than this multiple of the median of its type."""


def slow_exchanges(found: Exchanges) -> Array:
    """Return which exchanges are slow: bool, one per exchange."""
    table = found.table()
    latency = table["latency"]
    slow = np.zeros(len(latency), bool)
    for _, places in group_by(found.ledger.tables()[0]["meaning"][table["head"]]):
        known = latency[places[latency[places] >= 0]]
        if len(known):
            slow[places] = latency[places] > max(LEAST, TIMES * float(np.median(known)))
    return slow
