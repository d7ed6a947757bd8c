"""Netlink sockets and the processes that hold them: NETLINK_DIAG, /proc/net/netlink, /proc/PID/fd."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path
from typing import Any, NamedTuple

from nldissect.errors import NetlinkError, NldissectError
from nldissect.families.common import AF
from nldissect.families.generic.nlctrl import CTRL_ATTR, CTRL_ATTR_MCAST_GRP, nlctrl
from nldissect.families.multicast_groups import group_name
from nldissect.families.sock_diag import SOCK_DIAG_BY_FAMILY
from nldissect.families.sock_diag.netlink import (
    NDIAG_FLAG,
    NDIAG_PROTO,
    NDIAG_SHOW,
    NETLINK_DIAG,
    netlink_diag_msg,
    netlink_diag_req,
)
from nldissect.families.sock_diag.states import sk_meminfo
from nldissect.uapi import CTRL_CMD_GETFAMILY, GENL_ID_CTRL
from nldissect.wire import NETLINK, genlmsghdr, nlmsghdr
from nldissect.wire.enums import flag_list

from .netlink_socket import NetlinkSocket

ASKED = NDIAG_SHOW.MEMINFO | NDIAG_SHOW.GROUPS | NDIAG_SHOW.FLAGS
MASK = 32
"""Number of groups that /proc/net/netlink shows."""


class SocketProcess(NamedTuple):
    pid: int
    name: str


class OpenSocket(NamedTuple):
    """One netlink socket.

    owners    the processes that have it open; none for the kernel's own, or where this user may not see them
    groups    numbers of the groups it listens to
    memory    by the constants of linux/sock_diag.h, empty where the kernel does not report it
    flags     of NETLINK_DIAG, None where the kernel does not report them
    """

    protocol: int
    port: int
    inode: int
    owners: tuple[SocketProcess, ...] = ()
    groups: tuple[int, ...] = ()
    drops: int | None = None
    memory: dict[str, int] = {}
    flags: tuple[str, ...] | None = None

    @property
    def guess(self) -> SocketProcess | None:
        """Process whose number is the port id, where no owner is known: the kernel prefers that number."""
        if self.owners or not self.port:
            return None
        name = comm(self.port)
        return None if name is None else SocketProcess(self.port, name)


class SocketTable(NamedTuple):
    """All sockets of a network namespace.

    names    of the groups, by protocol and number, as `-g` takes them
    lacks    what could not be found out, and why
    """

    sockets: list[OpenSocket]
    names: dict[tuple[int, int], str]
    lacks: list[str]


def comm(pid: int, root: Path = Path("/proc")) -> str | None:
    """Return the name of a process; None if there is no such process."""
    try:
        return (root / str(pid) / "comm").read_bytes().rstrip(b"\n").decode(errors="replace")
    except OSError:
        return None


def owners(root: Path = Path("/proc")) -> tuple[dict[int, list[SocketProcess]], int]:
    """Return the processes that have each socket open, by inode; and the number of processes that may not be read."""
    found: dict[int, list[SocketProcess]] = {}
    closed = 0
    for pid in sorted(int(one) for one in os.listdir(root) if one.isdecimal()):
        inodes = set()
        try:
            with os.scandir(root / str(pid) / "fd") as files:
                for file in files:
                    try:
                        target = os.readlink(file.path)
                    except OSError:
                        continue  # closed meanwhile
                    if target.startswith("socket:["):
                        inodes.add(int(target[8:-1]))
        except PermissionError:
            closed += 1
            continue
        except OSError:
            continue  # it has ended
        name = comm(pid, root)
        for inode in inodes if name is not None else ():
            found.setdefault(inode, []).append(SocketProcess(pid, name or ""))
    return found, closed


def table(root: Path = Path("/proc")) -> SocketTable:
    """Return the sockets as far as this user may know them.

    Raises NldissectError where neither NETLINK_DIAG nor /proc lists sockets.
    """
    lacks: list[str] = []
    held = _of_proc(root)
    try:
        told = _of_diag()
    except NldissectError as error:
        if held is None:
            raise NetlinkError("neither NETLINK_DIAG nor /proc/net/netlink is there; nobody tells of sockets", 0) from (
                error
            )
        lacks.append(f"no memory, no flags, no groups above {MASK}: the kernel has no NETLINK_DIAG ({_first(error)})")
        told = held
    before = {one.inode: one for one in held or ()}
    have, closed = owners(root)
    sockets = []
    for one in told:
        drops = one.drops if one.drops is not None or one.inode not in before else before[one.inode].drops
        sockets.append(one._replace(owners=tuple(have.get(one.inode, ())), drops=drops))
    hidden = sum(not one.owners and one.port != 0 for one in sockets)
    if hidden and closed:
        several = f"the holders of {hidden} sockets" if hidden > 1 else "the holder of 1 socket"
        lacks.append(f"{several} can't be seen by this user; use sudo")
    sockets.sort(key=lambda one: (one.protocol, one.port != 0, one.port, one.inode))
    return SocketTable(sockets, _group_names(sockets), lacks)


def _first(error: Exception) -> str:
    return str(error).partition(";")[0]


def _of_proc(root: Path) -> list[OpenSocket] | None:
    """Return the sockets in /proc/net/netlink; None where there is no such file."""
    try:
        lines = (root / "net/netlink").read_text().splitlines()[1:]
    except OSError:
        return None
    rows = [line.split() for line in lines]
    return [
        OpenSocket(int(one[1]), int(one[2]), int(one[9]), groups=numbers([int(one[3], 16)]), drops=int(one[8]))
        for one in rows
        if len(one) > 9
    ]


def _of_diag() -> list[OpenSocket]:
    """Return the sockets in NETLINK_DIAG except the asking one. It lists some listeners twice, as `ss` shows."""
    question = netlink_diag_req(sdiag_family=AF.NETLINK, sdiag_protocol=NDIAG_PROTO.NDIAG_PROTO_ALL, ndiag_show=ASKED)
    with NetlinkSocket(NETLINK.SOCK_DIAG) as socket:
        mine = os.fstat(socket.ins.fileno()).st_ino
        told = [_told(one) for one in socket.dump(nlmsghdr(nlmsg_type=SOCK_DIAG_BY_FAMILY) / question)]
    return list({one.inode: one for one in told if one.inode != mine}.values())


def _told(packet: Any) -> OpenSocket:
    head = packet[netlink_diag_msg]
    memory: dict[str, int] = {}
    if NETLINK_DIAG.MEMINFO in packet:
        said = packet[NETLINK_DIAG.MEMINFO].value
        memory = {one.name: said.getfieldval(one.name) for one in sk_meminfo.fields_desc}
        memory = {name: value for name, value in memory.items() if value is not None}
    groups: tuple[int, ...] = ()
    if NETLINK_DIAG.GROUPS in packet:
        groups = numbers(_words(packet[NETLINK_DIAG.GROUPS].value))
    flags = None
    if NETLINK_DIAG.FLAGS in packet:
        flags = tuple(flag_list(NDIAG_FLAG, packet[NETLINK_DIAG.FLAGS].value))
    drops = memory.get("SK_MEMINFO_DROPS")
    return OpenSocket(head.ndiag_protocol, head.ndiag_portid, head.ndiag_ino, (), groups, drops, memory, flags)


def _words(words: list[int]) -> list[int]:
    """Return the mask as words of 32 groups, the lowest first; the kernel has it as an array of unsigned long."""
    if sys.byteorder == "little" or struct.calcsize("l") == 4 or len(words) % 2:
        return words
    return [word for at in range(0, len(words), 2) for word in (words[at + 1], words[at])]


def numbers(words: list[int]) -> tuple[int, ...]:
    """Return the groups of a mask: bit 0 of the first word is group 1."""
    return tuple(32 * at + bit + 1 for at, word in enumerate(words) for bit in range(32) if word >> bit & 1)


def _group_names(sockets: list[OpenSocket]) -> dict[tuple[int, int], str]:
    known = {(one.protocol, number): group_name(one.protocol, number) for one in sockets for number in one.groups}
    if any(protocol == NETLINK.GENERIC for protocol, _ in known):
        for number, name in generic_groups().items():
            if (NETLINK.GENERIC, number) in known:
                known[NETLINK.GENERIC, number] = f"generic/{name}"
    return known


def generic_groups() -> dict[int, str]:
    """Return the multicast groups of generic families, as nlctrl numbers them now: "ethtool/monitor" by number."""
    found: dict[int, str] = {}
    question = nlmsghdr(nlmsg_type=GENL_ID_CTRL) / genlmsghdr(cmd=CTRL_CMD_GETFAMILY, version=1) / nlctrl()
    try:
        with NetlinkSocket(NETLINK.GENERIC) as socket:
            families = list(socket.dump(question))
    except NldissectError:
        return found
    for one in families:
        name = one[CTRL_ATTR.FAMILY_NAME].value
        for group in one[CTRL_ATTR.MCAST_GROUPS].value if CTRL_ATTR.MCAST_GROUPS in one else ():
            found[group[CTRL_ATTR_MCAST_GRP.ID].value] = f"{name}/{group[CTRL_ATTR_MCAST_GRP.NAME].value}"
    return found
