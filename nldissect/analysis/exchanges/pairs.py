"""What joining gives: for each answer its request, and why; for each request whether that is sure."""

from __future__ import annotations

from typing import NamedTuple

from nldissect.columns.blocks.buffer import Array

NONE = -1
UNPAIRED, ORDER, ONLY, PORT, ECHO = range(5)
"""What joins an answer to its request: nothing; it was the first of several that fit; it was the only one that fits;
it carried the port id; the kernel repeated its header."""
PROOFS = (None, "order", "only", "port", "echo")


class Pairs(NamedTuple):
    """One row a message.

    request   row of the request an answer belongs to, -1 for none
    proof     why, as above
    alike     for a request: how many stood to choose from where the order decided, else 0
    """

    request: Array
    proof: Array
    alike: Array
