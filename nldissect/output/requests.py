"""Requests and their acknowledgements in columns: `acks.Requests` without walking what nobody asks about."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nldissect.analysis.ledger import GET, verb_of
from nldissect.index.block import DIRECTIONS, Block
from nldissect.index.raw import Array, ascending
from nldissect.wire import Context
from nldissect.wire.acks import Asked
from nldissect.wire.flags import NLM_F_DUMP, NLMSG_DONE, NLMSG_ERROR, TO_KERNEL
from nldissect.wire.frame import ECHO, HEADER
from nldissect.wire.walk import walk_place

from .layouts import rows_at
from .walking import walked_at

KERNEL = DIRECTIONS.index(TO_KERNEL)
ROOM = 1024
NOBODY, EARLIER = -1, -2
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))


class Kept(NamedTuple):
    """A request of an earlier block: its bytes with padding, and what it takes to walk them."""

    frame: int
    meaning: int
    data: bytes
    size: int
    protocol: int
    order: str
    packet_type: int


class Copied:
    """The bytes of some requests of a block, and what stands in its columns for them."""

    def __init__(self, block: Block, mine: Array) -> None:
        frames, buffer = block.frame[mine], block.raw.buffer
        at, after = block.at[mine], block.after[mine]
        self._data = [bytes(buffer[start:stop]) for start, stop in zip(at.tolist(), after.tolist(), strict=True)]
        self._columns = (
            block.frame_number[frames], block.meaning[mine], block.end[mine] - at,
            block.frame_protocol[frames], block.frame_big[frames], block.frame_kind[frames],
        )  # fmt: skip

    def kept(self, place: int) -> Kept:
        """The request at a place."""
        number, meaning, size, protocol, big, kind = (int(column[place]) for column in self._columns)
        return Kept(number, meaning, self._data[place], size, protocol, ">" if big else "<", kind)


class Met:
    """The latest requests of a capture.

    asked   for each message of the present block the index of the request it acknowledges, NOBODY, or EARLIER where
            that stands in a block before
    """

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self.asked: Array = np.zeros(0, np.int64)
        self._known: dict[bytes, tuple[Copied, int]] = {}
        self._earlier: dict[int, Kept] = {}
        self._block: Block | None = None
        self._requests: Array = self.asked

    def begin(self, block: Block, printed: bool = True) -> None:
        """Find what the acknowledgements of a block answer, if it is to be printed here."""
        self._block = block
        self._earlier = {}
        self.asked = np.full(len(block), NOBODY, np.int64)
        ours = ~block.bare
        requests = ours & (block.direction == KERNEL)
        self._requests = requests.nonzero()[0]
        acks = ours & ~requests & (block.type == NLMSG_ERROR) & (block.end - block.at >= ECHO + HEADER)
        if printed and acks.any() and not self._at_once(block, requests, acks):
            self._one_by_one(block, requests, acks)

    def _at_once(self, block: Block, requests: Array, acks: Array) -> bool:
        """By sorting; False where it is not plain which requests are still remembered."""
        mine = (requests | acks).nonzero()[0]
        is_request = requests[mine]
        at = block.at[mine] + np.where(is_request, 0, ECHO)
        first, second = block.raw.words("<u8")[at], block.raw.words("<u8")[at + 8]
        protocol = block.frame_protocol[block.frame[mine]].astype(np.uint64)
        mixed = (first * _MIX[0] ^ second * _MIX[1] ^ protocol * _MIX[2]) >> np.uint64(len(mine).bit_length())
        order = ascending(mixed)
        places = np.arange(len(order))
        begins = np.concatenate(([True], mixed[order][1:] != mixed[order][:-1]))
        begin = np.maximum.accumulate(np.where(begins, places, 0))
        latest = np.maximum.accumulate(np.where(is_request[order], places, -1))
        found = ~is_request[order] & (latest >= begin)
        answer, request = order[found], order[latest[found]]
        if (first[answer] != first[request]).any() or (second[answer] != second[request]).any():
            return False
        if (protocol[answer] != protocol[request]).any():
            return False
        since = np.cumsum(is_request)
        if (since[answer] - since[request] >= self.room).any():
            return False
        self.asked[mine[answer]] = mine[request]
        lonely = order[~is_request[order] & (latest < begin)]
        if not lonely.size or not self._known:
            return True
        ages = {key: age for age, key in enumerate(reversed(self._known))}
        for place, key in zip(lonely.tolist(), _keys(block, mine[lonely], ECHO), strict=True):
            if key in ages:
                if ages[key] + since[place] >= self.room:
                    return False
                self._answer(int(mine[place]), self._known[key])
        return True

    def _one_by_one(self, block: Block, requests: Array, acks: Array) -> None:
        self._earlier = {}
        self.asked[:] = NOBODY
        known: dict[bytes, int | tuple[Copied, int]] = dict(self._known)
        mine = (requests | acks).nonzero()[0]
        is_request = requests[mine]
        keys = _keys(block, mine, np.where(is_request, 0, ECHO))
        for index, request, key in zip(mine.tolist(), is_request.tolist(), keys, strict=True):
            if request:
                known.pop(key, None)
                known[key] = index
                if len(known) > self.room:
                    del known[next(iter(known))]
            elif key in known:
                self._answer(index, known[key])

    def _answer(self, message: int, request: int | tuple[Copied, int]) -> None:
        if isinstance(request, int):
            self.asked[message] = request
        else:
            copied, place = request
            self.asked[message] = EARLIER
            self._earlier[message] = copied.kept(place)

    def end(self) -> None:
        """Copy what is to be known of the block, whose bytes are about to go."""
        block = self._block
        if block is None or not self._requests.size:
            return
        latest: dict[bytes, int] = {}
        rest = self._requests
        while len(rest) and len(latest) < self.room:
            rest, some = rest[: -self.room], rest[-self.room :]
            for index, key in zip(reversed(some.tolist()), reversed(_keys(block, some, 0)), strict=True):
                if len(latest) < self.room:
                    latest.setdefault(key, index)
        older = [key for key in self._known if key not in latest]
        older = older[max(len(older) + len(latest) - self.room, 0) :]
        known = {key: self._known[key] for key in older}
        copied = Copied(block, np.array(list(latest.values())[::-1]))
        known.update((key, (copied, place)) for place, key in enumerate(reversed(latest)))
        self._known = known

    def frames(self, messages: Array) -> list[int]:
        """Numbers of the frames of the requests that these messages acknowledge."""
        assert self._block is not None
        block = self._block
        return self._of_requests(messages, lambda requests: block.frame_number[block.frame[requests]], "frame")

    def meanings(self, messages: Array) -> list[int]:
        """What these requests are."""
        assert self._block is not None
        block = self._block
        return self._of_requests(messages, lambda requests: block.meaning[requests], "meaning")

    def _of_requests(self, messages: Array, present: Callable[[Array], Array], kept: str) -> list[int]:
        """A number of each request: from the present block's columns, or a field of `Kept` if its block is gone."""
        requests = self.asked[messages]
        found = np.zeros(len(messages), np.int64)
        found[requests >= 0] = present(requests[requests >= 0])
        for place in (requests == EARLIER).nonzero()[0].tolist():
            found[place] = getattr(self._earlier[int(messages[place])], kept)
        numbers: list[int] = found.tolist()
        return numbers

    def request(self, message: int, context: Context) -> Asked | None:
        """The request that a message acknowledges, walked."""
        asked = int(self.asked[message])
        if asked == NOBODY or self._block is None:
            return None
        if asked != EARLIER:
            frame = int(self._block.frame_number[self._block.frame[asked]])
            return Asked(frame, walked_at(self._block, asked, context))
        return walked_again(self._earlier[message], context)


