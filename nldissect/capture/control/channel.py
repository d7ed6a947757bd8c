"""What a capture process and the one who started it tell each other: one JSON text a datagram."""

from __future__ import annotations

import json
import socket
from typing import Any

PASSING = ("progress", "counts")  # news that the next makes stale


class Channel:
    """The capture process's end. It never waits for a listener that sleeps, but with its last word."""

    def __init__(self, line: socket.socket) -> None:
        self.socket = line
        self._waiting: list[bytes] = []

    def say(self, kind: str, told: dict[str, Any]) -> None:
        """Nobody there to hear it is no error: we end soon anyway."""
        flags = 0 if kind == "end" else socket.MSG_DONTWAIT
        if kind not in PASSING:
            self._waiting.append(self._text(kind, told))
        try:
            while self._waiting:
                self.socket.send(self._waiting[0], flags)
                del self._waiting[0]
            if kind in PASSING:
                self.socket.send(self._text(kind, told), flags)
        except BlockingIOError:
            pass
        except OSError:
            self._waiting.clear()

    @staticmethod
    def _text(kind: str, told: dict[str, Any]) -> bytes:
        return json.dumps([kind, told]).encode()
