"""View of exchanges: process, request, number of answers, latency and result."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import TypeVar, overload

import numpy as np

from nldissect.analysis.event_copies import events_of
from nldissect.analysis.exchanges.table import INTERRUPTED, OK, RESULT, SILENT, UNASKED
from nldissect.analysis.processes.fields import process_of
from nldissect.analysis.processes.process import Process
from nldissect.analysis.processes.resolver import Processes
from nldissect.analysis.stats.counts import family_name
from nldissect.capfile import time_text
from nldissect.columns.blocks.block import NO_TIME
from nldissect.columns.blocks.buffer import Array
from nldissect.errors import FileError
from nldissect.escapes import escaped
from nldissect.render.durations import latency_text
from nldissect.render.exchange_text import BATCH, ExchangeText
from nldissect.render.origins.frame_source import netns_label
from nldissect.render.summaries.summary import summary_of

from ..filter_text.related import inside, segment
from ..jobs.exchange_job import FileExchanges, joining
from ..jobs.second_pass import copying
from ..model.capture_model import CaptureModel, MessageEntry
from ..model.table_loading import turn
from . import Cell, Heading, LazyTable, TableLine, ViewInput
from .counting import protocol_shown

T = TypeVar("T")
Events = dict[int, list[tuple[int, int]]]
HEADINGS = [
    Heading("No.", right=True),
    Heading("Time", right=True),
    Heading("Process, port"),
    Heading("Protocol"),
    Heading("Request", tail=True),
    Heading("Result"),
    Heading("Answers", right=True),
    Heading("Latency", right=True),
    Heading("Details"),
]


def rows(scene: ViewInput) -> Generator[Sequence[TableLine], None, None]:
    """Yield the table of exchanges in the order of their beginnings; processes and copies are filled in last."""
    files = yield from _meanwhile(joining(scene.store), [])
    found = _Exchanges(scene, files)
    yield found
    for one in files:
        one.whole.live_result(Processes)
        yield found
    named = _Exchanges(scene, files, processes=True)
    yield named
    events = []
    for one in files:
        copies = yield from _meanwhile(copying(scene.store, one.file), named)
        events.append(events_of(one.found, copies))
    yield _Exchanges(scene, files, processes=True, events=events)


def _meanwhile(steps: Generator[bool, None, T], lines: Sequence[TableLine]) -> Generator[Sequence[TableLine], None, T]:
    """Run the steps, yielding the same table after each; return their result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: T = end.value
            return found
        yield lines


