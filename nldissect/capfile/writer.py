"""Writers of pcap and pcapng. After an error the file keeps what was written before, whole records only."""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Sequence
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

from nldissect.errors import FileError

from .byte_source import one_line
from .link_types import NETLINK
from .pcapng import (
    BYTE_ORDER_MAGIC,
    COMMENT,
    IF_DESCRIPTION,
    IF_FILTER,
    IF_NAME,
    IF_TSRESOL,
    INTERFACE,
    ISB_DELIVERED,
    ISB_DROPPED,
    ISB_END,
    ISB_RECEIVED,
    ISB_START,
    LIBPCAP_TEXT,
    PACKET,
    SECTION,
    SECTION_OPTIONS,
    STATISTICS,
)
from .records import SECOND

SNAPLEN = 262144
STANDARD_OUTPUT = "standard output"
BATCH = 1 << 18

_PCAP_HEADER = struct.Struct("=IHHiIII")
_PCAP_RECORD = struct.Struct("=IIII")
_PACKET = struct.Struct("=7I")
_WORD = struct.Struct("=I")
_OPTION = struct.Struct("=HH")


class Writer(Protocol):
    """The interface of PcapWriter, PcapngWriter and anything else that a capture is written to.

    done   true if it takes no more records
    tick   does what is due; returns the seconds until something will be, None for never
    """

    @property
    def records(self) -> int: ...
    @property
    def done(self) -> bool: ...

    def add_interface(
        self,
        name: str | None = None,
        linktype: int = NETLINK,
        snaplen: int = SNAPLEN,
        decimals: int = 9,
        comments: Sequence[str] = (),
        *,
        description: str | None = None,
        filter: str | None = None,
    ) -> int: ...
    def write(
        self,
        time: int | None,
        data: bytes,
        wire_length: int | None = None,
        comments: Sequence[str] = (),
        interface: int = 0,
    ) -> None: ...
    def tick(self) -> float | None: ...
    def flush(self) -> None: ...
    def close(self) -> None: ...


class _Writer:
    """A writer that gathers blocks and hands them to the system together."""

    done = False

    def __init__(self, stream: Any, name: str | None) -> None:
        self.name = one_line(str(getattr(stream, "name", "the stream"))) if name is None else name
        self.records = 0
        self.size = 0  # bytes, those not written yet included
        self._outer = stream
        if hasattr(stream, "raw"):  # what a BufferedWriter could not write stays unknown to us: go below it
            stream.flush()
        self._stream = getattr(stream, "raw", stream)
        self._waiting: list[bytes] = []
        self._others: set[int] = set()  # which of them are no records
        self._size = 0
        self._kept = 0  # records that are in the file
        self._failed: FileError | None = None
        try:
            self._position: int | None = self._stream.tell()
        except (OSError, ValueError, AttributeError):
            self._position = None  # a pipe

    def _put(self, block: bytes, record: bool) -> None:
        if self._failed is not None:
            raise self._failed
        if record:
            self.records += 1
        else:
            self._others.add(len(self._waiting))
        self._waiting.append(block)
        self._size += len(block)
        self.size += len(block)
        if self._size >= BATCH:
            self.flush()

    def tick(self) -> float | None:
        return None

    def flush(self) -> None:
        """Write all gathered blocks.

        FileError: the system can't take them. BrokenPipeError: the reader has left.
        """
        if self._failed is not None:
            raise self._failed
        data = memoryview(b"".join(self._waiting))
        done = 0
        try:
            while done < len(data):
                done += self._stream.write(data[done:]) or 0
        except BrokenPipeError:
            self._failed = FileError(f"nobody reads {self.name} any more; {_records(self._kept)} went out")
            raise
        except (OSError, ValueError) as error:
            self._fail(error, done)
        self._kept = self.records
        self._waiting, self._size = [], 0
        self._others.clear()
        if self._position is not None:
            self._position += len(data)

    def _fail(self, error: Exception, done: int) -> None:
        """Cut the file back to its last whole block, and raise the FileError that states how many records it holds."""
        whole = 0
        for index, block in enumerate(self._waiting):
            if whole + len(block) > done:
                break
            whole += len(block)
            self._kept += index not in self._others
        if self._position is not None:
            try:
                self._stream.truncate(self._position + whole)
            except (OSError, ValueError):
                pass  # a device: nothing to mend
        reason = getattr(error, "strerror", None) or error
        self._failed = FileError(f"can't write {self.name}: {reason}; {_records(self._kept)} kept in it")
        raise self._failed from error

    def close(self) -> None:
        """Write the gathered blocks and close; an error that was already raised is not raised again."""
        try:
            if self._failed is None:
                self.flush()
        finally:
            self._outer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class PcapWriter(_Writer):
    """A pcap file in this host's byte order; it has no place for interfaces and comments, which are left out."""

    def __init__(
        self,
        stream: BinaryIO | io.RawIOBase,
        linktype: int = NETLINK,
        snaplen: int = SNAPLEN,
        nanosecond: bool = False,
        *,
        name: str | None = None,
    ) -> None:
        super().__init__(stream, name)
        self._divisor = 1 if nanosecond else 1000
        magic = 0xA1B23C4D if nanosecond else 0xA1B2C3D4
        self._put(_PCAP_HEADER.pack(magic, 2, 4, 0, 0, snaplen, linktype), record=False)
        self._interfaces = 0

    def add_interface(self, name: str | None = None, *_: object, **__: object) -> int:
        """Return the number that a source would have."""
        self._interfaces += 1
        return self._interfaces - 1

    def write(
        self,
        time: int | None,
        data: bytes,
        wire_length: int | None = None,
        comments: Sequence[str] = (),
        interface: int = 0,
    ) -> None:
        """Write one record; a time of None is written as 0, as pcap has no other way to express it.

        time   nanoseconds since 1970; FileError if it does not fit pcap's 32 bits of seconds
        """
        seconds, rest = divmod(time or 0, SECOND)
        length = len(data)
        try:
            head = _PCAP_RECORD.pack(
                seconds, rest // self._divisor, length, length if wire_length is None else wire_length
            )
        except struct.error:
            raise FileError(f"{self.name}: pcap can't hold a time {seconds} s from 1970; write a .pcapng") from None
        self._put(head + data, record=True)


