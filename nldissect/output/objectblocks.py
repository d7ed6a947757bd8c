"""`-T ndjson` and `-T json` of one large file, block by block."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

from nldissect.index.block import Block
from nldissect.index.raw import Array
from nldissect.wire import Walked
from nldissect.wire.acks import Asked
from nldissect.wire.secrets import is_keyed_protocol

from .blocks import PIECE, Blocks
from .frametimes import times_since
from .jsontext import encode
from .objects import add_losses, add_trailing, message_object, place_object
from .slots import JSON


class Objects:
    """The JSON texts of messages. `array`: as one list, else a line each."""

    stand_ins: Sequence[tuple[bytes, bytes]] = ()

    def __init__(self, options: argparse.Namespace) -> None:
        self.blocks = Blocks(options, JSON, self._slow)
        self.secrets: bool = options.secrets
        self.array: bool = options.format == "json"
        self.block: Block
        self.times: list[str | None] = []

    def meet(self, block: Block) -> None:
        """Take note of a block that is printed elsewhere."""

    def pass_over(self, block: Block) -> None:
        """Take note of a block of which nothing is printed."""

    def texts(self, block: Block, mask: Array, frames: Array) -> Iterator[str]:
        """What to write of a block, in an array with a separator ahead."""
        self.block, self.times = block, times_since(block)
        found = self.blocks.messages.texts(block, self.times, mask)
        empty = frames[block.frame_count[frames] == 0]
        texts = self._with_empty(found, empty) if len(empty) else found if mask.all() else list(filter(None, found))
        for start in range(0, len(texts), PIECE):
            some = texts[start : start + PIECE]
            yield ",\n" + ",\n".join(some) if self.array else "\n".join(some) + "\n"

    def _with_empty(self, texts: list[str], empty: Array) -> list[str]:
        """Frames without messages are objects too."""
        out: list[str] = []
        done = 0
        for frame in empty.tolist():
            first = int(self.block.frame_first[frame])
            out += filter(None, texts[done:first])
            done = first
            item = self._place(frame, None)
            self._add_trailing(item, frame)
            add_losses(item, self.block.comments.get(int(self.block.frame_at[frame]), ()))
            out.append(encode(item))
        return [*out, *filter(None, texts[done:])]

    def _place(self, frame: int, place: int | None) -> dict[str, Any]:
        block = self.block
        interface = block.interfaces[int(block.frame_interface[frame])].name
        number, protocol = int(block.frame_number[frame]), int(block.frame_protocol[frame])
        return place_object(number, place, self.times[frame], interface, protocol)

    def _slow(self, index: int, walked: Walked, asked: Asked | None) -> str:
        frame, place = int(self.block.frame[index]), int(self.block.place[index])
        item = self._place(frame, place) | message_object(walked, asked, secrets=self.secrets)
        if place == self.block.frame_count[frame]:
            self._add_trailing(item, frame)
        return encode(item)

    def _add_trailing(self, item: dict[str, Any], frame: int) -> None:
        start, end = int(self.block.frame_rest[frame]), int(self.block.frame_end[frame])
        if start < end:
            masked = is_keyed_protocol(int(self.block.frame_protocol[frame])) and not self.secrets
            add_trailing(item, bytes(self.block.raw.buffer[start:end]), masked)
