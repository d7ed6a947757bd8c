"""The proc connector, which reports processes that begin and end (drivers/connector/cn_proc.c), or why it can't."""

from __future__ import annotations

import errno
import os
import select
import socket
import struct
import sys
from collections.abc import Iterator
from typing import NamedTuple

from nldissect.errors import CaptureError
from nldissect.uapi import (
    CN_IDX_PROC,
    CN_VAL_PROC,
    NETLINK_ADD_MEMBERSHIP,
    NETLINK_CONNECTOR,
    NLMSG_DONE,
    NLMSG_HDRLEN,
    PROC_CN_MCAST_LISTEN,
    PROC_EVENT_FORK,
    SOL_NETLINK,
    STRUCT_CN_MSG,
    STRUCT_NLMSGHDR,
)

from ..host_checks import CAP_NET_ADMIN, effective_capabilities
from ..privileges import network

ROOM = 4 << 20
ANSWER_MS = 50
PROC_PID_INIT_INO, PROC_USER_INIT_INO = 0xEFFFFFFC, 0xEFFFFFFD  # linux/proc_ns.h: the first namespaces
NO_CONNECTOR = "this kernel has none (CONFIG_PROC_EVENTS)"
CONSEQUENCE = "what lived shorter than a second may have no name, and who speaks on a socket of several is a guess"

_EVENT = struct.Struct("=16s4I2HIIQ")  # nlmsghdr, cn_msg, then what, cpu, nanoseconds since the boot
_IDS = struct.Struct("=4I")


class Event(NamedTuple):
    """A struct proc_event (linux/cn_proc.h).

    data    the datagram
    stamp   nanoseconds since the boot
    ids     of a fork: thread and process of the parent, and of the child; else those of the process, then other things
    """

    data: bytes
    what: int
    stamp: int
    ids: tuple[int, int, int, int]

    @property
    def of_process(self) -> bool:
        """True if a process begins, ends or takes a name, not a thread of it."""
        thread, process = self.ids[2:] if self.what == PROC_EVENT_FORK else self.ids[:2]
        return thread == process


def process_events() -> tuple[socket.socket | None, str | None]:
    """Return a socket that receives process events; or None, and the reason why it can't be had."""
    lack = _refusal()
    if lack is not None:
        return None, lack
    try:
        with network(_first_network()):
            found = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, NETLINK_CONNECTOR)
    except (OSError, CaptureError):
        return None, NO_CONNECTOR
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
        found.bind((0, 0))
        found.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, CN_IDX_PROC)
        tell(found, PROC_CN_MCAST_LISTEN)
        if select.select([found], [], [], ANSWER_MS / 1000)[0]:  # it acknowledges, inside send()
            found.setblocking(False)
            return found, None
        lack = NO_CONNECTOR
    except ConnectionRefusedError:
        lack = "they are heard in the first network namespace only, which may not be entered"
    except OSError as error:
        lack = f"they were refused ({error.strerror})"
    found.close()
    return None, lack


def _refusal() -> str | None:
    """Return the reason why the kernel would send no events, see cn_proc_mcast_ctl; None without one."""
    if _inode("pid") != PROC_PID_INIT_INO or _inode("user") != PROC_USER_INIT_INO:
        return "the kernel gives them to its first pid and user namespace only, not to a container"
    if not effective_capabilities() >> CAP_NET_ADMIN & 1:
        return "they need root"
    return None


def _first_network() -> str | None:
    """Return the namespace that the connector is in, if it is not ours; else None."""
    try:
        return None if os.stat("/proc/1/ns/net").st_ino == _inode("net") else "1"
    except OSError:
        return None


def _inode(kind: str) -> int:
    """Return the inode of a namespace of ours; 0 if unknown."""
    try:
        return os.stat(f"/proc/thread-self/ns/{kind}").st_ino
    except OSError:
        return 0


def tell(connector: socket.socket, what: int) -> None:
    """Ask the proc connector to begin, or to end."""
    body = STRUCT_CN_MSG.pack(CN_IDX_PROC, CN_VAL_PROC, 0, 0, 4, 0) + what.to_bytes(4, sys.byteorder)
    connector.send(STRUCT_NLMSGHDR.pack(NLMSG_HDRLEN + len(body), NLMSG_DONE, 0, 0, connector.getsockname()[0]) + body)


def events(connector: socket.socket) -> Iterator[Event]:
    """Yield the events that have come."""
    for data in _datagrams(connector):
        if len(data) >= _EVENT.size + 8:
            *_, what, _, stamp = _EVENT.unpack_from(data)
            yield Event(data, what, stamp, _IDS.unpack_from(data.ljust(_EVENT.size + _IDS.size, b"\0"), _EVENT.size))


def _datagrams(source: socket.socket) -> Iterator[bytes]:
    """Yield the datagrams that are there; those lost for want of room stay lost."""
    while True:
        try:
            yield source.recv(1 << 12)
        except OSError as error:
            if error.errno == errno.ENOBUFS:
                continue
            return
