"""The screen of a statistics view: a table that is computed in the background thread."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen

from nldissect.columns.blocks.buffer import Array
from nldissect.escapes import visible
from nldissect.sizes import SIZES
from nldissect.terminal.colors import Piece

from ..keys import bindings
from ..model.cell_width import column_at, fitted, from_right, narrowed
from ..views import Heading, LazyTable, TableLine, TableView, ViewInput
from .base import TITLE, Pane
from .status_bar import StatusLine
from .theme import Theme

if TYPE_CHECKING:
    from ..app import Viewer

BAR = 20
"""Width of a bar."""
LEAST, EDGE = 13, 20
"""On a narrow screen text and bars shrink to LEAST columns at least, until the last column has a width of EDGE."""
GAP = 2
"""Space between two columns."""
PARTS = " ▏▎▍▌▋▊▉█"
MEASURED = 64
"""Number of lines of a lazy table that determine the widths of columns at first; others may widen them."""
AGAIN = 1.0
"""Seconds between checks whether a view on the screen must be computed again."""


class TablePane(Pane):
    """The lines of one view.

    column   index of the column to sort by
    sorted   column by which the lines are sorted, and True if the largest comes first; None: order of the view
    """

    BINDINGS = bindings("table")
    headed = True

    class Unsorted(Message):
        """The event that the table can't be sorted by a column."""

        def __init__(self, title: str) -> None:
            super().__init__()
            self.title = title

    def __init__(self, look: Theme, name: str, headings: Sequence[Heading]) -> None:
        super().__init__(look, "table")
        self.called, self.headings = name, headings
        self.lines: Sequence[TableLine] = []
        self.column = 0
        self.sorted: tuple[int, bool] | None = None
        self._order: Array | None = None
        self._widths = [len(one.title) for one in headings]
        self.state = ""

    @property
    def count(self) -> int:
        return len(self.lines)

    def at(self, index: int) -> TableLine:
        """Return the line at an index of the displayed order."""
        return self.lines[index if self._order is None else int(self._order[index])]

    def show(self, lines: Sequence[TableLine], state: str) -> None:
        """Show another table; the cursor stays on the line with the same filter."""
        before = self.at(self.cursor) if self.count else None
        self.lines, self.state = lines, state
        self._sort()
        for place, heading in enumerate(self.headings):
            self._widths[place] = BAR if heading.bar else len(self._heading(place))
        for line in lines[:MEASURED] if isinstance(lines, LazyTable) else lines:
            self._measure(line)
        self._stay(before)

    def _measure(self, line: TableLine) -> bool:
        """Widen the columns to fit a line; return whether one was too narrow."""
        widths = [
            width if heading.bar else max(width, cell_len(_text(cell)))
            for cell, heading, width in zip(line.cells, self.headings, self._widths, strict=True)
        ]
        wider, self._widths = widths != self._widths, widths
        return wider

    def _stay(self, line: TableLine | None) -> None:
        """Move the cursor to the present index of a line."""
        found = None
        if line is not None and isinstance(self.lines, LazyTable):
            found = self.lines.find(line)
        elif line is not None and line.filter is not None:
            found = next((place for place, one in enumerate(self.lines) if one.filter == line.filter), None)
        if found is not None:
            self.cursor = found if self._order is None else int((self._order == found).nonzero()[0][0])
        self.changed()

    def _sort(self) -> None:
        self._order = None
        if self.sorted is not None:
            column, down = self.sorted
            keys = self.lines.keys(column) if isinstance(self.lines, LazyTable) else _keys(self.lines, column)
            if keys is not None:
                self._order = (-keys if down else keys).argsort(kind="stable")

    def action_sort(self) -> None:
        """Sort by the chosen column: ascending, descending, unsorted."""
        before = self.at(self.cursor) if self.count else None
        if self.sorted == (self.column, True):
            self.sorted = None
        else:
            self.sorted = (self.column, self.sorted == (self.column, False))
        self._sort()
        if self.sorted is not None and self._order is None and self.count:
            self.sorted = None
            self.post_message(self.Unsorted(self.headings[self.column].title))
        for place in range(len(self.headings)):
            self._widths[place] = max(self._widths[place], len(self._heading(place)))
        if self._order is None:
            self._stay(before)
        else:
            self.changed()
            self.go(0)

    def action_column(self, places: int) -> None:
        """Choose another column to sort by."""
        self.column = (self.column + places) % len(self.headings)
        self.refresh()

    def line(self, index: int) -> list[Piece]:
        out: list[Piece] = []
        line = self.at(index)
        if self._measure(line):
            self.call_after_refresh(self.refresh)
        widths = self._shown()
        for place, (cell, heading) in enumerate(zip(line.cells, self.headings, strict=True)):
            role, text = "" if isinstance(cell, str) else cell[0], _text(cell)
            if heading.bar:
                role, text = role or "good", bar(float(text or 0), widths[place])
            width = max(widths[place], cell_len(text)) if place == len(widths) - 1 else widths[place]
            text = from_right(text, width) if heading.tail else text
            out += [(role, fitted(text, width, heading.right)), ("", " " * GAP)]
        return out

    def _shown(self) -> list[int]:
        """Return the widths on the screen: text and bars shrink on a narrow one; the last column may exceed it."""
        last = len(self.headings) - 1
        giving = [place for place, one in enumerate(self.headings) if not one.right and place != last]
        widths = [*self._widths[:-1], min(self._widths[-1], EDGE)]
        out = narrowed(widths, self.room - GAP * last, giving, LEAST)
        return [*out[:-1], self._widths[-1] if self.headings[last].right else out[-1]]

    def title(self) -> list[Piece]:
        out: list[Piece] = []
        for place, (heading, width) in enumerate(zip(self.headings, self._shown(), strict=True)):
            text = self._heading(place)
            out += [("marked" if place == self.column else "", fitted(text, width, heading.right)), ("", " " * GAP)]
        return [*out, ("", self.state)]

    def _heading(self, place: int) -> str:
        """Return the title of a column, marked if the lines are sorted by it."""
        mark = "" if self.sorted is None or self.sorted[0] != place else "▼" if self.sorted[1] else "▲"
        return f"{mark}{self.headings[place].title}"

    def on_click(self, event: events.Click) -> None:
        """Sort by the column whose heading was clicked; below the title, move the cursor."""
        if event.y >= TITLE:
            super().on_click(event)
            return
        self.column = column_at(event.x + self.left, self._shown(), GAP)
        self.action_sort()


