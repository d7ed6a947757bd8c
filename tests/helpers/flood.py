"""Many messages in little time: sendmmsg(2), so that what is measured is who receives them. Runs in the guest too."""

from __future__ import annotations

import ctypes
import socket
import struct
import time


class _Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


class _Header(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_void_p), ("name_length", ctypes.c_uint32), ("vectors", ctypes.POINTER(_Vector)),
        ("vector_count", ctypes.c_size_t), ("control", ctypes.c_void_p), ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    ]  # fmt: skip


class _Message(ctypes.Structure):
    _fields_ = [("header", _Header), ("length", ctypes.c_uint)]


class Flood:
    """One socket that sends the same message again and again: NLMSG_NOOP of `size` bytes, to the kernel or to a group.

    The last four bytes of nlmsghdr's sequence number stay 7: only their number counts.
    """

    def __init__(self, protocol: int = 0, group: int = 0, size: int = 100, several: int = 1000) -> None:
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
        self.socket.bind((0, 0))
        self._data = ctypes.create_string_buffer(struct.pack("=IHHII", size, 1, 1, 7, 0) + bytes(size - 16), size)
        self._address = ctypes.create_string_buffer(struct.pack("=HHII", socket.AF_NETLINK, 0, 0, 1 << group >> 1), 12)
        self._vector = _Vector(ctypes.addressof(self._data), size)
        self._messages = (_Message * several)()
        for one in self._messages:
            one.header.vectors, one.header.vector_count = ctypes.pointer(self._vector), 1
            if group:
                one.header.name, one.header.name_length = ctypes.addressof(self._address), 12
        self._several = several
        self._group = group
        self._call = ctypes.CDLL(None, use_errno=True).sendmmsg

    def send(self, count: int) -> None:
        """So many, as fast as it goes."""
        while count > 0:
            done = self._call(self.socket.fileno(), self._messages, min(count, self._several), 0)
            if done < 0 and self._group:
                done = 1  # the group has it; only the kernel, to whom it went too, does not listen (ECONNREFUSED)
            if done < 0:
                raise OSError(ctypes.get_errno(), "sendmmsg")
            count -= done

    def pace(self, rate: int, seconds: float) -> int:
        """So many a second; gives how many that were."""
        begin, sent = time.monotonic(), 0
        while (now := time.monotonic() - begin) < seconds:
            due = int(now * rate) - sent
            self.send(due)
            sent += due
            time.sleep(0.005)
        return sent
