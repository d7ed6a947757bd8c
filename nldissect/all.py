# scapy.contrib.description = netlink: every protocol and generic family, with attributes by name
# scapy.contrib.status = loads
"""The whole vocabulary under the kernel's names: `from nldissect.all import *`.

Messages and structs (`ifinfomsg`), attribute sets (`IFLA`, so `IFLA.MTU` is a row), constants (`AF_INET`, `IFF_UP`,
`RTM_NEWLINK`), and names for crafting messages. Where two families use one name for different things, the name is left
out: import it from its family.
"""

from __future__ import annotations

import sys
from typing import Any

from scapy.packet import Padding, Raw

from nldissect import NetlinkSession as NetlinkSession
from nldissect import families
from nldissect.errors import NetlinkError, NotRecorded, Overrun
from nldissect.sockets import FakeKernel, NetlinkSocket, NlmonSocket
from nldissect.wire import (
    AttrSet,
    Context,
    Enum,
    Message,
    genlmsghdr,
    groups_in,
    mask_of,
    nlmon,
    nlmsghdr,
    sockaddr_nl,
    walk,
)
from nldissect.wire.context import Env
from nldissect.wire.packets.bindings import MESSAGES
from nldissect.wire.packets.message import generic

families.load_all()


def _vocabulary() -> dict[str, Any]:
    names: dict[str, Any] = {}
    twice = set()

    def put(name: str, value: Any) -> None:
        if name in names and names[name] is not value and names[name] != value:
            twice.add(name)
        names[name] = value

    for module in [module for key, module in sys.modules.items() if key.startswith("nldissect.families.")]:
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, (AttrSet, Message, Enum)) and not name.startswith("_"):
                put(name, value)
    classes = names.copy()
    for value in classes.values():
        for constant, number in value.numbers.items() if issubclass(value, Enum) else ():
            if not constant.islower():  # words of a tool, as "link" of ethtool(8), are no constants of the kernel
                put(constant, number)
    for table in MESSAGES.values():
        for number, bindings in table.items():
            for binding in bindings:
                put(binding.name, number)
    names = {name: value for name, value in names.items() if name not in twice and name.isidentifier()}
    return names | classes


globals().update(_vocabulary())

__all__ = [
    "Context",
    "Env",
    "FakeKernel",
    "NetlinkError",
    "NetlinkSession",
    "NetlinkSocket",
    "NlmonSocket",
    "NotRecorded",
    "Overrun",
    "Padding",
    "Raw",
    "generic",
    "genlmsghdr",
    "groups_in",
    "mask_of",
    "nlmon",
    "nlmsghdr",
    "sockaddr_nl",
    "walk",
    *sorted(_vocabulary()),
]
