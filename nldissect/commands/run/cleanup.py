"""Termination of a command whose watcher was killed."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1


def with_its_parent() -> Callable[[], None]:
    """Return a function that a child runs before it becomes the command: the death of this process then ends it.

    The command gets SIGTERM, its children do not (PR_SET_PDEATHSIG(2const)). A tracer that dies of the same may swallow
    the signal.
    """
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def begin() -> None:
        prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    return begin


def identity(pid: int) -> bytes:
    """Return a process's number and start time in ticks since boot (proc_pid_stat(5)); empty if it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return b""
    return b"%d %s" % (pid, text.rpartition(b")")[2].split()[19])


def terminate(known: bytes) -> None:
    """Send SIGTERM to a process, unless it has ended and its number is another's.

    known   the process, as `identity` returns it
    """
    pid = int(known.split()[0]) if known else 0
    if pid and identity(pid) == known:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGTERM)
