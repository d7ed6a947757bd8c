"""Exchanges of the viewed capture, paired block by block in the background, and looked up by row."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.whole_capture import WholeCapture
from nldissect.store.capture_file import CaptureFile
from nldissect.store.segmented import SegmentedCapture

from ..model.capture_model import CaptureModel

if TYPE_CHECKING:
    from nldissect.analysis.exchanges.table import Exchanges


class ExchangeCollector(Protocol):
    """A collector that observes the blocks of a file."""

    def add(self, block: Block) -> None: ...


T = TypeVar("T", bound=ExchangeCollector)


class FileExchanges:
    """The exchanges of one file; `found` counts messages within the file, other values are rows of the capture.

    file    number of the file
    whole   state of the whole file
    start   row of the file's first message
    rows    rows of the file's messages, if messages of other files lie between them, else None
    """

    def __init__(self, file: int, whole: WholeCapture, found: Exchanges, start: int, rows: Array | None) -> None:
        self.file, self.whole, self.found, self.start, self._rows = file, whole, found, start, rows

    def rows(self, messages: Array) -> Array:
        """Return the rows of messages of the file."""
        rows: Array = messages + self.start if self._rows is None else self._rows[messages]
        return rows

    def row(self, message: int) -> int:
        return message + self.start if self._rows is None else int(self._rows[message])

    def messages(self, rows: Array) -> tuple[Array, Array]:
        """Return a mask of the rows that are messages of the file, one per row; and the numbers of those messages."""
        if self._rows is None:
            found = rows.astype(np.int64) - self.start
            there = (found >= 0) & (found < self.found.ledger.rows)
            return there, found[there]
        places = np.minimum(self._rows.searchsorted(rows), max(len(self._rows) - 1, 0))
        there = self._rows[places] == rows if len(self._rows) else np.zeros(len(rows), bool)
        there &= places < self.found.ledger.rows
        return there, places[there]

    def message(self, row: int) -> int | None:
        """Return the number of the message at a row within the file; None if it is in another file."""
        there, found = self.messages(np.array([row], np.int64))
        return int(found[0]) if there[0] else None

    def number(self, message: int) -> int:
        """Return the number of the exchange that a message of the file belongs to, 0 for none."""
        return int(self.found.of(np.array([message]))[0])


def joining(store: CaptureModel) -> Generator[bool, None, list[FileExchanges]]:
    """Pair the exchanges of each file step by step and return them; of a file that grew only new messages are read."""
    from nldissect.analysis.exchanges.fields import EXCHANGE

    made = []
    for number in present(store):
        part = store.capture.part(number)
        start, rows = _rows(store, number)
        whole = part.whole
        found = whole.cached(EXCHANGE)
        if found is None:
            kept = whole.live_result(_begun)
            if kept is None:
                kept = _begun(whole)
            while (block := _more(store, part, number, start, rows, kept.ledger.rows)) is not None:
                kept.add(block)
                yield True
            found = kept.still()
            whole.set(EXCHANGE, found)
            yield True
            start, rows = _rows(store, number)
        made.append(FileExchanges(number, whole, found, start, rows))
    return made


def present(store: CaptureModel) -> range:
    """Return the numbers of the files that were not released."""
    capture = store.capture
    return range(capture.gone if isinstance(capture, SegmentedCapture) else 0, capture.files)


def of_blocks(
    store: CaptureModel, number: int, what: str, make: Callable[[], T], finish: Callable[[T], object]
) -> Generator[bool, None, T]:
    """Feed all blocks of a file to a collector, block by block; return it, cached until the file grows.

    what     name of the result in the cache
    make     creates the collector
    finish   is called with the collector after the last block
    """
    part = store.capture.part(number)
    whole, known = part.whole, 0
    ready: T | None = whole.cached(what)
    if ready is not None:
        return ready
    found = make()
    while (block := _more(store, part, number, *_rows(store, number), known)) is not None:
        found.add(block)
        known += len(block)
        yield True
    finish(found)
    whole.set(what, found)
    yield True
    return found


def _rows(store: CaptureModel, number: int) -> tuple[int, Array | None]:
    """Return the row of a file's first message, and the rows of all its messages unless they are contiguous."""
    capture = store.capture
    if isinstance(capture, SegmentedCapture):
        return int(capture.messages["frame"].searchsorted(np.uint32(capture.begins(number)))), None
    files = capture.frames.get("file")
    if files is None:
        return 0, None
    return 0, (files[capture.messages["frame"]] == number).nonzero()[0]


def _begun(_: WholeCapture) -> Exchanges:
    from nldissect.analysis.exchanges.table import Exchanges

    return Exchanges()


def _more(
    store: CaptureModel, part: CaptureFile, number: int, start: int, rows: Array | None, known: int
) -> Block | None:
    """Return the block of a file's next messages after the first `known` ones; None if there are none at present.

    The row range may have grown since the last call: new messages may be in the same range as known ones.
    """
    if rows is not None and known >= len(rows):
        return None
    begin = start + known if rows is None else int(rows[known])
    for span in store.pieces.spans():
        if begin < span.stop and span.file in (None, number):
            block = store.pieces.block(span._replace(start=max(begin, span.start)))
            return block if block.whole is part.whole else None
    return None
