"""Every command and option of the command line, and its help. Nothing here runs anything."""

from __future__ import annotations

from . import joining, prompting, running, seeing, sending, telling
from .shared import Parser, Version


def parser() -> Parser:
    """Every command and its options."""
    top = Parser(
        prog="nldissect", description="The Wireshark of Linux netlink: decode what programs and the kernel say."
    )
    top.add_argument("--version", action=Version)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    seeing.add_read(commands)
    seeing.add_view(commands)
    seeing.add_capture(commands)
    running.add_run(commands)
    telling.add_stats(commands)
    joining.add_exchanges(commands)
    joining.add_changes(commands)
    telling.add_fields(commands)
    telling.add_export(commands)
    sending.add_send(commands)
    telling.add_sockets(commands)
    commands.add_parser(
        "doctor",
        help="can this host capture? what is missing, and the line that mends it",
        description="Look at everything a capture needs. Exit status: 0 all there, 1 something is missing.",
    )
    prompting.add_shell(commands)
    prompting.add_completion(commands)
    return top
