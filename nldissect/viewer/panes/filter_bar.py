"""The filter line and its completion menu: green for a valid filter, red for a mistake, yellow while it is applied.

The menu below the line lists completions of the text; up and down choose from the menu, or from earlier filters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from ..jobs.value_completion import Offer
from ..model.cell_width import fitted
from .theme import NONE, Theme
from .visible_input import VisibleInput

SHOWN = 8
"""Maximum number of offers on the screen."""


class FilterBar(VisibleInput):
    """The filter line; `state` is one of STATES, shown as a colour.

    offers    returns completions of the text before the cursor
    history   returns the earlier filters, the latest last
    """

    DEFAULT_CSS = """
    FilterBar { height: 1; border: none; padding: 0 1; background: $background; color: $foreground; }
    FilterBar:focus { border: none; }
    FilterBar.good { background: ansi_green; color: ansi_black; }
    FilterBar.bad { background: ansi_red; color: ansi_bright_white; }
    FilterBar.busy { background: ansi_yellow; color: ansi_black; }
    FilterBar > .input--cursor { background: ansi_default; color: ansi_default; text-style: reverse; }
    FilterBar.off { text-style: strike; }
    FilterBar:nocolor.bad { text-style: underline; }
    FilterBar:nocolor.good { text-style: bold; }
    FilterBar:nocolor.good.off { text-style: bold strike; }
    """
    STATES = ("", "good", "bad", "busy")

    class Left(Message):
        """The event that escape was pressed."""

    def __init__(self, look: Theme, offers: Callable[[str], list[Offer]], history: Callable[[], Sequence[str]]) -> None:
        super().__init__(placeholder="filter: / to write one, like IFLA_MTU > 1500", compact=True, id="filter")
        self.state = ""
        self.menu = Menu(look)
        self._offers, self._history = offers, history
        self._place: int | None = None
        """Index of the earlier filter that is shown; None: none is."""
        self._own = ""
        """Text that was typed before an earlier filter was shown."""
        self._quiet = False

    def say(self, state: str, off: bool = False) -> None:
        """Show the state of the filter."""
        self.state = state
        for one in self.STATES[1:]:
            self.set_class(one == state, one)
        self.set_class(off, "off")

    def offer(self) -> None:
        """Show completions of the text before the cursor."""
        if self._quiet or not self.has_focus or self._place is not None:
            return
        self.menu.show(self._offers(self.value[: self.cursor_position]), self.cursor_screen_offset.x)

    def watch_value(self) -> None:
        self.call_after_refresh(self.offer)

    def on_focus(self) -> None:
        self._place = None

    def on_blur(self) -> None:
        self.menu.show([], 0)

    def take(self) -> None:
        """Insert the chosen completion."""
        offer = self.menu.offer
        if offer is not None:
            rest = self.value[self.cursor_position :]
            self._put(offer.text + rest, len(offer.text))

    def _put(self, text: str, cursor: int) -> None:
        self._quiet = True
        self.value = text
        self.cursor_position = cursor
        self.menu.show([], 0)
        self.call_after_refresh(self._heard)

    def _heard(self) -> None:
        self._quiet = False

    def recall(self, step: int) -> None:
        """Show another earlier filter; the text that was typed comes after the latest."""
        past = list(self._history())
        if self._place is None:
            self._own = self.value
        place = (len(past) if self._place is None else self._place) + step
        if 0 <= place <= len(past):
            self._place = None if place == len(past) else place
            text = self._own if self._place is None else past[place]
            self._put(text, len(text))

    async def on_key(self, event: events.Key) -> None:
        if event.key == "escape" and self.menu.offers:
            self.menu.show([], 0)
        elif event.key == "escape":
            self.post_message(self.Left())
        elif event.key == "tab" and self.menu.offers:
            if self.menu.place is None:
                self.menu.move(1)
            self.take()
        elif event.key == "enter" and self.menu.place is not None:
            self.take()
        elif event.key in ("down", "ctrl+n") and self.menu.offers:
            self.menu.move(1)
        elif event.key in ("up", "ctrl+p") and self.menu.place is not None:
            self.menu.move(-1)
        elif event.key in ("up", "down", "ctrl+p", "ctrl+n"):
            self.menu.show([], 0)
            self.recall(-1 if event.key in ("up", "ctrl+p") else 1)
        else:
            self._place = None
            return
        event.stop()
        event.prevent_default()


class Menu(Widget, can_focus=True):
    """The menu of completions, above the list; `place` is the index of the chosen one, None for none."""

    FOCUS_ON_CLICK = False  # nor does the pane below get the focus: the filter line keeps it

    DEFAULT_CSS = "Menu { display: none; layer: above; height: 8; width: 40; }"

    class Taken(Message):
        """The event that a completion was clicked."""

    def __init__(self, look: Theme) -> None:
        super().__init__(id="menu")
        self.look = look
        self.offers: list[Offer] = []
        self.place: int | None = None
        self._top = 0

    def show(self, offers: list[Offer], column: int) -> None:
        """Show completions below a column; hide the menu if there are none."""
        if not offers and not self.offers:
            return
        self.offers, self.place, self._top = offers, None, 0
        self.display = bool(offers)
        if offers:
            width = min(max(len(offer.word) for offer in offers) + 3, 60)
            self.styles.width, self.styles.height = width, min(len(offers), SHOWN)
            self.styles.offset = (max(min(column, self.app.size.width - width), 0), 1)
        self.refresh()

    def move(self, step: int) -> None:
        """Choose another completion, `step` lines further."""
        place = (-1 if self.place is None else self.place) + step
        self.place = None if place < 0 else min(place, len(self.offers) - 1)
        if self.place is not None:
            self._top = max(min(self._top, self.place), self.place - SHOWN + 1)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Take the completion that was clicked."""
        place = self._top + event.y
        if place < len(self.offers):
            self.place = place
            self.post_message(self.Taken())

    @property
    def offer(self) -> Offer | None:
        """The chosen completion; None for none."""
        return None if self.place is None else self.offers[self.place]

    def render_line(self, y: int) -> Strip:
        place = self._top + y
        if place >= len(self.offers):
            return Strip.blank(self.size.width, NONE)
        over = "cursor" if place == self.place else "menu"
        more = "…" if y == SHOWN - 1 and place + 1 < len(self.offers) else " "
        text = fitted(f" {self.offers[place].word}", self.size.width - 1) + more
        return self.look.strip([("", text)], over, 0, self.size.width)
