"""`nldissect export`: captures as one Parquet or Arrow table."""

from __future__ import annotations

import argparse

from ..arguments import CommandParser, add_byte_order, add_families, add_own


def arguments(command: CommandParser) -> None:
    """Add the options of `nldissect export`."""
    command.usage = "nldissect export FILE... OUT.parquet|OUT.arrow [OPTIONS]"
    command.description = (
        "Write one row a message: header columns, summary, the fields of -e as typed columns, and the "
        "whole message as -T ndjson prints it. Rows come file after file."
    )
    command.epilog = "Exit status: 0 done, 1 a file is cut short, 2 usage or bad input."
    add = command.add_argument
    add("paths", nargs="+", metavar="FILE", help='captures to read, "-" for standard input; the last name is the table')
    add("-Y", dest="filter", metavar="FILTER", help="only messages for which it holds, like 'IFLA_MTU > 1500'")
    add("-e", dest="fields", action="append", default=[], metavar="FIELD", help="a field that becomes a column")
    what = "occurrence=f for the first value of a field (default), occurrence=a for all as a list"
    add("-E", dest="layout", action="append", default=[], metavar="OPTION", help=what)
    what = 'what to put into the column host (default: from a comment "host=NAME" of the file)'
    add("--host", metavar="NAME", help=what)
    what = "times in nanoseconds, which not every reader of Parquet takes (default: microseconds)"
    add("--nanoseconds", action="store_true", help=what)
    add_own(command)
    add_families(command)
    add_byte_order(command)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    from .command import export

    return export(options)
