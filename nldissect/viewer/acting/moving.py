"""Where the list stands, which time it shows, and which pane is alone."""

from __future__ import annotations

from ..columns import TIMES
from ..pane import Pane
from ..settings import TIMES as TIMES_BY_NAME
from .parts import Parts


class Moving(Parts):
    """To a frame by its number; with what comes; one pane on all of the screen."""

    def action_go(self) -> None:
        self.action_messages()
        self.prompt.ask("frame", self._go)

    def _go(self, text: str) -> None:
        row = self.store.row_of_frame(int(text)) if text.isdecimal() else None
        if row is None:
            self.status.tell(f"no frame {text}")
            return
        self.unfold(row)
        self.packets.aim(row)

    def action_time(self) -> None:
        self.clock.mode = TIMES[(TIMES.index(self.clock.mode) + 1) % len(TIMES)]
        self.packets.forget()
        self.state.change(
            self.settings, "time", next(name for name, one in TIMES_BY_NAME.items() if one == self.clock.mode)
        )
        self.say_status()

    def action_follow(self) -> None:
        if self.packets.follow:
            self.packets.follow = False
        else:
            self.packets.action_last()
        self.say_status()

    def action_zoom(self) -> None:
        pane = self.focused
        screen = self.screen_stack[0]
        zoomed = screen.has_class("zoom")
        for name in ("list", "tree", "bytes"):
            screen.set_class(not zoomed and isinstance(pane, Pane) and pane.id == name, f"zoom-{name}")
        screen.set_class(not zoomed and isinstance(pane, Pane), "zoom")
