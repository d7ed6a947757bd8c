"""Options of the commands that tell about captures or the vocabulary: stats, fields, export."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .shared import Commands, add_color, add_families, add_order, add_own


class Sections(tuple[str, ...]):
    """The sections of `stats`. Other words may stand there too: further files."""

    def __contains__(self, word: object) -> bool:
        return True


SECTIONS = Sections(("types", "families", "errors", "rate", "exchanges", "objects", "notes", "processes", "coverage"))


class Rest(argparse.Action):
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


def add_stats(commands: Commands) -> None:
    stats = commands.add_parser(
        "stats",
        usage="nldissect stats FILE [SECTION] [OPTIONS]\n       nldissect stats FILE... coverage [OPTIONS]",
        help="count what a capture holds: types, families, errors, rate, exchanges, objects, processes and more",
        description="Count the messages of a capture. Without a section: an overview, then types, families, errors and "
        "rate. types: by protocol, name and direction. families: by protocol and generic netlink family. errors: what "
        "the kernel refused, and warnings it gave. rate: messages and bytes over time. exchanges: how long programs "
        "waited, by request, and the slowest. objects: links, routes and others that changed most often, and what of "
        "them; slower. notes: what to look at, by severity; slower. processes: who sent and got "
        "them. coverage: how many bytes behind nlmsghdr were decoded; slower, it decodes every message. It takes "
        "several files, each read by itself.",
        epilog="Exit status: 0 done, 1 the file is cut short, 2 usage or bad input.",
    )
    add = stats.add_argument
    add("file", metavar="FILE", help='capture to read, "-" for standard input')
    add("section", nargs="*", action=Rest, choices=SECTIONS, metavar="SECTION", help=f"one of {', '.join(SECTIONS)}")
    add("-Y", dest="filter", metavar="FILTER", help="count only messages for which it holds")
    add("-T", dest="format", choices=("text", "json"), default="text", help="output format (default: text)")
    what = (
        "write a page for a browser instead: over time, errors, exchanges, what changed most, processes, a ladder of "
        'who said what to whom; "-" standard output'
    )
    add("--html", dest="html", metavar="OUT", help=what)
    add_own(stats)
    add_families(stats)
    add_order(stats)
    add_color(stats)


def add_fields(commands: Commands) -> None:
    fields = commands.add_parser(
        "fields",
        help="list every field: name, number, kind, set, family",
        description="Every message, command, header field and attribute nldissect knows, with its number.",
    )
    fields.add_argument("pattern", nargs="?", help="part of the name, in any case, or a glob like 'IFLA_VLAN_*'")
    fields.add_argument("-T", dest="format", choices=("text", "json"), default="text", help="output format")
    fields.add_argument(
        "--summary",
        action="store_true",
        help="count them instead, by protocol and generic family: messages, attributes, and how many of those have a "
        "type, are opaque, secret or deprecated",
    )


def add_export(commands: Commands) -> None:
    export = commands.add_parser(
        "export",
        help="captures as one Parquet or Arrow table, for DuckDB, Polars, pandas, Spark",
        usage="nldissect export FILE... OUT.parquet|OUT.arrow [OPTIONS]",
        description="Write one row a message: header columns, summary, the fields of -e as typed columns, and the "
        "whole message as -T ndjson prints it. Rows come file after file.",
        epilog="Exit status: 0 done, 1 a file is cut short, 2 usage or bad input.",
    )
    add = export.add_argument
    add("paths", nargs="+", metavar="FILE", help='captures to read, "-" for standard input; the last name is the table')
    add("-Y", dest="filter", metavar="FILTER", help="only messages for which it holds, like 'IFLA_MTU > 1500'")
    add("-e", dest="fields", action="append", default=[], metavar="FIELD", help="a field that becomes a column")
    what = "occurrence=f for the first value of a field (default), occurrence=a for all as a list"
    add("-E", dest="layout", action="append", default=[], metavar="OPTION", help=what)
    what = 'what to put into the column host (default: from a comment "host=NAME" of the file)'
    add("--host", metavar="NAME", help=what)
    what = "times in nanoseconds, which not every reader of Parquet takes (default: microseconds)"
    add("--nanoseconds", action="store_true", help=what)
    add_own(export)
    add_families(export)
    add_order(export)


def add_sockets(commands: Commands) -> None:
    sockets = commands.add_parser(
        "sockets",
        help="who holds a netlink socket: process, port id, groups by name, drops",
        description="List every netlink socket of this network namespace: protocol, port id, the processes that have "
        "it open, messages the kernel dropped for it, bytes queued and the room for them, flags, groups. Without root "
        "the holders of other users' sockets can't be seen; where the port id is the number of a process, that is "
        'shown as a guess, with a "?".',
    )
    add = sockets.add_argument
    add("-T", dest="format", choices=("text", "json"), default="text", help="output format (default: text)")
    add("--netns", metavar="NAME|PID|PATH", help="those of another network namespace")
    add_color(sockets)


def add_doctor(commands: Commands) -> None:
    commands.add_parser(
        "doctor",
        help="can this host capture? what is missing, and the line that mends it",
        description="Look at everything a capture needs. Exit status: 0 all there, 1 something is missing.",
    )
