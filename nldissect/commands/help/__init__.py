"""`nldissect help`: show a page of the documentation."""

from __future__ import annotations

import argparse

from ..arguments import CommandParser
from .pages import PAGES


def arguments(command: CommandParser) -> None:
    """Add the options of `nldissect help`."""
    command.description = (
        "Show a page of the documentation; without PAGE list the pages. On a terminal a page is formatted and goes "
        "through $PAGER, else `less -R`; on a pipe it is Markdown. `nldissect COMMAND --help` lists the options of a "
        "command."
    )
    command.add_argument("page", nargs="?", choices=PAGES, metavar="PAGE", help=f"one of {', '.join(PAGES)}")


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    from .command import show_help

    return show_help(options)
