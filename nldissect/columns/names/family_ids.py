"""Learning of names from the messages of a block by columns, as `wire.name_learning` learns from single messages."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from nldissect.uapi import GENL_ID_CTRL, NLMSG_HDRLEN
from nldissect.wire import NETLINK, genlmsghdr
from nldissect.wire.context import POLICY
from nldissect.wire.name_learning import births_of, name_plan
from nldissect.wire.name_plans import Birth, NamePlan, is_birth, may_teach, name_given
from nldissect.wire.packets.bindings import commands_of, unknown_body
from nldissect.wire.policy_words import merged
from nldissect.wire.protocol import NLM_F_NEW, TO_KERNEL
from nldissect.wire.text import decode_text

from ..blocks.block import Block, FrameColumns, MessageColumns
from ..blocks.buffer import Array, Buffer
from ..blocks.message_type import DIRECTIONS, MessageType
from ..extract.split_attrs import find_attr
from .timeline import GENL, INTERFACE, START, NameChange, NameTimeline

KERNEL = DIRECTIONS.index(TO_KERNEL)
WORD = 8


def learn_families(
    timeline: NameTimeline,
    raw: Buffer,
    frames: FrameColumns,
    messages: MessageColumns,
    number: Array,
    seq: Array,
    pid: Array,
    direction: Array,
    positions: Array,
) -> list[NameChange]:
    """Learn generic families and their policies from nlctrl's answers and events; return those named, new or not.

    positions   positions of the frames in the timeline
    """
    mine = (frames.protocol[messages.frame] == NETLINK.GENERIC) & (number == GENL_ID_CTRL) & ~messages.headerless
    requests = direction == KERNEL
    found: list[NameChange] = []
    for index in mine.nonzero()[0].tolist():
        if requests[index]:
            timeline.trust.observe_request(int(seq[index]))
            continue
        frame = int(messages.frame[index])
        at = int(positions[frame])
        order = ">" if frames.big_endian[frame] else "<"
        start, end = int(messages.start[index]) + NLMSG_HDRLEN, int(messages.end[index])
        if end - start < genlmsghdr.size_of:
            continue
        bindings = commands_of("nlctrl", raw.buffer[start])
        message = bindings[0].message if bindings else unknown_body("nlctrl")
        if (plan := name_plan(message)) is None:
            continue
        body = bytes(raw.buffer[start + genlmsghdr.size_of : end])
        given = name_given(plan, body, 0, len(body), order)
        if given is not None and given.number > 0 and given.name is not None:
            known = timeline.known(GENL, given.number, at)
            name = timeline.trust.name(given.number, given.name, known, int(seq[index]), int(pid[index]))
            if name is not None:
                found.append(NameChange(frame, GENL, given.number, name))
                timeline.learn(GENL, given.number, name, at)
        words = message.tell_policy(body, order)
        if words is not None:
            policy = merged(timeline.known(POLICY, words[0], at), words[1])
            found.append(NameChange(frame, POLICY, words[0], policy))
            timeline.learn(POLICY, words[0], policy, at)
    return found


def learn_names(timeline: NameTimeline, block: Block, positions: Array) -> list[NameChange]:
    """Learn the names of interfaces and nftables sets from a block; return the new ones, in file order.

    positions   positions of the block's frames in the timeline
    """
    found = sorted(_given(block, timeline.lends), key=lambda one: one[0])
    requests = deque(sorted(_requests(block)) if timeline.lends else ())
    spaces = [one.space for one in block.interfaces] if found or requests else []
    news = []

    def observe(request: _Request) -> None:
        frame = int(block.messages.frame[request.message])
        at, space = int(positions[frame]), spaces[int(block.frames.interface[frame])]
        timeline.observe_request(at, space, request.number, request.name, request.makes)

    for message, what, number, name, new in found:
        frame = int(block.messages.frame[message])
        at, space = int(positions[frame]), spaces[int(block.frames.interface[frame])]
        while requests and requests[0].message < message:
            observe(requests.popleft())
        since = timeline.origin(space, number, name, new) if timeline.lends and what == INTERFACE else START
        if timeline.learn(what, number, name, at, space, since):
            news.append(NameChange(frame, what, number, name))
    for request in requests:
        observe(request)
    return news


class _Request(NamedTuple):
    message: int
    number: int
    name: str | None
    makes: bool


def _requests(block: Block) -> Iterator[_Request]:
    """Yield requests that may give interfaces names."""
    for meaning, what, rows in _teachers(block):
        if meaning.direction == TO_KERNEL and what == INTERFACE:
            yield from (one for row in rows.tolist() if (one := _request(block, row, meaning)) is not None)


def _teachers(block: Block) -> Iterator[tuple[MessageType, str, Array]]:
    """Yield message types that name interfaces or sets, or request them: type, kind of number, indices of messages."""
    for case, meaning in enumerate(block.message_types):
        teaches = meaning.message.teaches if meaning.message is not None else None
        if teaches is not None and teaches[0] != GENL:
            rows = (block.headers.message_type == case).nonzero()[0]
            if rows.size:
                yield meaning, teaches[0], rows


def _request(block: Block, row: int, meaning: MessageType) -> _Request | None:
    assert meaning.message is not None
    order = ">" if block.frames.big_endian[block.messages.frame[row]] else "<"
    body = bytes(block.buffer.buffer[int(block.messages.start[row]) + meaning.skip : int(block.messages.end[row])])
    plan = name_plan(meaning.message)
    given = name_given(plan, body, 0, len(body), order) if plan is not None else None
    makes = bool(int(block.headers.flags[row]) & NLM_F_NEW.CREATE)
    return None if given is None else _Request(row, given.number, given.name, makes)


class _Names(NamedTuple):
    """Messages of one class that name numbers: their indices, the numbers, the start and end of the names.

    is_new   returns whether the message that begins at an offset shows that the named object is new
    """

    plan: NamePlan
    is_new: Callable[[int], bool]
    message: Array
    number: Array
    start: Array
    stop: Array


def _given(block: Block, dated: bool) -> Iterator[tuple[int, str, int, str, bool]]:
    """Yield message, kind of number, number, name and newness for everything named, unless just named the same.

    dated   also find out whether the named object is new; else that is False
    """
    groups: dict[str, list[_Names]] = {}
    for meaning, what, rows in _teachers(block):
        if not may_teach(what, meaning.direction):
            continue
        big = block.frames.big_endian[block.messages.frame[rows]]
        for order in ("<", ">"):
            some = rows[big == (order == ">")]
            if some.size:
                groups.setdefault(what, []).append(_names(block, some, meaning, order))
    for what, named in groups.items():
        yield from _news(block, what, named, dated)


def _news(block: Block, what: str, groups: list[_Names], dated: bool) -> Iterator[tuple[int, str, int, str, bool]]:
    message_of, number, start, stop = (np.concatenate(column) for column in list(zip(*groups, strict=True))[2:])
    which = np.repeat(np.arange(len(groups)), [len(group.message) for group in groups])
    owner = block.frames.interface[block.messages.frame[message_of]]
    in_time = np.lexsort((message_of, owner, number))
    differs = _differs(block, number[in_time], start[in_time], stop[in_time])
    differs[1:] |= owner[in_time][1:] != owner[in_time][:-1]
    news = in_time[differs]
    for place in news[message_of[news].argsort()].tolist():
        group = groups[int(which[place])]
        raw = bytes(block.buffer.buffer[int(start[place]) : int(stop[place])])
        name = decode_text(raw, 0, len(raw))
        if isinstance(name, str):
            row = int(message_of[place])
            yield row, what, int(number[place]), name, dated and group.is_new(int(block.messages.start[row]))


def _differs(block: Block, number: Array, start: Array, stop: Array) -> Array:
    """Return a mask of the lines with another number or name than the line before."""
    length = stop - start
    words = block.buffer.words("<u8")
    news = length > 2 * WORD
    news[:1] = True
    news[1:] |= (number[1:] != number[:-1]) | (length[1:] != length[:-1])
    for skip in (0, WORD):
        left = np.clip(length - skip, 0, WORD).astype(np.uint64) * np.uint64(8)
        bits = words[start + skip] << (np.uint64(64) - left) % np.uint64(64)
        bits[left == 0] = 0
        news[1:] |= bits[1:] != bits[:-1]
    found: Array = news
    return found


def _names(block: Block, rows: Array, meaning: MessageType, order: str) -> _Names:
    assert meaning.message is not None
    plan = name_plan(meaning.message)
    assert plan is not None
    starts, ends = block.messages.start[rows] + meaning.skip, block.messages.end[rows]
    whole = starts + plan.attributes <= ends
    rows, starts, ends = rows[whole], starts[whole], ends[whole]
    first = starts + plan.attributes
    at = starts + plan.place
    there: Array = np.ones(len(at), bool)
    if plan.number is not None:
        at, after = find_attr(block.buffer, order, first, ends, plan.number, first=True)
        there = (after - at == plan.size) | (plan.longer & (after - at > plan.size))
    words = block.buffer.words((plan.order or order) + plan.code)
    numbers = np.where(there, words[at], 0).astype(np.int64)
    text, stop = find_attr(block.buffer, order, first, ends, plan.name, first=True)
    named = (text > 0) & (numbers > 0)
    if plan.elsewhere is not None:
        named &= find_attr(block.buffer, order, first, ends, plan.elsewhere, first=True)[0] == 0
    place = meaning.protocol if meaning.family is None else meaning.family
    type_name = meaning.type_name if meaning.family is None else meaning.command_name
    new = partial(_is_new, births_of(place, type_name, meaning.message), meaning.skip, block, order)
    return _Names(plan, new, rows[named], numbers[named], text[named], stop[named])


def _is_new(births: tuple[Birth, ...], skip: int, block: Block, order: str, at: int) -> bool:
    return is_birth(births, block.buffer.buffer, at + skip, order)
