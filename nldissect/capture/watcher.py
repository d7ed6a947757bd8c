"""The child process of a watch (watch.py): asks for sockets, looks into /proc, hears of processes."""

from __future__ import annotations

import errno
import marshal
import os
import select
import signal
import socket
import struct
import time
from collections.abc import Iterator
from typing import NamedTuple

from nldissect.record import comments

from .host import effective_capabilities
from .janitor import keep_descriptors
from .netlink import (
    ARPHRD_NETLINK,
    NLM_F_DUMP,
    NLM_F_REQUEST,
    NLMSG_DONE,
    NLMSG_ERROR,
    PACKET_MULTICAST,
    PACKET_USER,
)
from .privileges import keep_only, set_name
from .source import Origin

SOCK_DIAG, CONNECTOR = 4, 11
AF_NETLINK = 16
SOCK_DIAG_BY_FAMILY, NDIAG_PROTO_ALL = 20, 255
NDIAG_SHOW = 0x1 | 0x2 | 0x8  # memory, groups, flags
CN_IDX_PROC, CN_VAL_PROC, PROC_CN_MCAST_LISTEN, PROC_CN_MCAST_IGNORE = 1, 1, 1, 2
FORK, EXEC, COMM, EXIT = 0x1, 0x2, 0x200, 0x80000000
CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE = 2, 19
PF_KTHREAD = 0x0020_0000

EVERY = 5.0  # seconds from one look at the sockets to the next, if nothing happens
SOON = 0.1  # so long after a process began or ended
OFTEN = 0.5  # but not more often than this
HEAD_EVERY = 10.0
PATIENCE = 1.0
AT_ONCE = 200  # processes named in one comment

_HEADER = struct.Struct("=IHHII")
_LISTED = struct.Struct("=BBBBIIII")  # family, type, protocol, state, port, its peer and group, inode
_EVENT = struct.Struct("=16s4I2HIIQ")  # nlmsghdr, cn_msg, then what, cpu, nanoseconds since the boot
_IDS = struct.Struct("=4I")
LENGTH = struct.Struct("=I")

Frame = tuple[int, int, bytes, list[str]]  # nanoseconds, number of the place, bytes, comments
Owners = list[tuple[int, str]]


class Place(NamedTuple):
    """A network namespace, and a socket that asks NETLINK_DIAG in it."""

    origin: Origin
    diag: socket.socket


def tell(connector: socket.socket, what: int) -> None:
    """Ask the proc connector to begin, or to end."""
    body = struct.pack("=4I2HI", CN_IDX_PROC, CN_VAL_PROC, 0, 0, 4, 0, what)
    connector.send(_HEADER.pack(16 + len(body), NLMSG_DONE, 0, 0, connector.getsockname()[0]) + body)


def _cooked(way: int, protocol: int) -> bytes:
    return struct.pack(">HHHQH", way, ARPHRD_NETLINK, 0, 0, protocol)


