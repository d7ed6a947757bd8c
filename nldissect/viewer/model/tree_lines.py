"""Lines of a message's tree, each with the range of bytes it describes: input of the tree and of the hex pane."""

from __future__ import annotations

from dataclasses import dataclass

from nldissect.escapes import escaped
from nldissect.render.names import message_name
from nldissect.render.origins.frame_source import source_words
from nldissect.render.times import date_time
from nldissect.render.trees.tree import MessageTree
from nldissect.render.trees.tree_lines import (
    Line,
    comment_lines,
    cooked_line,
    frame_line,
    place_shown,
    size_shown,
    trailing_line,
)
from nldissect.terminal.colors import Piece
from nldissect.uapi import SLL_HDR_LEN
from nldissect.wire import Node

from .capture_model import MessageEntry

LARGE = 16
"""A node with more lines than this is closed at first."""


@dataclass(frozen=True)
class TreeItem:
    """One line of the tree.

    start, end   range of its bytes in the frame, an attribute's header included; equal if it describes no bytes
    path         names of its ancestors and its own: equal for the same field in other messages
    node         decoded node; None for a line that is no node (fields of nlmsghdr, notes)
    """

    depth: int
    start: int
    end: int
    pieces: Line
    path: tuple[str, ...]
    node: Node | None = None

    @property
    def name(self) -> str:
        return self.path[-1]


class _Collector(MessageTree):
    """A tree renderer that collects its lines as items."""

    def collect(self) -> list[TreeItem]:
        self.items: list[TreeItem] = []
        self._above: list[str] = []
        self.lines()
        return self.items

    def _line(self, start: int, end: int, depth: int, pieces: Line, node: Node | None = None) -> None:
        name = node.kind.name if node is not None else pieces[0][1]
        del self._above[depth - 1 :]
        self._above.append(name)
        self.items.append(TreeItem(depth, start, max(start, end), pieces, tuple(self._above), node))


def items_of(entry: MessageEntry, time: str, secrets: bool = False, raw: bool = False) -> list[TreeItem]:
    """Return every line of a message: its frame, the message, trailing bytes; `raw` as in MessageTree."""
    record, walked = entry.record, entry.walked
    size = size_shown(len(record.data), record.wire_length)
    line = frame_line(entry.number, date_time(record), time, size, source_words(record.interface))
    out = [TreeItem(0, 0, 0, line, ("frame",))]
    for line in comment_lines(record.comments):
        out.append(TreeItem(1, 0, 0, _bare(line), ("frame", "comment")))
    if entry.frame.protocol >= 0:
        line = cooked_line(entry.frame.packet_type, entry.frame.hardware, entry.frame.protocol)
        out.append(TreeItem(1, 0, SLL_HDR_LEN, _bare(line), ("frame", "cooked header")))
    way = f"{walked.direction or 'direction unknown'}{'' if walked.direction_known else ', inferred'}"
    head: list[Piece] = [
        ("title", escaped(message_name(walked)) or "message"),
        ("", f"{place_shown(entry.place, entry.of)}, "),
        ("dim", way),
    ]
    out.append(TreeItem(0, walked.start, entry.stop, head, ("message",)))
    out += _Collector(walked, entry.asked, secrets, raw).collect()
    start, end = entry.frame.trailing
    if start < end:
        line = trailing_line(record.data[start:end], entry.frame.keyed and not secrets)
        out.append(TreeItem(1, start, end, _bare(line), ("message", "trailing bytes")))
    return out


def _bare(line: Line) -> Line:
    """Return a line without the spaces that indent it."""
    return [(role, text.lstrip(" ") if place == 0 else text) for place, (role, text) in enumerate(line)]
