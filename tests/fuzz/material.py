"""What the fuzz targets in C work with: the tables that the core interprets, heads, captions and frames of the shipped
captures, written into one file.

    .venv/bin/python tests/fuzz/material.py FILE

The file is a row of parts: a name of 24 bytes, a size of 8, so many bytes, and zeros up to a multiple of 8. Parts that
depend on the output (enum output of core.h) are called `0.NAME` to `3.NAME`.
"""

from __future__ import annotations

import io
import os
import struct
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

from nldissect.capfile import open_capture  # noqa: E402
from nldissect.capfile.link_types import NETLINK  # noqa: E402
from nldissect.cli import main as nldissect  # noqa: E402
from nldissect.native.loader import usable_library  # noqa: E402
from nldissect.render.native import classifier, read_job  # noqa: E402
from tests.helpers.paths import CAPTURES  # noqa: E402

OPTIONS: list[list[str]] = [[], ["-T", "ndjson"], ["-T", "json"], ["-V"]]
"""Of `read`, for each output."""


def part(name: str, data: bytes) -> bytes:
    return struct.pack("<24sQ", name.encode(), len(data)) + data + bytes(-len(data) % 8)


def frames() -> tuple[list[bytes], list[int]]:
    """Return the frames of all shipped captures, and which are the first of theirs."""
    found: list[bytes] = []
    first: list[int] = []
    for path in sorted(CAPTURES.glob("*.pcap")):
        with open_capture(path) as reader:
            records = [record.data for record in reader if record.interface.linktype == NETLINK]
        first += [len(found)] * bool(records)
        found += records
    return found, first


def written(path: Path, found: list[bytes]) -> None:
    """Write frames as a capture."""
    records = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, NETLINK)]
    records += [struct.pack("<4I", 1 << 30, place, len(data), len(data)) + data for place, data in enumerate(found)]
    path.write_bytes(b"".join(records))


class Seen:
    """What `read` works with while it prints, and what a scanner asks of the tables."""

    def __init__(self) -> None:
        self.job: Any = None
        self.protocols: dict[int, int] = {}
        self.types: dict[tuple[int, int], bytes] = {}
        begin = read_job.NativeRead.__init__
        protocol, type_of = classifier.Classifier.protocol, classifier.Classifier.type

        def init(job: Any, *given: Any) -> None:
            self.job = job
            begin(job, *given)

        def marks(one: Any, number: int) -> int:
            return self.protocols.setdefault(number, protocol(one, number))

        def about(one: Any, number: int, type_number: int) -> Any:
            found = type_of(one, number, type_number)
            self.types[number, type_number] = bytes(found)
            return found

        read_job.NativeRead.__init__ = init  # type: ignore[method-assign]
        classifier.Classifier.protocol = marks  # type: ignore[method-assign]
        classifier.Classifier.type = about  # type: ignore[method-assign]

    def read(self, path: Path, options: list[str]) -> None:
        """Print a capture to nowhere."""
        shown, sys.stdout = sys.stdout, io.TextIOWrapper(io.BytesIO(), "utf-8")
        try:
            nldissect(["read", *options, str(path)])
        finally:
            sys.stdout = shown


def tables(output: int, job: Any) -> Iterator[bytes]:
    """Yield the parts of an output."""
    program, pointers = job.core.program, job.core._pointers
    for name, data in program.packed().items():
        yield part(f"{output}.{name}", data)
    numbers = (getattr(pointers, name) for name in ("row_count", "wanted_count", "undecoded", "secret", "leftover"))
    yield part(f"{output}.constants", struct.pack("<5I", *numbers))
    heads = job.core.heads.packed()
    yield part(f"{output}.heads", heads)
    yield part(f"{output}.captions", bytes(job.classifier.captions))
    captioned = sorted(job.classifier.meanings)
    yield part(f"{output}.captioned", struct.pack(f"<{len(captioned)}I", *captioned))


def main() -> None:
    os.environ.pop("NLDISSECT_NATIVE", None)
    library = usable_library()
    if library.path is None:
        sys.exit(f"the tables are flattened for the core, which is not there: {library.reason}")
    found, first = frames()
    seen = Seen()
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "all.pcap"
        written(path, found)
        for output, options in enumerate(OPTIONS):
            seen.read(path, options)
            assert seen.job is not None, "the core did not print it"
            parts += tables(output, seen.job)
            seen.job = None
    protocols = b"".join(struct.pack("<2I", *pair) for pair in seen.protocols.items())
    types = b"".join(struct.pack("<2I", *place) + about for place, about in seen.types.items())
    parts += [part("protocols", protocols), part("types", types)]
    parts.append(part("seeds", b"".join(struct.pack("<I", len(data)) + data for data in found)))
    parts.append(part("files", struct.pack(f"<{len(first)}I", *first)))
    Path(sys.argv[1]).write_bytes(b"".join(parts))


if __name__ == "__main__":
    main()
