"""Trial of strace on `true`: shows whether strace can trace here, and with which options (strace(1))."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from nldissect.errors import CaptureError

CALLS = "trace=%network,%process,prctl,setns,unshare,read,write,readv,writev"
DUMPS = ("-e", "read=!0,1,2", "-e", "write=!0,1,2")
"""Data of the command's standard files is not dumped: it may be much, and they are no sockets."""
OLDER = ("-f", "-q", "-yy", "-T", "-ttt", "-s", "0")
BEST = (*OLDER, "-Y")


class StraceProbe:
    """A trial of strace that runs in the background from now on."""

    def __init__(self) -> None:
        self._program = shutil.which("strace")
        self._trial = self._start(BEST)

    def _start(self, tried: tuple[str, ...]) -> subprocess.Popen[str] | None:
        if self._program is None:
            return None
        return subprocess.Popen(
            [self._program, *tried, "-e", CALLS, *DUMPS, "-o", os.devnull, "true"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace",
        )  # fmt: skip

    def options(self) -> tuple[str, ...]:
        """Wait for the trial; return the options that this host's strace takes, CaptureError if it can't trace here."""
        said = ""
        for tried in (BEST, OLDER):
            trial = self._trial or self._start(tried)
            self._trial = None
            if trial is None:
                raise CaptureError("strace is not installed; install it (`apt install strace`, `dnf install strace`)")
            _, errors = trial.communicate()
            if trial.returncode == 0:
                return tried
            said = said or " ".join(errors.split("\n")[0].split()) or f"exit status {trial.returncode}"
        raise CaptureError(f"strace can't trace here ({said.removeprefix('strace: ')}); {_mend()}")


def _mend() -> str:
    try:
        scope = int(Path("/proc/sys/kernel/yama/ptrace_scope").read_text())
    except (OSError, ValueError):
        scope = 0
    if scope >= 2:
        return "kernel.yama.ptrace_scope forbids it; use sudo, or lower it with sysctl"
    return "allow ptrace (in a container: --cap-add SYS_PTRACE), or use `--via nlmon` as root"
