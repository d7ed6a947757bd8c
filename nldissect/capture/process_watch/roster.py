"""Living processes and their names, and comments on those that began, ended or took another name."""

from __future__ import annotations

import time
from collections.abc import Iterable

from nldissect.capfile import comments

from .. import procfs


class Roster:
    """Processes by number, without the kernel's threads.

    names   of all that live; kept up to date from process events, or by `call`
    """

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self._starts: dict[int, int] = {}
        self._kernels: set[int] = set()
        self._called = 0
        self._news: list[str] = []

    def pids(self) -> list[int]:
        """Return all processes that may have sockets open."""
        return [pid for pid in procfs.pids() if pid not in self._kernels]

    def call(self) -> bool:
        """Compare with /proc, where there are no process events; return True if a process began or ended."""
        now, pids = time.time_ns(), set(procfs.pids())
        gone = self.names.keys() - pids
        for pid in gone:
            self.forget(pid)
        if gone:
            self._news.append(comments.format_comment("ended", *sorted(gone)))
        self._kernels &= pids
        for pid in self.names:
            self._rename(pid)
        came = [pid for pid in sorted(pids - self.names.keys() - self._kernels) if self.meet(pid)]
        self._called = now
        return bool(gone or came)

    def meet(self, pid: int) -> bool:
        """Observe a process that may be new or have a new name; return True if it is new."""
        if pid in self.names:
            self._rename(pid)
            return False
        if pid in self._kernels or (stat := procfs.stat(pid)) is None:
            return False
        if stat.kernels:
            self._kernels.add(pid)
            return False
        if (name := procfs.comm(pid)) is None:
            return False
        self.names[pid], self._starts[pid] = name, stat.started
        self._news += [comments.format_comment("processes", pid, name), *self.starts([pid])]
        return True

    def _rename(self, pid: int) -> None:
        name = procfs.comm(pid)
        if name is not None and name != self.names[pid]:
            self.names[pid] = name
            since = comments.seconds(self._called)
            self._news += [
                comments.format_comment("processes", pid, name),
                comments.format_comment("renamed", pid, since),
            ]

    def forget(self, pid: int) -> None:
        """Remove a process that has ended."""
        self.names.pop(pid, None)
        self._starts.pop(pid, None)
        self._kernels.discard(pid)

    def name(self, pid: int) -> str:
        """Return the name of a process, "?" if it can't be read."""
        return self.names.get(pid) or procfs.comm(pid) or "?"

    def starts(self, pids: Iterable[int]) -> list[str]:
        """Return the starts of these processes as comments."""
        said = []
        for pid in pids:
            if pid not in self._starts and (stat := procfs.stat(pid)) is not None:
                self._starts[pid] = stat.started
            if pid in self._starts:
                said.append(comments.format_comment("started", pid, comments.seconds(self._starts[pid])))
        return said

    def news(self) -> list[str]:
        """Return the comments that are new since the last call."""
        said, self._news = self._news, []
        return said
