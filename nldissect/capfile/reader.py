"""Capture reader: whole records from the bytes available, and more of them when a file grows."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import BinaryIO

from nldissect.errors import FileError
from nldissect.sizes import SIZES

from .byte_source import ByteSource, open_source, translated, unpacked
from .pcap import HEADER, Chain, Pcap, is_pcap
from .pcapng import Pcapng, byte_order, is_pcapng
from .records import Interface, Record, Window, is_hidden

SPARE = 16  # before and after the bytes: a few bytes past a record's end may be read, and words set before its start


class Reader:
    """The records of one capture. Each `for` continues after the last one, and ends at the present end of the bytes.

    cut          once set, one line that states where and why the records end before the file does
    interfaces   the sources described so far
    comments     of the file, `section_comments` among them, and of its interfaces, as read so far
    section      system and application that wrote it
    statistics   counts of the writer, one for each interface block of that kind (pcapng)
    """

    def __init__(self, name: str, source: ByteSource, begun: bytes, window: int) -> None:
        self.name = name
        self.cut: str | None = None
        self.count = 0  # records found so far, those waiting to be given out included
        self.hidden = 0  # of them, those that are shown on request only
        self._source = source
        self._window = max(window, 4096) + 2 * SPARE
        self._buffer = bytearray(self._window)
        self._start, self._end = SPARE, SPARE + len(begun)
        self._buffer[self._start : self._end] = begun
        self._offset = -SPARE  # offset of the buffer's first byte in the unpacked file
        self._batch: Iterator[Record] = iter(())
        self._waiting: Window | None = None
        self._format = self._open()
        self.interfaces: list[Interface] = self._format.interfaces
        self.comments: list[str] = getattr(self._format, "comments", [])
        self.section_comments: list[str] = getattr(self._format, "section_comments", [])
        self.section: dict[str, str] = getattr(self._format, "section", {})
        self.statistics = self._format.statistics if isinstance(self._format, Pcapng) else []

    def _open(self) -> Pcap | Pcapng:
        while self._end - self._start < HEADER and self._fill():
            pass
        head = bytes(self._buffer[self._start : min(self._end, self._start + HEADER)])
        if len(head) < HEADER and (problem := self._source.problem or self._source.left()):
            raise FileError(f"{self.name}: {problem}; nothing of it can be read")
        if not head:
            raise FileError(f"{self.name} is empty; was the capture that writes it started?")
        if is_pcapng(head):
            order = byte_order(head)
            if order is None:
                raise FileError(f"{self.name} begins like pcapng, but its header is cut short or damaged")
            capture = Pcapng(order)
            self._format = capture
            while not capture.interfaces and self._waiting is None and self.cut is None:
                self._waiting = self._scan()
                if self._waiting is None and not self._fill():
                    break
            return capture
        if not is_pcap(head):
            advice = "see `tcpdump -w` or `nldissect capture`"
            if head.isascii() and head.decode().replace("\n", "").replace("\t", "").isprintable():
                advice += "; bytes written as text are read with --hex"
            raise FileError(f"{self.name} is no capture: neither pcap nor pcapng; {advice}")
        if len(head) < HEADER:
            raise FileError(f"{self.name} is cut short: {len(head)} bytes of the {HEADER} byte pcap header are there")
        self._start += HEADER
        return Pcap(self.name, head)

    def _fill(self) -> bool:
        """Read the bytes available now into the buffer, after the unread ones; return False if there are none."""
        left = self._end - self._start
        if self._start > SPARE:
            self._buffer[SPARE : SPARE + left] = self._buffer[self._start : self._end]
            self._offset += self._start - SPARE
            self._start, self._end = SPARE, SPARE + left
        size = self._window
        while self._end >= size - SPARE:  # one record fills it: grow by what is there, not by what it claims
            size *= 2
        if size != len(self._buffer):
            self._resize(size)
        stop = size - SPARE
        if size > self._window:  # no further than that record, or all those after it would be one window
            stop = min(stop, max(SPARE + self._format.expect(self._buffer, SPARE, self._end)[1], self._end + 1))
        with memoryview(self._buffer) as view, view[self._end : stop] as room:
            count = self._source.readinto(room)
        self._end += count
        return count > 0

    def widen(self, window: int) -> None:
        """Read `window` bytes at a time from now on; a smaller number than before changes nothing."""
        self._window = max(window, self._window)

    def _resize(self, size: int) -> None:
        """Move the bytes to another buffer; windows may still refer to the one before."""
        other = bytearray(size)
        other[: self._end] = self._buffer[: self._end]
        self._buffer = other

    def _scan(self) -> Window | None:
        window, self._start = self._format.scan(self._buffer, self._start, self._end)
        if self._format.problem is not None:
            have = self.count + (len(window.starts) if window else 0)
            self.cut = f"damaged after {_records(have)}, at byte {self._offset + self._start}: {self._format.problem}"
            self.cut += f" ({self._source.problem})" if self._source.problem else ""
        if window is None or not window.starts:
            return None
        window.numbers = range(self.count + 1, self.count + 1 + len(window.starts))
        window.offset = self._offset
        self.count += len(window.starts)
        self.hidden += sum(map(is_hidden, window.comments.values()))
        return window

    def _next(self) -> Window | None:
        window, self._waiting = self._waiting, None
        while window is None and self.cut is None:
            window = self._scan()
            if window is None and (self.cut is not None or not self._fill()):
                break
        return window

    def windows(self) -> Iterator[Window]:
        """Yield the remaining records as windows; records still unread by an unfinished `for` are not among them."""
        while (window := self._next()) is not None:
            yield window

    def __iter__(self) -> Iterator[Record]:
        while True:
            yield from self._batch
            window = self._next()
            if window is None:
                return
            self._batch = iter(list(window.records()))  # a list iterator outlives the `for` that leaves it early

    def use_record_chain(self, chain: Chain) -> None:
        """Let `chain` find the records of a pcap, as far as it can."""
        if isinstance(self._format, Pcap):
            self._format.chain = chain

    @property
    def position(self) -> int:
        """Offset in the (unpacked) file up to which records were found, in bytes."""
        return self._offset + self._start

    @property
    def over(self) -> bool:
        """True if nothing more can ever come: a pipe has ended, or the bytes are damaged; a file may always grow."""
        return self.cut is not None or self._source.over

    def finish(self) -> str | None:
        """Treat the present end as the end of the capture; return `cut`, which is set if bytes are left over."""
        if self.cut is None:
            left = self._end - self._start
            problem = self._source.problem or self._source.left()
            if left:
                self.cut = self._left_over(left) + (f" ({problem})" if problem else "")
            elif problem:
                self.cut = f"cut short after {_records(self.count)}: {problem}"
            elif lacks := getattr(self._source, "lacks", None):
                self.cut = f"incomplete: {lacks}"
        return self.cut

    @property
    def remark(self) -> str | None:
        """One line about lines of a text log that are not part of the capture; None without any."""
        return getattr(self._source, "remark", None)

    @property
    def moved(self) -> bool:
        """True if a process of a strace log entered another network namespace: which, the log does not tell."""
        return bool(getattr(self._source, "moved", False))

    def _left_over(self, left: int) -> str:
        is_record, length = self._format.expect(self._buffer, self._start, self._end)
        what = f"in record {self.count + 1}" if is_record else f"in a block after {_records(self.count)}"
        return f"cut short {what} at byte {self._offset + self._start}: {left} bytes of {length} are there"

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _records(count: int) -> str:
    return f"{count} record" if count == 1 else f"{count} records"


def open_capture(where: str | os.PathLike[str] | BinaryIO, *, window: int | None = None) -> Reader:
    """Open a pcap or pcapng file or a strace log, "-" for standard input, or a binary stream; packed ones are unpacked.

    window   bytes that are read at a time; None: SIZES.window

    Raises FileError if it can't be opened or is no capture. After that nothing raises: see `Reader.cut`.
    """
    name, source = open_source(where)
    try:
        head = bytearray(6)
        got = 0
        while got < len(head) and (count := source.readinto(memoryview(head)[got:])):
            got += count
        source, begun = unpacked(source, bytes(head[:got]), name)
        source, begun = translated(source, begun or _head(source))
        return Reader(name, source, begun, SIZES.window if window is None else window)
    except BaseException:
        source.close()
        raise


def _head(source: ByteSource) -> bytes:
    """Return the first unpacked bytes of a source, at most six."""
    head = bytearray(6)
    return bytes(head[: source.readinto(memoryview(head))])


def follow(reader: Reader, ended: Callable[[], bool], wait: float = 0.05) -> Iterator[Record]:
    """Yield records as they arrive, until `ended()` is true and all written before is read; then finish the reader.

    wait   seconds between two reads where nothing has arrived
    """
    while True:
        last = ended() or reader.over
        yield from reader
        if last:
            reader.finish()
            return
        if not reader.over:
            time.sleep(wait)
