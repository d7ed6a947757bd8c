"""Names that messages of a block give to interfaces, and to sets of nftables: what `wire.message.teach` learns of them,
by columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from nldissect.wire.flags import TO_KERNEL
from nldissect.wire.message import ASKED, Message

from .attributes import Hits, Plan
from .block import DIRECTIONS, Block, Learnt, Meaning
from .raw import Array
from .values import column, decoded

INTERFACE, NFT_SET = "interface", "nft_set"


class Links:
    """Looks at the blocks of one capture after another."""

    def __init__(self) -> None:
        self._meanings: Sequence[Meaning] = ()
        self._seen = 0
        self._teachers: dict[type[Message], tuple[str, str, str]] = {}
        self._plan: Plan | None = None

    def of(self, block: Block) -> list[Learnt]:
        """What a block teaches, in file order."""
        self._look_at(block.meanings)
        if self._plan is None:
            return []
        hits = self._plan.run(block)
        found = [
            one
            for what, number, name in self._teachers.values()
            for one in _taught(block, what, hits[number], hits[name])
        ]
        return [learnt for _, learnt in sorted(found, key=lambda line: line[0])]

    def _look_at(self, meanings: Sequence[Meaning]) -> None:
        if meanings is not self._meanings:
            self._meanings, self._seen = meanings, 0
        known = len(self._teachers)
        for one in meanings[self._seen :]:
            message = one.message
            if message is not None and message.teaches is not None and message.teaches[0] in (INTERFACE, NFT_SET):
                what, number, name = message.teaches
                self._teachers[message] = what, f"{message.__name__}.{number}", f"{message.__name__}.{name}"
        self._seen = len(meanings)
        if len(self._teachers) != known:
            self._plan = Plan(chain.from_iterable(paths for _, *paths in self._teachers.values()))


def _taught(block: Block, what: str, number: Hits, name: Hits) -> list[tuple[int, Learnt]]:
    """With the message that says it."""
    if not len(name):
        return []
    number, name = _first(number), _first(name)
    mine, at, named = np.intersect1d(number.message, name.message, assume_unique=True, return_indices=True)
    told = (block.direction[mine] == DIRECTIONS.index(TO_KERNEL)) == (what in ASKED)
    numbers = column(number.where(at[told]), block.raw)
    texts = decoded(name.where(named[told]), block.raw)
    assert numbers is not None
    rows = zip(mine[told].tolist(), block.frame[mine[told]].tolist(), numbers.tolist(), texts, strict=True)
    return [
        (message, Learnt(frame, what, index, text))
        for message, frame, index, text in rows
        if index > 0 and isinstance(text, str)
    ]


def _first(hits: Hits) -> Hits:
    """The first hit of each message."""
    begins: Array = np.ones(len(hits), bool)
    begins[1:] = hits.message[1:] != hits.message[:-1]
    return hits.where(begins)
