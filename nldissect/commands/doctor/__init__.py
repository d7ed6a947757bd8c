"""`nldissect doctor`: checks whether this host can capture, with a remedy for what is missing."""

from __future__ import annotations

import argparse

from ..arguments import CommandParser
from ..platforms import need_linux


def arguments(command: CommandParser) -> None:
    """Add the options of `nldissect doctor`."""
    command.description = "Look at everything a capture needs. Exit status: 0 all there, 1 something is missing."


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    need_linux("doctor")
    from .command import doctor

    return doctor(options)
