"""`nldissect run -- COMMAND`: the messages that a command and its children exchange with the kernel, as they come."""

from __future__ import annotations

import argparse

from ..arguments import CommandParser, add_display
from ..platforms import need_linux


def arguments(command: CommandParser) -> None:
    """Add the options of `nldissect run`."""
    command.usage = "nldissect run [OPTIONS] -- COMMAND..."
    command.description = (
        "Run a command and show the netlink messages of it and its children as they come, on standard "
        "error, so that the command's output stays its own; at the end what they were in numbers. "
        "Watched with strace (every user; exact bytes, processes and direction) or on an nlmon device (root; does not "
        "slow the command down)."
    )
    command.epilog = (
        "Exit status: the command's own; 128+N if signal N ended it, 127 no such command, 126 it can't be "
        "executed, 2 usage, or it could not be watched and was not run."
    )
    add = command.add_argument
    add("-w", dest="out", metavar="FILE", help="write the frames to FILE (.pcapng, with the processes, else pcap)")
    add("-o", dest="text_out", metavar="FILE", help="write the text to FILE instead of standard error")
    add("--via", choices=("nlmon", "strace"), help="how to watch (default: strace where it can trace, else nlmon)")
    what = "show the kernel's words for refusals also where the program never asked for them (root, tracefs)"
    add("--extack", action="store_true", help=what)
    add("-q", dest="quiet", action="store_true", help="show no messages, only the sum at the end")
    add_display(command)
    add("words", nargs=argparse.REMAINDER, metavar="COMMAND", help="the command and its arguments")


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    need_linux("run")
    from .command import run

    return run(options)
