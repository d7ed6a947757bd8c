"""The line a filter is written on: green while it can be understood, red while it can't, yellow while it is applied."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Input


class FilterBar(Input):
    """`state` is one of STATES, shown as a colour."""

    DEFAULT_CSS = """
    FilterBar { height: 1; border: none; padding: 0 1; background: ansi_default; color: ansi_default; }
    FilterBar:focus { border: none; }
    FilterBar.good { background: ansi_green; color: ansi_black; }
    FilterBar.bad { background: ansi_red; color: ansi_bright_white; }
    FilterBar.busy { background: ansi_yellow; color: ansi_black; }
    FilterBar.off { text-style: strike; }
    FilterBar:nocolor.bad { text-style: underline; }
    """
    STATES = ("", "good", "bad", "busy")

    class Left(Message):
        """Escape was pressed."""

    def __init__(self) -> None:
        super().__init__(placeholder="filter: / to write one, like IFLA_MTU > 1500", compact=True, id="filter")
        self.state = ""

    def say(self, state: str, off: bool = False) -> None:
        """Show how the filter stands."""
        self.state = state
        for one in self.STATES[1:]:
            self.set_class(one == state, one)
        self.set_class(off, "off")

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            event.stop()
            self.post_message(self.Left())
