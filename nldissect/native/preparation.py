"""Preparation of messages for a core, with the texts before their bodies: nl_prepare of scan.h."""

from __future__ import annotations

import ctypes
import time
from itertools import accumulate
from struct import Struct as Codec
from typing import Any, NamedTuple

from nldissect.wire.protocol import NETLINK, PACKET

from .loader import MessageStruct, address, open_library, pointer
from .scanner import Scanner, SettingStruct, typed

WORDS = Codec("<2I")
"""struct words."""
SINCE_FIRST, SINCE_BEFORE, SINCE_EPOCH, GIVEN = range(4)
"""enum time_mode."""
PACKET_TYPES, PROTOCOLS = 8, 32
"""Number of packet types and of protocols whose names are handed over."""
EACH = 320
"""Bytes that the texts before a message take at most, those of tables left out."""


class GivenTexts(NamedTuple):
    """Texts of each frame of a window that the core does not make.

    times      None: the core makes them; in a tree the lines about the frame
    processes  between time and arrow of a list's lines, with the blanks after them; None: there are none
    """

    times: list[bytes] | None
    processes: list[bytes] | None = None


class Preparation:
    """The items of a scanner's batches, prepared for a core.

    output   see enum output
    widths   of the columns of a list before its first line: number, time, protocol, type; none grows beyond `widest`
    """

    def __init__(
        self, path: str, scanner: Scanner, output: int, time_mode: int, widths: tuple[int, ...], widest: int
    ) -> None:
        self._library = typed(open_library(path))
        self.scanner, self.time_mode = scanner, time_mode
        self.setting = SettingStruct(
            scan=ctypes.addressof(scanner.scan), output=output, widths=(ctypes.c_uint32 * 4)(*widths), widest=widest
        )
        self._texts, self._messages = bytearray(1 << 16), (MessageStruct * 1)()
        kinds = [PACKET.names.get(kind, "") for kind in range(PACKET_TYPES)]
        protocols = [NETLINK.names.get(number, "") for number in range(PROTOCOLS)]
        self._names = packed([name.encode() for name in (*kinds, *protocols)])
        self.setting.named, self.setting.names = map(pointer, self._names)

    def prepare(
        self, first: int, count: int, pool: bytearray, interfaces: list[bytes], given: GivenTexts
    ) -> tuple[Any, int, bytes]:
        """Return an array of MessageStruct, the number of items in it, and the texts they refer to.

        first        the first item; `count` items from it on are prepared, or fewer
        pool         texts of captions
        interfaces   JSON of each source; in a tree the part about it in a frame's line
        """
        setting, scan = self.setting, self.scanner.scan
        scan.captions = ctypes.addressof(self.scanner.answers.captions)  # a scanner of the whole file may add some
        if len(self._messages) < count:
            self._messages = (MessageStruct * (2 * count))()
        messages, times, processes = self._messages, given.times or [], given.processes or []
        longest = max(map(len, interfaces)) + max(map(len, processes), default=0)
        room = count * (EACH + longest) + sum(map(len, times)) + (1 << 16)
        if len(self._texts) < room:
            self._texts = bytearray(room)
        joined, words = packed(interfaces)
        texts, places = packed(times + processes)
        setting.sources, setting.interfaces = pointer(joined), pointer(words)
        setting.given, setting.times = pointer(texts), None if given.times is None else pointer(places)
        beside = None if given.processes is None else places[len(times) * WORDS.size :]
        setting.processes = None if beside is None else pointer(beside)
        setting.time_mode = self.time_mode if given.times is None else GIVEN
        setting.pool, setting.texts, setting.texts_size = address(pool), address(self._texts), len(self._texts)
        setting.messages = ctypes.addressof(messages)
        scan.items, scan.frames = ctypes.addressof(self.scanner.items), ctypes.addressof(self.scanner.frames)
        done = self._library.nl_prepare(ctypes.addressof(setting), first, count)
        while not done:
            if setting.asks:
                setting.zone, setting.zone_from, setting.zone_to = zone_at(setting.asked)
            else:  # the name of a type may be as long as an attribute, and four times that where it is escaped
                self._texts = bytearray(2 * len(self._texts))
                setting.texts, setting.texts_size = address(self._texts), len(self._texts)
            done = self._library.nl_prepare(ctypes.addressof(setting), first, count)
        return messages, done, bytes(memoryview(self._texts)[: setting.texts_used])


def zone_at(second: int) -> tuple[int, int, int]:
    """Return the seconds that this host's zone is ahead of UTC at a time, and the first and last time of that.

    `second` and the times are in seconds since 1970; the last is exclusive. They span a day, or less of a day in which
    clocks are changed.
    """
    ahead = time.localtime(second).tm_gmtoff
    for size in (86400, 900, 1):
        start = second // size * size
        if time.localtime(start).tm_gmtoff == time.localtime(start + size - 1).tm_gmtoff == ahead:
            break
    return ahead, start, start + size


def packed(texts: list[bytes]) -> tuple[bytes, bytes]:
    """Return texts as one, and offset and size of each in it: struct words."""
    sizes = list(map(len, texts))
    starts = [0, *accumulate(sizes)]
    return b"".join(texts), b"".join(map(WORDS.pack, starts, sizes))
