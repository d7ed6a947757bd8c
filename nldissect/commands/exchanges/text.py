"""Exchanges as lines of text; runs of them are folded (see render/exchange_runs.py)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from nldissect.analysis.exchanges.table import OK
from nldissect.columns.blocks.block import NO_TIME
from nldissect.render.durations import latency_text
from nldissect.render.exchange_runs import ExchangeRuns, LineSeries, Run
from nldissect.render.list_columns import protocol_shown
from nldissect.render.origins.frame_source import netns_label
from nldissect.render.process_label import ProcessLabels, text_of
from nldissect.render.reasons.reason_text import reason_text
from nldissect.render.refusal import Line
from nldissect.render.times import Clock
from nldissect.terminal.colors import Piece, painter_for, takes_arrows
from nldissect.terminal.wrap import terminal_width, wrapped

from .exchange_file import ExchangeFile, FoundExchange

LONGEST_NAME = 34
INDENT, EXPLAINED = 20, 16
NAMED = 6
"""Most types of dumps that a line names."""


@dataclass(frozen=True, slots=True)
class PrintedExchange:
    """An exchange as the printer keeps it; see ExchangeLine in render/exchange_runs.py.

    number   as it is shown
    label    of its network namespace
    time     nanoseconds since 1970, None: none
    begins   text of the time column
    """

    file: ExchangeFile
    in_file: int
    number: int
    label: str
    time: int | None
    begins: str
    port: str
    process: str
    protocol: str
    request: str
    asked: bool
    summary: str
    result: Piece
    reason: str
    remark: str
    latency: int
    messages: int
    dump: bool
    requester: Hashable

    @property
    def outcome(self) -> Hashable:
        return self.result, self.remark, self.asked


class ExchangePrinter:
    """A printer of exchanges, one line each, or one line a run.

    files      all files; several are named in the lines
    decimals   of times
    """

    def __init__(
        self, options: argparse.Namespace, files: list[ExchangeFile], first: int | None, decimals: int
    ) -> None:
        self._several = len(files) > 1
        self._named = any(file.named for file in files)
        self._decimals = decimals
        self._folds = not options.all
        self._clock = Clock(options.time, first)
        self._ends = Clock("r" if options.time == "d" else options.time, first)
        self._paint = painter_for(sys.stdout, options.color)
        self._arrow = "→" if takes_arrows(sys.stdout.encoding) else "->"
        self._labels = ProcessLabels()
        self._widths = {"number": 4, "time": 8, "port": 5, "protocol": 5, "type": 12}
        self._runs = ExchangeRuns[PrintedExchange]()

    def show(self, exchange: FoundExchange) -> None:
        """Take the next exchange; print the runs that end before it."""
        line = self._line(exchange)
        if not self._folds:
            self._print(Run(LineSeries(line)))
            return
        for run in self._runs.add(line):
            self._print(run)

    def end(self) -> None:
        """Print what was held back."""
        for run in self._runs.end():
            self._print(run)

    def _line(self, exchange: FoundExchange) -> PrintedExchange:
        file, number, process = exchange.file, exchange.number, exchange.process
        row = file.outcomes.row(number)
        ledger = file.found.ledger
        about = ledger.meanings[int(ledger.tables()[0]["meaning"][row["head"]])]
        name, summary = file.outcomes.asked(number, exchange.texts.get(row["head"], ""))
        time = None if row["time"] == NO_TIME else row["time"]
        known = process is not None and process.pid is not None
        who: Hashable = (process.name, process.pid) if process is not None and known else row["port"]
        alone = file.slow[number - 1] or not who
        well = row["result"] == OK and row["decisive"] not in ledger.texts and not row["alike"]
        begins = self._clock.at(time, self._decimals)
        label = netns_label(exchange.interface)
        return PrintedExchange(
            file, number, file.shown_number(number), label, time, begins, str(row["port"] or "-"),
            text_of(process), protocol_shown(about.protocol), name, bool(row["requests"]), summary,
            file.outcomes.result(number),
            reason_text(file.reasons.get(number), file.shown_frame, row["requests"] > 1),
            f"  (one of {row['alike']} alike, taken in order)" if row["alike"] else "",
            row["latency"], row["data"], bool(row["dump"] and well),
            None if alone else (file.name, label, about.protocol, who),
        )  # fmt: skip

    def _print(self, run: Run[PrintedExchange]) -> None:
        if run.dumps is not None:
            self._write([self._dumps(run.dumps)], INDENT)
            return
        line = run.head.first
        self._write([self._equal(run.head)], INDENT)
        self._write(line.file.explained.get(line.in_file, ()), EXPLAINED)
        if run.rest is not None:
            self._write([self._alike(run.rest)], INDENT)

    def _equal(self, series: LineSeries[PrintedExchange]) -> list[Piece]:
        line = series.first
        pieces: list[Piece] = [
            *self._start(line),
            ("kernel" if line.asked else "dim", self._fit("type", line.request, "<") + " "),
            ("", f"{line.summary} " if line.summary else ""),
            ("dim", f"{self._arrow} "),
            line.result,
            ("", line.reason),
            ("dim", _range(series)),
            ("warning", line.remark),
        ]
        if series.count > 1:
            pieces += [("name", f"  x{series.count}"), ("dim", self._until(series))]
        return [*pieces, self._file(line)]

    def _alike(self, series: LineSeries[PrintedExchange]) -> list[Piece]:
        line = series.first
        return [
            ("dim", " " * (self._widths["number"] + 1)),
            ("name", f"... and {series.count} more like it "),
            ("dim", f"({line.request} {self._arrow} "),
            line.result,
            ("dim", f"){_range(series)}{self._until(series)}"),
            self._file(line),
        ]

    def _dumps(self, series: LineSeries[PrintedExchange]) -> list[Piece]:
        types = [f"{name} x{count}" if count > 1 else name for name, count in series.types.items()]
        more = f", {len(types) - NAMED} more" if len(types) > NAMED else ""
        messages = f"{series.messages} message{'s' * (series.messages != 1)}"
        return [
            *self._start(series.first),
            ("kernel", f"{series.count} dumps: "),
            ("", f"{', '.join(types[:NAMED])}{more} "),
            ("dim", f"{self._arrow} "),
            ("good", messages),
            ("dim", (f"  {latency_text(series.total)}" if series.total >= 0 else "") + self._until(series)),
            self._file(series.first),
        ]

    def _start(self, line: PrintedExchange) -> list[Piece]:
        return [
            ("dim", f"{self._fit('number', str(line.number), '>')} {self._fit('time', line.begins, '>')} "),
            ("name", line.label),
            ("", self._fit("port", line.port, ">") + " "),
            ("name", self._labels.padded(line.process) if self._named else ""),
            ("", self._fit("protocol", line.protocol, "<") + " "),
        ]

    def _until(self, series: LineSeries[PrintedExchange]) -> str:
        """Return where a series ends: time and number of its last exchange, and its first and last frame."""
        first, last = series.first, series.last
        frames = first.file.frame_range(first.in_file)[0], last.file.frame_range(last.in_file)[1]
        time = self._ends.at(last.time, self._decimals)
        return f"  until {time}, exchange {last.number}, frames {frames[0]} to {frames[1]}"

    def _file(self, line: PrintedExchange) -> Piece:
        return "dim", f"  {line.file.shown_name}" if self._several else ""

    def _write(self, lines: Iterable[Line], indent: int) -> None:
        """Print lines; on a terminal, long ones are wrapped."""
        for pieces in lines:
            for line in _wrapped(pieces, indent):
                sys.stdout.write(self._paint(line).rstrip(" ") + "\n")

    def _fit(self, column: str, text: str, side: str) -> str:
        width = self._widths[column] = max(self._widths[column], min(len(text), LONGEST_NAME))
        return f"{text:{side}{width}}"


def _range(series: LineSeries[PrintedExchange]) -> str:
    """Return the latency of exchanges, from the shortest to the longest, after a gap; "" if none is known."""
    if series.total < 0:
        return ""
    shortest, longest = latency_text(series.shortest), latency_text(series.longest)
    return f"  {shortest}" if shortest == longest else f"  {shortest} to {longest}"


def _wrapped(pieces: list[Piece], indent: int) -> Iterator[list[Piece]]:
    if sys.stdout.isatty():
        yield from wrapped(pieces, terminal_width(sys.stdout), indent)
    else:
        yield pieces