class Watcher:
    """What the child does until its line to the capture ends."""

    def __init__(self, line: socket.socket, connector: socket.socket | None, places: list[Place]) -> None:
        self._line, self._connector, self._places = line, connector, places
        self._names: dict[int, str] = {}  # of all processes that live
        self._owners: dict[int, Owners] = {}  # by the socket's inode
        self._lists: list[frozenset[tuple[int, int, int]]] = [frozenset() for _ in places]
        self._latest: list[list[Frame]] = [[] for _ in places]
        self._sequence = int.from_bytes(os.urandom(3), "little")

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2):
            signal.signal(number, signal.SIG_IGN)
        signal.set_wakeup_fd(-1)
        set_name("nldissect-watch")
        files = [self._line.fileno(), *(place.diag.fileno() for place in self._places)]
        keep_descriptors(files if self._connector is None else [*files, self._connector.fileno()])
        try:
            os.setpriority(os.PRIO_PROCESS, 0, -15)  # some processes live a millisecond
        except OSError:
            pass
        mine = effective_capabilities()
        keep_only(*(one for one in (CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE) if mine >> one & 1))
        try:
            self._watch()
        except (BrokenPipeError, ConnectionResetError):
            pass  # the capture is gone

    def _watch(self) -> None:
        self._names = {pid: name for pid in _pids() if (name := _comm(pid)) is not None and not _is_kernels(pid)}
        self._look()
        self._send_head()
        poll = select.poll()
        poll.register(self._line, select.POLLIN)
        if self._connector is not None:
            poll.register(self._connector, select.POLLIN)
        looked = told = time.monotonic()
        due = looked + EVERY
        while True:
            ready = {number for number, _ in poll.poll(max(1, 1000 * (due - time.monotonic())))}
            if self._connector is not None and self._connector.fileno() in ready and self._hear():
                due = min(due, max(looked + OFTEN, time.monotonic() + SOON))
            if self._line.fileno() in ready:
                break
            if time.monotonic() >= due:
                self._look()
                looked = time.monotonic()
                due = looked + EVERY
                if looked >= told + HEAD_EVERY:
                    self._send_head()
                    told = looked
        if self._connector is not None:
            self._hear()
        self._look()
        if self._connector is not None:
            tell(self._connector, PROC_CN_MCAST_IGNORE)  # kernels before 6.6 don't notice that we are gone

    def _say(self, kind: str, frames: list[Frame]) -> None:
        data = marshal.dumps((kind, frames))
        self._line.sendall(LENGTH.pack(len(data)) + data)

    def _hear(self) -> bool:
        """Take in events; True if a process began or ended."""
        assert self._connector is not None
        shift = time.time_ns() - time.monotonic_ns()
        head = _cooked(PACKET_MULTICAST, CONNECTOR)
        frames: list[Frame] = []
        for data in _datagrams(self._connector):
            if len(data) < _EVENT.size + 8:
                continue
            *_, what, _, stamp = _EVENT.unpack_from(data)
            one, two, three, four = _IDS.unpack_from(data.ljust(_EVENT.size + 16, b"\0"), _EVENT.size)
            said: list[str] = []
            if what == FORK and three == four:
                if two in self._names:
                    self._names[four] = self._names[two]
            elif what == EXEC or (what == COMM and one == two):
                name = _comm(two)
                if name is not None:
                    self._names[two] = name
                    said = [comments.say("processes", two, name)]
            elif what == EXIT and one == two:
                self._names.pop(one, None)
            else:
                continue
            frames.append((stamp + shift, 0, head + data, said))
        if frames:
            self._say("write", frames)
        return bool(frames)

    def _look(self) -> None:
        """Ask for all sockets in each place, and tell of them where something is new."""
        for number in range(len(self._places)):
            frames, found = self._dump(number)
            if not frames:
                continue
            fresh = {inode for _, port, inode in found if port} - self._owners.keys()
            if fresh:
                self._look_up({inode for _, port, inode in found if port})
            if found != self._lists[number] or fresh:
                said = self._said(found)
                self._lists[number] = found
                frames[-1][3].extend(said)
                self._latest[number] = frames
                self._say("write", frames)

    def _said(self, found: frozenset[tuple[int, int, int]]) -> list[str]:
        return [
            comments.say("port", protocol, port, *(f"{name}[{pid}]" for pid, name in self._owners[inode]))
            for protocol, port, inode in sorted(found)
            if self._owners.get(inode)
        ]

    def _dump(self, number: int) -> tuple[list[Frame], frozenset[tuple[int, int, int]]]:
        """NETLINK_DIAG's answer as frames; protocol, port and inode of each socket but ours."""
        diag = self._places[number].diag
        mine = diag.getsockname()[0]
        self._sequence += 1
        body = struct.pack("=BBHIIII", AF_NETLINK, NDIAG_PROTO_ALL, 0, 0, NDIAG_SHOW, 0, 0)
        head = _HEADER.pack(
            16 + len(body), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, self._sequence & 0xFFFFFFFF, mine
        )
        cooked = _cooked(PACKET_USER, SOCK_DIAG)
        frames: list[Frame] = []
        found: set[tuple[int, int, int]] = set()
        try:
            diag.send(head + body)
            while True:
                data = diag.recv(1 << 18)
                frames.append((time.time_ns(), number, cooked + data, []))
                for kind, at in _messages(data):
                    if kind == NLMSG_ERROR:
                        return [], frozenset()
                    if kind == NLMSG_DONE:
                        return frames, frozenset(found)
                    if len(data) - at >= _LISTED.size:
                        _, _, protocol, _, port, _, _, inode = _LISTED.unpack_from(data, at)
                        if (protocol, port) != (SOCK_DIAG, mine):
                            found.add((protocol, port, inode))
        except OSError:
            return [], frozenset()  # no NETLINK_DIAG, or it does not answer

    def _look_up(self, inodes: set[int]) -> None:
        """Who has these sockets open."""
        found: dict[int, Owners] = {inode: [] for inode in inodes}
        for pid in _pids():
            for inode in _sockets(pid):
                if inode in found:
                    found[inode].append((pid, self._names.get(pid) or _comm(pid) or "?"))
        self._owners = found

    def _send_head(self) -> None:
        """What a file that begins later must know: the sockets, and the names of all processes."""
        frames = [(stamp, number, data, list(said)) for one in self._latest for stamp, number, data, said in one]
        if frames:
            words = [word for pid, name in sorted(self._names.items()) for word in (pid, name)]
            step = 2 * AT_ONCE
            frames[-1][3].extend(comments.say("processes", *words[at : at + step]) for at in range(0, len(words), step))
        self._say("head", frames)


def _messages(data: bytes) -> Iterator[tuple[int, int]]:
    """Type of each message of a datagram, and where its body begins."""
    at = 0
    while len(data) - at >= 16:
        length, kind, *_ = _HEADER.unpack_from(data, at)
        if length < 16:
            return
        yield kind, at + 16
        at += length + 3 & ~3


def _datagrams(source: socket.socket) -> Iterator[bytes]:
    """What is there; what was lost for want of room stays lost."""
    while True:
        try:
            yield source.recv(1 << 12)
        except OSError as error:
            if error.errno == errno.ENOBUFS:
                continue
            return


def _pids() -> list[int]:
    return sorted(int(name) for name in os.listdir("/proc") if name.isdecimal())


def _comm(pid: int) -> str | None:
    try:
        with open(f"/proc/{pid}/comm", "rb") as file:
            return os.fsdecode(file.read().rstrip(b"\n"))
    except OSError:
        return None


def _is_kernels(pid: int) -> bool:
    """Whether it is a thread of the kernel, which has no sockets in a process's name."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return bool(int(file.read().rpartition(b")")[2].split()[6]) & PF_KTHREAD)
    except (OSError, IndexError, ValueError):
        return False


def _sockets(pid: int) -> set[int]:
    """Inodes of the sockets that a process has open, as far as that may be seen."""
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
