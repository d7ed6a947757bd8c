"""FakeKernel: plays the kernel of a capture, so that netlink programs can be tested without root and without its state.

It listens on NETLINK_USERSOCK, where any program may have a port: `NetlinkSocket("route", kernel=fake.port)` talks to
it as if it were NETLINK_ROUTE. `fake.answer(data)` gives the bytes alone, for other ways to reach a program.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

from scapy.ansmachine import AnsweringMachine
from scapy.packet import Packet
from scapy.plist import PacketList

from nldissect.families.groups import protocol_number
from nldissect.wire import NETLINK, nlmon, nlmsghdr
from nldissect.wire.frame import PACKET

from .endpoint import Datagram
from .netlink import NetlinkSocket
from .playback import Playback


class KernelSide(NetlinkSocket):
    """A port that takes what is meant for a kernel."""

    def _transport(self) -> int:
        return NETLINK.USERSOCK

    def _kind(self, datagram: Datagram) -> int:
        return PACKET.KERNEL


class FakeKernel(AnsweringMachine[PacketList]):
    """An answering machine over a capture; as a context manager it answers in the background.

    capture    a pcap or pcapng file
    protocol   whose kernel side to play
    Other options are those of Scapy's answering machines (verbose, count, opened_socket ...).
    """

    def __init__(self, capture: str | Path, protocol: int | str = NETLINK.ROUTE, **options: Any) -> None:
        self.playback = Playback(capture, protocol_number(protocol))
        self.side = options.get("opened_socket") or KernelSide(protocol)
        self.port: int = self.side.port
        options = {"verbose": False, "opened_socket": self.side, "store": 0} | options
        super().__init__(**options)

    @property
    def requests(self) -> list[nlmsghdr]:
        """What was asked in the capture, as messages to send again."""
        frames = (self.side.frame(one.request.data, PACKET.KERNEL) for one in self.playback.recorded)
        return [message for frame in frames for message in frame.messages]

    def answer(self, data: bytes, port: int = 0) -> list[bytes]:
        """The datagrams that answer a datagram of requests, made out to the asking port."""
        return self.playback.answer(data, port)

    def make_reply(self, req: Packet) -> PacketList:
        port = req.source.nl_pid
        frames = [self.side.frame(data, PACKET.USER) for data in self.answer(bytes(req)[16:], port)]
        for frame in frames:
            frame.source = req.source
        return PacketList(frames, "Answers")

    def send_reply(self, reply: PacketList, send_function: Any = None) -> None:
        for frame in reply:
            self.side.send(frame, port=frame.source.nl_pid)

    def is_request(self, req: Packet) -> int:
        return int(isinstance(req, nlmon) and req.source is not None)

    def __enter__(self) -> Self:
        self.bg()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Answer no longer."""
        sniffer = self.__dict__.get("sniffer")
        if sniffer is not None and sniffer.running:
            sniffer.stop()
        self.side.close()
