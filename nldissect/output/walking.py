"""One message of a block walked by itself, as the slow path has it."""

from __future__ import annotations

from nldissect.index.beside import tell
from nldissect.index.block import Block
from nldissect.wire import Context, Walked
from nldissect.wire.walk import walk_bare, walk_place


def walked_at(block: Block, index: int, context: Context) -> Walked:
    """The message of that index, its frame's bytes around it."""
    frame = int(block.frame[index])
    data = block.frame_bytes(frame)
    base = int(block.frame_at[frame])
    protocol, kind = int(block.frame_protocol[frame]), int(block.frame_kind[frame])
    order = order_of(block, frame)
    if block.bare[index]:
        walked = walk_bare(data, len(data), protocol, order, kind, context)
    else:
        place = int(block.at[index]) - base, int(block.end[index]) - base, int(block.after[index]) - base
        walked = walk_place(data, place, protocol, order, context, kind)
    if base in block.comments:
        tell(walked, block.comments[base], int(block.place[index]))
    return walked


def order_of(block: Block, frame: int) -> str:
    """The byte order of a frame as a struct code."""
    return ">" if block.frame_big[frame] else "<"
