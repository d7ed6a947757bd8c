"""The command line: `nldissect read`, `fields`. Imports what the command needs, when it needs it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TypeAlias

from nldissect.errors import NldissectError

DONE, INCOMPLETE, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        status = _run(options)
        sys.stdout.flush()
    except NldissectError as error:
        status = _complain(str(error))
    except BrokenPipeError:  # the reader has seen enough (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        status = DONE
    except KeyboardInterrupt:
        status = INCOMPLETE
    return status


def _run(options: argparse.Namespace) -> int:
    if options.command == "fields":
        from nldissect.output.fields import print_fields

        return print_fields(options.pattern, options.format)
    from nldissect.output.reading import read

    return read(options)


def _complain(text: str) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    print(f"nldissect: {text}", file=sys.stderr)
    return USAGE


class Version(argparse.Action):
    """Print the version when asked, and not import it before."""

    def __init__(self, option_strings: list[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the version and exit")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from nldissect import __version__

        print("nldissect", __version__)
        parser.exit()


def family(text: str) -> tuple[int, str]:
    """ID=NAME of --family."""
    number, _, name = text.partition("=")
    try:
        if name:
            return int(number, 0), name
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is not ID=NAME, like 0x1c=ethtool")


def count(text: str) -> int:
    """A positive number."""
    if text.isdecimal() and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")


class Parser(argparse.ArgumentParser):
    """Complains on one line that says what to do."""

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
    _fields(commands)
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
    add("-V", dest="tree", action="store_true", help="show every field and attribute as a tree")
    add("-x", dest="hex", action="store_true", help="show the bytes as well")
    add("-T", dest="format", choices=("text", "ndjson", "json"), default="text", help="output format (default: text)")
    add("-c", dest="count", type=count, metavar="N", help="stop after N frames")
    add(
        "-t", dest="time", choices=("r", "a", "d", "e"), default="r",
        help="time: r since the first frame (default), a time of day, d since the frame before, e seconds since 1970",
    )  # fmt: skip
    add("-w", dest="out", metavar="OUT", help='write the frames to OUT (.pcapng, else pcap; "-" standard output)')
    add("-q", dest="quiet", action="store_true", help="print nothing; the exit status tells")
    add(
        "--family", dest="families", type=family, action="append", default=[], metavar="ID=NAME",
        help="what a generic netlink id stands for, like 0x1c=ethtool",
    )  # fmt: skip
    add("--byte-order", dest="order", choices=("little", "big"), help="byte order of the host that was captured")
    add("--show-secrets", dest="secrets", action="store_true", help="show keys instead of masking them")
    add("--no-color", dest="color", action="store_false", help="no colours on a terminal (NO_COLOR does the same)")


def _fields(commands: Commands) -> None:
    fields = commands.add_parser(
        "fields",
        help="list every field: name, number, kind, set, family",
        description="Every message, command, header field and attribute nldissect knows, with its number.",
    )
    fields.add_argument("pattern", nargs="?", help="part of the name, in any case, or a glob like 'IFLA_VLAN_*'")
    fields.add_argument("-T", dest="format", choices=("text", "json"), default="text", help="output format")
