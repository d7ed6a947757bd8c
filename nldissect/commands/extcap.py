"""External capture program of Wireshark (extcap(4)).

Wireshark calls it in these ways:

    nldissect --extcap-interfaces
    nldissect --extcap-interface nlmon --extcap-dlts
    nldissect --extcap-interface nlmon --extcap-config
    nldissect --extcap-interface nlmon --extcap-capture-filter "type RTM_NEWLINK"       checks the filter
    nldissect --capture --extcap-interface nlmon --fifo FILE [--extcap-capture-filter FILTER]

The first three print sentences of that protocol; frames go into FILE as pcap, until it is closed or SIGTERM comes.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nldissect.errors import NldissectError

from .exit_status import DONE

if TYPE_CHECKING:
    from nldissect.capture import CaptureConfig

    from .capture_options import CaptureFilters

LINK_TYPE = 253
INTERFACES = {"nlmon": "netlink (nldissect)", "netlink-groups": "netlink groups (nldissect)"}


def extcap(arguments: Sequence[str]) -> int:
    """Answer one call; return the exit status."""
    options = _parser().parse_args(arguments)
    if options.interfaces:
        return _interfaces()
    if options.interface not in INTERFACES:
        raise NldissectError(f"no interface {options.interface}; there are {', '.join(INTERFACES)}")
    if options.dlts:
        print(f"dlt {{number={LINK_TYPE}}}{{name=NETLINK}}{{display=Linux netlink}}")
    elif options.config:
        _print_config(options.interface)
    elif options.capture:
        return _capture(options)
    elif options.filter is not None:
        return _understood(options)
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nldissect", description="What Wireshark asks of a capture program.")
    add = parser.add_argument
    add("--extcap-interfaces", dest="interfaces", action="store_true")
    add("--extcap-version", dest="version")
    add("--extcap-interface", dest="interface")
    add("--extcap-dlts", dest="dlts", action="store_true")
    add("--extcap-config", dest="config", action="store_true")
    add("--extcap-capture-filter", dest="filter")
    add("--extcap-reload-option", dest="reload")
    add("--capture", action="store_true")
    add("--fifo")
    add("--groups")
    add("--netns")
    return parser


def _interfaces() -> int:
    from nldissect import __version__

    print(f"extcap {{version={__version__}}}{{display=nldissect}}")
    for value, display in INTERFACES.items():
        print(f"interface {{value={value}}}{{display={display}}}")
    return DONE


def _print_config(interface: str) -> None:
    space = "a name of `ip netns`, a pid, or a path; empty is the one that Wireshark runs in"
    arguments = [
        f"{{call=--netns}}{{display=Network namespace}}{{type=string}}{{required=false}}{{tooltip={space}}}",
    ]
    if interface != "nlmon":
        groups = "multicast groups, like route/link,uevent; all is what this user may listen to"
        arguments.append(
            f"{{call=--groups}}{{display=Groups}}{{type=string}}{{default=all}}{{required=false}}{{tooltip={groups}}}"
        )
    for number, argument in enumerate(arguments):
        print(f"arg {{number={number}}}{argument}")


def _filters(options: argparse.Namespace) -> CaptureFilters:
    if not options.filter:
        return {"filter": None, "frames_filter": None}  # without the tables, which a filter is compiled with
    from .capture_options import capture_filters

    return capture_filters(options.filter, tapped=options.interface == "nlmon")


def _understood(options: argparse.Namespace) -> int:
    """Print the reason if a filter is invalid; Wireshark takes empty output for a valid one. Return the exit status."""
    try:
        _filters(options)
    except NldissectError as error:
        print(str(error).partition("\n")[0])
    return DONE


def _config(options: argparse.Namespace) -> CaptureConfig:
    """Return the configuration of a capture to standard output, which Wireshark's pipe will replace."""
    from nldissect.capture import CaptureConfig

    netns = [options.netns] if options.netns else []
    if options.interface == "nlmon":
        return CaptureConfig(write="-", netns=netns, **_filters(options))
    from nldissect.sockets.listen_groups import parse_groups

    heard = parse_groups(options.groups or "all")
    return CaptureConfig(write="-", groups=heard.groups, all_nsid=heard.everywhere, netns=netns, **_filters(options))


def _capture(options: argparse.Namespace) -> int:
    """Capture into the pipe that Wireshark reads, until it is closed or a signal ends the capture."""
    from nldissect.capture import CaptureProcess

    if options.fifo is None:
        raise NldissectError("--capture needs --fifo FILE, which Wireshark names")
    config = _config(options)
    try:
        pipe = os.open(options.fifo, os.O_WRONLY | os.O_CLOEXEC)
    except OSError as error:
        raise NldissectError(f"can't write {options.fifo}: {error.strerror}; Wireshark makes it") from None
    sys.stdout.flush()
    os.dup2(pipe, 1)
    with CaptureProcess(config) as live:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: live.stop())
        result = live.result
    if result.error is not None:
        raise NldissectError(result.error)
    return DONE
