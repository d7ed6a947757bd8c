"""Commands to a running capture process: by signals, and through the line from the process that started it."""

from __future__ import annotations

import io
import os
import select
import signal
import socket
from collections.abc import Callable

from ..loop import signals_as_file

STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STATISTICS, FLUSH = b"statistics", b"flush"
GRACE = 2.0  # seconds that a reader of our output that takes nothing delays the end


class Control:
    """Files to wait for, each with the function that reads it and returns whether to stop: see `Loop`.

    SIGUSR1, or STATISTICS on the line, asks for counts, SIGUSR2, or FLUSH, for everything to be written; the end of the
    line asks for the end.
    """

    def __init__(self, line: socket.socket) -> None:
        self.stopped = False
        self.holding = False  # in the middle of a write
        self.statistics: Callable[[], None] = lambda: None
        self.flush: Callable[[], None] = lambda: None
        self._line = line
        self._signals = signals_as_file(*STOP, signal.SIGUSR1, signal.SIGUSR2)
        self.files = {line.fileno(): self._from_line, self._signals: self._from_signals}

    def _from_signals(self) -> bool:
        for number in os.read(self._signals, 64):
            if number in STOP:
                self.stopped = True
            elif number in (signal.SIGUSR1, signal.SIGUSR2):
                self._obey(STATISTICS if number == signal.SIGUSR1 else FLUSH)
        return self.stopped

    def _from_line(self) -> bool:
        try:
            self._obey(self._line.recv(64))
        except OSError:
            self.stopped = True
        return self.stopped

    def _obey(self, order: bytes) -> None:
        if order == STATISTICS:
            self.statistics()
        elif order == FLUSH and not self.holding:
            self.flush()
        elif not order:
            self.stopped = True


class InterruptiblePipe(io.RawIOBase):
    """A pipe, written to as fast as its reader reads. Commands are read meanwhile: a slow reader delays no end."""

    def __init__(self, descriptor: int, orders: Control) -> None:
        self._descriptor, self._orders = descriptor, orders

    def write(self, data: bytes | memoryview) -> int:  # type: ignore[override]
        """Write at most PIPE_BUF bytes, which certainly fit; return their number.

        TimeoutError: the end was asked for, and the reader reads nothing.
        """
        self._orders.holding = True
        try:
            self._wait()
        finally:
            self._orders.holding = False
        return os.write(self._descriptor, data[: select.PIPE_BUF])

    def _wait(self) -> None:
        poll = select.poll()
        poll.register(self._descriptor, select.POLLOUT)
        if not self._orders.stopped:
            for descriptor in self._orders.files:
                poll.register(descriptor, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in poll.poll(1000 * GRACE if self._orders.stopped else None)}
            if self._descriptor in ready:
                return
            if not ready:
                raise TimeoutError(0, "its reader takes nothing")
            if any(self._orders.files[descriptor]() for descriptor in ready):
                for descriptor in self._orders.files:
                    poll.unregister(descriptor)

    def fileno(self) -> int:
        return self._descriptor
