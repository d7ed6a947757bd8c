"""View of refused requests by error and request, with the kernel's own text, and of warnings given on success."""

from __future__ import annotations

from collections.abc import Iterator

from nldissect.analysis.stats.counts import CountedMessages
from nldissect.analysis.stats.errors import ErrorCounter, ErrorRow
from nldissect.escapes import escaped
from nldissect.filters.tokenizer import quoted

from . import Cell, Heading, TableLine, ViewInput
from .counting import protocol_shown

HEADINGS = [
    Heading("Error"),
    Heading("Protocol"),
    Heading("Request"),
    Heading("Messages", right=True),
    Heading("Share", bar=True),
    Heading("The kernel says"),
]


def rows(scene: ViewInput) -> Iterator[list[TableLine]]:
    """Yield the table of errors, the most frequent first, then of warnings."""
    errors = ErrorCounter(scene.store.capture.part().context)
    for block, _, mask in scene.blocks():
        errors.add(CountedMessages(block, mask))
        yield _lines(errors, scene)
    yield _lines(errors, scene)


def _lines(errors: ErrorCounter, scene: ViewInput) -> list[TableLine]:
    found = errors.result()
    total = sum(row.messages for row in (*found.errors, *found.warnings))
    return [_line(row, total, scene) for row in (*found.errors, *found.warnings)]


def _line(row: ErrorRow, total: int, scene: ViewInput) -> TableLine:
    texts = [escaped(text) for text in row.extack]
    said = texts[0] if texts else row.text
    more = f" ({len(texts) - 1} more)" if len(texts) > 1 else ""
    cells: list[Cell] = [
        ("error", row.name) if row.error else ("warning", "warning"),
        protocol_shown(row.protocol),
        escaped(row.request or "") or "end of a dump",
        f"{row.messages:,}",
        str(row.messages / total),
        said + more,
    ]
    test = f"error == {row.name}" if row.error else "not error"
    if list(row.extack.values()) == [row.messages]:
        test += f" and extack == {quoted(next(iter(row.extack)))}"
    elif not row.error:
        test += " and extack"
    return TableLine(cells, scene.store.row_of_frame(row.first_frame), test)
