"""Exchanges of one file: found in one pass, then given out with the texts of their messages in another."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from nldissect.analysis.event_copies import EventCopies, events_of
from nldissect.analysis.exchanges.fields import EXCHANGE
from nldissect.analysis.exchanges.ledger import PLACES
from nldissect.analysis.exchanges.outliers import slow_exchanges
from nldissect.analysis.exchanges.table import Exchanges
from nldissect.analysis.processes.process import Process
from nldissect.analysis.refusals.capture_reasons import RefusalReasons
from nldissect.analysis.refusals.reason import Reason
from nldissect.capfile import Interface
from nldissect.capfile.comments import parse_comments
from nldissect.capfile.reopenable import ReopenableFile
from nldissect.columns.block_reader import BlockReader
from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.whole_capture import WholeCapture
from nldissect.escapes import escaped
from nldissect.filters import compile_filter
from nldissect.filters.vector_evaluator import VectorFilter
from nldissect.native.loader import LIST
from nldissect.render.columnar.refusals import explanations
from nldissect.render.columnar.session import RenderSession
from nldissect.render.exchange_text import ExchangeText
from nldissect.render.list_line import list_text
from nldissect.render.process_label import processes_of
from nldissect.render.refusal import Line
from nldissect.render.watched_file import is_watched
from nldissect.terminal.colors import plain
from nldissect.terminal.progress import Progress
from nldissect.wire import DecodedMessage
from nldissect.wire.decode.acks import PriorRequest

from ..netns import is_wanted


class FoundExchange(NamedTuple):
    """One exchange, valid until the next one of its file is requested.

    number     in its file, from 1
    texts      summaries by the row of their message: of its first one, of a batch those of all requests
    process    that sent the request, if the capture names it
    block      that holds the first message
    """

    file: ExchangeFile
    number: int
    texts: dict[int, str]
    process: Process | None
    block: Block

    @property
    def interface(self) -> Interface:
        """Interface in the network namespace that the exchange was made in."""
        ledger = self.file.found.ledger.tables()[0]
        head = self.file.found.table()["head"][self.number - 1]
        return self.block.interfaces[int(ledger["port_space"][head]) >> 16]

    @property
    def order(self) -> tuple[int, int]:
        """Frame and place of the first message, by which exchanges of several files are ordered."""
        return self.file.place(int(self.file.found.table()["head"][self.number - 1]))


class ExchangeFile:
    """One file and its exchanges, complete after `find`.

    name       as the user named it
    found      its exchanges
    named      whether the file names processes
    times      of its frames, in file order: int64 nanoseconds
    frames     numbers of its frames in the file: ascending int64, one per frame
    merged     their numbers among the frames of several files; None for one file
    begin      time of the first frame of all files
    hidden     number of the capture's own frames
    interfaces   those that it describes
    first      time of its first frame
    decimals   of its times
    reasons    of its refusals, by the number of the exchange, as far as it tells
    """

    def __init__(self, path: str, options: argparse.Namespace) -> None:
        self._again = ReopenableFile(path)
        self.path, self.name = self._again.path, self._again.name
        self._options = argparse.Namespace(**{**vars(options), "files": [self.path]})
        self.found = Exchanges()
        self.outcomes = ExchangeText(self.found, lambda row: self.place(row)[0])
        self.named = is_watched(self.path)
        self.explained: dict[int, list[Line]] = {}
        self.reasons: dict[int, Reason] = {}
        self.merged: Array | None = None
        self.begin: int | None = None
        self.hidden, self.decimals = 0, 6
        self.first: int | None = None
        self._own: list[int] = []  # rows of what the capture itself sent, and of answers to that
        self._cut: str | None = None

    def find(self) -> None:
        """Observe every message."""
        source, copies = self._source(), EventCopies()
        times, frames = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        with self._again.named(), Progress(self.path, printing=False) as progress:
            row = 0
            for block in source.blocks():
                self.found.add(block)
                copies.add(block)
                self.named = self.named or any(_names_process(texts) for texts in block.comments.values())
                self._own += (block.own_messages().nonzero()[0] + row).tolist()
                times.append(block.frames.time)
                frames.append(np.asarray(block.frames.number, np.int64))
                row += len(block)
                progress.at(block.offset + int(block.frames.end[-1]))
        self.times, self.frames = np.concatenate(times), np.concatenate(frames)
        self.first = source.first
        self.decimals = max((one.decimals for one in source.reader.interfaces), default=6)
        self.outcomes.events = events_of(self.found, copies)
        self._find_reasons()
        self.hidden, self.interfaces = source.reader.hidden, source.reader.interfaces
        self._cut = source.finish()
        self.slow = slow_exchanges(self.found)

    def _find_reasons(self) -> None:
        whole = WholeCapture(self.path, dict(self._options.families), self._options.order, self.name)
        whole.set(EXCHANGE, self.found)
        with self._again.named(), Progress(self.path, printing=False) as progress:
            whole.progress = progress.at
            reasons = RefusalReasons(whole)
        decisive = self.found.table()["decisive"].tolist()
        found = ((number, reasons.of_row(row)) for number, row in enumerate(decisive, 1))
        self.reasons = {number: reason for number, reason in found if reason is not None}

    def _source(self) -> BlockReader:
        with self._again.named():
            return BlockReader(self.path, dict(self._options.families), self._options.order)

    def place(self, row: int) -> tuple[int, int]:
        """Return the number of a message's frame, among those of all files, and its place in the frame."""
        frame, place = self.found.place(row)
        return self.shown_frame(frame), place

    def shown_frame(self, frame: int) -> int:
        """Return the number of a frame of this file among those of all files."""
        return frame if self.merged is None else int(self.merged[self.frames.searchsorted(frame)])

    def frame_range(self, number: int) -> tuple[int, int]:
        """Return the numbers of the first and the last frame of an exchange."""
        one = self.found.exchange(number)
        rows = one.requests + one.answers
        return self.place(min(rows))[0], self.place(max(rows))[0]

    @property
    def shown_name(self) -> str:
        """The file's name without characters on which a terminal acts."""
        return escaped(self.name)

    def shown_number(self, number: int) -> int:
        """Return the number of an exchange among those of all files."""
        return number if self.found.merged is None else int(self.found.merged[number - 1])

    def order_keys(self) -> Array:
        """Return for each exchange a key that orders those of several files: int64, one per exchange."""
        keys = self.found.ledger.tables()[0]["key"][self.found.table()["head"]].astype(np.int64)
        if self.merged is None or not len(keys):
            return keys
        frames = self.merged[self.frames.searchsorted(keys >> PLACES)]
        return frames << PLACES | keys & ((1 << PLACES) - 1)

    def wanted(self) -> Array:
        """Return a mask of the exchanges to show: bool, one per exchange number (0 is no exchange).

        An exchange is shown if the filter holds for one of its messages; the capture's own ones only with --own.
        """
        wanted = np.ones(len(self.found) + 1, bool)
        if self._options.filter is not None:
            wanted[:] = False
            columns = VectorFilter(compile_filter(self._options.filter).tree)
            source = self._source()
            source.whole.name = self.name
            source.whole.set("exchange", self.found)
            with self._again.named(), Progress(self.path, printing=False) as progress:
                for block in source.blocks():
                    self._renumber(block)
                    first = source.first if self.merged is None else self.begin
                    wanted[self.found.of_block(block)[columns.mask(block, first)]] = True
                    progress.at(block.offset + int(block.frames.end[-1]))
            source.finish()
        wanted[0] = False
        spaces = np.array([is_wanted(one, self._options) for one in self.interfaces], bool)
        heads = self.found.ledger.tables()[0]["port_space"][self.found.table()["head"]]
        wanted[1:] &= spaces[heads >> 16]
        if not self._options.own:
            wanted[1:] &= ~np.isin(self.found.table()["head"], self._own)
        return wanted

    def _renumber(self, block: Block) -> None:
        """Give the frames of a block their numbers among those of all files."""
        if self.merged is not None:
            own = block.number_in_file = block.frames.number
            block.frames = block.frames._replace(number=self.merged[self.frames.searchsorted(own)])

    def explain(self, wanted: Array) -> None:
        """Make the lines below the exchanges that were refused."""
        numbers = wanted.nonzero()[0].tolist()
        self.explained = explanations(self._source(), self.found, numbers, self._options.secrets)

    def exchanges(self, wanted: Array) -> Iterator[FoundExchange]:
        """Read the file again; yield each wanted exchange where it begins."""
        with self._again.named(), Progress(self.path) as progress:
            yield from self._exchanges(progress, wanted)

    def _exchanges(self, progress: Progress, wanted: Array) -> Iterator[FoundExchange]:
        table = self.found.table()
        blocks = RenderSession(self._options, LIST, _slow)
        row, number = 0, 0
        for block in blocks:
            stop = row + len(block)
            last = int(table["head"].searchsorted(stop))
            mine = np.arange(number + 1, last + 1)
            mine = mine[wanted[mine]]
            if len(mine):
                shown = np.zeros(len(block), bool)
                members = [self._members(one) for one in mine.tolist()]
                rows = np.array([one for some in members for one in some if one < stop], np.int64) - row
                shown[rows] = True
                texts = blocks.messages.texts(block, shown)
                heads = (table["head"][mine - 1] - row).tolist()
                who = processes_of(block, heads) if self.named else dict.fromkeys(heads)
                for one, head, some in zip(mine.tolist(), heads, members, strict=True):
                    summaries = {at: _stripped(texts[at - row]) for at in some if at < stop}
                    yield FoundExchange(self, one, summaries, who[head], block)
            row, number = stop, last
            progress.at(block.offset + int(block.frames.end[-1]))
        blocks.source.finish()

    def _members(self, number: int) -> list[int]:
        """Return the rows of messages whose texts are printed: the requests of a batch, else the first message."""
        table = self.found.table()
        if table["requests"][number - 1] > 1:
            return self.found.exchange(number).requests
        return [int(table["head"][number - 1])]

    @property
    def cut(self) -> str | None:
        """One line if the file ends before its records do, else None."""
        cut = self._cut or (self._again.problem and f"{self.name}: {self._again.problem}")
        return cut.replace(self.path, self.name) if cut else None

    def close(self) -> None:
        """Close the file."""
        self._again.close()


def _stripped(text: str | None) -> str:
    return (text or "").strip(" \n")


def _slow(_: int, walked: DecodedMessage, asked: PriorRequest | None) -> str:
    return plain(list_text(walked, asked)) + "\n"


def _names_process(comments: tuple[str, ...]) -> bool:
    return next(parse_comments(comments, "process"), None) is not None
