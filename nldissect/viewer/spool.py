"""Standard input while it comes: copied to a temporary file without a name, which grows as any capture does."""

from __future__ import annotations

import os
import tempfile
from threading import Thread

from nldissect.errors import FileError
from nldissect.record.source import Plain, unpacked

CHUNK = 1 << 18
HEAD = 24


class Spool(Thread):
    """Copies a descriptor, unpacked if it is packed. `path` opens what is there so far.

    over      all has come
    problem   why it ended early
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__(name="nldissect-spool", daemon=True)
        self._source = Plain(open(descriptor, "rb", buffering=0), ours=True, growing=False)  # noqa: SIM115
        self.file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        self.path = f"/proc/self/fd/{self.file.fileno()}"
        self.over = False
        self.problem: str | None = None

    def begin(self) -> None:
        """Wait for the head of a capture, and let the rest come by itself."""
        head = bytearray(6)
        got = 0
        while got < len(head) and (count := self._source.readinto(memoryview(head)[got:])):
            got += count
        self._inner, begun = unpacked(self._source, bytes(head[:got]), "standard input")
        self._write(memoryview(begun))
        room = memoryview(bytearray(HEAD))
        while self.size < HEAD and (count := self._inner.readinto(room)):
            self._write(room[:count])
        if not self.size:
            raise FileError("standard input is empty; was the capture that writes it started?")
        self.start()

    @property
    def size(self) -> int:
        return os.fstat(self.file.fileno()).st_size

    def run(self) -> None:
        room = memoryview(bytearray(CHUNK))
        try:
            while count := self._inner.readinto(room):
                self._write(room[:count])
            self.problem = self._inner.problem or self._inner.left()
        except FileError as error:
            self.problem = str(error)
        self.over = True

    def _write(self, data: memoryview) -> None:
        try:
            while data:
                data = data[self.file.write(data) :]
        except OSError as error:
            what = f"can't copy standard input to {tempfile.gettempdir()}: {error.strerror}"
            raise FileError(f"{what}; set TMPDIR to another directory") from None
