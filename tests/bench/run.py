"""nldissect beside tshark: the same answers first, then wall and CPU seconds and peak memory against their limits.

    .venv/bin/python tests/bench/run.py                 every row, medians of five: some hours
    ... --quick                                         files up to 8 MB: minutes
    ... --only mixed-6 captures/tour -n 3               rows with one of these files
    ... --task list NDJSON                              rows of these tasks
    ... --every                                         each shipped capture of 14 KB and more too

Captures come from make.py; rows.py has the rows and their limits. Figures are of whole processes that write into a
pipe, ours and tshark's in turn; CPU seconds are those of all processes. Memory is the peak of the sum of Pss over all
processes, from a run of its own. Nothing passes or fails here: what a row prints is whether its limits hold.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

from make import FOLDER, MEGABYTE  # noqa: E402
from measure import AbsentError, FailedError, Run, timed, watched  # noqa: E402
from rows import Limits, Row, place, rows  # noqa: E402
from tasks import DifferError  # noqa: E402

QUICK = 8 * MEGABYTE
Pair = tuple[float, float]
"""A figure of ours and tshark's."""
Cell = tuple[str, str, str, str]
"""A line of the table at the end: row, what was measured, its ratio and limit, and whether that is met."""


def in_turn(ours: Callable[[], Run], theirs: Callable[[], Run], times: int) -> tuple[Pair, Pair]:
    """Return medians of wall and CPU seconds of runs that alternate: what else the machine does falls on both."""
    pairs = [(ours(), theirs()) for _ in range(times)]
    wall, cpu = ([(getattr(one, what), getattr(other, what)) for one, other in pairs] for what in ("wall", "cpu"))
    return _medians(wall), _medians(cpu)


def _medians(pairs: list[Pair]) -> Pair:
    one, other = zip(*pairs, strict=True)
    return statistics.median(one), statistics.median(other)


def warm(path: Path) -> None:
    """Read a file into the page cache, so that nobody waits for the disk."""
    with path.open("rb", buffering=0) as stream:
        while stream.read(1 << 22):
            pass


def verdict(what: str, figures: Pair, limit: float | None, unit: str) -> tuple[str, bool]:
    """Return a ratio in words, and whether it is within its limit."""
    ours, theirs = figures
    if min(figures) <= 0:
        return f"  {what:<5}the larger file took no longer than the smaller: nothing can be told", False
    ratio = ours / theirs
    text = f"  {what:<5}{ours:10.3f} {unit}, tshark {theirs:10.3f} {unit}: {ratio:7.2f}"
    if limit is None:
        return text, True
    return f"{text} of at most {limit:.2f}: {'holds' if ratio <= limit else 'OVER'}", ratio <= limit


def measure(row: Row, folder: Path, times: int, table: list[Cell]) -> bool:
    """Print a row: answers, times, memory; return whether all limits hold. Its limits go into `table`."""
    print(f"\n{row.title}: {row.task.name} | tshark {' '.join(row.task.theirs)}", flush=True)
    paths = [place(folder, name) for name in row.files]
    with tempfile.TemporaryDirectory(dir=folder if folder.is_dir() else None) as scratch:
        try:
            checked = place(folder, row.checked or row.files[0])
            print(f"  {checked.stem}: {row.task.check(checked, row.task)}", flush=True)
            return _figures(row, paths, Path(scratch), times, table)
        except AbsentError as reason:
            print(f"  not there: {reason}")
        except (DifferError, FailedError) as reason:
            print(f"  WRONG: {reason}")
    return False


