"""Captures of many frames, and what `read` prints of them: by the native core, or by the message engine."""

from __future__ import annotations

import random
import re
import struct
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import nldissect
from nldissect.capfile import open_capture
from nldissect.cli import main
from nldissect.native.loader import NO_HEAD, SKIPPED
from nldissect.render.names import protocol_name
from nldissect.render.native import read_job, tree_job
from tests.helpers import pcap_bytes as files
from tests.helpers.paths import CAPTURES
from tests.helpers.shared_files import once
from tests.helpers.skips import needs

FORMS = {"list": [], "ndjson": ["-T", "ndjson"], "json": ["-T", "json"], "tree": ["-V"]}
SOURCES = sorted((Path(nldissect.__file__).parent / "native").glob("*.c"))
WARNINGS = ["-Wall", "-Wextra", "-Werror"]

SOME = 12
"""Frames of each capture, where not all are wanted."""

Run = Callable[..., bytes]


@pytest.fixture(scope="session")
def library(shared: Path) -> str:
    """The core, compiled so that a wrong access or an overflow ends the process where the compiler can."""
    needs("cc")
    safe = ["-fsanitize=undefined", "-fsanitize-undefined-trap-on-error", "-D_FORTIFY_SOURCE=2"]
    command = ["cc", "-O2", *WARNINGS, *safe, "-shared", "-fPIC", *map(str, SOURCES), "-o"]
    return str(once(shared / "nldissect.so", lambda part: subprocess.run([*command, str(part)], check=True)))


