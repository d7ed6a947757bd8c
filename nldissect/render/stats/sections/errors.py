"""Errors by which the kernel refused requests, and warnings it gave.

JSON: acks; errors and warnings, lists: error text protocol request messages first_frame extack
"""

from __future__ import annotations

from typing import Any

from nldissect.analysis.stats.collector import CounterInputs
from nldissect.analysis.stats.errors import ErrorCounter, ErrorCounts, ErrorRow
from nldissect.escapes import escaped
from nldissect.terminal.colors import Piece
from nldissect.terminal.table import TableColumn

from ..columns import numbers, short
from ..model import CaptureStats
from ..overview import counted
from ..sheet import StatsText
from ..values import given, protocol

MANY_TEXTS = 3
"""Number of texts of the kernel that a row shows."""


def counter(inputs: CounterInputs) -> ErrorCounter:
    return ErrorCounter(inputs.context)


def as_object(about: CaptureStats, found: ErrorCounts) -> dict[str, Any]:
    return {
        "acks": found.acks,
        "errors": [_error(row) for row in found.errors],
        "warnings": [_error(row) for row in found.warnings],
    }


def _error(row: ErrorRow) -> dict[str, Any]:
    return given(
        error=row.name if row.error else None, text=row.text or None, protocol=protocol(row.protocol),
        request=row.request, messages=row.messages, first_frame=row.first_frame, extack=row.extack or None,
    )  # fmt: skip


def print_text(sheet: StatsText, found: ErrorCounts) -> None:
    warned = sum(row.messages for row in found.warnings)
    refused = counted(sum(row.messages for row in found.errors), "error")
    acks = counted(found.acks, "ack") + (f", {warned} of them with a warning" if warned else "")
    sheet.title("Errors", f"{refused}, {acks}")
    rows, left = sheet.most([*found.errors, *found.warnings])
    if not rows:
        return
    sheet.page.table(
        [
            TableColumn("error", cells=[("error", row.name) if row.error else ("warning", "warning") for row in rows]),
            TableColumn("protocol", cells=[("", short(row.protocol)) for row in rows]),
            TableColumn("request", cells=[_request(row) for row in rows]),
            numbers("count", [row.messages for row in rows]),
            numbers("frame", [row.first_frame for row in rows]),
            TableColumn("meaning", cells=[("", _said(row)) for row in rows]),
        ]
    )
    sheet.left(left, "errors")


def _request(row: ErrorRow) -> Piece:
    return ("kernel", escaped(row.request) or "-") if row.request is not None else ("dim", "end of a dump")


def _said(row: ErrorRow) -> str:
    """Return the meaning of the number and the kernel's own text: the only one, or the most frequent with its count."""
    texts = sorted(row.extack.items(), key=lambda item: -item[1])
    if len(texts) == 1 and texts[0][1] == row.messages:
        words = f'"{escaped(texts[0][0])}"'
    else:
        words = "; ".join(f'"{escaped(text)}" ({count} of {row.messages})' for text, count in texts[:MANY_TEXTS])
        words += f"; {len(texts) - MANY_TEXTS} more" if len(texts) > MANY_TEXTS else ""
    return ": ".join(filter(None, [row.text, words]))
