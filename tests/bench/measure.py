"""Running a command to its end: wall and CPU seconds, lines, peak memory of all its processes."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)  # or every start would compile every file again
NLDISSECT = (sys.executable, "-m", "nldissect")
PIPE = 1 << 20
EVERY = 0.01  # seconds between two looks at memory
USAGE = 2


class AbsentError(Exception):
    """The command does not know what it was asked for: this part is not built yet, or not installed."""


class FailedError(Exception):
    """The command ended with another status than 0."""


@dataclass(frozen=True)
class Run:
    """What one run took; lines and memory are 0 where they were not asked for.

    wall, cpu   seconds; those of user and system of the process and all that it waited for
    peak        the most proportional set size (Pss), in bytes: pages that processes share counted once
    """

    wall: float
    cpu: float
    lines: int = 0
    peak: int = 0


def _start(words: tuple[str, ...], errors: int, buffer: int = 0) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env=ENVIRONMENT, bufsize=buffer
    )


def _ended(process: subprocess.Popen[bytes], words: tuple[str, ...], errors: int) -> float:
    """Wait for the end of a process; return its CPU seconds and those of its children."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        os.lseek(errors, 0, os.SEEK_SET)
        said = os.read(errors, 4000).decode(errors="replace").strip().splitlines()
        text = f"`{' '.join(words)}` ended with {process.returncode}: {said[-1] if said else ''}"
        raise AbsentError(said[-1] if said else "") if process.returncode == USAGE else FailedError(text)
    return usage.ru_utime + usage.ru_stime


def timed(words: tuple[str, ...]) -> Run:
    """Only the time: what comes out of the pipe goes to /dev/null without being copied."""
    with tempfile.TemporaryFile() as errors, open(os.devnull, "wb") as nowhere:
        began = time.perf_counter()
        with _start(words, errors.fileno()) as process:
            assert process.stdout is not None
            pipe = process.stdout.fileno()
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE)
            while os.splice(pipe, nowhere.fileno(), PIPE):
                pass
            cpu = _ended(process, words, errors.fileno())
        return Run(time.perf_counter() - began, cpu)


def watched(words: tuple[str, ...]) -> Run:
    """A run of its own for lines and memory, so that looking costs the timed runs nothing."""
    done = threading.Event()
    peak = lines = 0

    def look(pid: int) -> None:
        nonlocal peak
        while not done.wait(EVERY):
            peak = max(peak, memory(pid))

    with tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        with _start(words, errors.fileno()) as process:
            watcher = threading.Thread(target=look, args=(process.pid,))
            watcher.start()
            try:
                assert process.stdout is not None
                while chunk := process.stdout.read(PIPE):
                    lines += chunk.count(b"\n")
            finally:
                done.set()
                watcher.join()
            cpu = _ended(process, words, errors.fileno())
        return Run(time.perf_counter() - began, cpu, lines, peak)


def printed(words: tuple[str, ...]) -> Iterator[bytes]:
    """Yield the lines that a command prints."""
    with tempfile.TemporaryFile() as errors, _start(words, errors.fileno(), PIPE) as process:
        assert process.stdout is not None
        yield from process.stdout
        _ended(process, words, errors.fileno())


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for each in found:
        try:
            for thread in os.listdir(f"/proc/{each}/task"):
                found += map(int, Path(f"/proc/{each}/task/{thread}/children").read_text().split())
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def memory(pid: int) -> int:
    """Proportional set size in bytes of a process and those below it."""
    found = 0
    for each in family(pid):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        found += sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))
    return found
