"""Output files of a capture: one file, or files that follow one another by size or time, of which the last may be kept.

Every file begins with the same head, so that each explains itself: comments (pcapng), and the table of generic families
as frames. A file that the user names is overwritten, as tcpdump and dumpcap do. Numbered ones have the time in their
name, are always new files, and only files that this capture made are removed.
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

from nldissect.capfile import (
    NETLINK,
    OWN,
    STANDARD_OUTPUT,
    PcapngWriter,
    PcapWriter,
    comments,
    is_pcapng_name,
    one_line,
    private,
)
from nldissect.errors import CaptureError, FileError

NUMBERS = 99999
EVERYTHING = 262144
MICROSECONDS = 6

# nanoseconds, length on the wire, bytes, interface, comments
Frame = tuple[int, int, bytes, int, Sequence[str]]


@dataclass(frozen=True)
class Limits:
    """Seconds, bytes, files: of one file until the next begins (-b), or of all that is written (-a)."""

    duration: float | None = None
    filesize: int | None = None
    files: int | None = None


UNLIMITED = Limits()


def checked(write: str | None, stop: Limits, ring: Limits) -> tuple[Limits, Limits]:
    """Return the stop and ring limits; CaptureError if they can't be combined.

    With a ring the size of -a is that of one file, as in dumpcap.
    """
    if ring != UNLIMITED:
        if write is None or write == "-":
            raise CaptureError("-b writes several files; name them with -w NAME")
        if ring.filesize is None and stop.filesize is not None:
            ring = replace(ring, filesize=stop.filesize)
        if ring.filesize is None and ring.duration is None:
            raise CaptureError("-b files:N needs to know when a file is full; add -b filesize:KB or -b duration:S")
        return replace(stop, filesize=None), ring
    if stop.files is not None:
        raise CaptureError("-a files:N goes with several files; add -b filesize:KB or -b duration:S")
    return stop, ring


class InterfaceDescription(NamedTuple):
    """The fields of an interface block."""

    name: str | None
    linktype: int
    snaplen: int
    decimals: int
    comments: Sequence[str]
    description: str | None
    filter: str | None


class OutputFiles(Protocol):
    """The maker of files: `make` begins number N, from 1; `remove` deletes one."""

    def make(self, number: int) -> tuple[io.RawIOBase, str]: ...
    def remove(self, name: str) -> None: ...


class NumberedFiles:
    """The files of -w NAME.pcapng with -b: NAME_00001_20261125211200.pcapng and so on, as dumpcap names them."""

    def __init__(self, path: str) -> None:
        folder, name = os.path.split(path)
        stem, suffix = os.path.splitext(name)
        self._stem, self._suffix = os.path.join(folder, stem), suffix
        self._skipped = 0

    def make(self, number: int) -> tuple[io.RawIOBase, str]:
        now = time.strftime("%Y%m%d%H%M%S")
        while (shown := number + self._skipped) <= NUMBERS:
            name = f"{self._stem}_{shown:05}_{now}{self._suffix}"
            try:
                return private(name, new=True), name
            except FileExistsError:
                self._skipped += 1  # of another capture, begun within the same second
        raise FileError(f"{NUMBERS} files of {self._stem} are written, and numbers end there; begin a new capture")

    def remove(self, name: str) -> None:
        try:
            os.unlink(name)
        except OSError:
            pass  # it is gone already, or may not be removed


class PrivateFiles:
    """The files of a capture without -w, in a directory that only its user may enter."""

    def __init__(self, path: str, folder: int) -> None:
        self._path, self._folder = path, folder

    def make(self, number: int) -> tuple[io.RawIOBase, str]:
        name = f"{number:05}.pcapng"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        try:
            stream = io.FileIO(os.open(name, flags, 0o600, dir_fd=self._folder), "w")
        except OSError as error:
            raise FileError(f"can't write {self._path}: {error.strerror}; name a place with -w") from None
        return stream, os.path.join(self._path, name)

    def remove(self, name: str) -> None:
        try:
            os.unlink(os.path.basename(name), dir_fd=self._folder)
        except OSError:
            pass


class SingleFile:
    """The file of -w FILE without -b, or of `-w -`."""

    def __init__(self, path: str, stream: io.RawIOBase | None = None) -> None:
        self._path, self._stream = path, stream

    def make(self, number: int) -> tuple[io.RawIOBase, str]:
        return self._stream or private(self._path), self._path

    def remove(self, name: str) -> None:
        raise AssertionError("one file is all there is")


@dataclass
class FileStart:
    """A file that was begun: the number of records before it, of frames in its head, and of records in it."""

    name: str
    before: int
    head: int = 0
    records: int = 0


class Output:
    """The writer that a capture loop writes to, once `begin` was called. Interfaces are described again in every file.

    ring       limits at which a file is left for the next one, and the number of files that are kept
    stop       limits at which the capture ends: `done` is then true
    said       returns the comments of the section, for each file
    learnt     returns further comments of an interface; of both, new ones are also written at the end of a file
    frames     returns our own frames for the beginning of each file: the table of generic families, owners of sockets
    counts     returns the frames that an interface received and dropped so far
    begun      called with each file, once it can be read
    """

    def __init__(
        self,
        files: OutputFiles,
        *,
        ring: Limits = UNLIMITED,
        stop: Limits = UNLIMITED,
        said: Callable[[], list[str]] = list,
        learnt: Callable[[int], list[str]] = lambda interface: [],
        frames: Callable[[], Sequence[Frame]] = list,
        counts: Callable[[int], tuple[int, int] | None] = lambda interface: None,
        begun: Callable[[FileStart], None] = lambda made: None,
        application: str = "nldissect",
    ) -> None:
        self.made: list[FileStart] = []  # those that are still there
        self.records = 0
        self.heads = 0  # records with which files began
        self.let_go = 0  # records of files that are gone
        self.done = False
        self._files, self._ring, self._stop = files, ring, stop
        self._said, self._learnt, self._frames, self._counts, self._begun = said, learnt, frames, counts, begun
        self._application = application
        self._interfaces: list[InterfaceDescription] = []
        self._opening: list[str] = []  # comments at the begin of the present file
        self._told: list[list[str]] = []  # and of each interface
        self._delivered: list[int] = []
        self._before: list[tuple[int, int]] = []  # counts at the begin of the present file
        self._number = 0
        self._writer: PcapWriter | PcapngWriter | None = None
        self._full = False

    @property
    def name(self) -> str:
        """Name of the present file."""
        return self.made[-1].name

    def add_interface(
        self,
        name: str | None = None,
        linktype: int = NETLINK,
        snaplen: int = EVERYTHING,
        decimals: int = MICROSECONDS,
        comments: Sequence[str] = (),
        *,
        description: str | None = None,
        filter: str | None = None,
    ) -> int:
        """Describe a source, for this file and all that follow; return the number of the source for `write`."""
        self._interfaces.append(InterfaceDescription(name, linktype, snaplen, decimals, comments, description, filter))
        self._before.append((0, 0))
        if self._writer is not None:
            self._describe(self._writer, len(self._interfaces) - 1)
        return len(self._interfaces) - 1

    def _describe(self, writer: PcapWriter | PcapngWriter, number: int) -> None:
        name, linktype, snaplen, decimals, comments, description, kernel_filter = self._interfaces[number]
        self._told.append(self._learnt(number))
        self._delivered.append(0)
        told = [*comments, *self._told[number]]
        writer.add_interface(name, linktype, snaplen, decimals, told, description=description, filter=kernel_filter)

    def begin(self) -> None:
        """Begin the first file, or the next one."""
        while self._ring.files is not None and len(self.made) >= self._ring.files:
            gone = self.made.pop(0)
            self._files.remove(gone.name)
            self.let_go += gone.records
        stream, name = self._files.make(self._number + 1)
        self._number += 1
        self._start, self._since = time.time_ns(), time.monotonic()
        self._full = False
        self._told, self._delivered = [], []
        writer = self._writer = self._headed(stream, name)
        for number in range(len(self._interfaces)):
            self._describe(writer, number)
        frames = self._frames()
        for stamp, wire, data, interface, said in frames:
            writer.write(stamp, data, wire, [OWN, *said], interface)
        writer.flush()
        self.heads += len(frames)
        self.made.append(FileStart(name, self.records, len(frames)))
        self._begun(self.made[-1])

    def _headed(self, stream: Any, name: str) -> PcapWriter | PcapngWriter:
        shown = STANDARD_OUTPUT if name == "-" else one_line(name)
        if not is_pcapng_name(name):
            return PcapWriter(stream, snaplen=max(one.snaplen for one in self._interfaces), name=shown)
        kernel = os.uname()
        self._opening = self._said()
        own = [
            comments.format_comment("host", kernel.release, kernel.machine, sys.byteorder),
            comments.format_comment("file", self._number, self.records + 1),
        ]
        return PcapngWriter(
            stream,
            name=shown,
            hardware=kernel.machine,
            system=f"{kernel.sysname} {kernel.release}",
            application=self._application,
            comments=[*own, *self._opening],
        )

    def write(
        self,
        time: int | None,
        data: bytes,
        wire_length: int | None = None,
        comments: Sequence[str] = (),
        interface: int = 0,
    ) -> None:
        """Write one record, to the next file if the present one is full."""
        if self._full:
            self._next()
        assert self._writer is not None
        self._writer.write(time, data, wire_length, comments, interface)
        self.records += 1
        self.made[-1].records += 1
        self._delivered[interface] += 1
        size = self._writer.size
        if self._ring.filesize is not None:
            if size >= self._ring.filesize:
                self._full, self.done = True, self._is_last()
        elif self._stop.filesize is not None and size >= self._stop.filesize:
            self.done = True

    def _is_last(self) -> bool:
        return self._stop.files is not None and self._number >= self._stop.files

    def _next(self) -> None:
        self._end()
        self.begin()

    def tick(self) -> float | None:
        """Begin the next file if it is due, traffic or not; return seconds until the next is due, None for never."""
        if self._ring.duration is None or self.done:
            return None
        left = self._since + self._ring.duration - time.monotonic()
        if left > 0:
            return left
        if self._is_last():
            self.done = True
            return None
        self._next()
        return self._ring.duration

    def flush(self) -> None:
        assert self._writer is not None
        self._writer.flush()

    def _end(self) -> None:
        """Close the present file. Its statistics hold what was counted and learned while it was written."""
        assert self._writer is not None
        try:
            if isinstance(self._writer, PcapngWriter):
                for number in range(len(self._interfaces)):
                    self._count(self._writer, number)
        finally:
            self._writer.close()

    def _count(self, writer: PcapngWriter, number: int) -> None:
        received, dropped = before = self._before[number]
        counts = self._counts(number)
        if counts is not None:
            (received, dropped), self._before[number] = counts, counts
        writer.statistics(
            time.time_ns(),
            None if counts is None else received - before[0],
            None if counts is None else dropped - before[1],
            number,
            delivered=self._delivered[number],
            start=self._start,
            comments=self._news(number),
        )

    def _news(self, number: int) -> list[str]:
        """Return comments that are new since the beginning of the file; those on the whole file go with interface 0."""
        told = {*self._told[number], *self._opening}
        return [text for text in (*(self._said() if number == 0 else []), *self._learnt(number)) if text not in told]

    def close(self) -> None:
        """Close the last file, if one was begun."""
        if self._writer is not None:
            self._end()
