"""Actions of the filter line: a filter is applied while it is typed."""

from __future__ import annotations

from functools import partial

from textual import on
from textual.widgets import Input

from nldissect.errors import FilterError

from ..jobs.value_completion import Offer, offers
from ..keys import ASKING
from ..model.table_loading import turn
from ..panes.filter_bar import FilterBar, Menu
from ..panes.table_screen import TableScreen
from .base import ViewerBase


class FilterBarActions(ViewerBase):
    """The filter line; the last valid filter stays while the text has a mistake."""

    _mistake: FilterError | None = None
    """Mistake in the text of the filter line; None if it is valid."""

    @on(Input.Changed, "#filter")
    def _typed(self, event: Input.Changed) -> None:
        try:
            self.filtering.set(event.value.strip(), lambda: self.packets.place, self.request_repaint)
        except FilterError as error:
            self.bar.say("bad")
            self._mistake = error
            self.say_error(error)
            return
        self.bar.say("")
        self.status.clear()
        if self.filtering.sieve is None:
            self.refresh_all()
        else:
            self.say_status()

    def _offers(self, text: str) -> list[Offer]:
        """Return completions of a filter."""
        with turn():
            return offers(text, self.values)

    def _look_up(self, field: str) -> None:
        """Start to look up the values of a field; the menu shows them when they are known."""
        self.worker.put("values", self.values.job(field, partial(self.in_screen, self.bar.offer)), 2)

    def action_filter(self) -> None:
        self.action_messages()
        self.screen_stack[0].set_focus(self.bar)  # at once: the letters typed next must not be taken for keys

    @on(Input.Submitted, "#filter")
    def _entered(self) -> None:
        if self.bar.state == "bad" and self._mistake is not None:
            # The user continues typing to correct it: those letters must not be keys of the list.
            self.bar.cursor_position = self._mistake.at + len(self.bar.value) - len(self.bar.value.lstrip())
            self.say_error(self._mistake)
            return
        self.state.used(self.filtering.text)
        self.to_pane(self.packets)

    @on(FilterBar.Left)
    def _left(self) -> None:
        if self.bar.state == "bad":
            self.bar.value = self.filtering.text
        self.to_pane(self.packets)

    @on(Menu.Taken)
    def _taken(self) -> None:
        self.screen_stack[0].set_focus(self.bar)
        self.bar.take()

    def action_switch_filter(self) -> None:
        self.filtering.switch()
        self.refresh_all()

    def action_highlight(self) -> None:
        self.filtering.switch_hiding()
        self.refresh_all()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action may run: one that asks for text needs the panes or a table, and no input line."""
        if action in ASKING:
            here = self.screen is self.screen_stack[0] or isinstance(self.screen, TableScreen)
            return here and not isinstance(self.focused, Input)
        return super().check_action(action, parameters)
