"""`nldissect send`: send an expression, or the requests of a capture, to this host's kernel."""

from __future__ import annotations

import argparse
import math

from nldissect.render.formats import FORMATS

from ..arguments import CommandParser, add_byte_order, add_color, add_families
from ..platforms import enter_netns, need_linux

MESSAGE_FORMATS = tuple(name for name, format in FORMATS.items() if not format.needs_fields)


def arguments(command: CommandParser) -> None:
    """Add the options of `nldissect send`."""
    command.description = (
        "Send a message, written as Python with the names of nldissect.all, or every request of a capture. "
        "Requests that only read are sent at once, others want a yes. Answers to a capture's requests are compared "
        "with the recorded ones. Generic families are found by name; all else, as numbers of interfaces, is sent as "
        "recorded. In expressions genl('FAMILY', 'COMMAND', [ATTRIBUTES]) asks a generic family. An expression "
        "is read, not run: literals, lists, calls of messages and rows, / and |."
    )
    command.epilog = (
        "Exit status: 0 answered, 1 refused, unanswered or answered otherwise than recorded, 2 usage, or "
        "nothing was sent."
    )
    add = command.add_argument
    what = "an expression, as `read -T python` prints it; a file of such; a capture; - for text on standard input"
    add("what", metavar="EXPRESSION|FILE", help=what)
    add("--dry-run", action="store_true", help="show what would be sent, and send nothing")
    add("--yes", action="store_true", help="send what changes something without asking")
    add("--netns", metavar="NAME|PID|PATH", help="send in another network namespace")
    add("--protocol", metavar="P", help="protocol of an expression that does not say it, by name or number")
    what = "seconds to wait for an answer (default: 3)"
    add("--timeout", type=seconds, default=3.0, metavar="S", help=what)
    add("-Y", dest="filter", metavar="FILTER", help="send only requests for which it holds")
    add("-V", dest="tree", action="store_true", help="show every field and attribute as a tree")
    add("-x", dest="hex", action="store_true", help="show the bytes as well")
    add("-T", dest="format", choices=MESSAGE_FORMATS, default="text", help="output format (default: text)")
    add("--show-secrets", dest="secrets", action="store_true", help="show keys instead of masking them")
    add_families(command)
    add_byte_order(command)
    add_color(command)
    command.set_defaults(fields=[], layout=[], time="r", out=None, quiet=False)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    if not options.dry_run:
        need_linux("send")
    enter_netns(options.netns)
    from .command import send

    return send(options)


def seconds(text: str) -> float:
    """Parse a positive time in seconds; ArgumentTypeError if it is none."""
    try:
        if 0 < float(text) < math.inf:
            return float(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
