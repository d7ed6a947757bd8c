"""Scan of a window of records into a block: frames, their byte order, their messages, all together.

The rules are those of `wire.packets.frame` and `wire.decode.walk`, applied to columns; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from nldissect.capfile import Window
from nldissect.capfile.records import SECOND, Interface
from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR, NLMSG_HDRLEN, PACKET_BROADCAST, SLL_HDR_LEN, nlmsg_align
from nldissect.wire.context import Context
from nldissect.wire.packets.bindings import DATAGRAMS, ensure_protocol
from nldissect.wire.packets.frame import may_have_header, messages_in
from nldissect.wire.protocol import KNOWN_DIRECTIONS, NETLINK, NLM_F

from .block import NO_TIME, FrameColumns, MessageColumns
from .buffer import Array, Buffer, group_by
from .message_type import DIRECTIONS

FURTHEST = (1 << 63) - 1
"""Times beyond this many nanoseconds are kept as this."""
KERNEL, USER, NOTIFIED, BETWEEN = range(len(DIRECTIONS))

FEW = 128
"""Up to this many frames are cut into messages one by one: a common step costs as much as this many single ones."""

LONG = 256
"""Frames of fewer words are cut into messages step by step."""


def frames_of(window: Window, raw: Buffer, interfaces: list[Interface], context: Context) -> FrameColumns:
    """Return the frames of a window with netlink records only; corrects the context's byte order as `walk` does."""
    at = np.array(window.starts, np.int64)
    sign = "<" if window.byte_order == "little" else ">"
    words = raw.words(sign + "u4")
    captured = words[at - 8].astype(np.int64)
    wire = words[at - 4].astype(np.int64)
    end = at + captured
    whole = captured >= SLL_HDR_LEN
    protocol = np.where(whole, raw.words(">u2")[np.where(whole, at, 0) + 14].astype(np.int32), np.int32(-1))
    kind = np.where(whole, raw.words(">u2")[at], 0).astype(np.uint16)
    numbers = {id(one): place for place, one in enumerate(interfaces)}
    if window.owners is None:
        interface = np.full(len(at), numbers[id(window.interface)], np.uint16)
    else:
        interface = np.array([numbers[id(one)] for one in window.owners], np.uint16)
    time = times_of(window, words[at - 16], words[at - 12], interface, interfaces)
    big = _orders(raw, at, captured, wire, protocol, context)
    known = window.numbers
    number = np.arange(known.start, known.stop) if isinstance(known, range) else np.array(known, np.int64)
    return FrameColumns(at, end, wire, number, time, interface, protocol, kind, big)


def times_of(window: Window, first: Array, second: Array, interface: Array, interfaces: list[Interface]) -> Array:
    """Return the times of a window's frames in nanoseconds since 1970, or NO_TIME: int64.

    first, second   the two words of time in their records
    interface       their numbers in `interfaces`
    """
    time = np.empty(len(first), np.int64)
    for number, mine in group_by(interface):
        one = interfaces[number]
        scale, odd = divmod(SECOND, one.ticks)
        latest = one.time(int(first[mine].max()), 0xFFFFFFFF)
        if odd or max(abs(latest), abs(one.offset) * SECOND) >= 1 << 62:
            pairs = zip(first[mine].tolist(), second[mine].tolist(), strict=True)
            time[mine] = [max(min(one.time(*pair), FURTHEST), -FURTHEST) for pair in pairs]
        else:
            ticks = first[mine].astype(np.int64) * one.high + second[mine]
            time[mine] = ticks * scale + one.offset * SECOND
    if window.timeless:
        time[[index for index, at in enumerate(window.starts) if at in window.timeless]] = NO_TIME
    return time


def _orders(raw: Buffer, at: Array, captured: Array, wire: Array, protocol: Array, context: Context) -> Array:
    """Return a mask of big-endian frames: as guessed, unless only the other order gives a possible first length."""
    for number in _values(protocol):
        if number >= 0:
            ensure_protocol(number)
    guess = context.order == ">"
    if context.fixed_order:
        return np.full(len(at), guess)
    told = (captured >= SLL_HDR_LEN + 4) & ~is_in(protocol, DATAGRAMS)
    room = np.maximum(wire, captured) - SLL_HDR_LEN
    first = np.where(told, at, 0) + SLL_HDR_LEN

    def fits_in(order: str) -> Array:
        length = raw.words(order)[first].astype(np.int64)
        found: Array = told & (length >= NLMSG_HDRLEN) & (length <= room + 3)
        return found

    own = fits_in(">u4" if guess else "<u4")
    if not (told & ~own).any():
        return np.full(len(at), guess)
    other = fits_in("<u4" if guess else ">u4")
    fits = [other, own] if guess else [own, other]
    big = np.full(len(at), guess)
    start = 0
    while (turn := (fits[not guess] & ~fits[guess])[start:].nonzero()[0]).size:
        start += int(turn[0])
        guess = not guess
        big[start:] = guess
    context.byte_order = "big" if guess else "little"
    return big


def is_in(numbers: Array, known: Iterable[int]) -> Array:
    """Return a mask of the numbers that are among a few known ones."""
    found = np.zeros(len(numbers), bool)
    for one in known:
        found |= numbers == one
    return found


def _values(numbers: Array) -> list[int]:
    """Return the distinct numbers."""
    if (numbers == numbers[0]).all():
        return [int(numbers[0])]
    found: list[int] = np.unique(numbers).tolist()
    return found


