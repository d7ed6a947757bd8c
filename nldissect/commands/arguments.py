"""Building blocks of command-line options: the parser, types of values, options that several commands share."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Iterable
from typing import Any

from nldissect.errors import print_notice
from nldissect.render.formats import FORMATS

from .exit_status import USAGE

HELP_OF = {
    "command": "see `nldissect --help`",
    "page": "`nldissect help` lists the pages, `nldissect COMMAND --help` the options of a command",
}
"""What to type after an unknown name, where no name is near."""


class Version(argparse.Action):
    """An option that prints the versions of the package and of its native core, imported only then."""

    def __init__(self, option_strings: list[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the version and exit")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from nldissect import __version__
        from nldissect.native.abi import described

        print(f"nldissect {__version__}\nnative core: {described()}", flush=True)
        parser.exit()


class FormatAction(argparse.Action):
    """An option that stores the output format, and sets `format_asked`."""

    def __call__(self, parser: CommandParser, options: argparse.Namespace, value: object, *_: object) -> None:  # type: ignore[override]
        options.format, options.format_asked = value, True


def family_id(text: str) -> tuple[int, str]:
    """Parse ID=NAME of --family into id (0 to 0xFFFF) and name; ArgumentTypeError if it is malformed."""
    number, _, name = text.partition("=")
    try:
        if name and 0 <= int(number, 0) <= 0xFFFF:
            return int(number, 0), name
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is not ID=NAME, like 0x1c=ethtool")


def positive_number(text: str) -> int:
    """Parse a positive number; ArgumentTypeError if it is none."""
    if text.isdecimal() and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")


def capture_limit(text: str) -> tuple[str, float]:
    """Parse duration:S, filesize:KB or files:N of -a and -b into its name and its number of seconds, bytes or files.

    ArgumentTypeError if the text is none of these.
    """
    what, _, value = text.partition(":")
    try:
        number = float(value) if what == "duration" else int(value)
    except ValueError:
        number = 0
    if what in ("duration", "filesize", "files") and 0 < number < math.inf:
        return what, number * 1000 if what == "filesize" else number  # kilobytes as dumpcap and tcpdump count them
    raise argparse.ArgumentTypeError(f"{text!r} is not duration:SECONDS, filesize:KB or files:N")


def _is_word(argument: str) -> bool:
    return argument == "-" or not argument.startswith("-")


class CommandParser(argparse.ArgumentParser):
    """A parser of options whose error messages are one line that says what to do."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Refuse unknown options in the command's own name, so that the error message names its help.

        Files may stand between options, which argparse takes for unknown.
        """
        found, unknown = super().parse_known_args(args, namespace)
        if isinstance(files := getattr(found, "files", None), list) and all(map(_is_word, unknown)):
            files += unknown
        elif unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, []

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.dest in HELP_OF and value not in (action.choices or ()):
            advice = _instead(value, action.choices or ()) or HELP_OF[action.dest]
            self._refuse(f'no {action.dest} is called "{value}"; {advice}')
        super()._check_value(action, value)

    def error(self, message: str) -> None:  # type: ignore[override]
        self._refuse(f"{message}; see `{self.prog} --help`")

    def _refuse(self, message: str) -> None:
        print_notice(message)
        self.exit(USAGE)


def _instead(word: str, names: Iterable[str]) -> str:
    """Return a hint for a word that is none of `names`: the nearest one, or `read` where it is a file; else ""."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(names), 1, 0.7)
    if near:
        return f'did you mean "{near[0]}"?'
    return f"to read that file write `nldissect read {word}`" if os.path.isfile(word) else ""


def add_display(command: CommandParser) -> None:
    """Add the options that select the messages to show, and their output format."""
    add = command.add_argument
    add("-Y", dest="filter", metavar="FILTER", help="show only messages for which it holds, like 'IFLA_MTU > 1500'")
    add("-V", dest="tree", action="store_true", help="show every field and attribute as a tree")
    add("-x", dest="hex", action="store_true", help="show the bytes as well")
    what = "output format (default: text); python, c and hex print each message as a Scapy expression, a C array, bytes"
    add("-T", dest="format", choices=tuple(FORMATS), default="text", action=FormatAction, help=what)
    command.set_defaults(format_asked=False)
    add("-e", dest="fields", action="append", default=[], metavar="FIELD", help="a field that -T fields or csv prints")
    what = "header=y|n, separator=/t, occurrence=f|l|a, aggregator=, or quote=d|s|n for -T fields and csv"
    add("-E", dest="layout", action="append", default=[], metavar="OPTION", help=what)
    add_time(command)
    add_families(command)
    add_own(command)
    add("--show-secrets", dest="secrets", action="store_true", help="show keys instead of masking them")
    add_color(command)


def add_time(command: CommandParser) -> None:
    times = "r since the first frame (default), a time of day, d since the frame before, e seconds since 1970"
    command.add_argument("-t", dest="time", choices=("r", "a", "d", "e"), default="r", help=f"time: {times}")


def add_own(command: CommandParser) -> None:
    what = "what the capture itself sent, and the answers, as well"
    command.add_argument("--own", action="store_true", help=what)


def add_byte_order(command: CommandParser) -> None:
    what = "byte order of the host that was captured"
    command.add_argument("--byte-order", dest="order", choices=("little", "big"), help=what)


def add_families(command: CommandParser) -> None:
    what = "what a generic netlink id stands for, like 0x1c=ethtool"
    command.add_argument(
        "--family", dest="families", type=family_id, action="append", default=[], metavar="ID=NAME", help=what
    )
    what = "a YNL specification that decodes its family; of a folder or kernel tree those that have no table here"
    command.add_argument("--ynl", dest="ynl", action="append", default=[], metavar="FILE|DIR", help=what)


def add_color(command: CommandParser) -> None:
    what = "no colours on a terminal (NO_COLOR does the same)"
    command.add_argument("--no-color", dest="color", action="store_false", help=what)
