"""Damaged messages as the core and the message engine print them: byte for byte the same, in each form.

    .venv/bin/python tests/fuzz/differential.py 1000000             so many messages, mutants of the shipped captures
    ... --seed 7 --more FILE...                                     other mutants, of these files too
    ... --keep FOLDER                                               where frames that differ are written

Both engines run in this process, batch by batch. Two runs with one seed compare the same messages. Exit status 1: there
are differences; each is told with a capture that shows it, cut down to the frames that it takes.
"""

from __future__ import annotations

import argparse
import io
import os
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

from mutations import Mutator, Seed, seeds_of  # noqa: E402

from nldissect.capfile.link_types import NETLINK  # noqa: E402
from nldissect.cli import main as nldissect  # noqa: E402
from nldissect.native.loader import usable_library  # noqa: E402
from nldissect.native.program_file import usable_tables  # noqa: E402
from nldissect.render.field_cells import CellFormat  # noqa: E402
from nldissect.render.native.cell_program import compile_cells  # noqa: E402
from nldissect.sizes import SIZES  # noqa: E402
from tests.helpers.paths import CAPTURES  # noqa: E402

FORMS: dict[str, list[str]] = {"list": [], "-V": ["-V"], "ndjson": ["-T", "ndjson"], "json": ["-T", "json"]}
FILTERS = (
    "nlmsg_len > 40", "notes", "not nlmsg_flags & NLM_F_ACK", "error", 'direction == "to kernel"', "message.number > 1",
    "IFLA_MTU > 1400",
    "protocol == NETLINK_GENERIC and genlmsghdr.cmd < 5", "RTA_DST or NFTA_EXPR_NAME or TCA_KIND",
)  # fmt: skip
"""One of them and one of the forms make one form more of each batch."""
LAYOUTS = ("-T fields", "-T csv", "-T fields -E quote=d", "-T fields -E occurrence=f", "-T csv -E occurrence=l")
FIELDS = 30
"""So many fields by chance make another."""
FRAMES = 4000
"""At least so many make a batch."""
WINDOWS = (4096, 1 << 16, 3 << 18)
PATIENCE = 60
"""Seconds for cutting a difference down."""
SHOWN = 1000
"""Characters of each side of a difference that are shown."""


Frames = list[tuple[bytes, int]]
"""Frames, and how many bytes more of each the wire had."""


