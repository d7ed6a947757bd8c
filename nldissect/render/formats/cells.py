"""`-T fields` and `-T csv`: a line a message, a cell for each field that was named."""

from __future__ import annotations

import argparse
from typing import TextIO

from nldissect.stream.frames import StreamFrame
from nldissect.stream.message_contexts import MessageContextBuilder

from ..field_cells import cell_format
from ..field_rows import Extractor
from .base import FrameRenderer


def frame_renderer(options: argparse.Namespace, out: TextIO) -> FrameRenderer:
    return CellFrames(out, Extractor(options.fields, cell_format(options.format, options.layout), options.secrets))


class CellFrames(FrameRenderer):
    """Lines of the cells that an extractor makes."""

    def __init__(self, out: TextIO, extractor: Extractor) -> None:
        super().__init__(out, extractor.secrets)
        self._extractor, self._situations = extractor, MessageContextBuilder()

    def begin(self) -> None:
        self.out.write(self._extractor.header())

    def observe(self, seen: StreamFrame) -> None:
        self._situations.meet(seen)

    def write(self, seen: StreamFrame) -> None:
        self._situations.meet(seen)
        self.out.writelines(map(self._extractor.line, self._situations.of(seen)))
