"""Starts of a descent: the headers and bodies of a block's messages, with their selectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nldissect.uapi import NLMSG_HDRLEN
from nldissect.wire.containers import layer_kind
from nldissect.wire.packets.message import Message
from nldissect.wire.packets.nlmsghdr import genlmsghdr, nlmsghdr
from nldissect.wire.protocol import TO_KERNEL

from ..blocks.block import Block
from ..blocks.buffer import Array, group_by
from ..blocks.message_type import DIRECTIONS, MessageType
from .descend import Descender, Extents
from .projection import Projection
from .selectors import OrderedBuffer, Selectors

GENERIC_SKIP = NLMSG_HDRLEN + genlmsghdr.size_of


class Layers:
    """Layers that can hold wanted fields, entered in one block after the other."""

    def __init__(self, reach: Projection) -> None:
        self._reach = reach
        self._meanings: Sequence[MessageType] = ()
        self._cases = _Cases(reach)

    def begin(self, block: Block) -> None:
        """Clear what was learned if tables changed, or if the block is another capture's."""
        if self._reach.refresh() or block.message_types is not self._meanings:
            self._cases = _Cases(self._reach)
            self._meanings = block.message_types

    def enter_headers(self, block: Block, mine: Array | None, descent: Descender) -> None:
        """Descend into nlmsghdr and genlmsghdr of some messages: a mask, None for all."""
        if self._leads(nlmsghdr):
            lines = _lines(~block.messages.headerless, mine)
            self._enter(
                nlmsghdr,
                block,
                lines,
                block.messages.start[lines],
                block.messages.start[lines] + NLMSG_HDRLEN,
                0,
                descent,
            )
        if self._leads(genlmsghdr):
            self._cases.of(block)
            lines = _lines(self._cases.generic[block.headers.message_type], mine)
            at = block.messages.start[lines] + NLMSG_HDRLEN
            self._enter(genlmsghdr, block, lines, at, at + genlmsghdr.size_of, 0, descent)

    def enter_bodies(self, block: Block, mine: Array | None, descent: Descender) -> None:
        """Descend into the bodies of some messages: a mask, None for all."""
        cases = self._cases.of(block)
        if not self._cases.layers:
            return
        for number, lines in group_by(cases if mine is None else np.where(mine, cases, 0)):
            if number:
                message, skip = self._cases.layers[number - 1]
                self._enter(
                    message, block, lines, block.messages.start[lines] + skip, block.messages.end[lines], skip, descent
                )

    def _leads(self, message: type[Message]) -> bool:
        return self._reach.aim(layer_kind(message)).leads

    def _enter(
        self,
        message: type[Message],
        block: Block,
        lines: Array,
        start: Array,
        end: Array,
        skip: int,
        descent: Descender,
    ) -> None:
        there = start < end
        if not there.all():
            lines, start, end = lines[there], start[there], end[there]
        if len(lines):
            scope = _Headers(block, lines, skip, descent.reading)
            things = Extents(lines, start, end, scope, 0)
            descent.visit(self._reach.aim(layer_kind(message)), things)


def _lines(mask: Array, mine: Array | None) -> Array:
    lines: Array = (mask if mine is None else mask & mine).nonzero()[0]
    return lines


class _Cases:
    """Layers of message types, where they lead: number in `layers` from 1, else 0."""

    def __init__(self, reach: Projection) -> None:
        self._reach = reach
        self.layers: list[tuple[type[Message], int]] = []
        self.generic = np.zeros(0, bool)
        self._number = np.zeros(0, np.uint16)

    def of(self, block: Block) -> Array:
        """Return the number of each message's layer."""
        known = len(self._number)
        if known < len(block.message_types):
            new = list(block.message_types[known:])
            self._number = np.concatenate([self._number, np.array([self._layer(one) for one in new], np.uint16)])
            self.generic = np.concatenate([self.generic, np.array([one.command is not None for one in new])])
        return self._number[block.headers.message_type]

    def _layer(self, meaning: MessageType) -> int:
        message = meaning.message
        if message is None or not self._reach.aim(layer_kind(message)).leads:
            return 0
        layer = message, meaning.skip
        if layer not in self.layers:
            self.layers.append(layer)
        return self.layers.index(layer) + 1


class _Headers(Selectors):
    """The selectors around a message's layers: its headers and its direction. A bare datagram has none."""

    def __init__(self, block: Block, lines: Array, skip: int, reading: OrderedBuffer) -> None:
        super().__init__()
        self._block, self._lines, self._skip, self._reading = block, lines, skip, reading

    def find(self, name: str) -> Array | None:
        block, lines = self._block, self._lines
        found: Array
        if self._skip == 0:
            return None
        if name == "nlmsg_type":
            found = block.headers.type[lines].astype(np.int64)
        elif name == "nlmsg_flags":
            found = block.headers.flags[lines].astype(np.int64)
        elif name == "to":
            code = self._reading.values.code
            to_kernel = block.headers.direction[lines] == DIRECTIONS.index(TO_KERNEL)
            found = np.where(to_kernel, code("kernel"), code("user"))
        elif name == "cmd" and self._skip == GENERIC_SKIP:
            found = block.buffer.bytes[block.messages.start[lines] + NLMSG_HDRLEN].astype(np.int64)
        else:
            return None
        return found
