"""Byte sources of captures: a file, a pipe or a stream, unpacked while it is read (gzip RFC 1952, zstd RFC 8878)."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import re
import stat
import sys
import zlib
from collections.abc import Callable
from typing import Any, Protocol

from nldissect.errors import FileError

CHUNK = 1 << 18
PIPE_SIZE = 1 << 20
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
PCAPNG = b"\x0a\x0d\x0d\x0a"
UNREAD = {b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"\x04\x22\x4d\x18": "lz4", b"PK\x03\x04": "unzip"}


class ByteSource(Protocol):
    """A source of bytes.

    `readinto` stores what is available now and returns its number of bytes, 0 if there is nothing. `over` is set when
    no more can ever come, `problem` when reading failed.
    """

    over: bool
    problem: str | None

    def readinto(self, room: memoryview) -> int: ...

    def left(self) -> str | None:
        """Return what is wrong if the bytes end here; None if nothing is."""

    def close(self) -> None: ...


class PlainSource:
    """A source of bytes as they are: a regular file and a BytesIO may grow; a pipe that has ended stays ended."""

    def __init__(self, stream: Any, ours: bool, growing: bool) -> None:
        self._stream = stream
        self._ours = ours
        self._growing = growing
        # A BufferedReader's readinto1 waits for more although it has some: read1 does not.
        self._some: Callable[[int], bytes | None] | None = getattr(stream, "read1", None)
        if self._some is None and not hasattr(stream, "readinto"):
            self._some = stream.read
        self.over = False
        self.problem: str | None = None

    def _read(self, room: memoryview) -> int | None:
        if self._some is None:
            count: int | None = self._stream.readinto(room)
            return count
        data = self._some(len(room))
        if data is None:
            return None
        room[: len(data)] = data
        return len(data)

    def readinto(self, room: memoryview) -> int:
        try:
            count = self._read(room)
        except (OSError, ValueError) as error:  # ValueError: somebody closed the stream
            self.problem = f"can't be read further: {getattr(error, 'strerror', None) or error}"
            self.over = True
            return 0
        if count == 0 and not self._growing:
            self.over = True
        return count or 0

    def left(self) -> str | None:
        return None

    def close(self) -> None:
        if self._ours:
            self._stream.close()


class DecompressedSource:
    """A source of decompressed bytes, unpacked no further than the buffer has room; a file may hold several members."""

    def __init__(
        self, name: str, inner: ByteSource, head: bytes, new: Callable[[], Any], errors: tuple[type[Exception], ...]
    ):
        self._name, self._inner, self._new, self._errors = name, inner, new, errors
        self._unpack = new()
        self._fed = head
        self._chunk = memoryview(bytearray(CHUNK))
        self._begun = True
        self.over = False
        self.problem: str | None = None

    def readinto(self, room: memoryview) -> int:
        while not self.over:
            data = self._step(len(room))
            if data:
                room[: len(data)] = data
                return len(data)
            if self._fed or self.over:
                continue
            count = self._inner.readinto(self._chunk)
            if not count:
                self.over, self.problem = self._inner.over, self._inner.problem
                return 0
            self._fed = bytes(self._chunk[:count])
        return 0

    def _step(self, room: int) -> bytes:
        if not self._begun:
            self._fed = self._fed.lstrip(b"\0")  # tapes and block devices pad the end with zeros
            if not self._fed:
                return b""
            self._unpack, self._begun = self._new(), True
        before = self._unpack.copy() if hasattr(self._unpack, "copy") else None
        try:
            data: bytes = self._unpack.decompress(self._fed, room)
        except self._errors as error:
            self.problem, self.over = f"the {self._name} data is damaged: {error}", True
            return b"" if before is None else self._up_to_damage(before, room)
        if self._unpack.eof:
            self._fed, self._begun = self._unpack.unused_data, False
        else:
            self._fed = getattr(self._unpack, "unconsumed_tail", b"")
        return data

    def _up_to_damage(self, unpack: Any, room: int) -> bytes:
        """Return the bytes before the damage: the call that fails on damaged data returns none of what it unpacked."""
        good, bad = 0, len(self._fed)
        while bad - good > 1:
            middle = (good + bad) // 2
            try:
                unpack.copy().decompress(self._fed[:middle], room)
                good = middle
            except self._errors:
                bad = middle
        out, rest = b"", self._fed[good:bad]
        with contextlib.suppress(*self._errors):  # also of what came before: its last call may have kept its damage
            out = unpack.decompress(self._fed[:good], room)
            while data := unpack.decompress(rest, 1):
                out, rest = out + data, unpack.unconsumed_tail
        return out

    def left(self) -> str | None:
        return f"the {self._name} data ends early" if self._begun else self._inner.left()

    def close(self) -> None:
        self._inner.close()


class _Pulled:
    """A byte source with the `read` method by which the package zstandard reads its input."""

    def __init__(self, inner: ByteSource, head: bytes) -> None:
        self._inner, self._head = inner, head

    def read(self, size: int) -> bytes:
        if self._head:
            data, self._head = self._head, b""
            return data
        room = bytearray(size)
        return bytes(room[: self._inner.readinto(memoryview(room))])


class _Zstandard:
    """A source of zstd through the package zstandard, which can't continue after an end: a growing file ends here."""

    def __init__(self, module: Any, inner: ByteSource, head: bytes) -> None:
        self._inner, self._error = inner, module.ZstdError
        self._stream = module.ZstdDecompressor().stream_reader(_Pulled(inner, head), read_across_frames=True)
        self.over = False
        self.problem: str | None = None

    def readinto(self, room: memoryview) -> int:
        try:
            count: int = self._stream.readinto(room)
        except self._error as error:
            self.problem, self.over = f"the zstd data is damaged: {error}", True
            return 0
        self.over, self.problem = count == 0, self._inner.problem
        return count

    def left(self) -> str | None:
        return self._inner.left()

    def close(self) -> None:
        self._inner.close()


