"""Prior requests by columns: the request that each NLMSG_ERROR of a block acknowledges.

The results are those of `RequestTracker` for single messages (nldissect/request_tracker.py has the rules), without
decoding messages that are not needed. Acknowledgements are paired by sorting headers; only headers of which several
requests wait at once, or one was acknowledged twice, are handled message by message. Of earlier blocks the latest
requests of each network namespace are kept, with their bytes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nldissect.request_tracker import AnswerRules
from nldissect.sizes import SIZES
from nldissect.uapi import NLMSG_ERROR, NLMSG_HDRLEN
from nldissect.wire.packets.frame import ECHO
from nldissect.wire.protocol import TO_KERNEL

from ..blocks.block import Block
from ..blocks.buffer import Array, group_by, stable_argsort
from ..blocks.message_type import DIRECTIONS
from .request_copy import SavedRequest

KERNEL = DIRECTIONS.index(TO_KERNEL)
NO_REQUEST, EARLIER_BLOCK = -1, -2
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))


class RequestHeaders(NamedTuple):
    """Columns of requests and acknowledgements of one namespace, in file order.

    protocol        int64
    first, second   halves of the request's header, as acknowledgements repeat it: uint64
    asks            it is a request, else an acknowledgement: bool
    frame           number of the frame: int64
    message         index in the block, of earlier blocks -1 less the place in `RecentRequests.kept`: int64
    closed          a request that was acknowledged: bool
    """

    protocol: Array
    first: Array
    second: Array
    asks: Array
    frame: Array
    message: Array
    closed: Array

    def where(self, rows: Array) -> RequestHeaders:
        """Return some of the rows."""
        return RequestHeaders(*(column[rows] for column in self))


NOTHING = RequestHeaders(
    *(np.zeros(0, kind) for kind in (np.int64, np.uint64, np.uint64, bool, np.int64, np.int64, bool))
)


class RecentRequests:
    """The latest requests of one network namespace.

    headers   of requests, `message` being -1 less their place in `kept`
    count     requests so far
    """

    def __init__(self) -> None:
        self.headers = NOTHING
        self.kept: list[SavedRequest] = []
        self.count = 0


class PriorRequests:
    """Finder of prior requests, block by block.

    requests   for each message of the present block the index of the request it acknowledges, NO_REQUEST, or
               EARLIER_BLOCK: int64
    """

    def __init__(self, rules: AnswerRules, capacity: int | None = None) -> None:
        self.rules, self.capacity = rules, SIZES.kept_requests if capacity is None else capacity
        self.requests: Array = np.zeros(0, np.int64)
        self._spaces: dict[str, RecentRequests] = {}
        self._earlier: dict[int, SavedRequest] = {}
        self._block: Block | None = None
        self._latest: dict[str, RequestHeaders] = {}

    def begin_block(self, block: Block) -> None:
        """Match the acknowledgements of the next block with requests."""
        self._block = block
        self._earlier = {}
        self.requests = np.full(len(block), NO_REQUEST, np.int64)
        asks = ~block.messages.headerless & (block.headers.direction == KERNEL)
        acks = (
            ~block.messages.headerless
            & ~asks
            & (block.headers.type == NLMSG_ERROR)
            & (block.messages.end - block.messages.start >= ECHO + NLMSG_HDRLEN)
        )
        names = [interface.space for interface in block.interfaces]
        number = np.array([names.index(name) for name in names], np.int64)[block.frames.interface]
        self._latest = {}
        for space, frames in group_by(number):
            mask = asks | acks
            if len(frames) < len(number):
                inside = np.zeros(len(number), bool)
                inside[frames] = True
                mask = mask & inside[block.messages.frame]
            self._match(self._spaces.setdefault(names[space], RecentRequests()), names[space], mask.nonzero()[0], asks)

    def _match(self, space: RecentRequests, name: str, mine: Array, asks: Array) -> None:
        headers = RequestHeaders(*map(np.concatenate, zip(space.headers, self._headers(mine, asks[mine]), strict=True)))
        if not headers.asks.all():
            self._join(space, headers)
        requests = headers.where(headers.asks.nonzero()[0][-self.capacity :])
        self._latest[name] = requests
        space.count += int(asks[mine].sum())

    def _headers(self, mine: Array, asks: Array) -> RequestHeaders:
        block = self._block
        assert block is not None
        at = block.messages.start[mine] + np.where(asks, 0, ECHO)
        words = block.buffer.words("<u8")
        frames = block.messages.frame[mine]
        protocol, first = block.frames.protocol[frames].astype(np.int64), words[at]
        for (changed, number), flags in self.rules.rewritten.items():
            big = block.frames.big_endian[frames]
            some = (protocol == changed) & (block.buffer.take("u2", at + 4, big) == number)
            little, swapped = (~np.uint64(mask << 48) for mask in (flags, flags >> 8 | (flags & 0xFF) << 8))
            first = np.where(some, first & np.where(big, swapped, little), first)
        return RequestHeaders(
            protocol, first, words[at + 8], asks, block.frames.number[frames].astype(np.int64), mine,
            np.zeros(len(mine), bool),
        )  # fmt: skip

    def _join(self, space: RecentRequests, headers: RequestHeaders) -> None:
        """Pair acknowledgements with their requests, and mark these `closed`."""
        asks = headers.asks
        ordinal = space.count - len(space.headers.asks) + np.cumsum(asks)
        mixed = headers.first * _MIX[0] ^ headers.second * _MIX[1] ^ headers.protocol.astype(np.uint64) * _MIX[2]
        order = stable_argsort(mixed >> np.uint64(16))
        keys = (headers.protocol[order], headers.first[order], headers.second[order])
        same = np.ones(len(order), bool)
        same[0] = False
        for column in keys:
            same[1:] &= column[1:] == column[:-1]
        collides = (~same[1:] & (mixed[order][1:] >> np.uint64(16) == mixed[order][:-1] >> np.uint64(16))).any()
        is_ack, waits = ~asks[order], asks[order] & ~headers.closed[order]
        plain = is_ack & same & np.append(False, waits[:-1])  # directly after a request that waits
        alone = np.append(False, ~same[:-1] | (headers.frame[order][:-1] != np.append(-1, headers.frame[order][:-2])))
        plain &= alone
        group = np.cumsum(~same)
        hard = np.zeros(group[-1] + 1, bool)
        hard[group[is_ack & ~plain & same]] = True
        hard[group[is_ack & same & np.append(False, is_ack[:-1])]] = True
        plain &= ~hard[group]
        answer, request = order[plain], order[np.append(plain[1:], False)]
        inside = ordinal[answer] - ordinal[request] < self.capacity
        self._give(space, headers, answer[inside], request[inside])
        if collides:
            self._one_by_one(space, headers, np.arange(len(order)), ordinal)
        elif hard.any():
            self._one_by_one(space, headers, np.sort(order[hard[group]]), ordinal)

    def _one_by_one(self, space: RecentRequests, headers: RequestHeaders, rows: Array, ordinal: Array) -> None:
        known: dict[tuple[int, int, int], list[int]] = {}
        columns = headers.protocol, headers.first, headers.second, headers.asks
        closed = {row for row in rows.tolist() if headers.closed[row]}
        answers, requests = [], []
        for row, *key, asks in zip(rows.tolist(), *(column[rows].tolist() for column in columns), strict=True):
            equal = known.setdefault((key[0], key[1], key[2]), [])
            if asks:
                equal.append(row)
                continue
            equal[:] = [one for one in equal if ordinal[row] - ordinal[one] < self.capacity]
            if equal:
                latest = next((one for one in reversed(equal) if one not in closed), equal[-1])
                like = [one for one in equal if headers.frame[one] == headers.frame[latest]]
                found = next(one for one in like if (one in closed) == (latest in closed))
                closed.add(found)
                answers.append(row)
                requests.append(found)
        self._give(space, headers, np.array(answers, np.int64), np.array(requests, np.int64))

    def _give(self, space: RecentRequests, headers: RequestHeaders, answers: Array, requests: Array) -> None:
        headers.closed[requests] = True
        message, request = headers.message[answers], headers.message[requests]
        self.requests[message] = np.where(request >= 0, request, EARLIER_BLOCK)
        for place in (request < 0).nonzero()[0].tolist():
            self._earlier[int(message[place])] = space.kept[-1 - int(request[place])]

    def end_block(self) -> None:
        """Copy the requests worth remembering, before the block's buffer is used again."""
        block = self._block
        if block is None:
            return
        for name, headers in self._latest.items():
            space = self._spaces[name]
            here = headers.message >= 0
            made = iter(kept_of(block, headers.message[here]))
            space.kept = [next(made) if one >= 0 else space.kept[-1 - one] for one in headers.message.tolist()]
            space.headers = headers._replace(message=-1 - np.arange(len(here)))

    def kept(self, message: int) -> SavedRequest | None:
        """Return the request of an earlier block that a message of the present one acknowledges."""
        return self._earlier.get(message)

    def frames(self, messages: Array) -> list[int]:
        """Return the numbers of the frames of the requests that these messages acknowledge."""
        assert self._block is not None
        return self._of(messages, self._block.frames.number[self._block.messages.frame], "frame")

    def meanings(self, messages: Array) -> list[int]:
        """Return the types of the requests that these messages acknowledge, as indices into the block's meanings."""
        assert self._block is not None
        return self._of(messages, self._block.headers.message_type, "meaning")

    def _of(self, messages: Array, column: Array, name: str) -> list[int]:
        requests = self.requests[messages]
        found: list[int] = column[np.maximum(requests, 0)].tolist() if len(column) else []
        for place in (requests == EARLIER_BLOCK).nonzero()[0].tolist():
            found[place] = getattr(self._earlier[int(messages[place])], name)
        return found


def kept_of(block: Block, mine: Array) -> list[SavedRequest]:
    """Return requests of a block, given by their indices, as copies that outlive it."""
    frames, buffer = block.messages.frame[mine], block.buffer.buffer
    at, after = block.messages.start[mine], block.messages.padded_end[mine]
    data = [bytes(buffer[start:stop]) for start, stop in zip(at.tolist(), after.tolist(), strict=True)]
    owners = block.frames.interface[frames].tolist()
    spaces = [block.interfaces[owner].space for owner in owners]
    columns = (
        block.frames.number[frames], block.frames.start[frames] + block.offset,
        block.headers.message_type[mine], block.messages.end[mine] - at,
        block.frames.protocol[frames], block.frames.big_endian[frames], block.frames.packet_type[frames],
    )  # fmt: skip
    rows = zip(data, spaces, *(column.tolist() for column in columns), strict=True)
    return [
        SavedRequest(number, position, space, meaning, copied, size, protocol, ">" if big else "<", kind)
        for copied, space, number, position, meaning, size, protocol, big, kind in rows
    ]
