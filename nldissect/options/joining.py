"""Options of the commands that tell what messages mean together: exchanges, changes."""

from __future__ import annotations

from .shared import Commands, add_color, add_families, add_order, add_own, add_time


def add_exchanges(commands: Commands) -> None:
    exchanges = commands.add_parser(
        "exchanges",
        help="each request with its answers: result, latency",
        description="One line an exchange: number, time, port id, protocol, request, and what came of it: ok, the "
        "error and the kernel's words, how many messages, who interrupted a dump, or that no answer is in the capture. "
        "A batch of nftables is one exchange. Processes are named where the capture knows them; an event that three "
        "listeners were sent is told as x3; a filter that asks for errors, like -Y error, has each explained.",
        epilog="Exit status: 0 done, 1 the file is cut short, 2 usage or bad input.",
    )
    add = exchanges.add_argument
    add("files", nargs=1, metavar="FILE", help='capture to read, "-" for standard input')
    what = "show only exchanges with a message for which it holds, like 'exchange.latency > 10ms'"
    add("-Y", dest="filter", metavar="FILTER", help=what)
    add("-T", dest="format", choices=("text", "json"), default="text", help="output format (default: text)")
    times = "r since the first frame (default), a time of day, d since the exchange before, e seconds since 1970"
    add("-t", dest="time", choices=("r", "a", "d", "e"), default="r", help=f"time: {times}")
    add("--show-secrets", dest="secrets", action="store_true", help="show keys instead of masking them")
    add_own(exchanges)
    add_families(exchanges)
    add_order(exchanges)
    add_color(exchanges)


def add_changes(commands: Commands) -> None:
    changes = commands.add_parser(
        "changes",
        help="what each notification changed: old -> new",
        description="Keep the state of every link, address, route, neighbour, rule, qdisc, nft object, connection, ... "
        "by dumps and notifications, and tell what each notification changed. What is in the capture's first dumps is "
        "no change. Counters, caches and timers are none either. At the end: what flapped.",
        epilog="Exit status: 0 done, 1 the file is cut short, 2 usage or bad input.",
    )
    add = changes.add_argument
    add("files", nargs="+", metavar="FILE", help='capture to read, "-" for standard input; several are merged by time')
    what = "show only messages for which it holds, like 'IFLA_IFNAME == \"eth0\"': the history of one object"
    add("-Y", dest="filter", metavar="FILTER", help=what)
    add("-T", dest="format", choices=("text", "json"), default="text", help="output format (default: text)")
    what = "counters, caches and timers count as well, and messages that changed nothing are shown"
    add("--all", action="store_true", help=what)
    add_time(changes)
    add("--show-secrets", dest="secrets", action="store_true", help="show keys instead of masking them")
    add_families(changes)
    add_order(changes)
    add_color(changes)
