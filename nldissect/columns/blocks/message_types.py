"""Message types of a block, chosen once for each combination of values (see `wire.packets.bindings.choose`)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nldissect.uapi import GENL_HDRLEN, NLM_F_DUMP, NLMSG_HDRLEN, NLMSG_MIN_TYPE
from nldissect.wire.packets import bindings as tables
from nldissect.wire.packets.message import generic
from nldissect.wire.packets.policy import untold_body
from nldissect.wire.protocol import NETLINK

from .block import FrameColumns, MessageColumns
from .buffer import Array, Buffer, group_by
from .message_type import DIRECTIONS, MessageType, bare_meaning, generic_meaning, typed_meaning

NOTHING = 256  # first byte of a body without bytes

Families = Callable[[int, Array], list[tuple[str | None, Array]]]
"""Names of a generic family id in some frames of the block, and the places of each name's frames."""
Policies = Callable[[int, int], str | None]
"""Words of a generic family's policy that are known in a frame of the block; None: no policy."""


class MessageTypes:
    """The message types of one capture, numbered in the order in which they first occur."""

    def __init__(self) -> None:
        self.known: list[MessageType] = []
        self._numbers: dict[MessageType, int] = {}

    def number(self, meaning: MessageType) -> int:
        """Return the number of a message type, a new one if it did not occur before."""
        found = self._numbers.get(meaning)
        if found is None:
            found = self._numbers[meaning] = len(self.known)
            self.known.append(meaning)
        return found

    def assign(
        self, raw: Buffer, frames: FrameColumns, messages: MessageColumns, number: Array, flags: Array, length: Array,
        direction: Array, families_of: Families, policy_of: Policies,
    ) -> Array:  # fmt: skip
        """Return the number of every message's type, int32, one per message."""
        out = np.zeros(len(number), np.int32)
        protocol = frames.protocol[messages.frame]
        dump = (flags & NLM_F_DUMP) == NLM_F_DUMP
        key = (protocol.astype(np.int64) << 24) | (number.astype(np.int64) << 8)
        key |= (direction.astype(np.int64) << 2) | (dump.astype(np.int64) << 1) | messages.headerless
        for case, mine in group_by(key):
            about = case >> 24, case >> 8 & 0xFFFF, DIRECTIONS[case >> 2 & 3], bool(case >> 1 & 1)
            if case & 1:
                self._bare(out, mine, about[0], about[2], raw, messages)
            elif about[0] == NETLINK.GENERIC and about[1] >= NLMSG_MIN_TYPE:
                self._generic(out, mine, about[1], about[2], raw, messages, families_of)
                self._by_policy(out, mine, flags, messages, policy_of)
            else:
                self._typed(out, mine, *about, raw, messages, length)
        return out

    def _typed(
        self, out: Array, mine: Array, protocol: int, number: int, direction: str, dump: bool,
        raw: Buffer, messages: MessageColumns, length: Array,
    ) -> None:  # fmt: skip
        bindings = tables.bindings_of(protocol, number)
        key = np.zeros(len(mine), np.int64)
        if any(one.first for one in bindings):
            key = _first_byte(raw, messages, mine, NLMSG_HDRLEN)
        if any(one.size for one in bindings):
            key |= length[mine].astype(np.int64) << 9
        for case, some in group_by(key):
            first, size = case & 0x1FF, (case >> 9) - NLMSG_HDRLEN
            meaning = typed_meaning(
                tables, protocol, number, direction, None if first == NOTHING else first, size, dump
            )
            out[mine[some]] = self.number(meaning)

    def _generic(
        self,
        out: Array,
        mine: Array,
        number: int,
        direction: str,
        raw: Buffer,
        messages: MessageColumns,
        families_of: Families,
    ) -> None:
        command = _first_byte(raw, messages, mine, NLMSG_HDRLEN, GENL_HDRLEN)
        for family, some in families_of(number, messages.frame[mine]):
            for case, few in group_by(command[some]):
                meaning = generic_meaning(tables, number, direction, None if case == NOTHING else case, family)
                out[mine[some[few]]] = self.number(meaning)

    def _by_policy(self, out: Array, mine: Array, flags: Array, messages: MessageColumns, policy_of: Policies) -> None:
        """Give bodies that no table describes the types of the family's policy, if that was received before them."""
        for case in np.unique(out[mine]).tolist():
            meaning = self.known[case]
            if meaning.message is not generic or meaning.command is None:
                continue
            for place in mine[out[mine] == case].tolist():
                known = policy_of(meaning.number, int(messages.frame[place]))
                if known is not None:
                    body = untold_body(meaning.family, known, meaning.command, int(flags[place]), meaning.direction)
                    out[place] = self.number(meaning._replace(message=body))

    def _bare(
        self, out: Array, mine: Array, protocol: int, direction: str, raw: Buffer, messages: MessageColumns
    ) -> None:
        starts, ends = messages.start[mine].tolist(), messages.end[mine].tolist()
        for place, at, end in zip(mine.tolist(), starts, ends, strict=True):
            out[place] = self.number(bare_meaning(tables, protocol, direction, bytes(raw.buffer[at:end])))


def _first_byte(raw: Buffer, messages: MessageColumns, mine: Array, skip: int, needs: int = 1) -> Array:
    at = messages.start[mine] + skip
    there = at + needs <= messages.end[mine]
    found: Array = np.where(there, raw.bytes[np.where(there, at, 0)].astype(np.int64), NOTHING)
    return found
