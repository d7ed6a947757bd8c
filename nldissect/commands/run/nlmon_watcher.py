"""Watcher of a command on an nlmon device of its own: selects the frames of its sockets as they come (packet(7)).

The device shows all traffic of the network namespace at once, so that the owner of a socket can be looked up while the
socket is still open. A request names no port: it waits for its answer, which names one.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import subprocess
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from nldissect.capfile import PcapngWriter, Reader
from nldissect.capfile.comments import format_comment
from nldissect.capfile.records import SECOND
from nldissect.capfile.strace.translate import BlockSink
from nldissect.capture.host_checks import CAP_NET_ADMIN, effective_capabilities, kernel_lacks_nlmon, nlmon_state
from nldissect.capture.janitor import Janitor
from nldissect.capture.nlmon_device import create, remove_leftovers
from nldissect.capture.process_watch.proc_events import events, process_events, tell
from nldissect.errors import CaptureError
from nldissect.sizes import SIZES
from nldissect.uapi import (
    ARPHRD_NETLINK,
    ETH_P_ALL,
    NLM_F_DUMP,
    NLMSG_DONE,
    NLMSG_ERROR,
    PROC_CN_MCAST_IGNORE,
    PROC_EVENT_EXEC,
    PROC_EVENT_FORK,
    SO_RCVBUFFORCE,
    SO_TIMESTAMPNS,
    STRUCT_NLMSGHDR,
    sll_header,
)
from nldissect.wire.protocol import NLM_F

from .cleanup import with_its_parent
from .socket_owners import CommandSockets, SocketOwner, adopt

BUFFER = 64 << 20
LONGEST = 2 << 20
UNANSWERED, DUE = 0.3, 3.0
"""Seconds that a request, and every frame after it, waits for its answer. DUE is the limit for a request that must be
answered and may be the command's: the kernel may have a module loaded first."""
COPIES = SECOND // 1000
"""Most nanoseconds between copies of a notification."""
PAUSE = 50
"""Milliseconds without a frame after which the watcher checks whether the command has ended."""


@dataclass
class PendingFrame:
    """A frame whose owner is not known yet."""

    stamp: int
    arrived: float
    protocol: int
    kind: int
    data: bytes
    sequence: int
    port: int
    asks: bool
    due: bool
    owner: SocketOwner | None = None


class NlmonWatcher:
    """The command while it runs: `with NlmonWatcher(command) as heard:`; `heard.reader` gives its frames as they come.

    guessed   number of frames that are only likely to be the command's

    Messages of children in another network namespace are not captured.
    """

    pid = 0

    def __init__(self, command: list[str], said: Sequence[str] = (), learnt: Sequence[str] = ()) -> None:
        self._command, self._said, self._learnt = command, said, learnt
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        with self._stack:
            adopt()
            remove_leftovers()
            device = create()
            janitor = self._stack.enter_context(Janitor(device))
            line = self._stack.enter_context(_packets(device.name))
            owners = CommandSockets()
            owners.own(janitor.pid)
            self._heard = CommandFrames(line, owners, self._said, self._learnt)
            self._process = self._heard.process = subprocess.Popen(self._command, preexec_fn=with_its_parent())
            self.pid = self._process.pid
            owners.started(self.pid, os.path.basename(self._command[0])[:15])
            self._heard.begin()
            self.reader = Reader("the command", self._heard, b"", SIZES.window)
            self._stack = self._stack.pop_all()
        return self

    @property
    def guessed(self) -> int:
        return self._heard.guessed

    @property
    def ended(self) -> bool:
        """True once the command has ended; its children may go on."""
        return bool(self.pid) and self._process.poll() is not None

    def remarks(self) -> list[str]:
        """Return no remark: failed calls are not captured."""
        return []

    def pass_on(self, number: int) -> None:
        """Send a signal to the command; if it has ended, stop listening to the processes that it left running."""
        if self.ended:
            self._heard.stopped = True
        else:
            self._process.send_signal(number)

    def status(self) -> int:
        """Wait for the command to end; return its exit status as shells do (128 + N after signal N)."""
        code: int = self._process.wait()
        return code if code >= 0 else 128 - code

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.wait()
        self._heard.close()
        self._stack.close()


def unable() -> str | None:
    """Return the reason not to try to make an nlmon device here; None if a try is worth it."""
    return forbidden() or (kernel_lacks_nlmon()[0] if nlmon_state() == "absent" else None)


def forbidden() -> str | None:
    """Return the reason why this process may make no nlmon device; None if it may."""
    return None if effective_capabilities() >> CAP_NET_ADMIN & 1 else "it needs CAP_NET_ADMIN; use sudo"


def _packets(device: str) -> socket.socket:
    try:
        line = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    except PermissionError:
        raise CaptureError("reading an nlmon device needs CAP_NET_RAW; use sudo, or --via strace") from None
    for option in (SO_RCVBUFFORCE, socket.SO_RCVBUF):
        with contextlib.suppress(OSError):
            line.setsockopt(socket.SOL_SOCKET, option, BUFFER)
            break
    line.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    line.bind((device, ETH_P_ALL))
    line.setblocking(False)
    return line


