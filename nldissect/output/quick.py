"""`read` of one large file as text, tree or JSON: block by block, with the same bytes as frame by frame."""

from __future__ import annotations

import argparse
import contextlib
import sys
from codecs import lookup
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

import numpy as np

from nldissect.index.block import Block
from nldissect.index.raw import Array

from .blocks import Blocks
from .cores import division, in_order
from .explained import asks_errors
from .large import Choice
from .listblocks import Listing
from .objectblocks import Objects
from .progress import Progress
from .treeblocks import Trees

if TYPE_CHECKING:
    from nldissect.index.filter import Filter

SPREAD = 6 << 20
"""Files from so many bytes on are worth a second process."""


class Writer(Protocol):
    """Makes what is printed of each block; one that is printed elsewhere it has to meet all the same.

    stand_ins   bytes of an encoded text, and what is to be printed for them
    """

    blocks: Blocks
    stand_ins: Sequence[tuple[bytes, bytes]]

    def meet(self, block: Block) -> None: ...

    def pass_over(self, block: Block) -> None: ...

    def texts(self, block: Block, mask: Array, frames: Array) -> Iterator[str | bytes]: ...


class Job:
    """One file, and what is wanted of it; `library`: the native core's, if there is one."""

    def __init__(self, options: argparse.Namespace, wanted: Filter | None, unicode: bool, library: str | None) -> None:
        self.choice = Choice(wanted, options.count, options.own)
        self.encoding = sys.stdout.encoding, sys.stdout.errors or "strict"
        self.writer: Writer
        self.options, self.unicode = options, unicode
        self.explains = asks_errors(wanted)
        self.limit: int | None = None
        as_text = options.format == "text"
        suits = not self.explains and not (as_text and lookup(self.encoding[0]).name != "utf-8")
        self.native = library if suits else None

    def pieces(self, progress: Progress, part: int, parts: int) -> Iterator[Iterator[bytes]]:
        """What to print, one piece a block."""
        self.writer = self._writer()
        source = self.writer.blocks.source
        source.limit = self.limit
        for block, mine in self.writer.blocks.turns(part, parts):
            if not mine:
                self.writer.meet(block)
                continue
            mask, frames = self.choice.choose(block, source.first)
            yield self._chunks(block, np.ones(len(block), bool) if mask is None else mask, frames)
            progress.at(block.offset + int(block.frame_end[-1]))
            if self.choice.done:
                return

    def _chunks(self, block: Block, mask: Array, frames: Array) -> Iterator[bytes]:
        if not len(frames):
            self.writer.pass_over(block)
            return
        for text in self.writer.texts(block, mask, frames):
            data = text if isinstance(text, bytes) else text.encode(*self.encoding)
            for stand_in, shown in self.writer.stand_ins:
                data = data.replace(stand_in, shown)
            yield data

    def _writer(self) -> Writer:
        if self.native is not None:
            from .nativeblocks import NativeListing, NativeObjects
            from .nativetreeblocks import NativeTrees

            if self.options.format != "text":
                return NativeObjects(self.options, self.native)
            if self.options.tree:
                return NativeTrees(self.options, self.native)
            return NativeListing(self.options, self.unicode, self.encoding[0], self.native)
        if self.options.format != "text":
            return Objects(self.options)
        if self.options.tree:
            return Trees(self.options)
        return Listing(self.options, self.unicode, self.encoding[0], self.explains)


def read(
    options: argparse.Namespace, wanted: Filter | None, unicode: bool, library: str | None
) -> tuple[int, str | None, int]:
    """Do it, with the native core's library if there is one; gives the number of frames let through, where the file is
    cut, and how many frames are hidden."""
    path = options.files[0]
    job = Job(options, wanted, unicode, library)
    listed = options.format == "text" and not options.tree
    alone = options.count is not None or (listed and wanted is not None)  # columns grow with the lines before
    parts, job.limit = (1, None) if alone or job.native is not None else division(path, SPREAD)
    sys.stdout.flush()
    write = sys.stdout.buffer.write
    begun = False
    with Progress(path) as progress, contextlib.closing(in_order(partial(job.pieces, progress), parts)) as chunks:
        try:
            for chunk in chunks:
                write(chunk if begun else _begun(chunk, options))
                begun = begun or bool(chunk)
        finally:
            if options.format == "json" and not isinstance(sys.exception(), BrokenPipeError):
                write(b"\n]\n" if begun else b"[]\n")
    if job.choice.done:
        return job.choice.met, None, 0
    source = job.writer.blocks.source
    return job.choice.met, source.finish(), source.reader.hidden


def _begun(chunk: bytes, options: argparse.Namespace) -> bytes:
    """What is written first, without the separator that stands before all others."""
    if options.format == "json":
        return b"[" + chunk[1:] if chunk else b""
    return chunk.removeprefix(b"\n") if options.tree else chunk
