"""`-T text`: lists and trees, with the bytes where they are asked for."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, TextIO

from nldissect.stream.frames import StreamFrame, wire_length
from nldissect.terminal.colors import Piece, painter_for, takes_arrows
from nldissect.terminal.wrap import terminal_width, wrapped

from ..hexdump import frame_lines
from ..list_line import ListFormatter
from ..origins.frame_facts import FrameFacts, FrameKey
from ..origins.frame_source import netns_label
from ..times import Clock
from .base import FrameRenderer

if TYPE_CHECKING:
    from nldissect.wire import DecodedMessage
    from nldissect.wire.decode.acks import PriorRequest

    from ..reasons.frame_reasons import FrameReasons

TREE_INDENT = 16


def frame_renderer(options: argparse.Namespace, out: TextIO) -> FrameRenderer:
    return (TreeFrames if options.tree else ListFrames)(options, out)


class TextFrames(FrameRenderer):
    """Painted lines, broken where they are longer than a terminal is wide."""

    def __init__(self, options: argparse.Namespace, out: TextIO) -> None:
        super().__init__(out, options.secrets)
        self.clock = Clock(options.time)
        self._hex: bool = options.hex
        self._is_terminal = out.isatty()
        self._paint = painter_for(out, options.color)

    def observe(self, seen: StreamFrame) -> None:
        """Later times count from the frame, even if it is not written."""
        self.clock.observe(seen.record)

    def write_bytes(self, seen: StreamFrame) -> None:
        """Write the bytes of a frame, if they are asked for."""
        if self._hex:
            for line in frame_lines(seen.frame, secrets=self.secrets):
                self.write_line([("dim", f"    {line}")])

    def write_line(self, pieces: list[Piece], indent: int = 0) -> None:
        if not self._is_terminal:
            self.out.write(self._paint(pieces).rstrip(" ") + "\n")
            return
        for line in wrapped(pieces, terminal_width(self.out), indent):
            self.out.write(self._paint(line) + "\n")


class ListFrames(TextFrames):
    """A line a message."""

    def __init__(self, options: argparse.Namespace, out: TextIO) -> None:
        super().__init__(options, out)
        self._lines = ListFormatter(unicode=takes_arrows(out.encoding))
        self._several = len(getattr(options, "files", ())) > 1
        self._reasons: FrameReasons | None = None

    def observe(self, seen: StreamFrame) -> None:
        super().observe(seen)
        if self.explains:
            self._reasons_in(seen)

    def write(self, seen: StreamFrame) -> None:
        time, whose = self.clock.text(seen.record), netns_label(seen.record.interface) + self.whose(seen)
        reasons = self._reasons_in(seen) if self.explains else {}
        for place, walked, asked in seen.messages():
            head, *rest = self._lines.pieces(seen.number, time, walked, asked)
            self.write_line([head, ("name", whose), *rest], self._lines.indent + len(whose))
            if self.explains:
                self._explain(walked, seen.prior[place - 1], reasons.get(place, ""))
        if not seen.frame.messages:
            about = seen.frame, wire_length(seen), seen.record.comments
            self.write_line(self._lines.empty(seen.number, time, *about))
        self.write_bytes(seen)

    def _reasons_in(self, seen: StreamFrame) -> dict[int, str]:
        """Observe a frame; return the reasons of the refusals in it, by their place."""
        if self._reasons is None:
            from ..reasons.frame_reasons import FrameReasons

            self._reasons = FrameReasons(self._several)
        return self._reasons.texts(seen)

    def _explain(self, walked: DecodedMessage, asked: PriorRequest | None, reason: str) -> None:
        from ..refusal import explanation

        for line in explanation(walked, asked, self.secrets, reason):
            self.write_line(line, TREE_INDENT)


class TreeFrames(TextFrames):
    """Every field and attribute, a line each."""

    def __init__(self, options: argparse.Namespace, out: TextIO) -> None:
        super().__init__(options, out)
        self._begun = False
        self._facts: dict[int, FrameFacts] = {}

    def write(self, seen: StreamFrame) -> None:
        from ..trees.tree import frame_tree

        if self._begun:
            self.out.write("\n")
        self._begun = True
        time = self.clock.text(seen.record)
        for line in frame_tree(seen, time, self._facts_about(seen), secrets=self.secrets):
            self.write_line(line, TREE_INDENT)
        self.write_bytes(seen)

    def _facts_about(self, seen: StreamFrame) -> list[str]:
        """Return what the whole capture tells of a frame, if it can be read twice."""
        whole = seen.whole
        if whole is None or not whole.again:
            return []
        if id(whole) not in self._facts:
            self._facts[id(whole)] = FrameFacts(whole)
        several = seen.record.interface.shown_netns is not None
        key = FrameKey(seen.record.number, len(seen.frame.messages), several)
        return self._facts[id(whole)].lines([key])[0]