class CommandFrames:
    """The frames of a command as a pcapng stream; a byte source for a Reader."""

    problem: str | None = None
    process: subprocess.Popen[bytes]

    def __init__(
        self,
        line: socket.socket,
        owners: CommandSockets,
        said: Sequence[str],
        learnt: Sequence[str],
    ) -> None:
        self.over = self.stopped = False
        self._ended: float | None = None
        self._error: Exception | None = None
        self._change = threading.Condition()
        self.guessed = 0
        self._line, self._owners = line, owners
        self._room = bytearray(LONGEST)
        self._connector, _ = process_events()
        self._noted: tuple[int, bytes] = 0, b""
        self._waiting: deque[PendingFrame] = deque()
        self._sink = BlockSink()
        self._writer = PcapngWriter(self._sink, name="the command", comments=said)  # type: ignore[arg-type]
        self._writer.add_interface("nlmon", decimals=6, comments=learnt)

    def begin(self) -> None:
        """Start listening, in a thread of its own: decoding must not delay the lookup of a socket's owner."""
        threading.Thread(target=self._listen, daemon=True).start()

    def readinto(self, room: memoryview) -> int:
        with self._change:
            self._change.wait_for(lambda: self._sink.data or self.over or self._error is not None)
            if self._error is not None:
                raise self._error
            count = min(len(room), len(self._sink.data))
            room[:count] = self._sink.data[:count]
            del self._sink.data[:count]
            return count

    def _listen(self) -> None:
        poll = select.poll()
        poll.register(self._line, select.POLLIN)
        try:
            while not self.over:
                quiet = not poll.poll(PAUSE)
                with self._change:
                    if not quiet:
                        self._receive()
                    self._look_for_the_end(quiet)
                    self._decide()
                    self._writer.flush()
                    self._change.notify_all()
        except Exception as error:  # noqa: BLE001 - whoever reads has to know
            with self._change:
                self._error = error
                self._change.notify_all()

    def _look_for_the_end(self, quiet: bool) -> None:
        if self.stopped or (self.process.poll() is not None and not self._owners.alive()):
            seen = self._ended is not None  # else the last frames may have come since it was quiet
            self._ended = self._ended or time.monotonic()
            self.over = (quiet and seen) or time.monotonic() > self._ended + UNANSWERED  # others may never be quiet

    def _receive(self) -> None:
        while True:
            try:
                count, told, _, address = self._line.recvmsg_into([self._room], 64)
            except BlockingIOError:
                return
            if address[3] != ARPHRD_NETLINK:
                continue
            stamp = next((_time(data) for level, kind, data in told if kind == SO_TIMESTAMPNS), time.time_ns())
            self._take(stamp, address[1], address[2], bytes(self._room[:count]))

    def _take(self, stamp: int, protocol: int, kind: int, data: bytes) -> None:
        self._hear()
        _, number, flags, sequence, port = STRUCT_NLMSGHDR.unpack_from(data) if len(data) >= 16 else (0, 0, 0, 0, 0)
        asks = bool(flags & NLM_F.REQUEST) and number not in (NLMSG_ERROR, NLMSG_DONE)
        due = bool(flags & (NLM_F.ACK | NLM_F_DUMP))
        one = PendingFrame(stamp, time.monotonic(), protocol, kind, data, sequence, port, asks, due)
        self._waiting.append(one)
        if asks:
            if port:
                one.owner = self._owners.of(protocol, port)
            return
        if port:
            one.owner = self._owners.of(protocol, port)
            for other in self._waiting:
                if other.owner is None and other.asks and (other.protocol, other.sequence) == (protocol, sequence):
                    other.owner, other.port = one.owner, port
                    break
        else:
            one.owner = self._notified(one)

    def _hear(self) -> None:
        """Observe the processes that were forked or took another name since the last call."""
        for event in events(self._connector) if self._connector is not None else ():
            _, process, _, child = event.ids
            if event.what == PROC_EVENT_FORK and event.of_process:
                self._owners.born(process, child)
            elif event.what == PROC_EVENT_EXEC:
                self._owners.born(process, process)

    def _notified(self, one: PendingFrame) -> SocketOwner:
        """Return the likely owner of a notification.

        Each listener gets a copy, and nothing says whose a copy is. Copies count once.
        """
        before, data = self._noted
        self._noted = one.stamp, one.data
        if data == one.data and one.stamp - before < COPIES:
            return SocketOwner(False)
        return (self._owners.listens(one.protocol) or SocketOwner(False))._replace(sure=False)

    def _decide(self) -> None:
        """Write the frames that are known to be the command's, in order."""
        while self._waiting:
            one = self._waiting[0]
            if one.owner is None:
                waited = time.monotonic() - one.arrived
                if waited < UNANSWERED and not self.over:
                    return
                self._receive()  # the answer may have come since
            if one.owner is None:
                owner = self._owners.any_of(one.protocol)
                if owner is not None and one.due and waited < DUE and not self.over:
                    return
                one.owner = (owner or SocketOwner(False))._replace(sure=False)
            self._waiting.popleft()
            if one.owner.mine:
                self.guessed += not one.owner.sure
                head = sll_header(one.kind, one.protocol)
                who = format_comment("process", str(one.owner), one.port or "-")
                self._writer.write(one.stamp, head + one.data, None, [who])

    def left(self) -> str | None:
        return None

    def close(self) -> None:
        if self._connector is not None:
            with contextlib.suppress(OSError), self._connector:
                tell(self._connector, PROC_CN_MCAST_IGNORE)  # kernels before 6.6 don't notice that we are gone


def _time(data: bytes) -> int:
    seconds, rest = struct.unpack("=qq", data[:16]) if len(data) >= 16 else struct.unpack("=ii", data[:8])
    return int(seconds * SECOND + rest)
