"""Navigation: position of the list, format of the time, one pane on the whole screen."""

from __future__ import annotations

from ..config.settings import TIMES as TIMES_BY_NAME
from ..panes.base import Pane
from ..panes.list_columns import TIMES
from .base import ViewerBase


class NavigationActions(ViewerBase):
    """Actions that go to a frame by number, follow new messages, change the time format, or zoom a pane."""

    def action_go(self) -> None:
        self.action_messages()
        self.prompt.ask("frame", self._go)

    def _go(self, text: str) -> None:
        row = self.store.row_of_frame(int(text)) if text.isdecimal() else None
        if row is None:
            self.status.show(f"no frame {text}")
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
        self.zoom(pane if self.zoomed is None and isinstance(pane, Pane) else None)

    @property
    def zoomed(self) -> Pane | None:
        """The pane that has the whole screen; None if all are shown."""
        screen = self.screen_stack[0]
        return next((pane for pane in self._panes if screen.has_class(f"zoom-{pane.id}")), None)

    def zoom(self, alone: Pane | None) -> None:
        """Show one pane on the whole screen, or all panes for None."""
        screen = self.screen_stack[0]
        for pane in self._panes:
            screen.set_class(pane is alone, f"zoom-{pane.id}")
        screen.set_class(alone is not None, "zoom")

    def action_focus_next(self) -> None:
        if not self._instead(1):
            super().action_focus_next()

    def action_focus_previous(self) -> None:
        if not self._instead(-1):
            super().action_focus_previous()

    def _instead(self, step: int) -> bool:
        """Show another pane instead of the zoomed one; return whether one was zoomed."""
        alone, panes = self.zoomed, self._panes
        if alone is None or len(self.screen_stack) > 1:
            return False
        self.to_pane(panes[(panes.index(alone) + step) % len(panes)])
        return True

    def to_pane(self, pane: Pane) -> None:
        """Move the focus to a pane; if a pane is zoomed, zoom this one."""
        if self.zoomed is not None:
            self.zoom(pane)
        self.screen_stack[0].set_focus(pane)

    @property
    def _panes(self) -> list[Pane]:
        return [self.packets, self.details, self.hexdump]
