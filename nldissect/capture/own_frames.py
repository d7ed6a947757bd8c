"""The capture's own frames: requests that its sockets sent, byte for byte, and the kernel's answers to them.

A port id alone proves nothing: any program may write it into nlmsg_pid, or bind it once the capture's socket is closed.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from nldissect.uapi import NLM_F_REQUEST, NLMSG_HDRLEN, SLL_HDR_LEN, STRUCT_NLMSGHDR, nlmsg_align


@dataclass
class SentRequests:
    """The requests that one socket has sent.

    requests    their bytes, without the sequence numbers
    sequences   the sequence numbers; None if they are not known here
    """

    requests: set[bytes] = field(default_factory=set)
    sequences: set[int] | None = field(default_factory=set)

    def add(self, request: bytes) -> None:
        """Record a request that is sent."""
        self.requests.add(_unnumbered(request))
        if self.sequences is not None:
            self.sequences.add(STRUCT_NLMSGHDR.unpack_from(request)[3])

    def covers(self, datagram: bytes) -> bool:
        """Return whether every message of a datagram is one of these requests or may answer one.

        A snap length may have cut the end of the datagram.
        """
        at = 0
        while len(datagram) - at >= NLMSG_HDRLEN:
            length, _, flags, sequence, _ = STRUCT_NLMSGHDR.unpack_from(datagram, at)
            if self.sequences is not None and sequence not in self.sequences:
                return False
            if flags & NLM_F_REQUEST and not self._holds(datagram[at : at + length], length):
                return False
            if length < NLMSG_HDRLEN:
                break
            at += nlmsg_align(length)
        return True

    def _holds(self, there: bytes, length: int) -> bool:
        if len(there) == length:
            return _unnumbered(there) in self.requests
        return any(one.startswith(_unnumbered(there)) for one in self.requests)


def _unnumbered(request: bytes) -> bytes:
    return request[:8] + request[12:]


def socket_key(protocol: int, port: int) -> bytes:
    """Return protocol and port id as the bytes in a frame."""
    return protocol.to_bytes(2, "big") + port.to_bytes(4, sys.byteorder)


def is_own(frame: bytes, sent: Mapping[bytes, SentRequests]) -> bool:
    """Return whether one of these sockets sent a frame, or the frame answers it; the frame has its cooked header."""
    mine = sent.get(frame[14:16] + frame[28:32])
    return mine is not None and mine.covers(frame[SLL_HDR_LEN:])
