"""View of processes: messages and bytes sent and received, requests, errors. Unknown processes come last."""

from __future__ import annotations

from collections.abc import Iterator

from nldissect.analysis.processes.process import GUESSED
from nldissect.analysis.stats.processes import ProcessCounter, ProcessRow
from nldissect.escapes import escaped
from nldissect.filters.tokenizer import quoted

from . import Heading, TableLine, ViewInput
from .counting import counting

HEADINGS = [
    Heading("Process"),
    Heading("Id", right=True),
    Heading("Messages", right=True),
    Heading("Share", bar=True),
    Heading("Bytes", right=True),
    Heading("Requests", right=True),
    Heading("Errors", right=True),
    Heading("Confidence"),
]


def rows(scene: ViewInput) -> Iterator[list[TableLine]]:
    """Yield the table of processes, those with the most messages first."""
    processes = ProcessCounter()
    for total in counting(scene, processes):
        yield _lines(processes, total)


def _lines(processes: ProcessCounter, total: int) -> list[TableLine]:
    return [_line(row, total) for row in processes.result()]


def _line(row: ProcessRow, total: int) -> TableLine:
    mark = "?" if row.confidence == GUESSED else ""
    cells = [
        f"{escaped(row.name or '')}{mark}",
        "" if row.pid is None else str(row.pid),
        f"{row.messages:,}",
        str(row.messages / total),
        f"{row.bytes:,}",
        f"{row.requests:,}",
        f"{row.errors:,}",
        row.confidence,
    ]
    return TableLine(cells, None, _filter(row))


def _filter(row: ProcessRow) -> str:
    """Return a filter for the messages of a process under one name."""
    whose = "not process.pid" if row.pid is None else f"process.pid == {row.pid}"
    if row.name is None:
        return whose if row.pid is None else f"{whose} and not process.name"
    return f"{whose} and process.name == {quoted(row.name)}"
