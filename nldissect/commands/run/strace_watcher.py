"""Watcher of a command under strace: its calls on netlink sockets are read as a capture while they happen (strace(1)).

strace is the command's grandchild, not its parent: the command is our own child, in our process group, with our files.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from nldissect.capture.janitor import Janitor
from nldissect.capture.private_folders import make_folder

from .cleanup import identity, terminate
from .setuid import withheld
from .strace_probe import CALLS, DUMPS

DECIMALS = 6
PATIENCE = 5.0


class StraceWatcher:
    """The command while it runs: `with StraceWatcher(command) as traced:`; `traced.reader` gives its frames.

    options  those that the host's strace takes (StraceProbe)
    said     comments for the file, `learnt` for the interface
    pid      of the command
    reader   ends when the command and all its children have ended
    """

    guessed = 0
    pid = 0
    _detaching = False

    def __init__(
        self, command: list[str], options: Sequence[str], said: Sequence[str] = (), learnt: Sequence[str] = ()
    ) -> None:
        self._command, self._options = command, options
        self._said, self._learnt = said, learnt

    def __enter__(self) -> Self:
        self._place, self._lock = make_folder()
        self._stack = contextlib.ExitStack()
        self._stack.callback(os.close, self._lock)
        self._stack.callback(shutil.rmtree, self._place, ignore_errors=True)
        self._janitor = Janitor(self._tidy)
        self._stack.enter_context(self._janitor)
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def _start(self) -> None:
        path = os.path.join(self._place, "log")
        os.mkfifo(path, 0o600)
        out = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        arguments = ["strace", "-DD", "-I2", *self._options, "-e", CALLS, *DUMPS, "-o", path, "--", *self._command]
        self._process = subprocess.Popen(arguments, preexec_fn=lambda: self._janitor.tell(identity(os.getpid())))
        self.pid = self._process.pid
        from nldissect.capfile.byte_source import PlainSource
        from nldissect.capfile.reader import Reader  # while strace starts
        from nldissect.capfile.strace.translate import StraceSource
        from nldissect.sizes import SIZES

        poll = select.poll()
        poll.register(out, select.POLLIN)
        while not poll.poll(50) and self._process.poll() is None:
            pass
        os.set_blocking(out, True)
        plain = PlainSource(os.fdopen(out, "rb", buffering=0), ours=True, growing=False)
        home = str(os.stat("/proc/self/ns/net").st_ino)
        self._log = StraceSource(plain, b"", DECIMALS, self._said, self._learnt, home)
        self.reader = Reader("the command", self._log, b"", SIZES.window)

    def _tidy(self) -> bool:
        """Remove the folder, and end strace, if this process was killed; runs in the janitor's process."""
        if os.path.exists(self._place):
            log, deadline = os.path.join(self._place, "log"), time.monotonic() + PATIENCE
            while signal_tracers(log, signal.SIGTERM) and time.monotonic() < deadline:
                time.sleep(0.01)  # a signal that comes while strace detaches may be lost
            signal_tracers(log, signal.SIGKILL)
            terminate(self._janitor.told)
            shutil.rmtree(self._place, ignore_errors=True)
        return True

    @property
    def ended(self) -> bool:
        """True once the command has ended; its children may go on."""
        return bool(self.pid) and self._process.poll() is not None

    def remarks(self) -> list[str]:
        """Return lines about failed calls on netlink sockets, which no message shows, and about privileges withheld."""
        failed = [
            f"{what} failed with {error}{f', {count} times' if count > 1 else ''}"
            for (what, error), count in self._log.failed.items()
        ]
        told = shutil.which(self._command[0])
        lost = [(path, what) for path in self._log.executed if path != told and (what := withheld(path)) is not None]
        return failed + [f"{path} is {what}, and ran without that, because a user traced it" for path, what in lost]

    def pass_on(self, number: int) -> None:
        """Send a signal to the command; if it has ended, have strace detach from the processes that it left running.

        If that takes long, the next signal kills strace.
        """
        if not self.ended:
            self._process.send_signal(number)
            return
        signal_tracers(os.path.join(self._place, "log"), signal.SIGKILL if self._detaching else signal.SIGTERM)
        self._detaching = True

    def status(self) -> int:
        """Wait for the command to end; return its exit status as shells do (128 + N after signal N)."""
        code = self._process.wait()
        return code if code >= 0 else 128 - code

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.reader.close()
        shutil.rmtree(self._place, ignore_errors=True)
        self._process.wait()
        self._stack.close()


def signal_tracers(log: str, number: signal.Signals) -> bool:
    """Send a signal to the strace that writes to this log; return False if there is none.

    SIGTERM makes strace detach from all processes and end. strace 6.13 hangs where a command forks meanwhile: it waits
    for the parent, which is in vfork(2), and ignores the child, which is stopped. SIGKILL ends it then, and the kernel
    detaches from all processes of a tracer that dies.
    """
    tracers = _with_argument(log)
    for tracer in tracers:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(tracer, number)
    return bool(tracers)


def _with_argument(text: str) -> list[int]:
    """Return the processes whose command line has this argument: strace, whose number only the command knew."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if text.encode() in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return found
