"""`nldissect completion`: scripts for bash, zsh and fish, generated from the parser of the command line.

The script itself holds commands, options and choices. Fields, constants and groups are too many for that: a script
keeps them in a file of the user's cache, which `nldissect completion words` makes once for each state of the tables;
from then on a TAB starts no Python.
"""

from __future__ import annotations

import argparse
import sys

from ..arguments import CommandParser
from ..exit_status import DONE


def arguments(command: CommandParser) -> None:
    """Add the options of `nldissect completion`."""
    command.description = (
        'Print a script for a shell: eval "$(nldissect completion bash)" in .bashrc, the same with zsh '
        "behind compinit in .zshrc, or nldissect completion fish > ~/.config/fish/completions/nldissect.fish. "
        "words: what such a script then keeps in the user's cache."
    )
    shells = ("bash", "zsh", "fish", "words")
    command.add_argument("shell", choices=shells, metavar="SHELL", help=f"one of {', '.join(shells)}")


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    if options.shell == "words":
        from .words import lines

        sys.stdout.writelines(f"{line}\n" for line in lines())
        return DONE
    from importlib import import_module

    from .model import model

    sys.stdout.write(import_module(f"{__name__}.{options.shell}").script(model()))
    return DONE
