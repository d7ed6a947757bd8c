"""Actions that filter on the value under the cursor."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..filter_text import from_cursor, related
from ..model.capture_model import MessageEntry
from ..panes.table_screen import TableScreen
from .base import ViewerBase

NOTHING = "nothing here that a filter can ask about"


class CursorFilterActions(ViewerBase):
    """Filters built from the cursor; they are put on the filter line, and applied from there."""

    def action_take(self) -> None:
        self._take(self._under_cursor(), lambda before, text: text)

    def action_also(self) -> None:
        self._take(self._under_cursor(), from_cursor.both)

    def action_without(self) -> None:
        self._take(self._under_cursor(), from_cursor.without)

    def action_take_type(self) -> None:
        self._take_entry(from_cursor.of_type)

    def action_take_port(self) -> None:
        self._take_entry(lambda entry: from_cursor.of_port(entry, self.store), "a message without nlmsghdr has no port")

    def action_take_interface(self) -> None:
        self._take_entry(
            lambda entry: from_cursor.of_interface(entry, self.store), "this message names no interface by number"
        )

    def action_take_object(self) -> None:
        from ..filter_text.object import of_object

        self._take_entry(of_object, "this message tells of no object that a filter can name")

    def action_take_exchange(self) -> None:
        self._follow("exchange.id", "this message belongs to no exchange")

    def action_take_process(self) -> None:
        self._follow("process.pid", "which process this message is of is not known")

    def _follow(self, field: str, none: str) -> None:
        entry = self.packets.entry if self.at_message() else None
        if entry is not None:

            def found(text: str | None) -> None:
                self.in_screen(partial(self._take, text, lambda before, text: text, none))

            self.worker.put("follow", related.follow(self.store, entry, field, found), 1)

    def action_fold(self) -> None:
        self.action_messages()
        self.bar.value = related.folded(self.filtering.text if self.filtering.on else "")

    def _take_entry(self, make: Callable[[MessageEntry], str | None], none: str = NOTHING) -> None:
        if not self.at_message():
            return
        entry = self.packets.entry
        self._take(make(entry) if entry is not None else None, lambda before, text: text, none)

    def _under_cursor(self) -> str | None:
        """Return a filter on the value under the cursor; None if there is none."""
        if isinstance(self.screen, TableScreen):
            return self.screen.line.filter if self.screen.line is not None else None
        entry, item = self.packets.entry, self.details.item
        if entry is None:
            return None
        if (self.details.has_focus or self.hexdump.has_focus) and item is not None:
            return from_cursor.of_item(item, entry)
        return from_cursor.of_field(self.packets.columns[self.packets.column].name, entry)

    def _take(self, text: str | None, join: Callable[[str, str], str], none: str = NOTHING) -> None:
        if text is None:
            self.status.show(none)
            return
        self.action_messages()
        self.bar.value = join(self.filtering.text if self.filtering.on else "", text)
