"""`read` of one large file: block by block, with the same bytes as the slow path makes frame by frame."""

from __future__ import annotations

import argparse
import os
import stat
import sys
from collections.abc import Iterator
from typing import Protocol, TextIO

from nldissect.index.block import Block
from nldissect.index.raw import Array

from .blocks import Blocks, Selection
from .listblocks import Listing
from .objectblocks import Objects
from .treeblocks import Trees

LARGE = 200_000
"""Bytes of a file from which on columns pay."""


class Writer(Protocol):
    """Makes what is printed of each block; one that is printed elsewhere it has to meet all the same."""

    blocks: Blocks

    def begin(self, block: Block) -> None: ...

    def texts(self, block: Block, chosen: Array) -> Iterator[str]: ...


def is_for(options: argparse.Namespace) -> bool:
    """Whether this way is open: one large regular file, printed to something that is no terminal, without bytes."""
    if len(options.files) != 1 or options.hex or options.count or options.format not in ("text", "ndjson", "json"):
        return False
    try:
        about = os.stat(options.files[0])
    except OSError:
        return False
    return stat.S_ISREG(about.st_mode) and about.st_size >= LARGE and not sys.stdout.isatty()


def show(options: argparse.Namespace, selection: Selection | None = None, unicode: bool = True) -> str | None:
    """Print the messages chosen, all without a selection; one line if the file ends before its records do."""
    writer = _writer(options, selection, unicode)
    _print(writer, options.format == "json", sys.stdout)
    return writer.blocks.source.finish()


def _writer(options: argparse.Namespace, selection: Selection | None, unicode: bool) -> Writer:
    if options.format != "text":
        return Objects(options, selection)
    return Trees(options, selection) if options.tree else Listing(options, selection, unicode)


def _print(writer: Writer, array: bool, out: TextIO) -> None:
    first = True
    for block, chosen in writer.blocks:
        for text in writer.texts(block, chosen):
            if first and text:
                text, first = _begun(text, array), False
            out.write(text)
    if array:
        out.write("[]\n" if first else "\n]\n")


def _begun(text: str, array: bool) -> str:
    """What is written first: without the separator that stands before all others."""
    return "[" + text[1:] if array else text.removeprefix("\n")
