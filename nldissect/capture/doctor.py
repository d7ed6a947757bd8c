"""Checks of whether this host can capture: what is missing, and the line that mends it."""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import shutil
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nldissect.uapi import CLONE_NEWNET, NETLINK_GENERIC, NETLINK_ROUTE, PROC_CN_MCAST_IGNORE

from .dumpcap import dumpcap
from .group_source import listenable
from .host_checks import (
    CAP_NET_ADMIN,
    CAP_NET_RAW,
    SUDO,
    WITHOUT,
    ambient_line,
    effective_capabilities,
    kernel_lacks_nlmon,
    nlmon_state,
)
from .nlmon_device import Device, existing, leftovers
from .private_folders import remove_leftovers
from .private_netns import CLONE_NEWUSER, user_namespaces_remedy
from .process_watch.proc_events import CONSEQUENCE, process_events, tell

NOBODY = 65534
ROOM = 1 << 30
LISTENED = {
    0: "route", 15: "uevent", 16: "generic", 11: "connector", 12: "nfnetlink", 6: "xfrm", 9: "audit", 4: "sock-diag",
    7: "selinux",
}  # fmt: skip


@dataclass(frozen=True)
class HostCheck:
    """The result of one check; `remedy` is the line that mends it, if there is one."""

    name: str
    ok: bool
    text: str
    remedy: str | None = None


def checks() -> list[HostCheck]:
    """Return the results of all checks, with those first that later ones depend on."""
    return [check() for check in CHECKS]


def _kernel() -> HostCheck:
    return HostCheck("kernel", True, f"Linux {os.uname().release}")


def _netlink() -> HostCheck:
    for name, protocol in (("NETLINK_ROUTE", NETLINK_ROUTE), ("NETLINK_GENERIC", NETLINK_GENERIC)):
        try:
            socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol).close()
        except OSError as error:
            text = f"{name} sockets can't be opened: {error.strerror}"
            return HostCheck("netlink", False, text, "allow AF_NETLINK in this container's seccomp profile")
    return HostCheck("netlink", True, "netlink sockets can be opened")


def _nlmon() -> HostCheck:
    state = nlmon_state()
    if state == "loadable":
        return HostCheck("nlmon", True, "the module nlmon is installed; the first device loads it")
    if state != "absent":
        return HostCheck("nlmon", True, f"nlmon is {state}")
    reason, remedy = kernel_lacks_nlmon()
    return HostCheck("nlmon", False, f"{reason}; {WITHOUT}" if remedy is None else reason, remedy)


def _groups() -> HostCheck:
    """Check which protocols' groups may be listened to; those not loaded are not tried, as that loads them."""
    try:
        lines = Path("/proc/net/netlink").read_text().splitlines()[1:]
    except OSError:
        lines = []
    there = {int(line.split()[1]) for line in lines}
    may = {name: listenable(number) for number, name in LISTENED.items() if number in there}
    heard, kept = ([name for name, one in may.items() if one is wanted] for wanted in (True, False))
    text = f"`capture -g` may listen to {', '.join(heard) or 'nothing'}" + (
        f"; not to {', '.join(kept)}" if kept else ""
    )
    return HostCheck("groups", bool(heard), text)


def _process_events() -> HostCheck:
    """Check whether process events can be received; a capture works without them."""
    connector, lack = process_events()
    if connector is None:
        return HostCheck("process events", True, f"no process events: {lack}; {CONSEQUENCE}")
    with connector:
        tell(connector, PROC_CN_MCAST_IGNORE)
    return HostCheck(
        "process events", True, "the kernel tells of processes that begin and end, so short-lived ones have names"
    )


def _remedy() -> str:
    """Return the ways to gain privileges that leave nothing behind: a capability of Python would be everybody's."""
    return f"{SUDO}, or `{ambient_line()}`"


def _may(number: int) -> bool:
    return bool(effective_capabilities() >> number & 1)


def _net_admin() -> HostCheck:
    if _may(CAP_NET_ADMIN):
        return HostCheck("CAP_NET_ADMIN", True, "this process may make nlmon devices")
    text = "this process may not make nlmon devices"
    there = [device.name for device in _existing() if device.up]
    if there and (_may(CAP_NET_RAW) or dumpcap()):
        return HostCheck("CAP_NET_ADMIN", True, f"{text}; one that is there serves: `nldissect capture -i {there[0]}`")
    return HostCheck("CAP_NET_ADMIN", False, text, _remedy())


