"""The base class of panes: a title above lines of text, which are rendered when they are on the screen."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip
from textual.widget import Widget

from nldissect.terminal.colors import Piece

from ..keys import bindings
from .theme import NONE, Theme

if TYPE_CHECKING:
    from ..app import Viewer


def on_theme(widget: Widget, strip: Strip) -> Strip:
    """Return a line in the theme's own colours, or unchanged if the theme uses the terminal's."""
    return strip if widget.app.native_ansi_color else strip.apply_style(widget.rich_style)


class _WholeCells(ScrollBarRender):
    """A scroll bar drawn with whole cells: some fonts and themes lack characters for parts of a cell."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]


ScrollBar.renderer = _WholeCells

TITLE = 1
"""Height of the title in lines."""
STEP = 8
"""Columns scrolled sideways at a time."""


class Pane(ScrollView, can_focus=True):
    """Lines with a cursor. A subclass defines `count`, `line` and `title`, and may override `moved`.

    Only the type checker enforces the abstract methods: Textual has a metaclass of its own.

    headed   the title holds the headings of columns, which scroll sideways with them
    """

    DEFAULT_CSS = """
    Pane { height: 1fr; overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1;
        scrollbar-color: ansi_bright_black; scrollbar-color-hover: ansi_cyan; scrollbar-color-active: ansi_cyan;
        scrollbar-background: ansi_default; scrollbar-background-hover: ansi_default;
        scrollbar-background-active: ansi_default; }
    """
    BINDINGS = bindings("pane")

    headed = False
    app: Viewer

    def __init__(self, look: Theme, id: str) -> None:
        super().__init__(id=id)
        self.look = look
        self._nothing = ""
        self.cursor = 0
        self.left = 0
        """Columns of the text scrolled out to the left."""

    @property
    @abstractmethod
    def count(self) -> int:
        """Number of lines below the title."""

    @abstractmethod
    def line(self, index: int) -> list[Piece]:
        """Return the styled text of a line."""

    def over(self, index: int) -> str:
        """Return the role of a whole line; "" if it has none."""
        if index == self.cursor:
            return "cursor" if self.has_focus else "cursor-away"
        return ""

    @abstractmethod
    def title(self) -> list[Piece]:
        """Return the styled text of the title."""

    def say_nothing(self, text: str) -> None:
        """Set the text displayed while there are no lines."""
        if text != self._nothing:
            self._nothing = text
            self.refresh()

    def moved(self) -> None:
        """React to a move of the cursor to another line."""

    @property
    def room(self) -> int:
        """Width of the text in columns, without the scroll bar."""
        return self.scrollable_content_region.width

    @property
    def page(self) -> int:
        """Number of lines that fit below the title."""
        return max(self.size.height - TITLE, 1)

    @property
    def top(self) -> int:
        """Index of the first line on the screen."""
        return int(self.scroll_offset.y)

    def changed(self) -> None:
        """Adjust cursor and scroll size after the lines have changed."""
        self.cursor = max(min(self.cursor, self.count - 1), 0)
        self.virtual_size = Size(self.room, self.count + TITLE)
        self.refresh()

    def go(self, index: int, *, middle: bool = False) -> None:
        """Move the cursor to a line, and scroll to the line if it is off the screen."""
        index = max(min(index, self.count - 1), 0)
        before, self.cursor = self.cursor, index
        top, page = self.top, self.page
        if not top <= index < top + page:
            if middle:
                top = index - page // 2
            elif index < top:
                top = index
            else:
                top = index - page + 1
            self.show_from(top)
        self.refresh_lines(before + TITLE)
        self.refresh_lines(index + TITLE)
        if before != index:
            self.moved()

    def show_from(self, top: int) -> None:
        """Scroll so that this line is the first."""
        self.scroll_to(y=max(min(top, self.count - self.page), 0), animate=False, force=True)

    def render_line(self, y: int) -> Strip:
        return on_theme(self, self._strip(y))

    def _strip(self, y: int) -> Strip:
        width = self.room
        if y < TITLE:
            left = self.left if self.headed else 0
            return self.look.strip(self.title(), "header" if self.has_focus else "header-away", left, width)
        index = self.top + y - TITLE
        if index >= self.count:
            if y == TITLE + 1 and not self.count:
                return self.look.strip([("", f"  {self._nothing}")], "", 0, width)
            return Strip.blank(width, NONE)
        return self.drawn(index, width)

    def drawn(self, index: int, width: int) -> Strip:
        """Return a line as a strip of this width."""
        return self.look.strip(self.line(index), self.over(index), self.left, width)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_resize(self) -> None:
        self.changed()
        if self.count and not self.top <= self.cursor < self.top + self.page:
            self.show_from(self.cursor - self.page // 2)

    def on_click(self, event: events.Click) -> None:
        if event.y >= TITLE and self.top + event.y - TITLE < self.count:
            self.go(self.top + event.y - TITLE)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.wheel(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.wheel(-3)

    def wheel(self, lines: int) -> None:
        """Scroll by lines; the cursor stays on its line."""
        self.show_from(self.top + lines)

    def action_up(self) -> None:
        self.go(self.cursor - 1)

    def action_down(self) -> None:
        self.go(self.cursor + 1)

    def action_page_up(self) -> None:
        self.pages(-1)

    def action_page_down(self) -> None:
        self.pages(1)

    def action_half_up(self) -> None:
        self.pages(-0.5)

    def action_half_down(self) -> None:
        self.pages(0.5)

    def pages(self, count: float) -> None:
        """Scroll by pages; the cursor keeps its position on the screen."""
        lines = int(self.page * count)
        self.show_from(self.top + lines)
        self.go(self.cursor + lines)

    def action_first(self) -> None:
        self.go(0)

    def action_last(self) -> None:
        self.go(self.count - 1)

    def action_left(self) -> None:
        self.left = max(self.left - STEP, 0)
        self.refresh()

    def action_right(self) -> None:
        """Scroll to the right, unless the ends of all lines are visible."""
        on_screen = range(self.top, min(self.top + self.page, self.count))
        widest = max((sum(cell_len(text) for _, text in self.line(index)) for index in on_screen), default=0)
        if self.left + self.room < widest:
            self.left += STEP
            self.refresh()
