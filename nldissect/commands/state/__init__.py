"""`nldissect state`: what existed at a moment, as far as a capture tells."""

from __future__ import annotations

import argparse

from nldissect.uapi import NETLINK_GENERIC, NETLINK_NETFILTER, NETLINK_ROUTE, NETLINK_XFRM

from ..arguments import CommandParser, add_byte_order, add_color, add_families
from ..netns import add_netns

KINDS: dict[str, tuple[int, tuple[str, ...]]] = {
    "links": (NETLINK_ROUTE, ("link",)),
    "addrs": (NETLINK_ROUTE, ("address",)),
    "routes": (NETLINK_ROUTE, ("route", "multicast route")),
    "neighs": (NETLINK_ROUTE, ("neighbour", "proxy neighbour")),
    "rules": (NETLINK_ROUTE, ("rule",)),
    "nexthops": (NETLINK_ROUTE, ("nexthop",)),
    "qdiscs": (NETLINK_ROUTE, ("qdisc",)),
    "classes": (NETLINK_ROUTE, ("class",)),
    "filters": (NETLINK_ROUTE, ("filter",)),
    "chains": (NETLINK_ROUTE, ("chain",)),
    "fdb": (NETLINK_ROUTE, ("fdb entry",)),
    "ports": (NETLINK_ROUTE, ("bridge port",)),
    "netns": (NETLINK_ROUTE, ("namespace id",)),
    "xfrm": (NETLINK_XFRM, ("state", "policy")),
    "nft": (NETLINK_NETFILTER, ("table", "chain", "rule", "set", "stateful object", "flowtable")),
    "conntrack": (NETLINK_NETFILTER, ("connection",)),
    "wifi": (NETLINK_GENERIC, ("wireless interface", "station")),
}
"""What can be asked for: protocol, and names of object types. To add one: a line here; its types are in no other."""

LIVE = ("links", "addrs", "routes", "neighs", "rules", "nexthops", "qdiscs")
"""Those of which `--live` asks the kernel."""


def arguments(command: CommandParser) -> None:
    """Add the options of `nldissect state`."""
    command.description = (
        "What existed at a moment, as far as the capture tells: links, addresses, routes, neighbours, rules, qdiscs, "
        "nft objects, connections ... Each with how it is known (an event, a dump or answer, an accepted request), "
        "since which frame, and by whom. What no frame before the moment tells of is not there."
    )
    command.epilog = "Exit status: 0 done, 1 the file is cut short, or --check found differences, 2 usage or bad input."
    add = command.add_argument
    kinds = ", ".join(KINDS)
    what = f'captures to read, "-" for standard input, merged by time; after them what to show: {kinds} (default: all)'
    add("files", nargs="+", metavar="FILE [KIND]", help=what)
    what = "the moment: after frame 25 (25), so many seconds after the first frame (1.5s), or the end (default)"
    add("--at", default="end", metavar="FRAME|SECONDS|end", help=what)
    what = 'output format (default: text); json: objects as "ip -j -d" prints them, where it does'
    add("-T", dest="format", choices=("text", "json"), default="text", help=what)
    add_netns(command, "objects")
    add("--check", action="store_true", help="instead: what the last dump of all objects of a kind has otherwise")
    what = "with --check: compare with this host, as it is now: " + ", ".join(LIVE)
    add("--live", action="store_true", help=what)
    add_families(command)
    add_byte_order(command)
    add_color(command)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    if options.check or options.live:
        from .check import check

        return check(options)
    from .command import state

    return state(options)
