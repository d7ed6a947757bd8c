"""The command line: read, stats, fields, export, capture, doctor. Each command imports what it needs when it runs."""

from __future__ import annotations

import argparse
import errno
import math
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from nldissect.errors import NldissectError

if TYPE_CHECKING:
    from nldissect.capture import Capture, Result

DONE, INCOMPLETE, USAGE = 0, 1, 2
FORMATS = ("text", "ndjson", "json", "fields", "csv")
UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EAGAIN, errno.EBADF)
"""What standard output, a file or device, may answer; other errors of the system are bugs of ours."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    _have_streams()
    try:
        status = _run(parser().parse_args(arguments))
        sys.stdout.flush()
    except NldissectError as error:
        status = _complain(str(error))
    except BrokenPipeError:  # the reader has seen enough (`| head`)
        _discard_output()
        status = DONE
    except OSError as error:
        if error.errno not in UNWRITABLE or error.filename is not None:
            raise
        _discard_output()
        status = _complain(f"can't write standard output: {error.strerror}; what was written is not all")
    except KeyboardInterrupt:
        status = INCOMPLETE
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


def _run(options: argparse.Namespace) -> int:
    if options.command == "fields":
        from nldissect.output.fields import print_fields

        return print_fields(options.pattern, options.format)
    if options.command == "capture":
        return _capture(options)
    if options.command == "doctor":
        return _doctor()
    if options.command == "stats":
        from nldissect.output.statistics import stats

        return stats(options)
    if options.command == "export":
        from nldissect.output.export import export

        return export(options)
    from nldissect.output.reading import read

    return read(options)


def _capture(options: argparse.Namespace) -> int:
    """The capture writes a file in a process of its own; what is shown is read from that file as it grows."""
    from nldissect.capture import Capture
    from nldissect.output.reading import check_form, follow

    check_form(options)
    shown = not options.quiet and options.out != "-"
    if options.out is not None and not sys.stdout.isatty():
        shown = shown and (options.tree or options.hex or options.format != "text")
    with Capture(
        options.interface,
        write=options.out,
        count=options.count,
        duration=options.stop,
        filter=options.kernel_filter,
        snaplen=options.snaplen,
        buffer_mib=options.buffer,
        user=options.user,
        netns=options.netns,
    ) as live:
        _stop_on_signals(live)
        if not options.quiet:
            print(f"nldissect: capturing on {live.device}", file=sys.stderr)
        if shown:
            follow(live.path, live.ended, options, hidden=live.preamble)
        result = live.result
    return _account(result)


def _stop_on_signals(live: Capture) -> None:
    """The first signal asks for an orderly end, a second one does not ask."""

    def stop(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        live.stop()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def _account(result: Result) -> int:
    counts = f"{result.captured} captured, {result.received} received, {result.dropped} dropped by kernel"
    print(f"nldissect: {counts}", file=sys.stderr)
    if result.error is not None:
        print(f"nldissect: {result.error}", file=sys.stderr)
    return INCOMPLETE if result.error is not None or result.dropped else DONE


def _doctor() -> int:
    from nldissect.capture.doctor import checks

    found = checks()
    width = max(len(check.name) for check in found)
    for check in found:
        print(f"{'ok' if check.ok else 'MISSING':<7}  {check.name:<{width}}  {check.text}")
        if check.remedy:
            print(f"{'':<7}  {'':<{width}}  -> {check.remedy}")
    return DONE if all(check.ok for check in found) else INCOMPLETE


def _complain(text: str) -> int:
    try:
        sys.stdout.flush()
    except OSError:
        _discard_output()
    print(f"nldissect: {text}", file=sys.stderr)
    return USAGE


class Version(argparse.Action):
    """Print the version when asked, and not import it before."""

    def __init__(self, option_strings: list[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the version and exit")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from nldissect import __version__

        print("nldissect", __version__, flush=True)
        parser.exit()


def family(text: str) -> tuple[int, str]:
    """ID=NAME of --family."""
    number, _, name = text.partition("=")
    try:
        if name and 0 <= int(number, 0) <= 0xFFFF:
            return int(number, 0), name
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is not ID=NAME, like 0x1c=ethtool")


def count(text: str) -> int:
    """A positive number."""
    if text.isdecimal() and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")


def duration(text: str) -> float:
    """S of -a duration:S."""
    what, _, value = text.partition(":")
    try:
        if what == "duration" and 0 < float(value) < math.inf:
            return float(value)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is not duration:SECONDS")


class Parser(argparse.ArgumentParser):
    """Complains on one line that says what to do."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """The command itself refuses what it does not know, so that its own help is named."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, unknown

    def error(self, message: str) -> None:  # type: ignore[override]
        self.exit(USAGE, f"nldissect: {message}; see `{self.prog} --help`\n")


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def parser() -> argparse.ArgumentParser:
    top = Parser(
        prog="nldissect", description="The Wireshark of Linux netlink: decode what programs and the kernel say."
    )
    top.add_argument("--version", action=Version)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    _read(commands)
    _capture_options(commands)
    _stats(commands)
    _fields(commands)
    _export(commands)
    commands.add_parser(
        "doctor",
        help="can this host capture? what is missing, and the line that mends it",
        description="Look at everything a capture needs. Exit status: 0 all there, 1 something is missing.",
    )
    return top