def written(path: Path, frames: Frames, number: int) -> None:
    """Write a capture; its byte order and times depend on a number."""
    random = Random(number)
    order = random.choice("<<<>")
    base, step = random.choice((0, 1_700_000_000, 0xFFFFFFF0)), random.choice((0, 1))
    records = [struct.pack(f"{order}IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, NETLINK)]
    for place, (data, more) in enumerate(frames):
        second = (base + step * place) & 0xFFFFFFFF
        records += [struct.pack(f"{order}IIII", second, place, len(data), len(data) + more), data]
    path.write_bytes(b"".join(records))


def printed(path: Path, options: list[str], library: str, window: int) -> tuple[bytes, bytes]:
    """Return what `read` prints by a library, "0" being row by row, and what it complains of."""
    os.environ["NLDISSECT_NATIVE"] = library
    SIZES.numpy_from = 0  # filters go before the core in small files, too
    SIZES.native_window = window
    out, errors = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    sys.stdout, sys.stderr = out, errors
    engine = ["--engine", "walk"] if library == "0" else []
    try:
        nldissect(["read", *options, *engine, str(path)])
        out.flush()
        errors.flush()
    finally:
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    return out.buffer.getvalue(), errors.buffer.getvalue()  # type: ignore[attr-defined]


def as_array(lines: bytes) -> bytes:
    """Return what is printed as JSON where this is printed as NDJSON."""
    return b"[\n" + lines[:-1].replace(b"\n", b",\n") + b"\n]\n" if lines else b"[]\n"


def smallest(frames: Frames, differ: Callable[[Frames], bool]) -> Frames:
    """Return as few of frames as still differ, or what is left of them after some time."""
    size, until = len(frames) // 2, time.monotonic() + PATIENCE
    while size:
        at = 0
        while at < len(frames) and time.monotonic() < until:
            fewer = frames[:at] + frames[at + size :]
            if fewer and differ(fewer):
                frames = fewer
            else:
                at += size
        size //= 2
    return frames


def fields_of(library: str) -> list[str]:
    """Return the fields that the core writes."""
    file = usable_tables(library)
    if file is None or file.fields is None:
        sys.exit("the program file is not usable; install the package again")
    names = (line.partition(b"\t")[0].decode() for line in file.fields._lines.splitlines())
    return [name for name in names if " " not in name and compile_cells([name], CellFormat(), file) is not None]


class Campaign:
    """Compares batch after batch.

    groups       captures, of which each group gives as many frames
    count        messages compared, each in every form
    frames       hashes of the frames that these stand in: how many different ones there were
    differences  batches that differ, in a form each
    """

    def __init__(self, groups: list[list[list[Seed]]], seed: int, library: str, folder: Path) -> None:
        self.fields = fields_of(library)
        self.groups, self.seed, self.engine, self.folder = groups, seed, library, folder
        self.seeds = [one for files in groups for file in files for one in file]
        self.count = self.differences = self.batches = 0
        self.frames: set[int] = set()
        self._lines: tuple[bytes, bytes] | None = None

    def batch(self) -> None:
        """Compare one."""
        number = self.seed << 32 | self.batches
        mutator, frames = Mutator(self.seeds, number), []
        while len(frames) < FRAMES:
            file = mutator.random.choice(mutator.random.choice(self.groups))
            at = mutator.random.randrange(len(file))
            frames += mutator.frames(file[at : at + FRAMES // 4])
        longer = mutator.random.choices((0, 1, 4, 100), (90, 1, 1, 1), k=len(frames))
        window, secrets = mutator.random.choice(WINDOWS), mutator.random.random() < 0.2
        self.batches += 1
        self.frames.update(map(hash, frames))
        self._lines = None
        batch = list(zip(frames, longer, strict=True))
        for form, options in FORMS.items():
            self._compare(form, [*options, *["--show-secrets"] * secrets], batch, window, number)
        chosen = [*mutator.random.choice([*FORMS.values()]), "-Y", mutator.random.choice(FILTERS)]
        self._compare("filtered", chosen, batch, window, number)
        words = [word for name in mutator.random.sample(self.fields, FIELDS) for word in ("-e", name)]
        cells = [*mutator.random.choice(LAYOUTS).split(), *words, *["--show-secrets"] * secrets]
        self._compare("cells", cells, batch, window, number)

    def described(self) -> str:
        return f"{self.count} messages, {len(self.frames)} different frames, {self.differences} differences"

    def _compare(self, form: str, options: list[str], frames: Frames, window: int, number: int) -> None:
        def both(frames: Frames) -> tuple[bytes, bytes]:
            path = self.folder / "batch.pcap"
            written(path, frames, number)
            out, errors = printed(path, options, self.engine, window)
            if form != "json":
                rows = printed(path, options, "0", window)
            else:  # the objects are those of NDJSON, which took long enough
                lines, words = self._lines or printed(
                    path, [*FORMS["ndjson"], *options[len(FORMS["json"]) :]], "0", window
                )
                rows = as_array(lines), words
            if form == "ndjson":
                self._lines = rows
            return b"".join(rows), out + errors

        def differ(frames: Frames) -> bool:
            self._lines = None
            one, other = both(frames)
            return one != other

        one, other = both(frames)
        if form == "ndjson":
            self.count += one.count(b"\n")
        if one == other:
            return
        self.differences += 1
        few = smallest(frames, differ)
        one, other = both(few)
        self._lines = None
        kept = self.folder / f"differs-{self.seed}-{self.batches}-{form.strip('-')}.pcap"
        written(kept, few, number)
        at = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
        print(f"{kept}: read {' '.join(options)} (window {window})")
        for engine, text in (("rows", one), ("core", other)):
            shown = text[max(at - 200, 0) : at + SHOWN].decode(errors="backslashreplace")
            print(f"  {engine}: {shown}")
        sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("messages", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--more", nargs="*", default=[], metavar="FILE", help="captures beside the shipped ones")
    parser.add_argument("--keep", type=Path, default=Path("differences"), metavar="FOLDER")
    options = parser.parse_args()
    library = usable_library()
    if library.path is None:
        sys.exit(f"there is no core to compare: {library.reason}")
    groups = [
        [seeds for seeds in map(seeds_of, paths) if seeds] for paths in (sorted(CAPTURES.glob("*.pcap")), options.more)
    ]
    options.keep.mkdir(parents=True, exist_ok=True)
    campaign = Campaign([files for files in groups if files], options.seed, library.path, options.keep)
    begin = told = time.monotonic()
    while campaign.count < options.messages:
        campaign.batch()
        if time.monotonic() - told > 60:
            told = time.monotonic()
            print(f"{campaign.described()}, {told - begin:.0f} s", flush=True)
    (options.keep / "batch.pcap").unlink()
    print(f"compared in {len(FORMS) + 2} forms each: {campaign.described()}")
    return int(campaign.differences > 0)


if __name__ == "__main__":
    sys.exit(main())
