"""Pipe that is written by a thread of its own, so that work continues while the other end does not read."""

from __future__ import annotations

import threading
from collections import deque
from io import FileIO
from types import TracebackType
from typing import Self

AHEAD = 8 << 20
"""Bytes that may wait to be sent."""


class AsyncPipe:
    """A pipe that sends bytes in order; the `with` block ends when all are sent."""

    def __init__(self, pipe: FileIO) -> None:
        self._pipe = pipe
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._over = False
        self._error: BaseException | None = None
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def send(self, data: bytes) -> None:
        """Queue bytes for sending, after waiting if too many are queued; raise the error that the thread had."""
        with self._change:
            self._change.wait_for(lambda: self._size < AHEAD or self._error is not None)
            if self._error is not None:
                raise self._error
            self._waiting.append(data)
            self._size += len(data)
            self._change.notify_all()

    def _run(self) -> None:
        try:
            while True:
                with self._change:
                    self._change.wait_for(lambda: bool(self._waiting) or self._over)
                    if not self._waiting:
                        return
                    some = list(self._waiting)
                    self._waiting.clear()
                for data in some:
                    rest = memoryview(data)
                    while rest:
                        rest = rest[self._pipe.write(rest) :]
                with self._change:
                    self._size -= sum(map(len, some))
                    self._change.notify_all()
        except OSError as error:
            with self._change:
                self._error = error
                self._change.notify_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._change:
            self._over = True
            self._change.notify_all()
        if error is None:
            self._thread.join()
            if self._error is not None:
                raise self._error
