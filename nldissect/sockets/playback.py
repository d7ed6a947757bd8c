"""The kernel's side of a capture, to be played back: the datagrams that answered each request."""

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
from nldissect.uapi import (
    NLA_HDRLEN,
    NLM_F_ACK_TLVS,
    NLM_F_DUMP,
    NLMSG_DONE,
    NLMSG_ERROR,
    NLMSG_HDRLEN,
    NLMSGERR_ATTR_MSG,
    SLL_HDR_LEN,
    STRUCT_NLATTR,
    STRUCT_NLMSGHDR,
    sll_header,
)
from nldissect.wire import NETLINK, Context, nlmon, walk
from nldissect.wire.decode.nodes import DecodedMessage
from nldissect.wire.packets.frame import byte_order, messages_in
from nldissect.wire.protocol import NLM_F, PACKET, TO_KERNEL, TO_USER, direction_of

from .request_difference import content_of, differences, listed

_ERROR = struct.Struct("=i")
_OWNERS = struct.Struct("=II")
ECHOED = NLMSG_HDRLEN + _ERROR.size
PLACE = 8
"""Offset of sequence number and port id in a header."""
LINK_TYPES = {253, 113}
"""NETLINK, and LINUX_SLL as of `-i any`: both have the protocol at 14."""


Content = tuple[int, int, bytes]
"""Type, flags and body of a request."""


class RawMessage(NamedTuple):
    """A message of a datagram, its padding included, and its header's fields."""

    data: bytes
    number: int
    flags: int
    seq: int
    port: int


class RecordedRequest:
    """A request of a capture and the datagrams that answered it, as lists of messages."""

    def __init__(self, request: RawMessage, content: Content) -> None:
        self.request, self.content = request, content
        self.port: int | None = None
        self.answers: list[list[RawMessage]] = []
        self.complete = False


def cut(data: bytes) -> list[RawMessage]:
    """Return the messages of a datagram."""
    found = []
    for start, _, following in messages_in(data, 0, len(data), "<" if sys.byteorder == "little" else ">")[0]:
        _, number, flags, seq, port = STRUCT_NLMSGHDR.unpack_from(data, start)
        found.append(RawMessage(data[start:following], number, flags, seq, port))
    return found


def datagrams(path: str | Path, protocol: int) -> Iterator[bytes]:
    """Yield the datagrams of one protocol in a pcap or pcapng file; FileError if it is none, or of other byte order."""
    native = "<" if sys.byteorder == "little" else ">"
    try:
        with RawPcapReader(str(path)) as reader:
            for frame, told in reader:
                if getattr(told, "linktype", getattr(reader, "linktype", None)) not in LINK_TYPES:
                    raise FileError(f"{path} is no netlink capture, or a cooked one of another form")
                if int.from_bytes(frame[14:16], "big") != protocol:
                    continue
                if byte_order(frame, SLL_HDR_LEN, len(frame) - SLL_HDR_LEN, native) != native:
                    raise FileError(
                        f"{path} was captured on a host of the other byte order; it can't be played back here"
                    )
                yield bytes(frame[SLL_HDR_LEN:])
    except (OSError, Scapy_Exception) as error:
        raise FileError(f"{path}: {error}") from error