def messages_of(frames: FrameColumns, raw: Buffer) -> MessageColumns:
    """Return the columns of all messages; the frames step to their next message together."""
    count = len(frames.start)
    body = frames.start + SLL_HDR_LEN
    size = frames.end - body
    known = [number for number in _values(frames.protocol) if number >= 0 and may_have_header(number)]
    headed = is_in(frames.protocol, known)
    room = np.maximum(frames.wire_length, frames.end - frames.start) - SLL_HDR_LEN
    length = raw.take("u4", np.where(size >= 4, body, 0), frames.big_endian).astype(np.int64)
    datagram = is_in(frames.protocol, DATAGRAMS)
    begins = (size >= NLMSG_HDRLEN) & ~datagram & (length >= NLMSG_HDRLEN) & (headed | (length <= room + 3))
    nothing = (size <= 0) | ((size < NLMSG_HDRLEN) & (room >= NLMSG_HDRLEN) & headed)
    bare = ~begins & ~nothing

    rest = np.where(bare, frames.end, body)
    rest[frames.end - frames.start < SLL_HDR_LEN] = frames.start[frames.end - frames.start < SLL_HDR_LEN]
    alone = bare.nonzero()[0]
    rounds = [(alone, body[alone], frames.end[alone], frames.end[alone])]
    mine = begins.nonzero()[0]
    at = body[mine]
    while mine.size > FEW:
        end = frames.end[mine]
        length = raw.take("u4", at, frames.big_endian[mine]).astype(np.int64)
        going = (at + NLMSG_HDRLEN <= end) & (length >= NLMSG_HDRLEN)
        if not going.all():
            rest[mine[~going]] = at[~going]
            mine, at, end, length = mine[going], at[going], end[going], length[going]
        after = np.minimum(at + nlmsg_align(length), end)
        rounds.append((mine, at, np.minimum(at + length, end), after))
        at = after
    done = len(rounds)
    for index, place in zip(mine.tolist(), at.tolist(), strict=True):
        order = ">" if frames.big_endian[index] else "<"
        several, rest[index] = _one_frame(raw, place, int(frames.end[index]), order)
        rounds.append((np.full(len(several), index), several[:, 0], several[:, 1], several[:, 2]))
    frame, starts, ends, afters = (np.concatenate(column) for column in zip(*rounds, strict=True))
    number = np.repeat([1, *range(1, done)], [len(one[0]) for one in rounds[:done]])
    number = np.concatenate([number, *(np.arange(done, done + len(one[0])) for one in rounds[done:])])
    counts = np.bincount(frame, minlength=count)
    first = np.cumsum(counts) - counts
    target = first[frame] + number - 1

    def placed(column: Array) -> Array:
        out = np.empty_like(column)
        out[target] = column
        return out

    frame = placed(frame)
    return MessageColumns(
        frame, placed(number), placed(starts), placed(ends), placed(afters), bare[frame], rest, first, counts
    )


def _one_frame(raw: Buffer, at: int, end: int, order: str) -> tuple[Array, int]:
    """Return start, end and padded end of each message in [at, end), shape (n, 3), and the offset where they end.

    The parts of a dump share sequence number and port: where both occur, a message may begin 8 bytes before; it does if
    the one before ends there.
    """
    words = np.frombuffer(raw.buffer, order + "u4", (end - at) // 4, at)
    if len(words) < LONG:
        found, stop = messages_in(raw.buffer, at, end, order)
        return np.array(found, np.int64).reshape(-1, 3), stop
    guesses = ((words[2:-1] == words[2]) & (words[3:] == words[3])).nonzero()[0]
    lengths = words[guesses].astype(np.int64)
    following = guesses + (lengths + 3 >> 2)
    wrong = ((following[:-1] != guesses[1:]) | (lengths[:-1] < NLMSG_HDRLEN)).nonzero()[0]
    sure = int(wrong[0]) if len(wrong) else len(guesses) - 1
    starts = at + guesses[:sure] * 4
    several = np.stack([starts, starts + lengths[:sure], at + following[:sure] * 4], axis=1)
    last, stop = messages_in(raw.buffer, at + int(guesses[sure]) * 4, end, order)
    return np.concatenate([several, np.array(last, np.int64).reshape(-1, 3)]), stop


def directions(
    frames: FrameColumns, messages: MessageColumns, number: Array, flags: Array, seq: Array, pid: Array
) -> Array:
    """Return the direction of each message, uint8, index in DIRECTIONS, as `wire.protocol.direction_of` has it."""
    unasked = (pid == 0) & (seq == 0)
    found = np.where(unasked, NOTIFIED, USER).astype(np.uint8)
    kind = frames.packet_type[messages.frame]
    found[flags & NLM_F.REQUEST != 0] = KERNEL
    found[kind == PACKET_BROADCAST] = NOTIFIED
    found[(number == NLMSG_ERROR) | (number == NLMSG_DONE)] = USER
    found[frames.protocol[messages.frame] == NETLINK.USERSOCK] = BETWEEN
    for packet_type, direction in KNOWN_DIRECTIONS.items():
        found[kind == packet_type] = DIRECTIONS.index(direction)
    return found


def told_directions(frames: FrameColumns, messages: MessageColumns) -> Array:
    """Return a mask of messages with a direction recorded by the source."""
    return is_in(frames.packet_type[messages.frame], KNOWN_DIRECTIONS)
