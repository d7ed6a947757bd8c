"""`read` of one large file: block by block, with the same bytes as the slow path makes, frame by frame."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nldissect.index.block import NO_TIME, Block
from nldissect.index.raw import Array
from nldissect.index.source import Source
from nldissect.record.records import SECOND, time_text
from nldissect.wire import Walked

from .acks import Asked
from .jsontext import encode
from .messages import Messages
from .names import GENL, Names
from .objects import add_trailing, message_object, place_object
from .requests import Met
from .slots import JSON, Store

Selection = Callable[[Block], Array]
"""Which messages of a block are wanted."""
PIECE = 4096


class Blocks:
    """Goes through a capture and keeps what blocks teach."""

    def __init__(self, options: argparse.Namespace, selection: Selection | None, form: str) -> None:
        path = options.files[0]
        families = dict(options.families)
        self.source = Source(path, families, options.order)
        self.names = Names(path, families)
        self.met = Met()
        self.store = Store(form, options.secrets, self.names.before)
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


class Objects:
    """`-T ndjson` and `-T json`."""

    def __init__(self, options: argparse.Namespace, selection: Selection | None = None) -> None:
        self.blocks = Blocks(options, selection, JSON)
        self.secrets: bool = options.secrets
        self.messages = Messages(self.blocks.store, self.blocks.names, self.blocks.met, self._slow)
        self.block: Block
        self.times: list[Any] = []

    def lines(self) -> Iterator[list[str]]:
        """One JSON text a message, some at a time."""
        for self.block, chosen in self.blocks:
            self.times = times_of(self.block)
            texts = self.messages.texts(self.block, self.times, chosen)
            if self.blocks.selection is not None:
                texts = [text for text in texts if text is not None]
            elif not self.block.frame_count.all():
                texts = self._with_empty(texts)
            for start in range(0, len(texts), PIECE):
                yield texts[start : start + PIECE]

    def _with_empty(self, texts: list[str]) -> list[str]:
        """Frames without messages are objects too."""
        block = self.block
        out: list[str] = []
        done = 0
        for frame in (block.frame_count == 0).nonzero()[0].tolist():
            first = int(block.frame_first[frame])
            out += texts[done:first]
            done = first
            item = self._place(frame, None)
            self._add_trailing(item, frame)
            out.append(encode(item))
        return out + texts[done:]

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
            add_trailing(item, bytes(self.block.raw.buffer[start:end]))


def times_of(block: Block, base: Array | int = 0) -> list[str | None]:
    """The time of each frame after `base` with its file's decimals; None where it has none."""
    out: list[str | None] = [None] * len(block.frame_at)
    known = block.frame_time != NO_TIME
    since = np.where(known, block.frame_time - base, 0)
    for number, interface in enumerate(block.interfaces):
        mine = (known & (block.frame_interface == number)).nonzero()[0] if len(block.interfaces) > 1 or not known.all() else None
        times = since if mine is None else since[mine]
        texts = time_texts(times, interface.decimals)
        if mine is None:
            return list(texts)
        for frame, text in zip(mine.tolist(), texts, strict=True):
            out[frame] = text
    return out


def time_texts(times: Array, decimals: int) -> list[str]:
    """`record.time_text` of many times."""
    if not len(times) or times.min() < 0 or not decimals:
        return [time_text(time, decimals) for time in times.tolist()]
    seconds, rest = np.divmod(times, SECOND)
    pairs = zip(seconds.tolist(), (rest // 10 ** (9 - decimals)).tolist(), strict=True)
    return list(map(f"%d.%0{decimals}d".__mod__, pairs))