def walked_again(kept: Kept, context: Context | None) -> Asked:
    """A request whose block is gone."""
    frame, _, data, size, protocol, order, packet_type = kept
    return Asked(frame, walk_place(data, (0, size, len(data)), protocol, order, context or Context(), packet_type))


class Turn(NamedTuple):
    """A message that asks for a dump, or ends one (`kept` is None then)."""

    place: int
    protocol: int
    seq: int
    kept: Kept | None


def dumps_in(block: Block) -> list[Turn]:
    """Where dumps of a block begin and end."""
    asks = np.array([verb_of(one) == GET for one in block.meanings], bool)
    begins = (block.direction == KERNEL) & (block.flags & NLM_F_DUMP != 0) & asks[block.meaning] & ~block.bare
    mine = begins.nonzero()[0]
    copied = Copied(block, mine)
    kept = {message: copied.kept(place) for place, message in enumerate(mine.tolist())}
    places = (begins | ((block.type == NLMSG_DONE) & ~block.bare)).nonzero()[0]
    protocols = block.frame_protocol[block.frame[places]].tolist()
    rows = zip(places.tolist(), protocols, block.seq[places].tolist(), strict=True)
    return [Turn(*row, kept.get(row[0])) for row in rows]


def _keys(block: Block, mine: Array, skip: Array | int) -> list[bytes]:
    """Protocol and header of each message, or of the request it repeats."""
    keys = np.empty((len(mine), HEADER + 4), np.uint8)
    keys[:, :HEADER] = rows_at(block.raw, block.at[mine] + skip, HEADER)
    keys[:, HEADER:] = block.frame_protocol[block.frame[mine]].astype("<i4").view(np.uint8).reshape(-1, 4)
    found: list[bytes] = keys.view(f"V{HEADER + 4}").ravel().tolist()
    return found
