"""Spooling of standard input: it is copied to temporary files without a name, which grow as those of any capture do."""

from __future__ import annotations

import os
import tempfile
from threading import Condition, Thread

from nldissect.capfile.byte_source import PlainSource, unpacked
from nldissect.capfile.pcap import is_pcap
from nldissect.capfile.pcapng import is_pcapng
from nldissect.errors import FileError

CHUNK = 1 << 18
HEAD = 24
ROOM = 1 << 30
"""Bytes of all files together, as for a live capture."""
FILES = 8
"""Number of files that share ROOM."""


class Spool(Thread):
    """A thread that copies a descriptor, unpacked if it is packed; `path` opens the file that is being written.

    At `share` bytes it needs another file, and waits before the file has twice that size: only the reader of the
    records knows where one ends (PipedSession). Input that is neither pcap nor pcapng stays in one file of at most
    `room` bytes.

    room      approximate bytes that the files may take
    over      the input has ended
    problem   reason why it ended early, else None
    """

    def __init__(self, descriptor: int, room: int = ROOM) -> None:
        super().__init__(name="nldissect-spool", daemon=True)
        self._source = PlainSource(open(descriptor, "rb", buffering=0), ours=True, growing=False)  # noqa: SIM115
        self.room, self.share = room, room // FILES
        self._change = Condition()
        self.file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        self.records = False
        self.over = False
        self.problem: str | None = None

    @property
    def path(self) -> str:
        return f"/proc/self/fd/{self.file.fileno()}"

    def begin(self) -> None:
        """Wait for the head of a capture, then start the thread; FileError if the input is empty."""
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
        begun = os.pread(self.file.fileno(), HEAD, 0)
        self.records = is_pcap(begun) or is_pcapng(begun)
        self.start()

    @property
    def size(self) -> int:
        """Bytes in the file that is being written."""
        return os.fstat(self.file.fileno()).st_size

    def run(self) -> None:
        room = memoryview(bytearray(min(CHUNK, max(self.share >> 2, HEAD))))
        try:
            while not self.over and (count := self._inner.readinto(room)):
                with self._change:
                    self._write(room[:count])
                    self._wait()
            self.problem = self.problem or self._inner.problem or self._inner.left()
        except FileError as error:
            self.problem = str(error)
        self.over = True

    def _wait(self) -> None:
        """Wait until there is room; FileError if input without records exceeds `room`."""
        if not self.records and self.size > self.room:
            raise FileError(f"there is room for {self.room >> 20:,} MiB of standard input; write it to a file")
        while self.records and self.size >= 2 * self.share and not self.over:
            self._change.wait()

    def stop(self, why: str) -> None:
        """End the copying, for the reason `why`, as the input is read no further."""
        with self._change:
            self.over, self.problem = True, why
            self._change.notify_all()

    def go_on(self, position: int, begins: bytes) -> str:
        """Continue in another file with `begins` and the bytes from `position` on, cut from the old; return a path."""
        with self._change:
            before, self.file = self.file, tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
            self._write(memoryview(begins))
            at = position
            while data := os.pread(before.fileno(), CHUNK, at):
                self._write(memoryview(data))
                at += len(data)
            os.ftruncate(before.fileno(), position)
            before.close()
            self._change.notify_all()
            return self.path

    def _write(self, data: memoryview) -> None:
        try:
            while data:
                data = data[self.file.write(data) :]
        except OSError as error:
            what = f"can't copy standard input to {tempfile.gettempdir()}: {error.strerror}"
            raise FileError(f"{what}; set TMPDIR to another directory") from None
