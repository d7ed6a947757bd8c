"""Single messages of a block as walked: for what columns can't tell."""

from __future__ import annotations

from nldissect.record import Record
from nldissect.wire import Context, Frame, walk
from nldissect.wire.policy import POLICY

from .beside import tell
from .block import DIRECTIONS, NO_TIME, Block
from .derived import PLACES, Situation


class Walker:
    """Walks frames of one block when they are asked for; the last one is remembered.

    first   time of the capture's first frame, in nanoseconds since 1970
    """

    def __init__(self, block: Block, first: int | None) -> None:
        self.block, self.first = block, first
        self._index = -1
        self._frame: Frame | None = None

    def record(self, index: int) -> Record:
        """A frame as a record, with the 16-byte cooked header."""
        block = self.block
        time = int(block.frame_time[index])
        interface = block.interfaces[int(block.frame_interface[index])]
        comments = block.comments.get(int(block.frame_at[index]), ())
        return Record(
            int(block.frame_number[index]), None if time == NO_TIME else time, block.frame_bytes(index),
            int(block.frame_wire[index]), interface, comments,
        )  # fmt: skip

    def frame(self, index: int) -> Frame:
        """A frame as walked; where the block has no names of its own for it, interfaces are without names."""
        if self._frame is None or index != self._index:
            block, at = self.block, int(self.block.frame_at[index])
            order = "big" if block.frame_big[index] else "little"
            if block.names_at is None:
                names = {"genl": families_at(block, index), "interface": {}, POLICY: policies_at(block, index)}
            else:
                names = block.names_at(index)
            context = Context(order, True, names=names)
            first, count = int(block.frame_first[index]), int(block.frame_count[index])
            directions = [DIRECTIONS[way] for way in block.direction[first : first + count].tolist()]
            wire = int(block.frame_wire[index])
            self._frame = walk(block.frame_bytes(index), context, wire_length=wire, directions=directions)
            for place, walked in enumerate(self._frame.messages if at in block.comments else (), 1):
                tell(walked, block.comments[at], place)
            self._index = index
        return self._frame

    def situation(self, message: int) -> Situation:
        """A message with all that is known around it."""
        block = self.block
        index, place = int(block.frame[message]), int(block.place[message])
        frame = self.frame(index)
        number = int(block.frame_number[index])
        own = number if block.frame_own is None else int(block.frame_own[index])
        walked = frame.messages[place - 1]
        return Situation(
            number, self.record(index), frame, walked, place, self.first, block.whole, (own << PLACES) | place
        )

    def without_message(self, index: int) -> Situation:
        """A frame that holds no message."""
        number = int(self.block.frame_number[index])
        return Situation(number, self.record(index), self.frame(index), None, 0, self.first)


def policies_at(block: Block, index: int) -> dict[int, str]:
    """What is known of generic families' policies in one frame of a block."""
    start = int(block.frame_first[index])
    mine = block.meaning[start : start + int(block.frame_count[index])].tolist()
    numbers = {block.meanings[one].number for one in mine}
    known = {number: block.policy_at(number, index) for number in numbers} if block.policy_at is not None else {}
    return {number: words for number, words in known.items() if words is not None}


def families_at(block: Block, index: int) -> dict[int, str]:
    """The names of generic families in one frame of a block."""
    start = int(block.frame_first[index])
    mine = block.meaning[start : start + int(block.frame_count[index])].tolist()
    families = {block.meanings[one].number: block.meanings[one].family for one in mine}
    return block.families | {number: name for number, name in families.items() if name is not None}
