"""Kernel texts about refusals for programs that did not ask for them: the tracepoint netlink:netlink_extack (tracefs).

It reports each text, and the thread it is for, when the kernel finds it (include/trace/events/netlink.h); an extended
acknowledgement carries it only where the socket has NETLINK_EXT_ACK.
"""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from nldissect.errors import CaptureError

ROOTS = (Path("/sys/kernel/tracing"), Path("/sys/kernel/debug/tracing"))
FILESYSTEMS = Path("/proc/filesystems")
EVENT = "events/netlink/netlink_extack"
SECOND = 1_000_000_000

_OURS = re.compile(r"nldissect-(\d+)")
_LINE = re.compile(
    r" *(.*)-(\d+) +(?:\( *[\d-]+\) +)?\[\d+\] +(?:[^ ]+ +)?(\d+)\.(\d+): netlink_extack: msg=(.*)"
)  # kernel/trace/trace_output.c: trace_print_context()


class ExtackText(NamedTuple):
    """A text of the kernel, with its time, in nanoseconds of the tracepoint's clock, and its thread."""

    time: int
    task: int
    name: str
    text: str


def parse(lines: str) -> Iterator[ExtackText]:
    """Yield the texts in lines of trace_pipe; other lines are skipped."""
    for found in map(_LINE.fullmatch, lines.splitlines()):
        if found is not None:
            when = int(found[3]) * SECOND + int(f"{found[4]:0<9}"[:9])
            yield ExtackText(when, int(found[2]), found[1], found[5].strip())


def root() -> Path:
    """Return the directory where tracefs is mounted and has the event; CaptureError if there is none."""
    there = [one for one in ROOTS if os.access(one / "events", os.R_OK | os.X_OK)]
    if not there:
        if os.geteuid() != 0:
            raise CaptureError("--extack reads the kernel's tracefs, which root alone may; use sudo, or leave it out")
        if "tracefs" not in FILESYSTEMS.read_text().split():
            raise CaptureError(f"kernel {os.uname().release} has no tracepoints (CONFIG_FTRACE); leave --extack out")
        raise CaptureError("--extack needs tracefs; run `mount -t tracefs tracefs /sys/kernel/tracing` first")
    if not (there[0] / EVENT).is_dir():
        raise CaptureError(
            f"this kernel {os.uname().release} has no tracepoint netlink:netlink_extack; leave --extack out"
        )
    return there[0]


class Tracepoint:
    """A tracing instance of this process, by the monotonic clock; after `close`, `remove` takes it away."""

    def __init__(self) -> None:
        place = root()
        remove_leftovers(place)
        self.path = place / "instances" / f"nldissect-{os.getpid()}"
        try:
            self.path.mkdir(exist_ok=True)
            (self.path / "trace_clock").write_text("mono")
            self._pipe = os.open(self.path / "trace_pipe", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            (self.path / EVENT / "enable").write_text("1")
        except OSError as error:
            self.remove()
            raise CaptureError(f"the tracepoint of --extack can't be used: {error.strerror}; leave it out") from None
        self._rest = ""

    def read(self) -> list[ExtackText]:
        """Return the texts since the last call; times are in nanoseconds since 1970."""
        try:
            while data := os.read(self._pipe, 1 << 16):
                self._rest += data.decode(errors="replace")
        except OSError as error:
            if error.errno != errno.EAGAIN:
                return []
        lines, end, self._rest = self._rest.rpartition("\n")
        if not end:
            return []
        ahead = since_boot()
        return [one._replace(time=one.time + ahead) for one in parse(lines)]

    def fileno(self) -> int:
        return self._pipe

    def close(self) -> None:
        os.close(self._pipe)

    def remove(self) -> bool:
        """Remove the instance; return True if it is gone."""
        return remove(self.path)


def since_boot() -> int:
    """Return by how many nanoseconds the time of day is ahead of the monotonic clock: the best of five measurements."""
    looks = []
    for _ in range(5):
        before, now, after = time.monotonic_ns(), time.time_ns(), time.monotonic_ns()
        looks.append((after - before, now - (before + after) // 2))
    return min(looks)[1]


def remove(path: Path) -> bool:
    """Remove a tracing instance; return True if it is gone."""
    try:
        path.rmdir()
    except OSError as error:
        return error.errno == errno.ENOENT
    return True


def remove_leftovers(place: Path) -> None:
    """Remove instances whose process is gone."""
    try:
        found = list((place / "instances").iterdir())
    except OSError:
        return
    for path in found:
        ours = _OURS.fullmatch(path.name)
        if ours is not None and not Path(f"/proc/{ours[1]}").exists():
            remove(path)
