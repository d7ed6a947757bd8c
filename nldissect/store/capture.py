"""Captures for programs: `nldissect.open`.

    >>> import nldissect
    >>> cap = nldissect.open("captures/vlan_add.pcap")
    >>> asked = cap.filter("nlmsg_type == RTM_NEWLINK").filter("nlmsg_flags & NLM_F_CREATE")
    >>> asked.select("IFLA_IFNAME")["IFLA_IFNAME"].tolist()
    ['v10', 'v20']

Only some numbers are kept of each message; everything else is read from the file again on demand.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from nldissect.capfile.reopenable import Where
from nldissect.columns.blocks.block import NO_TIME, Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.message_type import MessageType
from nldissect.columns.blocks.message_types import MessageTypes
from nldissect.columns.fields.column_reader import ColumnReader
from nldissect.errors import FileError, NldissectError
from nldissect.filters.vector_evaluator import VectorFilter
from nldissect.uapi import SLL_HDR_LEN
from nldissect.wire import Context
from nldissect.wire.packets.frame import nlmon

from .capture_file import CaptureFile
from .field_values import FieldValues, gathered
from .header_columns import HeaderColumns
from .kept_index import FRAMES, MESSAGES, GrowableTable, Table, empty, joined, taken
from .series import Series
from .view import View

if TYPE_CHECKING:
    from scapy.packet import Packet

    from nldissect.records.capture_records import CaptureRecords
    from nldissect.records.model import (
        ChangedObjectRecord,
        ChangeRecord,
        ExchangeRecord,
        NoteRecord,
        ObjectRecord,
    )


STEP = 16
"""Number of blocks added to the index at once: until then they take memory twice, as tables of their own."""


class SelectedBlock(NamedTuple):
    """A block read again from its file.

    rows   int64, one per kept message of the block: its index in the capture
    """

    block: Block
    rows: Array


class Capture(View):
    """All messages of one or several files, several merged by time; `nldissect.open` makes it.

    version   changes when messages are added

    read   read the files at once; else it has no messages before `refresh`
    """

    def __init__(self, files: Sequence[Where], families: dict[int, str], order: str | None, read: bool = True) -> None:
        super().__init__(self, None)
        self.version = 0
        self._meanings = MessageTypes()
        self._parts: list[CaptureFile] = []
        self._closer = weakref.finalize(self, _close, self._parts)
        self._frames: Table = empty(FRAMES)
        self._messages: Table = empty(MESSAGES)
        self._growing = GrowableTable(FRAMES), GrowableTable(MESSAGES)
        self._last: tuple[int, Packet] | None = None
        try:
            for one in files:
                self._parts.append(CaptureFile(one, families, order, self._meanings))
            if len(files) > 1:
                self._frames["file"] = np.zeros(0, np.uint16)
            if read:
                self.refresh()
        except BaseException:
            self.close()
            raise

    @property
    def count(self) -> int:
        """Number of messages."""
        return len(self._messages["at"])

    @property
    def files(self) -> int:
        """Number of files."""
        return len(self._parts)

    @property
    def progress(self) -> float:
        """Share of the files, as they are now, that has been read: 0 to 1."""
        parts = self._opened
        size = sum(part.size for part in parts)
        return sum(part.progress * part.size for part in parts) / size if size else 1.0

    @property
    def cut(self) -> list[str]:
        """Lines of text, one for each file whose records end before the file does now: damaged, or cut short."""
        return [part.cut for part in self._opened if part.cut]

    @property
    def without_messages(self) -> Array:
        """Numbers of the frames that hold no message: empty, or malformed."""
        holding = np.zeros(len(self._frames["at"]), bool)
        holding[self._messages["frame"]] = True
        return self._frames["number"][~holding].astype(np.int64)

    @property
    def nbytes(self) -> int:
        """Size of the kept index in bytes."""
        return sum(column.nbytes for table in (self._frames, self._messages) for column in table.values())

    @property
    def _opened(self) -> list[CaptureFile]:
        if not self._closer.alive:
            raise NldissectError("this capture is closed; open it again")
        return self._parts

    @property
    def behind(self) -> bool:
        """True if the files may hold more than was read; as they are now, no more than at the last `refresh`."""
        return any(part.behind for part in self._opened)

    def refresh(self, most: int | None = None) -> int:
        """Read what was added to the files since the last call; return the number of new messages. Views follow.

        most   number of blocks of a file read at most; what was read can be used while `behind` is true: there is more
        """
        before = self.count
        if "file" not in self._frames:
            self._extend(most or STEP)
            while most is None and self.behind:
                self._extend(STEP)
            return self.count - before
        frames, messages = [self._frames], [self._messages]
        count = len(self._frames["at"])
        for number, part in enumerate(self._opened):
            new, inside = part.extend()
            new["file"] = np.full(len(new["at"]), number, np.uint16)
            inside["frame"] += np.uint32(count)
            count += len(new["at"])
            frames.append(new)
            messages.append(inside)
        if count > len(self._frames["at"]):
            self._frames, self._messages = by_time(joined(frames), joined(messages), self.files)
            self.version += 1
        return self.count - before

    def _extend(self, most: int) -> None:
        new, inside = self._opened[0].extend(most)
        if not len(new["at"]):
            return
        inside["frame"] += np.uint32(len(self._frames["at"]))
        self._frames = self._growing[0].add(new)  # before the messages, which another thread may look at
        self._messages = self._growing[1].add(inside)
        self.version += 1

    @property
    def _first(self) -> int | None:
        """Time of the first frame in nanoseconds, None if it has none."""
        times = self._frames["time"]
        return int(times[0]) if len(times) and times[0] != NO_TIME else None

    def _reads(self, wanted: Array) -> Iterator[SelectedBlock]:
        """Yield the blocks of all files that hold wanted messages; their frames have the numbers of the capture."""
        for number, part in enumerate(self._opened):
            if "file" in self._frames:
                mine = self._frames["file"] == number
                numbers = self._frames["number"][mine]
                rows = mine[self._messages["frame"]].nonzero()[0]
            else:
                numbers, rows = None, np.arange(self.count)
            if not wanted[rows].any():
                continue
            frames = 0
            for block, start in part.turns():
                some = rows[start : start + len(block)]
                if numbers is not None:
                    block.number_in_file = block.frames.number.copy()
                    own = numbers[frames : frames + len(block.frames.number)]
                    block.frames.number[: len(own)] = own
                    frames += len(block.frames.number)
                if wanted[some].any():
                    yield SelectedBlock(block, some)

    def mask(self, tests: Sequence[VectorFilter], among: Array) -> Array:
        """Return a mask of the capture's messages that pass all filters; only those at indices `among` are tested."""
        found = np.zeros(self.count, bool)
        wanted = np.zeros(self.count, bool)
        wanted[among] = True
        for block, rows in self._reads(wanted):
            good = wanted[rows]
            for test in tests:
                good = good & test.mask(block, self._first)[: len(rows)]
            found[rows] = good
        return found

    def gather(self, fields: Sequence[str], rows: Array, numbers: bool) -> list[FieldValues]:
        """Return the values of fields in the messages at these indices.

        numbers   constants and flags as numbers, not as text
        """
        wanted = [Series(name, numbers) for name in dict.fromkeys(fields)]
        reader = ColumnReader(path for one in wanted for path in one.paths)
        chosen = np.zeros(self.count, bool)
        chosen[rows] = True
        target = np.zeros(self.count, np.int64)
        target[rows] = np.arange(len(rows))
        found: list[list[tuple[Array, Array]]] = [[] for _ in wanted]
        for block, mine in self._reads(chosen) if wanted else ():
            asked = np.zeros(len(block), bool)
            asked[: len(mine)] = chosen[mine]
            read = reader.read(block, self._first)
            for series, pieces in zip(wanted, found, strict=True):
                message, values = series.of(read, asked)
                pieces.append((target[mine[message]], values))
        return [gathered(series, len(rows), pieces) for series, pieces in zip(wanted, found, strict=True)]

    def header(self, rows: Array) -> HeaderColumns:
        """Return the header columns of the messages at these indices."""
        parts = self._parts
        interfaces = [[one.name for one in part.interfaces] for part in parts]
        names = [part.name for part in parts]
        return HeaderColumns(self._frames, self._messages, rows, self._meanings.known, names, interfaces)

    @property
    def frames(self) -> Table:
        """The kept columns of frames, see kept_index.py."""
        return self._frames

    @property
    def messages(self) -> Table:
        """The kept columns of messages."""
        return self._messages

    def own_numbers(self, frames: Table) -> Array | None:
        """Return the numbers that frames have in their file, None if those of the capture are the same."""
        return None

    @property
    def meanings(self) -> Sequence[MessageType]:
        """Message types, indexed by the messages' column `meaning`; the list grows."""
        return self._meanings.known

    @property
    def first(self) -> int | None:
        """Time of the first frame, in nanoseconds since 1970."""
        return self._first

    def part(self, number: int = 0) -> CaptureFile:
        """Return one of its files."""
        return self._opened[number]

    def packet(self, number: int) -> Packet:
        """Return the frame of that number; NldissectError if there is none."""
        numbers = self._frames["number"]
        frame = int(numbers.searchsorted(number)) if 0 <= number < 1 << 32 else len(numbers)
        if frame == len(numbers) or numbers[frame] != number:
            there = f"frames {numbers[0]} to {numbers[-1]}" if len(numbers) else "no frames"
            raise NldissectError(f"no frame {number}; {self._named()} has {there}")
        return self._packet(frame)

    def message(self, row: int) -> Packet:
        """Return the message at an index."""
        frame = int(self._messages["frame"][row])
        first = int(self._messages["frame"].searchsorted(np.uint32(frame)))
        found: Packet = self._packet(frame).messages[row - first]
        return found

    def _packet(self, frame: int) -> Packet:
        if self._last is None or self._last[0] != frame:
            self._last = frame, self._dissected(frame)
        return self._last[1]

    def _dissected(self, frame: int) -> Packet:
        """Return a frame dissected with the names that hold at its place in its file."""
        kept = {name: int(column[frame]) for name, column in self._frames.items()}
        part = self._opened[kept.get("file", 0)]
        record = part.record(kept)
        known = part.known_at(kept)
        context = Context(known.byte_order, fixed_order=True, names=part.names.names(known.at, known.space))
        packet = nlmon(record.data, _context=context, _room=record.wire_length - SLL_HDR_LEN)
        if record.time is not None:
            from scapy.utils import EDecimal

            packet.time = EDecimal(record.time) / EDecimal(10**9)
        packet.wirelen = record.wire_length
        packet.sniffed_on = record.interface.name
        packet.comments = [text.encode() for text in record.comments] or None
        return packet

    def changes(self, since: int = 0, until: int | None = None) -> list[ChangeRecord]:
        """Return the changes of objects that the capture tells of, those after frame `since` up to frame `until`.

        Every message about an object is decoded. NldissectError if a file can't be read again.
        """
        return list(self._records().changes(since, until))

    def objects(self) -> list[ChangedObjectRecord]:
        """Return the objects that changed, each with its changes; those of several files stay apart.

        Every message about an object is decoded. NldissectError if a file can't be read again.
        """
        return list(self._records().objects())

    def exchanges(self) -> list[ExchangeRecord]:
        """Return the requests with their answers, in order of their beginnings.

        NldissectError if a file can't be read again.
        """
        return self._records().exchanges()

    def notes(self) -> list[NoteRecord]:
        """Return the expert notes on messages, in the order of the messages; every message is decoded."""
        return self._records().notes()

    def state(self, at: float | None = None) -> list[ObjectRecord]:
        """Return the objects that existed at a moment, as far as the capture tells.

        at   after that frame (int), so many seconds after the first frame (float), or at the end (None)
        """
        from nldissect.records.moment import SECOND, EndOfState

        if isinstance(at, int):
            end = EndOfState(frame=at)
        else:
            end = EndOfState(seconds=None if at is None else round(at * SECOND))
        return list(self._records().state(end))

    def _records(self) -> CaptureRecords:
        from nldissect.records.capture_records import CaptureRecords

        first = self._opened[0]
        paths, names = [part.whole.path for part in self._opened], [part.name for part in self._opened]
        return CaptureRecords(paths, names, first.families, first.order)

    def close(self) -> None:
        """Close the files; values that were selected stay."""
        self._closer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _named(self) -> str:
        return ", ".join(part.name for part in self._parts)

    def __repr__(self) -> str:
        return f"<nldissect capture: {self._named()}, {self.count} messages in {len(self._frames['at'])} frames>"


