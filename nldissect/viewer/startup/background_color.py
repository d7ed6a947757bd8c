"""Detection of a dark or light terminal background: the question is sent early, the reply is removed from the input."""

from __future__ import annotations

import os
import re
import select
import sys
import time

QUESTION = "\x1b]11;?\x07\x1b[c"
"""OSC 11 asks for the background colour; DA1, to which every terminal replies, marks the end of waiting."""
COLOUR = re.compile(rb"\x1b\]11;rgba?:([0-9a-f]+)/([0-9a-f]+)/([0-9a-f]+)[0-9a-f/]*(?:\x07|\x1b\\)", re.IGNORECASE)
KIND = re.compile(rb"\x1b\[\?[\d;]*c")
SILENT = ("", "dumb", "linux")
"""Values of TERM of terminals that do not reply; they count as dark."""
PATIENCE = 0.5
"""Seconds to wait for the reply once it is needed."""


class TerminalBackground:
    """The background of the terminal, and the keys that arrived together with its reply.

    light   the background is light; COLORFGBG decides until the terminal has replied
    typed   bytes read from the terminal without the reply: keys typed early
    """

    def __init__(self) -> None:
        self.light = os.environ.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15")
        self.typed = b""
        self._asked = False

    def ask(self) -> None:
        """Send the question, unless TERM is in SILENT or NO_COLOR is set; echo must be off by then (`keys_wait`)."""
        if os.environ.get("TERM", "") not in SILENT and "NO_COLOR" not in os.environ:
            self._asked = True
            sys.stderr.write(QUESTION)
            sys.stderr.flush()

    def hear(self) -> None:
        """Read the reply, waiting at most PATIENCE seconds; set `light` and `typed`."""
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
    """Return whether a background colour, each part from 0 to 1, is light."""
    return 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
