"""The logs of `strace -ff -o PREFIX`, PREFIX.PID for each thread, read as the one log that `strace -f` writes."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from ..records import SECOND

_NAMED = re.compile(r"(.+)\.(\d+)", re.S)
_TIME = re.compile(rb"(?:(\d+)|(\d+):(\d\d):(\d\d))(?:\.(\d+))? ")
_BELOW = (b" | ", b" * ", b" = ")
"""First bytes of lines that belong to the call above them."""

Entry = tuple[int, int, bytes]
"""Time, thread, and the lines of one call."""


def threads_of(prefix: str) -> dict[int, Path]:
    """Return the logs of a prefix by thread; none if there is a file of that name, or if they are not strace logs."""
    path = Path(prefix)
    if prefix == "-" or path.exists() or not path.parent.is_dir():
        return {}
    found = {}
    for one in path.parent.iterdir():
        named = _NAMED.fullmatch(one.name)
        if named is not None and named[1] == path.name and one.is_file():
            found[int(named[2])] = one
    first = next(iter(found.values()), None)
    return found if first is not None and _is_log(first) else {}


def together(paths: Sequence[str]) -> list[str]:
    """Return the files to read, with all the logs of one prefix replaced by that prefix."""
    named = [_NAMED.fullmatch(path) for path in paths]
    out: dict[str, None] = {}
    whole: dict[str, bool] = {}
    for path, one in zip(paths, named, strict=True):
        prefix = one[1] if one is not None else path
        if prefix not in whole:
            given = {Path(other) for other, found in zip(paths, named, strict=True) if found and found[1] == prefix}
            whole[prefix] = len(given) > 1 and given == set(threads_of(prefix).values())
        out[prefix if whole[prefix] else path] = None
    return list(out)


def _is_log(path: Path) -> bool:
    from .translate import HEAD, is_strace

    try:
        with path.open("rb") as file:
            return is_strace(file.read(HEAD))
    except OSError:
        return False


class PerThreadLogs:
    """A byte source of several logs merged by time."""

    problem: str | None = None

    def __init__(self, logs: dict[int, Path]) -> None:
        self.over = False
        self._stack = ExitStack()
        streams = []
        with self._stack:
            for thread, path in sorted(logs.items()):
                streams.append(_entries(self._stack.enter_context(path.open("rb")), thread))
            self._stack = self._stack.pop_all()
        self._entries = heapq.merge(*streams, key=lambda entry: entry[:2])
        self._rest = b""

    def readinto(self, room: memoryview) -> int:
        while not self._rest and not self.over:
            entry = next(self._entries, None)
            self.over = entry is None
            self._rest = b"" if entry is None else entry[2]
        count = min(len(room), len(self._rest))
        room[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def left(self) -> str | None:
        return None

    def close(self) -> None:
        self._stack.close()


def _entries(file: BinaryIO, thread: int) -> Iterator[Entry]:
    """Yield the calls of one log, each with the lines below it; a call without a time stays after the one before."""
    time, lines = 0, b""
    for line in file:
        if line.startswith(_BELOW):
            lines += line
            continue
        if lines:
            yield time, thread, lines
        time = max(time, _time(line))
        lines = b"%d %s" % (thread, line)
    if lines:
        yield time, thread, lines


def _time(line: bytes) -> int:
    found = _TIME.match(line)
    if found is None:
        return 0
    whole, hours, minutes, seconds, rest = found.groups()
    count = int(whole) if whole else (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return count * SECOND + int((rest or b"0").ljust(9, b"0")[:9])
