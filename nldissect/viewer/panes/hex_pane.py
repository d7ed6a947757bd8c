"""The hex pane: bytes of the message under the cursor, those of the selected field highlighted."""

from __future__ import annotations

from textual import events
from textual.message import Message

from nldissect.terminal.colors import Piece
from nldissect.uapi import SLL_HDR_LEN

from ..keys import bindings
from ..model.capture_model import MessageEntry
from .base import TITLE, Pane
from .theme import Theme

WIDE = 4 + 2 + 3 * 16 + 1 + 2 + 16
"""Columns needed for 16 bytes per line."""
LABEL = 6


class BytesPane(Pane):
    """The hex dump; `at` is the byte under the cursor.

    Offsets count from the first byte of the frame; those shown count from the first byte of the message.
    """

    BINDINGS = bindings("bytes")

    class Chosen(Message):
        """The event that the cursor moved to another byte."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def __init__(self, look: Theme) -> None:
        super().__init__(look, "bytes")
        self.data = b""
        self.base = 0
        self.at = 0
        self.lit = (0, 0)
        self._masked: frozenset[int] = frozenset()
        self._parts: list[tuple[int, int]] = []
        """Ranges of the frame in the order shown: cooked header, message, trailing bytes."""
        self._starts: list[tuple[int, int]] = []

    def show(self, entry: MessageEntry, secrets: bool = False) -> None:
        """Show another message."""
        walked = entry.walked
        self.data, self.base = walked.data, walked.start
        spans = [] if secrets else entry.frame.secret_spans()
        self._masked = frozenset(at for start, end in spans for at in range(start, end))
        parts = [(0, min(SLL_HDR_LEN, len(self.data))), (walked.start, entry.stop), entry.frame.trailing]
        self._parts = [(start, end) for start, end in parts if start < end]
        self.at = self.base
        self.lit = (0, 0)
        self._arrange()

    @property
    def wide(self) -> int:
        """Number of bytes per line."""
        return 16 if self.room >= WIDE else 8

    def clear(self) -> None:
        """Show no message."""
        self.data, self._parts, self.at, self.base, self.lit = b"", [], 0, 0, (0, 0)
        self._arrange()

    def _arrange(self) -> None:
        wide = self.wide
        self._starts = [(at, min(at + wide, end)) for start, end in self._parts for at in range(start, end, wide)]
        self.cursor = self._line_of(self.at)
        self.changed()

    def _line_of(self, at: int) -> int:
        return next((place for place, (start, end) in enumerate(self._starts) if start <= at < end), 0)

    @property
    def count(self) -> int:
        return len(self._starts)

    def light(self, start: int, end: int, follow: bool = True) -> None:
        """Highlight a range of bytes; move the cursor to the first if `follow`."""
        self.lit = (start, end) if (start, end) not in self._parts else (start, start)  # no whole message
        if follow and start < end and not (start <= self.at < end and self.has_focus):
            self.at = start
            self.cursor = self._line_of(start)
            last = self._line_of(end - 1)
            if not (self.top <= self.cursor and last < self.top + self.page):
                self.show_from(min(self.cursor, max(self.cursor, last - self.page + 1)))
        self.refresh()

    def line(self, index: int) -> list[Piece]:
        start, end = self._starts[index]
        label = f"{start - self.base:04x}" if start >= self.base else "sll "
        pieces: list[Piece] = [("dim", f"{label}  ")]
        half = self.wide // 2
        for at in range(start, start + self.wide):
            if at - start == half:
                pieces.append(("", " "))
            if at >= end:
                pieces.append(("", "   "))
                continue
            role = self._role(at)
            pieces.append((role, "**" if at in self._masked else f"{self.data[at]:02x}"))
            between = role if role == "byte" and self._role(at + 1) in ("byte", "cursor") and at + 1 < end else ""
            pieces.append((between, " "))
        pieces.append(("", " "))
        pieces += [(self._role(at), self._character(at)) for at in range(start, end)]
        return pieces

    def _role(self, at: int) -> str:
        if at == self.at and self.has_focus:
            return "cursor"
        return "byte" if self.lit[0] <= at < self.lit[1] else ""

    def _character(self, at: int) -> str:
        byte = self.data[at]
        return "*" if at in self._masked else chr(byte) if 0x20 <= byte < 0x7F else "."

    def over(self, index: int) -> str:
        return ""

    def title(self) -> list[Piece]:
        if not self.data:
            return [("", "Bytes")]
        end = next((end for start, end in self._parts if start == self.base), self.base)
        return [("", f"Bytes  {end - self.base} of the message, {len(self.data)} of the frame; at {self._where()}")]

    def _where(self) -> str:
        return f"{self.at - self.base:#x} ({self.at - self.base})" if self.at >= self.base else "the cooked header"

    def on_resize(self) -> None:
        self._arrange()

    def move(self, line: int, column: int) -> None:
        """Move the cursor to the byte at a line and column."""
        if not self.count:
            return
        line = max(min(line, self.count - 1), 0)
        start, end = self._starts[line]
        self.at = max(min(start + column, end - 1), start)
        self.go(line)
        self.refresh()
        self.post_message(self.Chosen(self.at))

    @property
    def _column(self) -> int:
        return self.at - self._starts[self.cursor][0] if self.count else 0

    def at_byte(self, start: int, end: int) -> None:
        """Move the cursor to byte `start`, and highlight the range that begins there."""
        self.move(self._line_of(start), 0)
        self.at = start
        self.post_message(self.Chosen(start))
        self.light(start, end, follow=False)

    def step(self, bytes: int) -> None:
        """Move the cursor by bytes."""
        line, column = self.cursor, self._column + bytes
        if column < 0 and line:
            line, column = line - 1, self.wide
        elif self.count and column >= self._starts[line][1] - self._starts[line][0] and line < self.count - 1:
            line, column = line + 1, 0
        self.move(line, column)

    def action_left(self) -> None:
        self.step(-1)

    def action_right(self) -> None:
        self.step(1)

    def action_up(self) -> None:
        self.move(self.cursor - 1, self._column)

    def action_down(self) -> None:
        self.move(self.cursor + 1, self._column)

    def pages(self, count: float) -> None:
        self.move(self.cursor + int(self.page * count), self._column)

    def action_first(self) -> None:
        self.move(0, 0)

    def action_last(self) -> None:
        self.move(self.count - 1, self.wide)

    def on_click(self, event: events.Click) -> None:
        line = self.top + event.y - TITLE
        if event.y < TITLE or line >= self.count:
            return
        x, half = event.x - LABEL, self.wide // 2
        text = 3 * self.wide + 2
        if x >= text:
            self.move(line, x - text)
        elif x >= 0:
            self.move(line, min((x - (x > 3 * half)) // 3, self.wide - 1))
