"""The child process of a watch (parent.py): asks for sockets, reads /proc, receives process events."""

from __future__ import annotations

import marshal
import os
import select
import signal
import socket
import struct
import time
from collections.abc import Iterator
from typing import NamedTuple

from nldissect.capfile import comments
from nldissect.uapi import (
    CAP_DAC_READ_SEARCH,
    CAP_SYS_PTRACE,
    NETLINK_CONNECTOR,
    NLM_F_DUMP,
    NLM_F_REQUEST,
    NLMSG_DONE,
    NLMSG_ERROR,
    NLMSG_HDRLEN,
    PACKET_MULTICAST,
    PACKET_USER,
    PROC_CN_MCAST_IGNORE,
    PROC_EVENT_COMM,
    PROC_EVENT_EXEC,
    PROC_EVENT_EXIT,
    PROC_EVENT_FORK,
    STRUCT_NLMSGHDR,
    nlmsg_align,
    sll_header,
)

from .. import procfs
from ..host_checks import effective_capabilities
from ..janitor import keep_descriptors
from ..privileges import keep_only, set_name
from ..source import Origin
from .proc_events import events, tell
from .roster import Roster

SOCK_DIAG = 4
AF_NETLINK = 16
SOCK_DIAG_BY_FAMILY, NDIAG_PROTO_ALL = 20, 255
NDIAG_SHOW = 0x1 | 0x2 | 0x8  # memory, groups, flags
EVERY = 5.0  # seconds from one look at the sockets to the next, if nothing happens
BLIND = 1.0  # the same where there are no process events
SOON = 0.1  # seconds to the next look after a process began or ended
OFTEN = 0.5  # seconds between two looks, at least
AT_ONCE = 0.05  # the same if a port id has spoken whose process is not known
SHARE = 20  # looking takes at most this fraction of the time, 1 / SHARE
HEAD_EVERY = 10.0
PATIENCE = 1.0

_LISTED = struct.Struct("=BBBBIIII")  # family, type, protocol, state, port, its peer and group, inode
LENGTH = struct.Struct("=I")
PORT = struct.Struct("=I")
"""Message of the capture: a port id that occurs for the first time."""
PORTS_AT_ONCE = 1000
PID = (1 << 22) - 1
"""The part of a port id that is the number of its process (PID_MAX_LIMIT of linux/threads.h); libnl puts a count above
it (generate_local_port of its lib/socket.c).
"""

Frame = tuple[int, int, bytes, list[str]]  # nanoseconds, number of the place, bytes, comments


class WatchedNamespace(NamedTuple):
    """A network namespace, and a socket that asks NETLINK_DIAG in it."""

    origin: Origin
    diag: socket.socket


def diag_request(sequence: int, port: int) -> bytes:
    """Return the request for all netlink sockets."""
    body = struct.pack("=BBHIIII", AF_NETLINK, NDIAG_PROTO_ALL, 0, 0, NDIAG_SHOW, 0, 0)
    return (
        STRUCT_NLMSGHDR.pack(NLMSG_HDRLEN + len(body), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, sequence, port)
        + body
    )


