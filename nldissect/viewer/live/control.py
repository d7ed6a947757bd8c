"""Control of live captures: a process, forked early, that keeps the privileges to start them and decodes nothing.

The viewer's own process gives up its privileges and reads the files of the capture, as any user could.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from nldissect.capture import CaptureProcess, Result
from nldissect.errors import CaptureError, NldissectError

TICK = 0.2
"""Seconds between checks of the capture."""
PATIENCE = 15.0
"""Seconds for a capture to begin or to end."""


MOST = 64
"""Maximum number of files reported to the viewer, the latest."""


@dataclass
class CaptureState:
    """State of the capture.

    turn       number of captures requested so far
    files      files of the capture, the oldest first, as FileStart has them, without the first `earlier` ones
    preamble   number of frames at the beginning that are the table of generic netlink families
    ended      nothing more will be captured
    """

    turn: int = 0
    device: str = ""
    preamble: int = 0
    files: list[dict[str, Any]] = field(default_factory=list)
    earlier: int = 0
    ended: bool = True
    result: Result = field(default_factory=Result)


class CaptureControl:
    """The viewer's end of the connection. `make` creates the capture, in the other process.

    private   the files are temporary, and removed with the capture
    """

    def __init__(self, make: Callable[[], CaptureProcess], private: bool) -> None:
        self.private = private
        self.state = CaptureState()
        self._turn = 0
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._pid = os.fork()
        if self._pid == 0:
            self._line.close()
            _serve(theirs, make)
        theirs.close()

    def start(self) -> CaptureState:
        """Start a new capture, removing a private one before it, and wait until it runs; CaptureError if it fails."""
        self._turn += 1
        self._say("start")
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self._listen(TICK)
            if self.state.turn == self._turn:
                if self.state.result.error and not self.state.files:
                    raise CaptureError(self.state.result.error)
                return self.state
        raise CaptureError("the capture does not begin; `nldissect doctor` says what is missing")

    def stop(self) -> None:
        """Request the end of the capture."""
        self._say("stop")

    def look(self) -> CaptureState:
        """Return the present state."""
        while self._listen(0):
            pass
        return self.state

    def close(self) -> None:
        """End the capture and its process; private files are removed."""
        self._line.close()
        try:
            os.waitpid(self._pid, 0)
        except ChildProcessError:
            pass  # another part of the process has waited for all children

    def _say(self, what: str) -> None:
        try:
            self._line.send(what.encode())
        except OSError:
            raise CaptureError("the process that captures is gone; start nldissect again") from None

    def _listen(self, timeout: float) -> bool:
        poll = select.poll()
        poll.register(self._line, select.POLLIN)
        if not poll.poll(1000 * timeout):
            return False
        data = self._line.recv(1 << 16)
        if not data:
            self.state.ended = True
            return False
        told = json.loads(data)
        self.state = CaptureState(**{**told, "result": Result(**told["result"])})
        return True


def _serve(line: socket.socket, make: Callable[[], CaptureProcess]) -> None:
    """Start and stop captures on request until the viewer has ended; never return."""
    status = 1
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # the viewer handles them; this process ends with it
        _Server(line, make).run()
        status = 0
    finally:
        os._exit(status)


class _Server:
    def __init__(self, line: socket.socket, make: Callable[[], CaptureProcess]) -> None:
        self._line, self._make = line, make
        self._live: CaptureProcess | None = None
        self._state = CaptureState()
        self._told = ""

    def run(self) -> None:
        poll = select.poll()
        poll.register(self._line, select.POLLIN)
        try:
            while True:
                if poll.poll(1000 * TICK):
                    what = self._line.recv(64)
                    if not what:
                        return
                    if what == b"start":
                        self._start()
                    elif self._live is not None:
                        self._live.stop()
                self._tell()
        finally:
            self._end()

    def _start(self) -> None:
        self._end()
        self._state = CaptureState(turn=self._state.turn + 1)
        try:
            self._live = self._make().__enter__()
        except NldissectError as error:
            self._live = None
            self._state.result.error = str(error)

    def _end(self) -> None:
        live, self._live = self._live, None
        if live is not None:
            live.__exit__(None, None, None)

    def _tell(self) -> None:
        live, state = self._live, self._state
        if live is not None:
            state.ended, state.result = live.ended(), live.progress
            state.device, state.preamble = live.device, live.preamble
            state.earlier = max(len(live.files) - MOST, 0)
            state.files = [asdict(one) for one in live.files[state.earlier :]]
        text = json.dumps(asdict(state))
        if text != self._told:
            try:
                self._line.send(text.encode(), socket.MSG_DONTWAIT)
                self._told = text
            except BlockingIOError:
                pass  # the viewer is busy: the state is sent at the next check
