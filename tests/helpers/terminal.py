"""A terminal for tests: a program in a pseudo terminal of 80 columns, keys typed into it, its screen read."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from pathlib import Path
from types import TracebackType
from typing import Self

_CODES = re.compile(rb"\x1b(?:\[[0-9;?<>=]*[A-Za-z]|\][^\x07]*\x07|[=>()][0-9A-Z]?)")


class Terminal:
    """A program that believes to be at a terminal; `before`: the terminal's settings when it started."""

    def __init__(self, *command: str, home: Path, cwd: Path, **environment: str) -> None:
        self.end, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(self.end)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "SCAPY_"))}
        known = {**inherited, "HOME": str(home), "TERM": "xterm-256color", "PYTHONUTF8": "1", **environment}
        known.pop("NO_COLOR", None)
        self.program = subprocess.Popen(
            command, stdin=inner, stdout=inner, stderr=inner, cwd=cwd, env=known, start_new_session=True
        )
        os.close(inner)
        self.raw = b""
        self.read = 0

    def keys(self, text: str) -> None:
        """Type."""
        os.write(self.end, text.encode())

    def until(self, wanted: str, seconds: float = 60) -> str:
        """Wait for text to be printed; gives what came from the last call's text to this one's, without codes."""
        stop = time.monotonic() + seconds
        while True:
            shown = _CODES.sub(b"", self.raw).decode(errors="replace").replace("\r", "")
            found = shown.find(wanted, self.read)
            if found >= 0:
                start, self.read = self.read, found + len(wanted)
                return shown[start : self.read]
            assert time.monotonic() < stop, f"{wanted!r} did not come in {shown[self.read :]!r}"
            self._take(0.1)

    def ended(self, seconds: float = 60) -> int:
        """Wait for the end; gives the exit status."""
        stop = time.monotonic() + seconds
        while self.program.poll() is None:
            assert time.monotonic() < stop, f"still there: {self.raw[-1000:]!r}"
            self._take(0.1)
        return self.program.returncode

    def _take(self, seconds: float) -> None:
        if select.select([self.end], [], [], seconds)[0]:
            try:
                self.raw += os.read(self.end, 1 << 16)
            except OSError:  # the program has left
                time.sleep(seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.program.poll() is None:
            self.program.kill()
        self.program.wait()
        os.close(self.end)
