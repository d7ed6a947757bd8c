"""Body of `nldissect send`: shows the requests, asks before a change, sends them, compares and shows the answers."""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from typing import Any, TextIO

from nldissect.capfile import NETLINK, Interface, Record
from nldissect.capfile.byte_source import GZIP, ZSTD, one_line
from nldissect.capfile.pcap import is_pcap
from nldissect.capfile.pcapng import is_pcapng
from nldissect.columns.names.lookahead import families_in
from nldissect.errors import NetlinkError, NldissectError, print_notice
from nldissect.families.answer_rules import RULES
from nldissect.render.printer import Printer
from nldissect.request_tracker import RequestTracker
from nldissect.sockets import Exchange, NetlinkSocket
from nldissect.stream.frames import StreamFrame, frame_with_requests
from nldissect.stream.message_contexts import MessageContextBuilder, filter_frame
from nldissect.stream.pasted import NamedBytes, PastedCapture, protocol_number
from nldissect.wire import Context, DecodedMessage, walk
from nldissect.wire.decode.acks import observe
from nldissect.wire.protocol import PACKET

from ..exit_status import DONE, INCOMPLETE
from ..reading import check_display_options, requested_filter
from .compare_answers import compare
from .requests import (
    PlannedDatagram,
    PlannedRequest,
    answers,
    from_capture,
    is_answered,
    recorded_answers,
    said_anything,
)

SILENCE = 0.3
"""Seconds to wait for an error where no other answer is to come."""
INTERFACE = Interface(NETLINK, 0, 6, None, "little" if sys.byteorder == "little" else "big")


