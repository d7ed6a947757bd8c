"""Options of what is there for working at a prompt: shell, completion."""

from __future__ import annotations

from .shared import Commands, add_families, add_order


def add_completion(commands: Commands) -> None:
    completion = commands.add_parser(
        "completion",
        help="completion of commands, options and fields for bash, zsh or fish",
        description='Print a script for a shell: eval "$(nldissect completion bash)" in .bashrc, the same with zsh '
        "behind compinit in .zshrc, or nldissect completion fish > ~/.config/fish/completions/nldissect.fish. "
        "words: what such a script then keeps in the user's cache.",
    )
    shells = ("bash", "zsh", "fish", "words")
    completion.add_argument("shell", choices=shells, metavar="SHELL", help=f"one of {', '.join(shells)}")


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