class PcapngWriter(_Writer):
    """A pcapng file in this host's byte order: one section; interfaces, packets, statistics in the order of calls."""

    def __init__(
        self,
        stream: BinaryIO | io.RawIOBase,
        linktype: int = NETLINK,
        snaplen: int = SNAPLEN,
        *,
        name: str | None = None,
        hardware: str = "",
        system: str = "",
        application: str = "nldissect",
        comments: Sequence[str] = (),
    ) -> None:
        super().__init__(stream, name)
        self._default = linktype, snaplen
        self._ticks: list[int] = []  # a second, for each interface
        said = {"hardware": hardware, "os": system, "application": application}
        options = [(COMMENT, text) for text in comments]
        options += [(code, said[key]) for code, key in SECTION_OPTIONS.items() if said[key]]
        self._block(SECTION, struct.pack("=IHHq", BYTE_ORDER_MAGIC, 1, 0, -1) + _options(options))

    def _block(self, kind: int, body: bytes) -> None:
        length = _WORD.pack(len(body) + 12)
        self._put(b"".join((_WORD.pack(kind), length, body, length)), record=False)

    def add_interface(
        self,
        name: str | None = None,
        linktype: int = NETLINK,
        snaplen: int = SNAPLEN,
        decimals: int = 9,
        comments: Sequence[str] = (),
        *,
        description: str | None = None,
        filter: str | None = None,
    ) -> int:
        """Describe a source, `filter` as libpcap writes it; return the number of the source for `write`."""
        options: list[tuple[int, str | bytes]] = [(COMMENT, text) for text in comments]
        if name:
            options.append((IF_NAME, name))
        if description:
            options.append((IF_DESCRIPTION, description))
        options.append((IF_TSRESOL, bytes([decimals])))
        if filter:
            options.append((IF_FILTER, LIBPCAP_TEXT + filter.encode()))
        self._block(INTERFACE, struct.pack("=HxxI", linktype, snaplen) + _options(options))
        self._ticks.append(10**decimals)
        return len(self._ticks) - 1

    def write(
        self,
        time: int | None,
        data: bytes,
        wire_length: int | None = None,
        comments: Sequence[str] = (),
        interface: int = 0,
    ) -> None:
        """Write one packet. Without an interface described before, one is made; a time of None is written as 0.

        time   nanoseconds since 1970; FileError if it does not fit a packet block
        """
        if not self._ticks:
            self.add_interface(None, *self._default)
        length = len(data)
        pad = b"\0" * (-length % 4)
        options = _options([(COMMENT, text) for text in comments])
        total = 32 + length + len(pad) + len(options)
        ticks = (time or 0) * self._ticks[interface] // SECOND
        wire = length if wire_length is None else wire_length
        try:
            head = _PACKET.pack(PACKET, total, interface, ticks >> 32, ticks & 0xFFFF_FFFF, length, wire)
        except struct.error:
            raise FileError(f"{self.name}: a time {ticks} ticks from 1970 does not fit a packet block") from None
        self._put(b"".join((head, data, pad, options, _WORD.pack(total))), record=True)

    def statistics(
        self,
        time: int,
        received: int | None,
        dropped: int | None,
        interface: int = 0,
        *,
        delivered: int | None = None,
        start: int | None = None,
        comments: Sequence[str] = (),
    ) -> None:
        """Write what the system counted on an interface from `start` up to `time`, in nanoseconds since 1970.

        received    frames received
        dropped     frames lost for want of room
        delivered   frames written
        """
        if not self._ticks:
            self.add_interface(None, *self._default)
        options: list[tuple[int, str | bytes]] = [(COMMENT, text) for text in comments]
        if start is not None:
            options += [(ISB_START, self._stamp(start, interface)), (ISB_END, self._stamp(time, interface))]
        counts = ((ISB_RECEIVED, received), (ISB_DROPPED, dropped), (ISB_DELIVERED, delivered))
        options += [(code, struct.pack("=Q", count)) for code, count in counts if count is not None]
        self._block(STATISTICS, _WORD.pack(interface) + self._stamp(time, interface) + _options(options))

    def _stamp(self, time: int, interface: int) -> bytes:
        ticks = time * self._ticks[interface] // SECOND
        return struct.pack("=II", ticks >> 32 & 0xFFFF_FFFF, ticks & 0xFFFF_FFFF)


