"""What the benchmark measures: a row for each question to a file, with the limits of our figure over tshark's.

Of a row of two files the slope counts: what the larger one takes more than the smaller, so that start-up is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import tasks
from make import CAPTURES
from tasks import Task

SINGLE = (14_000, 100_000)
"""Bytes of the shipped captures that are measured alone, and of those for which there are limits."""
SMALL = "captures/vlan_add"


@dataclass(frozen=True)
class Limits:
    """The most that wall and CPU seconds may be of tshark's, and what we would like both to be."""

    wall: float
    cpu: float
    goal: float | None = None


@dataclass(frozen=True)
class Row:
    """One question. Files are called as make.py calls them, or captures/NAME; two mean a slope.

    lines     the slope is of a line printed
    checked   the file on which answers are compared, where that is not the (smaller) one that is measured
    """

    task: Task
    files: tuple[str, ...]
    limits: Limits | None = None
    lines: bool = False
    checked: str = ""

    @property
    def title(self) -> str:
        return f"{self.task.name}, {' to '.join(self.files)}"

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all files that it needs."""
        return tuple(dict.fromkeys((*self.files, self.checked or self.files[0])))


START_UP = Limits(1.2, 1.2, 0.7)
ONE_CAPTURE = {"list": Limits(1.5, 1.5, 1.0), "-V": Limits(1.5, 1.5, 1.0), "NDJSON": Limits(1.0, 1.0, 0.7)}
MIXED = {
    "list": Limits(2.5, 3, 1),
    "-V": Limits(1.0, 1.2, 0.5),
    "NDJSON": Limits(0.5, 0.6, 0.3),
    "filter": Limits(1.5, 1.5, 1),
}
SLOPES = {
    "list": Limits(0.35, 0.6, 0.2),
    "-V": Limits(0.20, 0.4, 0.1),
    "NDJSON": Limits(0.10, 0.18, 0.05),
    "filter routes": Limits(0.2, 0.5, 0.12),
    "filter links": Limits(0.3, 0.5, 0.2),
    "fields": Limits(0.25, 0.5, 0.15),
}
LARGE = {"list": Limits(0.8, 1.2), "export": Limits(0.6, 1.0)}
"""Peak Pss of ours is never to be above tshark's."""


def captures(every: bool) -> Iterator[Row]:
    """Yield the rows of shipped captures alone: of those with limits, or of `every` one of 14 KB and more."""
    for path in sorted(CAPTURES.glob("*.pcap")):
        size = path.stat().st_size
        limited = size >= SINGLE[1]
        if limited or (every and size >= SINGLE[0]):
            for task in (tasks.LIST, tasks.TREE, tasks.PACKETS):
                yield Row(task, (f"captures/{path.stem}",), ONE_CAPTURE[task.name] if limited else None)


def slopes() -> Iterator[Row]:
    """Yield the rows of large captures of links and of routes."""
    for name, files in (("links", ("links-10", "links-60")), ("routes", ("routes-20", "routes-160"))):
        narrow = {"links": tasks.LINK_FILTER, "routes": tasks.ROUTE_FILTER}[name]
        fields = {"links": tasks.LINK_FIELDS, "routes": tasks.ROUTE_FIELDS}[name]
        yield Row(tasks.LIST, files, SLOPES["list"], lines=True)
        yield Row(tasks.TREE, files, SLOPES["-V"])
        yield Row(tasks.NDJSON, files, SLOPES["NDJSON"])
        yield Row(narrow, files, SLOPES[f"filter {name}"])
        yield Row(fields, files, SLOPES["fields"])


def rows(every: bool = False) -> list[Row]:
    """Return all rows; `every`: each shipped capture of 14 KB and more too."""
    found = [Row(tasks.FIRST, (SMALL,), START_UP), *captures(every)]
    for size in (1, 6, 12):
        for task in (tasks.LIST, tasks.TREE, tasks.PACKETS, tasks.LINK_FILTER):
            found.append(Row(task, (f"mixed-{size}",), MIXED[task.name] if size == 6 else None))
    for name in ("rules-6", "flows-500000", "prefixes-1000000"):
        found += [Row(task, (name,), checked=name) for task in (tasks.LIST, tasks.PACKETS)]
    found += slopes()
    found += [Row(task, ("large-1000",), LARGE[task.name], checked="links-10") for task in (tasks.LIST, tasks.EXPORT)]
    return found


def place(folder: Path, name: str) -> Path:
    """Return the path of a file."""
    part, _, capture = name.rpartition("/")
    return CAPTURES / f"{capture}.pcap" if part else folder / f"{name}.pcap"
