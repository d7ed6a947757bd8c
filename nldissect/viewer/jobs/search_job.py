"""Search in list lines, trees or bytes of messages: text, regular expression, hex.

pattern = Pattern("eth", "text", "list")
for rows, looked in found(capture, wanted, pattern):    # block by block, in file order; the caller may stop
    ...
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Iterator

import numpy as np

from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.buffer import Array
from nldissect.errors import NldissectError
from nldissect.render.columnar.session import LIST, TREE, RenderSession
from nldissect.render.list_columns import protocol_shown, type_shown
from nldissect.render.list_line import list_text
from nldissect.render.trees.tree_lines import place_shown
from nldissect.render.trees.tree_text import tree_text
from nldissect.sizes import SIZES
from nldissect.store.capture import Capture
from nldissect.store.capture_file import CaptureFile
from nldissect.store.segmented import SegmentedCapture
from nldissect.terminal.colors import plain
from nldissect.wire import DecodedMessage
from nldissect.wire.decode.acks import PriorRequest

KINDS = ("text", "regex", "hex")
PLACES = ("list", "tree", "bytes")


class Pattern:
    """A pattern and the place to search it in; NldissectError if it can't be parsed.

    kind    "text" or "regex", both ignoring case, or "hex"
    place   "list", "tree" or "bytes"; hex is always searched in the bytes
    """

    def __init__(self, text: str, kind: str = "text", place: str = "list") -> None:
        if not text:
            raise NldissectError("there is nothing to search for; type some text")
        self.text, self.kind = text, kind
        self.place = "bytes" if kind == "hex" else place
        self.line: re.Pattern[str] | None = None
        self.raw: re.Pattern[bytes] | None = None
        if self.place == "bytes":
            self.raw = _compiled_bytes(text, kind)
        else:
            self.line = _compiled(text if kind == "regex" else re.escape(text))

    def in_text(self, text: str) -> bool:
        """Return whether a line or a tree matches."""
        return self.line is not None and self.line.search(text) is not None

    def in_bytes(self, data: bytes | bytearray, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
        """Return start and end of the first match in bytes; None if there is none."""
        if self.raw is None:
            return None
        found = self.raw.search(data, start, len(data) if end is None else end)
        return found.span() if found is not None else None


def _compiled(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.IGNORECASE | re.MULTILINE)
    except (re.error, OverflowError, RecursionError) as error:
        raise NldissectError(f"no regular expression: {getattr(error, 'msg', error)}; mend it") from None


def _compiled_bytes(text: str, kind: str) -> re.Pattern[bytes]:
    if kind == "hex":
        digits = re.sub(r"0[xX]|[\s:,]", "", text)
        if not digits or len(digits) % 2 or not re.fullmatch("[0-9A-Fa-f]+", digits):
            raise NldissectError(f'"{text}" is no hex; write pairs of digits, like 0a 1b or 0a:1b')
        return re.compile(re.escape(bytes.fromhex(digits)), re.DOTALL)
    raw = text.encode("utf-8", "surrogatepass")
    try:
        return re.compile(raw if kind == "regex" else re.escape(raw), re.IGNORECASE | re.DOTALL)
    except (re.error, OverflowError, RecursionError) as error:
        raise NldissectError(f"no regular expression: {getattr(error, 'msg', error)}; mend it") from None


def found(capture: Capture, wanted: Array, pattern: Pattern) -> Iterator[tuple[Array, int]]:
    """Yield rows of matching messages, some at a time in file order, with the number of messages searched so far.

    An empty array now and then lets the caller go on with other work.

    wanted   bool, one per message of the capture: search in it
    """
    before = 0
    every = np.arange(len(wanted))
    files = capture.frames["file"][capture.messages["frame"][every]] if "file" in capture.frames else None
    for number in [0] if files is None else np.unique(files).tolist():
        if isinstance(capture, SegmentedCapture) and number < capture.gone:
            continue
        rows = every if files is None else (files == number).nonzero()[0]
        asked, part = wanted[rows], capture.part(number)
        if asked.any():
            hits = _in_bytes(part, asked, pattern) if pattern.place == "bytes" else _Texts(part, pattern).found(asked)
            for places, stop in hits:
                yield rows[places], before + int(asked[:stop].sum())
            before += int(asked.sum())


def _in_bytes(part: CaptureFile, asked: Array, pattern: Pattern) -> Iterator[tuple[Array, int]]:
    for block, start in part.turns():
        buffer, step = block.buffer.buffer, SIZES.search_step
        mine = asked[start : start + len(block)].nonzero()[0]
        for at in range(0, len(mine), step):
            some = mine[at : at + step]
            spans = zip(
                some.tolist(), block.messages.start[some].tolist(), block.messages.end[some].tolist(), strict=True
            )
            hits = [index for index, first, end in spans if pattern.in_bytes(buffer, first, end)]
            yield np.array(hits, np.int64) + start, start + int(some[-1]) + 1
        if not len(mine):
            yield mine, start


class _Texts:
    """The texts of one file's messages, rendered block by block as `read` renders them."""

    def __init__(self, part: CaptureFile, pattern: Pattern) -> None:
        self.pattern = pattern
        slow: Callable[[int, DecodedMessage, PriorRequest | None], str] = (
            _line if pattern.place == "list" else self._tree
        )
        options = argparse.Namespace(files=[part.path], families=part.families, order=part.order, secrets=False)
        self.blocks = RenderSession(options, LIST if pattern.place == "list" else TREE, slow)
        self.block: Block

    def found(self, asked: Array) -> Iterator[tuple[Array, int]]:
        """Yield numbers of matching messages within the file, from 0, and the number of the next message to search.

        asked   bool, one per message of the file: search in it
        """
        start = 0
        try:
            for block in self.blocks:
                self.block, step = block, SIZES.search_step
                mine = asked[start : start + len(block)]
                places = mine.nonzero()[0]
                for at in range(0, len(places), step):
                    some = places[at : at + step]
                    yield start + self._some(block, some), start + int(some[-1]) + 1
                if not len(places):
                    yield places, start
                start += len(block)
                if not asked[start:].any():
                    return
        finally:
            self.blocks.source.reader.close()

    def _some(self, block: Block, places: Array) -> Array:
        chosen = np.zeros(len(block), bool)
        chosen[places] = True
        texts = self.blocks.messages.texts(block, chosen)
        if self.pattern.place == "tree":
            hits = [index for index in places.tolist() if self.pattern.in_text(texts[index])]
        else:
            heads = {one: self._head(block, one) for one in np.unique(block.headers.message_type[places]).tolist()}
            meanings = block.headers.message_type[places].tolist()
            hits = [
                index
                for index, meaning in zip(places.tolist(), meanings, strict=True)
                if self.pattern.in_text(heads[meaning] + texts[index].rstrip("\n"))
            ]
        return np.array(hits, np.int64)

    def _head(self, block: Block, meaning: int) -> str:
        about = block.message_types[meaning]
        return f"{protocol_shown(about.protocol)} {type_shown(about.called)} "

    def _tree(self, index: int, walked: DecodedMessage, asked: PriorRequest | None) -> str:
        count = int(self.block.messages.frame_count[self.block.messages.frame[index]])
        return tree_text(walked, asked, place_shown(int(self.block.messages.number[index]), count), secrets=False)


