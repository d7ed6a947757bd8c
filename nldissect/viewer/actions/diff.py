"""Action that compares two messages side by side."""

from __future__ import annotations

from ..panes.diff_screen import ComparisonScreen
from .base import ViewerBase


class DiffActions(ViewerBase):
    """Comparison of the two marked messages, or of the marked one and the one under the cursor."""

    def action_compare(self) -> None:
        rows = list(self.marks)
        if len(rows) == 1 and self.packets.row not in (None, rows[0]):
            rows = sorted([rows[0], self.packets.row or 0])
        if len(rows) != 2:
            told = "; m marks one" if len(rows) < 2 else f", not {len(rows)}; M takes all marks away"
            self.status.show(f"two messages are compared: mark two, or one and go to the other{told}")
            return
        self.push_screen(ComparisonScreen(self.look, *map(self.store.entry, rows)))
