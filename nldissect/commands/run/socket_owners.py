"""Owners of netlink sockets: a command and its children, or other processes (proc_pid_fd(5), /proc/net/netlink).

The owner of an open socket is certain. A socket that is closed at the lookup may still have the id of a process of the
command as its port id, which the kernel gives the first socket of each process; any other owner of it is a guess.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import NamedTuple

PR_SET_CHILD_SUBREAPER = 36
PROC = Path("/proc")

Port = tuple[int, int]
"""Protocol and port id."""


class SocketOwner(NamedTuple):
    """The owner of a socket.

    mine   it is a process of the command
    sure   the socket was open at the lookup, or its port id is that of a process of the command; else a guess
    """

    mine: bool
    pid: int = 0
    name: str = ""
    sure: bool = True

    def __str__(self) -> str:
        return f"{self.name}[{self.pid}]{'' if self.sure else '?'}"


NOT_OURS = SocketOwner(False)


def adopt() -> None:
    """Become the parent of orphans among our descendants, so that they are known as such."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class CommandSockets:
    """The owners of sockets by protocol and port id; sockets that were open before are others'.

    command   id of the process that was started
    """

    def __init__(self) -> None:
        self._known: dict[Port, SocketOwner] = dict.fromkeys(sockets(), NOT_OURS)
        self._inodes: dict[int, Port] = {}
        self._family: dict[int, str] = {}  # processes of the command, those that have ended too
        self._strangers: set[int] = {os.getpid()}
        self.command = 0

    def started(self, pid: int, name: str) -> None:
        self.command = pid
        self._family[pid] = name

    def born(self, parent: int, child: int) -> None:
        """Record the child of a process, or, if both are the same, the process's new name."""
        if parent in self._family:
            self._family[child] = comm(child) or self._family.get(child, self._family[parent])

    def own(self, pid: int) -> None:
        """Record a child of ours that is not the command's."""
        self._strangers.add(pid)

    def of(self, protocol: int, port: int) -> SocketOwner:
        """Return the owner of the socket at a port."""
        key = protocol, port
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._look(key)
        return found

    def _look(self, key: Port) -> SocketOwner:
        inode = sockets().get(key)
        if inode is not None:
            for pid in [*reversed(self._family), *_processes()]:
                if inode in _inodes(pid):
                    return SocketOwner(True, pid, self._name(pid)) if self._mine(pid) else NOT_OURS
        self._left()
        if key[1] in self._family:
            return SocketOwner(True, key[1], self._name(key[1]))
        return self._guess()

    def _guess(self) -> SocketOwner:
        return SocketOwner(True, self.command, self._name(self.command), sure=False)

    def any_of(self, protocol: int) -> SocketOwner | None:
        """Return the process of the command that has a socket of this protocol open, None if there is none."""
        self._left()
        inodes = {inode for (one, _), inode in sockets().items() if one == protocol}
        for pid in reversed(self._family):
            if inodes & _inodes(pid):
                return SocketOwner(True, pid, self._name(pid))
        return None

    def listens(self, protocol: int) -> SocketOwner | None:
        """Return the process of the command that has joined a group of this protocol, None if there is none."""
        inodes = {inode for (one, _), inode in sockets(joined=True).items() if one == protocol}
        for pid in reversed(self._family) if inodes else ():
            if inodes & _inodes(pid):
                return SocketOwner(True, pid, self._name(pid))
        return None

    def _mine(self, pid: int) -> bool:
        """Return whether a process is the command's."""
        chain: list[int] = []
        while pid > 1 and pid not in self._family and pid not in self._strangers:
            chain.append(pid)
            pid = _parent(pid)
        mine = pid in self._family or (pid == os.getpid() and bool(chain))
        for one in chain:
            if mine:
                self._family[one] = comm(one)
        return mine

    def _left(self) -> None:
        """Record all processes of the command that exist now."""
        for pid in _processes():
            self._mine(pid)

    def alive(self) -> bool:
        """Return whether processes of the command run besides itself; children of ours that have ended are reaped."""
        alive = False
        for pid in _processes():
            if pid in self._strangers or not self._mine(pid):
                continue
            if pid != self.command and _state(pid) == "Z":
                if _parent(pid) == os.getpid():
                    os.waitpid(pid, os.WNOHANG)
                continue
            alive = alive or pid != self.command
        return alive

    def _name(self, pid: int) -> str:
        now = comm(pid)
        if now:
            self._family[pid] = now
        return self._family.get(pid, "")


def sockets(joined: bool = False) -> dict[Port, int]:
    """Return the inodes of this namespace's netlink sockets by protocol and port id, without those of the kernel.

    joined   only sockets that have joined a group
    """
    found: dict[Port, int] = {}
    try:
        lines = (PROC / "net/netlink").read_text().splitlines()[1:]
    except OSError:
        return found
    for line in lines:
        _, protocol, port, groups, *_, inode = line.split()
        if int(port) and (not joined or int(groups, 16)):
            found[int(protocol), int(port)] = int(inode)
    return found


def comm(pid: int) -> str:
    """Return the name of a process, "" if there is none."""
    try:
        return (PROC / str(pid) / "comm").read_bytes().rstrip(b"\n").decode(errors="replace")
    except OSError:
        return ""


def _processes() -> list[int]:
    return [int(one) for one in os.listdir(PROC) if one.isdecimal()]


def _stat(pid: int) -> list[str]:
    try:
        return (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _parent(pid: int) -> int:
    stat = _stat(pid)
    return int(stat[1]) if len(stat) > 1 else 0


def _state(pid: int) -> str:
    return next(iter(_stat(pid)), "")


def _inodes(pid: int) -> set[int]:
    """Return the inodes of the sockets that a process has open."""
    found = set()
    try:
        with os.scandir(PROC / str(pid) / "fd") as files:
            for file in files:
                try:
                    target = os.readlink(file.path)
                except OSError:
                    continue
                if target.startswith("socket:["):
                    found.add(int(target[8:-1]))
    except OSError:
        pass
    return found
