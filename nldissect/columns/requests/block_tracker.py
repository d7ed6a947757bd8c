"""The request tracker by columns: the rules of `nldissect.request_tracker` applied to all messages of a block at once.

Few messages need it: those that look like requests but may be the kernel's are handled one by one; for those that look
like answers but may be events, sorting finds the latest request of their sequence number. Of earlier blocks, the
numbers of the latest requests of each network namespace are kept, 16 bytes each.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nldissect.request_tracker import AnswerRules, Request, RequestHeader
from nldissect.sizes import SIZES
from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR
from nldissect.wire.kernel_content import direction_by_content, types_with_kernel_content
from nldissect.wire.packets.bindings import verb_of
from nldissect.wire.protocol import NETLINK, NLM_F, NOTIFICATION, TO_KERNEL, TO_USER

from ..blocks.block import FrameColumns, MessageColumns
from ..blocks.buffer import Array, Buffer, group_by, stable_argsort
from ..blocks.message_type import DIRECTIONS
from ..blocks.scan import is_in

KERNEL, USER, NOTIFIED = (DIRECTIONS.index(one) for one in (TO_KERNEL, TO_USER, NOTIFICATION))


class TrackedHeaders(NamedTuple):
    """Columns of nlmsghdr, one row a message.

    direction   indices in DIRECTIONS, as each header alone suggests; certain where `known`
    content     the same for messages that look like requests, by their content; holds where no request before decides
    frame       index of the message's frame: messages of one datagram have one direction, and none answers another
    """

    protocol: Array
    length: Array
    type: Array
    flags: Array
    seq: Array
    pid: Array
    direction: Array
    known: Array
    content: Array
    frame: Array

    def at(self, row: int) -> RequestHeader:
        """Return the header of one message."""
        return RequestHeader(*(int(column[row]) for column in self[:6]))

    def where(self, rows: Array) -> TrackedHeaders:
        """Return the headers of some messages."""
        return TrackedHeaders(*(column[rows] for column in self))

    @property
    def number(self) -> Array:
        """Protocol and sequence number of each message as one: uint64."""
        number: Array = (self.protocol.astype(np.uint64) << np.uint64(32)) | self.seq.astype(np.uint64)
        return number

    @property
    def place(self) -> Array:
        """Protocol and type of each message as one: int64."""
        place: Array = (self.protocol.astype(np.int64) << 16) | self.type.astype(np.int64)
        return place


def content_directions(raw: Buffer, frames: FrameColumns, messages: MessageColumns, headers: TrackedHeaders) -> Array:
    """Return the directions of messages that look like requests by their content, see `wire.kernel_content`.

    uint8, index in DIRECTIONS; that of "to kernel" for all other messages. Only the few that may be the kernel's are
    decoded.
    """
    found = np.full(len(headers.type), KERNEL, np.uint8)
    mask = (headers.direction == KERNEL) & ~headers.known & (headers.pid != 0)
    for protocol in np.unique(headers.protocol[mask]).tolist():
        types = types_with_kernel_content(protocol)
        for row in (mask & (headers.protocol == protocol) & is_in(headers.type, types)).nonzero()[0].tolist():
            order = ">" if frames.big_endian[messages.frame[row]] else "<"
            start, end = int(messages.start[row]), int(messages.end[row])
            found[row] = DIRECTIONS.index(direction_by_content(headers.at(row), raw.buffer, start, end, order))
    return found


class PortSpace:
    """The latest requests of one network namespace, in file order.

    count     requests so far; the last `len(number)` of them are remembered
    number    protocol and sequence number as one: uint64
    place     protocol and type as one: int64
    repeats   by number the latest request, where messages of the kernel may look like it; `kept` is its ordinal
    """

    def __init__(self) -> None:
        self.count = 0
        self.number: Array = np.zeros(0, np.uint64)
        self.place: Array = np.zeros(0, np.int64)
        self.repeats: dict[int, Request[int]] = {}

    def take(self, sent: list[tuple[int, Request[int] | None]]) -> None:
        """Remember the messages of a frame: requests, and answers to earlier ones."""
        for key, request in sent:
            if request is not None:
                self.repeats[key] = request
            elif key in self.repeats:
                self.repeats[key].answered = True
        sent.clear()


class BlockTracker:
    """Directions of messages, block by block, by the rules that `AnswerRules.direction` has for single messages."""

    def __init__(self, rules: AnswerRules, capacity: int | None = None) -> None:
        self.rules, self.capacity = rules, SIZES.kept_requests if capacity is None else capacity
        self._spaces: dict[str, PortSpace] = {}
        self._repeated = {(protocol, rules.about(protocol, number)) for protocol, number in rules.repeated}
        self._returned = {protocol for protocol, family in rules.returned if family is None}

    def directions(self, spaces: list[str], space: Array, headers: TrackedHeaders, returned: dict[int, str]) -> Array:
        """Return the directions of the messages of the next block: uint8, indices in DIRECTIONS.

        spaces     network namespaces by number
        space      the number of each message's namespace; -1 for messages without nlmsghdr
        returned   ids of generic families with requests that come back filled in, and the names of the families
        """
        direction = headers.direction.copy()
        for number, rows in group_by(space):
            if number >= 0:
                known = self._spaces.setdefault(spaces[number], PortSpace())
                mine = headers if len(rows) == len(space) else headers.where(rows)
                direction[rows] = self._of_space(known, mine, returned)
        return direction

    def _of_space(self, space: PortSpace, headers: TrackedHeaders, returned: dict[int, str]) -> Array:
        direction = headers.direction.copy()
        self._sent_back(space, headers, returned, direction)
        request_mask = direction == KERNEL
        ordinal = space.count + np.cumsum(request_mask)
        maybe_mask = (direction == USER) & (headers.direction == USER) & ~headers.known
        maybe_mask &= (headers.flags & NLM_F.MULTI == 0) & is_in(headers.protocol, self.rules.caused)
        maybe_mask &= (headers.type != NLMSG_ERROR) & (headers.type != NLMSG_DONE)
        if maybe_mask.any():
            self._events(space, headers, request_mask, maybe_mask, ordinal, direction)
        self._remember(space, headers, request_mask.nonzero()[0][-self.capacity :])
        space.count += int(request_mask.sum())
        return direction

    def _sent_back(self, space: PortSpace, headers: TrackedHeaders, returned: dict[int, str], direction: Array) -> None:
        """Correct the directions of messages that look like requests and are the kernel's, one after the other."""
        request_mask = headers.direction == KERNEL
        repeats = request_mask.nonzero()[0]
        repeats = repeats[self._repeats(headers.where(repeats), returned)]
        if not len(repeats) and not space.repeats:
            return
        number = headers.number
        answers = (headers.direction == USER) | ((headers.direction == NOTIFIED) & (headers.seq != 0))
        answers &= (headers.type != NLMSG_DONE) & self._come_back(headers, returned)
        chosen = request_mask | (headers.type == NLMSG_ERROR) | answers
        numbers = {*np.unique(number[repeats]).tolist(), *space.repeats}
        chosen &= np.isin(number, np.array(list(numbers), np.uint64))
        ordinals = space.count + np.cumsum(request_mask)
        turned, frame = 0, -1
        sent: list[tuple[int, Request[int] | None]] = []  # in the present frame; None for an answer
        for row in chosen.nonzero()[0].tolist():
            header, key, ordinal = headers.at(row), int(number[row]), int(ordinals[row]) - turned
            if headers.frame[row] != frame:
                frame = int(headers.frame[row])
                space.take(sent)
            before = space.repeats.get(key)
            if header.type == NLMSG_ERROR or answers[row]:
                sent.append((key, None))
                continue
            family = returned.get(header.type) if header.protocol == NETLINK.GENERIC else None
            if before is not None and ordinal - before.kept > self.capacity:
                before = None
            way = TO_KERNEL if headers.known[row] else self.rules.direction(before, header, TO_KERNEL, family)
            if way == TO_KERNEL and headers.content[row] != KERNEL:
                way = DIRECTIONS[headers.content[row]]
            if way == TO_KERNEL:
                sent.append((key, Request(0, header, verb_of(header.protocol, header.type), ordinal)))
                continue
            direction[row] = DIRECTIONS.index(way or TO_USER)
            turned += 1
            if (header.protocol, family) in self.rules.returned:
                sent.append((key, None))
        space.take(sent)
        last = int(ordinals[-1]) - turned
        space.repeats = {key: one for key, one in space.repeats.items() if last - one.kept < self.capacity}

    def _repeats(self, headers: TrackedHeaders, returned: dict[int, str]) -> Array:
        """Return a mask of messages akin to some that carry the flags, or the whole header, of their request."""
        found = self._come_back(headers, returned)
        for protocol, about in self._repeated:
            found |= (headers.protocol == protocol) & (headers.type >> self.rules.caused[protocol] == about)
        return found

    def _come_back(self, headers: TrackedHeaders, returned: dict[int, str]) -> Array:
        """Return a mask of messages of the protocols and families that send requests back filled in."""
        found = is_in(headers.protocol, self._returned)
        if returned:
            found |= (headers.protocol == NETLINK.GENERIC) & is_in(headers.type, returned)
        return found

    def _events(
        self,
        space: PortSpace,
        headers: TrackedHeaders,
        request_mask: Array,
        maybe_mask: Array,
        ordinal: Array,
        direction: Array,
    ) -> None:
        """Change answers to notifications where the latest request of their number decides so."""
        rows = (request_mask | maybe_mask).nonzero()[0]
        frame, asks = headers.frame[rows], request_mask[rows]
        if ((frame[1:] == frame[:-1]) & (asks[1:] != asks[:-1])).any():
            rows = rows[np.lexsort((asks, frame))]
        kept = len(space.number)
        chosen = headers.where(rows)
        number = np.concatenate((space.number, chosen.number))
        place = np.concatenate((space.place, chosen.place))
        ordinals = np.concatenate((space.count - kept + 1 + np.arange(kept), ordinal[rows]))
        is_request = np.concatenate((np.ones(kept, bool), request_mask[rows]))
        order = stable_argsort(number)
        turns = np.arange(len(order))
        begins = np.concatenate(([True], number[order][1:] != number[order][:-1]))
        begin = np.maximum.accumulate(np.where(begins, turns, 0))
        latest = np.maximum.accumulate(np.where(is_request[order], turns, -1))
        mine = (~is_request[order]).nonzero()[0]
        event, request = order[mine], order[np.maximum(latest[mine], 0)]
        known = (latest[mine] >= begin[mine]) & (ordinals[event] - ordinals[request] < self.capacity)
        unnumbered = number[event] & np.uint64(0xFFFFFFFF) == 0
        cases = np.where(known, place[request], -1) << 25 | place[event] << 1 | unnumbered
        for case, places in group_by(cases):
            if self._is_event(case >> 25, case >> 1 & 0xFFFFFF, bool(case & 1)):
                direction[rows[event[places] - kept]] = NOTIFIED

    def _is_event(self, request: int, message: int, unnumbered: bool) -> bool:
        """Return whether a message that looks like an answer is an event; `request` is -1 for none."""
        before = None
        if request >= 0:
            header = RequestHeader(request >> 16, 0, request & 0xFFFF, 0, 0, 0)
            before = Request(0, header, verb_of(header.protocol, header.type), 0)
        header = RequestHeader(message >> 16, 0, message & 0xFFFF, 0, 0 if unnumbered else 1, 0)
        return self.rules.direction(before, header, TO_USER) == NOTIFICATION

    def _remember(self, space: PortSpace, headers: TrackedHeaders, rows: Array) -> None:
        latest = headers.where(rows)
        space.number = np.concatenate((space.number, latest.number))[-self.capacity :]
        space.place = np.concatenate((space.place, latest.place))[-self.capacity :]
