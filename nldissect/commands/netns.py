"""The option `--netns` of commands that tell of objects and exchanges: those of one network namespace."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from nldissect.capfile import Interface
from nldissect.errors import NldissectError
from nldissect.escapes import escaped

from .arguments import CommandParser


def add_netns(command: CommandParser, what: str) -> None:
    """Add the option; `what` it chooses."""
    help = f"only {what} of this network namespace: its name or inode number, as `read -e netns` prints it"
    command.add_argument("--netns", metavar="NAME", help=help)


def is_wanted(interface: Interface, options: argparse.Namespace) -> bool:
    """Return whether what an interface's frames tell is to be shown."""
    return options.netns is None or interface.is_in(options.netns)


def check_netns(interfaces: Iterable[Interface], options: argparse.Namespace) -> None:
    """Raise NldissectError if the files that were read know no network namespace of the name that was asked for."""
    known = list(interfaces)
    if any(is_wanted(one, options) for one in known) or options.netns is None:
        return
    names = ", ".join(dict.fromkeys(escaped(one.netns) for one in known if one.netns)) or "none that has a name"
    raise NldissectError(f"no network namespace {escaped(options.netns)} in the capture; it tells of {names}")
