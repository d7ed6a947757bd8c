"""Generic netlink families of the running kernel: ids and groups by name, requested of nlctrl (linux/genetlink.h)."""

from __future__ import annotations

from difflib import get_close_matches
from errno import ENOENT
from typing import TYPE_CHECKING, Any

from scapy.packet import Packet

from nldissect.errors import FieldError, NetlinkError
from nldissect.families.generic.nlctrl import CTRL_ATTR, CTRL_ATTR_MCAST_GRP, nlctrl
from nldissect.uapi import CTRL_CMD_GETFAMILY, GENL_ID_CTRL
from nldissect.wire import genlmsghdr, nlmsghdr
from nldissect.wire.packets.bindings import COMMANDS, ensure_family, unknown_body

if TYPE_CHECKING:
    from .netlink_socket import NetlinkSocket


class LiveFamilies:
    """The answers of nlctrl, remembered. `socket` is one of NETLINK_GENERIC."""

    def __init__(self, socket: NetlinkSocket) -> None:
        self.socket = socket
        self._known: dict[str, Any] = {}

    def names(self) -> list[str]:
        """Return the names of all families this kernel has now."""
        return sorted(one[CTRL_ATTR.FAMILY_NAME].value for one in self.socket.dump(_question()))

    def family(self, name: str) -> Any:
        """Return nlctrl's answer about one family; NetlinkError if the kernel does not have it."""
        if name not in self._known:
            try:
                self._known[name] = self.socket.sr1(_question(CTRL_ATTR.FAMILY_NAME(name)))
            except NetlinkError as error:
                if error.errno != ENOENT:
                    raise
                raise NetlinkError(self._unknown(name), ENOENT) from error
        return self._known[name]

    def _unknown(self, name: str) -> str:
        near = get_close_matches(name, self.names(), 1)
        hint = f'did you mean "{near[0]}"?' if near else "load the module that registers it"
        return f'this kernel has no generic family "{name}"; {hint}'

    def id(self, name: str) -> int:
        """Return the nlmsg_type of a family's messages."""
        return int(self.family(name)[CTRL_ATTR.FAMILY_ID].value)

    def groups(self, name: str) -> dict[str, int]:
        """Return the multicast groups of a family, by name."""
        told = self.family(name)
        if CTRL_ATTR.MCAST_GROUPS not in told:
            return {}
        entries = told[CTRL_ATTR.MCAST_GROUPS].value
        return {one[CTRL_ATTR_MCAST_GRP.NAME].value: one[CTRL_ATTR_MCAST_GRP.ID].value for one in entries}

    def group(self, family: str, name: str) -> int:
        """Return the number of a multicast group of a family; FieldError if there is none."""
        known = self.groups(family)
        if name not in known:
            raise FieldError(f'family "{family}" has no group "{name}"; it has {", ".join(known) or "none"}')
        return known[name]

    def request(self, family: str, command: str | int, body: Any, version: int, **fields: Any) -> Any:
        """Return a message to a family; its command by number, by name, or by the end of its name."""
        number, message = _command(family, command)
        if not isinstance(body, Packet):
            body = message(attrs=list(body))
        packet: nlmsghdr = (
            nlmsghdr(nlmsg_type=self.id(family), **fields) / genlmsghdr(cmd=number, version=version) / body
        )
        return packet


def _question(*attributes: Any) -> Any:
    head = nlmsghdr(nlmsg_type=GENL_ID_CTRL)
    return head / genlmsghdr(cmd=CTRL_CMD_GETFAMILY, version=1) / nlctrl(attrs=list(attributes))


def _command(family: str, command: str | int) -> tuple[int, Any]:
    """Return number and body of a command to the kernel; FieldError if no table has its name."""
    ensure_family(family)
    table = {
        number: [one for one in ways if one.to in (None, "kernel")] for number, ways in COMMANDS.get(family, {}).items()
    }
    if isinstance(command, int):
        ways = table.get(command, [])
        return command, ways[0].message if ways else unknown_body(family)
    wanted = command.upper()
    for exact in (True, False):
        for number, ways in table.items():
            for one in ways:
                if one.name == wanted or (not exact and one.name.endswith("_" + wanted)):
                    return number, one.message
    known = [one.name for ways in table.values() for one in ways]
    if not known:
        raise FieldError(f'no table has commands of a family "{family}"; give the number of "{command}"')
    near = get_close_matches(wanted, known, 3, 0.4) or known[:3]
    raise FieldError(f'family "{family}" has no command "{command}"; it has {", ".join(near)} ...')
