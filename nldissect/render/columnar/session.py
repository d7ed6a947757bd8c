"""Session that reads a capture block by block and renders its messages with the names that earlier blocks gave."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from nldissect.columns.block_reader import BlockReader
from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.names.block_names import BlockNames
from nldissect.columns.requests.prior_requests import PriorRequests
from nldissect.families.answer_rules import RULES
from nldissect.native.loader import LIST as LIST
from nldissect.native.loader import TREE as TREE
from nldissect.sizes import SIZES

from .message_renderer import CoreBatch, MessageRenderer, Slow


class RenderSession:
    """The blocks of a capture, with the names and requests learned from them; `messages` makes their texts."""

    def __init__(
        self,
        options: argparse.Namespace,
        output: int,
        slow: Slow,
        around: Callable[[Array, CoreBatch], None] | None = None,
    ) -> None:
        self.source = BlockReader(options.files[0], dict(options.families), options.order, SIZES.render_window)
        self.names = BlockNames(self.source.names)
        self.priors = PriorRequests(RULES)
        self.messages = MessageRenderer(output, options.secrets, self.names, self.priors, slow, around)

    def __iter__(self) -> Iterator[Block]:
        """Yield each block, with its names and prior requests at hand until the next."""
        for block in self.source.blocks():
            self.names.begin(block)
            self.priors.begin_block(block)
            yield block
            self.priors.end_block()
