"""The generic netlink family table, requested so that a capture holds the answer (linux/genetlink.h)."""

from __future__ import annotations

import os
import select
import struct
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nldissect.uapi import (
    CTRL_ATTR_FAMILY_ID,
    CTRL_ATTR_FAMILY_NAME,
    CTRL_CMD_DELFAMILY,
    CTRL_CMD_GETFAMILY,
    CTRL_CMD_NEWFAMILY,
    GENL_HDRLEN,
    GENL_ID_CTRL,
    NETLINK_ADD_MEMBERSHIP,
    NETLINK_GENERIC,
    NLM_F_DUMP,
    NLMSG_HDRLEN,
    PACKET_KERNEL,
    PACKET_MULTICAST,
    PACKET_USER,
    SLL_HDR_LEN,
    SOL_NETLINK,
    STRUCT_NLMSGHDR,
    sll_header,
)

from .raw_netlink import Netlink, attributes

if TYPE_CHECKING:
    from .source import FrameSource

NOTIFY = 0x10  # nlctrl's own group has a fixed number
FILTER = "link[14:2] == 16"
PATIENCE = 1.0

Frame = tuple[int, int, bytes]  # nanoseconds, length on the wire, bytes


def join_notifications() -> Netlink | None:
    """Return a socket that receives news of families; None without one.

    nlmon shows a notification only if some socket listens.
    """
    try:
        kernel = Netlink(NETLINK_GENERIC)
        kernel.socket.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, NOTIFY)
    except OSError:
        return None
    kernel.socket.setblocking(False)
    return kernel


@dataclass
class FamilyTable:
    """The table as frames that hold request and answer, and as names by id."""

    frames: list[Frame] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)


def asked() -> tuple[Netlink, FamilyTable]:
    """Request all families of nlctrl; return the socket, which is closed, and the table. OSError: no answer.

    The frames are the datagrams that went over the socket.
    """
    with Netlink(NETLINK_GENERIC) as kernel:
        answers = kernel.ask(GENL_ID_CTRL, NLM_F_DUMP, struct.pack("=BBH", CTRL_CMD_GETFAMILY, 1, 0))
    cooked = {way: sll_header(way, NETLINK_GENERIC) for way in (PACKET_USER, PACKET_KERNEL)}
    now = time.time_ns()
    frames = [(now, SLL_HDR_LEN + len(data), cooked[way] + data) for way, data in kernel.said]
    return kernel, FamilyTable(frames, dict(filter(None, (named(body) for _, body in answers))))


def family_frames() -> FamilyTable:
    """Return all families, in frames that no device saw: their packet types state the direction.

    The table is empty if nlctrl does not answer.
    """
    try:
        return asked()[1]
    except OSError:
        return FamilyTable()


def family_table(source: FrameSource) -> FamilyTable:
    """Return all families, with the frames that `source` saw of request and answer; empty if nlctrl does not answer."""
    try:
        kernel, families = asked()
    except OSError:
        return FamilyTable()
    frames: list[Frame] = []

    def take(stamp: int, wire: int, data: bytes, origin: int = 0, comments: Sequence[str] = (), /) -> None:
        if len(data) >= SLL_HDR_LEN + NLMSG_HDRLEN:
            *_, sequence, port = STRUCT_NLMSGHDR.unpack_from(data, SLL_HDR_LEN)
            if (sequence, port) == (kernel.sequence, kernel.port):
                frames.append((stamp, wire, data))

    poll = select.poll()
    poll.register(source.fileno(), select.POLLIN)
    deadline = time.monotonic() + PATIENCE
    while len(frames) < len(kernel.said) and (left := deadline - time.monotonic()) > 0:
        poll.poll(1000 * left)
        while source.read(take):
            pass
    return FamilyTable(frames, families.names)


def news(listener: Netlink) -> FamilyTable:
    """Return what the socket received since the last call: new families, and removed ones with an empty name."""
    heard = FamilyTable()
    while True:
        try:
            data = listener.socket.recv(1 << 16)
        except OSError:
            return heard  # nothing more
        length, kind, *_ = STRUCT_NLMSGHDR.unpack_from(data) if len(data) >= NLMSG_HDRLEN + GENL_HDRLEN else (0, 0)
        told = named(data[NLMSG_HDRLEN:length]) if kind == GENL_ID_CTRL else None
        if told is None:
            continue
        if data[NLMSG_HDRLEN] == CTRL_CMD_NEWFAMILY:
            heard.names[told[0]] = told[1]
            cooked = sll_header(PACKET_MULTICAST, NETLINK_GENERIC)
            heard.frames.append((time.time_ns(), SLL_HDR_LEN + len(data), cooked + data))
        elif data[NLMSG_HDRLEN] == CTRL_CMD_DELFAMILY:
            heard.names[told[0]] = ""


def named(body: bytes) -> tuple[int, str] | None:
    """Return id and name of the family that a message of nlctrl describes; None if either is missing."""
    told = attributes(body[GENL_HDRLEN:])
    number, name = told.get(CTRL_ATTR_FAMILY_ID, b""), told.get(CTRL_ATTR_FAMILY_NAME, b"").rstrip(b"\0")
    return (int.from_bytes(number, sys.byteorder), os.fsdecode(name)) if number and name else None
