"""NlmonSocket: frames of an nlmon device, live in Scapy, with the cooked header that a packet socket leaves out.

A packet socket on nlmon delivers messages alone; protocol and packet type are in sockaddr_ll (packet(7)). Scapy's own
listening socket drops that address, and its filters count from the header that is not there. Importing this module
makes `sniff(iface="nlmon0")` use NlmonSocket.
"""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from errno import ENETDOWN, ENODEV, EPERM
from pathlib import Path
from typing import Any

from scapy.arch.linux import LinuxInterfaceProvider
from scapy.config import conf
from scapy.interfaces import NetworkInterface
from scapy.supersocket import SuperSocket

from nldissect.errors import NetlinkError
from nldissect.uapi import ARPHRD_NETLINK, ETH_P_ALL, SO_RCVBUFFORCE, SO_TIMESTAMPNS, STRUCT_SLL_HEADER
from nldissect.wire import NETLINK, Context, genlmsghdr, nlmon, nlmsghdr

from .endpoint import PEEK, ROOM
from .netlink_socket import NetlinkSocket

SOL_PACKET, PACKET_STATISTICS = 263, 6
BUFFER = 8 << 20

_TIME = struct.Struct("=qq")


class NlmonSocket(SuperSocket):
    """A socket that reads frames of an nlmon device; it can't send.

    iface     the device; None takes the first there is
    filter    a capture filter of libpcap, counted from the cooked header: link[14:2] is the protocol
    context   learned facts; a new one asks nlctrl for the generic families first
    The other arguments are those Scapy gives to its listening sockets.
    """

    desc = "read netlink messages of an nlmon device"
    _notified: NetlinkSocket | None = None

    def __init__(
        self,
        iface: Any = None,
        type: int = ETH_P_ALL,
        promisc: Any = None,
        filter: str | None = None,
        nofilter: int = 0,
        monitor: Any = None,
        *,
        context: Context | None = None,
        buffer: int = BUFFER,
    ) -> None:
        self.iface = _first() if iface is None else str(iface)
        self._room = bytearray(ROOM)
        self.context = Context() if context is None else context
        if context is None:
            self._learn_families()
        try:
            self.ins = socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0)
        except OSError as error:
            raise _explained(self.iface, error) from error
        self.outs = None
        try:
            self._prepare(filter, buffer)
        except OSError as error:
            raise _explained(self.iface, error) from error
        if self.ins.getsockname()[3] != ARPHRD_NETLINK:
            raise NetlinkError(f"{self.iface} is no nlmon device; `ip link add nlmon0 type nlmon` makes one", ENODEV)

    def _prepare(self, filter: str | None, buffer: int) -> None:
        try:
            self.ins.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, buffer)
        except OSError:
            self.ins.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.ins.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        if filter:
            from .socket_filter import attach

            attach(self.ins, filter)
        self.ins.bind((str(self.iface), ETH_P_ALL))

    def _learn_families(self) -> None:
        """Ask for the generic families, and listen for new ones: nlmon shows a notification only if a socket does."""
        with suppress(NetlinkError):
            self._notified = NetlinkSocket(NETLINK.GENERIC, groups=["nlctrl/notify"], context=self.context)
            request = nlmsghdr(nlmsg_type="GENL_ID_CTRL") / genlmsghdr(cmd=3, version=1)
            self._notified.dump(request, walked=True)

    def recv(self, x: int = 0, *, timeout: float | None = None, **options: Any) -> nlmon | None:
        """Return the next frame; None if none comes within `timeout` seconds."""
        if timeout is not None and not SuperSocket.select([self], timeout):
            return None
        size = self.ins.recvmsg_into([self._room], 0, PEEK & ~socket.MSG_DONTWAIT)[0]
        if size > len(self._room):
            self._room = bytearray(size + 0xFFF & ~0xFFF)
        size, told, _, (_, protocol, kind, hatype, address) = self.ins.recvmsg_into([self._room], 64)
        cooked = STRUCT_SLL_HEADER.pack(kind, hatype, len(address), address, protocol)
        frame = nlmon(cooked + self._room[:size], _context=self.context)
        for level, number, data in told:
            if (level, number) == (socket.SOL_SOCKET, SO_TIMESTAMPNS) and len(data) == _TIME.size:
                seconds, nanoseconds = _TIME.unpack(data)
                frame.time = seconds + nanoseconds / 1e9
        return frame

    def send(self, x: Any) -> int:
        raise NetlinkError("an nlmon device only shows what others send; send with NetlinkSocket", EPERM)

    @property
    def statistics(self) -> tuple[int, int]:
        """Frames received and frames dropped for want of room, since this was last read."""
        received, dropped = struct.unpack("=II", self.ins.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
        return received - dropped, dropped

    def close(self) -> None:
        super().close()
        if self._notified is not None:
            self._notified.close()


def _first() -> str:
    """Return the first nlmon device of this namespace; NetlinkError if there is none."""
    for path in sorted(Path("/sys/class/net").glob("*/type")):
        with suppress(OSError):
            if int(path.read_text()) == ARPHRD_NETLINK:
                return path.parent.name
    making = "`ip link add nlmon0 type nlmon && ip link set nlmon0 up`"
    raise NetlinkError(f"no nlmon device here; as root, {making} makes one", ENODEV)


def _explained(iface: Any, error: OSError) -> NetlinkError:
    if error.errno == EPERM:
        return NetlinkError("reading an nlmon device needs CAP_NET_RAW; run as root", EPERM)
    if error.errno == ENODEV:
        return NetlinkError(f"no device {iface} here", ENODEV)
    if error.errno == ENETDOWN:
        return NetlinkError(f"{iface} is down; run `ip link set {iface} up` first", ENETDOWN)
    return NetlinkError(f"reading {iface}: {error.strerror or error}", error.errno or 0)


class NlmonProvider(LinuxInterfaceProvider):
    """Linux interfaces as in Scapy's own provider, with those of type NETLINK read by NlmonSocket."""

    def _l2listen(self, dev: NetworkInterface) -> Any:
        return NlmonSocket if dev.type == ARPHRD_NETLINK else super()._l2listen(dev)


def _register() -> None:
    """Replace Scapy's own provider by this one: of two that know an interface, Scapy asks the first."""
    provider = NlmonProvider()
    conf.ifaces.providers[LinuxInterfaceProvider] = provider
    for interface in conf.ifaces.data.values():
        if type(interface.provider) is LinuxInterfaceProvider:
            interface.provider = provider


_register()