def by_time(frames: Table, messages: Table, files: int) -> tuple[Table, Table]:
    """Return tables of frames and messages with the frames of all files in order of time, and numbered in that order.

    The frames of each file keep their order.
    """
    latest = np.maximum(frames["time"], 0)
    for number in range(files):
        mine = (frames["file"] == number).nonzero()[0]
        latest[mine] = np.maximum.accumulate(latest[mine])
    order = np.lexsort((frames["file"], latest))
    place = np.empty(len(order), np.uint32)
    place[order] = np.arange(len(order), dtype=np.uint32)
    in_order = taken(frames, order)
    in_order["number"] = np.arange(1, len(order) + 1, dtype=np.uint32)
    frame = place[messages["frame"]]
    return in_order, taken({**messages, "frame": frame}, frame.argsort(kind="stable"))


def _close(parts: list[CaptureFile]) -> None:
    for part in parts:
        part.close()


def open_captures(*files: Where, families: dict[int, str] | None = None, byte_order: str | None = None) -> Capture:
    """Open captures: pcap or pcapng, also gzip or zstd; "-" is standard input, binary streams are accepted.

    Several are merged by time; frames are then numbered in that order.

    families     names of generic netlink ids, like {0x1c: "ethtool"}
    byte_order   "little" or "big": of the host that was captured, if it can't be derived from the messages

    >>> import nldissect
    >>> with nldissect.open("captures/vlan_add.pcap") as cap:
    ...     print(len(cap), cap.frame(3).messages[0].summary())
    28 RTM_NEWLINK v10@d0 vlan id 10
    """
    if not files:
        raise FileError("name a capture to open, like nldissect.open('x.pcap')")
    if byte_order not in (None, "little", "big"):
        raise NldissectError(f'byte_order is "little" or "big", not {byte_order!r}')
    return Capture(files, families or {}, byte_order)
