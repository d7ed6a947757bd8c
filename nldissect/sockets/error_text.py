"""Errors of netlink sockets: their meaning and their remedy (net/netlink/af_netlink.c)."""

from __future__ import annotations

from errno import (
    EADDRINUSE,
    ECONNREFUSED,
    EINVAL,
    EMSGSIZE,
    ENOBUFS,
    ENOENT,
    ENOPROTOOPT,
    EPERM,
    EPROTONOSUPPORT,
    ESRCH,
)
from pathlib import Path
from typing import NamedTuple

from nldissect.errors import NetlinkError, Overrun
from nldissect.families.multicast_groups import group_name
from nldissect.uapi import (
    NETLINK_BROADCAST_ERROR,
    NETLINK_CAP_ACK,
    NETLINK_GET_STRICT_CHK,
    NETLINK_LISTEN_ALL_NSID,
    NETLINK_NO_ENOBUFS,
)
from nldissect.wire import NETLINK
from nldissect.wire.packets.sockaddr import GroupMask

OPTIONS = {
    NETLINK_BROADCAST_ERROR: "BROADCAST_ERROR",
    NETLINK_NO_ENOBUFS: "NO_ENOBUFS",
    NETLINK_LISTEN_ALL_NSID: "LISTEN_ALL_NSID",
    NETLINK_CAP_ACK: "CAP_ACK",
    NETLINK_GET_STRICT_CHK: "GET_STRICT_CHK",
}


class SocketRow(NamedTuple):
    """A line of /proc/net/netlink: one socket."""

    protocol: int
    port: int
    mask: int
    drops: int
    inode: int


def rows() -> list[SocketRow]:
    """Return the netlink sockets of this namespace; an empty list if /proc does not have them."""
    try:
        lines = Path("/proc/net/netlink").read_text().splitlines()[1:]
    except OSError:
        return []
    words = (line.split() for line in lines)
    return [
        SocketRow(int(one[1]), int(one[2]), int(one[3], 16), int(one[8]), int(one[9])) for one in words if len(one) > 9
    ]


def called(protocol: int) -> str:
    return NETLINK.names.get(protocol, f"netlink protocol {protocol}")


def failed(what: str, error: OSError) -> NetlinkError:
    return NetlinkError(f"{what}: {error.strerror or error}", error.errno or 0)


def opening(protocol: int, error: OSError) -> NetlinkError:
    """Return the error for a socket that can't be opened: no such protocol, or no netlink at all."""
    if error.errno == EPROTONOSUPPORT:
        text = f"no kernel module has registered {called(protocol)}; load the one that does (netlink_kernel_create)"
        return NetlinkError(text, EPROTONOSUPPORT)
    return failed(f"no socket for {called(protocol)}", error)


def binding(protocol: int, port: int, error: OSError) -> NetlinkError:
    """Return the error for a port id that can't be bound, as it is taken."""
    if error.errno == EADDRINUSE:
        text = f"port {port} of {called(protocol)} is taken; leave it out and the kernel chooses one"
        return NetlinkError(text, EADDRINUSE)
    return failed(f"binding to port {port}", error)


def option(number: int, error: OSError) -> NetlinkError:
    """Return the error for an option that this kernel, or this user, does not have."""
    name = f"NETLINK_{OPTIONS.get(number, number)}"
    if error.errno == ENOPROTOOPT:
        return NetlinkError(f"this kernel does not know {name}", ENOPROTOOPT)
    if error.errno == EPERM:
        return NetlinkError(f"{name} needs CAP_NET_BROADCAST; run as root", EPERM)
    return failed(name, error)


def joining(protocol: int, group: int, error: OSError) -> NetlinkError:
    """Return the error for a group that can't be joined: missing, forbidden, or a mask given as a number."""
    if error.errno in (EINVAL, ENOENT):
        text = f"{called(protocol)} has no group {group}"
        if group > 3 and group & (group - 1) == 0 and group < 1 << 32:
            meant = group_name(protocol, group.bit_length())
            text += f"; groups are given by number, and {group:#x} is the mask of group {group.bit_length()} ({meant})"
        return NetlinkError(text, error.errno)
    if error.errno == EPERM:
        text = f"listening to {group_name(protocol, group)} needs privileges (CAP_NET_ADMIN; audit: CAP_AUDIT_READ)"
        return NetlinkError(text, EPERM)
    return failed(f"joining {group_name(protocol, group)}", error)


def sending(protocol: int, port: int, group: int, length: int, error: OSError) -> NetlinkError:
    """Return the error for a datagram that can't be sent: no receiver, not allowed, or too long."""
    whom = f"port {port}" if port else group_name(protocol, group) if group else "the kernel"
    if error.errno == ECONNREFUSED and port:
        return NetlinkError(f"nobody is bound to {whom} of {called(protocol)}", ECONNREFUSED)
    if error.errno == ECONNREFUSED:
        text = f"the kernel takes no messages on {called(protocol)}; send to a port or a group"
        return NetlinkError(text, ECONNREFUSED)
    if error.errno == EPERM:
        return NetlinkError(f"sending to {whom} of {called(protocol)} needs CAP_NET_ADMIN; run as root", EPERM)
    if error.errno == EMSGSIZE:
        return NetlinkError(f"{length} bytes are more than the socket sends at once; raise its SO_SNDBUF", EMSGSIZE)
    return failed(f"sending to {whom}", error)


def multicast(protocol: int, group: int, own: int) -> None:
    """Raise if no socket listens to a group: the kernel does not report that, but /proc/net/netlink has the masks."""
    there = [row for row in rows() if row.protocol == protocol and row.port != own]
    bit = 1 << group - 1
    if any(row.mask & bit for row in there) or not rows():
        return
    text = f"nobody listens to group {group} of {called(protocol)} (ESRCH, the -3 of a module's netlink_broadcast)"
    mistaken = next((row for row in there if row.mask == group), None)
    if mistaken is not None:
        text += f"; port {mistaken.port} has nl_groups={group}, which is {GroupMask().shown(group)}: use {bit:#x}"
    raise NetlinkError(text, ESRCH)


def overrun(protocol: int, room: int, dropped: int | None) -> Overrun:
    """Return the error for lost messages, with their number if known, and how to continue."""
    count = "" if dropped is None else f", {dropped} so far"
    text = f"the kernel dropped {called(protocol)} messages for want of room ({room} bytes{count})"
    return Overrun(text + "; recv() goes on, dump afresh what you follow, or give a larger buffer=", ENOBUFS)
