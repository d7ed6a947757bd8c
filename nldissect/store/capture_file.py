"""One file of a capture that is kept open: its index, and its blocks and frames, read again on demand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from nldissect.capfile import LINUX_SLL2, Reader, Record, netlink_frame
from nldissect.capfile.reopenable import ReopenableFile, Where, changed
from nldissect.columns.block_reader import BlockReader
from nldissect.columns.blocks.block import NO_TIME, Block
from nldissect.columns.blocks.message_types import MessageTypes
from nldissect.columns.blocks.whole_capture import WholeCapture
from nldissect.columns.names.timeline import GENL, LENT, FrameNames, NameTimeline
from nldissect.columns.requests.prior_requests import PriorRequests
from nldissect.families.answer_rules import RULES
from nldissect.wire import Context, DecodedFrame, walk

from .kept_index import BIG, FRAMES, MESSAGES, Table, empty, frames_of, joined, messages_of


class RereadBlock(NamedTuple):
    """One block read again.

    start   index of its first message among those of the file; the block may hold messages that are not yet kept
    """

    block: Block
    start: int


class CaptureFile:
    """One file of a capture.

    meanings    message types of all files of the capture
    kept        number of its messages that were returned to be kept
    first       time of its first frame
    whole       results of second passes over the file, valid as long as it does not grow
    behind      it may hold more than was returned
    families    ids of generic families the user fixed
    order       the byte order the user fixed, else None
    """

    def __init__(self, where: Where, families: dict[int, str], order: str | None, meanings: MessageTypes) -> None:
        self.kept = 0
        self.behind = True
        self._forgotten = False
        self.comments: dict[int, tuple[str, ...]] = {}
        self.families, self.order = families, order
        self._priors = PriorRequests(RULES)
        self._again = ReopenableFile(where)
        self.whole = WholeCapture(self._again.path, families, order, self._again.name)
        self.name = self._again.name
        try:
            self._source = self._open()
        except BaseException:
            self._again.close()
            raise
        self._source.meanings = meanings
        self.interfaces = self._source.reader.interfaces
        self.names = self._source.names
        self.names.lends, self.names.looks_ahead = True, (GENL,)  # others are soon known: all is read

    def call(self, name: str) -> None:
        """Set another name."""
        self.name = self.whole.name = name

    def _open(self, names: NameTimeline | None = None) -> BlockReader:
        with self._again.named():
            source = BlockReader(self._again.path, self.families, self.order, names=names)
        source.reader.name = self.name
        source.whole = self.whole
        return source

    @property
    def path(self) -> str:
        """Path that opens the same, unpacked, bytes again, as long as this object is open."""
        return self._again.path

    @property
    def reader(self) -> Reader:
        """Reader of the file as it grows, with its interfaces, comments and counts."""
        return self._source.reader

    @property
    def context(self) -> Context:
        """Context of names learned from all frames read so far."""
        return self._source.context

    @property
    def first(self) -> int | None:
        """Time of the first frame in nanoseconds."""
        return self._source.first

    def extend(self, most: int | None = None) -> tuple[Table, Table]:
        """Read what was added; return the tables of new frames and messages, whose frame indices start at 0.

        most   number of blocks read at most; `behind` is true then if there may be more
        """
        self._again.pull()
        frames, messages = [empty(FRAMES)], [empty(MESSAGES)]
        count = 0
        behind = False
        for number, block in enumerate(self._source.blocks(), 1):
            self._note(block)
            self._priors.begin_block(block)
            frames.append(frames_of(block))
            messages.append(messages_of(block, count, self._priors))
            self._priors.end_block()
            count += len(block.frames.start)
            self.kept += len(block)
            self.whole = self.whole.reopened()
            if number == most:
                behind = True
                break
        self.behind = behind
        return joined(frames), joined(messages)

    def passing(self) -> Iterator[tuple[Block, Table]]:
        """Yield the file's blocks in one pass, each with its table of frames."""
        self.names.looks_ahead = LENT
        for block in self._source.blocks():
            self._note(block)
            yield block, frames_of(block)

    def _note(self, block: Block) -> None:
        """Keep the comments of a block's frames, which are no column."""
        for start, texts in block.comments.items():
            self.comments[start + block.offset] = texts

    @property
    def cut(self) -> str | None:
        """Line of text if the file, as it is now, ends inside a record, else None."""
        reader = self._source.reader
        before = reader.cut
        found = reader.finish() or self._again.problem
        reader.cut = before  # it may still grow
        return f"{self.name}: {found}" if found else None

    def turns(self) -> Iterator[RereadBlock]:
        """Yield the file's blocks again, from its beginning to the last kept message."""
        source = self._open(self.names)
        start = 0
        try:
            for block in source.blocks() if self.kept else ():
                yield RereadBlock(block, start)
                start += len(block)
                if start >= self.kept:
                    return
            if start < self.kept:
                raise changed(self.name)
        finally:
            source.reader.close()

    @property
    def size(self) -> int:
        """Bytes of the (unpacked) file, as it is now."""
        return self._again.size

    @property
    def progress(self) -> float:
        """Share of the file, as it is now, that was returned by `extend`: 0 to 1."""
        size = self.size
        return min(self._source.reader.position / size, 1.0) if size else 1.0

    def read(self, buffer: memoryview, at: int) -> None:
        """Fill a buffer with the bytes of the (unpacked) file from offset `at` on."""
        self._again.read(buffer, at)

    def take(self, at: int, size: int) -> bytes:
        """Return `size` bytes of the (unpacked) file from offset `at` on."""
        return self._again.take(at, size)

    def known_at(self, kept: dict[str, int]) -> FrameNames:
        """Return the byte order of a kept frame and the names that hold there."""
        order = ">" if kept["marks"] & BIG else "<"
        return self.names.context(kept["at"], self.interfaces[kept["interface"]].space, order)

    def record(self, kept: dict[str, int]) -> Record:
        """Return the record of a kept frame with the 16-byte cooked header, read from the file again."""
        interface = self.interfaces[kept["interface"]]
        moved = 4 if interface.linktype == LINUX_SLL2 else 0  # this header is 20 bytes long in the file
        data = self._again.take(kept["at"] - moved, kept["captured"] + moved)
        time = None if kept["time"] == NO_TIME else kept["time"]
        comments = self.comments.get(kept["at"], ())
        record = Record(kept["number"], time, data, kept["wire"] + moved, interface, comments)
        cooked = netlink_frame(record)
        if cooked is None:
            raise changed(self.name)
        return record._replace(data=cooked, wire_length=kept["wire"])

    def walked(self, kept: dict[str, int]) -> DecodedFrame:
        """Return a kept frame decoded."""
        record = self.record(kept)
        return walk(record.data, self.known_at(kept), wire_length=record.wire_length)

    def close(self) -> None:
        """Close the file."""
        if not self._forgotten:
            self._source.reader.close()
            self._again.close()

    def forget(self) -> None:
        """Close the file, and drop all that was kept of it."""
        self.close()
        self._forgotten = True
        self.comments, self.names = {}, NameTimeline()
        self.whole = WholeCapture(self.whole.path, self.families, self.order, self.name)
        del self._source
