"""What is to be sent: datagrams, from Python text or from a capture, and what a capture's kernel answered to them."""

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
    """One request: where it stands, and what was answered when it was recorded."""

    walked: DecodedMessage
    place: str
    recorded: Exchange | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return message_name(self.walked)


@dataclass
class PlannedDatagram:
    """What is sent at once.

    families   places of types that are ids of generic families, and the families' names
    """

    protocol: int
    raw: bytes
    context: Context
    asked: list[PlannedRequest] = field(default_factory=list)
    families: dict[int, str] = field(default_factory=dict)

    def frame(self) -> DecodedFrame:
        """As it would stand in a capture."""
        return walk(self.cooked(PACKET.KERNEL) + self.raw, self.context)

    def cooked(self, kind: int) -> bytes:
        """The cooked header of a frame of its protocol."""
        return sll_header(kind, self.protocol)

    @property
    def changes(self) -> list[PlannedRequest]:
        """Those of its requests that may change something."""
        return [one for one in self.asked if not only_reads(one.walked)]


def open_datagram(protocol: int, raw: bytes, context: Context, place: str) -> PlannedDatagram:
    """A datagram from its bytes."""
    made = PlannedDatagram(protocol, raw, context)
    for walked in made.frame().messages:
        if not walked.has_header:
            raise NldissectError(f"{place} is no netlink message; begin it with nlmsghdr(...)/")
        made.asked.append(PlannedRequest(walked, place))
        if walked.family is not None and walked.number != GENL_ID_CTRL:
            made.families[walked.start - SLL_HDR_LEN + 4] = walked.family
    return made


def from_capture(source: PastedCapture, options: argparse.Namespace) -> list[PlannedDatagram]:
    """The datagrams of a capture that went to the kernel; those that can't be sent are named on stderr."""
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
    """Gives answers to the requests they belong to."""

    def __init__(self) -> None:
        self.datagrams: list[PlannedDatagram] = []
        self._open: list[tuple[PlannedRequest, Exchange]] = []
        self._ports: dict[int, int] = {}

    def request(self, number: int, asked: list[DecodedMessage]) -> None:
        """A frame with requests."""
        raw = b"".join(walked.data[walked.start : walked.end] + bytes(-walked.length % 4) for walked in asked)
        context = asked[0].context or Context()
        made = open_datagram(asked[0].protocol, raw, context, f"frame {number}")
        fresh = {(one.walked.protocol, one.walked.seq) for one in made.asked}
        self._open = [  # a request that nothing answers does not take what a later one of that number is told
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
        """A message to user space: the oldest open request with its number has it, from one port only."""
        for place, (asked, exchange) in enumerate(self._open):
            port = self._ports.get(id(exchange), walked.pid)
            if exchange.seq != walked.seq or exchange.protocol != walked.protocol or port != walked.pid:
                continue
            closing = walked.number in (NLMSG_ERROR, NLMSG_DONE)
            if not closing and not _is_shown_things(asked.walked):
                continue  # what the change made the kernel tell its listeners
            self._ports[id(exchange)] = walked.pid
            exchange.take(walked.number, walked.flags, walked)
            if exchange.complete:
                del self._open[place]
            return


def _is_shown_things(walked: DecodedMessage) -> bool:
    """Whether a request is answered with more than an ack."""
    bracket = walked.protocol == NETLINK.NETFILTER and walked.number in BATCH
    return bool(walked.flags & NLM_F.ECHO) or ((asks(walked) or only_reads(walked)) and not bracket)


def is_answered(asked: PlannedRequest) -> bool:
    """Whether the kernel says something to a request that it takes."""
    walked = asked.walked
    return bool(walked.flags & NLM_F.ACK) or _is_shown_things(walked)


def said_anything(asked: PlannedRequest) -> bool:
    """Whether a recording holds the end of an exchange, or an exchange that has no answer."""
    exchange = asked.recorded
    return exchange is not None and (exchange.complete or bool(exchange.answers) or not is_answered(asked))


def recorded_answers(asked: PlannedRequest) -> Iterator[DecodedMessage]:
    """What was answered, and the message that closed the exchange, if that says anything."""
    exchange = asked.recorded
    if exchange is not None:
        yield from answers(exchange)


def answers(exchange: Exchange) -> Iterator[DecodedMessage]:
    """What was answered; an ack or the end of a dump only where it is an error, or all there is."""
    yield from exchange.answers
    if exchange.ack is not None and (not exchange.answers or failed(exchange.ack)):
        yield exchange.ack


def failed(walked: DecodedMessage) -> bool:
    """Whether a message that closes an exchange tells of an error."""
    error = walked.find("error")
    return error is not None and bool(error.value)
