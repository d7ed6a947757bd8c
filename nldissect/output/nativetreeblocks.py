"""`-V` of one large file by the native core, block by block."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from nldissect.index.block import Block
from nldissect.index.priors import NO_REQUEST
from nldissect.index.raw import Array
from nldissect.native.loader import TREE

from .nativeblocks import NativeMessages, add_some
from .nativetrees import ahead_tree, around_tree
from .treeblocks import Trees


class NativeTrees(Trees):
    """The trees of frames in UTF-8."""

    def __init__(self, options: argparse.Namespace, path: str) -> None:
        super().__init__(options)
        self.native = NativeMessages(path, self.blocks, TREE, around_tree, self.secrets)

    def texts(self, block: Block, mask: Array, frames: Array) -> Iterator[str | bytes]:
        """What to write of a block, an empty line before each frame."""
        self.block = block
        self.blocks.messages.turn_to(block, [])
        mine = mask.nonzero()[0]
        before, behind, rest = self._around_frames(mine, frames)
        messages, texts = self.native.columns(block, mine, ahead_tree), bytearray()
        add_some(messages, texts, "before", before)
        add_some(messages, texts, "behind", behind)
        messages["place"], messages["count"] = block.place[mine], block.frame_count[block.frame[mine]]
        self.native.ask(block, mine, messages, texts)
        acks = (self.blocks.priors.requests[mine] != NO_REQUEST).nonzero()[0]
        messages["request"][acks] = self.blocks.priors.frames(mine[acks])

        def finish(text: str, index: int) -> str:
            place = int(mine.searchsorted(index))
            return f"{before.get(place, '')}{text}{behind.get(place, '')}"

        yield self.native.texts(block, mine, messages, self.native.regular(block)[mine], texts, finish)
        yield rest

    def _around_frames(self, mine: Array, frames: Array) -> tuple[dict[int, str], dict[int, str], str]:
        """What stands before and behind messages by their places among `mine`: lines about frames; and what follows."""
        block = self.block
        heads, tails = self.heads(self.clocks.times(block).texts()), self.tails()
        starts, stops = (block.frame[mine].searchsorted(frames, side).tolist() for side in ("left", "right"))
        before: dict[int, str] = {}
        behind: dict[int, str] = {}
        text = ""
        for frame, start, stop in zip(frames.tolist(), starts, stops, strict=True):
            text += heads[frame]
            count = int(block.frame_count[frame]) if start == stop or frame in tails else 0
            if start < stop:
                before[start], text = text, ""
            elif not count:
                text += tails.get(frame, "")
            if frame in tails and start < stop and block.place[mine[stop - 1]] == count:
                behind[stop - 1] = tails[frame]
        return before, behind, text
