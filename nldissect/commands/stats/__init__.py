"""`nldissect stats`: count what captures hold."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nldissect.render.stats import OVERVIEW, SECTIONS

from ..arguments import CommandParser, add_byte_order, add_color, add_families, add_own


class SectionChoices(tuple[str, ...]):
    """The names of sections. Other words may stand there too: further files."""

    def __contains__(self, word: object) -> bool:
        return True


class TrailingFiles(argparse.Action):
    """The words after the first file of `stats`: further files, and last a section."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        words: Sequence[str] = values
        last = words[-1] if words else None
        namespace.section = last if last in SECTIONS else None
        namespace.more = list(words[:-1] if namespace.section else words)
        if namespace.file in SECTIONS and words and not Path(namespace.file).exists():
            files = " ".join(words)
            raise argparse.ArgumentError(self, f"it stands behind the file: `nldissect stats {files} {namespace.file}`")
        if namespace.section is None and last is not None and last.isalpha() and not Path(last).exists():
            raise argparse.ArgumentError(self, f"invalid choice: {last!r} (choose from {', '.join(SECTIONS)})")


def arguments(command: CommandParser) -> None:
    """Add the options of `nldissect stats`."""
    command.usage = "nldissect stats FILE... [SECTION] [OPTIONS]"
    command.description = (
        f"Count the messages of captures. Without a section: an overview, then {', '.join(OVERVIEW[:-1])} and "
        f"{OVERVIEW[-1]}. {' '.join(f'{name}: {section.help}.' for name, section in SECTIONS.items())} Several files "
        "are counted each by itself, and the counts are added; processes and objects stay apart by file."
    )
    command.epilog = "Exit status: 0 done, 1 a file is cut short, 2 usage or bad input."
    add = command.add_argument
    add("file", metavar="FILE", help='capture to read, "-" for standard input')
    add(
        "section",
        nargs="*",
        action=TrailingFiles,
        choices=SectionChoices(SECTIONS),
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
    habits = "notes: also habits of common programs that are no faults (strict check, duplicate sequence number)"
    add("--pedantic", action="store_true", help=habits)
    add_own(command)
    add_families(command)
    add_byte_order(command)
    add_color(command)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    from .command import stats

    return stats(options)
