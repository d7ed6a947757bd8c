"""The packet list: one line per message; only messages on the screen are decoded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from rich.cells import set_cell_size
from textual import events
from textual.message import Message
from textual.strip import Strip

from nldissect.terminal.colors import Piece

from ..config.color_rules import ColorRules
from ..jobs.second_pass import lacking
from ..keys import bindings
from ..model.capture_model import CaptureModel, MessageEntry
from ..model.cell_width import column_at
from ..model.marks import Marks
from ..model.row_set import RowSet
from ..model.table_loading import turn
from .base import TITLE, Pane
from .list_columns import ListClock, ListColumn, standard
from .theme import Theme

PAINTED = ("", "kernel", "user", "notification")
"""Roles that a colour rule replaces: times and numbers stay dim, remarks keep their role."""
NARROWER, LEAST = ((16, ""), (12, ""), (5, "protocol"), (8, "")), 24
"""Steps on a narrow screen, (least width, column or "" for any): columns shrink to that width while the summary has
less than 9/20 of the width; in steps after the first, less than at most LEAST columns.
"""
FIXED = ("frame.number", "frame.time")
"""Columns that do not shrink."""
SHORT = {"Protocol": "Proto"}
"""Short headings for narrow columns."""
LINES = 2048
"""Number of rendered lines kept."""


class PacketList(Pane):
    """The list of messages: `shown` holds their rows, `bright` the rows not dimmed (None for all).

    follow   the cursor stays on the last message while more come
    """

    BINDINGS = bindings("list")
    headed = True

    class Chosen(Message):
        """The event that the cursor moved to another message, or to none."""

        def __init__(self, row: int | None) -> None:
            super().__init__()
            self.row = row

    class Entered(Message):
        """The event that Enter was pressed on the message under the cursor."""

    class Headed(Message):
        """The event that the heading of the chosen column was clicked."""

    def __init__(self, look: Theme, store: CaptureModel, clock: ListClock, marks: Marks) -> None:
        super().__init__(look, "list")
        self.store, self.clock, self.marks = store, clock, marks
        self.rules: ColorRules | None = None
        self._styles: dict[int, str] = {}
        """Styles from the colour rules by row; they are applied if `painted`."""
        self.painted = True
        self.sorted: tuple[str, bool] | None = None
        """Column by which the messages are sorted; True: the largest first."""
        self.columns: list[ListColumn] = standard(clock)
        self.shown = RowSet(0)
        self.bright: RowSet | None = None
        self.follow = False
        self.folded: Callable[[int], list[Piece]] = lambda row: []
        """Returns the text before the summary of a folded dump."""
        self.lacks: Callable[[str], object] = lambda field: None
        """Is called with a field of a colour rule that needs a second pass first."""
        self.column = len(self.columns) - 1
        """Index of the column for "filter on this value"."""
        self._chosen: int | None = None
        self._lines: OrderedDict[int, list[list[Piece]]] = OrderedDict()
        self._widths: list[int] = []
        self._wants: int | None = None

    @property
    def count(self) -> int:
        return len(self.shown)

    @property
    def row(self) -> int | None:
        """Row of the message under the cursor."""
        return self.shown[self.cursor] if self.count else None

    @property
    def entry(self) -> MessageEntry | None:
        return None if self.row is None else self.store.entry(self.row)

    @property
    def place(self) -> int:
        """Row of the message at which the list is.

        It is the last one if the list follows, else the one it is to show when found, else the first on the screen.
        """
        wants, shown = self._wants, self.shown
        if self.follow:
            return max(self.store.count - 1, 0)
        if wants is not None or not len(shown):
            return wants or 0
        return shown[min(self.top, len(shown) - 1)]

    def open(self, store: CaptureModel) -> None:
        """Show another capture from its beginning, and follow it."""
        self.store = store
        self.shown, self.bright = RowSet(0), None
        self.cursor, self.follow = 0, True
        self._chosen = self._wants = None
        self.post_message(self.Chosen(None))
        self.forget()

    def show(self, shown: RowSet, bright: RowSet | None = None) -> None:
        """Show other messages, or more; the cursor stays on its message, and the message in its line of the screen."""
        row, before, top = self.row if self._wants is None else self._wants, self.cursor, self.top
        self.shown, self.bright = shown, bright
        self._measure()
        if self.follow:
            self.cursor = max(self.count - 1, 0)
        elif row is not None:
            self.cursor = shown.index(row)
            self._wants = None if shown.holds(row) else row  # the filter may find it later
        self.changed()
        self.show_from(self.count if self.follow else top + self.cursor - before)
        self._tell()

    def go(self, index: int, *, middle: bool = False) -> None:
        self._wants = None
        super().go(index, middle=middle)

    def show_columns(self, columns: list[ListColumn]) -> None:
        """Show other columns."""
        self.columns = columns
        self.column = len(columns) - 1
        self._widths = []
        self.forget()

    def aim(self, row: int, told: bool = True) -> None:
        """Go to a message, or to the next one shown; if not `told`, the caller shows the message in the other panes."""
        self.follow = False
        self._wants = None
        if self.count:
            place = self.shown.index(row)
            if not told:
                self._chosen = self.shown[place]
            self.go(place, middle=True)
            self._tell()

    def forget(self) -> None:
        """Discard all rendered lines."""
        self._lines.clear()
        self._styles.clear()
        self._measure()
        self.refresh()

    def _measure(self) -> None:
        widths = [column.width(self.store) for column in self.columns]
        room = self.room - sum(widths) - len(widths) + 1
        wanted = self.room * 9 // 20
        for least, only in NARROWER:
            for place in sorted(range(len(widths)), key=lambda one: -widths[one]):
                give = min(wanted - room, max(widths[place] - least, 0))
                name = self.columns[place].name
                if name not in FIXED and only in ("", name) and give > 0:
                    widths[place] -= give
                    room += give
            wanted = min(wanted, LEAST)
        if widths != self._widths:
            self._widths = widths
            self._lines.clear()

    def moved(self) -> None:
        self._wants = None
        self.follow = self.follow and self.cursor == self.count - 1
        self._tell()

    def _tell(self) -> None:
        row = self.row
        if row != self._chosen:
            self._chosen = row
            self.post_message(self.Chosen(row))

    def cells(self, row: int) -> list[list[Piece]]:
        """Return the line of a message, column by column."""
        found = self._lines.get(row)
        if found is None:
            entry = self.store.entry(row)
            pairs = zip(self.columns, self._widths, strict=True)
            found = self._lines[row] = [column.pieces(entry, width) for column, width in pairs]
            if len(self._lines) > LINES:
                self._lines.popitem(last=False)
        return found

    def line(self, index: int) -> list[Piece]:
        row = self.shown[index]
        out: list[Piece] = []
        for place, cell in enumerate(self.cells(row)):
            if place:
                out.append(("mark", "●") if place == 1 and row in self.marks else ("", " "))
            out += [*self.folded(row), *cell] if self.columns[place].name == "summary" else cell
        style = self.style(row) if self.painted else ""
        return [(style if role in PAINTED else role, text) for role, text in out] if style else out

    def style(self, row: int) -> str:
        """Return the style that the colour rules give a message; "" if none, or if a second pass must run first."""
        if self.rules is None:
            return ""
        found = self._styles.get(row)
        if found is None:
            whole = self.store.entry(row).whole
            for field in self.rules.whole:
                if lacking(whole, field):
                    self.lacks(field)
                    return ""
            if len(self._styles) > LINES:
                self._styles.clear()
            found = self._styles[row] = self.rules.style(self.store.entry(row).situation)
        return found

    def over(self, index: int) -> str:
        over = super().over(index)
        if not over and self.bright is not None and not self.bright.holds(self.shown[index]):
            return "faded"
        return over

    def title(self) -> list[Piece]:
        out: list[Piece] = []
        for place, (column, width) in enumerate(zip(self.columns, self._widths, strict=False)):
            title = SHORT.get(column.title, column.title) if 0 < width < len(column.title) else column.title
            if self.sorted is not None and self.sorted[0] == column.name:
                title = f"{'▼' if self.sorted[1] else '▲'}{title}"
            text = f"{title:>{width}}" if column.right else f"{title:<{width}}"
            text = set_cell_size(text, width) if width else text
            out += [("marked" if place == self.column else "", text), ("", " ")]
        return out

    def drawn(self, index: int, width: int) -> Strip:
        with turn():
            return self._drawn(index, width)

    def _drawn(self, index: int, width: int) -> Strip:
        return self.look.strip(self.line(index), self.over(index), self.left, width)

    def on_resize(self) -> None:
        self._measure()
        super().on_resize()

    def on_click(self, event: events.Click) -> None:
        """Choose the column whose heading was clicked, and post Headed; below the title, move the cursor."""
        if event.y >= TITLE:
            super().on_click(event)
            return
        self.column = column_at(event.x + self.left, self._widths, 1)
        self.refresh()
        self.post_message(self.Headed())

    def wheel(self, lines: int) -> None:
        self.follow = False
        super().wheel(lines)
        if self.top + self.page >= self.count and lines > 0 and self.cursor == self.count - 1:
            self.follow = True

    def action_last(self) -> None:
        self.go(self.count - 1)
        self.follow = True

    def action_column(self, places: int) -> None:
        """Choose another column, `places` to the right."""
        self.column = (self.column + places) % len(self.columns)
        self.refresh()

    def action_enter(self) -> None:
        self.post_message(self.Entered())
