"""Whether the terminal is dark or light: it is asked early, and its answer is taken out of what is typed meanwhile."""

from __future__ import annotations

import os
import re
import select
import sys
import time

QUESTION = "\x1b]11;?\x07\x1b[c"
"""For the colour of the background; and, since not all answer that, what all answer: which terminal it is."""
COLOUR = re.compile(rb"\x1b\]11;rgba?:([0-9a-f]+)/([0-9a-f]+)/([0-9a-f]+)[0-9a-f/]*(?:\x07|\x1b\\)", re.IGNORECASE)
KIND = re.compile(rb"\x1b\[\?[\d;]*c")
SILENT = ("", "dumb", "linux")
"""Terminals without an answer; they are dark."""
PATIENCE = 0.5
"""Seconds to wait for the answer once it is needed, if it is not there by then."""


class TerminalBackground:
    """`light` is what is known of it, `typed` what came beside the answer: keys that wait."""

    def __init__(self) -> None:
        self.light = os.environ.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15")
        self.typed = b""
        self._asked = False

    def ask(self) -> None:
        """The terminal is not to show what comes: see `keys_wait`."""
        if os.environ.get("TERM", "") not in SILENT and "NO_COLOR" not in os.environ:
            self._asked = True
            sys.stderr.write(QUESTION)
            sys.stderr.flush()

    def hear(self) -> None:
        """Take the answer."""
        poll = select.poll()
        poll.register(0, select.POLLIN)
        end = time.monotonic() + PATIENCE
        while self._asked and not KIND.search(self.typed) and poll.poll(max(0, 1000 * (end - time.monotonic()))):
            more = os.read(0, 1 << 12)
            if not more:
                break
            self.typed += more
        if (found := COLOUR.search(self.typed)) is not None:
            self.light = _light(*(int(part, 16) / (16 ** len(part) - 1) for part in found.groups()))
        self.typed = KIND.sub(b"", COLOUR.sub(b"", self.typed, 1), 1)


def _light(red: float, green: float, blue: float) -> bool:
    """Whether black is the better colour to write with."""
    return 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
