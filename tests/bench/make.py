"""Makes the captures the benchmark reads: routes, links and mixed, of 4, 40 and 400 MB.

    .venv/bin/python tests/bench/make.py [FOLDER]        default: ~/.cache/nldissect-bench
    ... --sizes 4 40                                     these sizes only
    ... --shipped                                        from captures/ even where the real kernel is there

routes: route changes with acks and notifications, and dumps; some 300,000 packets in 40 MB. links: dumps of 400
interfaces of many kinds with counters that move; some 20,000 packets in 40 MB. Both come from user-mode Linux
(traffic.py), a few MB of it, made long by repeat.py. mixed: every capture of captures/, made long the same way.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
CAPTURES = HERE.parent.parent / "captures"
sys.path[:0] = [str(HERE), str(HERE.parent)]

import kernel  # noqa: E402
from repeat import Base  # noqa: E402
from traffic import capture  # noqa: E402

FOLDER = Path.home() / ".cache" / "nldissect-bench"
MEGABYTE = 1_000_000
SIZES = (4, 40, 400)
SHIPPED = {
    "routes": ("route", "route_dump", "route_encap", "nexthop", "rule"),
    "links": ("link_dump", "link_more", "link_stats", "bridge", "bond", "vxlan", "macvlan", "vrf", "vlan_add"),
}


def base(name: str, real: bool) -> tuple[Base, str]:
    """The records a capture repeats, and where they are from."""
    if name == "mixed":
        return Base(sorted(CAPTURES.glob("*.pcap"))), "every shipped capture"
    if not real:
        return Base([CAPTURES / f"{capture}.pcap" for capture in SHIPPED[name]]), "shipped captures"
    with tempfile.TemporaryDirectory(prefix="nldissect-bench-") as scratch:
        return Base([capture(name, Path(scratch))]), "the real kernel"


def make(folder: Path, names: list[str], sizes: list[int], real: bool) -> None:
    for name in names:
        began = time.monotonic()
        records, origin = base(name, real)
        print(f"{name}: {records.frames} frames from {origin}, {time.monotonic() - began:.1f} s")
        for size in sizes:
            began = time.monotonic()
            path = folder / f"{name}-{size}.pcap"
            part = path.with_suffix(".part")
            frames, times = records.write(part, size * MEGABYTE)
            part.replace(path)
            print(f"  {path}: {frames} frames, base {times} times, {time.monotonic() - began:.1f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the captures of the benchmark.")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, metavar="FOLDER", help=f"default: {FOLDER}")
    parser.add_argument("--only", nargs="+", choices=("routes", "links", "mixed"), help="default: all three")
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, metavar="MB", help="default: 4 40 400")
    parser.add_argument("--shipped", action="store_true", help="do not use the real kernel")
    options = parser.parse_args()
    reason = "--shipped was given" if options.shipped else kernel.missing()
    if reason is not None:
        print(f"routes and links are made from shipped captures: {reason}")
    options.folder.mkdir(parents=True, exist_ok=True)
    make(options.folder, options.only or ["mixed", "routes", "links"], list(options.sizes), reason is None)


if __name__ == "__main__":
    main()
