"""Messages as lines of JSON, block by block."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from nldissect.capfile import time_text
from nldissect.columns.blocks.block import NO_TIME, Block
from nldissect.columns.blocks.buffer import Array
from nldissect.native.loader import LINES
from nldissect.wire import DecodedMessage
from nldissect.wire.decode.acks import PriorRequest
from nldissect.wire.secrets import is_keyed_protocol

from ..json_objects import add_losses, add_trailing, message_object, place_object
from ..json_text import encode
from ..origins.frame_source import source_json
from .message_renderer import CoreBatch
from .session import RenderSession


class JsonRenderer:
    """A renderer of messages as JSON texts."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.blocks = RenderSession(options, LINES, self._slow, self._around)
        self.secrets: bool = options.secrets
        self.block: Block

    def lines(self, block: Block, mask: Array, frames: Array) -> list[str]:
        """Return a line for each selected message, and for each of these frames that has no message, in file order.

        mask     bool, one per message
        frames   indexes of frames
        """
        self.block = block
        found = self.blocks.messages.texts(block, mask)
        out: list[str] = []
        done = 0
        for frame in frames[block.messages.frame_count[frames] == 0].tolist():
            first = int(block.messages.frame_first[frame])
            out += filter(None, found[done:first])
            done = first
            item = self._place(frame, None)
            self._add_trailing(item, frame)
            add_losses(item, block.comments.get(int(block.frames.start[frame]), ()))
            out.append(encode(item))
        out += filter(None, found[done:])
        return [line.removesuffix("\n") for line in out]

    def _time(self, frame: int) -> str | None:
        block = self.block
        time = int(block.frames.time[frame])
        decimals = block.interfaces[int(block.frames.interface[frame])].decimals
        return None if time == NO_TIME else time_text(time, decimals)

    def _place(self, frame: int, place: int | None) -> dict[str, Any]:
        block = self.block
        interface = block.interfaces[int(block.frames.interface[frame])]
        number, protocol = int(block.frames.number[frame]), int(block.frames.protocol[frame])
        return place_object(number, place, self._time(frame), interface, protocol)

    def _slow(self, index: int, walked: DecodedMessage, asked: PriorRequest | None) -> str:
        frame, place = int(self.block.messages.frame[index]), int(self.block.messages.number[index])
        item = self._place(frame, place) | message_object(walked, asked, secrets=self.secrets)
        if place == self.block.messages.frame_count[frame]:
            self._add_trailing(item, frame)
        return encode(item)

    def _add_trailing(self, item: dict[str, Any], frame: int) -> None:
        start, end = int(self.block.messages.frame_end[frame]), int(self.block.frames.end[frame])
        if start < end:
            masked = is_keyed_protocol(int(self.block.frames.protocol[frame])) and not self.secrets
            add_trailing(item, bytes(self.block.buffer.buffer[start:end]), masked)

    def _around(self, mine: Array, orders: CoreBatch) -> None:
        """Add to the core's input the number, place and time of messages, and the zeros that trail their frames.

        Messages of frames without a time, or with other trailing bytes, are left to the message engine.
        """
        block, frame, place = self.block, self.block.messages.frame[mine], self.block.messages.number[mine]
        orders.regular &= block.frames.time[frame] != NO_TIME
        names = list(map(source_json, block.interfaces))
        owners = map(names.__getitem__, block.frames.interface[frame].tolist())
        times = map(self._time, frame.tolist())
        rows = zip(block.frames.number[frame].tolist(), place.tolist(), times, owners, strict=True)
        before = list(map('{"frame":%d,"message":%d,"time":"%s"%s'.__mod__, rows))
        orders.add("before", np.arange(len(mine)), before)
        trails = (block.messages.frame_end < block.frames.end)[frame] & (place == block.messages.frame_count[frame])
        spans = {
            row: (int(block.messages.frame_end[frame[row]]), int(block.frames.end[frame[row]]))
            for row in trails.nonzero()[0].tolist()
        }
        odd = [row for row, (start, end) in spans.items() if any(block.buffer.buffer[start:end])]
        orders.regular[odd] = False
        rests = [f',"trailing":{{"zeros":{end - start}}}' for start, end in spans.values()]
        orders.add("behind", np.array([*spans], np.int64), rests)
