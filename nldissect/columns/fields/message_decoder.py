"""Decoder of single messages of a block, for facts that columns don't have."""

from __future__ import annotations

from nldissect.capfile import Record
from nldissect.wire import DecodedFrame, DecodedMessage, walk

from ..blocks.block import NO_TIME, Block
from ..blocks.message_type import DIRECTIONS
from .derived import PLACES, MessageContext
from .frame_comments import apply_comments


class MessageDecoder:
    """Frames of one block, decoded on demand; the last one is kept.

    first   time of the capture's first frame, in nanoseconds since 1970
    """

    def __init__(self, block: Block, first: int | None) -> None:
        self.block, self.first = block, first
        self._index = -1
        self._frame: DecodedFrame | None = None

    def record(self, index: int) -> Record:
        """Return a frame as a record, with the 16-byte cooked header."""
        block = self.block
        time = int(block.frames.time[index])
        interface = block.interfaces[int(block.frames.interface[index])]
        comments = block.comments.get(int(block.frames.start[index]), ())
        return Record(
            int(block.frames.number[index]), None if time == NO_TIME else time, block.frame_bytes(index),
            int(block.frames.wire_length[index]), interface, comments,
        )  # fmt: skip

    def frame(self, index: int) -> DecodedFrame:
        """Return a frame decoded, with the names that hold there."""
        if self._frame is None or index != self._index:
            block, at = self.block, int(self.block.frames.start[index])
            first, count = int(block.messages.frame_first[index]), int(block.messages.frame_count[index])
            directions = [DIRECTIONS[way] for way in block.headers.direction[first : first + count].tolist()]
            wire = int(block.frames.wire_length[index])
            self._frame = walk(block.frame_bytes(index), block.context(index), wire_length=wire, directions=directions)
            for place, walked in enumerate(self._frame.messages if at in block.comments else (), 1):
                apply_comments(walked, block.comments[at], place)
            self._index = index
        return self._frame

    def message(self, message: int) -> DecodedMessage:
        """Return a message decoded."""
        return self.frame(int(self.block.messages.frame[message])).messages[
            int(self.block.messages.number[message]) - 1
        ]

    def situation(self, message: int) -> MessageContext:
        """Return a message with all that is known around it."""
        block = self.block
        index, place = int(block.messages.frame[message]), int(block.messages.number[message])
        number = int(block.frames.number[index])
        own = number if block.number_in_file is None else int(block.number_in_file[index])
        walked, frame = self.message(message), self.frame(index)
        return MessageContext(
            number, self.record(index), frame, walked, place, self.first, block.whole, (own << PLACES) | place
        )

    def without_message(self, index: int) -> MessageContext:
        """Return the context of a frame that holds no message."""
        number = int(self.block.frames.number[index])
        return MessageContext(number, self.record(index), self.frame(index), None, 0, self.first)