def _keys(lines: Sequence[TableLine], column: int) -> Array:
    """Return sort keys, one number per line: numbers if all cells are, else ranks of their texts; NaN if empty."""
    texts = [_text(line.cells[column]) for line in lines]
    try:
        return np.array([float(text.replace(",", "")) if text else np.nan for text in texts])
    except ValueError:
        ranks = {text: rank for rank, text in enumerate(sorted(set(texts)))}
        return np.array([ranks[text] if text else np.nan for text in texts])


def _text(cell: str | Piece) -> str:
    """Return the text of a cell with escapes for characters on which a terminal would act."""
    return visible(cell if isinstance(cell, str) else cell[1])


def bar(share: float, width: int = BAR) -> str:
    """Return a share from 0 to 1 as a bar."""
    eighths = round(max(min(share, 1.0), 0.0) * width * 8)
    if share > 0 and not eighths:
        eighths = 1
    whole, part = divmod(eighths, 8)
    return ("█" * whole + PARTS[part].strip()).ljust(width)


class TableScreen(Screen[None]):
    """The screen of one view of `nldissect.viewer.views`."""

    app: Viewer

    def __init__(self, view: TableView) -> None:
        super().__init__()
        self.view = view

    def compose(self) -> ComposeResult:
        self.table = TablePane(self.app.look, self.view.name, self.view.headings)
        self.status = StatusLine(self.app.look)
        yield self.table
        yield self.status

    def on_mount(self) -> None:
        self._seen: tuple[int, int, int] | None = None
        self._work: Iterator[bool] | None = None
        self._done = True
        self._begun = self._rest = 0.0
        self._begin()
        self.set_interval(AGAIN, self._begin)

    def _begin(self) -> None:
        """Start to compute the table if other messages are chosen; if there are only more, after a pause."""
        app = self.app
        choice, before = app.filtering.choice, self._seen
        other = before is None or choice[0] != before[0]
        if other or (choice != before and self._done and time.monotonic() > self._rest):
            self._seen, self._done, self._begun = choice, False, time.monotonic()
            self._work = self._job(app, app.scene(), partly=other)
            app.worker.put("view", self._work)

    def _job(self, app: Viewer, scene: ViewInput, partly: bool = True) -> Iterator[bool]:
        """Compute the table: a job of the background thread, in which a closed screen has no application.

        partly   show the table before it is complete; else the table before it stays until then
        """
        lines: Sequence[TableLine] = []
        told = time.monotonic()
        for lines in self.view.rows(scene):
            if partly and time.monotonic() - told > SIZES.table_report:
                told = time.monotonic()
                app.in_screen(partial(self.show, lines, scene, False))
            yield True
        app.in_screen(partial(self.show, lines, scene, True))

    def show(self, lines: Sequence[TableLine], scene: ViewInput, done: bool) -> None:
        """Show a table that the background thread has computed."""
        if not self.is_attached:
            return
        if done and not self._done:
            self._done, self._rest = True, 2 * time.monotonic() - self._begun
        self.table.show(lines, "" if done else "...")
        of = f" of {scene.filter}" if scene.filter else ""
        count = f"{len(lines):,} line{'s' * (len(lines) != 1)}{'' if done else ' so far'}"
        text = f" {self.view.name}: {count}{of}"
        self.status.say([("", text)], [("", " enter: go there  =: filter "), ("", " escape: back ")])

    @on(TablePane.Unsorted)
    def _say_unsorted(self, event: TablePane.Unsorted) -> None:
        self.status.show(f"this table is not sorted by {event.title}; < and > choose another column")

    def on_key(self) -> None:
        self.status.clear()

    def on_unmount(self) -> None:
        self.app.worker.drop("view", self._work)  # only its own job: the next view may have put one of the same name

    @property
    def line(self) -> TableLine | None:
        """The line under the cursor; None if there is none."""
        return self.table.at(self.table.cursor) if self.table.count else None