def _figures(row: Row, paths: list[Path], scratch: Path, times: int, table: list[Cell]) -> bool:
    task = row.task
    walls, cpus, watches = [], [], []
    for path in paths:
        ours, theirs = task.our_words(path, scratch), task.their_words(path)
        warm(path)
        watches.append((watched(ours), watched(theirs)))
        wall, cpu = in_turn(lambda: timed(ours), lambda: timed(theirs), times)  # noqa: B023
        walls.append(wall)
        cpus.append(cpu)
    limits = row.limits or Limits(float("inf"), float("inf"))
    unit = "s" if len(paths) == 1 else "us a line" if row.lines else "s more"
    held = []
    for what, figures, limit in (("wall", walls, limits.wall), ("CPU", cpus, limits.cpu)):
        figure = _slope(row, figures, watches) if len(paths) > 1 else figures[0]
        text, fits = verdict(what, figure, limit if row.limits else None, unit)
        goal = f"; goal {limits.goal}" if limits.goal is not None else ""
        print(text + goal + ("".join(f"; {one:.2f}, {other:.2f}" for one, other in figures) if len(paths) > 1 else ""))
        held.append(fits)
        if row.limits:
            ratio = f"{figure[0] / figure[1]:.2f}" if min(figure) > 0 else "-"
            table.append((row.title, what, f"{ratio} of {limit:.2f}", "met" if fits else "not met"))
    mine, other = watches[-1]
    fits = mine.peak <= other.peak
    table.append((row.title, "Pss", f"{mine.peak / other.peak:.2f} of 1.00", "met" if fits else "not met"))
    lines = f"; {mine.lines} lines, tshark {other.lines}"
    print(f"  Pss  {mine.peak / MEGABYTE:10.1f} MB, tshark {other.peak / MEGABYTE:9.1f} MB: ", end="")
    print(f"{'holds' if fits else 'OVER'}{lines}", flush=True)
    return all([*held, fits])


def _slope(row: Row, figures: list[Pair], watches: list[tuple[Run, Run]]) -> Pair:
    """Return what the larger file takes more than the smaller: seconds, or microseconds a line where lines count."""
    ours, theirs = (figures[1][who] - figures[0][who] for who in (0, 1))
    if not row.lines:
        return ours, theirs
    more = [watches[1][who].lines - watches[0][who].lines for who in (0, 1)]
    return 1e6 * ours / more[0], 1e6 * theirs / more[1]


def chosen(options: argparse.Namespace) -> list[Row]:
    found = [
        row
        for row in rows(options.every)
        if (not options.only or set(options.only) & set(row.files))
        and (not options.task or row.task.name in options.task)
    ]
    if options.quick:
        sizes = {name: place(options.folder, name) for row in found for name in row.names}
        small = {name for name, path in sizes.items() if path.is_file() and path.stat().st_size <= QUICK}
        found = [row for row in found if small.issuperset(row.names)]
    return found


def have(folder: Path, found: list[Row]) -> None:
    """End with the command that makes what is missing."""
    missing = dict.fromkeys(name for row in found for name in row.names if not place(folder, name).is_file())
    if missing:
        words = " ".join(name.replace("-", ":") for name in missing)
        sys.exit(f"make what is missing: {sys.executable} {HERE / 'make.py'} {folder} --only {words}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, metavar="FOLDER")
    parser.add_argument("-n", type=int, default=5, dest="times", metavar="RUNS", help="runs a median is of; default 5")
    parser.add_argument("--only", nargs="+", metavar="FILE", help="as make.py calls them, or captures/NAME")
    parser.add_argument("--task", nargs="+", metavar="TASK", help="start-up, list, -V, NDJSON, filter, fields, export")
    parser.add_argument("--every", action="store_true", help="each shipped capture of 14 KB and more too")
    parser.add_argument("--quick", action="store_true", help="only files up to 8 MB that are there")
    options = parser.parse_args()
    if shutil.which("tshark") is None:
        sys.exit("this compares with tshark, which is not installed")
    found = chosen(options)
    have(options.folder, found)
    table: list[Cell] = []
    held = [measure(row, options.folder, options.times, table) for row in found]
    print()
    for title, what, ratio, met in table:
        print(f"{title:45} {what:4} {ratio:>14}  {met}")
    print(f"\n{sum(held)} of {len(held)} rows hold")


if __name__ == "__main__":
    main()
