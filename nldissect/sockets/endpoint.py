"""One AF_NETLINK socket: opened, bound, its options and groups, datagrams in and out as bytes (netlink(7))."""

from __future__ import annotations

import os
import select
import socket
import struct
import sys
import time
from errno import EAGAIN, ECONNREFUSED, ENOBUFS
from typing import NamedTuple

from nldissect.errors import NetlinkError
from nldissect.uapi import (
    NETLINK_LIST_MEMBERSHIPS,
    NETLINK_LISTEN_ALL_NSID,
    NETLINK_PKTINFO,
    SO_RCVBUFFORCE,
    SOL_NETLINK,
)
from nldissect.wire import mask_of

from . import error_text

ANCILLARY = 4 * socket.CMSG_SPACE(4)
ROOM = 1 << 16
PEEK = socket.MSG_PEEK | socket.MSG_TRUNC | socket.MSG_DONTWAIT


class ReceivedDatagram(NamedTuple):
    """A datagram received by a socket.

    port    of the sender; 0 is the kernel
    group   through which it came; 0 if it was sent to this socket alone
    nsid    network namespace it comes from, where all are listened to and it is not ours
    time    of reception, in seconds since 1970
    """

    data: bytes
    port: int
    group: int
    nsid: int | None
    time: float


class Endpoint:
    """A socket of one protocol, bound to `port` (None: the kernel chooses)."""

    def __init__(self, protocol: int, port: int | None, buffer: int) -> None:
        self.protocol = protocol
        self._room = bytearray(ROOM)
        try:
            self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, protocol)
        except OSError as error:
            raise error_text.opening(protocol, error) from error
        try:
            self.socket.bind((port or 0, 0))
        except OSError as error:
            self.socket.close()
            raise error_text.binding(protocol, port or 0, error) from error
        self.port: int = self.socket.getsockname()[0]
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, buffer)
        except OSError:  # without CAP_NET_ADMIN the system's limit holds (net.core.rmem_max)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.set(NETLINK_PKTINFO)

    def set(self, option: int, *, required: bool = True) -> None:
        """Switch an option of SOL_NETLINK on; old kernels may lack those that are not required."""
        try:
            self.socket.setsockopt(SOL_NETLINK, option, 1)
        except OSError as error:
            if required:
                raise error_text.option(option, error) from error

    def membership(self, option: int, group: int) -> None:
        """Join or leave a group; NetlinkError if that is refused."""
        try:
            self.socket.setsockopt(SOL_NETLINK, option, group)
        except OSError as error:
            raise error_text.joining(self.protocol, group, error) from error

    @property
    def groups(self) -> list[int]:
        """Numbers of the groups that this socket listens to."""
        mask = self.socket.getsockopt(SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, 512)
        words = struct.unpack(f"={len(mask) // 4}I", mask[: len(mask) // 4 * 4])
        return [32 * at + bit + 1 for at, word in enumerate(words) for bit in range(32) if word >> bit & 1]

    @property
    def drops(self) -> int | None:
        """Number of messages that the kernel has dropped for this socket; None if /proc does not have it."""
        inode = os.fstat(self.socket.fileno()).st_ino
        return next((row.drops for row in error_text.rows() if row.inode == inode), None)

    def send(self, data: bytes, port: int = 0, group: int = 0) -> int:
        """Send a datagram to a port (0: the kernel) and, if one is given, to a group; return the bytes sent."""
        try:
            if not port and not group:
                return self.socket.send(data)
            return self.socket.sendto(data, (port, mask_of(group) if group else 0))
        except OSError as error:
            if group and not port and error.errno == ECONNREFUSED:
                error_text.multicast(self.protocol, group, self.port)
                return len(data)  # the group has it; only the kernel, to whom it went too, does not listen here
            raise error_text.sending(self.protocol, port, group, len(data), error) from error

    def ready(self, timeout: float | None) -> bool:
        """Return whether a datagram comes within `timeout` seconds (None: wait for one)."""
        poll = select.poll()
        poll.register(self.socket, select.POLLIN)
        return bool(poll.poll(None if timeout is None else max(0.0, 1000 * timeout)))

    def receive(self, timeout: float | None) -> ReceivedDatagram | None:
        """Return one whole datagram: the buffer grows first where it would be cut. None when the time is up.

        Raises Overrun if messages were lost before it, NetlinkError for other failures.
        """
        if not self.ready(timeout):
            return None
        try:
            size = self.socket.recvmsg_into([self._room], 0, socket.MSG_PEEK | socket.MSG_TRUNC | socket.MSG_DONTWAIT)[
                0
            ]
            if size > len(self._room):
                self._room = bytearray(size + 0xFFF & ~0xFFF)
            size, told, _, (port, _) = self.socket.recvmsg_into([self._room], ANCILLARY, socket.MSG_DONTWAIT)
        except OSError as error:
            if error.errno == EAGAIN:  # woken for nothing
                return self.receive(timeout) if timeout is None else None
            if error.errno == ENOBUFS:
                room = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
                raise error_text.overrun(self.protocol, room, self.drops) from error
            raise NetlinkError(f"receiving failed: {error.strerror}", error.errno or 0) from error
        extra = {
            kind: int.from_bytes(data[:4], sys.byteorder, signed=True)
            for level, kind, data in told
            if level == SOL_NETLINK
        }
        return ReceivedDatagram(
            bytes(self._room[:size]),
            port,
            extra.get(NETLINK_PKTINFO, 0),
            extra.get(NETLINK_LISTEN_ALL_NSID),
            time.time(),
        )
