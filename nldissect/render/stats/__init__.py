"""Statistics of captures: sections, as text (`text`) and as one JSON object (`json`).

    blocks -> Collector (analysis/stats), a counter for each section -> CaptureStats -> text, JSON, page of --html

To add a section of `nldissect stats`:

1. Add a line to SECTIONS: its name and the words of the help.
2. Write the module `sections/NAME.py` with

    def counter(inputs: CounterInputs) -> SectionCounter    what counts: `add`, `take`, `result`; see SectionCounter
    def as_object(about: CaptureStats, counted) -> Any      the result as JSON, under the section's name
    def print_text(sheet: StatsText, counted) -> None       the result as text

As every module it gets a row in help/contributing.md. Options, help, completion, `-T json` and text take it from there;
tests/render/test_stats_sections.py and tests/analysis/test_stats.py hold it. The page of `--html` (render/report)
and the viewer's views (viewer/views) show a choice of their own. Only what is counted imports its module.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    from typing import Any

    from nldissect.analysis.stats.collector import CounterInputs, SectionCounter

    from .model import CaptureStats
    from .sheet import StatsText


class Section(NamedTuple):
    """A section of `nldissect stats`.

    help       what it counts, for the help
    overview   it is part of the overview, too
    """

    help: str
    overview: bool = False


SECTIONS = {
    "types": Section("by protocol, name and direction", overview=True),
    "families": Section("by protocol and generic netlink family", overview=True),
    "errors": Section("what the kernel refused, and warnings it gave", overview=True),
    "rate": Section("messages and bytes over time", overview=True),
    "exchanges": Section("how long programs waited, by request, and the slowest"),
    "objects": Section("links, routes and others that changed most often, and what of them; slower"),
    "notes": Section("what to look at, by severity; slower"),
    "processes": Section("who sent and got them"),
    "coverage": Section("how many bytes behind nlmsghdr were decoded; slower, it decodes every message"),
}
"""Every section, in the order of the help, of the text and of the JSON object."""

OVERVIEW = tuple(name for name, section in SECTIONS.items() if section.overview)


class SectionModule(Protocol):
    """The functions that every module of a section has."""

    def counter(self, inputs: CounterInputs) -> SectionCounter: ...

    def as_object(self, about: CaptureStats, counted: Any) -> Any: ...

    def print_text(self, sheet: StatsText, counted: Any) -> None: ...


def section_module(name: str) -> SectionModule:
    """Return the module of a section, which is imported only now."""
    return cast(SectionModule, import_module(f"{__name__}.sections.{name}"))
