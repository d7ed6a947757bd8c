"""The interfaces of one network namespace by number, read without netlink (netdevice(7), proc_net_dev(5))."""

from __future__ import annotations

import fcntl
import os
import socket
import struct

SIOCGIFINDEX = 0x8933

_REQUEST = struct.Struct("=16si20x")  # struct ifreq


class Interfaces:
    """The interfaces of the namespace it was made in, even after the process leaves it or drops its privileges."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        try:
            self._list = os.open("/proc/thread-self/net/dev", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self._list = -1  # no /proc here

    def names(self) -> dict[int, str]:
        """Return the names of the present interfaces by number; empty where they can't be read."""
        found: dict[int, str] = {}
        for line in self._lines()[2:]:
            name = line.rpartition(b":")[0].strip()
            try:
                answer = fcntl.ioctl(self._socket, SIOCGIFINDEX, _REQUEST.pack(name, 0))
            except OSError:
                continue  # gone meanwhile
            found[_REQUEST.unpack(answer)[1]] = os.fsdecode(name)
        return dict(sorted(found.items()))

    def _lines(self) -> list[bytes]:
        if self._list < 0:
            return []
        parts = []
        try:
            os.lseek(self._list, 0, os.SEEK_SET)
            while part := os.read(self._list, 1 << 16):
                parts.append(part)
        except OSError:
            return []
        return b"".join(parts).splitlines()

    def close(self) -> None:
        self._socket.close()
        if self._list >= 0:
            os.close(self._list)
