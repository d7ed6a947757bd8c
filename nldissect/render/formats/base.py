"""The base class of output formats: frames written one by one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TextIO

from nldissect.stream.frames import StreamFrame

from ..process_label import ProcessLabels


class FrameRenderer(ABC):
    """A writer of frames in one output format, one after the other.

    whose      text of a frame's process, between time and arrow of a list's lines
    explains   True if a list explains each refusal below it: the request, where the kernel points, and why
    """

    def __init__(self, out: TextIO, secrets: bool) -> None:
        self.out, self.secrets = out, secrets
        self.whose: Callable[[StreamFrame], str] = ProcessLabels()
        self.explains = False

    def begin(self) -> None:  # noqa: B027 (optional)
        """Write the head of the output, before the first frame."""

    def observe(self, seen: StreamFrame) -> None:  # noqa: B027 (optional)
        """Take note of a frame that is not written."""

    @abstractmethod
    def write(self, seen: StreamFrame) -> None:
        """Write one frame."""

    def end(self, broken: bool) -> None:  # noqa: B027 (optional)
        """Write the end of the output, after the last frame.

        broken  True if the reader of the output is gone (EPIPE)
        """
