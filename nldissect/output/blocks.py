"""One large file block by block, and what every form of output needs to know of the blocks before."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from nldissect.index.block import Block
from nldissect.index.source import Source
from nldissect.record import Window, netlink_window
from nldissect.record.records import PREFACES

from .messages import Messages, Slow
from .names import GENL, Names
from .requests import Met
from .slots import LIST, Store

WINDOWS = {LIST: 3 << 20}
WINDOW = 1 << 20
"""Bytes read at a time: many equal messages together are cheap, but their texts have to fit into memory."""
PIECE = 4096
"""Messages written at a time."""


class Following(Source):
    """All blocks, those that another process prints among them.

    limit   where to stop, so that processes agree on the end of a file that grows; None if it is to be read to its end
    """

    limit: int | None = None

    def turns(self, part: int, parts: int) -> Iterator[tuple[Block, bool]]:
        """Each block, and whether it is for this part to print."""
        for window in self.reader.windows():
            last = self._ends(window)
            window = netlink_window(window)
            if window.starts:
                block = self._block(window, self._frames(window))
                mine = self._count % parts == part
                self._count += 1
                yield block, mine
            if last:
                return

    def _ends(self, window: Window) -> bool:
        """Whether a window reaches beyond the limit; what does is taken out of it."""
        if self.limit is None:
            return False
        unpack = PREFACES[window.byte_order].unpack_from
        room = self.limit - window.offset
        count = len(window.starts)
        while window.starts and window.starts[-1] + unpack(window.buffer, window.starts[-1] - 16)[2] > room:
            window.starts.pop()
        window.numbers = window.numbers[: len(window.starts)]
        if window.owners is not None:
            del window.owners[len(window.starts) :]
        self._trimmed = len(window.starts) < count
        return self._trimmed

    _trimmed = False

    def finish(self) -> str | None:
        cut = super().finish()
        return None if self._trimmed else cut


class Blocks:
    """Goes through a capture and keeps what blocks teach. `slow` makes the text of one message of the present block."""

    def __init__(self, options: argparse.Namespace, form: str, slow: Slow) -> None:
        path = options.files[0]
        families = dict(options.families)
        self.source = Following(path, families, options.order, WINDOWS.get(form, WINDOW))
        self.names = Names(path, families)
        self.met = Met()
        self.store = Store(form, options.secrets, self.names.before)
        self.messages = Messages(self.store, self.names, self.met, slow)

    def turns(self, part: int, parts: int) -> Iterator[tuple[Block, bool]]:
        """Each block, and whether it is for this part to print; the present one's names and requests are known."""
        for block, mine in self.source.turns(part, parts):
            self.names.begin(block)
            self.met.begin(block)
            yield block, mine
            self.met.end()
            for what, changes in self.names.end().items():
                if changes and what != GENL:
                    self.store.forget(what, set(changes))
