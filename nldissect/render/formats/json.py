"""`-T ndjson`, an object a line, and `-T json`, one array."""

from __future__ import annotations

import argparse
from typing import TextIO

from nldissect.stream.frames import StreamFrame

from ..json_objects import frame_objects
from ..json_text import encode
from .base import FrameRenderer


def frame_renderer(options: argparse.Namespace, out: TextIO) -> FrameRenderer:
    return (NdjsonFrames if options.format == "ndjson" else JsonArrayFrames)(out, options.secrets)


class NdjsonFrames(FrameRenderer):
    """Messages as lines of JSON."""

    def write(self, seen: StreamFrame) -> None:
        for item in frame_objects(seen, secrets=self.secrets):
            self.out.write(encode(item) + "\n")


class JsonArrayFrames(FrameRenderer):
    """Messages as one JSON array."""

    def __init__(self, out: TextIO, secrets: bool) -> None:
        super().__init__(out, secrets)
        self._begun = False

    def write(self, seen: StreamFrame) -> None:
        for item in frame_objects(seen, secrets=self.secrets):
            self.out.write((",\n" if self._begun else "[\n") + encode(item))
            self._begun = True

    def end(self, broken: bool) -> None:
        if not broken:
            self.out.write("\n]\n" if self._begun else "[]\n")
