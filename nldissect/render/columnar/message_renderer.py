"""Texts of a block's messages: by the native core if there is one, those that it leaves one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array, group_by
from nldissect.columns.blocks.message_type import MessageType, MessageTypeOf
from nldissect.columns.fields.decoded_message import decode_message, request_of
from nldissect.columns.fields.frame_comments import concern_messages
from nldissect.columns.names.block_names import BlockNames
from nldissect.columns.names.timeline import GENL
from nldissect.columns.requests.prior_requests import NO_REQUEST, PriorRequests
from nldissect.escapes import escaped
from nldissect.native.catalog import BodyDescription, Catalog
from nldissect.native.catalog_sections import body_of
from nldissect.native.core import Core
from nldissect.native.loader import DONE, LINES, LIST, TREE, MessageStruct, usable_library
from nldissect.native.program import REFERRED, Program
from nldissect.uapi import NLMSG_ERROR
from nldissect.wire import DecodedMessage
from nldissect.wire.context import POLICY, SHARED
from nldissect.wire.decode.acks import PriorRequest

from ..json_text import encode_alone
from ..names import message_name
from ..native.heads import Around, DescribedType, Heads, around_line
from ..native.json_job import ahead_json, around_json
from ..native.tree_job import ahead_tree, around_tree

Slow = Callable[[int, DecodedMessage, PriorRequest | None], str]
"""Function that returns the text of a message by its index, from its decoded form and its prior request."""
AROUND: dict[int, tuple[Callable[[DescribedType, bool], str], Around]] = {
    LIST: (lambda about, told: "", around_line),
    LINES: (ahead_json, around_json),
    TREE: (ahead_tree, around_tree),
}
"""Functions that return the texts before and around the bodies of messages, for each output."""


class CoreBatch:
    """Input of the core for some messages of a block.

    messages   struct message of each
    texts      texts that they refer to, UTF-8
    regular    mask of those that the core may make: bool, one per message
    """

    def __init__(self, count: int) -> None:
        self.messages: Array = np.zeros(count, np.dtype(MessageStruct))
        self.texts = bytearray()
        self.regular: Array = np.ones(count, bool)

    def add(self, field: str, rows: Array, texts: list[str]) -> None:
        """Append texts of the messages in `rows`; `field` is `before`, `asked` or `behind`."""
        raw = [text.encode() for text in texts]
        sizes = np.array(list(map(len, raw)), np.int64)
        self.messages[field][rows] = np.cumsum(sizes) - sizes + len(self.texts)
        self.messages[f"{field}_size"][rows] = sizes
        self.texts += b"".join(raw)


class MessageRenderer:
    """A renderer of messages, one block after the other.

    output   LIST: the text after the columns of a list; LINES: an object; TREE: the lines of a tree
    slow     makes the text of one message
    around   adds to the core's input what else is around messages, given by their indexes
    """

    def __init__(
        self,
        output: int,
        secrets: bool,
        names: BlockNames,
        priors: PriorRequests,
        slow: Slow,
        around: Callable[[Array, CoreBatch], None] | None = None,
    ) -> None:
        library = usable_library().path
        self.output, self.names, self.priors, self.slow, self.around = output, names, priors, slow, around
        self.heads: Heads | None = None
        if library is not None:
            core = Core(library, output, Program(encode_alone), secrets)
            self.heads = Heads(core, Catalog(), AROUND[output][1], secrets)
        self.block: Block
        self._requests: dict[int, str] = {}
        self._news = False

    def texts(self, block: Block, chosen: Array) -> list[Any]:
        """Return the text of each message selected by `chosen` (bool, one per message), None for the others."""
        self.block = block
        found: list[Any] = [None] * len(block)
        mine = chosen.nonzero()[0]
        if self.heads is not None and len(mine):
            for index, text in self._made(self.heads, mine):
                found[index] = text
        for index in mine.tolist():
            if found[index] is None:
                found[index] = self.walked_text(index)
        return found

    def walked_text(self, index: int) -> str:
        """Return the text of a message of the current block from its decoded form."""
        context = self.names.as_of(index)
        ack = self.block.headers.type[index] == NLMSG_ERROR and not self.block.messages.headerless[index]
        asked = request_of(self.block, self.priors, index) if ack else None
        return self.slow(index, decode_message(self.block, index, context), asked)

    # ---- by the core ----

    def _made(self, heads: Heads, mine: Array) -> Iterator[tuple[int, str]]:
        """Yield the index and text of each message that the core makes."""
        orders = self._orders(heads, mine)
        spaces, firsts = np.unique(orders.messages["space"], return_index=True)
        examples = dict(zip(spaces.tolist(), mine[firsts].tolist(), strict=True))
        kinds = {*REFERRED, *SHARED}
        changing = {what for what in kinds for one in examples.values() if self.names.changing(what, one)}
        if changing or self._news:
            heads.core.forget_names()
        heads.core.turn_to(not changing.isdisjoint(SHARED))
        self._news = bool(changing)
        rows = orders.regular.nonzero()[0]
        messages, texts = orders.messages[rows], bytes(orders.texts)
        names, echoed = partial(self._names, examples), partial(heads.echoed, self._family)
        heads.core.render(self.block.buffer.buffer, messages, len(messages), texts, names, heads.leaf, echoed)
        out = heads.core.out
        done = (messages["status"] == DONE).nonzero()[0]
        columns = (mine[rows[done]], messages["out"][done], messages["out_size"][done])
        for index, at, size in zip(*(column.tolist() for column in columns), strict=True):
            yield index, out[at : at + size].decode()

    def _orders(self, heads: Heads, mine: Array) -> CoreBatch:
        block, orders = self.block, CoreBatch(len(mine))
        messages, frame = orders.messages, block.messages.frame[mine]
        orders.regular &= self._regular(heads)[mine]
        messages["at"], messages["size"] = block.messages.start[mine], self._sizes()[mine]
        messages["seq"], messages["pid"] = block.headers.seq[mine], block.headers.pid[mine]
        messages["place"], messages["count"] = block.messages.number[mine], block.messages.frame_count[frame]
        numbers = {space: number for number, space in enumerate(dict.fromkeys(one.space for one in block.interfaces))}
        messages["space"] = np.array([numbers[one.space] for one in block.interfaces])[block.frames.interface[frame]]
        ahead = AROUND[self.output][0]
        key = (block.headers.message_type[mine].astype(np.int64) << 20) | (
            block.headers.flags[mine].astype(np.int64) << 4
        )
        key |= (block.headers.direction_known[mine].astype(np.int64) << 1) | block.frames.big_endian[frame]
        for case, some in group_by(key):
            about, told = described(block.message_types[case >> 20]), bool(case >> 1 & 1)
            alone = about, case >> 4 & 0xFFFF, bool(case & 1), told, ahead(about, told)
            messages["head"][some] = heads.core.head(alone, partial(heads.head, *alone))
        known = self.priors.requests[mine] != NO_REQUEST
        rows = ((block.headers.type[mine] == NLMSG_ERROR) & known & orders.regular).nonzero()[0]
        messages["request"][rows] = self.priors.frames(mine[rows])
        orders.add("asked", rows, self._requests_called(mine[rows]))
        if self.around is not None:
            self.around(mine, orders)
        return orders

    def _regular(self, heads: Heads) -> Array:
        """Return a mask of the messages that the core may make: complete, padded with zeros, not commented on."""
        block = self.block
        whole = block.messages.end - block.messages.start == self._sizes()
        cut = (block.frames.wire_length > block.frames.end - block.frames.start)[block.messages.frame]
        rests = [place for place, about in enumerate(block.message_types) if heads.may_be_rest(described(about))]
        rest = (block.messages.number > 1) & np.isin(block.headers.message_type, rests)
        found: Array = whole & ~cut & ~rest & ~self._padded_oddly() & ~self._commented()
        return found

    def _sizes(self) -> Array:
        """Return the bytes of each message (int64); of a headerless one those that are captured."""
        block = self.block
        found: Array = np.where(
            block.messages.headerless, block.messages.end - block.messages.start, block.headers.length
        )
        return found

    def _commented(self) -> Array:
        """Return a mask of the messages that comments of their frame are about."""
        block = self.block
        told = [at for at, texts in block.comments.items() if concern_messages(texts)]
        found: Array = np.isin(block.frames.start[block.messages.frame], told) if told else np.zeros(len(block), bool)
        return found

    def _padded_oddly(self) -> Array:
        """Return a mask of the messages with padding that is not zero."""
        block = self.block
        odd = np.zeros(len(block), bool)
        some = (block.messages.end < block.messages.padded_end).nonzero()[0]
        for skip in range(3):
            at = block.messages.end[some] + skip
            odd[some] |= (at < block.messages.padded_end[some]) & (block.buffer.bytes[at] != 0)
        return odd

    def _requests_called(self, mine: Array) -> list[str]:
        """Return the names of the requests that messages acknowledge, as summaries print them."""
        meanings = self.priors.meanings(mine)
        for place in [place for place, meaning in enumerate(meanings) if meaning not in self._requests]:
            index = int(mine[place])
            asked = request_of(self.block, self.priors, index)
            self._requests[meanings[place]] = escaped(message_name(asked.request)) if asked else ""
        return list(map(self._requests.__getitem__, meanings))

    def _names(self, examples: dict[int, int], what: int, number: int, space: int) -> list[tuple[int, str | None]]:
        """Return the names of a number in a namespace: each with the offset in the block's bytes from which it holds.

        examples   a message of each namespace
        """
        kind, message = REFERRED[what - 1], examples[space]
        before = self.names.before(self.names.space(message)).name(kind, number)
        later = self.names.changing(kind, message).get(number, [])
        found = [(0, before), *((max(at - self.block.offset, 0), name) for at, name in later)]
        return [(at, escaped(name) if name else None) for at, name in found]

    def _family(self, number: int, at: int) -> tuple[str | None, str | None]:
        names, place = self.names.timeline, at + self.block.offset
        return names.name(GENL, number, place), names.name(POLICY, number, place)


def described(about: MessageType) -> MessageTypeOf[BodyDescription]:
    """Return a message type with the description of its class in place of the class."""
    return about._replace(message=None if about.message is None else body_of(about.message))  # type: ignore[arg-type, return-value]
