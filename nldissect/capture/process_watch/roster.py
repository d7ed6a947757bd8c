"""Living processes: names, starts, parents, control groups; and comments on what is new of them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping

from nldissect.capfile import comments

from .. import procfs

AT_ONCE = 200
"""Processes named in one comment, at most."""


class Roster:
    """Processes by number, without the kernel's threads.

    names   of all that live; kept up to date from process events, or by `call`
    """

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self._starts: dict[int, int] = {}
        self._ticks: dict[int, int] = {}  # the same by the clock of /proc, which nobody sets
        self._parents: dict[int, int] = {}
        self._cgroups: dict[int, str] = {}
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
        came = [pid for pid in sorted(pids - self._kernels) if self.meet(pid)]
        self._called = now
        return bool(gone or came)

    def meet(self, pid: int) -> bool:
        """Observe a process that may be new or have a new name; return True if it is new."""
        if pid in self._kernels or (stat := procfs.stat(pid)) is None:
            return False
        if pid in self.names and self._ticks.get(pid, stat.start) == stat.start:
            self._rename(pid, stat.name)
            return False
        self.forget(pid)
        if stat.kernels:
            self._kernels.add(pid)
            return False
        self.names[pid], self._starts[pid], self._ticks[pid] = stat.name, stat.started, stat.start
        self._news += [comments.format_comment("processes", pid, stat.name), *self.starts([pid])]
        if stat.parent:
            self._parents[pid] = stat.parent
            self._news.append(comments.format_comment("parents", pid, stat.parent))
        self._news += self.moved(pid)
        return True

    def began(self, pid: int, parent: int) -> None:
        """Observe that a process was started by another, whose name and control group it has at first."""
        for known in (self.names, self._cgroups):
            if parent in known:
                known[pid] = known[parent]
        self._parents[pid] = parent

    def moved(self, pid: int) -> list[str]:
        """Return the control group of a process as a comment, if it is not the one known."""
        found = procfs.cgroup(pid)
        if found is None or found == self._cgroups.get(pid):
            return []
        self._cgroups[pid] = found
        return [comments.format_comment("cgroups", pid, found)]

    def _rename(self, pid: int, name: str) -> None:
        if name != self.names[pid]:
            self.names[pid] = name
            since = comments.seconds(self._called)
            self._news += [
                comments.format_comment("processes", pid, name),
                comments.format_comment("renamed", pid, since),
            ]

    def forget(self, pid: int) -> None:
        """Remove a process that has ended."""
        for known in (self.names, self._starts, self._ticks, self._parents, self._cgroups):
            known.pop(pid, None)
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

    def all(self) -> list[str]:
        """Return comments on all processes, for a file that begins now."""
        starts = {pid: comments.seconds(start) for pid, start in self._starts.items()}
        facts: dict[str, Mapping[int, str | int]] = {
            "processes": self.names,
            "started": starts,
            "parents": self._parents,
            "cgroups": self._cgroups,
        }
        return [one for fact, known in facts.items() for one in _joined(fact, known)]


def _joined(fact: str, known: Mapping[int, str | int]) -> Iterator[str]:
    """Yield comments on a fact of several processes each."""
    words = [word for pair in sorted(known.items()) for word in pair]
    for at in range(0, len(words), 2 * AT_ONCE):
        yield comments.format_comment(fact, *words[at : at + 2 * AT_ONCE])
