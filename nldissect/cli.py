"""The command line. Each command imports what it needs when it runs."""

from __future__ import annotations

import argparse
import errno
import gc
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nldissect.commands.exit_status import DONE, INCOMPLETE, USAGE
from nldissect.errors import NldissectError, print_notice
from nldissect.interrupts import INTERRUPTED, raise_again
from nldissect.options import parser
from nldissect.scapy_host import leave_out

if TYPE_CHECKING:
    from nldissect.capture import Capture, Limits, Result
    from nldissect.sockets.listen_groups import Listening

LINUX_ONLY = ("capture", "doctor", "run", "sockets")
READERS = ("changes", "exchanges", "export", "read", "stats")
"""Commands that read files and do nothing else."""
UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EAGAIN, errno.EBADF)
"""What standard output, a file or device, may answer; other errors of the system are bugs of ours."""
GC_THRESHOLD = 100_000
"""New objects after which Python looks for garbage in cycles: imports make as many, and none of them is garbage."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    raise_again()
    _have_streams()
    try:
        if arguments is None:
            gc.set_threshold(GC_THRESHOLD)
        given = sys.argv[1:] if arguments is None else arguments
        if given and given[0].startswith(("--extcap-", "--capture")):
            _need_linux("capturing")
            from nldissect.commands.extcap import extcap

            return extcap(given)
        options = parser(given[0] if given else "").parse_args(given)
        _join_logs(options)
        if arguments is None and options.command != "shell":
            leave_out(interfaces=options.command in READERS)
        status = _run(options)
        sys.stdout.flush()
    except NldissectError as error:
        status = _complain(error)
    except BrokenPipeError:  # the reader has seen enough (`| head`)
        _discard_output()
        status = DONE
    except OSError as error:
        if error.errno not in UNWRITABLE or error.filename is not None:
            raise
        _discard_output()
        status = _complain(f"can't write standard output: {error.strerror}; what was written is not all")
    except KeyboardInterrupt:
        status = INTERRUPTED
    return status


def _have_streams() -> None:
    """Standard input, output and error, also where the caller closed them: a capture must not get their numbers."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, open(number, "w" if number else "r", closefd=False))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _discard_output() -> None:
    """What is left in the buffer has nowhere to go."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _need_linux(what: str) -> None:
    if sys.platform != "linux":
        raise NldissectError(f"{what} needs Linux, and this is {sys.platform}; captures made there can be read here")


def _is_for_linux(options: argparse.Namespace) -> bool:
    if options.command == "view":
        if sys.platform == "win32":
            raise NldissectError("view needs a terminal of Linux or macOS; nldissect read prints lines")
        return not options.files or "-" in options.files  # what comes is kept in files that only Linux opens anew
    return options.command in LINUX_ONLY or (options.command == "send" and not options.dry_run)


def _run(options: argparse.Namespace) -> int:
    if options.command == "fields":
        return _fields(options)
    if _is_for_linux(options):
        _need_linux(options.command)
    if getattr(options, "ynl", ()):
        _use_specifications(options.ynl)
    if options.command == "capture":
        return _capture(options)
    if options.command == "run":
        from nldissect.commands.run import run

        return run(options)
    if options.command == "doctor":
        return _doctor()
    if options.command == "view":
        from nldissect.viewer import view

        return view(options, lambda: _sources(options))
    if options.command == "stats":
        from nldissect.commands.stats.command import stats

        return stats(options)
    if options.command == "changes":
        from nldissect.commands.changes.command import changes

        return changes(options)
    if options.command == "exchanges":
        from nldissect.commands.exchanges.command import exchanges

        return exchanges(options)
    if options.command == "export":
        from nldissect.commands.export.command import export

        return export(options)
    if options.command == "completion":
        from nldissect.commands.completion import completion

        return completion(options)
    if options.command == "send":
        return _send(options)
    if options.command == "sockets":
        return _sockets(options)
    if options.command == "shell":
        from nldissect.commands.shell.command import shell

        return shell(options)
    from nldissect.commands.read.command import read

    return read(options)


def _use_specifications(paths: list[str]) -> None:
    """What --ynl names decodes its families from now on."""
    from nldissect.ynl import use

    for path in paths:
        use(path)


def _fields(options: argparse.Namespace) -> int:
    if options.summary:
        from nldissect.commands.fields.summary import print_summary

        return print_summary(options.pattern, options.format)
    from nldissect.commands.fields.listing import print_fields

    return print_fields(options.pattern, options.format)


def _send(options: argparse.Namespace) -> int:
    _enter(options.netns)
    from nldissect.commands.send import send

    return send(options)


def _sockets(options: argparse.Namespace) -> int:
    _enter(options.netns)
    from nldissect.commands.sockets.command import sockets

    return sockets(options)


def _enter(netns: str | None) -> None:
    """Another network namespace, if there is one to enter."""
    if netns is not None:
        from nldissect.capture.privileges import enter_network

        enter_network(netns)


def _capture(options: argparse.Namespace) -> int:
    """The capture writes a file in a process of its own; what is shown is read from that file as it grows, without a
    privilege."""
    from nldissect.capture import Capture, Following, drop_privileges
    from nldissect.capture.private_folders import clean
    from nldissect.capture.private_netns import Inside
    from nldissect.commands.read.command import check_form, follow, shows

    check_form(options)
    clean()
    if options.private:
        _go_private(options)
    elif options.inside:
        raise NldissectError("a command is run with --private-net only; beside others, `nldissect run` does")
    shown = shows(options)
    unseen = 0
    with Capture(
        **_sources(options),
        count=options.count,
        stop=_limits(options.stop),
        ring=_limits(options.ring),
        snaplen=options.snaplen,
        buffer_mib=options.buffer,
    ) as live:
        inside = Inside(options.inside, live) if options.inside else None
        if not drop_privileges(options.user, reads=(__file__, os.__file__)):
            print_notice("messages are decoded as root: that user may not read this program")
        _hear_signals(live)
        if not options.quiet:
            print_notice(f"capturing on {live.device}")
            _tell_of_places(options)
            if live.refused:
                print_notice(f"not listening to {_some(live.refused)}: this user may not")
        if shown:
            following = Following(live.files, live.ended)
            follow(following.path, following, options, hidden=live.preamble)
            unseen = following.let_go
        result = live.result
    return _account(result, unseen) or (0 if inside is None else inside.status)


def _go_private(options: argparse.Namespace) -> None:
    """Into a network of one's own; says how to follow there, if no command is to be run."""
    from nldissect.capture.private_netns import enter_private_network

    if options.netns is not None:
        raise NldissectError("--private-net makes a namespace, --netns enters one; choose one")
    enter_private_network()
    if not options.inside and not options.quiet:
        line = f"nsenter --preserve-credentials -U -n -t {os.getpid()} COMMAND"
        print_notice(f"a network of its own; `{line}` runs something in it")