@pytest.fixture
def run(library: str, shared: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """What `read` prints: by the core, also of small files with a filter, or by the message engine.

    The message engine is asked once for each choice of options on a shared capture.
    """
    monkeypatch.setenv("NLDISSECT_NATIVE", library)

    def read(path: Path, *options: str, native: bool) -> bytes:
        if native:
            return printed(capfdbinary, path, *options, "--engine", "native")
        if path.parent != shared:
            return printed(capfdbinary, path, *options, "--engine", "walk")
        kept = shared / sha256(repr((path.name, *options)).encode()).hexdigest()
        return once(
            kept, lambda part: part.write_bytes(printed(capfdbinary, path, *options, "--engine", "walk"))
        ).read_bytes()

    return read


def same(run: Run, path: Path, *options: str) -> bytes:
    """What both print."""
    slow = run(path, *options, native=False)
    assert slow == run(path, *options, native=True)
    return slow


def frames_of(path: Path) -> list[bytes]:
    with open_capture(path) as reader:
        return [record.data for record in reader if record.interface.linktype == 253]


@pytest.fixture(scope="session")
def beginnings(shared: Path) -> Path:
    """How each shipped capture begins, in one file."""
    return in_one(shared / "beginnings.pcap", SOME)[0]


@pytest.fixture(scope="session")
def together(shared: Path) -> tuple[Path, int]:
    """All shipped captures in one file, and how many frames it has."""
    return in_one(shared / "together.pcap", None)


def in_one(target: Path, some: int | None) -> tuple[Path, int]:
    """All shipped captures in one file, or so many frames of each; and how many frames it has."""
    frames = [frame for path in sorted(CAPTURES.glob("*.pcap")) for frame in frames_of(path)[:some]]
    return once(target, lambda part: written(part, frames)), len(frames)


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The messages that were left to the message engine."""
    seen: list[int] = []
    for kind in (read_job.NativeRead, tree_job.NativeTreeRead):
        original = kind._walked_text

        def text(self: Any, index: int, before: bytes, original: Callable[..., bytes] = original) -> bytes:
            seen.append(index)
            return original(self, index, before)

        monkeypatch.setattr(kind, "_walked_text", text)
    return seen


@pytest.fixture
def reasons(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, str]]:
    """How many messages of each family the core made, with reason "", and left to the other engine, with its reason."""
    found: Counter[tuple[str, str]] = Counter()
    original = read_job.NativeRead._joined
    header = (SOURCES[0].parent / "inside.h").read_text()
    names = ["", *re.findall(r"W_(\w+)", header.partition("enum why {")[2].partition("}")[0])]

    def joined(self: Any, told: Any, count: int, texts: bytes, first: int) -> Iterator[bytes | memoryview]:
        for item, one in zip(self.scanner.items[first : first + count], told[:count], strict=True):
            if one.head == SKIPPED:
                continue
            about = self.classifier.meanings[item.head]
            reason = names[one.why] if one.head < NO_HEAD else "IRREGULAR"
            found[about.family or protocol_name(about.protocol) or "", reason] += 1
        return original(self, told, count, texts, first)

    monkeypatch.setattr(read_job.NativeRead, "_joined", joined)
    return found


def printed(capfdbinary: pytest.CaptureFixture[bytes], path: Path, *options: str) -> bytes:
    """What `read` prints, then what it complains of."""
    capfdbinary.readouterr()
    main(["read", *options, str(path)])
    out, errors = capfdbinary.readouterr()
    assert b"Traceback" not in errors
    return out + errors


def repeated(path: Path, target: Path, times: int) -> Path:
    """The records of a capture again and again, in another order each time."""
    with open_capture(path) as reader:
        records = [record.data for record in reader]
    order = random.Random(path.name)
    frames = list(records)
    for _ in range(times - 1):
        frames += order.sample(records, len(records))
    return written(target, frames)


def written(target: Path, frames: list[bytes], order: str = "<", magic: int = 0xA1B2C3D4, linktype: int = 253) -> Path:
    """A capture of these frames, a moment apart."""
    records = [files.pcap_record(frame, order, 1000 + 37 * place) for place, frame in enumerate(frames)]
    target.write_bytes(files.pcap(order, magic, linktype) + b"".join(records))
    return target


COOKED = struct.pack(">HHH8xH", 4, 824, 0, 0)


def message(number: int, flags: int, body: bytes, seq: int = 1, pid: int = 9, order: str = "<") -> bytes:
    return struct.pack(f"{order}IHHII", 16 + len(body), number, flags, seq, pid) + body


def attribute(number: int, value: bytes, order: str = "<") -> bytes:
    return struct.pack(f"{order}HH", 4 + len(value), number) + value + bytes(-len(value) % 4)


def link(index: int, name: bytes, order: str = "<") -> bytes:
    """RTM_NEWLINK as an answer."""
    body = struct.pack(f"{order}BxHiII", 0, 1, index, 0, 0) + attribute(3, name + b"\0", order)
    return COOKED + message(16, 2, body, order=order)


def route(index: int, place: int, order: str = "<") -> bytes:
    """RTM_NEWROUTE out of an interface."""
    body = struct.pack(f"{order}BBBBBBBBI", 2, 24, 0, 0, 254, 3, 0, 1, 0)
    body += attribute(1, bytes((10, 0, place, 0)), order) + attribute(4, struct.pack(f"{order}I", index), order)
    return COOKED + message(24, 2, body, place, order=order)


def family(number: int, name: bytes) -> bytes:
    """CTRL_CMD_NEWFAMILY: from here on this id has this name."""
    told = attribute(1, struct.pack("<H", number)) + attribute(2, name + b"\0")
    return message(16, 0, struct.pack("<BBxx", 1, 2) + told)


def generic(*messages: bytes) -> bytes:
    return COOKED[:-2] + struct.pack(">H", 16) + b"".join(messages)


def of_interfaces(target: Path) -> Path:
    """pcapng: names, decimals and comments of each interface, frames of another kind between them, no time at all."""
    frames = [route(2, place) for place in range(40)] + [link(2, b"eth0")]
    blocks = [
        files.section(),
        files.described(options=files.option(2, b"nlmon 100%") + files.option(9, b"\x09")),
        files.described(options=files.option(2, b"other") + files.option(9, b"\x06")),
        files.described(options=files.option(14, struct.pack("<q", -2 * 10**9))),
    ]
    for place, frame in enumerate(frames):
        comment = files.option(1, b"here") if place % 7 == 0 else b""
        ticks = 10 ** (6 if place % 3 else 9)
        blocks.append(files.packet(frame, files.SECONDS * ticks + place * 1001, interface=place % 3, options=comment))
        if place % 5 == 0:
            blocks.append(files.block(3, struct.pack("<I", len(frame)) + frame + bytes(-len(frame) % 4)))
    target.write_bytes(b"".join(blocks))
    return target
