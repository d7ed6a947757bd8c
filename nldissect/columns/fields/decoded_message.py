"""One message of a block, decoded by the message engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nldissect.wire import Context, DecodedMessage
from nldissect.wire.decode.acks import PriorRequest
from nldissect.wire.decode.walk import walk_bare, walk_place
from nldissect.wire.protocol import TO_KERNEL

from ..blocks.message_type import DIRECTIONS
from ..requests.request_copy import SavedRequest
from .frame_comments import apply_comments

if TYPE_CHECKING:
    from ..blocks.block import Block
    from ..names.timeline import NameTimeline
    from ..requests.prior_requests import PriorRequests


def decode_message(block: Block, index: int, context: Context) -> DecodedMessage:
    """Return the message at an index decoded, with the bytes of its frame around it."""
    frame = int(block.messages.frame[index])
    data = block.frame_bytes(frame)
    base = int(block.frames.start[frame])
    protocol, kind = int(block.frames.protocol[frame]), int(block.frames.packet_type[frame])
    order = order_of(block, frame)
    if block.messages.headerless[index]:
        walked = walk_bare(data, len(data), protocol, order, kind, context)
    else:
        place = (
            int(block.messages.start[index]) - base,
            int(block.messages.end[index]) - base,
            int(block.messages.padded_end[index]) - base,
        )
        walked = walk_place(data, place, protocol, order, context, kind, DIRECTIONS[block.headers.direction[index]])
    if block.messages.number[index] == block.messages.frame_count[frame]:
        walked.missing = int(block.frames.wire_length[frame]) - len(data)
    if base in block.comments:
        apply_comments(walked, block.comments[base], int(block.messages.number[index]))
    return walked


def walked_again(kept: SavedRequest, names: NameTimeline) -> PriorRequest:
    """Return a request of an earlier block decoded, with the names that held at its frame."""
    context = names.context(kept.position, kept.space, kept.order)
    place = 0, kept.size, len(kept.data)
    walked = walk_place(kept.data, place, kept.protocol, kept.order, context, kept.packet_type, TO_KERNEL)
    return PriorRequest(kept.frame, walked)


def request_of(block: Block, priors: PriorRequests, message: int) -> PriorRequest | None:
    """Return the request that a message of the block acknowledges, None without one, with the names that held then."""
    request = int(priors.requests[message])
    if request >= 0:
        frame = int(block.messages.frame[request])
        return PriorRequest(int(block.frames.number[frame]), decode_message(block, request, block.context(frame)))
    kept = priors.kept(message)
    return None if kept is None else walked_again(kept, block.names)


def order_of(block: Block, frame: int) -> str:
    """Return the byte order of a frame as a struct code."""
    return ">" if block.frames.big_endian[frame] else "<"
