"""`read` of one large file by the block engine, where no message need be decoded whole.

It does -w, -q, and of -T fields and -T csv what the core leaves (see `_suits_columns` of commands/read/command.py).
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from nldissect.columns.block_reader import BlockReader
from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.fields.message_decoder import MessageDecoder
from nldissect.filters.vector_evaluator import VectorFilter
from nldissect.sizes import SIZES
from nldissect.stream.rewrite import Rewriter
from nldissect.terminal.progress import Progress

from ..field_cells import cell_format
from ..field_rows import Extractor
from .fields_renderer import FieldsRenderer
from .workers import ordered, split_work

if TYPE_CHECKING:
    from nldissect.filters import Filter


class FrameSelector:
    """The selection of messages by a filter and -c, block by block.

    met   number of frames selected so far
    own   select also what the capture itself sent, and answers to that
    """

    def __init__(self, wanted: Filter | None, count: int | None, own: bool = True) -> None:
        self.met = 0
        self._own = own
        self._count = count
        self._columns = VectorFilter(wanted.tree) if wanted is not None else None

    @property
    def done(self) -> bool:
        """True once no further frame is wanted."""
        return self._count is not None and self.met >= self._count

    def choose(self, block: Block, first: int | None) -> tuple[Array | None, Array]:
        """Return a mask of the selected messages, and the indexes of the frames to show.

        The mask is bool, one per message, or None if all are selected; the indexes are int64 and ascend.

        first   time of the capture's first frame, in nanoseconds since 1970
        """
        if self._columns is None:
            mask, frames = None, np.arange(len(block.frames.start))
        else:
            mask = self._columns.mask(block, first)
            shown = np.zeros(len(block.frames.start), bool)
            shown[block.messages.frame[mask]] = True
            shown[self._columns.frames(block, first)] = True
            frames = shown.nonzero()[0]
        if not self._own and (hidden := block.hidden_messages()).any():
            frames = frames[~(block.own_frames() & ~block.loss_frames())[frames]]
            mask = ~hidden & (True if mask is None else mask)
        if self._count is not None and len(frames) > self._count - self.met:
            frames = frames[: self._count - self.met]
            mask = (
                np.isin(block.messages.frame, frames) if mask is None else mask & np.isin(block.messages.frame, frames)
            )
        self.met += len(frames)
        return mask, frames


class ExtractJob:
    """The job of one file: its selection, its output, and the reader once it is open."""

    def __init__(self, options: argparse.Namespace, wanted: Filter | None, prints: bool) -> None:
        self.options = options
        self.choice = FrameSelector(wanted, options.count, options.own or options.out is not None)
        self.source: BlockReader | None = None
        self.limit: int | None = None
        self.rows: FieldsRenderer | None = None
        self.encoding = sys.stdout.encoding, sys.stdout.errors or "strict"
        if prints:
            self.extractor = Extractor(options.fields, cell_format(options.format, options.layout), options.secrets)
            self.rows = FieldsRenderer(self.extractor)

    def pieces(self, progress: Progress, part: int, parts: int) -> Iterator[list[bytes]]:
        """Yield the text to print, a list of chunks for each block; write the frames of -w on the way.

        part, parts   which blocks to read, see `part_of`
        """
        options = self.options
        window, messages = SIZES.extract_window, SIZES.extract_messages
        source = BlockReader(options.files[0], dict(options.families), options.order, window, messages)
        self.source = source
        source.limit = self.limit
        with contextlib.ExitStack() as stack:
            out = stack.enter_context(Rewriter(options.out, [source])) if options.out else None
            for block in source.blocks(part, parts):
                mask, frames = self.choice.choose(block, source.first)
                if out is not None:
                    walker = MessageDecoder(block, source.first)
                    for frame in frames.tolist():
                        out.put(walker.record(frame))
                yield [self._text(block, mask, frames, source.first)] if self.rows is not None else []
                progress.at(block.offset + int(block.frames.end[-1]))
                if self.choice.done:
                    return

    def _text(self, block: Block, mask: Array | None, frames: Array, first: int | None) -> bytes:
        assert self.rows is not None
        lines = self.rows.lines(block, mask, first)
        empty = frames[block.messages.frame_count[frames] == 0]
        if len(empty):
            frame = block.messages.frame if mask is None else block.messages.frame[mask]
            for index in reversed(empty.tolist()):
                lines.insert(int(frame.searchsorted(index)), self.rows.empty(block, index, first))
        return "\n".join([*lines, ""]).encode(*self.encoding) if lines else b""


def read(options: argparse.Namespace, wanted: Filter | None, prints: bool) -> tuple[int, str | None, int]:
    """Read one file and print it.

    Return the number of selected frames, a sentence on where the file is cut, or None, and the number of hidden frames.
    """
    path = options.files[0]
    job = ExtractJob(options, wanted, prints)
    alone = options.count is not None or options.out or not prints
    parts, job.limit = (1, None) if alone else split_work(path)
    sys.stdout.flush()
    write = sys.stdout.buffer.write
    with (
        Progress(path, printing=prints) as progress,
        contextlib.closing(ordered(partial(job.pieces, progress), parts)) as pieces,
    ):
        header = b"" if job.rows is None else job.extractor.header().encode(*job.encoding)
        for piece in pieces:  # the first of them opens the file, which may fail
            write(header + piece)
            header = b""
        write(header)
    assert job.source is not None
    if job.choice.done:
        return job.choice.met, None, 0
    return job.choice.met, job.source.finish(), job.source.reader.hidden