def _options(options: Sequence[tuple[int, str | bytes]]) -> bytes:
    parts = []
    for code, value in options:
        raw = (value.encode(errors="replace") if isinstance(value, str) else value)[:0xFFFF]
        parts.append(_OPTION.pack(code, len(raw)) + raw + b"\0" * (-len(raw) % 4))
    return b"".join([*parts, bytes(4)]) if parts else b""


def _records(count: int) -> str:
    return f"{count} record" if count == 1 else f"{count} records"


def private(path: str | os.PathLike[str], new: bool = False) -> io.FileIO:
    """Return a file for writing, emptied, that only its owner may read if it is new: captures hold keys.

    new   the file must not exist yet: FileExistsError

    Raises FileError if it can't be opened.
    """
    name = one_line(os.fsdecode(path))
    flags = os.O_WRONLY | os.O_CREAT | (os.O_EXCL if new else os.O_TRUNC)
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileExistsError:
        raise
    except PermissionError:
        raise FileError(f"{name} may not be written by user {_user()}; choose another place or user") from None
    except FileNotFoundError:
        raise FileError(f"no directory for {name}; make it first") from None
    except (OSError, ValueError) as error:
        raise FileError(
            f"can't write {name}: {getattr(error, 'strerror', None) or error}; choose another name"
        ) from None
    return io.FileIO(descriptor, "w")


def _user() -> str:
    try:
        from pwd import getpwuid

        return getpwuid(os.geteuid()).pw_name
    except ImportError:  # Windows
        return os.environ.get("USERNAME", "this one")
    except KeyError:
        return str(os.geteuid())


def writer_for(
    path: str | os.PathLike[str], linktype: int = NETLINK, snaplen: int = SNAPLEN, nanosecond: bool = False
) -> PcapWriter | PcapngWriter:
    """Return the writer for a name: NAME.pcapng is pcapng, any other name is pcap, and so is "-", standard output."""
    name = os.fsdecode(path)
    if name == "-":
        return PcapWriter(io.FileIO(1, "w", closefd=False), linktype, snaplen, nanosecond, name=STANDARD_OUTPUT)
    stream = private(path)
    if is_pcapng_name(name):
        return PcapngWriter(stream, linktype, snaplen, name=one_line(name))
    return PcapWriter(stream, linktype, snaplen, nanosecond, name=one_line(name))


def is_pcapng_name(name: str) -> bool:
    return name.lower().endswith(".pcapng")
