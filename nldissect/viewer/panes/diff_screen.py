"""The screen that compares two messages side by side."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import Screen

from nldissect.escapes import escaped
from nldissect.render.names import message_name
from nldissect.terminal.colors import Piece

from ..keys import bindings
from ..model.capture_model import MessageEntry
from ..model.cell_width import fitted
from ..model.message_diff import ADDED, CHANGED, REMOVED, SAME, SIGNS, DiffRow, compared, differences
from .base import Pane
from .status_bar import StatusLine
from .theme import Theme

ROLES = {SAME: "", CHANGED: "warning", ADDED: "good", REMOVED: "error"}
NAMES, LEAST = 44, 12


class ComparisonPane(Pane):
    """Lines of name, left value and right value; `only` leaves out equal ones."""

    BINDINGS = bindings("compare")

    def __init__(self, look: Theme, left: MessageEntry, right: MessageEntry) -> None:
        super().__init__(look, "compare")
        self.heads = [f"{one.number} {escaped(message_name(one.walked))}" for one in (left, right)]
        self.every = compared(left.walked, right.walked)
        self.different = differences(self.every)
        self.only = bool(self.different)
        self.name_width = max([LEAST, *(2 * row.depth + len(row.name) for row in self.every)])

    @property
    def rows_shown(self) -> list[DiffRow]:
        return self.different if self.only else self.every

    @property
    def count(self) -> int:
        return len(self.rows_shown)

    def _widths(self) -> tuple[int, int]:
        """Return the width of the name column, and of each value column."""
        names = min(self.name_width, NAMES, max(self.room * 2 // 5, LEAST))
        return names, max((self.room - names - 6) // 2, LEAST)

    def line(self, index: int) -> list[Piece]:
        row = self.rows_shown[index]
        names, side = self._widths()
        role = ROLES[row.state]
        name = "  " * row.depth + row.name
        left = (
            "" if row.state == SAME else "error" if row.state == REMOVED else "warning",
            fitted(row.left or "", side),
        )
        right = (
            "" if row.state == SAME else "good" if row.state == ADDED else "warning",
            fitted(row.right or "", side),
        )
        return [
            (role, f"{SIGNS[row.state]} "),
            (role or "name", fitted(name, names)),
            ("", "  "),
            left,
            ("", "  "),
            right,
        ]

    def title(self) -> list[Piece]:
        names, side = self._widths()
        left, right = self.heads
        return [("", f"  {fitted('', names)}  {fitted(left, side)}  {fitted(right, side)}")]

    def action_only(self) -> None:
        """Switch between the differences and all lines."""
        self.only = not self.only
        self.changed()
        self.show_from(0)


class ComparisonScreen(Screen[None]):
    """The screen of a comparison; escape returns to the list."""

    def __init__(self, look: Theme, left: MessageEntry, right: MessageEntry) -> None:
        super().__init__()
        self.pane = ComparisonPane(look, left, right)
        self.status = StatusLine(look)

    def compose(self) -> ComposeResult:
        yield self.pane
        yield self.status

    def on_mount(self) -> None:
        pane = self.pane
        changed, added, removed = (
            sum(row.state == state for row in pane.different) for state in (CHANGED, ADDED, REMOVED)
        )
        text = f" {changed} ~ changed, {added} + only right, {removed} - only left"
        self.status.say([("", text)], [("", " d: differences only, or all "), ("", " escape: back ")])
