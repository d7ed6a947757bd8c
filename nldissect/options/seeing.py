"""Options of the commands that show messages: read, view, capture."""

from __future__ import annotations

from .shared import Commands, add_families, add_form, add_order, add_time, count, limit


def add_read(commands: Commands) -> None:
    read = commands.add_parser(
        "read",
        help="decode capture files",
        description="Decode captures of netlink: pcap or pcapng, also gzip or zstd, from nlmon or `-i any`. "
        "One line a message: frame, time, direction (-> to the kernel, <- to user space, * notification), protocol, "
        "type, summary.",
        epilog="Exit status: 0 done, 1 the file is cut short, or with -q nothing matched, 2 usage or bad input.",
    )
    add = read.add_argument
    add("files", nargs="+", metavar="FILE", help='capture to read, "-" for standard input; several are merged by time')
    add_form(read)
    add("-c", dest="count", type=count, metavar="N", help="stop after N frames")
    add("-w", dest="out", metavar="OUT", help='write the frames to OUT (.pcapng, else pcap; "-" standard output)')
    add("--redact", action="store_true", help="with -w: put zeros for key material")
    add("-q", dest="quiet", action="store_true", help="print nothing; the exit status tells")
    what = (
        "FILE is text with bytes: hex dumps of strace, kernel log, xxd, ...; lists in Go, C, Python; strings; plain hex"
    )
    add("--hex", dest="pasted", action="store_true", help=what)
    add("--protocol", metavar="P", help="protocol of what --hex reads, by name or number (default: ROUTE)")
    add("--engine", choices=("walk", "native"), help="by what it is read, to compare: Python, or the native core")
    add_order(read)


def add_capture(commands: Commands) -> None:
    capture = commands.add_parser(
        "capture",
        help="capture netlink traffic of this host",
        description="Capture what programs and the kernel say to each other, until Ctrl-C. An nlmon device is made for "
        "it and removed afterwards. -g listens to multicast groups instead: it needs no nlmon, for many groups no "
        "root, and hears what nlmon never shows (uevent, audit, connector, private protocols). The file begins with "
        "the table of generic netlink families.",
        epilog="Exit status: 0 done, 1 frames were lost or the capture ended early, 2 usage, or it can't start; then "
        "`nldissect doctor` says why.",
    )
    add = capture.add_argument
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
    add("-c", dest="count", type=count, metavar="N", help="stop after N frames")
    limits = "duration:S|filesize:KB|files:N"
    what = "stop after so long, so much, so many files of -b; several times"
    add("-a", dest="stop", type=limit, action="append", default=[], metavar=limits, help=what)
    what = "begin another file, NAME_NUMBER_TIME, after so long or so much; with files:N keep the last N"
    add("-b", dest="ring", type=limit, action="append", default=[], metavar=limits, help=what)
    add(
        "-s",
        dest="snaplen",
        type=count,
        metavar="BYTES",
        help="keep only so much of a frame (default: all, up to 256 KiB)",
    )
    add("-B", dest="buffer", type=count, default=64, metavar="MIB", help="size of the kernel's buffer (default: 64)")
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
    add_form(capture)


def add_view(commands: Commands) -> None:
    view = commands.add_parser(
        "view",
        help="look at a capture on the screen: list, tree, bytes",
        description="Wireshark's three panes in a terminal: the messages, every field of the one under the cursor, its "
        "bytes. / writes a filter, ? shows all keys, q quits. A single file that grows is followed. Without FILE this "
        "host is captured, as `nldissect capture` does it.",
        epilog="Exit status: 0 done, 2 usage or bad input.",
    )
    add = view.add_argument
    what = 'capture to look at; "-" for standard input, of which the latest GiB stays; several are merged by time'
    add("files", nargs="*", metavar="FILE", help=what)
    add("-Y", dest="filter", metavar="FILTER", help="begin with this filter, like 'IFLA_MTU > 1500'")
    add_time(view)
    view.set_defaults(time=None)  # the user's settings say
    what = "capture on an nlmon device that is there already; options as of `nldissect capture`"
    add("-i", dest="interfaces", action="append", metavar="IFACE", help=what)
    add("-g", dest="groups", action="append", metavar="GROUP,...", help="listen to multicast groups instead")
    add("-w", dest="out", metavar="FILE", help="write what is captured to FILE (.pcapng, else pcap)")
    add("-f", dest="kernel_filter", metavar="FILTER", help="capture only frames for which it holds")
    add("--netns", action="append", metavar="NAME|PID|PATH", help="capture in another network namespace")
    add("--user", metavar="NAME", help="whose the file is and the capture runs as (default: who called sudo)")
    add_families(view)
    add("--show-secrets", dest="secrets", action="store_true", help="show keys instead of masking them")
    add("--own", action="store_true", help="show what the capture itself sent, and the answers, as well")
    add_order(view)
