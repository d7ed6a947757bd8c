"""Messages by process: who sent and got them.

JSON: a list: pid name confidence messages share bytes requests errors file
"""

from __future__ import annotations

from typing import Any

from nldissect.analysis.stats.collector import CounterInputs
from nldissect.analysis.stats.processes import ProcessCounter, ProcessRow
from nldissect.escapes import escaped
from nldissect.terminal.table import TableColumn

from ..columns import files, numbers
from ..model import CaptureStats
from ..sheet import StatsText
from ..values import given

CONFIDENCE = {"guessed": "warning", "unknown": "dim"}


def counter(inputs: CounterInputs) -> ProcessCounter:
    return ProcessCounter(inputs.processes, inputs.file)


def as_object(about: CaptureStats, rows: list[ProcessRow]) -> list[dict[str, Any]]:
    return [_row(row, about.total) for row in rows]


def _row(row: ProcessRow, total: int) -> dict[str, Any]:
    return given(
        pid=row.pid, name=row.name, confidence=row.confidence, messages=row.messages,
        share=round(row.messages / total, 6), bytes=row.bytes, requests=row.requests, errors=row.errors,
        file=row.file,
    )  # fmt: skip


def print_text(sheet: StatsText, rows: list[ProcessRow]) -> None:
    sheet.title("Processes")
    if not rows:
        sheet.page.line(("dim", "no messages"))
        return
    sheet.page.table(
        [
            TableColumn("process", cells=[("", "-" if row.name is None else escaped(row.name)) for row in rows]),
            TableColumn("pid", True, cells=[("", "-" if row.pid is None else str(row.pid)) for row in rows]),
            TableColumn("known", cells=[(CONFIDENCE.get(row.confidence, ""), row.confidence) for row in rows]),
            numbers("messages", [row.messages for row in rows]),
            sheet.shares([row.messages for row in rows]),
            numbers("bytes", [row.bytes for row in rows]),
            numbers("requests", [row.requests for row in rows]),
            numbers("errors", [row.errors for row in rows]),
            *files([row.file for row in rows]),
        ]
    )
