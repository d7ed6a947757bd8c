"""The sheet on which the sections of statistics print their tables."""

from __future__ import annotations

from typing import TypeVar

from nldissect.capfile import time_text
from nldissect.capfile.records import SECOND
from nldissect.terminal.table import Page, TableColumn

from .model import CaptureStats
from .overview import facts

MANY_ROWS = 20
"""In an overview; a section alone has all."""

Row = TypeVar("Row")


class StatsText:
    """Prints one section after another; in an overview each has a title.

    pedantic   notes about habits of common programs are shown, too
    """

    def __init__(self, page: Page, about: CaptureStats, pedantic: bool = False) -> None:
        self.page, self.about, self.pedantic = page, about, pedantic
        self.decimals = self._decimals()

    def _decimals(self) -> int:
        """Fewer decimals of relative times where seconds are many."""
        overview = self.about.gathered.overview
        span = (overview.last or 0) - (overview.first or 0)
        return min(self.about.decimals, 3 if span >= 10 * SECOND else 6)

    def title(self, text: str, more: str = "") -> None:
        if self.about.whole:
            self.page.line()
            self.page.line(("title", text), ("dim", f"  {more}" if more else ""))
        elif more:
            self.page.line(("dim", more))

    def most(self, rows: list[Row]) -> tuple[list[Row], int]:
        """Return the rows to show, and how many are left out."""
        room = MANY_ROWS if self.about.whole and len(rows) > MANY_ROWS + 1 else len(rows)
        return rows[:room], len(rows) - room

    def left(self, count: int, section: str) -> None:
        if count:
            self.page.line(("dim", f"and {count} more: `nldissect stats FILE {section}`"))

    def since(self, time: int | None) -> str:
        origin = self.about.gathered.overview.origin
        return "-" if time is None or origin is None else time_text(time - origin, self.decimals)

    def overview(self) -> None:
        width = len("Byte order")
        for name, text in facts(self.about):
            self.page.line(("name", f"{name:<{width}}"), ("", "  " + text), indent=width + 2)

    def shares(self, counts: list[int]) -> TableColumn:
        return TableColumn("share", True, cells=[("", f"{100 * count / self.about.total:.1f}%") for count in counts])
