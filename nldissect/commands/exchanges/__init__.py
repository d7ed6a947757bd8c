"""`nldissect exchanges`: each request with its answers."""

from __future__ import annotations

import argparse

from ..arguments import CommandParser, add_byte_order, add_color, add_families, add_own
from ..netns import add_netns


def arguments(command: CommandParser) -> None:
    """Add the options of `nldissect exchanges`."""
    command.description = (
        "One line an exchange: number, time, port id, protocol, request, and what came of it: ok, the "
        "error and the kernel's words, how many messages, who interrupted a dump, or that no answer is in the capture. "
        "A batch of nftables is one exchange. Processes are named where the capture knows them; an event that three "
        "listeners were sent is told as x3; a filter that asks for errors, like -Y error, has each explained. "
        "Equal exchanges of one program in a row are one line with their number, like x100; four or more that differ "
        "in values are two lines, three or more dumps one; --all shows each. JSON has all of them."
    )
    command.epilog = "Exit status: 0 done, 1 the file is cut short, 2 usage or bad input."
    add = command.add_argument
    add("files", nargs="+", metavar="FILE", help='capture to read, "-" for standard input; several are merged by time')
    what = "show only exchanges with a message for which it holds, like 'exchange.latency > 10ms'"
    add("-Y", dest="filter", metavar="FILTER", help=what)
    add_netns(command, "requests")
    add("-T", dest="format", choices=("text", "json"), default="text", help="output format (default: text)")
    times = "r since the first frame (default), a time of day, d since the exchange before, e seconds since 1970"
    add("-t", dest="time", choices=("r", "a", "d", "e"), default="r", help=f"time: {times}")
    add("--all", action="store_true", help="every exchange on a line of its own, nothing is folded")
    add("--show-secrets", dest="secrets", action="store_true", help="show keys instead of masking them")
    add_own(command)
    add_families(command)
    add_byte_order(command)
    add_color(command)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    from .command import exchanges

    return exchanges(options)
