"""Pieces of trees as text: the lines about a frame, a message, bytes behind the last."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from nldissect.wire import Walked
from nldissect.wire.acks import Asked

from .paint import plain
from .summary import summary_of
from .tree import (
    Line,
    MessageTree,
    comment_lines,
    cooked_line,
    frame_line,
    title,
    trailing_line,
)


def commented(head: str, comments: tuple[str, ...]) -> str:
    """The lines about a frame with what the file says of it."""
    line, _, rest = head[1:].partition("\n")
    return f"\n{line}\n{_lines(comment_lines(comments))}{rest}"


def tree_text(walked: Walked, asked: Asked | None, place: str, secrets: bool) -> str:
    """The tree of one message; `place`: which of its frame's it is."""
    return _lines([title(walked, place, summary_of(walked, asked)), *MessageTree(walked, asked, secrets).lines()])


def trailing_text(data: bytes, masked: bool) -> str:
    """The line about bytes behind the last message."""
    return _lines([trailing_line(data, masked)])


def _lines(lines: Any) -> str:
    return "".join([plain(line).rstrip(" ") + "\n" for line in lines])


def frame_form(interface: str | None) -> str:
    """Lines about a frame of an interface; number, date, time, size and cooked header are to be put in."""
    line: Line = frame_line("%s", "%s", "%s", "%s", interface and interface.replace("%", "%%"))
    return f"\n{plain(line).rstrip(' ')}\n%s"


@lru_cache(maxsize=1024)
def cooked_text(packet_type: int, hardware: int, protocol: int) -> str:
    """The line of a cooked header."""
    return _lines([cooked_line(packet_type, hardware, protocol)]) if protocol >= 0 else ""
