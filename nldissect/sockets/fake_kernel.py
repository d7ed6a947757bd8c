"""FakeKernel, which answers as the kernel of a capture did: for tests of netlink programs without root and its state.

It listens on NETLINK_USERSOCK, where any program may have a port: `NetlinkSocket("route", kernel=fake.port)` talks to
it as if it were NETLINK_ROUTE. It serves programs written on `NetlinkSocket(kernel=...)` only; others, such as `ip`,
open sockets of the real kernel. `fake.answer(data)` returns the bytes alone, for other ways to reach a program.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from errno import ECONNREFUSED
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from scapy.ansmachine import AnsweringMachine
from scapy.packet import Packet
from scapy.plist import PacketList
from scapy.sendrecv import AsyncSniffer

from nldissect.errors import NetlinkError, NotRecorded
from nldissect.wire import NETLINK, nlmon, nlmsghdr
from nldissect.wire.protocol import PACKET
from nldissect.wire.protocol_names import protocol_number

from .endpoint import ReceivedDatagram
from .netlink_socket import NetlinkSocket
from .playback import Playback, RawMessage


class KernelSide(NetlinkSocket):
    """A port that receives datagrams meant for a kernel."""

    def _transport(self) -> int:
        return NETLINK.USERSOCK

    def _kind(self, datagram: ReceivedDatagram) -> int:
        return PACKET.KERNEL


class FakeKernel(AnsweringMachine[PacketList]):
    """An answering machine over a capture; as a context manager it answers in the background.

    capture    a pcap or pcapng file
    protocol   the protocol whose kernel side it plays
    strict     answer recorded requests only: same type, flags and body, byte for byte, attributes in the same order;
               sequence number, port id and padding do not count
    Other options are those of Scapy's answering machines (verbose, count, opened_socket ...).

    A request that was not recorded is refused with EOPNOTSUPP, so that the program does not wait, and raises
    NotRecorded in the test: where the with block ends, or at check() or close(). With strict=False a recorded request
    of the same type answers in its stead.
    """

    def __init__(
        self, capture: str | Path, protocol: int | str = NETLINK.ROUTE, *, strict: bool = True, **options: Any
    ) -> None:
        self.playback = Playback(capture, protocol_number(protocol), strict)
        self.side = options.get("opened_socket") or KernelSide(protocol)
        self.port: int = self.side.port
        options = {"verbose": False, "opened_socket": self.side, "store": 0} | options
        super().__init__(**options)

    @property
    def requests(self) -> list[nlmsghdr]:
        """Requests of the capture, as messages to send again."""
        return self._messages(one.request for one in self.playback.recorded)

    @property
    def asked(self) -> list[nlmsghdr]:
        """Requests that this fake kernel has received so far, in order."""
        return self._messages(self.playback.asked)

    def _messages(self, requests: Iterable[RawMessage]) -> list[nlmsghdr]:
        frames = (self.side.frame(one.data, PACKET.KERNEL) for one in requests)
        return [message for frame in frames for message in frame.messages]

    def answer(self, data: bytes, port: int = 0) -> list[bytes]:
        """Return the datagrams that answer a datagram of requests, addressed to the asking port.

        Raises NotRecorded where it is strict and the capture has no such request.
        """
        found = self.playback.answer(data, port)
        self.check()
        return found

    def check(self) -> None:
        """Raise NotRecorded if requests came, since the last check, that the capture does not have."""
        told, self.playback.unrecorded = self.playback.unrecorded, []
        if told:
            more = f" (and {len(told) - 1} more that it has not)" if len(told) > 1 else ""
            raise NotRecorded(told[0] + more)

    def make_reply(self, req: Packet) -> PacketList:
        port = req.source.nl_pid
        frames = [self.side.frame(data, PACKET.USER) for data in self.playback.answer(bytes(req)[16:], port)]
        for frame in frames:
            frame.source = req.source
        return PacketList(frames, "Answers")

    def send_reply(self, reply: PacketList, send_function: Any = None) -> None:
        for frame in reply:
            try:
                self.side.send(frame, port=frame.source.nl_pid)
            except NetlinkError as error:
                if error.errno != ECONNREFUSED:  # else the asking program is gone
                    raise

    def is_request(self, req: Packet) -> int:
        return int(isinstance(req, nlmon) and req.source is not None)

    def sniff_bg(self) -> None:
        """Start answering, and return once the thread does: `close` then finds what was sent before it."""
        started = threading.Event()
        self.sniffer = AsyncSniffer(**self.optsniff, started_callback=started.set)
        self.sniffer.start()
        thread = self.sniffer.thread
        while thread is not None and thread.is_alive() and not started.wait(0.01):
            pass

    def __enter__(self) -> Self:
        self.bg()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop answering; check the requests up to the last datagram that was sent."""
        sniffer = self.__dict__.get("sniffer")
        if sniffer is not None and sniffer.running:
            sniffer.stop()
            while not self.side.closed and (frame := self.side.recv(timeout=0)) is not None:
                if self.is_request(frame):
                    self.make_reply(frame)
        self.side.close()
        self.check()
