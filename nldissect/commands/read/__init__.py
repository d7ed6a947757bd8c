"""`nldissect read`: decode capture files."""

from __future__ import annotations

import argparse

from ..arguments import CommandParser, add_byte_order, add_display, positive_number


def arguments(command: CommandParser) -> None:
    """Add the options of `nldissect read`."""
    command.description = (
        "Decode captures of netlink: pcap or pcapng, also gzip or zstd, from nlmon or `-i any`. "
        "One line a message: frame, time, direction (-> to the kernel, <- to user space, * notification), protocol, "
        "type, summary."
    )
    command.epilog = "Exit status: 0 done, 1 the file is cut short, or with -q nothing matched, 2 usage or bad input."
    add = command.add_argument
    add("files", nargs="+", metavar="FILE", help='capture to read, "-" for standard input; several are merged by time')
    add_display(command)
    add("-c", dest="count", type=positive_number, metavar="N", help="stop after N frames")
    add("-w", dest="out", metavar="OUT", help='write the frames to OUT (.pcapng, else pcap; "-" standard output)')
    add("--redact", action="store_true", help="with -w: put zeros for key material")
    add("-q", dest="quiet", action="store_true", help="print nothing; the exit status tells")
    what = (
        "FILE is text with bytes: hex dumps of strace, kernel log, xxd, ...; lists in Go, C, Python; strings; plain hex"
    )
    add("--hex", dest="pasted", action="store_true", help=what)
    add("--protocol", metavar="P", help="protocol of what --hex reads, by name or number (default: ROUTE)")
    add("--engine", choices=("walk", "native"), help="by what it is read, to compare: Python, or the native core")
    add_byte_order(command)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    from .command import read

    return read(options)
