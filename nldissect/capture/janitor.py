"""A child process that outlives every other part of a capture just long enough to remove its device."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable
from functools import partial
from types import TracebackType
from typing import Self

from .host_checks import CAP_NET_ADMIN
from .nlmon_device import Device, remove
from .privileges import keep_only, set_name


def keep_descriptors(kept: Iterable[int]) -> None:
    """Close every file of this process but these, so that it keeps no other pipe open; 0, 1 and 2 become /dev/null."""
    keep = {*kept}
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        if number not in keep:
            os.dup2(nowhere, number)
    for number in map(int, os.listdir("/proc/self/fd")):
        if number > 2 and number not in keep:
            try:
                os.close(number)
            except OSError:
                pass  # the one that listed the directory


class Janitor:
    """A child process that removes a device at the end of a `with` block, and also if this process is killed.

    The child waits for its pipe to close, in a session of its own, ignores Ctrl-C, and has CAP_NET_ADMIN and no other
    capability. Instead of a device it may be given a function to run then, which can do with that capability.
    `holds` are files it keeps open: a reader of their other end learns when the device is gone. `told` is, in the
    child, what `tell` wrote.
    """

    def __init__(self, device: Device | Callable[[], bool], holds: Iterable[int] = ()) -> None:
        self._tidy: Callable[[], bool] = device if callable(device) else partial(remove, device)
        self._holds = tuple(holds)
        self.told = b""

    def __enter__(self) -> Self:
        waiting, self._pipe = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                status = self._wait(waiting)
            finally:
                os._exit(status)
        os.close(waiting)
        return self

    def tell(self, what: bytes) -> None:
        """Write bytes for the child; a fork of this process may also do it."""
        os.write(self._pipe, what)

    def _wait(self, pipe: int) -> int:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(number, signal.SIG_IGN)
        os.setsid()
        set_name("nldissect-tidy")
        keep_descriptors((pipe, *self._holds))
        keep_only(CAP_NET_ADMIN)
        while data := os.read(pipe, 64):
            self.told += data
        return 0 if self._tidy() else 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._pipe)
        try:
            os.waitpid(self.pid, 0)
        except ChildProcessError:
            pass  # somebody waited for all children
