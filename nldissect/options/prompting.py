"""Options of what is there for working at a prompt: shell, completion."""

from __future__ import annotations

from .shared import Commands, add_families, add_order


def add_shell(commands: Commands) -> None:
    shell = commands.add_parser(
        "shell",
        help="Scapy's console with the vocabulary loaded",
        description="Start Scapy's console: IPython where it is installed, else Python's own prompt. It knows every "
        "message, attribute set and constant by its name; the capture is `cap`. Commands may come on standard input.",
    )
    shell.add_argument("files", nargs="*", metavar="FILE", help="capture to open as `cap`; several are merged by time")
    add_families(shell)
    add_order(shell)
