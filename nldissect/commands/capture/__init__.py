"""`nldissect capture`: capture netlink traffic of this host."""

from __future__ import annotations

import argparse

from ..arguments import CommandParser, add_display, capture_limit, positive_number
from ..platforms import need_linux


def arguments(command: CommandParser) -> None:
    """Add the options of `nldissect capture`."""
    command.description = (
        "Capture what programs and the kernel say to each other, until Ctrl-C. An nlmon device is made for "
        "it and removed afterwards. -g listens to multicast groups instead: it needs no nlmon, for many groups no "
        "root, and hears what nlmon never shows (uevent, audit, connector, private protocols). The file begins with "
        "the table of generic netlink families."
    )
    command.epilog = (
        "Exit status: 0 done, 1 frames were lost or the capture ended early, 2 usage, or it can't start; then "
        "`nldissect doctor` says why."
    )
    add = command.add_argument
    what = "an nlmon device that is there already; it is left as it is (may be repeated; nlmon: make one, beside -g)"
    add("-i", dest="interfaces", action="append", metavar="IFACE", help=what)
    what = (
        "listen to these groups: route/link, uevent, uevent/udev, audit, connector/proc, xfrm, nfnetlink/nftables, "
        "generic/FAMILY/GROUP, NUMBER/NUMBER, a protocol for all it has, or all; all-nsid: in all namespaces with an id"
    )
    add("-g", dest="groups", action="append", metavar="GROUP,...", help=what)
    add("-w", dest="out", metavar="FILE", help='write to FILE (.pcapng, else pcap; "-" standard output)')
    what = (
        "capture only frames whose first message it holds for; runs in the kernel: protocol P, type T, family F, "
        "command C, flags F|F, error E, port N, seq N, len > N, nlmsg_len > N, and, or, not, parentheses, like "
        "'family ethtool and not port 754'; libpcap's own language behind \"pcap:\""
    )
    add("-f", dest="kernel_filter", metavar="FILTER", help=what)
    add("-c", dest="count", type=positive_number, metavar="N", help="stop after N frames")
    limits = "duration:S|filesize:KB|files:N"
    what = "stop after so long, so much, so many files of -b; several times"
    add("-a", dest="stop", type=capture_limit, action="append", default=[], metavar=limits, help=what)
    what = "begin another file, NAME_NUMBER_TIME, after so long or so much; with files:N keep the last N"
    add("-b", dest="ring", type=capture_limit, action="append", default=[], metavar=limits, help=what)
    add(
        "-s",
        dest="snaplen",
        type=positive_number,
        metavar="BYTES",
        help="keep only so much of a frame (default: all, up to 256 KiB)",
    )
    add(
        "-B",
        dest="buffer",
        type=positive_number,
        default=64,
        metavar="MIB",
        help="size of the kernel's buffer (default: 64)",
    )
    what = "capture in another network namespace (may be repeated; /proc/self/ns/net is the own one)"
    add("--netns", action="append", metavar="NAME|PID|PATH", help=what)
    what = (
        "in a network of one's own, without root: a new user and network namespace, in which COMMAND is run, if given"
    )
    add("--private-net", dest="private", action="store_true", help=what)
    what = "what to run in the network of --private-net; the capture ends with it, and its exit status is passed on"
    add("inside", nargs="*", metavar="COMMAND", help=what)
    what = "write the kernel's words beside refusals of programs that never asked for them (root, tracefs)"
    add("--extack", action="store_true", help=what)
    add("--user", metavar="NAME", help="whose the file is and the capture runs as (default: who called sudo)")
    what = "don't watch who holds netlink sockets; else a .pcapng names the processes (short-lived ones for root alone)"
    add("--no-processes", dest="processes", action="store_false", help=what)
    what = "with -w: show messages as well, as they come (so do -Y, -T, -V and -x, and a terminal)"
    add("--print", action="store_true", help=what)
    add("-q", dest="quiet", action="store_true", help="show no messages")
    add_display(command)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    need_linux("capture")
    from .command import capture

    return capture(options)
