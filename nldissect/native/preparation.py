"""What stands before the texts of messages, and how they are told to a core: nl_prepare of scan.h."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from .loader import MESSAGE, open_library
from .scanner import Array, Scanner, Setting, typed

WORDS = np.dtype([("text", "<u4"), ("size", "<u4")])
SINCE_FIRST, SINCE_BEFORE, SINCE_EPOCH, GIVEN = range(4)
"""enum time_mode."""
EACH = 192
"""Bytes that the texts before a message take at most, those of tables left out."""


class Preparation:
    """Tells the items of a scanner's batches to a core.

    output   see enum output
    widths   of the columns of a list before its first line: number, time, protocol, type; none grows beyond `widest`
    """

    def __init__(
        self, path: str, scanner: Scanner, output: int, time_mode: int, widths: tuple[int, ...], widest: int
    ) -> None:
        self._library = typed(open_library(path))
        self.scanner, self.time_mode = scanner, time_mode
        self.setting = Setting(
            scan=ctypes.addressof(scanner.scan), output=output, widths=(ctypes.c_uint32 * 4)(*widths), widest=widest
        )
        self._texts = np.zeros(1 << 16, np.uint8)

    def prepare(
        self, first: int, count: int, pool: bytes, interfaces: list[bytes], times: list[bytes] | None
    ) -> tuple[Array, bytes]:
        """Return `count` items from `first` on as MESSAGE, or fewer, and the texts that they refer to.

        pool         texts of captions
        interfaces   JSON of each source
        times        of each frame of the window, where the core is not to make them; in a tree the lines about it
        """
        setting, scan = self.setting, self.scanner.scan
        messages = np.zeros(count, MESSAGE)
        room = count * (EACH + max(map(len, interfaces))) + sum(map(len, times or [])) + (1 << 16)
        if len(self._texts) < room:
            self._texts = np.zeros(room, np.uint8)
        joined, words = packed(interfaces)
        given, moments = packed(times or [])
        setting.pool, setting.sources, setting.given = (pointer(text) for text in (pool, joined, given))
        setting.interfaces, setting.times = words.ctypes.data, moments.ctypes.data
        setting.time_mode = self.time_mode if times is None else GIVEN
        setting.texts, setting.texts_size = self._texts.ctypes.data, len(self._texts)
        setting.messages = messages.ctypes.data
        scan.items, scan.frames = self.scanner.items.ctypes.data, self.scanner.frames.ctypes.data
        done = self._library.nl_prepare(ctypes.addressof(setting), first, count)
        return messages[:done], self._texts[: setting.texts_used].tobytes()


def packed(texts: list[bytes]) -> tuple[bytes, Array]:
    """Return texts as one, and where each stands in it: WORDS."""
    sizes = np.array(list(map(len, texts)), np.uint32)
    words = np.zeros(len(texts), WORDS)
    words["size"], words["text"] = sizes, np.cumsum(sizes) - sizes
    return b"".join(texts), words


def pointer(data: Any) -> int | None:
    """Return where bytes stand."""
    return ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value
