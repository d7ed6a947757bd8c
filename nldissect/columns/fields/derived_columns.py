"""Column forms of derived fields: the values of derived.py for a whole block, if they need no decoded message."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR
from nldissect.wire import Kind, Text

from ..blocks.block import NO_TIME, Block
from ..blocks.buffer import Array
from ..blocks.message_type import DIRECTIONS
from ..extract.plan import Hits
from .derived import block_form


class FieldColumn(NamedTuple):
    """A field with at most one value for each message of a block.

    values   numbers; with a `table`, indices into it
    there    bool: the message has a value; None: all have
    """

    values: Array
    there: Array | None = None
    table: list[Any] | None = None

    @classmethod
    def of_few(cls, kind: Kind, values: list[Any], numbers: Array) -> FieldColumn:
        """Return a column of few values, each message's by its index in them; None is no value.

        kind   of the field: texts stay in a table
        """
        there = np.array([value is not None for value in values], bool)[numbers]
        if isinstance(kind, Text):
            return cls(numbers, there, values)
        return cls(np.array([value or 0 for value in values], np.int64)[numbers], there)


def _of_frames(column: Array, block: Block) -> FieldColumn:
    return FieldColumn(column[block.messages.frame])


@block_form("frame.time")
def _time(block: Block, first: int | None) -> FieldColumn:
    time = block.frames.time[block.messages.frame]
    return FieldColumn(time, time != NO_TIME)


@block_form("frame.time_relative")
def _relative(block: Block, first: int | None) -> FieldColumn:
    time = block.frames.time[block.messages.frame]
    return FieldColumn(time - (first or 0), (time != NO_TIME) & (first is not None))


@block_form("frame.interface")
def _interface(block: Block, first: int | None) -> FieldColumn:
    return _of_interfaces(block, [one.name for one in block.interfaces])


@block_form("netns")
def _netns(block: Block, first: int | None) -> FieldColumn:
    return _of_interfaces(block, [one.netns for one in block.interfaces])


def _of_interfaces(block: Block, names: list[str | None]) -> FieldColumn:
    numbers = block.frames.interface[block.messages.frame]
    return FieldColumn(numbers, np.array([bool(name) for name in names])[numbers], names)


@block_form("frame.file")
def _file(block: Block, first: int | None) -> FieldColumn:
    none = np.zeros(len(block), np.int64)
    return FieldColumn(none, none == (block.whole is None), [block.whole.name if block.whole is not None else ""])


@block_form("direction")
def _direction(block: Block, first: int | None) -> FieldColumn:
    return FieldColumn(block.headers.direction, None, list(DIRECTIONS))


def family_column(block: Block, first: int | None) -> FieldColumn:
    """Return genlmsghdr.family, a name that is in no bytes of the message."""
    names = [one.family if one.command is not None else None for one in block.message_types]
    return FieldColumn(
        block.headers.message_type,
        np.array([name is not None for name in names], bool)[block.headers.message_type],
        names,
    )


@block_form("frame.number")
def _number(block: Block, first: int | None) -> FieldColumn:
    return _of_frames(block.frames.number, block)


@block_form("frame.len")
def _length(block: Block, first: int | None) -> FieldColumn:
    return _of_frames(block.frames.wire_length, block)


@block_form("frame.cap_len")
def _captured_length(block: Block, first: int | None) -> FieldColumn:
    return _of_frames(block.frames.end - block.frames.start, block)


@block_form("message.number")
def _message_number(block: Block, first: int | None) -> FieldColumn:
    return FieldColumn(block.messages.number)


@block_form("sll_protocol")  # the frame of a message always has its cooked header whole
@block_form("protocol")
def _protocol(block: Block, first: int | None) -> FieldColumn:
    return _of_frames(block.frames.protocol, block)


@block_form("sll_pkttype")
def _packet_type(block: Block, first: int | None) -> FieldColumn:
    return _of_frames(block.frames.packet_type, block)


def answers(block: Block) -> Array:
    """Return a mask of the NLMSG_ERROR and NLMSG_DONE messages: the only ones with `error` and `extack`."""
    found: Array = (
        (block.headers.type == NLMSG_ERROR) | (block.headers.type == NLMSG_DONE)
    ) & ~block.messages.headerless
    return found


def error_column(block: Block, hits: Hits) -> FieldColumn:
    """Return `error`, from the hits of the field of that name: the first one of an answer, where it is not 0."""
    asked = answers(block)[hits.message]
    first = np.ones(len(hits), bool)
    first[1:] = hits.message[1:] != hits.message[:-1]
    mine = (asked & first & (hits.end - hits.start == 4)).nonzero()[0]
    values = np.zeros(len(block), np.int64)
    for big, code in ((False, "<i4"), (True, ">i4")):
        lines = mine[hits.big[mine] == big]
        values[hits.message[lines]] = -block.buffer.words(code)[hits.start[lines]].astype(np.int64)
    return FieldColumn(values, values != 0)