def send(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    check_display_options(options)
    sender = Sender(options)
    datagrams = sender.wanted(_datagrams(options, sender))
    changes = [asked for one in datagrams for asked in one.changes]
    if options.dry_run:
        return sender.show_only(datagrams, changes)
    if changes and not options.yes:
        _confirm(changes, sum(len(one.asked) for one in datagrams), options)
    return sender.run(datagrams)


def _datagrams(options: argparse.Namespace, sender: Sender) -> list[PlannedDatagram]:
    what = options.what
    protocol = None if options.protocol is None else protocol_number(options.protocol)
    if what != "-" and not os.path.exists(what):
        if "(" not in what and "[" not in what:
            raise NldissectError(f"{what!r} is no file and no expression, like nlmsghdr(nlmsg_type=...)/ifinfomsg()")
        return _evaluated(what, protocol, sender)
    name, raw = _read(what)
    if is_pcap(raw) or is_pcapng(raw) or raw.startswith((GZIP, ZSTD)):
        stream = NamedBytes(raw)
        stream.name = name
        return from_capture(PastedCapture(stream, families_in(io.BytesIO(raw))), options)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise NldissectError(f"{name} is neither a capture nor text") from None
    return _evaluated(text, protocol, sender)


def _evaluated(text: str, protocol: int | None, sender: Sender) -> list[PlannedDatagram]:
    from .expressions import from_text  # which loads every table

    return from_text(text, protocol, sender.genl)


def _read(path: str) -> tuple[str, bytes]:
    if path == "-":
        return "standard input", sys.stdin.buffer.read()
    try:
        with open(path, "rb") as file:
            return one_line(path), file.read()
    except OSError as error:
        raise NldissectError(f"can't read {one_line(path)}: {error.strerror}") from None


def _confirm(changes: list[PlannedRequest], total: int, options: argparse.Namespace) -> None:
    """Ask on the terminal whether to send; NldissectError if there is no terminal, or the answer is no."""
    where = f"network namespace {options.netns}" if options.netns else "this host"
    first = ", ".join(dict.fromkeys(one.name for one in changes))
    what = f"{len(changes)} of {total} requests may change {where} ({first if len(first) < 80 else first[:77] + '...'})"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise NldissectError(f"{what}; look with --dry-run, then send with --yes")
    print_notice(what)
    print("Send? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise NldissectError("nothing was sent")


class Recorder(NetlinkSocket):
    """A socket that keeps what it sends and receives as frames, with times in nanoseconds since 1970."""

    heard: list[tuple[int, bytes]]

    def _send(self, raw: bytes, port: int, group: int | str) -> int:
        self.heard.append((time.time_ns(), self._cooked(PACKET.KERNEL) + raw))
        return super()._send(raw, port, group)

    def _sort(self, datagram: Any, exchanges: list[Exchange], walked: bool) -> None:
        self.heard.append((int(datagram.time * 1e9), self._captured(datagram)))
        super()._sort(datagram, exchanges, walked)


class Sender:
    """The sockets, one a protocol, and the display of their frames."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.context = Context()
        self.filter = requested_filter(options)
        self.number = 0
        self._sockets: dict[int, Recorder] = {}
        self._requests = RequestTracker[DecodedMessage](RULES)

    def socket(self, protocol: int) -> Recorder:
        """Return the socket of a protocol; it is opened at the first call."""
        if protocol not in self._sockets:
            made = self._sockets[protocol] = Recorder(protocol, context=self.context)
            made.heard = []
        return self._sockets[protocol]

    def genl(self, family: str, command: str | int, body: Any = (), **fields: Any) -> Any:
        """Return a request to a generic family of this host: `genl("ethtool", "RINGS_GET", [...])`."""
        generic = self.socket(16)
        made = generic.genl(family, command, body, **fields)
        generic.heard.clear()
        return made

    def wanted(self, datagrams: list[PlannedDatagram]) -> list[PlannedDatagram]:
        """Return the datagrams that pass -Y; NldissectError if none does."""
        if self.filter is None:
            return datagrams
        kept = [
            one
            for one in datagrams
            if filter_frame(self.filter, self._seen(one.frame(), None), MessageContextBuilder())
        ]
        if not kept:
            raise NldissectError("no request passes -Y; see them all with --dry-run")
        return kept

    def _seen(self, frame: Any, when: int | None) -> StreamFrame:
        self.number += 1
        record = Record(self.number, when, frame.data, len(frame.data), INTERFACE)
        prior = [observe(self._requests, self.number, walked) for walked in frame.messages]
        return frame_with_requests(self.number, record, frame, prior)

    def show_only(self, datagrams: list[PlannedDatagram], changes: list[PlannedRequest]) -> int:
        """Print the datagrams without sending them (--dry-run); return the exit status."""
        self.number = 0
        with Printer(self.options) as printer:
            for one in datagrams:
                printer.show(self._seen(one.frame(), None))
        count = sum(len(one.asked) for one in datagrams)
        sys.stdout.flush()
        print_notice(f"nothing sent; {len(changes)} of {count} requests may change something")
        return DONE

    def run(self, datagrams: list[PlannedDatagram]) -> int:
        """Send one datagram after the other; return the exit status."""
        self.number = 0
        tally = AnswerTally()
        with Printer(self.options, live=True) as printer:
            for one in datagrams:
                exchanges = self._ask(one, printer)
                for asked, exchange in zip(one.asked, exchanges, strict=False):
                    if asked.recorded is not None and said_anything(asked):
                        tally.take(asked, [] if exchange is None else list(answers(exchange)))
                        tally.failed += exchange is None
                    else:
                        tally.failed += self._failed(asked, exchange)
        if tally.compared:
            tally.tell(sys.stdout if self.options.format == "text" else sys.stderr)
        return INCOMPLETE if tally.failed or tally.same < tally.compared else DONE

    def _ask(self, one: PlannedDatagram, printer: Printer) -> list[Exchange | None]:
        """Send a datagram and print its frames; return its exchanges, None for each request if it could not be sent."""
        patience = self.options.timeout if any(map(is_answered, one.asked)) else min(SILENCE, self.options.timeout)
        try:
            socket = self.socket(one.protocol)
            raw = self._resolved(one, socket)
            socket.heard.clear()
            found: list[Exchange | None] = list(socket.ask(raw, timeout=patience, walked=True))
        except NetlinkError as error:
            self._say(one.asked[0], str(error))
            return [None] * len(one.asked)
        for when, data in socket.heard:
            printer.show(self._seen(walk(data, self.context), when))
        return found

    def _resolved(self, one: PlannedDatagram, socket: Recorder) -> bytes:
        """Return the bytes of a datagram with the ids that this kernel has for generic families."""
        raw = bytearray(one.raw)
        for place, family in one.families.items():
            number = socket.families.id(family)
            self.context.learn("genl", number, family)
            raw[place : place + 2] = number.to_bytes(2, sys.byteorder)
        return bytes(raw)

    def _failed(self, asked: PlannedRequest, exchange: Exchange | None) -> bool:
        """Return whether a request was refused, or got no answer that it wants; a missing answer is reported."""
        if exchange is None or exchange.error is not None:
            return True
        if not exchange.expects or exchange.complete:
            return False
        if is_answered(asked):
            self._say(asked, f"no answer within {self.options.timeout:g} s")
            return True
        self._say(asked, "no error came; it asks for no ack (NLM_F_ACK)")
        return False

    @staticmethod
    def _say(asked: PlannedRequest, text: str) -> None:
        sys.stdout.flush()
        print_notice(f"{asked.place}, {asked.name}: {text}")


class AnswerTally:
    """The numbers of requests and answers that are as recorded, and the differences of the others."""

    def __init__(self) -> None:
        self.compared = self.same = self.answers = self.equal = self.failed = 0
        self.lines: list[str] = []

    def take(self, asked: PlannedRequest, here: list[DecodedMessage]) -> None:
        """Compare the answers to one request with the recorded ones."""
        found = compare(list(recorded_answers(asked)), here)
        self.compared += 1
        self.same += not found.differences
        self.answers += found.recorded
        self.equal += found.equal
        if found.differences:
            self.lines.append(f"{asked.place}, {asked.name}: {found.equal} of {found.recorded} answers as recorded")
            self.lines += [f"    {line}" for line in found.differences]

    def tell(self, out: TextIO) -> None:
        """Print the differences and the numbers."""
        for line in self.lines:
            print(line, file=out)
        requests = f"{self.same} of {self.compared} requests were answered as recorded"
        print(f"{requests}; {self.equal} of {self.answers} answers are equal", file=out)
