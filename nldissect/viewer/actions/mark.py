"""Actions that mark messages, and go from mark to mark."""

from __future__ import annotations

from collections.abc import Callable

from .base import ViewerBase


class MarkActions(ViewerBase):
    """Marks stay when a filter hides their messages; jumps go to marks among the messages shown."""

    def action_mark(self) -> None:
        row = self.packets.row if self.at_message() else None
        if row is not None:
            self.marks.toggle(row)
            self._marked()

    def action_unmark_all(self) -> None:
        self.marks.clear()
        self._marked()

    def forget_gone(self) -> None:
        """Remove the marks of messages whose segment was released."""
        kept = [row for row in self.marks if row >= self.store.skip]
        self.marks.clear()
        self.marks.add(kept)

    def _marked(self) -> None:
        self.packets.refresh()
        count = len(self.marks)
        self.status.show(f"{count:,} message{'s' * (count != 1)} marked", "")

    def action_next_mark(self) -> None:
        self._to(self.marks.next)

    def action_previous_mark(self) -> None:
        self._to(self.marks.previous)

    def _to(self, step: Callable[[int], int | None]) -> None:
        self.action_messages()
        row, shown = self.packets.row, self.packets.shown
        found = None if row is None else step(row)
        for _ in range(len(self.marks)):
            if found is None or shown.holds(found):
                break
            found = step(found)
        if found is None or not shown.holds(found):
            self.status.show(
                "no message that is shown is marked" if len(self.marks) else "no message is marked; m marks one"
            )
            return
        self.packets.aim(found)
