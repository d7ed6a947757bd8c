"""Names as of a frame: what a block teaches of interfaces and generic families, found before any of it is shown.

The slow path walks a frame, which teaches, and prints it then: a name holds from its own frame on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from nldissect.index.block import DIRECTIONS, Block
from nldissect.index.links import INTERFACE, NFT_SET
from nldissect.index.lockstep import one_of_each
from nldissect.index.opening import Later
from nldissect.index.raw import Array
from nldissect.index.taught import GENL
from nldissect.record.comments import numbered
from nldissect.wire import Context
from nldissect.wire.attrs import Tables
from nldissect.wire.flags import NLM_F, NLMSG_ERROR, TO_KERNEL
from nldissect.wire.frame import ECHO, HEADER
from nldissect.wire.kinds import Decode
from nldissect.wire.message import ASKED, Message
from nldissect.wire.policy import POLICY
from nldissect.wire.scope import fixed_part
from nldissect.wire.shapes import Nest

from .walking import order_of, walked_at

KERNEL = DIRECTIONS.index(TO_KERNEL)
WORD = 8
SHARED = (GENL, POLICY)
"""What all network namespaces of a host share; other numbers mean something in one alone."""

Changes = dict[int, list[tuple[int, str]]]
"""Number -> from which frame on it has which name."""


class Names:
    """The names of one capture. `before` has those that hold as the present block begins, at first the `told` ones."""

    def __init__(
        self, path: str, families: dict[int, str] | None = None, told: dict[str, dict[int, str]] | None = None
    ) -> None:
        self.before = Context()
        for what, names in (told or {}).items():
            self.before.names[what] |= names
        if families:
            self.before.fixed[GENL] = dict(families)
        self._later = Later(path, self.before)
        self._block: Block | None = None
        self._changes: dict[str, Changes] = {GENL: {}, INTERFACE: {}, NFT_SET: {}, POLICY: {}}
        self._spaces: list[str] = []  # of the block's interfaces

    def begin(self, block: Block) -> None:
        """Find what a block teaches."""
        self._block = block
        self._changes = {GENL: {}, INTERFACE: {}, NFT_SET: {}, POLICY: {}}
        self._spaces = [one.space for one in block.interfaces]
        if len({*self._spaces}) > 1:
            self._apart(block)
        for one in block.learnt:
            self._change(one.frame, one.what, one.number, one.name)
        links = sorted([*_names_of(block, INTERFACE), *self._echoed(block)], key=lambda line: line[0])
        for what, told in ((INTERFACE, links), (NFT_SET, list(_names_of(block, NFT_SET)))):
            for message, number, name in told:
                self._change(int(block.frame[message]), what, number, name)

    def _apart(self, block: Block) -> None:
        """Keep what interfaces are called apart by network namespace, in what the file tells too."""
        for space, one in zip(self._spaces, block.interfaces, strict=True):
            for number, name in numbered(one.comments, INTERFACE).items():
                self.before.names.setdefault(self._place(INTERFACE, space), {}).setdefault(number, name)

    def _place(self, what: str, space: str) -> str:
        """What the names of a network namespace are filed under."""
        return what if what in SHARED or len({*self._spaces}) < 2 else f"{what} {space}"

    def _space(self, frame: int) -> str:
        """The network namespace of a frame of the block."""
        assert self._block is not None
        return self._spaces[int(self._block.frame_interface[frame])]

    def _change(self, frame: int, what: str, number: int, name: str) -> None:
        what = self._place(what, self._space(frame))
        self._changes.setdefault(what, {})
        turns = self._changes[what].get(number)
        known = turns[-1][1] if turns else self.before.names.get(what, {}).get(number)
        if known != name:
            self._changes[what].setdefault(number, []).append((frame, name))

    def end(self) -> dict[str, Changes]:
        """Go on behind the block; what has changed in it."""
        for what, changes in self._changes.items():
            for number, turns in changes.items():
                self.before.learn(what, number, turns[-1][1])
        return self._changes

    def changing(self, what: str) -> Changes:
        """Numbers whose names change in this block."""
        return self._changes[what]

    def frames_of(self, messages: Array) -> list[int]:
        """The frames in which messages of this block stand."""
        assert self._block is not None
        found: list[int] = self._block.frame[messages].tolist()
        return found

    def as_of(self, message: int) -> Context:
        """A context in which the names hold that a message of the block is shown with."""
        assert self._block is not None
        frame = int(self._block.frame[message])
        order = "little" if order_of(self._block, frame) == "<" else "big"
        return _AsOf(self, frame, order)

    def name(self, what: str, number: int, frame: int) -> str | None:
        """What a number is called in a frame of the block."""
        fixed = self.before.fixed.get(what, {}).get(number)
        if fixed:
            return fixed
        what = self._place(what, self._space(frame))
        told = [name for since, name in self._changes.get(what, {}).get(number, ()) if since <= frame]
        if told:
            return told[-1]
        known = self.before.names.get(what, {}).get(number)
        return self._later.name(number) if known is None and what == GENL else known

    def _echoed(self, block: Block) -> Iterator[tuple[int, int, str]]:
        """An acknowledgement repeats a request, which teaches nothing, but odd bytes may pretend otherwise."""
        size = block.end - block.at
        odd = (~block.bare & (block.type == NLMSG_ERROR) & (size > ECHO + HEADER)).nonzero()[0]
        if not odd.size:
            return
        flags = block.raw.take("u2", block.at[odd] + ECHO + 6, block.frame_big[block.frame[odd]])
        for index in odd[flags & NLM_F.REQUEST == 0].tolist():
            notebook = _Notebook(self.as_of(index))
            walked_at(block, index, notebook)
            for number, name in notebook.written:
                yield index, number, name


class _AsOf(Context):
    """The names of one frame; learns nothing."""

    def __init__(self, names: Names, frame: int, order: str) -> None:
        super().__init__(byte_order=order)
        self._names, self._frame = names, frame

    def name(self, what: str, number: int) -> str | None:
        return self._names.name(what, number, self._frame)

    def learn(self, what: str, number: int, name: str) -> None:
        pass


class _Notebook(Context):
    """Writes down what is taught of interfaces."""

    def __init__(self, known: Context) -> None:
        super().__init__(byte_order=known.byte_order)
        self.known = known
        self.written: list[tuple[int, str]] = []

    def name(self, what: str, number: int) -> str | None:
        return self.known.name(what, number)

    def learn(self, what: str, number: int, name: str) -> None:
        if what == INTERFACE:
            self.written.append((number, name))


class _Told(NamedTuple):
    """Messages that name something: their indexes, the numbers, and where the names stand."""

    decode: Decode
    message: Array
    number: Array
    start: Array
    stop: Array


def _names_of(block: Block, what: str) -> Iterator[tuple[int, int, str]]:
    """Message, number and name of everything of a sort that is named; not again what was just said."""
    groups: list[_Told] = []
    for case, meaning in enumerate(block.meanings):
        message = meaning.message
        if message is None or message.teaches is None or message.teaches[0] != what:
            continue
        mine = (block.meaning == case).nonzero()[0]
        mine = mine[(block.direction[mine] == KERNEL) == (what in ASKED)]
        big = block.frame_big[block.frame[mine]]
        for order in ("<", ">"):
            some = mine[big == (order == ">")]
            if some.size:
                groups.append(_told(block, some, message, order, meaning.skip))
    if not groups:
        return
    message_of, number, start, stop = (np.concatenate(column) for column in list(zip(*groups, strict=True))[1:])
    which = np.repeat(np.arange(len(groups)), [len(group.message) for group in groups])
    order_of_time = np.lexsort((message_of, number))
    news = order_of_time[_differs(block, number[order_of_time], start[order_of_time], stop[order_of_time])]
    for place in news[message_of[news].argsort()].tolist():
        raw = bytes(block.raw.buffer[int(start[place]) : int(stop[place])])
        name = groups[int(which[place])].decode(raw, 0, len(raw))
        if isinstance(name, str):
            yield int(message_of[place]), int(number[place]), name


def _differs(block: Block, number: Array, start: Array, stop: Array) -> Array:
    """Where a number is told another name than in the line before."""
    length = stop - start
    words = block.raw.words("<u8")
    news = length > 2 * WORD
    news[:1] = True
    news[1:] |= (number[1:] != number[:-1]) | (length[1:] != length[:-1])
    for skip in (0, WORD):
        left = np.clip(length - skip, 0, WORD).astype(np.uint64) * np.uint64(8)
        bits = words[start + skip] << (np.uint64(64) - left) % np.uint64(64)
        bits[left == 0] = 0
        news[1:] |= bits[1:] != bits[:-1]
    return news


def _told(block: Block, mine: Array, message: type[Message], order: str, skip: int) -> _Told:
    assert message.teaches is not None
    _, number_name, text_name = message.teaches
    spans = fixed_part(message, order, Tables.version)[1]
    size = sum(field.kind.size or 0 for field in message.fields_desc[:-1])
    attributes = message.fields_desc[-1].kind
    assert isinstance(attributes, Nest)
    rows = {row.name: row for row in attributes.inner.rows.values()}
    row = rows[text_name]
    starts, ends = block.at[mine] + skip, block.end[mine]
    whole = starts + size <= ends
    mine, starts, ends = mine[whole], starts[whole], ends[whole]
    kind, at = rows.get(number_name), starts
    there: Array = np.ones(len(at), bool)
    if kind is not None:
        at, after = one_of_each(block.raw, order, starts + size, ends, kind.number or 0, first=True)
        there = after - at == kind.size
    else:
        kind, first, _ = next(span for span in spans if span[0].name == number_name)
        at = starts + first
    numbers = np.where(there, block.raw.words((kind.fixed_order or order) + kind.letter)[at], 0).astype(np.int64)  # type: ignore[attr-defined]
    text, stop = one_of_each(block.raw, order, starts + size, ends, row.number or 0, first=True)
    told = (text > 0) & (numbers > 0)
    return _Told(row.decoder(order), mine[told], numbers[told], text[told], stop[told])
