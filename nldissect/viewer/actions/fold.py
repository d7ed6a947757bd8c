"""Actions that fold dumps to one line, and unfold one of them."""

from __future__ import annotations

from .base import ViewerBase


class FoldActions(ViewerBase):
    """Folding of dumps; folded messages are not hidden from filters and views."""

    def action_fold_dumps(self) -> None:
        self.action_messages()
        self.filtering.fold(self.request_repaint)
        self.refresh_all()
        self.status.show("dumps are folded; + opens one" if self.filtering.folding.on else "dumps are not folded", "")

    def unfold(self, row: int) -> None:
        """Unfold the dump in which a message is folded."""
        if not self.packets.shown.holds(row) and self.filtering.folding.folds(row):
            self.filtering.folding.open(row)
            self.refresh_all()

    def uncover(self, row: int) -> bool:
        """Unfold the dump of a message, switch the filter off if it hides the message, and return whether it was."""
        self.unfold(row)
        if self.packets.shown.holds(row) or self.filtering.active is None:
            return False
        self.filtering.switch()
        self.refresh_all()
        return True

    def action_open_dump(self) -> None:
        folding, row = self.filtering.folding, self.packets.row
        if row is None or not folding.on:
            self.status.show("no dump is folded; D folds them")
            return
        start = folding.open(row)
        if start is None:
            self.status.show("this message is no part of a dump")
            return
        self.refresh_all()
        if not self.packets.shown.holds(row):
            self.packets.aim(start)
