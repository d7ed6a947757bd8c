"""A block: the frames and messages of one window of a capture as columns.

Offsets are those in the reader's buffer, which is reused: a block is valid until the next one is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nldissect.capfile import OWN, Interface
from nldissect.capfile.comments import losses

from ..fields.derived import PLACES
from ..names.timeline import FrameNames, NameChange, NameTimeline
from .buffer import Array, Buffer, group_by
from .message_type import MessageType

if TYPE_CHECKING:
    from .whole_capture import WholeCapture

NO_TIME = -(1 << 63)
"""Time of a frame that has none."""


class FrameColumns(NamedTuple):
    """One entry per frame.

    start, end      int64, offsets of the captured bytes in the buffer, from the 16-byte cooked header on
    wire_length     int64, length before a snap length cut the frame
    number          int64, number of the frame, from 1
    time            int64, nanoseconds since 1970, or NO_TIME
    interface       index in `interfaces`
    protocol        int32, netlink protocol; -1 where the cooked header is not whole
    packet_type     uint16, sll_pkttype
    big_endian      bool, byte order of its messages
    """

    start: Array
    end: Array
    wire_length: Array
    number: Array
    time: Array
    interface: Array
    protocol: Array
    packet_type: Array
    big_endian: Array


class MessageColumns(NamedTuple):
    """One entry per message, in file order; frame_end, frame_first and frame_count have one per frame.

    frame           int64, index of the message's frame
    number          int64, number of the message in its frame, from 1
    start, end      int64, offsets of the captured part in the buffer
    padded_end      int64, end of its padding
    headerless      bool, no nlmsghdr: the whole datagram is one message
    frame_end       int64, end of the frame's messages; bytes from there to the end of the frame belong to none
    frame_first     int64, index of the frame's first message
    frame_count     int64, number of the frame's messages
    """

    frame: Array
    number: Array
    start: Array
    end: Array
    padded_end: Array
    headerless: Array
    frame_end: Array
    frame_first: Array
    frame_count: Array


class MessageHeaders(NamedTuple):
    """One entry per message: the fields of nlmsghdr, 0 where it has none, and what follows from them.

    direction         uint8, index in DIRECTIONS
    direction_known   bool, the source recorded the direction
    message_type      index in `message_types`
    """

    length: Array
    type: Array
    flags: Array
    seq: Array
    pid: Array
    direction: Array
    direction_known: Array
    message_type: Array


@dataclass(slots=True)
class Block:
    """The frames and messages of one window.

    buffer           the window's bytes
    interfaces       of the capture; `frames.interface` counts in them
    comments         of frames, by the offset in the buffer where each begins
    offset           of the buffer in the file
    message_types    those of the capture, which grow with it
    names            timeline of the capture's names
    name_changes     names of families in its frames, new or not, and all other new names
    whole            results of second passes over the capture
    number_in_file   int64, numbers of frames in their file, where `frames.number` has those of a merged capture
    """

    buffer: Buffer
    interfaces: list[Interface]
    comments: dict[int, tuple[str, ...]]
    offset: int
    frames: FrameColumns
    messages: MessageColumns
    headers: MessageHeaders
    message_types: Sequence[MessageType]
    names: NameTimeline
    name_changes: list[NameChange] = field(default_factory=list)
    whole: WholeCapture | None = None
    number_in_file: Array | None = None

    def __len__(self) -> int:
        return len(self.messages.start)

    @property
    def keys(self) -> Array:
        """Key of each message in its file, int64: number of the frame, and place in it, as one number."""
        numbers = self.frames.number if self.number_in_file is None else self.number_in_file
        keys: Array = (numbers[self.messages.frame].astype(np.int64) << PLACES) | self.messages.number
        return keys

    def position(self, frame: int) -> int:
        """Return the offset of a frame in the file, which is its position in the timeline of names."""
        return int(self.frames.start[frame]) + self.offset

    def context(self, frame: int) -> FrameNames:
        """Return the context of a frame: its byte order, and the names in its network namespace; it learns nothing."""
        space = self.interfaces[int(self.frames.interface[frame])].space
        return self.names.context(self.position(frame), space, ">" if self.frames.big_endian[frame] else "<")

    def frame_bytes(self, index: int) -> bytes:
        """Return a copy of the bytes of one frame."""
        return bytes(self.buffer.buffer[int(self.frames.start[index]) : int(self.frames.end[index])])

    def own_frames(self) -> Array:
        """Return a mask of frames that the capture itself sent, or that answer those."""
        return self._commented(lambda texts: OWN in texts)

    def loss_frames(self) -> Array:
        """Return a mask of frames before which something was lost."""
        return self._commented(lambda texts: any(losses(texts)))

    def _commented(self, test: Callable[[tuple[str, ...]], bool]) -> Array:
        places = [at for at, texts in self.comments.items() if test(texts)]
        found: Array = np.isin(self.frames.start, places) if places else np.zeros(len(self.frames.start), bool)
        return found

    def hidden_messages(self) -> Array:
        """Return a mask of messages that are shown on request only: those of own frames.

        The first message after a loss is not among them, as it has the note of the loss.
        """
        found: Array = self.own_messages()
        if not found.any():
            return found
        after_loss_mask = self.loss_frames()[self.messages.frame] & (self.messages.number == 1)
        found &= ~after_loss_mask
        return found

    def own_messages(self) -> Array:
        """Return a mask of the messages of own frames."""
        found: Array = self.own_frames()[self.messages.frame]
        return found

    def by_message_type(self) -> Iterator[tuple[MessageType, Array]]:
        """Yield each message type that occurs, and the indices of its messages in file order."""
        for number, mine in group_by(self.headers.message_type):
            yield self.message_types[number], mine
