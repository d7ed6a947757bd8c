"""Datagrams to send, from Python text or from a capture, and the answers recorded in that capture."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from nldissect.errors import NldissectError, print_notice
from nldissect.render.names import message_name
from nldissect.sockets import Exchange
from nldissect.sockets.exchange import BATCH
from nldissect.stream.frames import FrameStream
from nldissect.stream.pasted import PastedCapture
from nldissect.uapi import GENL_ID_CTRL, NLMSG_DONE, NLMSG_ERROR, SLL_HDR_LEN, sll_header
from nldissect.wire import NETLINK, Context, DecodedFrame, DecodedMessage, walk
from nldissect.wire.protocol import NLM_F, PACKET, TO_KERNEL, TO_USER

from .safety import asks, only_reads

NATIVE = "<" if sys.byteorder == "little" else ">"


@dataclass
class PlannedRequest:
    """One request: its place in the input, and the exchange that was recorded of it, if any."""

    walked: DecodedMessage
    place: str
    recorded: Exchange | None = None

    @property
    def name(self) -> str:
        """Name of the message."""
        return message_name(self.walked)


@dataclass
class PlannedDatagram:
    """The messages that are sent at once.

    families   by offset in `raw` of each nlmsg_type that is the id of a generic family, the family's name
    """

    protocol: int
    raw: bytes
    context: Context
    asked: list[PlannedRequest] = field(default_factory=list)
    families: dict[int, str] = field(default_factory=dict)

    def frame(self) -> DecodedFrame:
        """Return the datagram decoded as the frame that it would be in a capture."""
        return walk(self.cooked(PACKET.KERNEL) + self.raw, self.context)

    def cooked(self, kind: int) -> bytes:
        """Return the cooked header of a frame of the datagram's protocol; `kind` is its packet type."""
        return sll_header(kind, self.protocol)

    @property
    def changes(self) -> list[PlannedRequest]:
        """Requests of the datagram that may change something."""
        return [one for one in self.asked if not only_reads(one.walked)]


def open_datagram(protocol: int, raw: bytes, context: Context, place: str) -> PlannedDatagram:
    """Return a datagram from its bytes; NldissectError if they hold a message without nlmsghdr."""
    made = PlannedDatagram(protocol, raw, context)
    for walked in made.frame().messages:
        if not walked.has_header:
            raise NldissectError(f"{place} is no netlink message; begin it with nlmsghdr(...)/")
        made.asked.append(PlannedRequest(walked, place))
        if walked.family is not None and walked.number != GENL_ID_CTRL:
            made.families[walked.start - SLL_HDR_LEN + 4] = walked.family
    return made


def from_capture(source: PastedCapture, options: argparse.Namespace) -> list[PlannedDatagram]:
    """Return the datagrams of a capture that went to the kernel; those that can't be sent are named on stderr.

    NldissectError if there is none, or the capture is from a host of the other byte order.
    """
    capture = FrameStream(source, dict(options.families), options.order)
    found = _Recording()
    for seen in capture.frames():
        messages = [walked for _, walked, _ in seen.messages() if walked.has_header]
        asked = [walked for walked in messages if walked.direction == TO_KERNEL]
        if asked and asked[0].order != NATIVE:
            raise NldissectError(f"{capture.reader.name} is from a host of the other byte order; it can't be sent here")
        if any(walked.end - walked.start < walked.length for walked in asked):
            print_notice(f"frame {seen.number} is cut short; its request is not sent")
        elif asked:
            found.request(seen.number, asked)
        for walked in messages:
            if walked.direction == TO_USER:
                found.answer(walked)
    if cut := capture.finish():
        print_notice(cut)
    if not found.datagrams:
        raise NldissectError(f"{capture.reader.name} holds no request to the kernel; send needs one")
    return found.datagrams


class _Recording:
    """The requests of a capture, each with the answers that belong to it."""

    def __init__(self) -> None:
        self.datagrams: list[PlannedDatagram] = []
        self._open: list[tuple[PlannedRequest, Exchange]] = []
        self._ports: dict[int, int] = {}

    def request(self, number: int, asked: list[DecodedMessage]) -> None:
        """Add a frame with requests."""
        raw = b"".join(walked.data[walked.start : walked.end] + bytes(-walked.length % 4) for walked in asked)
        context = asked[0].context or Context()
        made = open_datagram(asked[0].protocol, raw, context, f"frame {number}")
        fresh = {(one.walked.protocol, one.walked.seq) for one in made.asked}
        self._open = [  # a request that nothing answers must not get the answers to a later one of that number
            (one, exchange)
            for one, exchange in self._open
            if is_answered(one) or (exchange.protocol, exchange.seq) not in fresh
        ]
        for one in made.asked:
            walked = one.walked
            exchange = Exchange(None, walked.data[walked.start : walked.end], walked.protocol)  # type: ignore[arg-type]
            one.recorded = exchange
            self._open.append((one, exchange))
        self.datagrams.append(made)

    def answer(self, walked: DecodedMessage) -> None:
        """Add a message to user space to the oldest open request with its number, from one port only."""
        for place, (asked, exchange) in enumerate(self._open):
            port = self._ports.get(id(exchange), walked.pid)
            if exchange.seq != walked.seq or exchange.protocol != walked.protocol or port != walked.pid:
                continue
            closing = walked.number in (NLMSG_ERROR, NLMSG_DONE)
            if not closing and not _is_shown_things(asked.walked):
                continue  # a notification of the change, sent to listeners
            self._ports[id(exchange)] = walked.pid
            exchange.take(walked.number, walked.flags, walked)
            if exchange.complete:
                del self._open[place]
            return


def _is_shown_things(walked: DecodedMessage) -> bool:
    """Return whether a request is answered with more than an ack."""
    bracket = walked.protocol == NETLINK.NETFILTER and walked.number in BATCH
    return bool(walked.flags & NLM_F.ECHO) or ((asks(walked) or only_reads(walked)) and not bracket)


def is_answered(asked: PlannedRequest) -> bool:
    """Return whether the kernel answers a request that it takes."""
    walked = asked.walked
    return bool(walked.flags & NLM_F.ACK) or _is_shown_things(walked)


def said_anything(asked: PlannedRequest) -> bool:
    """Return whether a recording holds the end of an exchange, answers, or an exchange that has none."""
    exchange = asked.recorded
    return exchange is not None and (exchange.complete or bool(exchange.answers) or not is_answered(asked))


def recorded_answers(asked: PlannedRequest) -> Iterator[DecodedMessage]:
    """Yield the recorded answers to a request, see `answers`."""
    exchange = asked.recorded
    if exchange is not None:
        yield from answers(exchange)


def answers(exchange: Exchange) -> Iterator[DecodedMessage]:
    """Yield the answers of an exchange; an ack or the end of a dump only if it is an error, or the only answer."""
    yield from exchange.answers
    if exchange.ack is not None and (not exchange.answers or failed(exchange.ack)):
        yield exchange.ack


def failed(walked: DecodedMessage) -> bool:
    """Return whether a message that closes an exchange reports an error."""
    error = walked.find("error")
    return error is not None and bool(error.value)
