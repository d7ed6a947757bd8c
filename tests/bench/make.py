"""Makes the captures that the benchmark reads, each so that hardly two messages have one body (bodies.py counts).

    .venv/bin/python tests/bench/make.py [FOLDER]          all, in default sizes; default: ~/.cache/nldissect-bench
    ... --only mixed:6 rules prefixes                      these, of that size or of the default ones
    ... --only links routes --shipped                      without the real kernel, from captures/

mixed     MB   every capture of captures/: the first copy as it is (of less than all: the beginning of each), then
               copies rewritten (rewrite.py)
links     MB   dumps of and changes to 400 interfaces of many kinds: some 260 layouts
routes    MB   routes of many shapes added, notified, acknowledged, refused, dumped and deleted by iproute2
large     MB   links and routes
rules     MB   a firewall's ruleset as `nft list ruleset` gets it; every rule is another one
prefixes  N    a router's full table as `ip route` and `ip -6 route` get it: so many different prefixes
flows     N    a gateway's connections as `conntrack -L` gets them: so many different flows

Beginnings are recorded in user-mode-linux (traffic.py), once: FOLDER/recorded keeps them, so the same captures are made
of them again; but rules are as they were recorded, and recorded each time. A file is FOLDER/NAME-SIZE.pcap.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
CAPTURES = HERE.parent.parent / "captures"
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

import fulltable  # noqa: E402
import ruleset  # noqa: E402
import traffic  # noqa: E402
from rewrite import Base  # noqa: E402

from tests.helpers import uml_kernel  # noqa: E402

FOLDER = Path.home() / ".cache" / "nldissect-bench"
MEGABYTE = 1_000_000
RULE = 592
"""Bytes of a capture for each rule listed."""
SIZES = {
    "mixed": (1, 6, 12),
    "links": (10, 60),
    "routes": (20, 160),
    "large": (1000,),
    "rules": (6,),
    "prefixes": (1_000_000,),
    "flows": (500_000,),
}
SHIPPED = {
    "routes": ("route", "route_dump", "route_encap", "nexthop", "rule"),
    "links": ("link_dump", "link_more", "link_stats", "bridge", "bond", "vxlan", "macvlan", "vrf", "vlan_add"),
    "router": ("route_dump",),
    "flows": ("conntrack",),
    "firewall": ("nft_bridge",),
}


class Maker:
    """Makes captures in a folder; `real`: beginnings are recorded in the real kernel."""

    def __init__(self, folder: Path, real: bool) -> None:
        self._recorded = folder / "recorded"
        self._real = real
        self._bases: dict[tuple[str, ...], Base] = {}

    def make(self, name: str, size: int, path: Path) -> None:
        makers: dict[str, Callable[[int, Path], None]] = {
            "mixed": self._mixed, "rules": self._rules, "prefixes": self._prefixes, "flows": self._flows,
        }  # fmt: skip
        if name in makers:
            makers[name](size, path)
        else:
            names = ("links", "routes") if name == "large" else (name,)
            if names not in self._bases:
                self._bases[names] = Base([file for one in names for file in self._begin(one)])
            self._bases[names].write(path, size * MEGABYTE)

    def _begin(self, name: str) -> list[Path]:
        """Return the captures that a kind of traffic begins with."""
        if not self._real:
            return [CAPTURES / f"{capture}.pcap" for capture in SHIPPED[name]]
        path = self._recorded / f"{name}.pcap"
        if not path.exists():
            self._recorded.mkdir(parents=True, exist_ok=True)
            self._record(name, path)
        return [path]

    def _record(self, name: str, path: Path, given: str = "") -> None:
        """Record traffic; `given`: text of the file that its script reads. Of a closed home the guest sees nothing."""
        with tempfile.TemporaryDirectory(prefix="nldissect-bench-") as scratch:
            (Path(scratch) / name).with_suffix(".given").write_text(given)
            shutil.move(traffic.capture(name, Path(scratch)), path)

    def _mixed(self, size: int, path: Path) -> None:
        captures = sorted(CAPTURES.glob("*.pcap"))
        sizes = [capture.stat().st_size for capture in captures]
        limits = range(1 << 10, max(sizes), 1 << 10)
        limit = next((most for most in limits if sum(min(one, most) for one in sizes) >= size * MEGABYTE), None)
        Base(captures, limit=limit).write(path, size * MEGABYTE, first=True)

    def _rules(self, size: int, path: Path) -> None:
        if not self._real:
            Base(self._begin("firewall")).write(path, size * MEGABYTE)
            return
        self._record("firewall", path, ruleset.ruleset(size * MEGABYTE // RULE))

    def _prefixes(self, count: int, path: Path) -> None:
        fulltable.write(self._begin("router")[0], path, count)

    def _flows(self, count: int, path: Path) -> None:
        base = Base(self._begin("flows"), alone=True)
        base.write(path, base.size * count // base.count("IPCTNL_MSG_CT_NEW"))


def wanted(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the name of a file and its sizes, from NAME or NAME:SIZE."""
    name, _, size = text.partition(":")
    if name not in SIZES or not (size.isdecimal() or not size):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME or NAME:SIZE; names: {', '.join(SIZES)}")
    return name, (int(size),) if size else SIZES[name]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, metavar="FOLDER")
    parser.add_argument("--only", nargs="+", type=wanted, metavar="NAME[:SIZE]")
    parser.add_argument("--shipped", action="store_true", help="do not use the real kernel")
    options = parser.parse_args()
    reason = "--shipped was given" if options.shipped else uml_kernel.missing()
    if reason is not None:
        print(f"all is made from shipped captures: {reason}")
    maker = Maker(options.folder, reason is None)
    for name, sizes in options.only or SIZES.items():
        for size in sizes:
            began = time.monotonic()
            path = options.folder / f"{name}-{size}.pcap"
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            maker.make(name, size, part)
            part.replace(path)
            print(f"{path}: {path.stat().st_size / MEGABYTE:.1f} MB, {time.monotonic() - began:.1f} s", flush=True)


if __name__ == "__main__":
    main()
