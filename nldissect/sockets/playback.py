"""The kernel's side of a capture, to be played back: which datagrams answered which request."""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from errno import EOPNOTSUPP
from pathlib import Path
from typing import NamedTuple

from scapy.error import Scapy_Exception
from scapy.utils import RawPcapReader

from nldissect.errors import FileError
from nldissect.wire import NETLINK
from nldissect.wire.flags import NLM_F, NLM_F_DUMP, NLMSG_DONE, NLMSG_ERROR, TO_KERNEL, TO_USER, direction_of
from nldissect.wire.frame import COOKED, byte_order, messages_in

_HEADER = struct.Struct("=IHHII")
_ERROR = struct.Struct("=i")
_OWNERS = struct.Struct("=II")
ECHOED = _HEADER.size + _ERROR.size
PLACE = 8
"""Where sequence number and port id stand in a header."""
LINK_TYPES = {253, 113}
"""NETLINK, and LINUX_SLL as of `-i any`: both have the protocol at 14."""


class Message(NamedTuple):
    """A message of a datagram, its padding included, and its header's fields."""

    data: bytes
    number: int
    flags: int
    seq: int
    port: int


class Recorded:
    """A request of a capture and the datagrams that answered it, as lists of messages."""

    def __init__(self, request: Message) -> None:
        self.request = request
        self.port: int | None = None
        self.answers: list[list[Message]] = []
        self.complete = False


def cut(data: bytes) -> list[Message]:
    """The messages of a datagram."""
    found = []
    for start, _, following in messages_in(data, 0, len(data), "<" if sys.byteorder == "little" else ">")[0]:
        _, number, flags, seq, port = _HEADER.unpack_from(data, start)
        found.append(Message(data[start:following], number, flags, seq, port))
    return found


def datagrams(path: str | Path, protocol: int) -> Iterator[bytes]:
    """The datagrams of one protocol in a pcap or pcapng file."""
    native = "<" if sys.byteorder == "little" else ">"
    try:
        with RawPcapReader(str(path)) as reader:
            for frame, told in reader:
                if getattr(told, "linktype", getattr(reader, "linktype", None)) not in LINK_TYPES:
                    raise FileError(f"{path} is no netlink capture, or a cooked one of another form")
                if int.from_bytes(frame[14:16], "big") != protocol:
                    continue
                if byte_order(frame, COOKED, len(frame) - COOKED, native) != native:
                    raise FileError(
                        f"{path} was captured on a host of the other byte order; it can't be played back here"
                    )
                yield bytes(frame[COOKED:])
    except (OSError, Scapy_Exception) as error:
        raise FileError(f"{path}: {error}") from error


class Playback:
    """Answers requests as the kernel of a capture did.

    An equal request gets its recorded answers, one after the other where it was made several times, then the last
    again; sequence numbers and port ids do not count. Else the first of the same type (and command) that has not
    played yet answers, and if there is none, EOPNOTSUPP, as from a kernel that lacks what was asked for.
    """

    def __init__(self, path: str | Path, protocol: int) -> None:
        self.protocol = protocol
        self.recorded: list[Recorded] = []
        self._played: set[int] = set()
        for data in datagrams(path, protocol):
            self._learn(cut(data))

    def _learn(self, messages: list[Message]) -> None:
        for message in messages:
            _, number, flags, seq, port = _HEADER.unpack_from(message.data)
            direction, _ = direction_of(self.protocol, number, flags, seq, port)
            if direction == TO_KERNEL:
                self.recorded.append(Recorded(message))
            elif direction == TO_USER:
                self._file(message, messages)

    def _file(self, message: Message, datagram: list[Message]) -> None:
        """Give an answer to the request it belongs to."""
        asked = [one for one in self.recorded if one.request.seq == message.seq and not one.complete]
        owner = next((one for one in asked if one.port == message.port), None)
        owner = owner or next((one for one in asked if one.port is None), None)
        if owner is None:
            return
        owner.port = message.port
        if not owner.answers or owner.answers[-1] is not datagram:
            owner.answers.append(datagram)
        flags = owner.request.flags
        owner.complete = message.number == NLMSG_ERROR or (
            message.number == NLMSG_DONE and (not flags & NLM_F.ACK or bool(flags & NLM_F_DUMP))
        )

    def answer(self, data: bytes, port: int = 0) -> list[bytes]:
        """The datagrams that answer a datagram of requests, made out to the asking port."""
        found = []
        for request in cut(data):
            if not request.flags & NLM_F.REQUEST:
                continue
            recorded = self._match(request)
            if recorded is None:
                found.append(_refused(request, port))
                continue
            found += [b"".join(_made_out(one, request, port) for one in part) for part in recorded.answers]
        return found

    def _match(self, request: Message) -> Recorded | None:
        wanted = _identity(request)
        same = [at for at, one in enumerate(self.recorded) if _identity(one.request) == wanted]
        alike = [at for at, one in enumerate(self.recorded) if self._kind(one.request) == self._kind(request)]
        fresh = [at for at in same + alike if at not in self._played]
        chosen = next(iter([at for at in fresh if at in same] or same[-1:] or fresh or alike[-1:]), None)
        if chosen is None:
            return None
        self._played.add(chosen)
        return self.recorded[chosen]

    def _kind(self, request: Message) -> tuple[int, bool, bytes]:
        """Type, whether it asks for all, and the command where it is generic."""
        command = request.data[_HEADER.size : _HEADER.size + 1] if self.protocol == NETLINK.GENERIC else b""
        return request.number, request.flags & NLM_F_DUMP == NLM_F_DUMP, command


def _identity(request: Message) -> tuple[int, int, bytes]:
    return request.number, request.flags & ~(NLM_F.ACK | NLM_F.ECHO), request.data[_HEADER.size :]


def _made_out(message: Message, request: Message, port: int) -> bytes:
    """An answer with the sequence number of the request at hand and the port that asks, in an echoed header too."""
    data = bytearray(message.data)
    _OWNERS.pack_into(data, PLACE, request.seq, port)
    if message.number == NLMSG_ERROR and len(data) >= ECHOED + _HEADER.size:
        _OWNERS.pack_into(data, ECHOED + PLACE, request.seq, request.port)
    return bytes(data)


def _refused(request: Message, port: int) -> bytes:
    """What a kernel says that does not know what was asked for."""
    body = _ERROR.pack(-EOPNOTSUPP) + request.data
    return _HEADER.pack(_HEADER.size + len(body), NLMSG_ERROR, 0, request.seq, port) + body
