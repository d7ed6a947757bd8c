"""How fast the viewer is on 1,000,000 messages, beside tshark's pass over the same file; nothing here passes or fails.

    .venv/bin/python tests/bench/viewer.py [FOLDER]      default: ~/.cache/nldissect-bench, which make.py fills

The viewer runs in a terminal of 120 x 40 that is read as a terminal emulator would. Measured: the first screen, the
whole index, the first rows and all rows of a filter on headers and of one on attributes, from the last key on; peak
memory; processor time while nothing happens and while a file grows by 5,000 messages a second. termshark where it is.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from threading import Event, Thread

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

FOLDER = Path.home() / ".cache" / "nldissect-bench"
MESSAGES = 1_000_000
ROWS, COLUMNS = 40, 120
WHO = b"\x1b[c"
"""What terminals are asked to say which they are."""
TOKEN = re.compile(
    rb"\x1b\[(?P<numbers>[0-?]*)[ -/]*(?P<final>[@-~])|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][0-9A-Z]"
    rb"|\x1b[@-Z\\^_=>78]|(?P<text>[^\x1b]+)"
)
FILTERS = {
    "headers": "nlmsg_type == NLMSG_ERROR",
    "attributes": "RTA_OIF == 3",
    "an attribute few have": "RTA_DST == 10.44.164.0/26",
}


def sample(folder: Path) -> Path:
    """A capture of so many messages: the beginning of the long one of routes."""
    path = folder / f"routes-{MESSAGES}.pcap"
    if path.exists():
        return path
    from nldissect.store.capture import Capture

    source = folder / "routes-160.pcap"
    with Capture([source], {}, None, read=False) as capture:
        while capture.count < MESSAGES:
            capture.refresh(8)
        frame = int(capture.messages["frame"][MESSAGES])
        end = int(capture.frames["at"][frame]) - 16
    with source.open("rb") as whole, path.open("wb") as part:
        part.write(whole.read(end))
    return path


class Terminal:
    """A program on a terminal of its own: what it shows, and when. Cursor addressing is all it understands, and it says
    which terminal it is.
    """

    def __init__(self, command: list[str]) -> None:
        self.began = time.monotonic()
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", XDG_STATE_HOME="/nonexistent")
            os.execvp(command[0], command)
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._rest = b""
        self._row = self._column = 0
        self._cells = [[" "] * COLUMNS for _ in range(ROWS)]

    @property
    def screen(self) -> str:
        return "\n".join("".join(row) for row in self._cells)

    def _read(self) -> None:
        data = self._rest + os.read(self.file, 1 << 16)
        if WHO in data:
            os.write(self.file, b"\x1b[?62;22c")
        place = 0
        for found in TOKEN.finditer(data):
            place = found.end()
            if found.lastgroup == "text":
                self._write(found["text"].decode("utf-8", "replace"))
            elif found["final"] in (b"H", b"f"):
                row, _, column = found["numbers"].partition(b";")
                self._row, self._column = int(row or 1) - 1, int(column or 1) - 1
        self._rest = data[place:]

    def _write(self, text: str) -> None:
        for character in text:
            if character == "\n":
                self._row += 1
            elif character == "\r":
                self._column = 0
            elif 0 <= self._row < ROWS and 0 <= self._column < COLUMNS:
                self._cells[self._row][self._column] = character
                self._column += 1

    def until(self, pattern: str, patience: float = 180.0) -> float:
        """Seconds from `began` until something that fits is on the screen."""
        wanted = re.compile(pattern)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if select.select([self.file], [], [], 0.5)[0]:
                self._read()
                now = time.monotonic()
                if wanted.search(self.screen):
                    return now - self.began
        raise SystemExit(f"waited in vain for {pattern}:\n{self.screen}")

    def drain(self, seconds: float) -> None:
        """Read what comes for a while."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if select.select([self.file], [], [], left)[0]:
                self._read()

    def press(self, keys: str) -> None:
        self.began = time.monotonic()
        os.write(self.file, keys.encode())

    @property
    def cpu(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def peak(self) -> float:
        """The most memory it had, in megabytes."""
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())
        return int(found[1]) / 1000 if found else 0.0

    def close(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.file)


def viewer(path: Path) -> Terminal:
    return Terminal([sys.executable, "-m", "nldissect", "view", str(path)])


