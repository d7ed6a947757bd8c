"""Body of `nldissect run`: runs a command, prints its exchanges while it runs, and counts them at the end."""

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
from itertools import chain
from typing import TYPE_CHECKING, TextIO

from nldissect.errors import CaptureError, NldissectError, print_notice

from .strace_probe import StraceProbe

if TYPE_CHECKING:
    from nldissect.capfile import Record

    from .counts import ProcessCounts
    from .display import Watched
    from .extack import ExtackWords
    from .host_names import HostNames
    from .nlmon_watcher import NlmonWatcher
    from .strace_watcher import StraceWatcher

NOT_FOUND, NOT_EXECUTABLE = 127, 126
PASSED_ON = (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
TYPED = (signal.SIGINT, signal.SIGQUIT)
"""Signals of the keyboard: the command, in our process group, gets them too."""


def run(options: argparse.Namespace) -> int:
    """Run the command that the options name; return its exit status."""
    words = options.words[1:] if options.words[:1] == ["--"] else options.words
    if not words:
        raise NldissectError("no command to run; write it last, like `nldissect run -- ip link`")
    if options.out == "-":
        raise NldissectError("-w - would mix with what the command prints; name a file")
    if (status := _missing(words[0])) is not None:
        return status
    if options.filter is not None:
        _check_filter(options)
    traced, known = _watched(words, options.via)
    with contextlib.ExitStack() as stack:
        explaining = stack.enter_context(_explaining()) if options.extack else None
        out = stack.enter_context(_output(options))
        if options.out:
            from nldissect.capfile.writer import private

            private(options.out).close()  # so that what can't be written is known before the command runs
        ends = _note_end(traced)
        begun = time.monotonic_ns()
        stack.enter_context(traced)
        _mind_signals(traced)
        records = traced.reader if explaining is None else explaining.on(traced.reader)
        tally = _show(traced, records, known, out, options)
        status = traced.status()
        took = (ends[0] if ends else time.monotonic_ns()) - begun
    from .counts import shown

    for line in traced.remarks():
        print_notice(line)
    if traced.guessed:
        what = "one message was" if traced.guessed == 1 else f"{traced.guessed} messages were"
        why = "whose socket it was could not be seen in time"
        print_notice(f"{what} taken for the command's, a guess (?): {why}")
    for line in (*tally.lines(), f"{_ended(words, status)} after {shown(took)}: {tally.all.told()}"):
        print_notice(line)
    return status


def _check_filter(options: argparse.Namespace) -> None:
    """Raise NldissectError if the filter is invalid, or asks for what is known at the end only."""
    from ..reading import requested_filter

    wanted = requested_filter(options)
    if wanted is not None and any(one.name.startswith("exchange.") for one in wanted.fields):
        raise NldissectError(
            "exchange.* needs the end, which is not there while a command runs; use -w, then read that"
        )


def _explaining() -> ExtackWords:
    from .extack import ExtackWords

    return ExtackWords()


def _watched(words: list[str], via: str | None) -> tuple[Watched, HostNames]:
    """Return a watcher of the command, and the names of this host before the command runs.

    The watcher is strace if it can trace here, else an nlmon device; CaptureError if neither works.
    """
    probe = None if via == "nlmon" else StraceProbe()
    from nldissect.capture.private_folders import clean  # while strace is tried

    from .host_names import HostNames

    known = HostNames()
    clean()
    if probe is None:
        from .nlmon_watcher import forbidden

        if (problem := forbidden()) is not None:
            raise CaptureError(f"nlmon can't watch here: {problem}")
        return _listener(words, known), known
    try:
        return _tracer(words, known, probe), known
    except CaptureError as error:
        if via == "strace":
            raise
        from .nlmon_watcher import unable

        if (problem := unable()) is None:
            return _listener(words, known), known
        raise CaptureError(f"no way to watch a command: {error}; nor with nlmon: {problem}") from None


def _tracer(words: list[str], known: HostNames, probe: StraceProbe) -> StraceWatcher:
    from .setuid import withheld
    from .strace_watcher import StraceWatcher

    traced = StraceWatcher(words, probe.options(), known.said, known.learnt)
    path = shutil.which(words[0])
    if path is not None and (what := withheld(path)) is not None:
        text = f"{words[0]} is {what}, and runs without that, because a user traces it"
        print_notice(f"{text}; `sudo nldissect run` or --via nlmon leaves it")
    return traced


def _listener(words: list[str], known: HostNames) -> NlmonWatcher:
    """Return a watcher on an nlmon device.

    The display is imported before, because the device does not wait for it.
    """
    from . import display as display
    from .nlmon_watcher import NlmonWatcher

    return NlmonWatcher(words, known.said, known.learnt)


def _missing(program: str) -> int | None:
    """Print a notice if there is no such program; return the exit status that a shell gives then, else None."""
    if shutil.which(program) is not None:
        return None
    there = "/" in program and os.path.exists(program)
    what = f"{program} may not be executed; see its mode" if there else f"no command {program}; see PATH"
    print_notice(what)
    return NOT_EXECUTABLE if there else NOT_FOUND


@contextlib.contextmanager
def _output(options: argparse.Namespace) -> Iterator[TextIO]:
    """Yield standard error, so that the command's output stays its own, or the file of -o."""
    if options.text_out is None:
        yield sys.stderr
        return
    from nldissect.capfile.writer import private

    with io.TextIOWrapper(io.BufferedWriter(private(options.text_out)), errors="backslashreplace") as file:
        yield file


def _note_end(traced: Watched) -> list[int]:
    """Record the time when the command ends, also while this process still imports or prints.

    The returned list is empty until then, and holds nanoseconds of the monotonic clock afterwards.
    """
    ends: list[int] = []

    def child(*_: object) -> None:
        if not ends and traced.ended:
            ends.append(time.monotonic_ns())

    signal.signal(signal.SIGCHLD, child)
    return ends


def _mind_signals(traced: Watched) -> None:
    """Handle signals so that none ends this process before the command has ended and its messages are counted."""

    def typed(number: int, _: object) -> None:
        if traced.ended:
            traced.pass_on(number)

    for number in TYPED:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, typed)
    for number in PASSED_ON:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda number, _: traced.pass_on(number))


def _show(
    traced: Watched, records: Iterable[Record], known: HostNames, out: TextIO, options: argparse.Namespace
) -> ProcessCounts:
    """Print, write and count frames until the command and its children have ended; return the counts."""
    if options.format == "text" and not options.out:
        coming = iter(records)
        first = next(coming, None)
        if first is None:
            from .counts import ProcessCounts

            return ProcessCounts()
        records = chain([first], coming)
    from .display import show  # a command that sends nothing need not wait for the tables

    return show(traced, records, known, out, options)


def _ended(words: list[str], status: int) -> str:
    what = " ".join(shlex.join(words).split())
    what = what if len(what) <= 60 else what[:57] + "..."
    if not status:
        return f"{what} ended"
    killed = f" (128 + {signal.Signals(status - 128).name})" if status - 128 in set(signal.Signals) else ""
    return f"{what} ended with status {status}{killed}"
