"""Families of other packages: entry points of the group "nldissect.families".

    [project.entry-points."nldissect.families"]
    example = "example.netlink"         # importing this module binds its tables, as ours do

They are loaded once, when a protocol or generic family occurs that no table of ours describes, or all are requested.
"""

from __future__ import annotations

from nldissect.errors import print_notice

from .families import more
from .scapy_host import bring_back
from .wire.packets.bindings import COMMANDS, DATAGRAMS, EVERY, MESSAGES
from .wire.table_providers import GROUP, load_family, load_protocol

_done: set[str] = set()


def bring() -> None:
    """Import the families of other packages; a package that can't be imported costs one line, not the others."""
    if GROUP in _done:
        return
    _done.add(GROUP)
    from importlib.metadata import entry_points

    for point in entry_points(group=GROUP):
        bring_back()
        try:
            point.load()
        except Exception as error:  # noqa: BLE001  whatever somebody else's module does
            owner = point.dist.name if point.dist is not None else "an unknown package"
            text = " ".join(str(error).split()) or type(error).__name__
            print_notice(f"{owner}: families {point.value} can't be loaded: {text}")


def _for_family(family: str) -> None:
    if family not in COMMANDS:
        bring()


def _for_protocol(protocol: int | None) -> None:
    if protocol is not EVERY and protocol not in MESSAGES and protocol not in DATAGRAMS:
        bring()


load_family.append(_for_family)
load_protocol.append(_for_protocol)
more.append(bring)
