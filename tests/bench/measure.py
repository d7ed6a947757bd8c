"""Running a command to its end: seconds, lines, peak memory of all its processes."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)  # or every start would compile every file again
NLDISSECT = (sys.executable, "-m", "nldissect")
PIPE = 1 << 20
EVERY = 0.02  # seconds between two looks at memory
USAGE = 2


class AbsentError(Exception):
    """The command does not know what it was asked for: this part is not built yet, or not installed."""


class FailedError(Exception):
    """The command ended with another status than 0."""


@dataclass(frozen=True)
class Run:
    """What one run took; all but the seconds is 0 where it was not asked for."""

    seconds: float
    lines: int = 0
    anonymous: int = 0
    resident: int = 0


def _start(words: tuple[str, ...], errors: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env=ENVIRONMENT, bufsize=0
    )


def _ended(process: subprocess.Popen[bytes], words: tuple[str, ...], errors: int) -> None:
    status = process.wait()
    if status:
        os.lseek(errors, 0, os.SEEK_SET)
        said = os.read(errors, 4000).decode(errors="replace").strip().splitlines()
        text = f"`{' '.join(words)}` ended with {status}: {said[-1] if said else ''}"
        raise AbsentError(said[-1] if said else "") if status == USAGE else FailedError(text)


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
            _ended(process, words, errors.fileno())
        return Run(time.perf_counter() - began)


def watched(words: tuple[str, ...]) -> Run:
    """A run of its own for lines and memory, so that looking costs the timed runs nothing."""
    done = threading.Event()
    anonymous = resident = lines = 0

    def look(pid: int) -> None:
        nonlocal anonymous, resident
        while not done.wait(EVERY):
            now = memory(pid)
            anonymous, resident = max(anonymous, now[0]), max(resident, now[1])

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
            _ended(process, words, errors.fileno())
        return Run(time.perf_counter() - began, lines, anonymous, resident)


def output(words: tuple[str, ...]) -> bytes:
    """All it prints."""
    with tempfile.TemporaryFile() as errors, _start(words, errors.fileno()) as process:
        assert process.stdout is not None
        printed = process.stdout.read()
        _ended(process, words, errors.fileno())
        return printed


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


def memory(pid: int) -> tuple[int, int]:
    """Anonymous and all resident bytes of a process and those below it, pages they share counted once."""
    found = {"Pss_Anon:": 0, "Pss:": 0}
    for each in family(pid):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        for line in lines:
            name, *rest = line.split()
            if name in found:
                found[name] += int(rest[0]) << 10
    return found["Pss_Anon:"], found["Pss:"]
