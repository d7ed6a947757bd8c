"""Channel from a capture process to the process that started it: one JSON text for each datagram."""

from __future__ import annotations

import json
import socket
from typing import Any

PASSING = ("progress", "counts")  # messages that the next one of their kind replaces


class Channel:
    """The capture process's end of the channel; only its last message waits for a listener that does not read."""

    def __init__(self, line: socket.socket) -> None:
        self.socket = line
        self._waiting: list[bytes] = []

    def send(self, kind: str, told: dict[str, Any]) -> None:
        """Send one message. A listener that is gone is no error: the capture ends soon anyway."""
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
