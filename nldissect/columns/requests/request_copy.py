"""A copy of a request, for use after the block that held it."""

from __future__ import annotations

from typing import NamedTuple


class SavedRequest(NamedTuple):
    """An earlier request: its bytes with padding, and the data needed to decode them.

    position, space   position of its frame in the timeline, and its network namespace: the names that hold for it
    """

    frame: int
    position: int
    space: str
    meaning: int
    data: bytes
    size: int
    protocol: int
    order: str
    packet_type: int
