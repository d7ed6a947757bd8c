"""Terminal modes before the application starts: keys typed early stay queued, unchanged and not echoed."""

from __future__ import annotations

import os
import termios
from collections.abc import Iterator
from contextlib import contextmanager

from nldissect.errors import NldissectError

INPUT, LOCAL = 0, 3
"""Indexes in the list that tcgetattr returns."""
TURNED = termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON
LINED = termios.ICANON | termios.ECHO | termios.IEXTEN


def keys_from_terminal() -> None:
    """Make the terminal standard input, if it is not yet; NldissectError if there is no terminal."""
    if os.isatty(0):
        return
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        raise NldissectError(
            "view reads keys from a terminal, and there is none; nldissect read prints lines"
        ) from None
    os.dup2(terminal, 0)
    os.close(terminal)


@contextmanager
def keys_wait() -> Iterator[None]:
    """Switch off echo and line editing of the terminal for the `with` block; keys that send signals still do."""
    before = termios.tcgetattr(0)
    waiting = [*before]
    waiting[INPUT] &= ~TURNED
    waiting[LOCAL] &= ~LINED
    termios.tcsetattr(0, termios.TCSANOW, waiting)
    try:
        yield
    finally:
        termios.tcsetattr(0, termios.TCSANOW, before)
