"""Synchronization of list, tree and hex pane: each shows the selection of the others."""

from __future__ import annotations

from textual import on

from nldissect.errors import NldissectError

from ..model.table_loading import turn
from ..model.tree_lines import items_of
from ..panes.detail_tree import TreePane
from ..panes.hex_pane import BytesPane
from ..panes.packet_list import PacketList
from .base import ViewerBase


class PaneSync(ViewerBase):
    """Tree and hex pane show the message under the list's cursor."""

    @on(PacketList.Chosen)
    def _choose(self, event: PacketList.Chosen) -> None:
        if event.row != self.packets.row:  # the cursor was moved again meanwhile
            return
        if event.row is None:
            self._show_no_message()
        else:
            self.show_message(event.row)
        self.say_status()

    def show_message(self, row: int) -> None:
        """Show a message in the tree and the hex pane."""
        try:
            with turn():
                entry = self.store.entry(row)
                text = self.clock.text(entry.record, entry.first, entry.before)
                items = items_of(entry, text, self.secrets, self.details.raw)
        except NldissectError as error:
            self.say_error(error)
            return
        self.hexdump.show(entry, self.secrets)
        self.details.show(items)

    def _show_no_message(self) -> None:
        """Clear the tree and the hex pane."""
        self.hexdump.clear()
        self.details.show([])

    @on(PacketList.Entered)
    def _enter(self) -> None:
        self.to_pane(self.details)

    @on(TreePane.Chosen)
    def _light(self, event: TreePane.Chosen) -> None:
        self.hexdump.light(event.item.start, event.item.end, follow=not self.hexdump.has_focus)

    @on(BytesPane.Chosen)
    def _find(self, event: BytesPane.Chosen) -> None:
        self.details.choose_byte(event.at)

    def action_step(self, lines: int) -> None:
        """Move the list's cursor by lines, from any pane."""
        self.packets.go(self.packets.cursor + lines)

    def action_raw(self) -> None:
        """Switch the values of the tree between names and raw values."""
        self.details.raw = not self.details.raw
        if self.packets.row is not None:
            self.show_message(self.packets.row)
