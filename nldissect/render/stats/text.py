"""Statistics as text: an overview, then a table for each section."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TypeVar

from nldissect.analysis.stats.counts import FamilyRow, TypeRow
from nldissect.analysis.stats.coverage import CUT, KINDS, STRUCTURE, CoverageRow
from nldissect.analysis.stats.errors import ErrorCounts, ErrorRow
from nldissect.analysis.stats.latency import PERCENTILES, Latency, LatencyResult
from nldissect.analysis.stats.notes import NoteRow
from nldissect.analysis.stats.objects import ObjectCounts
from nldissect.analysis.stats.processes import ProcessRow
from nldissect.analysis.stats.rate import Rate
from nldissect.capfile import time_text
from nldissect.capfile.records import SECOND
from nldissect.columns.blocks.message_case import DIRECTIONS
from nldissect.escapes import escaped
from nldissect.terminal.colors import Piece, painter_for
from nldissect.terminal.table import Page, TableColumn

from ..change_text import told_changes
from ..durations import latency_text
from ..list_columns import ARROWS, ROLES, UNKNOWN, protocol_shown
from ..names import protocol_name
from .model import CaptureStats
from .overview import counted, facts
from .rate_chart import bar, decimals_of, duration, rates

LEAST_BAR, WIDEST_BAR = 10, 60
MANY_ROWS = 20
"""In an overview; a section alone has all."""
CONFIDENCE = {"guessed": "warning", "unknown": "dim"}
MANY_TEXTS = 3
NOTE_ROLES = {"error": "error", "warning": "warning", "note": "dim"}
MANY_NAMES = 8
MANY_OBJECTS = 40

Row = TypeVar("Row")


def print_sheet(about: CaptureStats, color: bool) -> None:
    """Print all that was counted to standard output."""
    page = Page(sys.stdout, painter_for(sys.stdout, color))
    gathered = about.gathered
    sheet = StatsText(page, about)
    if about.whole:
        sheet.overview()
    if gathered.types is not None:
        sheet.types(gathered.types.result())
    if gathered.families is not None:
        sheet.families(gathered.families.result())
    if gathered.errors is not None:
        sheet.errors(gathered.errors.result())
    if gathered.rate is not None:
        sheet.rate(gathered.rate.result())
    if gathered.exchanges is not None:
        sheet.exchanges(gathered.exchanges.result())
    if gathered.objects is not None:
        sheet.objects(gathered.objects.result())
    if gathered.notes is not None:
        sheet.notes(gathered.notes.result())
    if gathered.processes is not None:
        sheet.processes(gathered.processes.result())
    if gathered.coverage is not None:
        sheet.coverage(gathered.coverage.result())
    if about.whole:
        page.line()
        page.line(("dim", "How much of it can be decoded: `nldissect stats FILE coverage`"))


class StatsText:
    """Prints one section after another; in an overview each has a title."""

    def __init__(self, page: Page, about: CaptureStats) -> None:
        self.page, self.about = page, about
        self.total = about.gathered.overview.messages
        self.decimals = self._decimals()

    def _decimals(self) -> int:
        """Fewer decimals of relative times where seconds are many."""
        overview = self.about.gathered.overview
        span = (overview.last or 0) - (overview.first or 0)
        return min(self.about.decimals, 3 if span >= 10 * SECOND else 6)

    def _title(self, text: str, more: str = "") -> None:
        if self.about.whole:
            self.page.line()
            self.page.line(("title", text), ("dim", f"  {more}" if more else ""))
        elif more:
            self.page.line(("dim", more))

    def _most(self, rows: list[Row]) -> tuple[list[Row], int]:
        """The rows to show, and how many are left out."""
        room = MANY_ROWS if self.about.whole and len(rows) > MANY_ROWS + 1 else len(rows)
        return rows[:room], len(rows) - room

    def _left(self, count: int, section: str) -> None:
        if count:
            self.page.line(("dim", f"and {count} more: `nldissect stats FILE {section}`"))

    def _since(self, time: int | None) -> str:
        origin = self.about.gathered.overview.origin
        return "-" if time is None or origin is None else time_text(time - origin, self.decimals)

    def overview(self) -> None:
        width = len("Byte order")
        for name, text in facts(self.about):
            self.page.line(("name", f"{name:<{width}}"), ("", "  " + text), indent=width + 2)

    def types(self, rows: list[TypeRow]) -> None:
        self._title("Types")
        if not rows:
            self.page.line(("dim", "no messages"))
            return
        rows, left = self._most(rows)
        roles = [ROLES.get(row.direction or "", "") for row in rows]
        arrows = [ARROWS.get(row.direction or "", UNKNOWN)[not self.page.unicode] for row in rows]
        names = [escaped(row.name) or "-" for row in rows]
        self.page.table(
            [
                TableColumn("protocol", cells=[("", short(row.protocol)) for row in rows]),
                TableColumn("type", cells=list(zip(roles, names, strict=True))),
                TableColumn("", cells=list(zip(roles, arrows, strict=True))),
                numbers("messages", [row.messages for row in rows]),
                self._shares([row.messages for row in rows]),
                numbers("bytes", [row.bytes for row in rows]),
                TableColumn("first", True, True, [("dim", self._since(row.first)) for row in rows]),
                TableColumn("last", True, True, [("dim", self._since(row.last)) for row in rows]),
            ]
        )
        self._left(left, "types")

    def _shares(self, counts: list[int]) -> TableColumn:
        return TableColumn("share", True, cells=[("", f"{100 * count / self.total:.1f}%") for count in counts])

    def families(self, rows: list[FamilyRow]) -> None:
        self._title("Families")
        if not rows:
            self.page.line(("dim", "no messages"))
            return
        self.page.table(
            [
                *family_columns([(row.protocol, row.family) for row in rows]),
                numbers("messages", [row.messages for row in rows]),
                self._shares([row.messages for row in rows]),
                numbers("frames", [row.frames for row in rows]),
                numbers("bytes", [row.bytes for row in rows]),
            ]
        )

    def exchanges(self, found: LatencyResult) -> None:
        self._title("Exchanges")
        if not found.exchanges:
            self.page.line(("dim", "no message takes part in an exchange"))
            return
        told = ", ".join(f"{count} {name}" for name, count in found.results.items())
        self.page.line(("", f"{counted(found.exchanges, 'exchange')}: {told}"))
        self.page.line()
        self.page.table(
            [
                TableColumn("protocol", cells=[("", protocol_shown(row.protocol)) for row in found.requests]),
                TableColumn(
                    "request", cells=[("", escaped(row.request or "(not captured)")) for row in found.requests]
                ),
                numbers("exchanges", [row.exchanges for row in found.requests]),
                numbers("refused", [row.refused for row in found.requests]),
                numbers("unanswered", [row.unanswered for row in found.requests]),
                *(
                    TableColumn(
                        f"{part}% within", True, cells=[("", _within(row.latency, place)) for row in found.requests]
                    )
                    for place, part in enumerate(PERCENTILES)
                ),
                TableColumn("slowest", True, cells=[("", _slowest(row.latency)) for row in found.requests]),
            ]
        )
        if not found.slowest:
            return
        self.page.line()
        self.page.line(("title", "The slowest"))
        self.page.table(
            [
                numbers("exchange", [row.exchange for row in found.slowest]),
                numbers("frame", [row.frame for row in found.slowest]),
                TableColumn("port", True, cells=[("", str(row.port or "-")) for row in found.slowest]),
                TableColumn("request", cells=[("", escaped(row.request)) for row in found.slowest]),
                TableColumn("latency", True, cells=[("", latency_text(row.latency)) for row in found.slowest]),
                TableColumn("result", cells=[("", row.result) for row in found.slowest]),
            ]
        )
        first = found.slowest[0].exchange
        self.page.line(("dim", f"One of them in full: `nldissect read FILE -Y 'exchange.id == {first}'`"))

    def objects(self, found: ObjectCounts) -> None:
        back = any(row.came_back for row in found.rows)
        more = "; back: to a value that it had before" if back else ""
        self._title("Objects", f"{counted(len(found.rows), 'object')} changed{more}" if found.rows else "")
        if not found.rows:
            self.page.line(("dim", "no message told of a change"))
            return
        rows = found.rows[:MANY_OBJECTS]
        self.page.table(
            [
                TableColumn("object", cells=[("name", row.object) for row in rows]),
                TableColumn("name", cells=[("", escaped(row.name)) for row in rows]),
                numbers("changes", [row.changes for row in rows]),
                numbers("first", [row.first_frame for row in rows]),
                numbers("last", [row.last_frame for row in rows]),
                TableColumn("what, how often", cells=[("", told_changes(row)) for row in rows]),
            ]
        )
        if len(found.rows) > len(rows):
            self.page.line(("dim", f"and {len(found.rows) - len(rows)} more: -T json has them"))

    def notes(self, rows: list[NoteRow]) -> None:
        self._title("Notes")
        if not rows:
            self.page.line(("good", "nothing to note"))
            return
        self.page.table(
            [
                TableColumn("severity", cells=[(NOTE_ROLES.get(row.severity, ""), row.severity) for row in rows]),
                TableColumn("kind", cells=[("", row.kind) for row in rows]),
                numbers("notes", [row.notes for row in rows]),
                numbers("first", [row.first_frame for row in rows]),
                TableColumn("as", cells=[("", escaped(next(iter(row.texts), ""))) for row in rows]),
            ]
        )

    def processes(self, rows: list[ProcessRow]) -> None:
        self._title("Processes")
        if not rows:
            self.page.line(("dim", "no messages"))
            return
        self.page.table(
            [
                TableColumn("process", cells=[("", "-" if row.name is None else escaped(row.name)) for row in rows]),
                TableColumn("pid", True, cells=[("", "-" if row.pid is None else str(row.pid)) for row in rows]),
                TableColumn("known", cells=[(CONFIDENCE.get(row.confidence, ""), row.confidence) for row in rows]),
                numbers("messages", [row.messages for row in rows]),
                self._shares([row.messages for row in rows]),
                numbers("bytes", [row.bytes for row in rows]),
                numbers("requests", [row.requests for row in rows]),
                numbers("errors", [row.errors for row in rows]),
            ]
        )

    def errors(self, found: ErrorCounts) -> None:
        warned = sum(row.messages for row in found.warnings)
        refused = counted(sum(row.messages for row in found.errors), "error")
        acks = counted(found.acks, "ack") + (f", {warned} of them with a warning" if warned else "")
        self._title("Errors", f"{refused}, {acks}")
        rows, left = self._most([*found.errors, *found.warnings])
        if not rows:
            return
        self.page.table(
            [
                TableColumn(
                    "error", cells=[("error", row.name) if row.error else ("warning", "warning") for row in rows]
                ),
                TableColumn("protocol", cells=[("", short(row.protocol)) for row in rows]),
                TableColumn("request", cells=[_request(row) for row in rows]),
                numbers("count", [row.messages for row in rows]),
                numbers("frame", [row.first_frame for row in rows]),
                TableColumn("meaning", cells=[("", _said(row)) for row in rows]),
            ]
        )
        self._left(left, "errors")

    def rate(self, rate: Rate) -> None:
        more = [] if rate.step is None else [f"a line is {duration(rate.step)}"]
        if rate.timeless:
            more.append(f"{counted(rate.timeless, 'message')} without a time not counted")
        self._title("Rate", ", ".join(more))
        if not rate.buckets:
            self.page.line(("dim", "no messages with a time"))
            return
        buckets = rate.buckets
        decimals = decimals_of([bucket.start for bucket in buckets])
        columns = [
            TableColumn("time", True, cells=[("dim", time_text(bucket.start, decimals)) for bucket in buckets]),
            numbers("messages", [bucket.messages for bucket in buckets]),
            numbers("bytes", [bucket.bytes for bucket in buckets]),
        ]
        if rate.step is not None:
            columns[1:] = [
                TableColumn("messages/s", True, cells=rates([bucket.messages for bucket in buckets], rate.step)),
                TableColumn("bytes/s", True, cells=rates([bucket.bytes for bucket in buckets], rate.step)),
            ]
        for place, name in enumerate(DIRECTIONS):
            counts = [bucket.directions[place] for bucket in buckets]
            if any(counts):
                cells = [(ROLES.get(name, ""), str(count) if count else "") for count in counts]
                columns.append(TableColumn(ARROWS[name][not self.page.unicode].strip(), True, cells=cells))
        room = self.page.width - sum(column.width + 2 for column in columns)
        width = min(max(room, LEAST_BAR), WIDEST_BAR)
        most = max(bucket.messages for bucket in buckets)
        bars = [bar(bucket, most, width, self.page.unicode) for bucket in buckets]
        self.page.table(columns, bars)

    def coverage(self, rows: list[CoverageRow]) -> None:
        self._title("Coverage")
        if not rows:
            self.page.line(("dim", "no messages"))
            return
        names: Counter[str] = Counter()
        for row in rows:
            for name, size in row.names.items():
                names[f"{short(row.protocol)} {name}"] += size
        shown = [kind for kind in KINDS if kind != KINDS[CUT] or any(row.cut for row in rows)]
        total = CoverageRow(-1, None)
        for kind in KINDS:
            setattr(total, kind, sum(getattr(row, kind) for row in rows))
        every = [*rows, total] if len(rows) > 1 else rows
        keys = family_columns([(row.protocol, row.family) for row in every])
        known = TableColumn("known", True, cells=[_known(row) for row in every])
        sizes = [numbers(kind, [getattr(row, kind) for row in every]) for kind in shown]
        sizes[STRUCTURE].spare = True
        self.page.table([*keys, known, *sizes])
        if names:
            most = ", ".join(f"{escaped(name)} ({size})" for name, size in names.most_common(MANY_NAMES))
            left = len(names) - MANY_NAMES
            self.page.line()
            self.page.line(
                ("warning", "undecoded  "),
                ("", most + (f", {left} more" if left > 0 else "")),
                indent=len("undecoded  "),
            )


def _within(latency: Latency, place: int) -> str:
    return latency_text(latency.percentiles[place]) if latency.count else "-"


def _slowest(latency: Latency) -> str:
    return latency_text(latency.most) if latency.count else "-"


def short(protocol: int) -> str:
    """A protocol without NETLINK_, as in the list."""
    return "total" if protocol < 0 else (protocol_name(protocol) or str(protocol)).removeprefix("NETLINK_")


def numbers(title: str, values: list[int]) -> TableColumn:
    return TableColumn(title, True, cells=[("", str(value)) for value in values])


def family_columns(keys: list[tuple[int, str | None]]) -> list[TableColumn]:
    """Protocol, and generic family where one has any."""
    columns = [TableColumn("protocol", cells=[("", short(protocol)) for protocol, _ in keys])]
    if any(family for _, family in keys):
        columns.append(TableColumn("family", cells=[("name", escaped(family or "")) for _, family in keys]))
    return columns


def _request(row: ErrorRow) -> Piece:
    return ("kernel", escaped(row.request) or "-") if row.request is not None else ("dim", "end of a dump")


def _said(row: ErrorRow) -> str:
    """The meaning of the number, and the kernel's own words: the only ones, or the most frequent with their count."""
    texts = sorted(row.extack.items(), key=lambda item: -item[1])
    if len(texts) == 1 and texts[0][1] == row.messages:
        words = f'"{escaped(texts[0][0])}"'
    else:
        words = "; ".join(f'"{escaped(text)}" ({count} of {row.messages})' for text, count in texts[:MANY_TEXTS])
        words += f"; {len(texts) - MANY_TEXTS} more" if len(texts) > MANY_TEXTS else ""
    return ": ".join(filter(None, [row.text, words]))


def _known(row: CoverageRow) -> Piece:
    """Share of the bytes that are values and that some table describes."""
    values = sum(getattr(row, kind) for kind in KINDS[:STRUCTURE])
    if not values:
        return "dim", "-"
    text = f"{100 * (values - row.undecoded) / values:.1f}%"
    return ("good" if not row.undecoded else "warning"), "99.9%" if row.undecoded and text == "100.0%" else text
