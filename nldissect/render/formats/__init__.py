"""Output formats of messages: `-T` of `read`, `capture`, `run` and `send`.

    frame -> Printer (render/printer) -> FrameRenderer of the format -> text           any capture, frame by frame
    file  -> read_job (render/native) -> NativeRead of the format    -> text           one file, by the native core

To add an output format:

1. Add a line to FORMATS: its name and the module of this package that writes it.
2. Write that module, with

    def frame_renderer(options: argparse.Namespace, out: TextIO) -> FrameRenderer        see base.py

As every module it gets a row in help/contributing.md. Options, help, completion and checks of options take it from
there; tests/render/test_formats.py holds it. Where the native core writes the format too, the line also names a
module of render/native, which has

    def native_read(options, wanted, library, cells) -> NativeRead                       see render/native/read_job.py

A module is imported when its format is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import argparse
    from typing import TextIO

    from .base import FrameRenderer


class Format(NamedTuple):
    """An output format.

    module         the module of this package that writes it
    native         the module of render/native that writes it by the native core, where that can
    needs_fields   it prints the fields that -e names, not messages
    """

    module: str
    native: str | None = None
    needs_fields: bool = False


FORMATS = {
    "text": Format("text", native="read_job"),
    "ndjson": Format("json", native="json_job"),
    "json": Format("json", native="json_job"),
    "fields": Format("cells", native="cells_job", needs_fields=True),
    "csv": Format("cells", native="cells_job", needs_fields=True),
    "python": Format("code"),
    "c": Format("code"),
    "hex": Format("code"),
}
"""Every format, in the order of the help."""


def frame_renderer(options: argparse.Namespace, out: TextIO) -> FrameRenderer:
    """Return what writes frames to `out` in the format that the options ask for."""
    module = import_module(f"{__name__}.{FORMATS[options.format].module}")
    renderer: FrameRenderer = module.frame_renderer(options, out)
    return renderer
