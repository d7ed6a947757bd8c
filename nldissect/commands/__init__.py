"""Commands of the command line, one package or module each, under the name that the user types.

    cli.main -> parser() -> commands.X.arguments(parser) -> parse -> commands.X.run(options) -> exit status

A command's `__init__` has its options (`arguments`) and `run`, which imports the body (`command.py`): the help loads no
body. Several commands share `arguments` (kinds of options), `reading` (evaluation of -Y, -T and other display options),
`capture_options` (options of a capture), `platforms`, `exit_status`. One command imports nothing of another, but for
doctor, which asks `run` whether it can watch here, and the shell, which names kinds as `fields` does.

To add a command: write `commands/NAME/__init__.py` with `arguments(command)` and `run(options)`, and add a line to
COMMANDS. Shell completion learns it from the parser; tests/contracts/test_imports.py and
tests/commands/test_completion.py hold the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .arguments import CommandParser

COMMANDS = {
    "read": "decode capture files",
    "view": "look at a capture on the screen: list, tree, bytes",
    "capture": "capture netlink traffic of this host",
    "run": "run a command, show what it and its children say to the kernel and what the kernel answers",
    "stats": "count what a capture holds: types, families, errors, rate, exchanges, objects, processes and more",
    "exchanges": "each request with its answers: result, latency",
    "changes": "what changed: old -> new, by whom, and what the kernel did silently because of it",
    "state": "what existed at a moment: links, routes, rules, nft objects and more",
    "fields": "list every field: name, number, kind, set, family",
    "export": "captures as one Parquet or Arrow table, for DuckDB, Polars, pandas, Spark",
    "send": "send an expression or the requests of a capture, show the answers",
    "sockets": "who holds a netlink socket: process, port id, groups by name, drops",
    "doctor": "can this host capture? what is missing, and the line that mends it",
    "shell": "Scapy's console with the vocabulary loaded",
    "completion": "completion of commands, options and fields for bash, zsh or fish",
    "help": "pages of the documentation: filters, capture, files, python and more",
}
"""Commands and their line of help, in the order in which the help lists them."""


def parser(first: str = "") -> CommandParser:
    """Return the parser of all commands, or only of the command `first`, which takes less time."""
    from .arguments import CommandParser, Version

    top = CommandParser(
        prog="nldissect", description="The Wireshark of Linux netlink: decode what programs and the kernel say."
    )
    top.add_argument("--version", action=Version)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=CommandParser)
    for name in [first] if first in COMMANDS else COMMANDS:
        import_module(f"{__name__}.{name}").arguments(commands.add_parser(name, help=COMMANDS[name]))
    return top
