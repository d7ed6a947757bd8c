"""A child process that watches which processes hold netlink sockets during a capture; its results are frames.

It asks NETLINK_DIAG for the sockets, reads in /proc which processes have them open, and receives events of the proc
connector for processes that begin and end, whose names it reads before they are gone. Raw answers and events are
frames, with the facts from /proc as comments; only what is needed to know where to look is decoded.
"""

from __future__ import annotations

import marshal
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Sequence

from ..own_frames import SentRequests, socket_key
from ..privileges import network
from ..source import Origin, network_inode
from .child import LENGTH, PATIENCE, SOCK_DIAG, Frame, WatchedNamespace, Watcher, diag_request
from .proc_events import process_events


class ProcessWatch:
    """The capture process's end of the watch. `fileno` is readable when there is something to `read`.

    origins   sources of its frames: one for each network namespace
    own       requests of its sockets, as raw_netlink.OWN has them
    lack      why there are no process events; None where there are
    """

    def __init__(self, netns: Sequence[str]) -> None:
        connector, self.lack = process_events()
        self._places = [place for one in netns or (None,) if (place := _place(one)) is not None]
        self.origins = [place.origin for place in self._places]
        self.own = dict(_asked(one.diag.getsockname()[0]) for one in self._places)  # equal ports ask the same
        self._line, theirs = socket.socketpair()
        self._pid = os.fork()
        if self._pid == 0:
            status = 1
            try:
                Watcher(theirs, connector, self._places).run()
                status = 0
            finally:
                os._exit(status)
        theirs.close()
        for one in (connector, *(place.diag for place in self._places)):
            if one is not None:
                one.close()
        self._line.setblocking(False)
        self._begun = b""
        self._head: list[Frame] = []
        self.over = False

    def fileno(self) -> int:
        return self._line.fileno()

    def speaker(self, port: bytes) -> None:
        """Let the watch find the owner of a port id that is new. That may be late, and find nothing."""
        try:
            self._line.send(port, socket.MSG_DONTWAIT)
        except OSError:
            pass  # it has enough to look at, or has ended

    def head(self) -> list[Frame]:
        """Return the frames that a file begun now must have of the time before."""
        return self._head

    def read(self, write: Callable[[Frame], None]) -> None:
        """Hand over the frames that have come."""
        while not self.over:
            try:
                data = self._line.recv(1 << 18)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self._end()
                return
            self._take(data, write)

    def _take(self, data: bytes, write: Callable[[Frame], None]) -> None:
        self._begun += data
        while len(self._begun) >= 4:
            (length,) = LENGTH.unpack_from(self._begun)
            if len(self._begun) < 4 + length:
                return
            kind, frames = marshal.loads(self._begun[4 : 4 + length])
            self._begun = self._begun[4 + length :]
            if kind == "head":
                self._head = frames
                continue
            for frame in frames:
                write(frame)

    def _end(self) -> None:
        """End the watch, as nothing more will come: the descriptor stays, and is never readable again."""
        self.over = True
        self._silence = os.pipe()
        os.dup2(self._silence[0], self._line.fileno())

    def first(self, write: Callable[[Frame], None]) -> None:
        """Wait for the first look."""
        self._wait(write, lambda: bool(self._head))

    def finish(self, write: Callable[[Frame], None]) -> None:
        """Let the child look a last time, hand over the result, and end it."""
        try:
            self._line.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it has ended already
        self._wait(write, lambda: self.over)
        self.close()

    def _wait(self, write: Callable[[Frame], None], done: Callable[[], bool]) -> None:
        poll = select.poll()
        poll.register(self._line.fileno(), select.POLLIN)
        deadline = time.monotonic() + PATIENCE
        while not done() and not self.over and (left := deadline - time.monotonic()) > 0:
            poll.poll(max(1, 1000 * left))
            self.read(write)

    def close(self) -> None:
        """End the child: it ends by itself with its line, and can't be killed where we have become another user."""
        if self._pid:
            self._line.close()
            try:
                os.kill(self._pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
            deadline = time.monotonic() + PATIENCE
            try:
                while os.waitpid(self._pid, os.WNOHANG) == (0, 0) and time.monotonic() < deadline:
                    time.sleep(0.005)
            except ChildProcessError:
                pass
            self._pid = 0


def _asked(port: int) -> tuple[bytes, SentRequests]:
    """Return the requests that the socket with a port id sends, by its key."""
    sent = SentRequests(sequences=None)
    sent.add(diag_request(0, port))
    return socket_key(SOCK_DIAG, port), sent


def _place(netns: str | None) -> WatchedNamespace | None:
    with network(netns):
        try:
            diag = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, SOCK_DIAG)
        except OSError:
            return None
        diag.bind((0, 0))
        diag.settimeout(PATIENCE)
        return WatchedNamespace(
            Origin("processes", "NETLINK_DIAG and the proc connector", netns, network_inode()), diag
        )
