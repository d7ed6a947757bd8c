"""Windows of a capture, as a scanner takes them."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import NamedTuple

from nldissect.capfile import OWN, Reader, Window, open_capture
from nldissect.capfile.link_types import netlink_window
from nldissect.capfile.records import PREFACES, SECOND, is_hidden
from nldissect.columns.fields.frame_comments import concern_messages
from nldissect.columns.names.initial import check_reader
from nldissect.native import scanner
from nldissect.native.scanner import Scanner, SourceStruct, WindowFrames

LATEST = 1 << 62
"""Nanoseconds from 1970 beyond which times are made by Python."""


class ScanWindow(NamedTuple):
    """A window of a capture.

    spaces   network namespace of each source
    timed    the core can make the times of all frames
    """

    window: Window
    frames: WindowFrames
    spaces: list[str]
    timed: bool


class ScanWindows:
    """The windows of a capture; with `own`, what the capture itself sent is shown, too."""

    def __init__(self, reader: Reader, own: bool) -> None:
        self.reader, self.own = reader, own

    def __iter__(self) -> Iterator[ScanWindow]:
        for window in self.reader.windows():
            if (window := netlink_window(window)).starts:
                yield self._sight(window)

    def _sight(self, window: Window) -> ScanWindow:
        interfaces = self.reader.interfaces
        spaces = [one.space for one in interfaces]
        numbers = {space: number for number, space in enumerate(numbered(spaces))}
        odd = [bool(SECOND % one.ticks) for one in interfaces]
        sources = (SourceStruct * len(interfaces))(*(
            SourceStruct(1 if is_odd else one.ticks, one.high, one.offset, numbers[one.space], one.decimals)
            for one, is_odd in zip(interfaces, odd, strict=True)
        ))  # fmt: skip
        owners = None
        if window.owners is not None or window.interface is not interfaces[0]:
            places = {id(one): place for place, one in enumerate(interfaces)}
            owned = window.owners or [window.interface] * len(window.starts)
            owners = array("H", [places[id(one)] for one in owned])
        timed = not any(odd) and not self._is_late(window)
        remarks = self._remarks(window, not timed)
        frames = WindowFrames(window.buffer, window.starts, window.byte_order, window.numbers, sources, owners, remarks)
        return ScanWindow(window, frames, spaces, timed)

    def _remarks(self, window: Window, all_odd: bool) -> array[int] | None:
        if not (all_odd or window.comments or window.timeless):
            return None
        every = scanner.REMARKED if all_odd else 0
        return array("B", [
            every | self._mark(window.comments.get(at, ())) | (at in window.timeless) * scanner.NO_TIME
            for at in window.starts
        ])  # fmt: skip

    def _mark(self, comments: tuple[str, ...]) -> int:
        mark = scanner.REMARKED if concern_messages(comments) else 0
        if self.own or OWN not in comments:
            return mark
        return mark | (scanner.HIDDEN if is_hidden(comments) else scanner.HEADING)

    def _is_late(self, window: Window) -> bool:
        """Return whether times may be too far from 1970 for 64 bits."""
        interfaces = self.reader.interfaces
        if all(one.high == one.ticks and not one.offset for one in interfaces):
            return False
        unpack = PREFACES[window.byte_order].unpack_from
        latest = max(unpack(window.buffer, at - 16)[0] for at in window.starts)
        return any(
            abs(one.offset) * SECOND >= LATEST or abs(one.time(latest, 0xFFFFFFFF)) >= LATEST for one in interfaces
        )


def numbered(spaces: list[str]) -> list[str]:
    """Return the network namespaces of sources, by the numbers that a scanner knows them by."""
    return list(dict.fromkeys(spaces))


def open_reader(path: str, window: int) -> Reader:
    """Open a capture that can hold netlink, to be read by windows of `window` bytes."""
    reader = open_capture(path, window=window)
    check_reader(reader)
    return reader


def hasten(reader: Reader, finder: Scanner) -> None:
    """Let a scanner find the records of a pcap."""
    reader.use_record_chain(finder.find_records)
