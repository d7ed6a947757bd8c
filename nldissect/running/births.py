"""Processes as they are born and named: the proc connector (linux/cn_proc.h). Root's, in the first namespaces only."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator

CN_IDX_PROC = CN_VAL_PROC = 1
PROC_CN_MCAST_LISTEN = 1
PROC_EVENT_FORK, PROC_EVENT_EXEC = 1, 2

_HEADER = struct.Struct("=IHHII")
_CN_MSG = struct.Struct("=IIIIHH")
_EVENT = struct.Struct("=IIQ4I")  # what, processor, time; of a fork: parent's thread and process, child's


class Births:
    """Says which process has which child. OSError: it can't be had here."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, 11)
        try:
            self._socket.bind((0, CN_IDX_PROC))
            body = _CN_MSG.pack(CN_IDX_PROC, CN_VAL_PROC, 0, 0, 4, 0) + struct.pack("=I", PROC_CN_MCAST_LISTEN)
            self._socket.send(_HEADER.pack(_HEADER.size + len(body), 3, 0, 0, os.getpid()) + body)
            self._socket.setblocking(False)
        except OSError:
            self._socket.close()
            raise

    def read(self) -> Iterator[tuple[int, int]]:
        """Parent and child of each that was born since; of one that took another name, itself twice."""
        start = _HEADER.size + _CN_MSG.size
        while True:
            try:
                data = self._socket.recv(4096)
            except OSError:
                return
            if len(data) < start + _EVENT.size:
                continue
            what, _, _, _, parent, child_thread, child = _EVENT.unpack_from(data, start)
            if what == PROC_EVENT_FORK and child_thread == child:
                yield parent, child
            elif what == PROC_EVENT_EXEC:
                yield parent, parent

    def close(self) -> None:
        self._socket.close()