class _Exchanges(LazyTable):
    """A lazy table of exchanges.

    processes   the processes are resolved and shown
    events      copies of events of each file, see ExchangeText
    """

    def __init__(
        self, scene: ViewInput, files: list[FileExchanges], processes: bool = False, events: Sequence[Events] = ()
    ) -> None:
        self.store, self.files, self.processes = scene.store, files, processes
        self._outcomes = [ExchangeText(one.found, _frames(scene.store, one)) for one in files]
        for outcomes, told in zip(self._outcomes, events, strict=False):
            outcomes.events = told
        chosen = [_numbers(one, scene.rows()) for one in files]
        heads = [one.rows(one.found.table()["head"][mine - 1]) for one, mine in zip(files, chosen, strict=True)]
        order = np.concatenate([*heads, np.zeros(0, np.int64)]).argsort(kind="stable")
        self._file = np.repeat(np.arange(len(files)), [len(mine) for mine in chosen])[order]
        self._number = np.concatenate([*chosen, np.zeros(0, np.int64)])[order]
        self._decimals = max((one.decimals for one in scene.store.capture.part().interfaces), default=6)

    def __len__(self) -> int:
        return len(self._number)

    @overload
    def __getitem__(self, index: int) -> TableLine: ...

    @overload
    def __getitem__(self, index: slice) -> list[TableLine]: ...

    def __getitem__(self, index: int | slice) -> TableLine | list[TableLine]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        try:
            with turn():
                return self._line(int(self._file[index]), int(self._number[index]))
        except FileError as error:  # its segment was released, or its file cut short, since the table was made
            return TableLine([str(self._number[index]), *[""] * (len(HEADINGS) - 2), ("dim", str(error))])

    def _line(self, file: int, number: int) -> TableLine:
        joined, outcomes = self.files[file], self._outcomes[file]
        row = outcomes.row(number)
        place = joined.row(row["head"])
        entry = self.store.entry(place)
        name, text = outcomes.asked(number, summary_of(entry.walked, entry.asked))
        why = outcomes.why(number)
        time, first = row["time"], self.store.capture.first
        cells: list[Cell] = [
            str(number),
            "-" if time == NO_TIME else time_text(time - (first or 0), self._decimals),
            _who(process_of(entry.situation) if self.processes else None, row["port"]),
            escaped(family_name(entry.meaning) or "") or protocol_shown(entry.walked.protocol),
            ("kernel" if row["requests"] else "dim", name),
            (_role(row["result"], bool(why)), _result(row["result"])),
            f"{row['parts']:,}",
            latency_text(row["latency"]) if row["latency"] >= 0 else "",
            " · ".join(filter(None, (*_origin(entry), why, outcomes.copied(number), text))),
        ]
        return TableLine(cells, place, f"{inside(entry)}{segment(self.store, entry)}exchange.id == {number}")

    def keys(self, column: int) -> Array | None:
        title = HEADINGS[column].title
        if title == "No.":
            return self._number.astype(np.float64)
        if title in ("Process, port", "Details"):
            return None
        keys = np.full(len(self), np.nan)
        for place, joined in enumerate(self.files):
            mine = self._file == place
            keys[mine] = _keys(joined, title)[self._number[mine] - 1]
        return keys

    def find(self, line: TableLine) -> int | None:
        number = int((line.filter or "0").rpartition(" ")[2])
        places = (self._number == number).nonzero()[0].tolist()
        same = (place for place in places if line.row == self[place].row)
        return next(same, None)


def _origin(entry: MessageEntry) -> tuple[str, str]:
    """Return the file and the label of the network namespace of a message, where there are several."""
    return escaped(entry.file), netns_label(entry.record.interface).strip()


def _keys(joined: FileExchanges, title: str) -> Array:
    """Return the sort keys of every exchange of a file: float64, one per exchange."""
    table, ledger = joined.found.table(), joined.found.ledger
    if title in ("Protocol", "Request"):
        meaning = ledger.tables()[0]["meaning"][table["head"]]
        if title == "Protocol":
            return _ranks([family_name(one) or protocol_shown(one.protocol) for one in ledger.meanings])[meaning]
        ranks = _ranks([*(one.called for one in ledger.meanings), BATCH])
        return np.where(table["requests"] > 1, ranks[-1], ranks[meaning])
    if title == "Result":
        found, which = np.unique(table["result"], return_inverse=True)
        return _ranks([_result(one) for one in found.tolist()])[which]
    values = table[{"Time": "time", "Answers": "parts", "Latency": "latency"}[title]]
    return np.where(values < 0, np.nan, values - values.min(initial=0, where=values >= 0))


def _ranks(texts: list[str]) -> Array:
    order = {text: rank for rank, text in enumerate(sorted(set(texts)))}
    return np.array([order[text] for text in texts] or [0], np.float64)


def _numbers(joined: FileExchanges, rows: Array) -> Array:
    """Return the numbers of the exchanges that some of these messages belong to."""
    _, messages = joined.messages(rows)
    shown = np.zeros(len(joined.found) + 1, bool)
    shown[joined.found.of(messages)] = True
    shown[0] = False
    return shown.nonzero()[0]


def _frames(store: CaptureModel, joined: FileExchanges) -> Callable[[int], int]:
    """Return a function that gives the frame number of a message, as shown in the list."""
    return lambda message: store.frame_number(joined.row(message))


def _who(process: Process | None, port: int) -> str:
    """Return the text of the requesting process, else of its port, else ""."""
    if process is not None and process.name is not None:
        return escaped(str(process))
    return str(port) if port else ""


def _result(result: int) -> str:
    return RESULT.names.get(result, str(result))


def _role(result: int, told: bool) -> str:
    if result == OK:
        return "warning" if told else "good"
    if result < INTERRUPTED:
        return "error"
    return "dim" if result in (SILENT, UNASKED) else "warning"
