"""`nldissect completion`: scripts for bash, zsh and fish, made from the parser, so that they know what it knows.

Commands, options and choices stand in the script. Fields, constants and groups are too many for that: a script keeps
them in a file of the user's cache, which `nldissect completion words` makes once for each state of the tables; from
then on a TAB starts no Python.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def completion(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    if options.shell == "words":
        from .words import lines

        sys.stdout.writelines(f"{line}\n" for line in lines())
        return 0
    from importlib import import_module

    from .model import model

    sys.stdout.write(import_module(f"{__name__}.{options.shell}").script(model()))
    return 0
