"""The base class of what writes frames in one output format."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from nldissect.stream.frames import StreamFrame

from ..process_label import ProcessLabels


class FrameRenderer:
    """Frames in one output format, one after the other.

    whose      what stands between time and arrow of a list's lines
    explains   below each refusal in a list stands what the request was, where the kernel points, and why
    """

    def __init__(self, out: TextIO, secrets: bool) -> None:
        self.out, self.secrets = out, secrets
        self.whose: Callable[[StreamFrame], str] = ProcessLabels()
        self.explains = False

    def begin(self) -> None:
        """Write what stands before the first frame."""

    def observe(self, seen: StreamFrame) -> None:
        """Take note of a frame that is not written."""

    def write(self, seen: StreamFrame) -> None:
        """Write one frame."""
        raise NotImplementedError

    def end(self, broken: bool) -> None:
        """Write what stands after the last frame. `broken`: nobody reads what is written any more."""
