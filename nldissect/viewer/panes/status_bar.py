"""The status line: name of the capture, number of messages shown, state of the work in progress."""

from __future__ import annotations

from textwrap import wrap

from rich.cells import cell_len
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from nldissect.escapes import visible
from nldissect.terminal.colors import Piece

from ..model.cell_width import from_right
from .base import on_theme
from .theme import Theme

SHORT = 12
"""Least number of columns of the name."""
CLICKED = {"help": "keys", "time": "time", "follow": "follow", "back": "messages"}
"""Words at the right, and the actions that a click on them runs."""
MOST = 3
"""Maximum number of lines of a long note."""


class StatusLine(Widget):
    """The status line: a name and `left` at the left, `right` at the right.

    A `note` covers the left side, or the whole line if it is long, until the next key. On a narrow screen the last
    items of `right` are left out first; the name loses its directory, then its beginning.
    """

    DEFAULT_CSS = "StatusLine { height: 1; dock: bottom; }"

    def __init__(self, look: Theme) -> None:
        super().__init__(id="status")
        self.look = look
        self.name_shown = ""
        self.left: list[Piece] = []
        self.right: list[Piece] = []
        self.note: list[Piece] | None = None
        self._lines: list[str] = []

    def say(self, left: list[Piece], right: list[Piece], name: str = "") -> None:
        if (left, right, name) != (self.left, self.right, self.name_shown):
            self.left, self.right, self.name_shown = left, right, name
            self.refresh()

    def show(self, text: str, role: str = "warning") -> None:
        """Show a note."""
        self.note = [(role, visible(text))]
        self._wrap()

    def clear(self) -> None:
        """Remove the note."""
        if self.note is not None:
            self.note = None
            self._wrap()

    def _wrap(self) -> None:
        width = self.size.width
        text = self.note[0][1] if self.note is not None else ""
        self._lines = wrap(text, width, max_lines=MOST, placeholder="…") if cell_len(text) > width > 1 else [text]
        self.styles.height = max(len(self._lines), 1)
        self.refresh()

    def on_resize(self) -> None:
        self._wrap()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if self.note is None:
            left, role = self._standing(width), "status"
        else:
            left, role = [(self.note[0][0], self._lines[y] if y < len(self._lines) else "")], ""
        right = [] if self.note is not None and _width(self.note) > width // 2 else self._right(width, left)
        used = _width(right)
        start = self.look.strip(left, role, 0, max(width - used, 0))
        return on_theme(self, Strip.join([start, self.look.strip(right, "status", 0, min(used, width))]))

    async def on_click(self, event: events.Click) -> None:
        """Run the action of the word that was clicked."""
        left = [] if self.note is not None else self._standing(self.size.width)
        right = self._right(self.size.width, left)
        words = _piece_at(event.x - self.size.width + _width(right), right).split()
        action = next((action for word, action in CLICKED.items() if word in words), None)
        if action is not None:
            await self.run_action(f"app.{action}")

    def _standing(self, width: int) -> list[Piece]:
        """Return the left side without a note, the name cut to the space that the rest leaves."""
        if not self.name_shown:
            return self.left
        room = width - _width(self.left) - _width(self._right(width, [*self.left, ("", " " * SHORT)])) - 3
        name = self.name_shown
        if cell_len(name) > room:
            name = from_right(name.rpartition("/")[2], max(room, 0))
        return [("", f" {name}  " if name else " "), *self.left]

    def _right(self, width: int, left: list[Piece]) -> list[Piece]:
        """Return the items of the right side that there is space for."""
        right = [*self.right]
        while len(right) > 1 and _width(left) + _width(right) > width:
            right.pop()
        return right


def _piece_at(x: int, pieces: list[Piece]) -> str:
    for _, text in pieces:
        if 0 <= x < cell_len(text):
            return text
        x -= cell_len(text)
    return ""


def _width(pieces: list[Piece]) -> int:
    return sum(cell_len(text) for _, text in pieces)
