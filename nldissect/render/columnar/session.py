"""A capture block by block, the texts of its messages with what the blocks before teach."""

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

from .message_renderer import CoreBatch, MessageRenderer, Slow

WINDOW = 3 << 18
"""Bytes read at a time: the texts of all of its messages have to fit into memory."""


class RenderSession:
    """Goes through a capture and keeps what blocks teach; `messages` makes texts, see there."""

    def __init__(
        self,
        options: argparse.Namespace,
        output: int,
        slow: Slow,
        around: Callable[[Array, CoreBatch], None] | None = None,
    ) -> None:
        self.source = BlockReader(options.files[0], dict(options.families), options.order, WINDOW)
        self.names = BlockNames(self.source.names)
        self.priors = PriorRequests(RULES)
        self.messages = MessageRenderer(output, options.secrets, self.names, self.priors, slow, around)

    def __iter__(self) -> Iterator[Block]:
        """Each block; the present one's names and requests are known."""
        for block in self.source.blocks():
            self.names.begin(block)
            self.priors.begin_block(block)
            yield block
            self.priors.end_block()