def _net_raw() -> HostCheck:
    if _may(CAP_NET_RAW):
        return HostCheck("CAP_NET_RAW", True, "this process may read from nlmon devices")
    text = "this process may not read from nlmon devices"
    if (program := dumpcap()) is not None:
        return HostCheck("CAP_NET_RAW", True, f"{text}; {program} may and is used instead")
    return HostCheck("CAP_NET_RAW", False, text, _remedy())


def _existing() -> list[Device]:
    try:
        return existing()
    except OSError:
        return []


def _namespaces() -> HostCheck:
    """Check user namespaces by trying: several switches of the kernel, AppArmor and containers forbid them."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            if os.geteuid() == 0:
                os.setresuid(NOBODY, NOBODY, NOBODY)  # root always may
            status = int(ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        finally:
            os._exit(status)
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0:
        text = "an ordinary user can capture in a network of their own: `nldissect capture --private-net -- COMMAND`"
        return HostCheck("user namespaces", True, text)
    return HostCheck("user namespaces", False, "users may not make namespaces of their own", user_namespaces_remedy())


def _pcapy() -> HostCheck:
    try:
        import pcapy
    except ImportError as error:
        return HostCheck("pcapy", False, f"pcapy-ng can't be imported: {error}", "pip install pcapy-ng")
    if not hasattr(pcapy, "create"):
        return HostCheck(
            "pcapy", False, "pcapy is the old one, without create()", "pip uninstall pcapy && pip install pcapy-ng"
        )
    try:
        version = importlib.metadata.version("pcapy-ng")
    except importlib.metadata.PackageNotFoundError:
        version = "of unknown version"
    return HostCheck("pcapy", True, f"pcapy-ng {version}{_libpcap()}")


def _libpcap() -> str:
    """Return the version text of the libpcap that pcapy has loaded into this process; "" without one."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        path = line.partition("/")[2]
        if os.path.basename(path).startswith("libpcap"):
            version = ctypes.CDLL("/" + path).pcap_lib_version
            version.restype = ctypes.c_char_p
            return ", " + str(version().decode(errors="replace"))
    return ""


def _devices() -> HostCheck:
    try:
        found = existing()
    except OSError as error:
        return HostCheck("devices", False, f"network devices can't be listed: {error.strerror}")
    told = ", ".join(device.name if device.up else f"{device.name} (down)" for device in found)
    return HostCheck("devices", True, f"nlmon devices here: {told or 'none'}")


def _leftovers() -> HostCheck:
    try:
        left = leftovers()
    except OSError:
        left = []
    if not left:
        removed = "".join(f"; removed {path}, left by a process that was killed" for path in remove_leftovers())
        return HostCheck("leftovers", True, f"no device of an earlier capture is left{removed}")
    names = [device.name for device in left]
    remedy = "; ".join(f"sudo ip link del {name}" for name in names)
    return HostCheck(
        "leftovers", False, f"left by captures that are gone: {', '.join(names)}; the next one removes them", remedy
    )


def _room() -> HostCheck:
    """Check the free space of the directory in which a capture without -w is kept."""
    place = tempfile.gettempdir()
    free = shutil.disk_usage(place).free
    text = f"{free >> 20} MiB are free in {place}, where a capture without -w is kept"
    return HostCheck(
        "room", free >= ROOM, text, None if free >= ROOM else "set TMPDIR to a directory with 1 GiB of room"
    )


EXTCAP = Path(".local/lib/wireshark/extcap")
"""Directory, below a user's home, in which Wireshark looks for capture programs."""


def _wireshark(root: Path = Path("/"), home: Path | None = None) -> HostCheck:
    """Check whether Wireshark lists nldissect as an interface: by a link in a directory of capture programs."""
    if shutil.which("tshark") is None and shutil.which("wireshark") is None:
        return HostCheck("wireshark", True, "Wireshark is not installed here, which nothing needs")
    home = Path.home() if home is None else home
    places = [home / EXTCAP, home / ".config/wireshark/extcap"]
    places += [*root.glob("usr/lib/*/wireshark/extcap"), *root.glob("usr/lib*/wireshark/extcap")]
    for place in places:
        if os.access(place / "nldissect", os.X_OK):
            return HostCheck("wireshark", True, f"Wireshark lists nldissect as an interface, by {place}/nldissect")
    line = f'mkdir -p ~/{EXTCAP} && ln -s "$(command -v nldissect)" ~/{EXTCAP}/'
    return HostCheck("wireshark", True, "Wireshark can capture through nldissect once it is in its directory", line)


CHECKS: tuple[Callable[[], HostCheck], ...] = (
    _kernel, _netlink, _nlmon, _groups, _process_events, _net_admin, _net_raw, _namespaces, _pcapy, _devices,
    _leftovers, _room, _wireshark,
)  # fmt: skip
