"""Options of the commands that tell what messages mean together: exchanges."""

from __future__ import annotations

from .shared import Commands, add_color, add_families, add_order


def add_exchanges(commands: Commands) -> None:
    exchanges = commands.add_parser(
        "exchanges",
        help="each request with its answers: result, latency",
        description="One line an exchange: number, time, port id, protocol, request, and what came of it: ok, the "
        "error and the kernel's words, how many messages, who interrupted a dump, or that no answer is in the capture. "
        "A batch of nftables is one exchange.",
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
    add_families(exchanges)
    add_order(exchanges)
    add_color(exchanges)
