"""nlmon devices: made, found and removed by route netlink (linux/if_link.h, drivers/net/nlmon.c)."""

from __future__ import annotations

import errno
import os
import re
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

from nldissect.errors import CaptureError
from nldissect.uapi import (
    ARPHRD_ETHER,
    ARPHRD_LOOPBACK,
    ARPHRD_NETLINK,
    IFF_UP,
    NETLINK_ROUTE,
    NLM_F_CREATE,
    NLM_F_DUMP,
    NLM_F_EXCL,
)

from .host_checks import SUDO, WITHOUT, ambient_line, kernel_lacks_nlmon
from .raw_netlink import Netlink, attribute, attributes

RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK = 16, 17, 18
IFLA_IFNAME, IFLA_LINKINFO, IFLA_IFALIAS, IFLA_INFO_KIND = 3, 18, 20, 1
KINDS = {ARPHRD_ETHER: "Ethernet", ARPHRD_LOOPBACK: "loopback"}

_IFINFO = struct.Struct("=BxHiII")  # family, type, index, flags, change
_OURS = re.compile(r"nlmon-(\d+)(?:\.\d)?")
_ALIAS = re.compile(r"nldissect pid (\d+) started (\d+) in (\d+)")


@dataclass(frozen=True)
class Device:
    """A network device, with the properties that capturing needs."""

    index: int
    name: str
    kind: int = ARPHRD_NETLINK
    up: bool = True
    alias: str = ""


def devices() -> list[Device]:
    """Return all network devices of this namespace."""
    found = []
    with Netlink(NETLINK_ROUTE) as kernel:
        for _, body in kernel.ask(RTM_GETLINK, NLM_F_DUMP, _IFINFO.pack(0, 0, 0, 0, 0)):
            _, kind, index, flags, _ = _IFINFO.unpack_from(body)
            told = attributes(body[_IFINFO.size :])
            name, alias = (
                told.get(number, b"").rstrip(b"\0").decode(errors="replace") for number in (IFLA_IFNAME, IFLA_IFALIAS)
            )
            found.append(Device(index, name, kind, bool(flags & IFF_UP), alias))
    return found


def existing() -> list[Device]:
    """Return the nlmon devices of this namespace, ours and others'."""
    return [device for device in devices() if device.kind == ARPHRD_NETLINK]


def find(name: str) -> Device:
    """Return the nlmon device of a name; CaptureError if there is none, it is not nlmon, or it is down."""
    for device in devices():
        if device.name != name:
            continue
        if device.kind != ARPHRD_NETLINK:
            kind = KINDS.get(device.kind, "a device")
            raise CaptureError(
                f"{name} is {kind} (type {device.kind}), not nlmon; leave out -i and one is made for you"
            )
        if not device.up:
            raise CaptureError(f"{name} is down; run `ip link set {name} up` first")
        return device
    there = ", ".join(device.name for device in existing())
    raise CaptureError(
        f"no interface {name} here; " + (f"nlmon devices: {there}" if there else "leave out -i and one is made for you")
    )


def create() -> Device:
    """Make an nlmon device, up, named after this process; CaptureError if that is refused."""
    with Netlink(NETLINK_ROUTE) as kernel:
        for name in (f"nlmon-{os.getpid()}", *(f"nlmon-{os.getpid()}.{number}" for number in range(1, 10))):
            info = attribute(IFLA_LINKINFO, attribute(IFLA_INFO_KIND, b"nlmon"))
            body = _IFINFO.pack(0, 0, 0, 0, 0) + attribute(IFLA_IFNAME, name.encode() + b"\0") + info
            try:
                kernel.ask(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, body)
                break
            except OSError as error:
                if error.errno != errno.EEXIST:
                    raise refused(error) from error
        else:
            raise CaptureError("this process has ten nlmon devices already; end a capture first")
        device = Device(socket.if_nametoindex(name), name)
        try:
            up = _IFINFO.pack(0, 0, device.index, IFF_UP, IFF_UP)
            kernel.ask(RTM_NEWLINK, 0, up + attribute(IFLA_IFALIAS, _signature(os.getpid()).encode()))
        except OSError as error:
            remove(device)
            raise refused(error) from error
    return device


def refused(error: OSError) -> CaptureError:
    """Return the error for a device that the kernel did not make: the reason, and the remedy."""
    if error.errno in (errno.EPERM, errno.EACCES):
        return CaptureError(f"making an nlmon device needs CAP_NET_ADMIN; {SUDO}, or `{ambient_line()}`")
    if error.errno == errno.EOPNOTSUPP:
        reason, remedy = kernel_lacks_nlmon()
        return CaptureError(f"{reason}; {remedy or WITHOUT}")
    return CaptureError(f"making an nlmon device failed: {error.strerror}; see `nldissect doctor`")


def remove(device: Device) -> bool:
    """Delete the device if it is still the same by number and name; return True if it is gone."""
    try:
        if socket.if_indextoname(device.index) != device.name:
            return True
        with Netlink(NETLINK_ROUTE) as kernel:
            kernel.ask(RTM_DELLINK, 0, _IFINFO.pack(0, 0, device.index, 0, 0))
    except OSError as error:
        return error.errno in (errno.ENODEV, errno.ENXIO)
    return True


def leftovers() -> list[Device]:
    """Return the devices left by captures whose process is gone."""
    return [device for device in existing() if _left_over(device)]


def remove_leftovers() -> None:
    """Remove the devices left by earlier captures; those that may not be removed stay, and the doctor reports them."""
    for device in leftovers():
        remove(device)


def _left_over(device: Device) -> bool:
    ours = _OURS.fullmatch(device.name)
    if ours is None:
        return False
    alias = _ALIAS.fullmatch(device.alias)
    if alias is None:  # it died between making the device and signing it, or somebody took a name like ours
        return not device.alias and not _alive(int(ours[1]))
    pid, _, namespace = map(int, alias.groups())
    if namespace != _pid_namespace():
        return False  # there the number means another process
    return not _alive(pid) or _signature(pid) not in ("", device.alias)


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the third on; an empty list if they may not be read."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # it is there and somebody else's
    return _stat(pid)[:1] != ["Z"]


def _signature(pid: int) -> str:
    """Return the text that no later process with the same number has: it holds the process's start.

    The text is "" if the start may not be read.
    """
    stat = _stat(pid)
    return f"nldissect pid {pid} started {stat[19]} in {_pid_namespace()}" if stat else ""


def _pid_namespace() -> int:
    return os.stat("/proc/self/ns/pid").st_ino
