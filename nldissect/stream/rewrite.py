"""`read -w`: frames copied unchanged to another file."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self

from nldissect.capfile import Interface, PcapngWriter, Reader, Record, writer_for
from nldissect.errors import print_notice

from .frames import StreamFrame
from .redact import redacted


class RewriteInput(Protocol):
    """A capture that is read."""

    @property
    def reader(self) -> Reader: ...


class Rewriter:
    """A writer of whole frames; a .pcapng keeps the names of interfaces, the comments and the counts of the files read.

    redact    `write` puts zeros for key material
    keys      bytes of keys that were replaced so far
    unknown   replaced bytes that can't be shown to be no keys
    """

    def __init__(self, path: str, captures: Sequence[RewriteInput], redact: bool = False) -> None:
        known = [interface for capture in captures for interface in capture.reader.interfaces]
        finest = max((interface.decimals for interface in known), default=6)
        snaplen = max((interface.snaplen for interface in known), default=0) or 262144
        self.path, self.captures, self.redact = path, captures, redact
        self.keys = self.unknown = 0
        self.writer = writer_for(path, snaplen=snaplen, nanosecond=finest > 6)
        self.numbers: dict[int, int] = {}
        self.latest = 0

    def write(self, seen: StreamFrame) -> None:
        """Write one frame."""
        record, data = seen.record, seen.frame.data
        if self.redact:
            data, keys, unknown = redacted(seen.frame)
            self.keys += keys
            self.unknown += unknown
        wire_length = record.wire_length + len(data) - len(record.data)
        self.put(record._replace(data=data, wire_length=wire_length))

    def put(self, record: Record) -> None:
        """Write a record that holds a frame with its 16-byte header."""
        self.latest = record.time or self.latest
        if isinstance(self.writer, PcapngWriter):
            number = self._number(self.writer, record.interface)
            self.writer.write(record.time, record.data, record.wire_length, record.comments, number)
        else:
            self.writer.write(record.time, record.data, record.wire_length)

    def _number(self, writer: PcapngWriter, interface: Interface) -> int:
        number = self.numbers.get(id(interface))
        if number is None:
            number = self.numbers[id(interface)] = writer.add_interface(
                interface.name,
                snaplen=interface.snaplen,
                decimals=interface.decimals,
                comments=[*self._comments(interface), *interface.comments],
                description=interface.description,
                filter=interface.filter,
            )
        return number

    def _comments(self, interface: Interface) -> list[str]:
        """Return the comments on an interface's file, once for the first interface of that file."""
        for capture in self.captures:
            known = capture.reader.interfaces
            if any(interface is one for one in known):
                return [] if any(id(one) in self.numbers for one in known) else capture.reader.section_comments
        return []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None and isinstance(self.writer, PcapngWriter):
            for capture in self.captures:
                for told in capture.reader.statistics:
                    if (number := self.numbers.get(id(told.interface))) is not None:
                        self.writer.statistics(self.latest, told.received, told.dropped, number)
        self.writer.close()
        if error is None and self.unknown:
            text = "of undecoded messages, or of families that the capture does not name, which may be keys"
            print_notice(f"zeros stand for {self.keys} bytes of keys, and for {self.unknown} bytes {text}")