def _line(index: int, walked: DecodedMessage, asked: PriorRequest | None) -> str:
    return plain(list_text(walked, asked)) + "\n"


class Finder:
    """The matches of one pattern, searched from the selected message to the end, then from the first; kept for "next".

    rows     rows of the matches so far, in order
    looked   number of messages searched
    done     the search is complete
    """

    def __init__(self, capture: Capture, rows: Array, pattern: Pattern, start: int) -> None:
        self.capture, self.pattern, self.start = capture, pattern, start
        self.wanted = np.zeros(capture.count, bool)
        self.wanted[rows] = True
        self.rows: Array = np.zeros(0, np.int64)
        self.looked = 0
        self.done = False

    @property
    def progress(self) -> float:
        """Share of the messages that was searched, from 0 to 1."""
        return self.looked / max(int(self.wanted.sum()), 1)

    def job(self, tell: Callable[[], None]) -> Iterator[bool]:
        """Search step by step; `tell` is called for new matches, every SIZES.search_report seconds, and at the end."""
        behind = self.wanted.copy()
        behind[: self.start] = False
        before, told = 0, time.monotonic()
        for wanted in (behind, self.wanted & ~behind):
            for some, looked in found(self.capture, wanted, self.pattern) if wanted.any() else ():
                self.looked = before + looked
                if len(some) or time.monotonic() - told > SIZES.search_report:
                    self.rows, told = np.union1d(self.rows, some), time.monotonic()
                    tell()
                yield True
            before = self.looked
        self.done = True
        tell()
        yield True

    def next(self, row: int, backwards: bool = False) -> int | None:
        """Return the nearest match after (or before) a row, or the first (or last) of all if there is none.

        None: there is no match, or the search has not got far enough to know the nearest one.
        """
        rows = self.rows
        if not len(rows):
            return None
        if backwards:
            return int(rows[int(rows.searchsorted(row)) - 1]) if self.done else None
        place = int(rows.searchsorted(row, "right"))
        if place == len(rows) and not self.done:
            return None
        return int(rows[place % len(rows)])
