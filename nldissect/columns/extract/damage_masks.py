"""Damage masks: masks over hits in damaged messages that may carry keys, as `walk` has them (`wire.key_masks`).

Only decoding shows for certain that a message is damaged. Most need not be decoded: the columns show of many messages
together that every byte is part of a value of the length that its row declares, and only doubtful ones are decoded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nldissect.uapi import NLMSG_HDRLEN
from nldissect.wire.attr_set import AttrSet, TableVersion
from nldissect.wire.containers import Nest, Struct, Structs
from nldissect.wire.key_masks import COOKIE, is_far, is_odd_leaf, masked_kind, most_shown
from nldissect.wire.kind import Kind
from nldissect.wire.opaque import Blob
from nldissect.wire.packets.message import Message
from nldissect.wire.packets.payload import MAX_DEPTH
from nldissect.wire.secrets import may_carry_keys, may_grow
from nldissect.wire.text import is_plain_text

from ..blocks.block import Block
from ..blocks.buffer import Array, group_by
from ..blocks.distinct import distinct
from ..blocks.message_type import MessageType
from ..fields.message_decoder import MessageDecoder
from .descend import Descender, Extents, FieldCursor, fitting
from .field_paths import NOTHING, FieldPaths, State
from .layers import Layers
from .projection import Projection, SetTargets, Target
from .selectors import OrderedBuffer, ValueCodes
from .split_attrs import SplitAttrs

if TYPE_CHECKING:
    from .plan import Hits

UNKNOWN = Target(Blob(None, "an attribute that a newer kernel may know"), (), NOTHING, leads=False)


class DamageMasks:
    """Masks for the hits of one block after the other."""

    def __init__(self) -> None:
        self._damage = DamageFinder()
        self._meanings: Sequence[MessageType] = ()
        self._version = TableVersion.version
        self._keyed = np.zeros(0, bool)

    def put(self, block: Block, hits: dict[str, Hits]) -> None:
        """Give hits of a block, by path, the masked kinds that `walk` gives them."""
        keyed = self._may_carry_keys(block)
        if not keyed.any():
            return
        rows = {path: _maskable_rows(one, keyed) for path, one in hits.items()}
        asked = np.zeros(len(block), bool)
        for path, mine in rows.items():
            asked[hits[path].message[mine]] = True
        damaged = self._damage.mask(block, asked)
        for path, mine in rows.items() if damaged.any() else ():
            _put(hits[path], mine[damaged[hits[path].message[mine]]])

    def _may_carry_keys(self, block: Block) -> Array:
        """Return a mask of the messages that may carry keys."""
        if block.message_types is not self._meanings or TableVersion.version != self._version:
            self._meanings, self._version, self._keyed = block.message_types, TableVersion.version, np.zeros(0, bool)
        new = block.message_types[len(self._keyed) :]
        if new:
            keyed = [one.skip > 0 and may_carry_keys(one.protocol, one.number, one.family, one.message) for one in new]
            self._keyed = np.concatenate([self._keyed, np.array(keyed)])
        found: Array = self._keyed[block.headers.message_type]
        return found


def _maskable_rows(hits: Hits, keyed: Array) -> Array:
    """Return the indices of hits that are masked where their messages are damaged."""
    shown = np.array([most_shown(kind) for kind in hits.kinds], np.int64)
    rows: Array = (keyed[hits.message] & (hits.end - hits.start > shown[hits.kind])).nonzero()[0]
    return rows


def _put(hits: Hits, rows: Array) -> None:
    """Give these hits masked kinds."""
    for number, lines in group_by(hits.kind[rows]):
        hits.kind[rows[lines]] = len(hits.kinds)
        hits.kinds.append(masked_kind(hits.kinds[number]))


class DamageFinder:
    """Finder of damaged messages, in one block after the other."""

    def __init__(self) -> None:
        self._reach = AllTargets()
        self._layers = Layers(self._reach)

    def mask(self, block: Block, asked: Array) -> Array:
        """Return a mask of the damaged messages among those of the mask `asked`, which may carry keys."""
        walker = MessageDecoder(block, None)
        found = np.zeros(len(block), bool)
        for index in (asked & self._doubtful(block, asked)).nonzero()[0].tolist():
            walked = walker.message(index)
            found[index] = walked.damaged or walked.suspect
        return found

    def _doubtful(self, block: Block, asked: Array) -> Array:
        """Return a mask of all messages of the mask `asked` that may be damaged, and maybe some more."""
        doubtful = ~block.messages.headerless & (block.headers.length > block.messages.end - block.messages.start)
        if not asked.any():
            return doubtful
        self._layers.begin(block)
        big, values = block.frames.big_endian[block.messages.frame], ValueCodes()
        for order in "<>":
            mine = asked & (big == (order == ">"))
            if mine.any():
                self._layers.enter_bodies(
                    block, mine, LengthCheck(OrderedBuffer(block.buffer, order, values), self._reach, doubtful)
                )
        return doubtful


class AllTargets(Projection):
    """Targets of all that messages hold, but fields that fit by position; what newer kernels may add is passed."""

    def __init__(self) -> None:
        super().__init__(FieldPaths(()))

    def aim(self, kind: Kind, state: State = NOTHING) -> Target:
        plain = kind.shape == "leaf" and kind.number is None and kind.size is not None and not kind.bindings
        return Target(kind, (), NOTHING, leads=not plain or is_plain_text(kind))

    def leads(self, inside: type[AttrSet] | type[Message], state: State) -> bool:
        return True

    def needed(self, fields: Sequence[Target]) -> int:
        return len(fields)

    def in_set(self, rows: type[AttrSet], state: State) -> SetTargets:
        if (rows, state) in self._sets or rows.indexed:
            return super().in_set(rows, state)
        aims = super().in_set(rows, state)
        near = np.array([not is_far(rows, number) for number in range(rows.header.mask + 1)])
        actions = aims.actions.astype(np.uint16)
        actions[(actions == 0) & np.resize(near, len(actions))] = len(aims.aims) + 1
        self._sets[rows, state] = found = SetTargets(actions, [*aims.aims, UNKNOWN], aims.selectors)
        return found


class LengthCheck(Descender):
    """A descent that checks for extents of another length than declared, or of uncertain content.

    doubtful   bool, one per message of the block: set where one is found
    """

    def __init__(self, reading: OrderedBuffer, reach: Projection, doubtful: Array) -> None:
        super().__init__(reading, reach, [])
        self._doubtful = doubtful

    def _doubt(self, things: Extents, mask: Array) -> None:
        self._doubtful[things.message[mask]] = True

    def _open(self, aim: Target, things: Extents) -> None:
        kind, size = aim.kind, things.end - things.start
        if kind.shape == "message":
            self._doubt(things, size != NLMSG_HDRLEN)  # a request repeated whole is damaged if it was
        elif kind.shape == "leaf":
            fit = fitting(kind, size) if kind.size is None else size == kind.size  # a longer number is damage, too
            self._doubt(things, ~fit | self._is_odd(kind, things))
        elif things.depth > MAX_DEPTH or (isinstance(kind, Nest) and not kind.known):
            self._doubt(things, size >= 0)
        else:
            super()._open(aim, things)

    def _is_odd(self, kind: Kind, things: Extents) -> Array:
        if not is_plain_text(kind) and kind.name != COOKIE:
            return np.zeros(len(things.message), bool)
        which, first = distinct(self.reading.raw, things.start, things.end)
        pairs = zip(things.start[first].tolist(), things.end[first].tolist(), strict=True)
        odd = [is_odd_leaf(kind, bytes(self.reading.raw.buffer[start:end])) for start, end in pairs]
        found: Array = np.array(odd, bool)[which]
        return found

    def _split(self, rows: type[AttrSet], aims: SetTargets, things: Extents) -> SplitAttrs:
        items = super()._split(rows, aims, things)
        header = rows.header
        sizes = items.end - items.start + header.size
        covered = np.bincount(items.nest, sizes + header.align - 1 & -header.align, len(things.message))
        self._doubt(things, covered < things.end - things.start)
        if not rows.indexed and not rows.sequence:
            alone = np.array([False, *(not aim.kind.many and not aim.kind.hidden for aim in aims.aims)])
            mine = alone[items.action]
            keys, counts = np.unique(items.nest[mine] * len(alone) + items.action[mine], return_counts=True)
            self._doubtful[things.message[keys[counts > 1] // len(alone)]] = True
        return items

    def _pieces(self, kind: Structs, things: Extents) -> tuple[Array, Array, Array]:
        owner, start, end = super()._pieces(kind, things)
        reached = things.start.copy()
        np.maximum.at(reached, owner, end)
        self._doubt(things, reached < things.end)
        return owner, start, end

    def _fields(self, kind: Struct, state: State, things: Extents) -> FieldCursor:
        cursor = super()._fields(kind, state, things)
        left = cursor.end - cursor.at - cursor.skipped
        good = (left >= 0) if may_grow(kind) else (left == 0)
        whole = np.zeros(len(things.message), bool)
        whole[good if cursor.lines is None else cursor.lines[good]] = True
        self._doubt(things, ~whole)
        return cursor
