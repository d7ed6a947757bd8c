"""Captures that can be read as often as needed.

A regular file is read as it is; anything else is copied, and unpacked, to a temporary file without a name.
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
"""Directory of open files on Linux: a name in it opens the same file again, with a position of its own."""

Where = str | os.PathLike[str] | BinaryIO
"""A path, "-" for standard input, or a binary stream."""


class ReopenableFile:
    """A capture whose `path` opens the same bytes at any time until `close`, even if it was renamed or deleted."""

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
        """Copy the bytes that have arrived since, if this is a copy."""
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
        """Reason why the copy ends before its source does; None without one."""
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
        """Return `length` bytes at offset `at` of the (unpacked) file; FileError if they are no longer there."""
        data = os.pread(self._number, length, at) if hasattr(os, "pread") else self._sought(length, at)
        if len(data) < length:
            raise changed(self.name)
        return data

    def read(self, buffer: memoryview, at: int) -> None:
        """Fill a buffer with the bytes at offset `at` of the (unpacked) file; FileError if they are no longer there."""
        if not hasattr(os, "preadv"):
            buffer[:] = self.take(at, len(buffer))
        elif os.preadv(self._number, [buffer], at) < len(buffer):
            raise changed(self.name)

    @contextmanager
    def named(self) -> Iterator[None]:
        """Replace the path in errors about the file by its name."""
        try:
            yield
        except FileError as error:
            raise FileError(str(error).replace(self.path, self.name)) from None

    def _sought(self, length: int, at: int) -> bytes:
        """Return what os.pread would, where there is none (Windows)."""
        with self._seeking:
            os.lseek(self._number, at, os.SEEK_SET)
            return os.read(self._number, length)

    def _temporary(self) -> BinaryIO:
        """Return a temporary file: without a name where open files can be opened again, else removed with this one."""
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
    """Return whether a path can be opened again by another reader: a regular file, or a prefix of strace logs."""
    try:
        return path != "-" and stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        from .strace.per_thread import threads_of

        return bool(threads_of(path))


def changed(name: str) -> FileError:
    """Return the error for a file that has become shorter."""
    return FileError(f"{name} has become shorter since it was opened; open it again")


def _is_plain(where: str | os.PathLike[str]) -> bool:
    if os.fspath(where) == "-" or not os.path.exists(where):  # the latter: strace's logs by their prefix
        return False
    return stat.S_ISREG(os.stat(where).st_mode) and not is_packed(where)
