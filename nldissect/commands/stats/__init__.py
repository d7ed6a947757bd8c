"""`nldissect stats`: count what a capture holds."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nldissect.commands.arguments import CommandParser, add_byte_order, add_color, add_families, add_own


class Sections(tuple[str, ...]):
    """The sections of `stats`. Other words may stand there too: further files."""

    def __contains__(self, word: object) -> bool:
        return True


SECTIONS = Sections(("types", "families", "errors", "rate", "exchanges", "objects", "notes", "processes", "coverage"))


class TrailingFiles(argparse.Action):
    """What follows the first file of `stats`: further files, and last a section."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        words: Sequence[str] = values
        last = words[-1] if words else None
        namespace.section = last if last in tuple(SECTIONS) else None
        namespace.more = list(words[:-1] if namespace.section else words)
        if namespace.file in tuple(SECTIONS) and words and not Path(namespace.file).exists():
            files = " ".join(words)
            raise argparse.ArgumentError(self, f"it stands behind the file: `nldissect stats {files} {namespace.file}`")
        if namespace.section is None and last is not None and not Path(last).exists():
            raise argparse.ArgumentError(self, f"invalid choice: {last!r} (choose from {', '.join(SECTIONS)})")
        if namespace.more and namespace.section != "coverage":
            raise argparse.ArgumentError(self, "of several files, coverage alone can be counted: write it last")


def arguments(command: CommandParser) -> None:
    """Add the options of `nldissect stats`."""
    command.usage = "nldissect stats FILE [SECTION] [OPTIONS]\n       nldissect stats FILE... coverage [OPTIONS]"
    command.description = (
        "Count the messages of a capture. Without a section: an overview, then types, families, errors and "
        "rate. types: by protocol, name and direction. families: by protocol and generic netlink family. errors: what "
        "the kernel refused, and warnings it gave. rate: messages and bytes over time. exchanges: how long programs "
        "waited, by request, and the slowest. objects: links, routes and others that changed most often, and what of "
        "them; slower. notes: what to look at, by severity; slower. processes: who sent and got "
        "them. coverage: how many bytes behind nlmsghdr were decoded; slower, it decodes every message. It takes "
        "several files, each read by itself."
    )
    command.epilog = "Exit status: 0 done, 1 the file is cut short, 2 usage or bad input."
    add = command.add_argument
    add("file", metavar="FILE", help='capture to read, "-" for standard input')
    add(
        "section",
        nargs="*",
        action=TrailingFiles,
        choices=SECTIONS,
        metavar="SECTION",
        help=f"one of {', '.join(SECTIONS)}",
    )
    add("-Y", dest="filter", metavar="FILTER", help="count only messages for which it holds")
    add("-T", dest="format", choices=("text", "json"), default="text", help="output format (default: text)")
    what = (
        "write a page for a browser instead: over time, errors, exchanges, what changed most, processes, a ladder of "
        'who said what to whom; "-" standard output'
    )
    add("--html", dest="html", metavar="OUT", help=what)
    add_own(command)
    add_families(command)
    add_byte_order(command)
    add_color(command)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    from .command import stats

    return stats(options)
