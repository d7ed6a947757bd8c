"""Requests and their acknowledgements in columns: `acks.Requests` without walking what nobody asks about."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nldissect.index.block import DIRECTIONS, Block
from nldissect.index.raw import Array
from nldissect.wire import Context
from nldissect.wire.flags import NLMSG_ERROR, TO_KERNEL
from nldissect.wire.frame import HEADER
from nldissect.wire.walk import walk_place

from .acks import Asked
from .layouts import rows_at
from .walking import order_of, walked_at

KERNEL = DIRECTIONS.index(TO_KERNEL)
ECHO = HEADER + 4


class Kept(NamedTuple):
    """A request of an earlier block: its bytes with padding, and what it takes to walk them."""

    frame: int
    meaning: int
    data: bytes
    size: int
    protocol: int
    order: str
    packet_type: int


class Met:
    """The latest requests of a capture. `asked` has those that messages of the present block acknowledge."""

    def __init__(self, room: int = 1024) -> None:
        self.room = room
        self.asked: dict[int, int | Kept] = {}
        self._known: dict[bytes, int | Kept] = {}
        self._block: Block | None = None

    def begin(self, block: Block) -> None:
        """Go through a block."""
        self._block = block
        self.asked = {}
        known, asked, room = self._known, self.asked, self.room
        ours = ~block.bare
        requests = ours & (block.direction == KERNEL)
        acks = ours & ~requests & (block.type == NLMSG_ERROR) & (block.end - block.at >= ECHO + HEADER)
        mine = (requests | acks).nonzero()[0]
        is_request = requests[mine]
        keys = _keys(block, mine, np.where(is_request, 0, ECHO))
        for index, request, key in zip(mine.tolist(), is_request.tolist(), keys, strict=True):
            if request:
                known.pop(key, None)
                known[key] = index
                if len(known) > room:
                    del known[next(iter(known))]
            elif key in known:
                asked[index] = known[key]

    def end(self) -> None:
        """Copy what is known of the block, whose bytes are about to go."""
        block = self._block
        if block is None:
            return
        for key, request in self._known.items():
            if isinstance(request, int):
                frame = int(block.frame[request])
                at, end, after = (int(column[request]) for column in (block.at, block.end, block.after))
                self._known[key] = Kept(
                    int(block.frame_number[frame]), int(block.meaning[request]), bytes(block.raw.buffer[at:after]),
                    end - at, int(block.frame_protocol[frame]), order_of(block, frame), int(block.frame_kind[frame]),
                )  # fmt: skip

    def place(self, message: int) -> tuple[int, int]:
        """Number of the frame, and of the meaning, of the request that a message acknowledges."""
        request = self.asked[message]
        if isinstance(request, Kept):
            return request.frame, request.meaning
        assert self._block is not None
        return int(self._block.frame_number[self._block.frame[request]]), int(self._block.meaning[request])

    def request(self, message: int, context: Context) -> Asked | None:
        """The request that a message acknowledges, walked."""
        request = self.asked.get(message)
        if request is None or self._block is None:
            return None
        frame, _ = self.place(message)
        if isinstance(request, int):
            return Asked(frame, walked_at(self._block, request, context))
        data, size, protocol, order, packet_type = request[2:]
        return Asked(frame, walk_place(data, (0, size, len(data)), protocol, order, context, packet_type))


def _keys(block: Block, mine: Array, skip: Array) -> list[bytes]:
    """Protocol and header of each message, or of the request it repeats."""
    keys = np.empty((len(mine), HEADER + 4), np.uint8)
    keys[:, :HEADER] = rows_at(block.raw, block.at[mine] + skip, HEADER)
    keys[:, HEADER:] = block.frame_protocol[block.frame[mine]].astype("<i4").view(np.uint8).reshape(-1, 4)
    found: list[bytes] = keys.view(f"V{HEADER + 4}").ravel().tolist()
    return found
