"""Processes in /proc: names, starts, parents, control groups, sockets they have open (proc(5))."""

from __future__ import annotations

import os
import time
from typing import NamedTuple

PF_KTHREAD = 0x0020_0000
_PARENT, _FLAGS, _START = 1, 6, 19  # of /proc/PID/stat, counted from the field after the name


class ProcessStat(NamedTuple):
    """Fields of /proc/PID/stat.

    start    clock ticks since the boot, rounded down
    parent   process that started it, or that it was given to when that ended; 0: none in our pid namespace
    """

    name: str
    flags: int
    start: int
    parent: int

    @property
    def kernels(self) -> bool:
        """True if it is a thread of the kernel, which has no sockets in a process's name."""
        return bool(self.flags & PF_KTHREAD)

    @property
    def started(self) -> int:
        """Start in nanoseconds since the epoch; the true start is up to a tick later."""
        boot = time.time_ns() - time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        return boot + self.start * (1_000_000_000 // os.sysconf("SC_CLK_TCK"))


def pids() -> list[int]:
    return sorted(int(name) for name in os.listdir("/proc") if name.isdecimal())


def comm(pid: int) -> str | None:
    """Return the name of a process; None if there is no such process."""
    try:
        with open(f"/proc/{pid}/comm", "rb") as file:
            return os.fsdecode(file.read().rstrip(b"\n"))
    except OSError:
        return None


def stat(pid: int) -> ProcessStat | None:
    """Return the fields of a process; None if there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            head, _, rest = file.read().rpartition(b")")
        name, fields = os.fsdecode(head.partition(b"(")[2].rstrip(b"\n")), rest.split()
        return ProcessStat(name, int(fields[_FLAGS]), int(fields[_START]), int(fields[_PARENT]))
    except (OSError, IndexError, ValueError):
        return None


def cgroup(pid: int) -> str | None:
    """Return the control group of a process: of version 2, else systemd's of version 1 (cgroups(7)).

    None if it is in none but the root, which says nothing.
    """
    try:
        with open(f"/proc/{pid}/cgroup", "rb") as file:
            lines = [os.fsdecode(line).rstrip("\n").split(":", 2) for line in file]
    except OSError:
        return None
    paths = {controllers: path for _, controllers, path in lines}
    return next((paths[one] for one in ("", "name=systemd") if paths.get(one, "/") != "/"), None)


def sockets(pid: int) -> set[int]:
    """Return the inodes of the sockets that a process has open, as far as they may be read."""
    found: set[int] = set()
    try:
        with os.scandir(f"/proc/{pid}/fd") as files:
            for file in files:
                target = _target(file)
                if target.startswith("socket:["):
                    found.add(int(target[8:-1]))
    except OSError:
        pass  # somebody else's, or it has ended
    return found


def _target(file: os.DirEntry[str]) -> str:
    try:
        return os.readlink(file.path)
    except OSError:
        return ""