class Playback:
    """The answers of a capture's kernel, given to requests again.

    path       a pcap or pcapng file
    protocol   the protocol whose kernel side is played
    strict     answer recorded requests only

    asked        the requests that came, in order
    unrecorded   the requests that the capture does not have, a sentence each

    A request is a recorded one if type, flags and body are the same bytes. Sequence number, port id and padding do not
    count; the order of attributes does. It gets the recorded answers, one after the other where it was recorded several
    times, then the last again. Any other is refused with EOPNOTSUPP and the sentence of `unrecorded`.

    Not strict: NLM_F_ACK and NLM_F_ECHO do not count, and for a request that was not recorded the first of the same
    type (and command) that has not played yet answers; if there is none, EOPNOTSUPP, as from a kernel that lacks it.
    """

    def __init__(self, path: str | Path, protocol: int, strict: bool = True) -> None:
        self.protocol, self.strict = protocol, strict
        self.recorded: list[RecordedRequest] = []
        self.asked: list[RawMessage] = []
        self.unrecorded: list[str] = []
        self._context = Context()
        self._played: set[int] = set()
        for data in datagrams(path, protocol):
            self._learn(cut(data))

    def _learn(self, messages: list[RawMessage]) -> None:
        for message in messages:
            _, number, flags, seq, port = STRUCT_NLMSGHDR.unpack_from(message.data)
            direction, _ = direction_of(self.protocol, number, flags, seq, port)
            if direction == TO_KERNEL:
                self.recorded.append(RecordedRequest(message, self._content(message)))
            elif direction == TO_USER:
                self._file(message, messages)
                if self.protocol == NETLINK.GENERIC:
                    self._walked(message, PACKET.USER)  # the context learns which id a family has

    def _file(self, message: RawMessage, datagram: list[RawMessage]) -> None:
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
        """Return the datagrams that answer a datagram of requests, addressed to the asking port."""
        found = []
        for request in cut(data):
            if not request.flags & NLM_F.REQUEST:
                continue
            self.asked.append(request)
            recorded = self._match(request)
            if recorded is None:
                found.append(_refused(request, port, self._told(request) if self.strict else ""))
                continue
            found += [b"".join(_made_out(one, request, port) for one in part) for part in recorded.answers]
        return found

    def _match(self, request: RawMessage) -> RecordedRequest | None:
        wanted = self._counted(self._content(request))
        same = [at for at, one in enumerate(self.recorded) if self._counted(one.content) == wanted]
        alike = [] if self.strict else self._alike(request)
        fresh = [at for at in same + alike if at not in self._played]
        chosen = next(iter([at for at in fresh if at in same] or same[-1:] or fresh or alike[-1:]), None)
        if chosen is None:
            return None
        self._played.add(chosen)
        return self.recorded[chosen]

    def _counted(self, content: Content) -> Content:
        """Return the parts of a request's content that count in comparisons."""
        number, flags, body = content
        return number, flags if self.strict else flags & ~(NLM_F.ACK | NLM_F.ECHO), body

    def _alike(self, request: RawMessage) -> list[int]:
        """Return the indices of the recorded requests with the type and command of this one; dumps only for a dump."""
        kind = (*self._kind(request), request.flags & NLM_F_DUMP == NLM_F_DUMP)
        kinds = [(*self._kind(one.request), one.request.flags & NLM_F_DUMP == NLM_F_DUMP) for one in self.recorded]
        return [at for at, one in enumerate(kinds) if one == kind]

    def _kind(self, request: RawMessage) -> tuple[int, bytes]:
        """Return the type of a request, and the command if it is generic."""
        command = request.data[NLMSG_HDRLEN : NLMSG_HDRLEN + 1] if self.protocol == NETLINK.GENERIC else b""
        return request.number, command

    def _told(self, request: RawMessage) -> str:
        """Record that a request is not in the capture; return the sentence on its differences from the nearest one."""
        near = [one.request for one in self.recorded if self._kind(one.request) == self._kind(request)]
        text = f'the capture has no request "{self._summary(request)}"'
        if near:
            asked = self._walked(request)
            found = [differences(asked, self._walked(one)) for one in near]
            least = min(range(len(near)), key=lambda at: len(found[at]))
            text += f'; the nearest, "{self._summary(near[least])}", differs in {listed(found[least])}'
        else:
            text += ", nor any of its type"
        self.unrecorded.append(text)
        return text

    def _content(self, request: RawMessage) -> Content:
        return content_of(self._walked(request))

    def _cooked(self, message: RawMessage, kind: int) -> bytes:
        return sll_header(kind, self.protocol) + message.data

    def _walked(self, message: RawMessage, kind: int = PACKET.KERNEL) -> DecodedMessage:
        return walk(self._cooked(message, kind), self._context).messages[0]

    def _summary(self, request: RawMessage) -> str:
        return str(nlmon(self._cooked(request, PACKET.KERNEL), _context=self._context).messages[0].summary())


def _made_out(message: RawMessage, request: RawMessage, port: int) -> bytes:
    """Return an answer with the sequence number of the request and the asking port, also in an echoed header."""
    data = bytearray(message.data)
    _OWNERS.pack_into(data, PLACE, request.seq, port)
    if message.number == NLMSG_ERROR and len(data) >= ECHOED + NLMSG_HDRLEN:
        _OWNERS.pack_into(data, ECHOED + PLACE, request.seq, request.port)
    return bytes(data)


def _refused(request: RawMessage, port: int, text: str = "") -> bytes:
    """Return the refusal of a kernel that lacks what is requested, with a text as its extended acknowledgement."""
    body = _ERROR.pack(-EOPNOTSUPP) + request.data
    if text:
        words = text.encode() + b"\0"
        body += bytes(-len(body) % 4) + STRUCT_NLATTR.pack(NLA_HDRLEN + len(words), NLMSGERR_ATTR_MSG) + words
    flags = NLM_F_ACK_TLVS if text else 0
    return STRUCT_NLMSGHDR.pack(NLMSG_HDRLEN + len(body), NLMSG_ERROR, flags, request.seq, port) + body
