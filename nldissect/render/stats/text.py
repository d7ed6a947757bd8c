"""Statistics as text: an overview, then a table for each section."""

from __future__ import annotations

import sys

from nldissect.terminal.colors import painter_for
from nldissect.terminal.table import Page

from . import section_module
from .model import CaptureStats
from .sheet import StatsText


def print_sheet(about: CaptureStats, color: bool, pedantic: bool) -> None:
    """Print all that was counted to standard output; `pedantic`: notes about habits of common programs, too."""
    page = Page(sys.stdout, painter_for(sys.stdout, color))
    sheet = StatsText(page, about, pedantic)
    if about.whole:
        sheet.overview()
    for name, counted in about.gathered.sections.items():
        section_module(name).print_text(sheet, counted.result())
    if about.whole:
        page.line()
        page.line(("dim", "How much of it can be decoded: `nldissect stats FILE coverage`"))
