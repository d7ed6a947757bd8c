"""Printer of frames as they come, in the format that was asked for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

from nldissect.stream.frames import StreamFrame

from .formats import frame_renderer


class Printer:
    """A printer in the output format that the options of `read` ask for.

    live   nothing is held back until more has come
    out    stream to print to, instead of standard output
    """

    def __init__(self, options: argparse.Namespace, live: bool = False, out: TextIO | None = None) -> None:
        self.out, self.live = out or sys.stdout, live
        self.renderer = frame_renderer(options, self.out)
        self.renderer.begin()

    def explain(self) -> None:
        """Explain each refusal in a list, below it: the request, where the kernel points, and why."""
        self.renderer.explains = True

    def label_processes(self, whose: Callable[[StreamFrame], str]) -> None:
        """Let `whose` make the text between time and arrow of a list's lines."""
        self.renderer.whose = whose

    def pass_over(self, seen: StreamFrame) -> None:
        """Observe a frame without printing it; later times count from it all the same."""
        self.renderer.observe(seen)

    def show(self, seen: StreamFrame) -> None:
        """Print one frame."""
        self.renderer.write(seen)
        if self.live:
            self.out.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.renderer.end(isinstance(error, BrokenPipeError))
