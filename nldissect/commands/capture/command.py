"""Body of `nldissect capture`: a capture process writes a file, which is read for display as it grows."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from nldissect.errors import NldissectError, print_notice

from ..capture_options import capture_config
from ..exit_status import DONE, INCOMPLETE
from ..reading import asks_for_text, check_display_options, explains_errors, requested_filter

if TYPE_CHECKING:
    from nldissect.capfile import Record
    from nldissect.capture import CaptureProcess, Limits, Result


def capture(options: argparse.Namespace) -> int:
    """Run the command; return the exit status. Messages are decoded without privileges."""
    from nldissect.capture import CaptureProcess, FileFollower, drop_privileges
    from nldissect.capture.private_folders import clean
    from nldissect.capture.private_netns import CommandInside
    from nldissect.capture.source import EVERYTHING

    check_display_options(options)
    clean()
    if options.private:
        _go_private(options)
    elif options.inside:
        raise NldissectError("a command is run with --private-net only; beside others, `nldissect run` does")
    shown = shows_messages(options)
    unseen = 0
    config = replace(
        capture_config(options),
        count=options.count,
        stop=_limits(options.stop),
        ring=_limits(options.ring),
        snaplen=options.snaplen or EVERYTHING,
        buffer_mib=options.buffer,
    )
    with CaptureProcess(config) as live:
        inside = CommandInside(options.inside, live) if options.inside else None
        if not drop_privileges(options.user, reads=(__file__, os.__file__)):
            print_notice("messages are decoded as root: that user may not read this program")
        _handle_signals(live)
        if live.sources and not options.quiet:
            print_notice(f"capturing on {live.device}")
            _warn_of_namespaces(options)
            if live.refused:
                print_notice(f"not listening to {_joined_names(live.refused)}: this user may not")
        if shown:
            following = FileFollower(live.files, live.ended)
            show_frames(following.path, following, options, hidden=live.preamble)
            unseen = following.let_go
        result = live.result
    return _report_end(result, unseen) or (0 if inside is None else inside.status)


def shows_messages(options: argparse.Namespace) -> bool:
    """Return whether messages are shown: without -w, on a terminal, or if an option asks for it; not with -q, -w -."""
    if options.quiet or options.out == "-":
        return False
    asked = options.print or options.filter is not None or options.format_asked or asks_for_text(options)
    return options.out is None or asked or sys.stdout.isatty()


def show_frames(path: str, records: Iterable[Record], options: argparse.Namespace, hidden: int = 0) -> None:
    """Print frames as they come.

    path      the first file of the capture
    hidden    number of first frames that give names and are not shown
    """
    from nldissect.render.printer import Printer
    from nldissect.stream.frames import FrameStream, visible_part
    from nldissect.stream.message_contexts import MessageContextBuilder, filter_frame

    capture = FrameStream(path, dict(options.families))
    wanted = requested_filter(options, rereadable=False)
    situations = MessageContextBuilder()
    with Printer(options, live=True) as printer:
        if explains_errors(options, wanted):
            printer.explain()
        for seen in capture.frames(records):
            shown = visible_part(seen, options.own)
            if shown is None or (seen.number <= hidden and not options.own):
                continue
            situations.meet(seen)
            if wanted is not None:
                shown = filter_frame(wanted, shown, situations)
            if shown is not None:
                printer.show(shown)
            else:
                printer.pass_over(seen)
    capture.reader.close()


def _go_private(options: argparse.Namespace) -> None:
    """Enter a private network namespace; unless a command is run in it, print a line that runs one there."""
    from nldissect.capture.private_netns import enter_private_network

    if options.netns is not None:
        raise NldissectError("--private-net makes a namespace, --netns enters one; choose one")
    enter_private_network()
    if not options.inside and not options.quiet:
        line = f"nsenter --preserve-credentials -U -n -t {os.getpid()} COMMAND"
        print_notice(f"a network of its own; `{line}` runs something in it")


def _warn_of_namespaces(options: argparse.Namespace) -> None:
    """Print a notice if frames of several network namespaces go into a pcap file, which can't tell them apart."""
    from nldissect.capfile import is_pcapng_name

    several = len(options.netns or ()) > 1 or any("all-nsid" in one for one in options.groups or ())
    if several and options.out is not None and not is_pcapng_name(options.out):
        print_notice(f"{options.out} can't tell network namespaces apart; NAME.pcapng does")


def _joined_names(names: list[str]) -> str:
    """Join up to ten names, and append the number of the others."""
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def _limits(given: list[tuple[str, float]]) -> Limits:
    """Return the limits of -a or -b; the last of each kind counts."""
    from nldissect.capture import Limits

    values = dict(given)
    integers = {what: int(values[what]) for what in ("filesize", "files") if what in values}
    return Limits(values.get("duration"), **integers)


def _handle_signals(live: CaptureProcess) -> None:
    """End the capture in order on the first signal, at once on the second; SIGUSR1 prints counts, SIGUSR2 flushes."""

    def stop(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        live.stop()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    live.on_counts = _print_counts
    signal.signal(signal.SIGUSR1, lambda *_: live.order(b"statistics"))
    signal.signal(signal.SIGUSR2, lambda *_: live.order(b"flush"))


def _print_counts(result: Result) -> None:
    counts = f"{result.captured} captured, {result.dropped} dropped by kernel"
    by = ", ".join(f"{dropped} of {name}" for name, _, dropped in result.sources if dropped)
    own = f", {result.own} more of the capture itself (--own shows them)" if result.own else ""
    print_notice(counts + (f" ({by})" if by else "") + own)


def _report_end(result: Result, unseen: int) -> int:
    """Print the numbers of captured and lost frames; return the exit status.

    unseen   number of frames that were released before they were shown
    """
    _print_counts(result)
    for lack in result.lacks:
        print_notice(lack)
    if result.error is not None:
        print_notice(result.error)
    if result.cut:
        frames = "a frame was" if result.cut == 1 else f"{result.cut} frames were"
        text = f"{frames} longer than the 256 KiB that a packet socket's ring holds: {result.missing} bytes are missing"
        print_notice(text)
    if unseen:
        text = f"{unseen} frames were let go before they could be shown; give the capture a file with -w"
        print_notice(text)
    return INCOMPLETE if result.error is not None or result.dropped or result.cut or unseen else DONE
