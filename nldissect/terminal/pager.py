"""Long text on a terminal, through the user's pager."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

PAGER = "less -R"
"""Pager where $PAGER names none."""
LESS = "FRX"
"""Options of less where $LESS is not set, as git(1) gives them: short text stays on the screen, colours pass."""


def show_in_pager(text: str) -> None:
    """Show text through $PAGER, else `less -R`; where that can't be run, print it."""
    command = os.environ.get("PAGER") or PAGER
    environment = {"LESS": LESS, "LESSCHARSET": "utf-8", **os.environ}
    before = signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is the pager's; it does not inherit a handler
    try:
        pager = subprocess.run(["sh", "-c", command], input=text.encode(), env=environment, check=False)
    except OSError:
        printed = False
    else:
        printed = pager.returncode not in (126, 127)  # sh(1): can't be executed, not found
    finally:
        signal.signal(signal.SIGINT, before)
    if not printed:
        sys.stdout.write(text)
