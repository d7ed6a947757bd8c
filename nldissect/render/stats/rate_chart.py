"""Messages over time as people read them: the bars of a rate, its numbers, its steps."""

from __future__ import annotations

from nldissect.analysis.stats.rate import Bucket
from nldissect.capfile.records import SECOND
from nldissect.columns.blocks.message_type import DIRECTIONS
from nldissect.terminal.colors import Piece

from ..list_columns import ROLES

BLOCKS = " ▏▎▍▌▋▊▉█"
"""A cell of a bar in eighths."""


def duration(step: int) -> str:
    """Return a round number of nanoseconds in the largest unit that leaves it whole."""
    for size, unit in ((SECOND, "s"), (SECOND // 1000, "ms"), (1000, "us")):
        if step % size == 0:
            return f"{step // size} {unit}"
    return f"{step} ns"


def rates(counts: list[int], step: int) -> list[Piece]:
    """Return counts as rates a second, with the decimals that the smallest one needs; empty for a count of 0."""
    found = [count * SECOND / step for count in counts]
    least = min((rate for rate in found if rate), default=0)
    decimals = 0 if least >= 100 or all(rate.is_integer() for rate in found) else 1 if least >= 1 else 3
    return [("", f"{rate:.{decimals}f}" if rate else "") for rate in found]


def decimals_of(times: list[int]) -> int:
    """Return the number of decimals that distinguish these times."""
    return next(count for count in range(10) if all(time * 10**count % SECOND == 0 for time in times))


def bar(bucket: Bucket, most: int, width: int, unicode: bool) -> list[Piece]:
    """As long as there are messages, in the colours of their directions."""
    pieces: list[Piece] = []
    if not bucket.messages:
        return pieces
    eighths = max(1, round(8 * width * bucket.messages / most))
    cells = -(-eighths // 8)
    done = passed = 0
    for place in (place for place, count in enumerate(bucket.directions) if count):
        passed += bucket.directions[place]
        end = cells if passed == bucket.messages else round(cells * passed / bucket.messages)
        if end > done:
            text = ("█" if unicode else "#") * (end - done)
            if unicode and end == cells and eighths % 8:
                text = text[:-1] + BLOCKS[eighths % 8]
            pieces.append((ROLES.get(DIRECTIONS[place], ""), text))
            done = end
    return pieces
