"""`-V` of one large file, block by block."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nldissect.index.block import Block
from nldissect.index.raw import Array
from nldissect.record.link import LINUX_SLL2
from nldissect.wire import Walked
from nldissect.wire.acks import Asked
from nldissect.wire.secrets import is_keyed_protocol

from .blocks import Blocks
from .frametimes import Clocks, local_times
from .slots import TREE
from .times import DATE
from .treelines import commented, cooked_text, frame_form, place_shown, size_shown, trailing_text
from .treetext import tree_text

PIECE = 512
"""Heads of frames and messages written at a time."""


class Trees:
    """The trees of frames."""

    stand_ins: Sequence[tuple[bytes, bytes]] = ()

    def __init__(self, options: argparse.Namespace) -> None:
        self.blocks = Blocks(options, TREE, self._slow)
        self.secrets: bool = options.secrets
        self.clocks = Clocks(options.time)
        self.block: Block

    def meet(self, block: Block) -> None:
        """Take note of a block that is printed elsewhere."""
        self.clocks.meet(block)

    def pass_over(self, block: Block) -> None:
        """Take note of a block of which nothing is printed."""
        self.clocks.meet(block)

    def texts(self, block: Block, mask: Array, frames: Array) -> Iterator[str | bytes]:
        """What to write of a block, an empty line before each frame."""
        self.block = block
        texts = self.blocks.messages.texts(block, [], mask)
        heads = self.heads(self.clocks.times(block).texts())
        tails = self.tails()
        firsts, counts = block.frame_first[frames].tolist(), block.frame_count[frames].tolist()
        whole = bool(mask.all())
        pieces: list[str] = []
        for frame, first, count in zip(frames.tolist(), firsts, counts, strict=True):
            shown = texts[first : first + count]
            pieces.append(heads[frame])
            pieces += shown if whole else filter(None, shown)
            if frame in tails and (not shown or shown[-1] is not None):
                pieces.append(tails[frame])
            if len(pieces) > PIECE:
                yield "".join(pieces)
                pieces.clear()
        yield "".join(pieces)

    def heads(self, times: list[str]) -> list[str]:
        """The lines about each frame itself."""
        block = self.block
        sizes = self._sizes()
        dates = [date or "-" for date in local_times(block, DATE)]
        forms = [frame_form(one.name) for one in block.interfaces]
        hardware = block.raw.words(">u2")[block.frame_at + 2].tolist()
        cooked = map(cooked_text, block.frame_kind.tolist(), hardware, block.frame_protocol.tolist())
        rows = zip(block.frame_number.tolist(), dates, times, sizes, cooked, strict=True)
        if len(forms) == 1 and not block.comments:
            return list(map(forms[0].__mod__, rows))
        interfaces = block.frame_interface.tolist()
        heads = [forms[number] % row for number, row in zip(interfaces, rows, strict=True)]
        for frame, at in enumerate(block.frame_at.tolist()):
            if at in block.comments:
                heads[frame] = commented(heads[frame], block.comments[at])
        return heads

    def _sizes(self) -> Any:
        block = self.block
        longer = np.array([4 * (one.linktype == LINUX_SLL2) for one in block.interfaces])[block.frame_interface]
        size = block.frame_end - block.frame_at + longer
        return map(size_shown, size.tolist(), (block.frame_wire + longer).tolist())

    def tails(self) -> dict[int, str]:
        """Bytes behind the messages of frames that have such."""
        block = self.block
        found = {}
        for frame in (block.frame_rest < block.frame_end).nonzero()[0].tolist():
            data = bytes(block.raw.buffer[int(block.frame_rest[frame]) : int(block.frame_end[frame])])
            masked = is_keyed_protocol(int(block.frame_protocol[frame])) and not self.secrets
            found[frame] = trailing_text(data, masked)
        return found

    def _slow(self, index: int, walked: Walked, asked: Asked | None) -> str:
        count = int(self.block.frame_count[self.block.frame[index]])
        return tree_text(walked, asked, place_shown(int(self.block.place[index]), count), self.secrets)