def _zstd(inner: ByteSource, head: bytes, name: str) -> ByteSource:
    for library in ("compression.zstd", "backports.zstd", "zstandard"):  # the first is Python 3.14's own
        try:
            module: Any = importlib.import_module(library)
        except ModuleNotFoundError:
            continue
        if library == "zstandard":
            return _Zstandard(module, inner, head)
        return DecompressedSource("zstd", inner, head, module.ZstdDecompressor, (module.ZstdError,))
    raise FileError(
        f"{name} is packed with zstd, which this Python lacks; `pip install zstandard`, or run `zstd -d` on it"
    )


def is_packed(path: str | os.PathLike[str]) -> bool:
    """Return whether a file is compressed or a strace log, so that its offsets are not those of its records.

    Raises OSError if it can't be read.
    """
    with open(path, "rb") as file:
        head = file.read(4)
        if head.startswith((GZIP, ZSTD)):
            return True
        if not _is_text(head):
            return False
        from .strace.translate import HEAD, is_strace

        return is_strace(head + file.read(HEAD))


def _is_text(head: bytes) -> bool:
    return head.isascii() and b"\0" not in head and head[:4] != PCAPNG


def translated(inner: ByteSource, head: bytes) -> tuple[ByteSource, bytes]:
    """Return a source, and the bytes of it already read, with a strace log translated to pcapng.

    Any other source is returned as it is (see capfile/strace/translate.py).
    """
    if not _is_text(head):
        return inner, head
    from .strace.translate import CHUNK, HEAD, StraceSource, is_strace

    room = memoryview(bytearray(CHUNK))
    while not (found := is_strace(head)) and len(head) < HEAD and b"\0" not in head and (count := inner.readinto(room)):
        head += room[:count]
    return (StraceSource(inner, head), b"") if found else (inner, head)


def unpacked(inner: ByteSource, head: bytes, name: str) -> tuple[ByteSource, bytes]:
    """Return the source of a capture's decompressed bytes, and those of them already read.

    Raises FileError for a compression other than gzip and zstd, and for zstd where no library for it is installed.
    """
    if head.startswith(GZIP):
        return DecompressedSource("gzip", inner, head, lambda: zlib.decompressobj(31), (zlib.error,)), b""
    if head.startswith(ZSTD):
        return _zstd(inner, head, name), b""
    for magic, tool in UNREAD.items():
        if head.startswith(magic):
            raise FileError(f"{name} is packed ({tool}); unpack it first, nldissect reads gzip and zstd")
    return inner, head


def one_line(name: str) -> str:
    """Return a file's name in printable characters, as messages show it."""
    return name if name.isprintable() else ascii(name)


_FILTER = re.compile(r" (==|!=|<|>|<=|>=|&|in|contains|matches|and|or) ")
"""Operators that occur in filters and hardly ever in file names."""


def open_source(where: Any) -> tuple[str, ByteSource]:
    """Return the name of a capture, as messages show it, and the source of its bytes.

    `where` is a path, "-" for standard input, or a binary stream, which is read as it is. Raises FileError if a path
    can't be opened or standard input is a terminal.
    """
    ours = False
    if isinstance(where, (str, os.PathLike)) and os.fspath(where) != "-":
        path = os.fsdecode(where)
        name = one_line(path)
        try:
            stream: Any = io.FileIO(path)
            ours = True
        except FileNotFoundError:
            if (logs := _threads(path)) is not None:
                return name, logs
            advice = "a filter stands behind -Y" if _FILTER.search(path) else "check the name and the directory"
            raise FileError(f"no file {name}; {advice}") from None
        except IsADirectoryError:
            raise FileError(f"{name} is a directory; name a capture file in it") from None
        except PermissionError:
            raise FileError(f"{name} may not be read by this user; ask its owner, or use sudo") from None
        except (OSError, ValueError) as error:
            raise FileError(f"can't open {name}: {getattr(error, 'strerror', None) or error}") from None
    elif isinstance(where, (str, os.PathLike)):
        name, stream = "standard input", sys.stdin.buffer
        if stream.isatty():
            raise FileError("standard input is a terminal; pipe a capture into it, or name a file")
    else:
        stream = where
        name = one_line(str(getattr(where, "name", "the stream")))
    return name, PlainSource(stream, ours=ours, growing=_grows(stream))


def _threads(path: str) -> ByteSource | None:
    """Return the source of the strace logs that have this path as their prefix; None if there are none."""
    from .strace.per_thread import PerThreadLogs, threads_of

    logs = threads_of(path)
    return PerThreadLogs(logs) if logs else None


def _grows(stream: Any) -> bool:
    try:
        descriptor = stream.fileno()
        mode = os.fstat(descriptor).st_mode
    except (AttributeError, OSError, ValueError):
        return True
    if stat.S_ISFIFO(mode):
        widen_pipe(descriptor)
    return stat.S_ISREG(mode)


def widen_pipe(descriptor: int) -> None:
    """Set the size of a pipe to PIPE_SIZE bytes where the system allows it (Linux, within the user's limit).

    Reads are fewer and larger then.
    """
    try:
        from fcntl import F_SETPIPE_SZ, fcntl

        fcntl(descriptor, F_SETPIPE_SZ, PIPE_SIZE)
    except (ImportError, OSError):
        pass