def _read(commands: Commands) -> None:
    read = commands.add_parser(
        "read",
        help="decode capture files",
        description="Decode captures of netlink: pcap or pcapng, also gzip or zstd, from nlmon or `-i any`. "
        "One line a message: frame, time, direction (-> to the kernel, <- to user space, * notification), protocol, "
        "type, summary.",
        epilog="Exit status: 0 done, 1 the file is cut short, 2 usage or bad input.",
    )
    add = read.add_argument
    add("files", nargs="+", metavar="FILE", help='capture to read, "-" for standard input; several are merged by time')
    _form(read)
    add("-c", dest="count", type=count, metavar="N", help="stop after N frames")
    add("-w", dest="out", metavar="OUT", help='write the frames to OUT (.pcapng, else pcap; "-" standard output)')
    add("-q", dest="quiet", action="store_true", help="print nothing; the exit status tells")
    _order(read)


def _form(command: Parser) -> None:
    """Which messages are shown, and how."""
    add = command.add_argument
    add("-Y", dest="filter", metavar="FILTER", help="show only messages for which it holds, like 'IFLA_MTU > 1500'")
    add("-V", dest="tree", action="store_true", help="show every field and attribute as a tree")
    add("-x", dest="hex", action="store_true", help="show the bytes as well")
    add("-T", dest="format", choices=FORMATS, default="text", help="output format (default: text)")
    add("-e", dest="fields", action="append", default=[], metavar="FIELD", help="a field that -T fields or csv prints")
    what = "header=y|n, separator=/t, occurrence=f|l|a, aggregator=, or quote=d|s|n for -T fields and csv"
    add("-E", dest="layout", action="append", default=[], metavar="OPTION", help=what)
    times = "r since the first frame (default), a time of day, d since the frame before, e seconds since 1970"
    add("-t", dest="time", choices=("r", "a", "d", "e"), default="r", help=f"time: {times}")
    _families(command)
    add("--show-secrets", dest="secrets", action="store_true", help="show keys instead of masking them")
    _color(command)


def _order(command: Parser) -> None:
    what = "byte order of the host that was captured"
    command.add_argument("--byte-order", dest="order", choices=("little", "big"), help=what)


def _families(command: Parser) -> None:
    what = "what a generic netlink id stands for, like 0x1c=ethtool"
    command.add_argument(
        "--family", dest="families", type=family, action="append", default=[], metavar="ID=NAME", help=what
    )


def _color(command: Parser) -> None:
    what = "no colours on a terminal (NO_COLOR does the same)"
    command.add_argument("--no-color", dest="color", action="store_false", help=what)


