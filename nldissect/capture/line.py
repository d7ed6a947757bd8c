"""What a capture process and the one who started it tell each other: one JSON text a datagram."""

from __future__ import annotations

import json
import socket
from typing import Any

PASSING = ("progress", "counts")  # news that the next makes stale


class Line:
    """The capture process's end. It never waits for a listener that sleeps, but with its last word."""

    def __init__(self, line: socket.socket) -> None:
        self.socket = line
        self._waiting: list[bytes] = []

    def say(self, kind: str, told: dict[str, Any]) -> None:
        """Nobody there to hear it is no error: we end soon anyway."""
        if self._waiting and kind in PASSING:
            return
        self._waiting.append(json.dumps([kind, told]).encode())
        flags = 0 if kind == "end" else socket.MSG_DONTWAIT
        try:
            while self._waiting:
                self.socket.send(self._waiting[0], flags)
                del self._waiting[0]
        except BlockingIOError:
            if kind in PASSING:
                del self._waiting[0]
        except OSError:
            self._waiting.clear()