class Watcher:
    """The work of the child until its line to the capture ends."""

    def __init__(self, line: socket.socket, connector: socket.socket | None, places: list[WatchedNamespace]) -> None:
        self._line, self._connector, self._places = line, connector, places
        self._roster = Roster()
        self._owners: dict[int, list[int]] = {}  # processes by the socket's inode
        self._stirred = True  # owners of sockets may have changed
        self._sockets: list[frozenset[tuple[int, int, int]]] = [frozenset() for _ in places]
        self._said: list[list[str]] = [[] for _ in places]
        self._latest: list[list[Frame]] = [[] for _ in places]
        self._sequence = int.from_bytes(os.urandom(3), "little")
        self._looked = self._cost = 0.0

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
        self._look()
        self._send_head()
        poll = select.poll()
        poll.register(self._line, select.POLLIN)
        if self._connector is not None:
            poll.register(self._connector, select.POLLIN)
        told, due = self._looked, self._after(EVERY if self._connector else BLIND)
        while True:
            ready = {number for number, _ in poll.poll(max(1, 1000 * (due - time.monotonic())))}
            if self._connector is not None and self._connector.fileno() in ready and self._hear():
                due = min(due, max(self._after(OFTEN), time.monotonic() + SOON))
            if self._line.fileno() in ready:
                if not (ports := self._line.recv(PORT.size * PORTS_AT_ONCE)):
                    break
                due = min(due, self._after(OFTEN if self._meet(ports) else AT_ONCE))
            if time.monotonic() >= due:
                self._look()
                due = self._after(EVERY if self._connector else BLIND)
                if self._looked >= told + HEAD_EVERY:
                    self._send_head()
                    told = self._looked
        if self._connector is not None:
            self._hear()
        self._look()
        if self._connector is not None:
            tell(self._connector, PROC_CN_MCAST_IGNORE)  # kernels before 6.6 don't notice that we are gone

    def _after(self, seconds: float) -> float:
        """Return the time of the next look: `seconds` after the last one, or later if looks take long."""
        return self._looked + max(seconds, SHARE * self._cost)

    def _meet(self, ports: bytes) -> bool:
        """Return whether new port ids contain processes that are known; others are found by a look at the sockets.

        Where there are no process events, the processes are looked up now: some are gone when all are looked at.
        """
        known = True
        for (port,) in PORT.iter_unpack(ports[: len(ports) // PORT.size * PORT.size]):
            if self._connector is None and port & PID:
                self._roster.meet(port & PID)
            known = known and port & PID in self._roster.names
        return known

    def _say(self, kind: str, frames: list[Frame]) -> None:
        data = marshal.dumps((kind, frames))
        self._line.sendall(LENGTH.pack(len(data)) + data)

    def _hear(self) -> bool:
        """Read process events and hand them over as frames; return True if a process began, ended or took a name."""
        assert self._connector is not None
        shift = time.time_ns() - time.monotonic_ns()
        head = sll_header(PACKET_MULTICAST, NETLINK_CONNECTOR)
        frames: list[Frame] = []
        names, holders = self._roster.names, {pid for owners in self._owners.values() for pid in owners}
        for event in events(self._connector):
            one, two, _, child = event.ids
            said: list[str] = []
            if event.what == PROC_EVENT_FORK and event.of_process:
                self._roster.began(child, two)
                self._stirred = self._stirred or two in holders
            elif event.what == PROC_EVENT_EXEC or (event.what == PROC_EVENT_COMM and event.of_process):
                name = procfs.comm(two)
                if name is not None:
                    names[two] = name
                    said = [comments.format_comment("processes", two, name), *self._roster.moved(two)]
            elif event.what == PROC_EVENT_EXIT and event.of_process:
                self._roster.forget(one)
                self._stirred = self._stirred or one in holders
            else:
                continue
            frames.append((event.stamp + shift, 0, head + event.data, said))
        if frames:
            self._say("write", frames)
        return bool(frames)

    def _look(self) -> None:
        """Ask for all sockets in each namespace, and hand over the answers where something is new."""
        self._looked, busy = time.monotonic(), time.process_time()
        if self._connector is None or not self._roster.names:
            self._stirred = self._roster.call() or self._stirred
        news, before = self._roster.news(), list(self._sockets)
        dumps = [self._dump(number) for number in range(len(self._places))]
        for number, (frames, found) in enumerate(dumps):
            self._sockets[number] = found if frames else before[number]
        self._find_owners({inode for found in self._sockets for _, port, inode in found if port})
        for number, (frames, found) in enumerate(dumps):
            if not frames:
                continue
            said = self._ports(found)
            new = found != before[number] or said != self._said[number]
            if new:
                self._said[number] = said
                self._latest[number] = [*frames[:-1], (*frames[-1][:3], said)]
            if new or news:
                self._say("write", [*frames[:-1], (*frames[-1][:3], [*news, *said])])
                news = []
        self._cost = time.process_time() - busy

    def _ports(self, found: frozenset[tuple[int, int, int]]) -> list[str]:
        """Return comments on the owners of each socket, and on the starts of those processes."""
        ports = [
            comments.format_comment(
                "port", protocol, port, *(f"{self._roster.name(pid)}[{pid}]" for pid in self._owners[inode])
            )
            for protocol, port, inode in sorted(found)
            if self._owners.get(inode)
        ]
        pids = {pid for _, _, inode in found for pid in self._owners.get(inode, ())}
        return [*self._roster.starts(sorted(pids)), *ports]

    def _dump(self, number: int) -> tuple[list[Frame], frozenset[tuple[int, int, int]]]:
        """Return NETLINK_DIAG's answer as frames, and protocol, port and inode of each socket but ours.

        Both are empty without an answer.
        """
        diag = self._places[number].diag
        mine = diag.getsockname()[0]
        self._sequence += 1
        cooked = sll_header(PACKET_USER, SOCK_DIAG)
        frames: list[Frame] = []
        found: set[tuple[int, int, int]] = set()
        try:
            diag.send(diag_request(self._sequence & 0xFFFFFFFF, mine))
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

    def _find_owners(self, inodes: set[int]) -> None:
        """Find the processes that have these sockets open.

        All sockets are looked at, or, where nothing has changed, those that several processes had open.
        """
        known = self._owners
        whole = self._stirred or bool(inodes - known.keys())
        wanted = inodes if whole else {inode for inode in inodes if len(known[inode]) > 1}
        found: dict[int, list[int]] = {inode: [] for inode in wanted}
        for pid in self._roster.pids() if whole else sorted({pid for inode in wanted for pid in known[inode]}):
            for inode in procfs.sockets(pid) & wanted:
                found[inode].append(pid)
        self._owners = {inode: found[inode] if inode in found else known[inode] for inode in inodes}
        self._stirred = False

    def _send_head(self) -> None:
        """Hand over the frames that a file begun later must have: the sockets, and what is known of all processes."""
        frames = [(stamp, number, data, list(said)) for one in self._latest for stamp, number, data, said in one]
        if frames:
            frames[-1][3].extend(self._roster.all())
        self._say("head", frames)


def _messages(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the type of each message of a datagram, and the offset of its body."""
    at = 0
    while len(data) - at >= NLMSG_HDRLEN:
        length, kind, *_ = STRUCT_NLMSGHDR.unpack_from(data, at)
        if length < NLMSG_HDRLEN:
            return
        yield kind, at + NLMSG_HDRLEN
        at += nlmsg_align(length)
