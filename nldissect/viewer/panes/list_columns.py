"""Columns of the packet list: text of their cells, and widths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from rich.cells import cell_len

from nldissect.capfile import Record, time_text
from nldissect.columns.blocks.block import NO_TIME
from nldissect.escapes import escaped
from nldissect.render.list_columns import ARROWS, ROLES, UNKNOWN, protocol_shown, type_shown
from nldissect.render.list_line import list_text
from nldissect.render.names import message_name
from nldissect.render.origins.frame_source import netns_label
from nldissect.render.times import day_time
from nldissect.terminal.colors import Piece

from ..jobs.second_pass import lacking
from ..model.capture_model import CaptureModel, MessageEntry
from ..model.cell_width import MORE, fitted
from ..model.field_columns import ColumnSpec, column_text

Cell = list[Piece]
WIDEST = 34
TIMES = "rade"
"""Relative, absolute, delta, epoch; see the option -t of `nldissect read`."""


@dataclass(frozen=True)
class ListColumn:
    """One column.

    name    field that it shows, as in filters; used by "filter on this value"
    cell    returns the text for a message
    width   returns the present width; 0: the rest of the line
    """

    name: str
    title: str
    cell: Callable[[MessageEntry], Cell]
    width: Callable[[CaptureModel], int]
    right: bool = False

    def pieces(self, entry: MessageEntry, width: int) -> Cell:
        """Return the cell, padded or cut to the width of the column."""
        cell = self.cell(entry)
        if not width:
            return cell
        length = sum(cell_len(text) for _, text in cell)
        if length > width:
            return [(cell[0][0], fitted("".join(text for _, text in cell), width))]
        space = [("", " " * (width - length))]
        return space + cell if self.right else cell + space


class ListClock:
    """The time column; `mode` is one of TIMES."""

    def __init__(self, mode: str = "r") -> None:
        self.mode = mode

    def cell(self, entry: MessageEntry) -> Cell:
        return [("dim", self.text(entry.record, entry.first, entry.before))]

    def text(self, record: Record, first: int | None, before: int | None) -> str:
        """Return the time of a frame; "-" if it has none."""
        now = record.time
        if now is None:
            return "-"
        if self.mode == "a":
            return day_time(record)
        since = {"r": first, "d": now if before is None else before, "e": 0}[self.mode]
        return time_text(now - (since or 0), record.interface.decimals)

    def width(self, store: CaptureModel) -> int:
        """Return the width of the last time in the capture."""
        times, first = store.capture.frames["time"], store.capture.first
        if first is None or times[-1] == NO_TIME:
            return 8
        parts = [store.capture.part(number) for number in range(store.capture.files)]
        decimals = max(one.decimals for part in parts for one in part.interfaces)
        if self.mode == "a":
            return 9 + decimals
        span = int(times[-1]) - (first if self.mode != "e" else 0)
        seconds = 1 if self.mode == "d" else len(str(span // 10**9))
        return max(seconds + 1 + decimals, 8)


def arrow(way: str | None) -> str:
    return ARROWS.get(way or "", UNKNOWN)[0]


def _number(entry: MessageEntry) -> Cell:
    return [("dim", str(entry.number))]


def _way(entry: MessageEntry) -> Cell:
    way = entry.walked.direction
    return [(ROLES.get(way or "", ""), arrow(way))]


def _protocol(entry: MessageEntry) -> Cell:
    return [("", protocol_shown(entry.walked.protocol))]


def _type(entry: MessageEntry) -> Cell:
    return [(ROLES.get(entry.walked.direction or "", ""), type_shown(message_name(entry.walked)))]


def _said(entry: MessageEntry) -> Cell:
    label = netns_label(entry.record.interface)
    return [*([("name", label)] if label else []), *list_text(entry.walked, entry.asked)]


def _number_width(store: CaptureModel) -> int:
    numbers = store.capture.frames["number"]
    return max(len(str(numbers[-1])) if len(numbers) else 0, 4)


def _widest(texts: list[str], least: int) -> int:
    return min(max([least, *map(len, texts)]), WIDEST)


def _protocol_width(store: CaptureModel) -> int:
    return _widest([protocol_shown(one.protocol) for one in store.capture.meanings], 5)


def _type_width(store: CaptureModel) -> int:
    return _widest([one.called for one in store.capture.meanings], 12)


def column_of(spec: ColumnSpec, clock: ListClock, lacks: Callable[[str], object]) -> ListColumn:
    """Return the column that the settings name; `lacks` is called with a field that needs a second pass first."""
    known = next((one for one in [*standard(clock), FILE] if one.name == spec.field), None)
    if known is not None and not spec.raw:
        wide = known.width if not spec.width else lambda store: spec.width
        return replace(known, title=spec.title or known.title, width=wide)

    def cell(entry: MessageEntry) -> Cell:
        if lacking(entry.whole, spec.field):
            lacks(spec.field)
            return [("dim", MORE)]
        return [("", column_text(spec, entry.situation))]

    return ListColumn(spec.field, spec.heading, cell, lambda store: spec.cells)


def standard(clock: ListClock) -> list[ListColumn]:
    """Return the columns of `nldissect read`."""
    return [
        ListColumn("frame.number", "No.", _number, _number_width, right=True),
        ListColumn("frame.time", "Time", clock.cell, clock.width, right=True),
        ListColumn("direction", "", _way, lambda store: 1),
        ListColumn("protocol", "Protocol", _protocol, _protocol_width),
        ListColumn("nlmsg_type", "Type", _type, _type_width),
        ListColumn("summary", "Summary", _said, lambda store: 0),
    ]


def with_file(specs: tuple[ColumnSpec, ...]) -> tuple[ColumnSpec, ...]:
    """Return the columns with one for the file of a message, unless they have it."""
    if any(spec.field == FILE.name for spec in specs):
        return specs
    place = next((place for place, spec in enumerate(specs, 1) if spec.field == "frame.time"), 0)
    return *specs[:place], ColumnSpec(FILE.name), *specs[place:]


FILE = ListColumn(
    "frame.file",
    "File",
    lambda entry: [("dim", escaped(entry.file or (entry.whole.name if entry.whole is not None else "")))],
    lambda store: min(max(4, *map(len, store.files)), WIDEST),
)
"""Column added to the list of several files."""
