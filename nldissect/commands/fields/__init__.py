"""`nldissect fields`: list every field."""

from __future__ import annotations

import argparse

from ..arguments import CommandParser


def arguments(command: CommandParser) -> None:
    """Add the options of `nldissect fields`."""
    command.description = "Every message, command, header field and attribute nldissect knows, with its number."
    command.add_argument("pattern", nargs="?", help="part of the name, in any case, or a glob like 'IFLA_VLAN_*'")
    command.add_argument("-T", dest="format", choices=("text", "json"), default="text", help="output format")
    command.add_argument(
        "--summary",
        action="store_true",
        help="count them instead, by protocol and generic family: messages, attributes, and how many of those have a "
        "type, are opaque, secret or deprecated",
    )


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    if options.summary:
        from .summary import print_summary

        return print_summary(options.pattern, options.format)
    from .listing import print_fields

    return print_fields(options.pattern, options.format)
