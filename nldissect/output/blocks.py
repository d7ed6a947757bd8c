"""One large file block by block, and what every form of output needs to know of the blocks before."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

import numpy as np

from nldissect.index.block import Block
from nldissect.index.raw import Array
from nldissect.index.source import Source

from .messages import Messages, Slow
from .names import GENL, Names
from .requests import Met
from .slots import Store

Selection = Callable[[Block], Array]
"""Which messages of a block are wanted."""
PIECE = 4096
"""Messages written at a time."""


class Blocks:
    """Goes through a capture and keeps what blocks teach. `slow` makes the text of one message of the present block."""

    def __init__(self, options: argparse.Namespace, selection: Selection | None, form: str, slow: Slow) -> None:
        path = options.files[0]
        families = dict(options.families)
        self.source = Source(path, families, options.order)
        self.names = Names(path, families)
        self.met = Met()
        self.store = Store(form, options.secrets, self.names.before)
        self.messages = Messages(self.store, self.names, self.met, slow)
        self.selection = selection

    def __iter__(self) -> Iterator[tuple[Block, Array]]:
        for block in self.source.blocks():
            self.names.begin(block)
            self.met.begin(block)
            yield block, np.ones(len(block), bool) if self.selection is None else self.selection(block)
            self.met.end()
            for what, changes in self.names.end().items():
                if changes and what != GENL:
                    self.store.forget(what, set(changes))
