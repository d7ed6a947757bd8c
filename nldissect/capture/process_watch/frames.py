"""Frames of the process watch, on their way into the file: frames of our own, on interfaces of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack

from nldissect.capfile import Writer
from nldissect.capfile.comments import format_comment

from .. import output_files
from ..loop import describe
from .child import Frame
from .parent import ProcessWatch
from .proc_events import CONSEQUENCE

OWN = format_comment("own")


class ProcessFrames:
    """The process watch, started while privileges are there; `stack` ends it.

    files   to wait for, each with the function that reads it: see `Loop`
    own     requests of the watch's sockets, as raw_netlink.OWN has them
    lacks   what it can't find out, and why
    put     takes frames: time, bytes, interface, comments; set when the first file has begun
    """

    def __init__(self, netns: Sequence[str], stack: ExitStack) -> None:
        self._watch = ProcessWatch(netns)
        stack.callback(self._watch.close)
        self.own = self._watch.own
        self.speaker = self._watch.speaker
        self.lacks = [] if self._watch.lack is None else [f"no process events: {self._watch.lack}; {CONSEQUENCE}"]
        self._numbers: list[int] = []
        self.put: Callable[[int, bytes, int, Sequence[str]], None] | None = None

    def begin(self, writer: Writer) -> None:
        """Describe the watch's interfaces, and wait for its first look: a file begins with it."""
        self._numbers = [describe(writer, origin) for origin in self._watch.origins]
        self._watch.first(lambda frame: None)

    def head(self) -> list[output_files.Frame]:
        """Return the frames for the beginning of a file."""
        return [(stamp, len(data), data, self._numbers[place], said) for stamp, place, data, said in self._watch.head()]

    @property
    def files(self) -> dict[int, Callable[[], bool]]:
        return {self._watch.fileno(): self._read}

    def _read(self) -> bool:
        self._watch.read(self._write)
        return False

    def _write(self, frame: Frame) -> None:
        stamp, place, data, said = frame
        if self.put is not None and self._numbers:
            self.put(stamp, data, self._numbers[place], [OWN, *said])

    def finish(self) -> None:
        """Hand over the last look."""
        self._watch.finish(self._write)
