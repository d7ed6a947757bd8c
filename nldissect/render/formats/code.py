"""`-T python`, `-T c` and `-T hex`: messages to paste elsewhere."""

from __future__ import annotations

import argparse
from typing import TextIO

from nldissect.errors import print_notice
from nldissect.stream.frames import StreamFrame

from ..code import CodeFormatter
from .base import FrameRenderer


def frame_renderer(options: argparse.Namespace, out: TextIO) -> FrameRenderer:
    return CodeFrames(out, CodeFormatter(options.format, options.secrets))


class CodeFrames(FrameRenderer):
    """Code of one form; a notice at the end says of how many messages keys were written as zeros."""

    def __init__(self, out: TextIO, coder: CodeFormatter) -> None:
        super().__init__(out, coder.secrets)
        self._coder = coder

    def write(self, seen: StreamFrame) -> None:
        self.out.write(self._coder.text(seen))

    def end(self, broken: bool) -> None:
        if not self._coder.masked:
            return
        self.out.flush()
        whose = "a message are" if self._coder.masked == 1 else f"{self._coder.masked} messages are"
        print_notice(f"keys of {whose} written as zeros; --show-secrets writes them")
