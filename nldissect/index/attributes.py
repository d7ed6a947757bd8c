"""Attributes and fields on demand: all places of a block where wanted names stand, found together.

    plan = Plan(["IFLA_MTU", "IFLA_LINKINFO.IFLA_INFO_KIND", "ifinfomsg.ifi_index", "nlmsg_type"])
    for block in source.blocks():
        hits = plan.run(block)["IFLA_MTU"]          one Hits for each path, keyed as it was written
        hits.message, hits.start, hits.end          index of the block's message; its bytes in block.raw, in file order
        hits.kinds[hits.kind[0]]                    what they are: the row or field, or what is bound to it there

Paths are those of `paths.py`: in any case, a bare name means every place that has it, `X[]` the elements of an array.
The third reader of the tables, beside Scapy packets and walk: a hit is a node that `wire.walk` gives under that path as
a node of its own kind, so not one of bytes that did not fit. The request inside an acknowledgement is not searched.
`genlmsghdr.family` is no bytes and so no hit (see Meaning.family); `genlmsghdr.cmd` is called as its family calls it.
`values.py` turns hits into numbers, texts and values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from nldissect.wire.flags import TO_KERNEL
from nldissect.wire.frame import HEADER
from nldissect.wire.kinds import Kind
from nldissect.wire.message import Message
from nldissect.wire.nlmsg import genlmsghdr, nlmsghdr
from nldissect.wire.shapes import layer_kind
from nldissect.wire.walk import command_kind

from .block import DIRECTIONS, Block, Meaning
from .descent import Descent, Things
from .paths import Paths
from .raw import Array, alike
from .reach import Reach
from .scopes import Reading, Scope, Values

GENERIC_SKIP = HEADER + genlmsghdr.size_of


@dataclass(slots=True)
class Hits:
    """Where one wanted thing stands in a block, in file order; an enclosing thing before one inside it.

    message       index into the block's messages; never descends, may repeat
    start, end    its bytes: offsets in block.raw
    kind          index into `kinds`
    big           whether its message is big-endian
    """

    message: Array
    start: Array
    end: Array
    kind: Array
    big: Array
    kinds: list[Kind]

    def __len__(self) -> int:
        return len(self.message)

    def where(self, mask: Array) -> Hits:
        """Those for which the mask is true (or those at these indexes)."""
        return Hits(
            self.message[mask], self.start[mask], self.end[mask], self.kind[mask], self.big[mask], self.kinds
        )  # fmt: skip


class Plan:
    """What one query wants to know of every block; made once, then `run` on one block after another."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self.paths = Paths(dict.fromkeys(wanted))
        self._reach = Reach(self.paths)
        self._meanings: Sequence[Meaning] = ()
        self._cases = _Cases(self._reach)

    def run(self, block: Block) -> dict[str, Hits]:
        """The hits of every path, keyed by the path as it was wanted."""
        if self._reach.refresh() or block.meanings is not self._meanings:
            self._cases = _Cases(self._reach)
            self._meanings = block.meanings
        found: list[list[tuple[Array, Array, Array, Kind]]] = [[] for _ in self.paths.written]
        big = block.frame_big[block.frame] if block.frame_big.any() else None
        values = Values()
        for order in "<>":
            if big is None and order == ">":
                continue
            reading = Reading(block.raw, order, values)
            mine = None if big is None else big == (order == ">")
            self._layers(block, mine, Descent(reading, self._reach, found))
        return {path: _hits(block, big, pieces) for path, pieces in zip(self.paths.written, found, strict=True)}

    def _layers(self, block: Block, mine: Array | None, descent: Descent) -> None:
        """Descend into every layer that leads, of the messages of one byte order."""
        cases = self._cases.of(block)
        if self._leads(nlmsghdr):
            lines = _lines(~block.bare, mine)
            self._enter(nlmsghdr, block, lines, block.at[lines], block.at[lines] + HEADER, 0, descent)
        if self._leads(genlmsghdr):
            lines = _lines(self._cases.generic[block.meaning], mine)
            at = block.at[lines] + HEADER
            self._enter(genlmsghdr, block, lines, at, at + genlmsghdr.size_of, 0, descent)
        if not self._cases.layers:
            return
        for number, lines in alike(cases if mine is None else np.where(mine, cases, 0)):
            if number:
                message, skip = self._cases.layers[number - 1]
                self._enter(message, block, lines, block.at[lines] + skip, block.end[lines], skip, descent)

    def _leads(self, message: type[Message]) -> bool:
        return self._reach.aim(layer_kind(message)).leads

    def _enter(
        self, message: type[Message], block: Block, lines: Array, start: Array, end: Array, skip: int, descent: Descent
    ) -> None:
        there = start < end
        if not there.all():
            lines, start, end = lines[there], start[there], end[there]
        if len(lines):
            scope = _Headers(block, lines, skip, descent.reading)
            things = Things(lines, start, end, scope, 0)
            descent.visit(self._reach.aim(layer_kind(message)), things)


