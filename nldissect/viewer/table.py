"""A view of its own on the whole screen: a table that is worked out in the other thread."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.screen import Screen

from nldissect.output.paint import Piece

from .keys import bindings
from .look import Look
from .pane import Pane
from .statusline import StatusLine
from .views import Heading, Line, Scene, View

if TYPE_CHECKING:
    from .app import Viewer

BAR = 20
"""Columns of a bar."""
PARTLY = 0.2
"""Seconds after which a table that is not yet complete is shown, and again."""
PARTS = " ▏▎▍▌▋▊▉█"
AGAIN = 1.0
"""Seconds after which a view that is on the screen is worked out again, if there is more to look at."""


class TablePane(Pane):
    """The lines of one view."""

    BINDINGS = bindings("table")

    def __init__(self, look: Look, name: str, headings: Sequence[Heading]) -> None:
        super().__init__(look, "table")
        self.called, self.headings = name, headings
        self.lines: list[Line] = []
        self._widths = [len(one.title) for one in headings]
        self.state = ""

    @property
    def count(self) -> int:
        return len(self.lines)

    def show(self, lines: list[Line], state: str) -> None:
        """Another table; the cursor stays on the line of the same filter."""
        before = self.lines[self.cursor].filter if self.lines else None
        self.lines, self.state = lines, state
        for place, heading in enumerate(self.headings):
            texts = [_text(line.cells[place]) for line in lines] if not heading.bar else [" " * BAR]
            self._widths[place] = max([len(heading.title), *map(len, texts)])
        if before is not None:
            self.cursor = next((place for place, one in enumerate(lines) if one.filter == before), self.cursor)
        self.changed()

    def line(self, index: int) -> list[Piece]:
        out: list[Piece] = []
        for cell, heading, width in zip(self.lines[index].cells, self.headings, self._widths, strict=True):
            role, text = ("", cell) if isinstance(cell, str) else cell
            if heading.bar:
                role, text = role or "good", bar(float(text or 0))
            out += [(role, f"{text:>{width}}" if heading.right else f"{text:<{width}}"), ("", "  ")]
        return out

    def title(self) -> list[Piece]:
        out: list[Piece] = []
        for heading, width in zip(self.headings, self._widths, strict=True):
            text = heading.title
            out.append(("", (f"{text:>{width}}" if heading.right else f"{text:<{width}}") + "  "))
        return [*out, ("", self.state)]


def _text(cell: str | Piece) -> str:
    return cell if isinstance(cell, str) else cell[1]


def bar(share: float) -> str:
    """A share of 1 as a bar."""
    eighths = round(max(min(share, 1.0), 0.0) * BAR * 8)
    if share > 0 and not eighths:
        eighths = 1
    whole, part = divmod(eighths, 8)
    return ("█" * whole + PARTS[part].strip()).ljust(BAR)


class TableScreen(Screen[None]):
    """One view of `nldissect.viewer.views`."""

    app: Viewer

    def __init__(self, view: View) -> None:
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
        self._begin()
        self.set_interval(AGAIN, self._begin)

    def _begin(self) -> None:
        """Work it out, if the list shows something else by now."""
        app = self.app
        version = app.filtering.version
        if version != self._seen:
            self._seen = version
            self._work = self._job(app, app.scene())
            app.worker.put("view", self._work)

    def _job(self, app: Viewer, scene: Scene) -> Iterator[bool]:
        """In the other thread, where a screen that was left knows no application."""
        lines: list[Line] = []
        told = time.monotonic()
        for lines in self.view.rows(scene):
            if time.monotonic() - told > PARTLY:
                told = time.monotonic()
                app.in_screen(partial(self.show, lines, scene, False))
            yield True
        app.in_screen(partial(self.show, lines, scene, True))

    def show(self, lines: list[Line], scene: Scene, done: bool) -> None:
        """Take a table from the other thread."""
        if not self.is_attached:
            return
        self.table.show(lines, "" if done else "...")
        of = f"of {scene.filter}" if scene.filter else "of everything"
        count = f"{len(lines):,} line{'s' * (len(lines) != 1)}{'' if done else ' so far'}"
        text = f" {self.view.name}: {count} {of}"
        self.status.say([("", text)], [("", " enter: go there  =: filter  escape: back ")])

    def on_unmount(self) -> None:
        self.app.worker.drop("view", self._work)  # the next view may have begun its own

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self.table.lines[self.table.cursor] if self.table.lines else None
