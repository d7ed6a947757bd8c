"""Extraction plan: all places of wanted attributes and fields in a block, found together.

    plan = Plan(["IFLA_MTU", "IFLA_LINKINFO.IFLA_INFO_KIND", "ifinfomsg.ifi_index", "nlmsg_type"])
    for block in source.blocks():
        hits = plan.run(block)["IFLA_MTU"]          one Hits for each path, keyed as it was written
        hits.message, hits.start, hits.end          index of the block's message; its bytes in block.raw, in file order
        hits.kinds[hits.kind[0]]                    its kind: the row or field, or the kind that is bound to it there

Paths are those of `field_paths.py`: in any case, a bare name means every place that has it, `X[]` the elements of an
array. The third reader of the tables, next to Scapy packets and `walk`: a hit is a node that `walk` gives under that
path as a node of its own kind, so not one of bytes that did not fit, or as a MaskedValue. The request inside an
acknowledgement is not searched. `genlmsghdr.family` is no bytes and so no hit (see MessageType.family);
`genlmsghdr.cmd` has the name that its family gives it. `values.py` turns hits into numbers, texts and values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from nldissect.wire.decode.walk import command_kind
from nldissect.wire.kind import Kind
from nldissect.wire.packets.nlmsghdr import genlmsghdr

from ..blocks.block import Block
from ..blocks.buffer import Array, group_by
from .damage_masks import DamageMasks
from .descend import Descender
from .field_paths import FieldPaths
from .layers import Layers
from .projection import Projection
from .selectors import OrderedBuffer, ValueCodes


@dataclass(slots=True)
class Hits:
    """Extents of one wanted field in a block, in file order; an enclosing one before one inside it.

    message       index of the block's message; never descends, may repeat
    start, end    its bytes: offsets in block.raw
    kind          index in `kinds`
    big           bool: its message is big-endian
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
        """Return the hits for which the mask is true (or those at these indices)."""
        return Hits(
            self.message[mask], self.start[mask], self.end[mask], self.kind[mask], self.big[mask], self.kinds
        )  # fmt: skip


class Plan:
    """The fields that one query needs of every block; made once, then `run` on one block after another."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self.paths = FieldPaths(dict.fromkeys(wanted))
        self._reach = Projection(self.paths)
        self._layers = Layers(self._reach)
        self._masks = DamageMasks()

    def run(self, block: Block) -> dict[str, Hits]:
        """Return the hits of every path, keyed by the path as it was wanted."""
        self._layers.begin(block)
        found: list[list[tuple[Array, Array, Array, Kind]]] = [[] for _ in self.paths.written]
        big = block.frames.big_endian[block.messages.frame] if block.frames.big_endian.any() else None
        values = ValueCodes()
        for order in "<>":
            if big is None and order == ">":
                continue
            reading = OrderedBuffer(block.buffer, order, values)
            mine = None if big is None else big == (order == ">")
            descent = Descender(reading, self._reach, found)
            self._layers.enter_headers(block, mine, descent)
            self._layers.enter_bodies(block, mine, descent)
        hits = {path: _hits(block, big, pieces) for path, pieces in zip(self.paths.written, found, strict=True)}
        self._masks.put(block, hits)
        return hits


def _hits(block: Block, big: Array | None, pieces: list[tuple[Array, Array, Array, Kind]]) -> Hits:
    """Join the pieces of one path in file order."""
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
    """Give commands of generic families the kind with the family's name for them."""
    mine = (hits.kind == number).nonzero()[0]
    for case, lines in group_by(block.headers.message_type[hits.message[mine]]):
        meaning = block.message_types[case]
        if meaning.command is not None and meaning.command_name is not None:
            hits.kind[mine[lines]] = len(hits.kinds)
            hits.kinds.append(command_kind(meaning.command_name, meaning.command))
