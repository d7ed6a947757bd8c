"""Actions that open a statistics view of the messages in the list, and return."""

from __future__ import annotations

from ..panes.table_screen import TableScreen
from ..views import VIEWS, ViewInput
from .filter_from_cursor import CursorFilterActions


class ViewActions(CursorFilterActions):
    """Actions of views; a view is a screen above the list."""

    def scene(self) -> ViewInput:
        """Return the input of views: the messages that the list shows or has folded."""
        active = self.filtering.active if self.filtering.hiding else None
        return ViewInput(self.store, self.filtering.chosen().rows, active.text if active is not None else "")

    def action_view(self, name: str) -> None:
        """Open a view of the same messages."""
        self.action_messages()
        self.push_screen(TableScreen(next(view for view in VIEWS if view.name == name)))

    def action_messages(self) -> None:
        """Return to the list."""
        if len(self.screen_stack) > 1:
            self.pop_screen()

    def at_message(self) -> bool:
        """Go from a table to the message of its line, for the action that follows; False if the line has none."""
        if isinstance(self.screen, TableScreen):
            line = self.screen.line
            if line is None or line.row is None:
                many = "this line is of many messages; enter shows them"
                self.screen.status.show("this table has no line yet" if line is None else many)
                return False
            self.action_jump()
        return True

    def action_jump(self) -> None:
        """Go from a line of a table to its message, or filter on the messages of a line without one."""
        if isinstance(self.screen, TableScreen) and self.screen.line is not None:
            line = self.screen.line
            if line.row is None:
                self._take(line.filter, lambda before, text: text)
                return
            self.action_messages()
            if self.uncover(line.row):
                self.status.show("the filter hides this message; it was switched off", "")
            self.packets.aim(line.row)
