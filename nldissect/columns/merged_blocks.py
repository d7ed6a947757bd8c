"""Blocks of several captures in order of time, their frames numbered as `read` counts those of merged captures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from .block_reader import BlockReader
from .blocks.block import Block
from .blocks.buffer import Array


def merged_blocks(readers: Sequence[BlockReader]) -> Iterator[tuple[int, Block]]:
    """Yield the blocks of several captures, each with the index of its reader.

    Numbers of frames are those of `merged_numbers`, and `Block.number_in_file` has those of the file; blocks of one
    capture alone stay as they are. One block of each capture is held at a time: the next one of a capture is read when
    the one before has been used.
    """
    if len(readers) == 1:
        yield from ((0, block) for block in readers[0].blocks())
        return
    queues = [BlockQueue(place, reader.blocks()) for place, reader in enumerate(readers)]
    for queue in queues:
        queue.advance(0)
    while waiting := [queue for queue in queues if queue.block is not None]:
        head = min(waiting, key=BlockQueue.end)
        assert head.block is not None
        numbers = head.passed + head.earlier + np.arange(1, len(head.latest) + 1)
        for other in waiting:
            if other is not head:
                numbers += other.frames_before(head)
                other.earlier += head.frames_before(other)
        head.block.number_in_file = head.block.frames.number
        head.block.frames = head.block.frames._replace(number=numbers)
        yield head.place, head.block
        head.advance(sum(queue.passed for queue in queues if queue is not head))


@dataclass(slots=True)
class BlockQueue:
    """The blocks of one capture, of which the first is held; the one that ends first is yielded.

    Frames that were yielded before a block was read come before all of its own.

    block     None: there are no more
    latest    for each of its frames the latest time up to it: ascending int64 nanoseconds, 0 before the first time
    earlier   for each of its frames the number of those of other captures that were yielded and come before: int64
    passed    number of frames in the blocks before
    """

    place: int
    blocks: Iterator[Block]
    block: Block | None = None
    latest: Array = field(default_factory=lambda: np.zeros(0, np.int64))
    earlier: Array = field(default_factory=lambda: np.zeros(0, np.int64))
    passed: int = 0

    def advance(self, others: int) -> None:
        """Take the next block; `others` is the number of frames of other captures that were yielded."""
        before = int(self.latest[-1]) if len(self.latest) else 0
        self.passed += len(self.latest)
        self.block = next(self.blocks, None)
        times = np.zeros(0, np.int64) if self.block is None else self.block.frames.time
        self.latest = np.maximum.accumulate(np.maximum(times, before))
        self.earlier = np.full(len(times), others, np.int64)

    def end(self) -> tuple[int, int]:
        """Return what the last frame of the block is ordered by."""
        return int(self.latest[-1]), self.place

    def frames_before(self, other: BlockQueue) -> Array:
        """Return for each frame of another capture's block how many frames of this block come before it: int64."""
        side: Literal["left", "right"] = "right" if self.place < other.place else "left"
        found: Array = self.latest.searchsorted(other.latest, side=side)
        return found
