"""Every command and option of the command line, and its help. Nothing here runs anything."""

from __future__ import annotations

from importlib import import_module

from .shared import Parser, Version

COMMANDS = {
    "read": "seeing", "view": "seeing", "capture": "seeing", "run": "running", "stats": "telling",
    "exchanges": "joining", "changes": "joining", "fields": "telling", "export": "telling", "send": "sending",
    "sockets": "telling", "doctor": "telling", "shell": "prompting", "completion": "prompting",
}  # fmt: skip
"""Which module has the options of a command, as its function `add_COMMAND`; in the order of the help."""


def parser(first: str = "") -> Parser:
    """Every command and its options; where the first argument is a command, that one alone, which is quicker."""
    top = Parser(
        prog="nldissect", description="The Wireshark of Linux netlink: decode what programs and the kernel say."
    )
    top.add_argument("--version", action=Version)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    for command in [first] if first in COMMANDS else COMMANDS:
        module = import_module(f"{__name__}.{COMMANDS[command]}")
        getattr(module, f"add_{command}")(commands)
    return top
