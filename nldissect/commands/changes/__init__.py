"""`nldissect changes`: what each notification changed, old -> new."""

from __future__ import annotations

import argparse

from ..arguments import CommandParser, add_byte_order, add_color, add_families, add_time
from ..netns import add_netns


def arguments(command: CommandParser) -> None:
    """Add the options of `nldissect changes`."""
    command.description = (
        "Keep the state of every link, address, route, neighbour, rule, qdisc, nft object, connection, ... "
        "by dumps, notifications and accepted requests; tell what changed, by whom and by which request, and what the "
        "kernel did silently because of it. What is in the capture's first dumps is no change. Counters, caches and "
        "timers are none either. At the end: what flapped."
    )
    command.epilog = "Exit status: 0 done, 1 the file is cut short, 2 usage or bad input."
    add = command.add_argument
    add("files", nargs="+", metavar="FILE", help='capture to read, "-" for standard input; several are merged by time')
    what = "only what changed after frame 25 (25), or so many seconds after the first frame (1.5s)"
    add("--since", metavar="FRAME|SECONDS", help=what)
    add("--until", metavar="FRAME|SECONDS", help="only what changed until then; default: the end")
    what = "show only messages for which it holds, like 'IFLA_IFNAME == \"eth0\"': the history of one object"
    add("-Y", dest="filter", metavar="FILTER", help=what)
    add_netns(command, "changes of objects")
    add("-T", dest="format", choices=("text", "json"), default="text", help="output format (default: text)")
    what = "counters, caches and timers count as well, and messages that changed nothing are shown"
    add("--all", action="store_true", help=what)
    add_time(command)
    add("--show-secrets", dest="secrets", action="store_true", help="show keys instead of masking them")
    add_families(command)
    add_byte_order(command)
    add_color(command)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    from .command import changes

    return changes(options)
