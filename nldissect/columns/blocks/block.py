"""A block: the frames and messages of one window of a capture as columns.

Offsets are those in the reader's buffer, which is reused: a block is valid until the next one is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from nldissect.capfile import OWN, Interface
from nldissect.capfile.comments import losses

from ..fields.derived import PLACES
from ..names.timeline import FrameNames, NameChange, NameTimeline
from .buffer import Array, Buffer, alike
from .message_case import Meaning

if TYPE_CHECKING:
    from .whole_capture import WholeCapture

NO_TIME = -(1 << 63)
"""Time of a frame that has none."""


@dataclass(slots=True)
class Block:
    """Columns of frames, and of messages in file order.

    frame_at, frame_end         the captured bytes, from the 16-byte cooked header on
    frame_wire                  length before a snap length cut it
    frame_time                  nanoseconds since 1970, or NO_TIME
    frame_protocol              -1 where the cooked header is not whole
    frame_kind                  sll_pkttype
    frame_big                   big-endian messages
    frame_rest                  end of its messages; bytes from there to frame_end belong to none
    frame_first, frame_count    index of its first message, number of its messages
    frame                       index of the message's frame
    place                       number of the message in its frame, from 1
    at, end, after              message from its first byte to the end of its captured part, and of its padding
    bare                        no nlmsghdr: the whole datagram is one message
    direction                   index in DIRECTIONS; `told`: bool, the source recorded it
    meaning                     message type: index in `meanings`, which grows with the capture
    names                       timeline of the capture's names
    learnt                      names of families in its frames, new or not, and all other new names
    whole                       results of second passes over the capture
    frame_own                   numbers of frames in their file, where frame_number has those of a merged capture
    """

    raw: Buffer
    interfaces: list[Interface]
    comments: dict[int, tuple[str, ...]]
    offset: int
    frame_at: Array
    frame_end: Array
    frame_wire: Array
    frame_number: Array
    frame_time: Array
    frame_interface: Array
    frame_protocol: Array
    frame_kind: Array
    frame_big: Array
    frame_rest: Array
    frame_first: Array
    frame_count: Array
    frame: Array
    place: Array
    at: Array
    end: Array
    after: Array
    length: Array
    type: Array
    flags: Array
    seq: Array
    pid: Array
    bare: Array
    direction: Array
    told: Array
    meaning: Array
    meanings: Sequence[Meaning]
    names: NameTimeline
    learnt: list[NameChange] = field(default_factory=list)
    whole: WholeCapture | None = None
    frame_own: Array | None = None

    def __len__(self) -> int:
        return len(self.at)

    @property
    def keys(self) -> Array:
        """Key of each message in its file, int64: number of the frame, and place in it, as one number."""
        numbers = self.frame_number if self.frame_own is None else self.frame_own
        keys: Array = (numbers[self.frame].astype(np.int64) << PLACES) | self.place
        return keys

    def position(self, frame: int) -> int:
        """Return the offset of a frame in the file, which is its position in the timeline of names."""
        return int(self.frame_at[frame]) + self.offset

    def context(self, frame: int) -> FrameNames:
        """Return the context of a frame: its byte order, and the names in its network namespace; it learns nothing."""
        space = self.interfaces[int(self.frame_interface[frame])].space
        return self.names.context(self.position(frame), space, ">" if self.frame_big[frame] else "<")

    def frame_bytes(self, index: int) -> bytes:
        """Return a copy of the bytes of one frame."""
        return bytes(self.raw.buffer[int(self.frame_at[index]) : int(self.frame_end[index])])

    def own_frames(self) -> Array:
        """Return a mask of frames that the capture itself sent, or that answer those."""
        return self._commented(lambda texts: OWN in texts)

    def loss_frames(self) -> Array:
        """Return a mask of frames before which something was lost."""
        return self._commented(lambda texts: any(losses(texts)))

    def _commented(self, test: Callable[[tuple[str, ...]], bool]) -> Array:
        places = [at for at, texts in self.comments.items() if test(texts)]
        found: Array = np.isin(self.frame_at, places) if places else np.zeros(len(self.frame_at), bool)
        return found

    def hidden(self) -> Array:
        """Return a mask of messages that are shown on request only: those of own frames.

        The first message after a loss is not among them, as it has the note of the loss.
        """
        found: Array = self.own()
        return found & ~(self.loss_frames()[self.frame] & (self.place == 1)) if found.any() else found

    def own(self) -> Array:
        """Return a mask of the messages of own frames."""
        found: Array = self.own_frames()[self.frame]
        return found

    def by_meaning(self) -> Iterator[tuple[Meaning, Array]]:
        """Yield each message type that occurs, and the indices of its messages in file order."""
        for number, mine in alike(self.meaning):
            yield self.meanings[number], mine