def tshark(path: Path) -> float:
    began = time.monotonic()
    subprocess.run(["tshark", "-r", str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.monotonic() - began


def opening(path: Path) -> tuple[float, float, float, float]:
    """The first rows with the tree of the first message, keys work, the whole index, and the most memory."""
    terminal = viewer(path)
    try:
        first = terminal.until(r"RTM_[^$]*Frame 1:")
        ready = terminal.until(r"\? help")
        whole = terminal.until(rf"{MESSAGES:,} messages(?!, reading)")
        return first, ready, whole, terminal.peak
    finally:
        terminal.close()


def filtering(path: Path, text: str) -> tuple[float, float]:
    """From the last key of a filter to its first rows, and to all of them."""
    terminal = viewer(path)
    try:
        terminal.until(rf"{MESSAGES:,} messages(?!, reading)")
        terminal.drain(1.0)
        terminal.press("/" + text[:-1])
        terminal.drain(2.0)
        terminal.press(text[-1])
        of = rf"([1-9][\d,]*) of {MESSAGES:,} messages"
        first = terminal.until(of)
        return first, terminal.until(of + r"(?!, \d+% looked)")
    finally:
        terminal.close()


def resting(path: Path, seconds: float = 5.0) -> float:
    """Share of one processor while nothing happens."""
    terminal = viewer(path)
    try:
        terminal.until(rf"{MESSAGES:,} messages(?!, reading)")
        terminal.drain(2.0)
        before = terminal.cpu
        terminal.drain(seconds)
        return (terminal.cpu - before) / seconds
    finally:
        terminal.close()


def following(source: Path, scratch: Path, rate: int = 5000, seconds: float = 10.0) -> float:
    """Share of one processor while a file grows so fast and the list follows it."""
    from nldissect.capfile import PcapWriter, open_capture

    stop = Event()

    def write() -> None:
        with scratch.open("wb", buffering=0) as file, open_capture(source) as reader:
            writer = PcapWriter(file)
            writer.flush()
            began = time.monotonic()
            for count, record in enumerate(reader, 1):
                if stop.is_set():
                    return
                writer.write(record.time or 0, record.data, record.wire_length)
                if count % 50 == 0:
                    writer.flush()
                    time.sleep(max(began + count / rate - time.monotonic(), 0))

    thread = Thread(target=write)
    thread.start()
    time.sleep(0.2)
    terminal = viewer(scratch)
    try:
        terminal.until(r"\? help")
        terminal.drain(2.0)
        terminal.press("G")
        terminal.until(r"follow")
        before = terminal.cpu
        terminal.drain(seconds)
        return (terminal.cpu - before) / seconds
    finally:
        stop.set()
        terminal.close()
        thread.join()
        scratch.unlink()


def termshark(path: Path) -> float | None:
    """Until termshark shows the first packets."""
    if shutil.which("termshark") is None:
        return None
    terminal = Terminal(["termshark", "-r", str(path)])
    try:
        return terminal.until(r"Netlink|netlink|RTM_")
    finally:
        terminal.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    options.add_argument("-n", type=int, default=3, help="times each; the median counts")
    given = options.parse_args()
    path = sample(given.folder)
    times = given.n
    base = statistics.median(tshark(path) for _ in range(times))
    print(f"{path}: {MESSAGES:,} messages, {path.stat().st_size / 1e6:.0f} MB; tshark's pass {base:.2f} s")

    def say(what: str, seconds: float, limit: float | None = None) -> None:
        of = f" (at most {limit})" if limit is not None else ""
        print(f"{what:<44}{seconds:7.2f} s  {seconds / base:6.3f} of tshark's{of}", flush=True)

    runs = [opening(path) for _ in range(times)]
    first, ready, whole, peak = (statistics.median(column) for column in zip(*runs, strict=True))
    say("first screen", first, 0.2)
    say("keys work", ready)
    say("whole index", whole)
    print(f"{'peak memory':<44}{peak:7.0f} MB")
    for (what, text), limit in zip(FILTERS.items(), (0.05, 0.2, 0.2), strict=True):
        found = [filtering(path, text) for _ in range(times)]
        say(f"filter on {what}, first rows", statistics.median(one for one, _ in found), limit)
        say(f"filter on {what}, all rows", statistics.median(one for _, one in found))
    print(f"{'resting':<44}{resting(path):7.1%} of one processor")
    print(f"{'following 5,000 messages a second':<44}{following(path, given.folder / 'growing.pcap'):7.1%}")
    other = termshark(path)
    print("termshark is not installed" if other is None else f"termshark, first packets {other:7.2f} s")


if __name__ == "__main__":
    main()
