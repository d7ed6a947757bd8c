"""Runs a command, prints its exchanges while it runs, and counts them at the end."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import shlex
import shutil
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from typing import TextIO

from nldissect.capture.temporary import clean
from nldissect.errors import CaptureError, FileError, NldissectError, print_notice
from nldissect.output.choosing import Situations, chosen
from nldissect.output.frames import Capture, Seen
from nldissect.output.printing import Printer
from nldissect.output.reading import compiled
from nldissect.output.rewriting import Rewriter
from nldissect.record import Record
from nldissect.record.writer import private

from .explaining import Explaining
from .listener import Listener, forbidden, unable
from .names import Known
from .setid import withheld
from .tally import Tally, shown, whose
from .tracer import Tracer

Watched = Tracer | Listener
NOT_FOUND, NOT_EXECUTABLE = 127, 126
PASSED_ON = (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
TYPED = (signal.SIGINT, signal.SIGQUIT)
"""Signals of the keyboard: the command, in our process group, gets them too."""


def run(options: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    words = options.words[1:] if options.words[:1] == ["--"] else options.words
    if not words:
        raise NldissectError("no command to run; write it last, like `nldissect run -- ip link`")
    if options.out == "-":
        raise NldissectError("-w - would mix with what the command prints; name a file")
    if (status := _missing(words[0])) is not None:
        return status
    wanted = compiled(options)
    if wanted is not None and any(one.name.startswith("exchange.") for one in wanted.fields):
        raise NldissectError(
            "exchange.* needs the end, which is not there while a command runs; use -w, then read that"
        )
    known = Known()
    clean()
    traced = _watched(words, known, options.via)
    if isinstance(traced, Tracer):
        _say_withheld(words[0])
    with contextlib.ExitStack() as stack:
        explaining = stack.enter_context(Explaining()) if options.extack else None
        out = stack.enter_context(_output(options))
        if options.out:
            private(options.out).close()  # so that what can't be written is known before the command runs
        begun = time.monotonic_ns()
        stack.enter_context(traced)
        _mind_signals(traced)
        records = traced.reader if explaining is None else explaining.on(traced.reader)
        tally = _show(traced, records, known, out, options)
        status = traced.status()
        took = time.monotonic_ns() - begun
    for line in traced.remarks():
        print_notice(line)
    if traced.guessed:
        what = "one message was" if traced.guessed == 1 else f"{traced.guessed} messages were"
        why = "whose socket it was could not be seen in time"
        print_notice(f"{what} taken for the command's, a guess (?): {why}")
    for line in (*tally.lines(), f"{_ended(words, status)} after {shown(took)}: {tally.all.told()}"):
        print_notice(line)
    return status


def _watched(words: list[str], known: Known, via: str | None) -> Watched:
    """Watched with strace where it can trace, else on an nlmon device; CaptureError if neither can be."""
    if via == "nlmon":
        if (problem := forbidden()) is not None:
            raise CaptureError(f"nlmon can't watch here: {problem}")
        return Listener(words, known.said, known.learnt)
    try:
        return Tracer(words, known.said, known.learnt)
    except CaptureError as error:
        if via == "strace":
            raise
        if (problem := unable()) is None:
            return Listener(words, known.said, known.learnt)
        raise CaptureError(f"no way to watch a command: {error}; nor with nlmon: {problem}") from None


def _say_withheld(program: str) -> None:
    """Say so if the command loses set-user-ID or the like by being traced."""
    path = shutil.which(program)
    if path is not None and (what := withheld(path)) is not None:
        text = f"{program} is {what}, and runs without that, because a user traces it"
        print_notice(f"{text}; `sudo nldissect run` or --via nlmon leaves it")


def _missing(program: str) -> int | None:
    """Complains, as a shell does, if there is no such program."""
    if shutil.which(program) is not None:
        return None
    there = "/" in program and os.path.exists(program)
    what = f"{program} may not be executed; see its mode" if there else f"no command {program}; see PATH"
    print_notice(what)
    return NOT_EXECUTABLE if there else NOT_FOUND


@contextlib.contextmanager
def _output(options: argparse.Namespace) -> Iterator[TextIO]:
    """Standard error, so that the command's output stays its own, or the file of -o."""
    if options.text_out is None:
        yield sys.stderr
        return
    with io.TextIOWrapper(io.BufferedWriter(private(options.text_out)), errors="backslashreplace") as file:
        yield file


def _mind_signals(traced: Watched) -> None:
    """None of them ends us before the command has ended and is summed up."""

    def typed(number: int, _: object) -> None:
        if traced.ended:
            traced.pass_on(number)

    for number in TYPED:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, typed)
    for number in PASSED_ON:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda number, _: traced.pass_on(number))


def _show(traced: Watched, records: Iterable[Record], known: Known, out: TextIO, options: argparse.Namespace) -> Tally:
    """Print, write and count frames until the command and its children have ended."""
    tally, names, situations = Tally(), Names(), Situations()
    wanted = compiled(options)
    capture = Capture(traced.reader, dict(options.families))
    known.teach(capture.names)
    moved = False
    with contextlib.ExitStack() as stack:
        file: Rewriter | None = stack.enter_context(Rewriter(options.out, [capture])) if options.out else None
        printer = stack.enter_context(Printer(options, live=True, out=out))
        printer.whose = names.shown
        printer.explain()
        for seen in capture.frames(records):
            if traced.moved and not moved:
                known.forget(capture.names)
                moved = True
            if file is not None:
                try:
                    file.write(seen)
                    file.writer.flush()
                except FileError as error:  # the command goes on
                    print_notice(error)
                    file = None
            tally.meet(seen)
            situations.meet(seen)
            names.meet(seen)
            shown = seen if wanted is None else chosen(wanted, seen, situations)
            if options.quiet or shown is None:
                printer.pass_over(seen)
            else:
                try:
                    printer.show(shown)
                except OSError:  # nobody reads it any more
                    options.quiet = True
    return tally


class Names:
    """Who says what, once more than one process has spoken."""

    def __init__(self) -> None:
        self._met: set[str] = set()
        self._width = 0

    def meet(self, seen: Seen) -> None:
        """Take note of a frame's process."""
        who = whose(seen)
        if who:
            self._met.add(who)
            self._width = max(self._width, len(who))

    def shown(self, seen: Seen) -> str:
        """The column of names; nothing while there is one only."""
        who = whose(seen, caused=True)
        return f"{who:<{self._width}} " if len(self._met) > 1 else ""


def _ended(words: list[str], status: int) -> str:
    what = " ".join(shlex.join(words).split())
    what = what if len(what) <= 60 else what[:57] + "..."
    if not status:
        return f"{what} ended"
    killed = f" (128 + {signal.Signals(status - 128).name})" if status - 128 in set(signal.Signals) else ""
    return f"{what} ended with status {status}{killed}"
