"""The few netlink requests that capturing makes itself, as plain bytes (linux/netlink.h)."""

from __future__ import annotations

import os
import socket
import sys
from types import TracebackType
from typing import Self

from nldissect.uapi import (
    NLM_F_ACK,
    NLM_F_REQUEST,
    NLMSG_DONE,
    NLMSG_ERROR,
    NLMSG_HDRLEN,
    PACKET_KERNEL,
    PACKET_USER,
    STRUCT_NLATTR,
    STRUCT_NLMSGHDR,
    nla_align,
    nlmsg_align,
)

from .own_frames import SentRequests, socket_key


def attribute(number: int, value: bytes) -> bytes:
    return STRUCT_NLATTR.pack(4 + len(value), number) + value + bytes(-len(value) % 4)


def attributes(data: bytes) -> dict[int, bytes]:
    found, at = {}, 0
    while len(data) - at >= 4:
        length, number = STRUCT_NLATTR.unpack_from(data, at)
        if length < 4:
            break
        found[number & 0x3FFF] = data[at + 4 : at + length]
        at += nla_align(length)
    return found


OWN: dict[bytes, SentRequests] = {}
"""Requests that every socket of this process has sent, by the socket's protocol and port id as the bytes in a frame."""


class Netlink:
    """One socket to the kernel. A refusal raises OSError with the kernel's number."""

    def __init__(self, protocol: int) -> None:
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, protocol)
        self.socket.bind((0, 0))
        self.socket.settimeout(5)
        self.port: int = self.socket.getsockname()[0]
        self._sent = OWN.setdefault(socket_key(protocol, self.port), SentRequests())
        self.sequence = int.from_bytes(os.urandom(4), "little") | 1
        self.said: list[tuple[int, bytes]] = []  # datagrams sent and received, with the packet type of their direction

    def ask(self, kind: int, flags: int, body: bytes) -> list[tuple[int, bytes]]:
        """Send one request; return type and body of every message that answers it. OSError: it is refused."""
        self.sequence = self.sequence % 0xFFFF_FFFF + 1
        head = STRUCT_NLMSGHDR.pack(
            NLMSG_HDRLEN + len(body), kind, NLM_F_REQUEST | NLM_F_ACK | flags, self.sequence, self.port
        )
        self._sent.add(head + body)
        self.socket.send(head + body)
        self.said.append((PACKET_KERNEL, head + body))
        answers: list[tuple[int, bytes]] = []
        while True:
            data = self.socket.recv(1 << 20)
            self.said.append((PACKET_USER, data))
            at = 0
            while len(data) - at >= NLMSG_HDRLEN:
                length, kind, _, sequence, _ = STRUCT_NLMSGHDR.unpack_from(data, at)
                if length < NLMSG_HDRLEN:
                    break
                message = data[at + NLMSG_HDRLEN : at + length]
                at += nlmsg_align(length)
                if sequence != self.sequence:
                    continue
                if kind in (NLMSG_ERROR, NLMSG_DONE):
                    error = -int.from_bytes(message[:4], sys.byteorder, signed=True)
                    if error:
                        raise OSError(error, os.strerror(error))
                    return answers
                answers.append((kind, message))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()
