"""A copy of a request, for when the bytes that it stood in are gone."""

from __future__ import annotations

from typing import NamedTuple


class SavedRequest(NamedTuple):
    """A request read before: its bytes with padding, and what it takes to decode them.

    position, space   where its frame begins in the file, and its network namespace: the names that hold for it
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
