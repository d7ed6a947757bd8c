"""Start-up, and microseconds an attribute, beside tshark on the same files in the same run.

    .venv/bin/python tests/bench/attributes.py [CAPTURE...]

Attributes are counted once, by walk. tshark's figure is its -V time on the capture repeated many times, less its time
on the capture once; it names fewer attributes than we do. Figures are for comparison within one run only.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from nldissect.capfile import PcapWriter, open_capture
from nldissect.wire import Context, nlmon, walk
from nldissect.wire.decode.nodes import nodes_of

CAPTURES = Path(__file__).resolve().parent.parent.parent / "captures"
REPEATS = 40


def seconds(run: Callable[[], object], times: int = 5) -> float:
    """The median of some runs."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def command(*words: object) -> Callable[[], object]:
    return lambda: subprocess.run([str(word) for word in words], capture_output=True, check=True)


def startup(path: Path) -> None:
    ours = seconds(command(sys.executable, "-m", "nldissect", "read", "-c", 1, path), 11)
    theirs = seconds(command("tshark", "-r", path, "-c", 1), 11)
    print(f"start-up, one frame to text: {ours:.3f} s, tshark {theirs:.3f} s: {ours / theirs:.2f} x")


def attributes(path: Path, folder: Path) -> None:
    frames = [bytes(record.data) for record in open_capture(str(path))]
    context = Context()
    count = sum(
        node.number is not None
        for frame in frames
        for message in walk(frame, context).messages
        for node, _ in nodes_of(message)
    )
    many = folder / path.name
    with many.open("wb") as stream:
        writer = PcapWriter(stream)
        for _ in range(REPEATS):
            for record in open_capture(str(path)):
                writer.write(record.time or 0, bytes(record.data), record.wire_length)
        writer.flush()
    walked = seconds(lambda: [walk(frame, context) for frame in frames])
    packets = seconds(lambda: [nlmon(frame, _context=context) for frame in frames])
    slope = {}
    for name, words in {
        "tshark -V": ("tshark", "-V", "-r"),
        "read -V": (sys.executable, "-m", "nldissect", "read", "-V"),
        "read -T ndjson": (sys.executable, "-m", "nldissect", "read", "-T", "ndjson"),
        "tshark -T ek": ("tshark", "-T", "ek", "-r"),
    }.items():
        slope[name] = (seconds(command(*words, many), 3) - seconds(command(*words, path), 3)) / (REPEATS - 1)
    figures = {"walk": walked, "Scapy packets": packets, **slope}
    texts = (f"{name} {1e6 * figure / count:.1f}" for name, figure in figures.items())
    print(f"{path.stem}, {count} attributes, us an attribute: {', '.join(texts)}")


def main() -> None:
    if shutil.which("tshark") is None:
        sys.exit("this compares with tshark, which is not installed")
    names = [Path(name) for name in sys.argv[1:]] or [
        CAPTURES / f"{name}.pcap" for name in ("tour", "link_dump", "route")
    ]
    startup(names[0])
    with tempfile.TemporaryDirectory() as folder:
        for path in names:
            attributes(path, Path(folder))


if __name__ == "__main__":
    main()
