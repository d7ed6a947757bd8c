"""Display of a command's frames, with writing and counting: the part of `nldissect run` that needs the tables."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterable
from typing import TextIO, TypeAlias

from nldissect.capfile import Record
from nldissect.errors import FileError, print_notice
from nldissect.render.printer import Printer
from nldissect.stream.frames import FrameStream, StreamFrame
from nldissect.stream.message_contexts import MessageContextBuilder, filter_frame
from nldissect.stream.rewrite import Rewriter

from ..reading import requested_filter
from .counts import ProcessCounts, whose
from .host_names import HostNames
from .nlmon_watcher import NlmonWatcher
from .strace_watcher import StraceWatcher

Watched: TypeAlias = StraceWatcher | NlmonWatcher


def show(
    traced: Watched, records: Iterable[Record], known: HostNames, out: TextIO, options: argparse.Namespace
) -> ProcessCounts:
    """Print, write and count frames until the command and its children have ended; return the counts."""
    tally, names, situations = ProcessCounts(), SpeakerNames(), MessageContextBuilder()
    wanted = requested_filter(options)
    capture = FrameStream(traced.reader, dict(options.families))
    known.teach(capture.names)
    with contextlib.ExitStack() as stack:
        file: Rewriter | None = stack.enter_context(Rewriter(options.out, [capture])) if options.out else None
        printer = stack.enter_context(Printer(options, live=True, out=out))
        printer.label_processes(names.shown)
        printer.explain()
        for seen in capture.frames(records):
            if file is not None:
                try:
                    file.write(seen)
                    file.writer.flush()
                except FileError as error:  # the command continues
                    print_notice(error)
                    file = None
            tally.meet(seen)
            situations.meet(seen)
            names.meet(seen)
            shown = seen if wanted is None else filter_frame(wanted, seen, situations)
            if options.quiet or shown is None:
                printer.pass_over(seen)
            else:
                try:
                    printer.show(shown)
                except OSError:  # nobody reads it any more
                    options.quiet = True
    return tally


class SpeakerNames:
    """The column of process names in a list, shown once there is more than one process."""

    def __init__(self) -> None:
        self._met: set[str] = set()
        self._width = 0

    def meet(self, seen: StreamFrame) -> None:
        """Observe the process of a frame."""
        who = whose(seen)
        if who:
            self._met.add(who)
            self._width = max(self._width, len(who))

    def shown(self, seen: StreamFrame) -> str:
        """Return the column for a frame; empty while there is one process only."""
        who = whose(seen, caused=True)
        return f"{who:<{self._width}} " if len(self._met) > 1 else ""
