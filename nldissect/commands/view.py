"""`nldissect view`: list, tree and bytes of a capture on the screen."""

from __future__ import annotations

import argparse
import sys

from nldissect.errors import NldissectError

from .arguments import CommandParser, add_byte_order, add_families, add_time
from .platforms import need_linux


def arguments(command: CommandParser) -> None:
    """Add the options of `nldissect view`."""
    command.description = (
        "Wireshark's three panes in a terminal: the messages, every field of the one under the cursor, its "
        "bytes. / writes a filter, ? shows all keys, q quits. A single file that grows is followed. Without FILE this "
        "host is captured, as `nldissect capture` does it."
    )
    command.epilog = "Exit status: 0 done, 2 usage or bad input."
    add = command.add_argument
    what = 'capture to look at; "-" for standard input, of which the latest GiB stays; several are merged by time'
    add("files", nargs="*", metavar="FILE", help=what)
    add("-Y", dest="filter", metavar="FILTER", help="begin with this filter, like 'IFLA_MTU > 1500'")
    add_time(command)
    command.set_defaults(time=None)  # the user's settings decide
    what = "capture on an nlmon device that is there already; options as of `nldissect capture`"
    add("-i", dest="interfaces", action="append", metavar="IFACE", help=what)
    add("-g", dest="groups", action="append", metavar="GROUP,...", help="listen to multicast groups instead")
    add("-w", dest="out", metavar="FILE", help="write what is captured to FILE (.pcapng, else pcap)")
    add("-f", dest="kernel_filter", metavar="FILTER", help="capture only frames for which it holds")
    add("--netns", action="append", metavar="NAME|PID|PATH", help="capture in another network namespace")
    add("--user", metavar="NAME", help="whose the file is and the capture runs as (default: who called sudo)")
    add_families(command)
    add("--show-secrets", dest="secrets", action="store_true", help="show keys instead of masking them")
    add("--own", action="store_true", help="show what the capture itself sent, and the answers, as well")
    add_byte_order(command)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    if sys.platform == "win32":
        raise NldissectError("view needs a terminal of Linux or macOS; nldissect read prints lines")
    if not options.files or "-" in options.files:
        need_linux("view")  # captures, and what comes through a pipe, are kept in files that only Linux opens anew
    from nldissect.viewer import view

    from .capture_options import capture_config

    return view(options, lambda: capture_config(options))
