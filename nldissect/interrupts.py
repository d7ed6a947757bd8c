"""Ctrl-C while the program is loaded, which takes some tenths of a second: it ends at once, without a traceback.

Importing this module, first of all, has that effect; a caller that catches KeyboardInterrupt calls `raise_again`.
"""

from __future__ import annotations

import signal
import sys

INTERRUPTED = 128 + signal.SIGINT
"""Exit status after Ctrl-C, as in shells."""


def _end_at_once() -> None:
    """Let Ctrl-C end the process, if this is the program `nldissect` and nothing else handles the signal."""
    if _is_program() and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def raise_again() -> None:
    """Let Ctrl-C raise KeyboardInterrupt again, now that the caller catches it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL and _is_program():
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _is_program() -> bool:
    """Return whether the command `nldissect` or `python -m nldissect` runs, not a program that imports the package."""
    command = sys.orig_argv
    script = sys.argv[0].rpartition("/")[2] if sys.argv else ""
    return script == "nldissect" or ("-m" in command and command[command.index("-m") + 1 :][:1] == ["nldissect"])


_end_at_once()
