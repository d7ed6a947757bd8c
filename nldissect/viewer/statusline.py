"""The line below everything: which capture, how much of it is shown, what goes on."""

from __future__ import annotations

from textual.strip import Strip
from textual.widget import Widget

from nldissect.output.paint import Piece

from .look import Look
from .pane import on_theme


class StatusLine(Widget):
    """`left` and `right` of it; a `note` covers the left until the next key."""

    DEFAULT_CSS = "StatusLine { height: 1; dock: bottom; }"

    def __init__(self, look: Look) -> None:
        super().__init__(id="status")
        self.look = look
        self.left: list[Piece] = []
        self.right: list[Piece] = []
        self.note: list[Piece] | None = None

    def say(self, left: list[Piece], right: list[Piece]) -> None:
        if (left, right) != (self.left, self.right):
            self.left, self.right = left, right
            self.refresh()

    def tell(self, text: str, role: str = "warning") -> None:
        """A note."""
        self.note = [(role, text)]
        self.refresh()

    def clear(self) -> None:
        """Let go of the note."""
        if self.note is not None:
            self.note = None
            self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        left, right = self.note or self.left, self.right
        if self.note is not None and sum(len(text) for _, text in self.note) > width // 2:
            right = []  # a long note takes all of the line
        used = sum(len(text) for _, text in right)
        start = self.look.strip(left, "status" if self.note is None else "", 0, max(width - used, 0))
        return on_theme(self, Strip.join([start, self.look.strip(right, "status", 0, min(used, width))]))