def _sources(options: argparse.Namespace) -> dict[str, Any]:
    """What a capture is told of where it listens, and where it writes."""
    from nldissect import __version__
    from nldissect.commands.capture_filters import capture_filters

    groups, everywhere = _listened(options.groups)
    return {
        "interface": options.interfaces,
        "groups": groups,
        "all_nsid": everywhere,
        "write": options.out,
        **capture_filters(options.kernel_filter, tapped=not groups or options.interfaces is not None),
        "user": options.user,
        "netns": options.netns,
        "extack": getattr(options, "extack", False),
        "application": f"nldissect {__version__}",
        "processes": getattr(options, "processes", True),
    }


def _listened(given: list[str] | None) -> Listening:
    """The groups of -g by number."""
    from nldissect.sockets.listen_groups import Listening, listening

    return listening(given) if given else Listening([], False)


def _tell_of_places(options: argparse.Namespace) -> None:
    """Say so if several network namespaces go into a file that can't tell which frame is whose."""
    from nldissect.capfile import is_pcapng_name

    several = len(options.netns or ()) > 1 or any("all-nsid" in one for one in options.groups or ())
    if several and options.out is not None and not is_pcapng_name(options.out):
        print_notice(f"{options.out} can't tell network namespaces apart; NAME.pcapng does")


def _some(names: list[str]) -> str:
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def _limits(given: list[tuple[str, float]]) -> Limits:
    """What -a or -b says; the last of a kind holds."""
    from nldissect.capture import Limits

    said = dict(given)
    whole = {what: int(said[what]) for what in ("filesize", "files") if what in said}
    return Limits(said.get("duration"), **whole)


def _hear_signals(live: Capture) -> None:
    """The first signal asks for an orderly end, a second one does not ask. SIGUSR1 prints counts, SIGUSR2 flushes."""

    def stop(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        live.stop()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    live.on_counts = _tell
    signal.signal(signal.SIGUSR1, lambda *_: live.order(b"statistics"))
    signal.signal(signal.SIGUSR2, lambda *_: live.order(b"flush"))


def _tell(result: Result) -> None:
    counts = f"{result.captured} captured, {result.dropped} dropped by kernel"
    by = ", ".join(f"{dropped} of {name}" for name, _, dropped in result.sources if dropped)
    own = f", {result.own} more of the capture itself (--own shows them)" if result.own else ""
    print_notice(counts + (f" ({by})" if by else "") + own)


def _account(result: Result, unseen: int) -> int:
    _tell(result)
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


def _doctor() -> int:
    from nldissect.capture.doctor import Check, checks
    from nldissect.commands.run.doctor_check import watching
    from nldissect.native.loader import usable_library
    from nldissect.native.program_file import described

    path, reason, silent_below = usable_library()
    told = f"large captures are printed by {path}" if path else f"not used, large captures take longer: {reason}"
    flat = Check("program file", True, described(path is not None))
    found = [*checks(), watching(), Check("native core", silent_below > 0, told), flat]
    width = max(len(check.name) for check in found)
    for check in found:
        print(f"{'ok' if check.ok else 'MISSING':<7}  {check.name:<{width}}  {check.text}")
        if check.remedy:
            print(f"{'':<7}  {'':<{width}}  -> {check.remedy}")
    return DONE if all(check.ok for check in found) else INCOMPLETE


def _join_logs(options: argparse.Namespace) -> None:
    """Let logs that `strace -ff` wrote, one a thread, be one capture."""
    files: list[str] = getattr(options, "files", None) or []
    if len(files) > 1 and sum(name.rpartition(".")[2].isdecimal() for name in files) > 1:
        from nldissect.capfile.strace.per_thread import together

        options.files = together(files)


def _complain(complaint: str | NldissectError) -> int:
    try:
        sys.stdout.flush()
    except OSError:
        _discard_output()
    print_notice(complaint)
    return USAGE
