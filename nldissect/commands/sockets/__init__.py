"""`nldissect sockets`: netlink sockets and the processes that hold them."""

from __future__ import annotations

import argparse

from ..arguments import CommandParser, add_color
from ..platforms import enter_netns, need_linux


def arguments(command: CommandParser) -> None:
    """Add the options of `nldissect sockets`."""
    command.description = (
        "List every netlink socket of this network namespace: protocol, port id, the processes that have "
        "it open, messages the kernel dropped for it, bytes queued and the room for them, flags, groups. Without root "
        "the holders of other users' sockets can't be seen; where the port id is the number of a process, that is "
        'shown as a guess, with a "?".'
    )
    add = command.add_argument
    add("-T", dest="format", choices=("text", "json"), default="text", help="output format (default: text)")
    add("--netns", metavar="NAME|PID|PATH", help="those of another network namespace")
    add_color(command)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    need_linux("sockets")
    enter_netns(options.netns)
    from .command import sockets

    return sockets(options)
