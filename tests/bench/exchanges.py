"""Pairing of requests and answers against tshark's bare pass over the same file, in turn: wall time and CPU time.

    .venv/bin/python tests/bench/exchanges.py [FILE] [--times N]      default: 20 MB of routes (make.py)

Printed are medians: reading the file into an index, joining on top of that, both; and `tshark -r FILE`. What is asked
for is that joining 300,000 packets takes at most half of tshark's pass. Nothing passes or fails here.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = Path.home() / ".cache" / "nldissect-bench"
OURS = """
import sys, time
import nldissect
from nldissect.analysis.exchanges.table import Exchanges
from nldissect.columns.block_reader import BlockReader
def clock(): return time.perf_counter(), time.process_time()
for block in BlockReader(sys.argv[1]).blocks(): pass  # tables of families are loaded
a = clock()
for block in BlockReader(sys.argv[1]).blocks(): pass
b = clock()
source, found = BlockReader(sys.argv[1]), Exchanges()
for block in source.blocks(): found.add(block)
count = len(found)
c = clock()
print(found.ledger.rows, count, *(y - x for x, y in zip(a, b)), *(y - x for x, y in zip(b, c)))
"""


def ours(path: Path) -> list[float]:
    """Messages, exchanges; wall and CPU seconds of the index alone, and of index and joining."""
    done = subprocess.run(
        [sys.executable, "-c", OURS, str(path)],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    return [float(word) for word in done.stdout.split()]


def tshark(path: Path) -> list[float]:
    """Wall and CPU seconds."""
    before, began = os.times(), time.perf_counter()
    subprocess.run(["tshark", "-r", str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return [time.perf_counter() - began, cpu]


def main() -> None:
    parser = argparse.ArgumentParser(description="Pairing against tshark's bare pass.")
    parser.add_argument("file", nargs="?", type=Path, default=FOLDER / "routes-20.pcap")
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    mine, theirs = [], []
    for _ in range(options.times):
        mine.append(ours(options.file))
        theirs.append(tshark(options.file))
    messages, count, index, index_cpu, both, both_cpu = (statistics.median(one) for one in zip(*mine, strict=True))
    wall, cpu = (statistics.median(one) for one in zip(*theirs, strict=True))
    print(f"{options.file.name}: {messages:.0f} messages, {count:.0f} exchanges")
    print(f"{'':24} {'wall s':>8} {'CPU s':>8}")
    for name, one, other in (
        ("index", index, index_cpu), ("joining", both - index, both_cpu - index_cpu), ("both", both, both_cpu),
        ("tshark -r", wall, cpu),
    ):  # fmt: skip
        print(f"{name:24} {one:8.2f} {other:8.2f}")
    shares = (both - index) / wall, (both_cpu - index_cpu) / cpu
    print(f"joining is {shares[0]:.2f} of tshark's wall time, {shares[1]:.2f} of its CPU time")


if __name__ == "__main__":
    main()