def _capture_options(commands: Commands) -> None:
    capture = commands.add_parser(
        "capture",
        help="capture netlink traffic of this host",
        description="Capture what programs and the kernel say to each other, until Ctrl-C. An nlmon device is made for "
        "it and removed afterwards. The file begins with the table of generic netlink families.",
        epilog="Exit status: 0 done, 1 frames were lost or the capture ended early, 2 usage, or it can't start; then "
        "`nldissect doctor` says why.",
    )
    add = capture.add_argument
    add("-i", dest="interface", metavar="IFACE", help="an nlmon device that is there already; it is left as it is")
    add("-w", dest="out", metavar="FILE", help='write to FILE (.pcapng, else pcap; "-" standard output)')
    add("-f", dest="kernel_filter", metavar="FILTER", help="capture filter as libpcap has it, like 'link[14:2] == 16'")
    add("-c", dest="count", type=count, metavar="N", help="stop after N frames")
    add("-a", dest="stop", type=duration, metavar="duration:S", help="stop after S seconds")
    add("-s", dest="snaplen", type=count, metavar="BYTES", help="keep only so much of a frame (default: all)")
    add("-B", dest="buffer", type=count, default=64, metavar="MIB", help="size of the kernel's buffer (default: 64)")
    add("--netns", metavar="NAME|PID|PATH", help="capture in another network namespace")
    add("--user", metavar="NAME", help="whose the file is and the capture runs as (default: who called sudo)")
    add("-q", dest="quiet", action="store_true", help="show no messages")
    _form(capture)


def _stats(commands: Commands) -> None:
    stats = commands.add_parser(
        "stats",
        help="count what a capture holds: types, families, errors, rate, coverage",
        description="Count the messages of a capture. Without a section: an overview, then types, families, errors and "
        "rate. types: by protocol, name and direction. families: by protocol and generic netlink family. errors: what "
        "the kernel refused, and warnings it gave. rate: messages and bytes over time. coverage: how many bytes behind "
        "nlmsghdr were decoded; slower, it decodes every message.",
        epilog="Exit status: 0 done, 1 the file is cut short, 2 usage or bad input.",
    )
    add = stats.add_argument
    add("file", metavar="FILE", help='capture to read, "-" for standard input')
    sections = ("types", "families", "errors", "rate", "coverage")
    add("section", nargs="?", choices=sections, metavar="SECTION", help=f"one of {', '.join(sections)}")
    add("-Y", dest="filter", metavar="FILTER", help="count only messages for which it holds")
    add("-T", dest="format", choices=("text", "json"), default="text", help="output format (default: text)")
    _families(stats)
    _order(stats)
    _color(stats)


def _fields(commands: Commands) -> None:
    fields = commands.add_parser(
        "fields",
        help="list every field: name, number, kind, set, family",
        description="Every message, command, header field and attribute nldissect knows, with its number.",
    )
    fields.add_argument("pattern", nargs="?", help="part of the name, in any case, or a glob like 'IFLA_VLAN_*'")
    fields.add_argument("-T", dest="format", choices=("text", "json"), default="text", help="output format")


def _export(commands: Commands) -> None:
    export = commands.add_parser(
        "export",
        help="captures as one Parquet or Arrow table, for DuckDB, Polars, pandas, Spark",
        usage="nldissect export FILE... OUT.parquet|OUT.arrow [OPTIONS]",
        description="Write one row a message: header columns, summary, the fields of -e as typed columns, and the "
        "whole message as -T ndjson prints it. Rows come file after file.",
        epilog="Exit status: 0 done, 1 a file is cut short, 2 usage or bad input.",
    )
    add = export.add_argument
    add("paths", nargs="+", metavar="FILE", help='captures to read, "-" for standard input; the last name is the table')
    add("-Y", dest="filter", metavar="FILTER", help="only messages for which it holds, like 'IFLA_MTU > 1500'")
    add("-e", dest="fields", action="append", default=[], metavar="FIELD", help="a field that becomes a column")
    what = "occurrence=f for the first value of a field (default), occurrence=a for all as a list"
    add("-E", dest="layout", action="append", default=[], metavar="OPTION", help=what)
    what = 'what to put into the column host (default: from a comment "host=NAME" of the file)'
    add("--host", metavar="NAME", help=what)
    _families(export)
    _order(export)
