"""`nldissect shell`: Scapy's console with the vocabulary of netlink, and a capture to query."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from nldissect.errors import NldissectError, print_notice

if TYPE_CHECKING:
    import argparse

    from nldissect import Capture


def shell(options: argparse.Namespace) -> int:
    """Run the command; return the exit status. Input from a pipe runs as a script does in Python."""
    gc.disable()  # thousands of names, and all of them stay: looking for garbage takes a seventh of the start
    capture = _opened(options)
    from .namespace import session
    from .prompts import prompt, script
    from .show import install

    names = session(capture)
    install()
    gc.freeze()
    gc.enable()
    if not sys.stdin.isatty():
        return script(names)
    prompt(names, _banner(capture))
    return 0


def _opened(options: argparse.Namespace) -> Capture | None:
    if not options.files:
        return None
    if "-" in options.files:
        raise NldissectError("the shell reads its commands from standard input; name the capture's file")
    import nldissect

    capture: Capture = nldissect.open(*options.files, families=dict(options.families), byte_order=options.order)
    for line in capture.cut:
        print_notice(line)
    return capture


def _banner(capture: Capture | None) -> str:
    from scapy.config import conf

    from nldissect import __version__

    lines = [f"nldissect {__version__}, Scapy {conf.version}: netlink under the kernel's names"]
    if capture is not None:
        lines += [
            f"cap is {_named(capture)}",
            'cap[0].show()   filter("IFLA_MTU > 1500")   cap.frame(1)   cap.select("error")',
        ]
    else:
        lines.append('cap = nldissect.open("x.pcap")   filter("IFLA_MTU > 1500", rdpcap("x.pcap"))')
    return "\n".join([*lines, 'ls("ifinfo")   ls(IFLA.MTU)   ls(ifinfomsg)   explore("route"): what there is'])


def _named(capture: Capture) -> str:
    return repr(capture).removeprefix("<nldissect capture: ").removesuffix(">")
