"""How often what was told was right, by what it rests on; and what was wrong, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

RIGHT, WRONG = "right", "wrong"
SURE = frozenset({"event", "dump", "request", "exact", "learnt"})
"""What something is known by, and the confidences, that promise that it is true."""


@dataclass
class Tally:
    """Counts by subject ("state of link", "cause", ...), what it rests on, and verdict."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    operations: int = 0

    def add(self, subject: str, known: str, right: bool, words: str = "") -> None:
        """Count a verdict; `words` say what is wrong."""
        self.counts[subject, known, RIGHT if right else WRONG] += 1
        if not right:
            self.wrong.append(f"{subject}, {known}: {words}")

    def update(self, other: Tally) -> None:
        self.counts.update(other.counts)
        self.wrong += other.wrong
        self.operations += other.operations

    @property
    def broken(self) -> list[str]:
        """What was wrong although it was said to be sure."""
        return [words for words in self.wrong if words.partition(":")[0].rpartition(", ")[2] in SURE]

    def table(self) -> Iterator[str]:
        """Yield the lines of the table."""
        yield f"{'what':<22} {'rests on':<10} {'right':>8} {'wrong':>6} {'share':>8}"
        for subject, known in sorted({one[:2] for one in self.counts}):
            right, wrong = (self.counts[subject, known, verdict] for verdict in (RIGHT, WRONG))
            yield f"{subject:<22} {known:<10} {right:>8} {wrong:>6} {right / (right + wrong):>8.2%}"
