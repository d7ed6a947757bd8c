"""A capture that can be read as often as needed: a file as it is, anything else copied, and unpacked, to a temporary
file without a name.
"""

from __future__ import annotations

import os
import stat
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from nldissect.errors import FileError

from .byte_source import ByteSource, is_packed, open_source, translated, unpacked

CHUNK = 1 << 18
DESCRIPTORS = "/proc/self/fd"
"""On Linux a name here opens an open file anew, with a position of its own."""

Where = str | os.PathLike[str] | BinaryIO
"""A path, "-" for standard input, or a binary stream."""


class ReopenableFile:
    """`path` opens the same bytes at any time until `close`, also when the file was renamed or deleted meanwhile."""

    def __init__(self, where: Where) -> None:
        self.name, source = open_source(where)
        self._source: ByteSource | None = None
        self._seeking = threading.Lock()
        self._remove: weakref.finalize[..., Any] | None = None
        head = bytearray(6)
        got = 0
        try:
            while got < len(head) and (count := source.readinto(memoryview(head)[got:])):
                got += count
            begun = bytes(head[:got])
            if isinstance(where, (str, os.PathLike)) and _is_plain(where):
                source.close()
                self.file: BinaryIO = open(where, "rb", buffering=0)  # noqa: SIM115
            else:
                source, begun = unpacked(source, begun, self.name)
                self._source, begun = translated(source, begun)
                self.file = self._temporary()
                self._write(memoryview(begun))
        except BaseException:
            source.close()
            raise
        self.path = f"{DESCRIPTORS}/{self.file.fileno()}" if os.path.isdir(DESCRIPTORS) else str(self.file.name)
        self.pull()

    def pull(self) -> None:
        """Copy what has come since, where there is something to copy."""
        if self._source is None:
            return
        room = memoryview(bytearray(CHUNK))
        while count := self._source.readinto(room):
            self._write(room[:count])

    def _write(self, data: memoryview) -> None:
        try:
            while data:
                data = data[self.file.write(data) :]
        except OSError as error:
            import tempfile

            what = f"can't copy {self.name} to {tempfile.gettempdir()}: {error.strerror}"
            raise FileError(f"{what}; set TMPDIR to another directory") from None

    @property
    def problem(self) -> str | None:
        """Why the copy ends before what is copied does."""
        return None if self._source is None else self._source.problem or self._source.left()

    @property
    def size(self) -> int:
        """Bytes of the (unpacked) file now."""
        return os.fstat(self.file.fileno()).st_size

    @property
    def _number(self) -> int:
        if self.file.closed:
            raise FileError(f"{self.name}: what is asked for was let go of to make room")
        return self.file.fileno()

    def take(self, at: int, length: int) -> bytes:
        """So many bytes from one place of the (unpacked) file; FileError if they are no longer there."""
        data = os.pread(self._number, length, at) if hasattr(os, "pread") else self._sought(length, at)
        if len(data) < length:
            raise changed(self.name)
        return data

    def read(self, buffer: memoryview, at: int) -> None:
        """The same into a buffer, as many bytes as it takes."""
        if not hasattr(os, "preadv"):
            buffer[:] = self.take(at, len(buffer))
        elif os.preadv(self._number, [buffer], at) < len(buffer):
            raise changed(self.name)

    @contextmanager
    def named(self) -> Iterator[None]:
        """Errors about the file call it by its name, not by the path it is read by."""
        try:
            yield
        except FileError as error:
            raise FileError(str(error).replace(self.path, self.name)) from None

    def _sought(self, length: int, at: int) -> bytes:
        """os.pread where there is none (Windows)."""
        with self._seeking:
            os.lseek(self._number, at, os.SEEK_SET)
            return os.read(self._number, length)

    def _temporary(self) -> BinaryIO:
        """A file without a name where an open file can be opened anew, else one that goes with us."""
        import tempfile

        if os.path.isdir(DESCRIPTORS):
            return tempfile.TemporaryFile(buffering=0)
        file = tempfile.NamedTemporaryFile(buffering=0, delete=False)  # noqa: SIM115
        self._remove = weakref.finalize(self, Path(file.name).unlink, missing_ok=True)
        return file  # type: ignore[return-value]

    def close(self) -> None:
        self.file.close()
        if self._remove is not None:
            self._remove()
        if self._source is not None:
            self._source.close()


def readable_twice(path: str) -> bool:
    """Whether what a path names is there again for another reader."""
    try:
        return path != "-" and stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        from .strace.per_thread import threads_of

        return bool(threads_of(path))


def changed(name: str) -> FileError:
    """A file that no longer holds what it held."""
    return FileError(f"{name} has become shorter since it was opened; open it again")


def _is_plain(where: str | os.PathLike[str]) -> bool:
    if os.fspath(where) == "-" or not os.path.exists(where):  # the latter: strace's logs by their prefix
        return False
    return stat.S_ISREG(os.stat(where).st_mode) and not is_packed(where)
