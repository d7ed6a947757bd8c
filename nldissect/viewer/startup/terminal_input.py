"""The terminal before the application has it: keys that are typed early wait for it, as they are and unseen."""

from __future__ import annotations

import os
import termios
from collections.abc import Iterator
from contextlib import contextmanager

from nldissect.errors import NldissectError

INPUT, LOCAL = 0, 3
"""Places in what tcgetattr gives."""
TURNED = termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON
LINED = termios.ICANON | termios.ECHO | termios.IEXTEN


def keys_from_terminal() -> None:
    """Keys come from the terminal, wherever standard input comes from."""
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
    """Keys are neither shown nor put together to lines. Those that end or stop a program still do."""
    before = termios.tcgetattr(0)
    waiting = [*before]
    waiting[INPUT] &= ~TURNED
    waiting[LOCAL] &= ~LINED
    termios.tcsetattr(0, termios.TCSANOW, waiting)
    try:
        yield
    finally:
        termios.tcsetattr(0, termios.TCSANOW, before)
