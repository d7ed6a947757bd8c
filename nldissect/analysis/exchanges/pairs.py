"""Pairs: for each answer its request and the proof for it, for each request whether its answers are certain."""

from __future__ import annotations

from typing import NamedTuple

from nldissect.columns.blocks.buffer import Array

NONE = -1
UNPAIRED, ORDER, ONLY, PORT, ECHO = range(5)
"""Proofs that an answer belongs to its request: none; the first of several requests that fit; the only one that fits;
its port id; its header, which the kernel repeated."""
PROOFS = (None, "order", "only", "port", "echo")


class Pairs(NamedTuple):
    """Result of pairing; arrays with one entry per message.

    request   int32, row of the request an answer belongs to, -1: none
    proof     uint8, index in PROOFS
    alike     uint16, for a request: number of requests that fitted where the order decided, else 0
    """

    request: Array
    proof: Array
    alike: Array
