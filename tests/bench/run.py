"""nldissect beside tshark: the same answers first, then start-up, slope and memory against the limits of the design.

    .venv/bin/python tests/bench/run.py                    every task on 40 and 400 MB, medians of five: about two hours
    ... --size 4/40 -n 3                                   slope from these two sizes: some minutes
    ... --only filter fields --only-capture routes         some tasks
    ... --linear --only list                               our seconds at 4, 40 and 400 MB
    ... --profile ndjson --only-capture links              where the time goes in one task, in this process, on 4 MB

Captures come from make.py. Slope is the time on the larger file less that on the smaller, so start-up is not in it.
Times are of whole processes writing into a pipe, ours and tshark's in turn; memory is the peak of the sum of anonymous
memory over all processes, from a run of its own, on the larger file; what is resident stands beside it.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import shutil
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from make import CAPTURES, FOLDER, SIZES  # noqa: E402
from measure import NLDISSECT, ROOT, AbsentError, FailedError, Run, timed, watched  # noqa: E402
from tasks import TASKS, DifferError, Task  # noqa: E402

START_UP = 2.5
MEMORY = 165_000_000
"""What tshark has resident of any file; of that some 70 MB are anonymous, the rest is its libraries."""
SMALL = CAPTURES / "vlan_add.pcap"
MEGABYTE = 1_000_000


def in_turn(ours: Callable[[], Run], theirs: Callable[[], Run], times: int) -> tuple[float, float]:
    """Medians of runs that alternate, so that what else the machine does falls on both."""
    pairs = [(ours().seconds, theirs().seconds) for _ in range(times)]
    one, other = zip(*pairs, strict=True)
    return statistics.median(one), statistics.median(other)


def verdict(figure: float, limit: float) -> str:
    return f"{figure:.2f} of at most {limit:.2f}: {'pass' if figure <= limit else 'OVER'}"


def megabytes(count: int) -> str:
    return f"{count / MEGABYTE:.0f} MB"


def warm(path: Path) -> None:
    """Into the page cache, so that nobody waits for the disk."""
    with path.open("rb", buffering=0) as stream:
        while stream.read(1 << 22):
            pass


def start_up(times: int) -> bool:
    ours, theirs = (*NLDISSECT, "read", "-c", "1", str(SMALL)), ("tshark", "-c", "1", "-r", str(SMALL))
    timed(ours), timed(theirs)
    one, other = in_turn(lambda: timed(ours), lambda: timed(theirs), max(times, 11))
    print(f"start-up, one message to text: {one:.3f} s, tshark {other:.3f} s; {verdict(one / other, START_UP)}")
    return one / other <= START_UP


def compare(task: Task, folder: Path, sizes: tuple[int, int], times: int) -> bool:
    """One task: answers, times and memory at two sizes. Whether all limits hold."""
    small, large = (folder / f"{task.capture}-{size}.pcap" for size in sizes)
    print(f"\n{task.title}: nldissect read {' '.join(task.ours)} | tshark {' '.join(task.theirs)}", flush=True)
    try:
        checked = folder / f"{task.capture}-{min(SIZES[0], sizes[0])}.pcap" if task.heavy else small
        print(f"  {checked.stem}: {task.check(checked, task)}", flush=True)
        warm(large)
        seconds = [
            in_turn(lambda: timed(task.our_words(path)), lambda: timed(task.their_words(path)), times)  # noqa: B023
            for path in (small, large)
        ]
        watch = [(watched(task.our_words(path)), watched(task.their_words(path))) for path in (small, large)]
    except AbsentError as reason:
        print(f"  not there: {reason}")
        return False
    except (DifferError, FailedError) as reason:
        print(f"  WRONG: {reason}")
        return False
    (ours_small, theirs_small), (ours, theirs) = seconds
    print(f"  seconds at {sizes[0]} and {sizes[1]} MB: {ours_small:.2f} {ours:.2f}", end="")
    print(f", tshark {theirs_small:.2f} {theirs:.2f}")
    slope, their_slope = ours - ours_small, theirs - theirs_small
    unit = ""
    if task.printed:
        lines, their_lines = (watch[1][who].lines - watch[0][who].lines for who in (0, 1))
        slope, their_slope, unit = slope / lines, their_slope / their_lines, " a line"
        print(f"  lines: {watch[1][0].lines}, tshark {watch[1][1].lines}")
        print(f"  slope a line: {1e6 * slope:.2f} us, tshark {1e6 * their_slope:.2f} us")
    ratio = slope / their_slope
    print(f"  slope{unit}: {verdict(ratio, task.limit)} ({1 / ratio:.1f}x)")
    (earlier, _), (mine, other) = watch
    fits = mine.anonymous <= MEMORY
    print(
        f"  anonymous memory: {megabytes(mine.anonymous)} ({megabytes(earlier.anonymous)} at {sizes[0]} MB) "
        f"of at most {megabytes(MEMORY)}: {'pass' if fits else 'OVER'}, tshark's own {megabytes(other.anonymous)}; "
        f"all resident: {megabytes(mine.resident)}, tshark {megabytes(other.resident)}",
        flush=True,
    )
    return ratio <= task.limit and fits


def linear(task: Task, folder: Path, sizes: list[int], times: int) -> None:
    """Our seconds at every size, and what each further megabyte cost."""
    before: tuple[int, float] | None = None
    parts = []
    for size in sizes:
        path = folder / f"{task.capture}-{size}.pcap"
        warm(path)
        try:
            seconds = statistics.median(timed(task.our_words(path)).seconds for _ in range(times))
        except AbsentError as reason:
            print(f"{task.title}: not there: {reason}")
            return
        more = f" ({1000 * (seconds - before[1]) / (size - before[0]):.2f} ms a further MB)" if before else ""
        parts.append(f"{size} MB {seconds:.2f} s{more}")
        before = size, seconds
    print(f"{task.title}: {', '.join(parts)}", flush=True)


def profile(task: Task, folder: Path, size: int) -> None:
    """The 15 functions that took most, children of this process not seen."""
    sys.path.insert(0, str(ROOT))
    from nldissect.cli import main

    path = folder / f"{task.capture}-{size}.pcap"
    profiler = cProfile.Profile()
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        status = profiler.runcall(main, list(task.our_words(path)[len(NLDISSECT) :]))
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
    print(f"{task.title} on {path.name}, status {status}")
    pstats.Stats(profiler).sort_stats("tottime").print_stats(15)


def chosen(options: argparse.Namespace) -> list[Task]:
    names = set(options.only or ()) | ({options.profile} if options.profile else set())
    found = [
        task for task in TASKS if (not names or task.name in names) and options.only_capture in (None, task.capture)
    ]
    return found[:1] if options.profile else found


def sizes_of(text: str) -> list[int]:
    found = [int(part) for part in text.split("/")]
    if not found or sorted(set(found)) != found:
        raise argparse.ArgumentTypeError(f"{text!r} is not SMALLER/LARGER, like 4/40")
    return found


def have(folder: Path, tasks: list[Task], sizes: list[int]) -> None:
    """End with the command that makes what is missing."""
    for path in (folder / f"{task.capture}-{size}.pcap" for task in tasks for size in sizes):
        if not path.is_file():
            every = " ".join(map(str, sorted({*sizes, *SIZES})))
            sys.exit(f"no {path}; make it: {sys.executable} {HERE / 'make.py'} {folder} --sizes {every}")


def main() -> None:
    names = list(dict.fromkeys(task.name for task in TASKS))
    parser = argparse.ArgumentParser(description="nldissect beside tshark, against the limits of the design.")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, metavar="FOLDER", help=f"default: {FOLDER}")
    parser.add_argument("-n", type=int, default=5, dest="times", metavar="RUNS", help="runs a median is of; default 5")
    parser.add_argument("--size", type=sizes_of, metavar="MB/MB", help="default 40/400; for --linear 4/40/400")
    parser.add_argument("--only", nargs="+", choices=names, metavar="TASK", help=", ".join(names))
    parser.add_argument("--only-capture", choices=("routes", "links"))
    parser.add_argument("--linear", action="store_true", help="our seconds at each size")
    parser.add_argument("--profile", choices=names, metavar="TASK", help="cProfile of one task in this process")
    options = parser.parse_args()
    tasks = chosen(options)
    if options.profile:
        size = options.size[0] if options.size else SIZES[0]
        have(options.folder, tasks[:1], [size])
        return profile(tasks[0], options.folder, size)
    if options.linear:
        sizes = options.size or list(SIZES)
        have(options.folder, tasks, sizes)
        for task in tasks:
            linear(task, options.folder, sizes, options.times)
        return None
    if shutil.which("tshark") is None:
        sys.exit("this compares with tshark, which is not installed")
    small, large = options.size or SIZES[1:]
    have(options.folder, tasks, [min(small, SIZES[0]), small, large])
    held = [start_up(options.times)] + [compare(task, options.folder, (small, large), options.times) for task in tasks]
    print(f"\n{sum(held)} of {len(held)} hold")
    return None


if __name__ == "__main__":
    main()