def _lines(mask: Array, mine: Array | None) -> Array:
    lines: Array = (mask if mine is None else mask & mine).nonzero()[0]
    return lines


class _Cases:
    """Which layer each meaning of a capture has, if that leads: its number in `layers` from 1, else 0."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self.layers: list[tuple[type[Message], int]] = []
        self.generic = np.zeros(0, bool)
        self._number = np.zeros(0, np.uint16)

    def of(self, block: Block) -> Array:
        """The number of each message's layer."""
        known = len(self._number)
        if known < len(block.meanings):
            new = list(block.meanings[known:])
            self._number = np.concatenate([self._number, np.array([self._layer(one) for one in new], np.uint16)])
            self.generic = np.concatenate([self.generic, np.array([one.command is not None for one in new])])
        return self._number[block.meaning]

    def _layer(self, meaning: Meaning) -> int:
        message = meaning.message
        if message is None or not self._reach.aim(layer_kind(message)).leads:
            return 0
        layer = message, meaning.skip
        if layer not in self.layers:
            self.layers.append(layer)
        return self.layers.index(layer) + 1


class _Headers(Scope):
    """The scope around a message's layers: what its headers and its direction say. A bare datagram has none."""

    def __init__(self, block: Block, lines: Array, skip: int, reading: Reading) -> None:
        super().__init__()
        self._block, self._lines, self._skip, self._reading = block, lines, skip, reading

    def find(self, name: str) -> Array | None:
        block, lines = self._block, self._lines
        found: Array
        if self._skip == 0:
            return None
        if name == "nlmsg_type":
            found = block.type[lines].astype(np.int64)
        elif name == "nlmsg_flags":
            found = block.flags[lines].astype(np.int64)
        elif name == "to":
            code = self._reading.values.code
            to_kernel = block.direction[lines] == DIRECTIONS.index(TO_KERNEL)
            found = np.where(to_kernel, code("kernel"), code("user"))
        elif name == "cmd" and self._skip == GENERIC_SKIP:
            found = block.raw.bytes[block.at[lines] + HEADER].astype(np.int64)
        else:
            return None
        return found


def _hits(block: Block, big: Array | None, pieces: list[tuple[Array, Array, Array, Kind]]) -> Hits:
    """The pieces of one path in file order."""
    if not pieces:
        none = np.zeros(0, np.int64)
        return Hits(none, none, none, np.zeros(0, np.uint16), np.zeros(0, bool), [])
    kinds = {id(piece[3]): piece[3] for piece in pieces}
    numbers = {key: number for number, key in enumerate(kinds)}
    message, start, end = (np.concatenate(column) for column in list(zip(*pieces, strict=True))[:3])
    kind = np.repeat([numbers[id(one[3])] for one in pieces], [len(one[0]) for one in pieces]).astype(np.uint16)
    if len(pieces) > 1 or not bool((start[1:] >= start[:-1]).all()):
        order = np.lexsort((np.arange(len(start)), start))
        message, start, end, kind = message[order], start[order], end[order], kind[order]
    turned = np.zeros(len(message), bool) if big is None else big[message]
    hits = Hits(message, start, end, kind, turned, list(kinds.values()))
    command = genlmsghdr.fields_desc[0].kind
    if id(command) in numbers:
        _name_commands(block, hits, numbers[id(command)])
    return hits


def _name_commands(block: Block, hits: Hits, number: int) -> None:
    """Give commands of generic families the kind that knows the family's name for them."""
    mine = (hits.kind == number).nonzero()[0]
    for case, lines in alike(block.meaning[hits.message[mine]]):
        meaning = block.meanings[case]
        if meaning.command is not None and meaning.command_name is not None:
            hits.kind[mine[lines]] = len(hits.kinds)
            hits.kinds.append(command_kind(meaning.command_name, meaning.command))
