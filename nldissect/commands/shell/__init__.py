"""`nldissect shell`: Scapy's console with the vocabulary loaded."""

from __future__ import annotations

import argparse

from ..arguments import CommandParser, add_byte_order, add_families


def arguments(command: CommandParser) -> None:
    """Add the options of `nldissect shell`."""
    command.description = (
        "Start Scapy's console: IPython where it is installed, else Python's own prompt. It knows every "
        "message, attribute set and constant by its name; the capture is `cap`. Commands may come on standard input."
    )
    command.add_argument(
        "files", nargs="*", metavar="FILE", help="capture to open as `cap`; several are merged by time"
    )
    add_families(command)
    add_byte_order(command)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    from .command import shell

    return shell(options)
