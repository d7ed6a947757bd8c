"""View of protocols and generic families: number of messages, frames and bytes of each."""

from __future__ import annotations

from collections.abc import Iterator

from nldissect.analysis.stats.counts import FamilyCounts
from nldissect.escapes import escaped

from . import Heading, TableLine, ViewInput
from .counting import counting, of_family, protocol_shown

HEADINGS = [
    Heading("Protocol"),
    Heading("Family"),
    Heading("Messages", right=True),
    Heading("Share", bar=True),
    Heading("Frames", right=True),
    Heading("Bytes", right=True),
]


def rows(scene: ViewInput) -> Iterator[list[TableLine]]:
    """Yield the table of families, the most frequent first."""
    families = FamilyCounts()
    for total in counting(scene, families):
        yield _lines(families, total)


def _lines(families: FamilyCounts, total: int) -> list[TableLine]:
    return [
        TableLine(
            [
                protocol_shown(row.protocol),
                escaped(row.family or ""),
                f"{row.messages:,}",
                str(row.messages / total),
                f"{row.frames:,}",
                f"{row.bytes:,}",
            ],
            None,
            of_family(row.protocol, row.family),
        )
        for row in families.result()
    ]
