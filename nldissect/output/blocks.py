"""One large file block by block, and what every form of output needs to know of the blocks before."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from nldissect.families.answering import RULES
from nldissect.index.block import Block
from nldissect.index.blocknames import BlockNames
from nldissect.index.priors import PriorRequests
from nldissect.index.source import Source

from .messages import Messages, Slow
from .slots import LIST, Store

WINDOW = 3 << 18
MESSAGES = {LIST: 30_000}
"""Bytes read at a time, and in some forms for how many messages more are: many equal messages together are cheap, but
their texts have to fit into memory."""
PIECE = 4096
"""Messages written at a time."""


class Blocks:
    """Goes through a capture and keeps what blocks teach. `slow` makes the text of one message of the present block.

    dumps   which requests the ends of dumps belong to is of use too
    """

    def __init__(self, options: argparse.Namespace, form: str, slow: Slow, dumps: bool = False) -> None:
        path = options.files[0]
        families = dict(options.families)
        self.source = Source(path, families, options.order, WINDOW, MESSAGES.get(form))
        self.names = BlockNames(self.source.names)
        self.priors = PriorRequests(RULES)
        self._dumps = dumps
        self.store = Store(form, options.secrets)
        self.messages = Messages(self.store, self.names, self.priors, slow)

    def turns(self, part: int, parts: int) -> Iterator[tuple[Block, bool]]:
        """Each block, and whether it is for this part to print; the present one's names and requests are known."""
        for block, mine in self.source.turns(part, parts):
            self.names.begin(block)
            self.priors.begin_block(block, self._dumps)
            yield block, mine
            self.priors.end_block()
            for (what, space), numbers in self.names.changed().items():
                self.store.forget(what, space, numbers)
