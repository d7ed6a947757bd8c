"""Printer of frames as they come: list, tree, hex, table of fields, NDJSON or one JSON array, code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from nldissect.errors import print_notice
from nldissect.stream.frames import StreamFrame, wire_length
from nldissect.stream.rows import MessageContextBuilder
from nldissect.terminal.colors import Piece, painter_for, takes_arrows
from nldissect.terminal.wrap import terminal_width, wrapped

from .hexdump import frame_lines
from .list_line import ListFormatter
from .process_label import ProcessLabels
from .times import Clock

if TYPE_CHECKING:
    from nldissect.wire import DecodedMessage
    from nldissect.wire.decode.acks import PriorRequest

    from .code import CodeFormatter
    from .field_rows import Extractor

TREE_INDENT = 16


class Printer:
    """A printer in the output format that the options of `read` ask for.

    live   nothing is held back until more has come
    out    stream to print to, instead of standard output
    whose  returns the text between time and arrow of a list's lines
    """

    def __init__(self, options: argparse.Namespace, live: bool = False, out: TextIO | None = None) -> None:
        self.out = out or sys.stdout
        self.whose: Callable[[StreamFrame], str] = ProcessLabels()
        self.live = live
        self.secrets: bool = options.secrets
        self.tree: bool = options.tree
        self.hex: bool = options.hex
        self.format: str = options.format
        self.clock = Clock(options.time)
        self.terminal = self.out.isatty()
        self.paint = painter_for(self.out, options.color)
        self.lines = ListFormatter(unicode=takes_arrows(self.out.encoding))
        self.situations = MessageContextBuilder()
        self.extractor = _extractor(options)
        self.coder = _coder(options)
        self.explains = False
        self.count = 0
        if self.extractor is not None:
            self.out.write(self.extractor.header())

    def explain(self) -> None:
        """Explain each refusal in a list, below it: the request, where the kernel points, and why."""
        self.explains = True

    def pass_over(self, seen: StreamFrame) -> None:
        """Observe a frame without printing it; later times count from it all the same."""
        self.situations.meet(seen)
        self.clock.meet(seen.record)

    def show(self, seen: StreamFrame) -> None:
        """Print one frame."""
        self.situations.meet(seen)
        if self.extractor is not None:
            self.out.writelines(map(self.extractor.line, self.situations.of(seen)))
        elif self.coder is not None:
            self.out.write(self.coder.text(seen))
        elif self.format != "text":
            self._json(seen)
        elif self.tree:
            self._tree(seen)
        else:
            self._list(seen)
        self.count += 1
        if self.live:
            self.out.flush()

    def _list(self, seen: StreamFrame) -> None:
        time, whose = self.clock.text(seen.record), self.whose(seen)
        for place, walked, asked in seen.messages():
            head, *rest = self.lines.pieces(seen.number, time, walked, asked)
            self._line([head, ("name", whose), *rest], self.lines.indent + len(whose))
            if self.explains:
                self._explain(walked, seen.prior[place - 1])
        if not seen.frame.messages:
            about = seen.frame, wire_length(seen), seen.record.comments
            self._line(self.lines.empty(seen.number, time, *about))
        if self.hex:
            self._hex(seen)

    def _explain(self, walked: DecodedMessage, asked: PriorRequest | None) -> None:
        from .refusal import explanation

        for line in explanation(walked, asked, self.secrets):
            self._line(line, TREE_INDENT)

    def _tree(self, seen: StreamFrame) -> None:
        from .tree import frame_tree

        if self.count:
            self.out.write("\n")
        time = self.clock.text(seen.record)
        for line in frame_tree(seen, time, secrets=self.secrets):
            self._line(line, TREE_INDENT)
        if self.hex:
            self._hex(seen)

    def _hex(self, seen: StreamFrame) -> None:
        for line in frame_lines(seen.frame, secrets=self.secrets):
            self._line([("dim", f"    {line}")])

    def _line(self, pieces: list[Piece], indent: int = 0) -> None:
        if not self.terminal:
            self.out.write(self.paint(pieces).rstrip(" ") + "\n")
            return
        for line in wrapped(pieces, terminal_width(self.out), indent):
            self.out.write(self.paint(line) + "\n")

    def _json(self, seen: StreamFrame) -> None:
        from .json_objects import frame_objects
        from .json_text import encode

        for item in frame_objects(seen, secrets=self.secrets):
            if self.format == "ndjson":
                self.out.write(encode(item) + "\n")
            else:
                self.out.write(("[\n" if not self.count else ",\n") + encode(item))
                self.count += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.format == "json" and not isinstance(error, BrokenPipeError):
            self.out.write("\n]\n" if self.count else "[]\n")
        if self.coder is not None and self.coder.masked:
            self._say_masked(self.coder.masked)

    def _say_masked(self, count: int) -> None:
        self.out.flush()
        whose = "a message are" if count == 1 else f"{count} messages are"
        print_notice(f"keys of {whose} written as zeros; --show-secrets writes them")


def _coder(options: argparse.Namespace) -> CodeFormatter | None:
    if options.format not in ("python", "c", "hex"):
        return None
    from .code import CodeFormatter

    return CodeFormatter(options.format, options.secrets)


def _extractor(options: argparse.Namespace) -> Extractor | None:
    if options.format not in ("fields", "csv"):
        return None
    from .field_cells import layout_of
    from .field_rows import Extractor

    return Extractor(options.fields, layout_of(options.format, options.layout), options.secrets)
